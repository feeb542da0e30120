package entry

import (
	"context"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/onboarding/control"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// SendCode sends a code to the certified mail of the body; the one before ends. Errors: problem.Conflict when a step is
// missing, the answers are no longer those of seen, or the body is there already; problem.Forbidden for who did not begin
// the entry, and where somebody has to look at it first; problem.TooMany when the codes of the day have been sent.
func (v *Service) SendCode(ctx context.Context, s tenants.Scope, id uuid.UUID, seen Mark) error {
	read, err := v.Get(ctx, s, id)
	if err != nil {
		return err
	}
	if read.State == Open && read.Starter {
		there, err := v.holds(ctx, identity{belfiore: read.Belfiore, ipa: read.IPA(), pec: read.Contact.PEC, taxCode: read.Other.TaxCode})
		if err != nil {
			return err
		}
		if there != nil {
			return v.refused(ctx, s, id, taken, problem.New(problem.Conflict, "onboarding.error.taken", "name", there.name))
		}
	}
	_, err = v.deciding(ctx, s, id, func(tx tenants.Tx, e Entry) error {
		if e.State != Open {
			return e.fixed()
		}
		if err := v.provable(e, seen); err != nil {
			return err
		}
		code, until, err := control.Issue(ctx, tx, v.deps.Platform.Seal, control.Asked{Entry: id, Answers: string(seen), Address: e.Contact.PEC})
		if err != nil {
			return err
		}
		if err := v.deps.Platform.Mail.Post.Queue(ctx, tx, v.letter(s, e, code, until)); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "entry.code", Object: id})
	})
	return err
}

// letter asks the body whether somebody enters in its name. It goes to an office, and is in Italian.
func (v *Service) letter(s tenants.Scope, e Entry, code string, until time.Time) modules.Mail {
	return modules.Mail{
		Account: s.Account, Template: "onboarding.mail.code", Address: e.Contact.PEC, Language: language.Italian,
		Values: map[string]string{
			"code": code, "until": until.In(language.Rome).Format("02/01/2006 15:04"), "platform": v.deps.Platform.Mail.Base,
			"body": e.Name(), "contact": e.Contact.Name, "position": e.Contact.Position, "email": e.Contact.Email,
			"act": e.Contact.ActNumber, "day": italianDay(e.Contact.ActDate),
		},
	}
}

// provable tells why control of the body cannot be proven yet.
func (v *Service) provable(e Entry, seen Mark) error {
	switch {
	case !e.Ready():
		return problem.New(problem.Conflict, "onboarding.error.incomplete")
	case e.Mark() != seen:
		return problem.New(problem.Conflict, changedKey)
	case v.unreviewed(e):
		return problem.New(problem.Forbidden, "onboarding.error.reviewed")
	}
	return nil
}

// unreviewed tells whether somebody of the platform has still to look at act and address: always where the deployment says
// so and of a body that no register knows, else where the certified mail does not look like the body's own.
func (v *Service) unreviewed(e Entry) bool {
	m, chosen := e.Municipality()
	return e.Review != "yes" && (v.deps.Platform.Reviewed || !chosen || !control.OfMunicipality(e.Contact.PEC, m))
}

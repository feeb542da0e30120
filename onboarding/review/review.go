// Package review is how people of the platform look at entries before a code goes out: at the act, and at certified mail that
// does not look like the body's own. It must not change what an entry says, nor make a body.
package review

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/policies/audit"
	"staffetta/tenants"
	"staffetta/tenants/register"
)

// Permission lets people of the platform look at entries and judge them.
const Permission = "entry:review"

// Verdict is what a reviewer says of an entry.
type Verdict string

// The verdicts; an entry that waits has none.
const (
	Yes Verdict = "yes"
	No  Verdict = "no"
)

// Entry is one that asks to be looked at (it: ingresso da verificare).
type Entry struct {
	ID        uuid.UUID
	Belfiore  string
	Kind      tenants.Kind // Municipality, or what it is declared to be
	Own       string       // name of a body that is no municipality
	TaxCode   string       // of such a body
	Deed      string       // name of the file with its act
	IPA       string
	Name      string // of the contact, by the login
	Position  string
	Email     string
	Phone     string
	ActNumber string
	ActDate   string // yyyy-mm-dd
	PEC       string
	AskedAt   time.Time
	Verdict   Verdict // "" while it waits
	Reason    string
	Reviewer  string
	JudgedAt  time.Time // zero while it waits
}

// Municipality is the body that enters.
func (e Entry) Municipality() (register.Municipality, error) { return register.ByBelfiore(e.Belfiore) }

// Body is how the body that enters is called.
func (e Entry) Body() string {
	if m, err := e.Municipality(); err == nil {
		return "Comune di " + m.Name
	}
	return e.Own
}

// Service judges entries.
type Service struct {
	deps modules.Deps
}

// NewService makes the service.
func NewService(deps modules.Deps) *Service { return &Service{deps: deps} }

// Find lists the entries that wait, the oldest first, and after them the last that were judged.
func (v *Service) Find(ctx context.Context, s tenants.Scope) ([]Entry, error) {
	return v.findEntries(ctx, s)
}

// Get returns an entry that waits or was judged, or problem.NotFound.
func (v *Service) Get(ctx context.Context, s tenants.Scope, id uuid.UUID) (Entry, error) {
	return v.getEntry(ctx, s, id)
}

const maxReason = 1000

// Judge says yes or no to an entry and tells who asked. Errors: problem.Invalid at "verdict" or "reason"; problem.NotFound for
// one that never asked; problem.Forbidden for who has a part in it; problem.Conflict when somebody has judged it, or it changed.
func (v *Service) Judge(ctx context.Context, s tenants.Scope, id uuid.UUID, verdict Verdict, reason string) error {
	var faults problem.Fields
	if verdict != Yes && verdict != No {
		faults.Add("verdict", "web.field.choice")
	}
	reason = strings.TrimSpace(reason)
	faults.Reason("reason", reason, maxReason)
	if err := faults.Err(); err != nil {
		return err
	}
	e, err := v.getEntry(ctx, s, id)
	if err != nil {
		return err
	}
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		starter, err := judge(ctx, tx, judgement{entry: id, verdict: verdict, reason: reason, reviewer: s.Name})
		if err != nil {
			return err
		}
		if starter == uuid.Nil {
			return problem.New(problem.Conflict, "onboarding.review.late")
		}
		if err := v.deps.Platform.Mail.Post.Queue(ctx, tx, v.letter(e, starter, verdict, reason)); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "entry.review", Object: id, Payload: map[string]any{"verdict": string(verdict), "reason": reason}})
	})
}

// letter tells who asked what was decided, and why.
func (v *Service) letter(e Entry, starter uuid.UUID, verdict Verdict, reason string) modules.Mail {
	return modules.Mail{
		Account: starter, Template: "onboarding.mail.review_" + string(verdict), Address: e.Email, Language: language.Italian,
		Values: map[string]string{"body": e.Body(), "reason": reason, "entry": v.deps.Platform.Mail.Base + "/attivazione/" + e.ID.String() + "/verifica"},
	}
}

// File is an act with its content.
type File struct {
	Name, MediaType string
	Content         []byte
	At              time.Time
}

// ReadDeed returns the act of a body that is no municipality, and writes down that it was read. Error: problem.NotFound.
func (v *Service) ReadDeed(ctx context.Context, s tenants.Scope, id uuid.UUID) (File, error) {
	f, sum, err := v.getDeed(ctx, s, id)
	if err != nil {
		return File{}, err
	}
	if f.Content, err = v.deps.Platform.Files.Get(ctx, s.Tenant, sum); err != nil {
		return File{}, err
	}
	return f, v.deps.Audit.Record(ctx, s, audit.Event{Action: "entry.read_deed", Object: id})
}

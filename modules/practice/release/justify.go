package release

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/practice/finding"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

const mayPublish = "practice:publish"

// Justify notes why a finding may stand. Until a second person confirms it, the finding stays open. Whether a name may stand is
// for who may see persons. Errors: problem.Invalid without a reason, problem.NotFound, problem.Forbidden for a name whose place
// the actor may not know.
func (v *Service) Justify(ctx context.Context, s tenants.Scope, id uuid.UUID, of, reason string) error {
	return v.settle(ctx, s, settlement{kit: id, finding: of, reason: reason, action: "kit.justify", settle: func(f *finding.Finding, why finding.Justification) error {
		f.Justify(why)
		return nil
	}})
}

// Confirm notes that a second person agrees with the reason that they read: then the finding is cleared. Its errors are those
// of Justify, problem.Forbidden for who gave the reason, and problem.Conflict where it is another one by now.
func (v *Service) Confirm(ctx context.Context, s tenants.Scope, id uuid.UUID, of, reason string) error {
	return v.settle(ctx, s, settlement{kit: id, finding: of, reason: reason, action: "kit.confirm", settle: (*finding.Finding).Confirm})
}

// settlement is what one of the two people says of a finding.
type settlement struct {
	kit             uuid.UUID
	finding, reason string
	action          string
	settle          func(*finding.Finding, finding.Justification) error
}

func (v *Service) settle(ctx context.Context, s tenants.Scope, w settlement) error {
	w.reason = strings.TrimSpace(w.reason)
	var wrong problem.Fields
	wrong.Require("reason", w.reason)
	wrong.MaxLength("reason", w.reason, 500)
	if err := wrong.Err(); err != nil {
		return err
	}
	report, err := v.readReport(ctx, s, w.kit)
	if err != nil {
		return err
	}
	f, err := v.settled(s, report, w.finding)
	if err != nil {
		return err
	}
	texts, err := textsOf(report)
	if err != nil {
		return err
	}
	if err := w.settle(f, finding.Justification{
		Account: s.Account, Name: s.Name, Reason: w.reason, At: time.Now().UTC(), Of: f.Of(finding.Digests(texts)),
	}); err != nil {
		return err
	}
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if err := saveCheck(ctx, tx, report.Kit); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: w.action, Object: w.kit, Payload: map[string]any{"finding": w.finding, "reason": w.reason}})
	})
}

// settled is the finding of a draft that somebody lets stand, if they may know of it.
func (v *Service) settled(s tenants.Scope, report Report, id string) (*finding.Finding, error) {
	if id == finding.Names {
		return nil, problem.New(problem.Forbidden, "practice.finding.names")
	}
	at := slices.IndexFunc(report.Kit.Findings, func(f finding.Finding) bool { return f.ID == id })
	if at < 0 || report.Kit.State != Draft || report.Kit.Findings[at].OfRegistry() && !v.seesPersons(s) {
		return nil, problem.Missing()
	}
	return &report.Kit.Findings[at], nil
}

// Duties are the findings whose reason waits for a second person: for everybody who may publish but who gave the reason.
func (v *Service) Duties() []modules.DutySource {
	return []modules.DutySource{{Permission: mayPublish, Topics: []string{"practice.kits"}, Find: func(ctx context.Context, s tenants.Scope) ([]modules.Duty, error) {
		kits, err := v.findJustified(ctx, s)
		if err != nil {
			return nil, err
		}
		var list []modules.Duty
		for _, k := range kits {
			if duty, asked := v.secondOf(s, k); asked {
				list = append(list, duty)
			}
		}
		return list, nil
	}}}
}

// secondOf is what a draft kit asks of the actor as the second person.
func (v *Service) secondOf(s tenants.Scope, k draftKit) (modules.Duty, bool) {
	n := 0
	duty := modules.Duty{Title: k.Title.It + " " + k.Release, Path: checkURL(k.Practice, k.ID)}
	for _, f := range k.Findings {
		if !f.AwaitsSecond(s.Account) || f.OfRegistry() && !v.seesPersons(s) {
			continue
		}
		n++
		if f.Justified.At.After(duty.Since) {
			duty.Since = f.Justified.At
		}
	}
	duty.Label = language.M("practice.duty.second", "n", n)
	return duty, n > 0
}

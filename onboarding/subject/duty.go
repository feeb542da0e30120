package subject

import (
	"context"
	"time"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/tenants"
)

// Duties tell who handles requests what is to be answered, and until when, who hands copies over
// which are ready, and who may correct the registry what people asked to be corrected.
func Duties(v *Service) []modules.DutySource {
	return []modules.DutySource{{Permission: Handle, Find: func(ctx context.Context, s tenants.Scope) (duties []modules.Duty, err error) {
		err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
			n, _, first, err := countOpen(ctx, tx, language.Day(time.Now()))
			if err == nil && n > 0 {
				duties = []modules.Duty{{Label: language.M("onboarding.subject.duty", "n", n), Path: at, Due: first}}
			}
			return err
		})
		return duties, err
	}}, {Permission: Fetch, Find: func(ctx context.Context, s tenants.Scope) (duties []modules.Duty, err error) {
		err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
			n, err := countWaiting(ctx, tx)
			if err == nil && n > 0 {
				duties = []modules.Duty{{Label: language.M("onboarding.subject.duty_copy", "n", n), Path: at}}
			}
			return err
		})
		return duties, err
	}}, {Permission: Register, Find: func(ctx context.Context, s tenants.Scope) (duties []modules.Duty, err error) {
		if !v.deps.Permits(s, "person:write") { // of the registry, which the program may not have: it cannot be the permission of the source
			return nil, nil
		}
		err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
			found, err := findToCorrect(ctx, tx)
			for _, r := range found {
				duties = append(duties, modules.Duty{Label: language.M("onboarding.subject.duty_correct", "number", r.Number), Path: "/persone/" + r.Person.String(), Due: r.DueOn, Since: r.RegisteredAt})
			}
			return err
		})
		return duties, err
	}}}
}

// Checks tell on the console when a term is over.
func Checks(v *Service) []modules.Check {
	return []modules.Check{{
		Title: "onboarding.subject.check", Chapter: modules.LegalChapter, Path: at, Permission: Read,
		Find: func(ctx context.Context, s tenants.Scope) (found modules.Finding, err error) {
			err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
				_, late, _, err := countOpen(ctx, tx, language.Day(time.Now()))
				found = modules.Finding{State: modules.Met}
				if late > 0 {
					found = modules.Finding{State: modules.Wrong, Text: language.M("onboarding.subject.late", "n", late)}
				}
				return err
			})
			return found, err
		},
	}}
}

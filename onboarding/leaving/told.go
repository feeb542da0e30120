package leaving

import (
	"context"
	"time"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/tenants"
)

// Notices tell everybody who works at a body that it leaves, as known some seconds ago: no page waits for it.
func (v *Service) Notices(ctx context.Context, body int32) []modules.Notice {
	due, leaves := v.days.Get(ctx)[body]
	if !leaves {
		return nil
	}
	return []modules.Notice{{Text: language.Say(ctx, language.M("onboarding.leaving.notice", "day", day(due)))}}
}

// forgetDays has the next page read again who leaves.
func (v *Service) forgetDays(context.Context) error {
	v.days.Forget()
	return nil
}

func (v *Service) findDays(ctx context.Context) (map[int32]time.Time, error) {
	platform, _, err := v.deps.Bodies.BySlug(tenants.PlatformSlug)
	if err != nil {
		return nil, err
	}
	days := map[int32]time.Time{}
	err = v.deps.DB.InTx(ctx, tenants.Scope{Tenant: platform.ID}, func(tx tenants.Tx) error {
		leaving, err := findDepartures(ctx, tx)
		for _, one := range leaving {
			days[one.Body] = one.At
		}
		return err
	})
	return days, err
}

// Checks tell in the console that the body leaves, or that somebody asked for it.
func Checks(v *Service) []modules.Check {
	return []modules.Check{{
		Title: "onboarding.leaving.check", Chapter: modules.LegalChapter, Path: at, Permission: Read,
		Find: func(ctx context.Context, s tenants.Scope) (found modules.Finding, err error) {
			var history []Leaving
			err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
				history, err = findLeavings(ctx, tx)
				return err
			})
			l := Outlook{History: history}.Current()
			switch {
			case err != nil || l == nil:
				return modules.Finding{State: modules.Met}, err
			case l.State == Agreed:
				return modules.Finding{State: modules.Wrong, Text: language.M("onboarding.leaving.agreed", "at", instant(*l.DueAt))}, nil
			default:
				// Who asked stands on the page: support reads the console, and nobody's name.
				return modules.Finding{Text: language.M("onboarding.leaving.check_asked", "at", instant(l.AskedAt))}, nil
			}
		},
	}}
}

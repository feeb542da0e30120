package privacy

import (
	"context"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/onboarding/privacy/paper"
	"staffetta/tenants"
)

// Checks tell whether people can read what the body does with their data, and whom to ask. Only that is required before it goes live;
// the other documents are the body's own duty towards the authority.
func Checks(v *Service) []modules.Check {
	check := func(title, path, permission string, required bool, find func(Board) modules.Finding) modules.Check {
		return modules.Check{
			Title: title, Chapter: modules.LegalChapter, Path: path, Permission: permission, Required: required,
			Find: func(ctx context.Context, s tenants.Scope) (modules.Finding, error) {
				b, err := v.Find(ctx, s)
				if err != nil {
					return modules.Finding{}, err
				}
				return find(b), nil
			},
		}
	}
	all := []modules.Check{check("onboarding.privacy.check.dpo", at+"/dati/chi", Write, true, func(b Board) modules.Finding {
		if missing := b.Paper(paper.Notice).Draft.Missing; len(missing) > 0 {
			return modules.Finding{Text: missing[0], Path: mendedAt[missing[0].Key]}
		}
		return modules.Finding{State: modules.Met}
	})}
	for _, kind := range []paper.Kind{paper.Notice, paper.Register, paper.Assessment} {
		all = append(all, check("onboarding.privacy.check."+string(kind), pathOf(kind), Read, kind == paper.Notice, func(b Board) modules.Finding { return b.Paper(kind).finding() }))
	}
	return append(all, modules.Check{
		Title: "onboarding.privacy.check.processor", Chapter: modules.LegalChapter, Path: pathOf(paper.Contract), Permission: Read,
		Find: func(ctx context.Context, s tenants.Scope) (modules.Finding, error) {
			b, err := v.Find(ctx, s)
			if err == nil && b.Paper(paper.Contract).Published != nil {
				return b.Paper(paper.Contract).finding(), nil
			}
			return modules.Finding{State: modules.Met}, err // nobody need publish it: once it is, it is to be kept up to date
		},
	})
}

// mendedAt are the pages where what a document misses is written, by the message that says it; "" for nowhere in the body.
var mendedAt = map[string]string{
	"onboarding.privacy.missing.controller": "/console/identita",
	"onboarding.privacy.missing.dpo":        at + "/dati/chi",
}

// finding says in a sentence how a document stands.
func (p Paper) finding() modules.Finding {
	switch {
	case p.UpToDate():
		return modules.Finding{State: modules.Met}
	case p.Proposed != nil:
		return modules.Finding{Text: language.M("onboarding.privacy.state.waiting")}
	case p.Published != nil:
		return modules.Finding{Stale: true, Text: language.M("onboarding.privacy.state.changed")}
	default:
		return modules.Finding{Text: language.M("onboarding.privacy.state.never")}
	}
}

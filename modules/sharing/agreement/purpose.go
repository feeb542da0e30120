package agreement

import (
	"context"
	"slices"
	"strings"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/policies"
	"staffetta/tenants"
)

// Purpose is a purpose for which cases may be shown, as an agreement names it.
type Purpose struct {
	Key       string
	Label     language.Text
	Emergency bool     // it serves access in an emergency
	Sections  []string // the least that it needs, of those that the body ever shows
	Shares    bool     // cases are shared for it
	Writes    bool     // and only where the other body also writes
}

// Serves tells whether what an agreement opens lets cases be shared for the purpose: some of what it needs is shown, and
// written in where it is joint care.
func (p Purpose) Serves(sections, writable []string) bool {
	needed := func(section string) bool { return slices.Contains(p.Sections, section) }
	return !p.Shares || slices.ContainsFunc(sections, needed) && (!p.Writes || len(writable) > 0)
}

// LabelOf is the name of a purpose for people, or its key where the body does not know it.
func LabelOf(purposes []Purpose, key string) language.Text {
	for _, one := range purposes {
		if one.Key == key {
			return one.Label
		}
	}
	return language.Text{It: key, En: key}
}

// Terms are what the body's own rules say of what it shows to others.
type Terms struct {
	Purposes []Purpose
	Never    []string // sections that it shows to nobody, for whatever purpose
}

// Closed are the sections that would be in an agreement for nothing: the actor's body is to show them by its directions, and
// never does. What another body shows is ruled by that one.
func (t Terms) Closed(own int32, edges []policies.Edge) []string {
	if len(edges) > 0 && !slices.ContainsFunc(edges, func(e policies.Edge) bool { return e.From == own }) {
		return nil
	}
	return t.Never
}

// check says which sections could never be shown, and which purposes never served by what the agreement opens.
func (t Terms) check(ctx context.Context, scope tenants.Scope, p policies.Proposal, fields *problem.Fields) {
	if len(p.Sections) == 0 {
		return
	}
	closed := slices.DeleteFunc(slices.Clone(p.Sections), func(id string) bool { return !slices.Contains(t.Closed(scope.Tenant, p.Edges), id) })
	if len(closed) > 0 {
		fields.Add("sezioni", "sharing.error.never_shown", "sections", sayAll(ctx, closed))
	}
	for _, one := range t.Purposes {
		switch {
		case !slices.Contains(p.Purposes, one.Key) || one.Serves(p.Sections, p.Writable):
		case one.Serves(p.Sections, p.Sections):
			fields.Add("scrittura", "sharing.error.purpose_writes", "purpose", one.Label.In(language.Of(ctx)))
		default:
			fields.Add("sezioni", "sharing.error.purpose_unserved", "purpose", one.Label.In(language.Of(ctx)), "sections", sayAll(ctx, one.Sections))
		}
	}
}

func sayAll(ctx context.Context, sections []string) string {
	labels := make([]string, len(sections))
	for i, id := range sections {
		labels[i] = language.SayText(ctx, policies.SectionLabel(id))
	}
	return strings.Join(labels, ", ")
}

// Terms are those of the actor's body.
func (s *Service) Terms(ctx context.Context, scope tenants.Scope) (Terms, error) {
	return s.terms(ctx, scope)
}

// Purposes are those of the actor's body, as an agreement names them.
func (s *Service) Purposes(ctx context.Context, scope tenants.Scope) ([]Purpose, error) {
	terms, err := s.terms(ctx, scope)
	return terms.Purposes, err
}

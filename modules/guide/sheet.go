package guide

import (
	"context"
	"slices"
	"strings"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/tenants"
)

// Sheet is the public sheet of a service (it: scheda di servizio).
type Sheet struct {
	Key   string
	Title language.Text
	kit.Service
}

// Query says which sheets to find; empty parts find all.
type Query struct {
	Text string // in title, summary, description, audience
	Area string // ISTAT area of the users
}

// Service reads the guide, and says what stands in it.
type Service struct {
	deps  modules.Deps
	items *kit.Items
}

// NewService makes the service.
func NewService(deps modules.Deps) *Service { return &Service{deps, kit.NewItems(deps)} }

// Find lists the sheets of the body that citizens see and that answer the query, by title, and the areas of all of them.
func (g *Service) Find(ctx context.Context, s tenants.Scope, q Query) (found []Sheet, areas []string, err error) {
	sheets, err := g.findSheets(ctx, s, "")
	if err != nil {
		return nil, nil, err
	}
	for _, sheet := range sheets {
		areas = append(areas, sheet.Codings.ISTAT...)
		if sheet.answers(q) {
			found = append(found, sheet)
		}
	}
	slices.Sort(areas)
	slices.SortStableFunc(found, func(a, b Sheet) int { return strings.Compare(strings.ToLower(a.Title.It), strings.ToLower(b.Title.It)) })
	return found, slices.Compact(areas), nil
}

// Get returns a sheet that citizens see; problem.NotFound if there is none, whoever asks.
func (g *Service) Get(ctx context.Context, s tenants.Scope, key string) (Sheet, error) {
	sheets, err := g.findSheets(ctx, s, key)
	if err != nil {
		return Sheet{}, err
	}
	if key == "" || len(sheets) == 0 {
		return Sheet{}, problem.Missing()
	}
	return sheets[0], nil
}

func (s Sheet) answers(q Query) bool {
	if q.Area != "" && !slices.Contains(s.Codings.ISTAT, q.Area) {
		return false
	}
	texts := append([]kit.Text{{IT: s.Title.It, EN: s.Title.En}, s.Summary, s.Description}, s.Audience...)
	var all strings.Builder
	for _, text := range texts {
		all.WriteString(strings.ToLower(text.IT + "\n" + text.EN + "\n"))
	}
	for word := range strings.FieldsSeq(strings.ToLower(q.Text)) {
		if !strings.Contains(all.String(), word) {
			return false
		}
	}
	return true
}

package guide

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/tenants"
)

// Sheet is the published sheet of a service (it: scheda di servizio).
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

// Service reads the guide.
type Service struct {
	items *kit.Items
}

// NewService makes the service.
func NewService(deps modules.Deps) *Service { return &Service{items: kit.NewItems(deps)} }

// Find lists the sheets of the body that answer the query, by title, and the areas of all its sheets.
func (g *Service) Find(ctx context.Context, s tenants.Scope, q Query) (found []Sheet, areas []string, err error) {
	versions, err := g.items.Published(ctx, s, kit.KindService)
	if err != nil {
		return nil, nil, err
	}
	for _, version := range versions {
		sheet, err := read(version)
		if err != nil {
			return nil, nil, err
		}
		areas = append(areas, sheet.Codings.ISTAT...)
		if sheet.answers(q) {
			found = append(found, sheet)
		}
	}
	slices.Sort(areas)
	slices.SortStableFunc(found, func(a, b Sheet) int { return strings.Compare(strings.ToLower(a.Title.It), strings.ToLower(b.Title.It)) })
	return found, slices.Compact(areas), nil
}

// Get returns a published sheet; problem.NotFound if there is none.
func (g *Service) Get(ctx context.Context, s tenants.Scope, key string) (Sheet, error) {
	version, err := g.items.Get(ctx, s, kit.KindService, key)
	if err != nil {
		return Sheet{}, err
	}
	return read(version)
}

func read(version kit.Version) (Sheet, error) {
	service, err := kit.ParseService(version.Content)
	if err != nil {
		return Sheet{}, fmt.Errorf("read service %s: %w", version.Key, err)
	}
	return Sheet{Key: version.Key, Title: version.Title, Service: *service}, nil
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

package matching

import (
	"context"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/catalogue"
	"staffetta/modules/practice/fit"
	"staffetta/modules/practice/need"
	"staffetta/tenants"
	"staffetta/tenants/register"
)

// MaxCandidates bounds how many practices are weighed: those of the same area first, then those whose title has a word that
// is looked for, then those that most bodies take over.
const MaxCandidates = 100

// Service ranks practices for needs and bodies.
type Service struct {
	deps      modules.Deps
	catalogue *catalogue.Service
	needs     *need.Service
	items     *kit.Items
}

// NewService makes the service over the program's parts.
func NewService(deps modules.Deps) *Service {
	return &Service{deps: deps, catalogue: catalogue.NewService(deps), needs: need.NewService(deps), items: kit.NewItems(deps)}
}

// Need reads a need of the actor's own body; problem.NotFound for any other.
func (v *Service) Need(ctx context.Context, s tenants.Scope, id uuid.UUID) (need.PracticeNeed, error) {
	n, err := v.needs.Get(ctx, s, id)
	if err == nil && n.Tenant != s.Tenant {
		return need.PracticeNeed{}, problem.Missing()
	}
	return n, err
}

// Find ranks the practices of other bodies for a need of the own body, or for the body itself where n is nil.
func (v *Service) Find(ctx context.Context, s tenants.Scope, n *need.PracticeNeed) ([]Match, error) {
	want, err := v.want(ctx, s, n)
	if err != nil {
		return nil, err
	}
	offers, err := v.catalogue.FindCandidates(ctx, s, wish(n), MaxCandidates)
	if err != nil {
		return nil, err
	}
	parts, err := v.catalogue.FindParts(ctx, s, offers)
	if err != nil {
		return nil, err
	}
	matches := make([]Match, len(offers))
	for i, offer := range offers {
		matches[i] = Weigh(v.deps.Platform, want, Practice{offer, parts[offer.Kit]})
	}
	Rank(matches)
	return matches, nil
}

// Explain holds one practice against a need of the own body, or against the body where n is nil, with all items of its
// newest kit. problem.NotFound for a practice that is not published.
func (v *Service) Explain(ctx context.Context, s tenants.Scope, n *need.PracticeNeed, practice uuid.UUID) (Match, error) {
	published, err := v.catalogue.GetPublished(ctx, s, practice)
	if err != nil {
		return Match{}, err
	}
	want, err := v.want(ctx, s, n)
	if err != nil {
		return Match{}, err
	}
	return Weigh(v.deps.Platform, want, Practice{published.Newest, published.Items}), nil
}

// Served is a need of another body with the own practice that could serve it best.
type Served struct {
	Need  need.PracticeNeed
	Match Match
}

// FindServed holds the published practices of the own body against the needs that others have published: a page of needs,
// the newest first, and the cursor of the next. What another body has in confidence is not weighed.
func (v *Service) FindServed(ctx context.Context, s tenants.Scope, after string) ([]Served, string, error) {
	own, err := v.catalogue.FindOwn(ctx, s)
	if err != nil || len(own) == 0 {
		return nil, "", err
	}
	parts, err := v.catalogue.FindParts(ctx, s, own)
	if err != nil {
		return nil, "", err
	}
	needs, next, err := v.needs.FindPublished(ctx, s, "", after)
	if err != nil {
		return nil, "", err
	}
	served := make([]Served, 0, len(needs))
	for i := range needs {
		want := Want{Need: &needs[i], Place: v.placeOf(needs[i].Tenant), Today: time.Now()}
		matches := make([]Match, len(own))
		for at, offer := range own {
			matches[at] = Weigh(v.deps.Platform, want, Practice{offer, parts[offer.Kit]})
		}
		Rank(matches)
		served = append(served, Served{needs[i], matches[0]})
	}
	return served, next, nil
}

// wish is what the catalogue is asked for.
func wish(n *need.PracticeNeed) catalogue.Wish {
	if n == nil {
		return catalogue.Wish{}
	}
	return catalogue.Wish{Area: n.Area, Words: Stems(n.Title + " " + n.Purpose)}
}

// want reads what the own body has.
func (v *Service) want(ctx context.Context, s tenants.Scope, n *need.PracticeNeed) (Want, error) {
	tenant, err := v.deps.Bodies.ByID(s.Tenant)
	if err != nil {
		return Want{}, problem.Missing().Wrap(err)
	}
	body := fit.Body{Tenant: tenant, Services: map[string]bool{}}
	published, err := v.items.Published(ctx, s, kit.KindService)
	if err != nil {
		return Want{}, err
	}
	for _, one := range published {
		body.Services[one.Key] = true
	}
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		body.Held, err = fit.Held(ctx, tx)
		return err
	})
	return Want{Need: n, Place: v.placeOf(s.Tenant), Body: &body, Today: time.Now()}, err
}

// placeOf is the municipality of a body, as the register has it; nil for what is none.
func (v *Service) placeOf(tenant int32) *register.Municipality {
	body, err := v.deps.Bodies.ByID(tenant)
	if err != nil {
		return nil
	}
	if m, err := register.ByISTAT(body.ISTAT); err == nil {
		return &m
	}
	if m, err := register.ByBelfiore(body.Belfiore); err == nil {
		return &m
	}
	return nil
}

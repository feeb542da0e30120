// Package adoption is the journey of one body with the practice of another. It must not write items: package upgrade does.
package adoption

import (
	"context"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/practice/catalogue"
	"staffetta/modules/practice/form"
	"staffetta/modules/practice/release"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Stages of an adoption (it: fasi), as the screen and the API number them.
const (
	StageInterest   = 1
	StageDelivery   = 4
	StageAdaptation = 5
	StageGoLive     = 7
	LastStage       = 10
)

// Side is how a body stands to an adoption.
type Side string

// The sides.
const (
	Ceding  Side = "ceding"
	Reusing Side = "reusing"
	Lead    Side = "lead"
)

// Adoption is one body's journey with the practice of another (it: adozione).
type Adoption struct {
	ID        uuid.UUID
	Practice  uuid.UUID
	Kit       uuid.UUID
	Release   string
	Title     language.Text
	Stage     int
	State     string
	Side      Side  // of the scope's body
	Ceding    int32 // 0 where the ceding body is not in this installation
	Reusing   int32
	Leading   int32 // 0 where no body leads the project
	Proposed  Proposed
	CreatedAt time.Time
	UpdatedAt time.Time
	// CedingBody is the name under which the practice was published.
	CedingBody string
	Journal    []Entry // newest first; only Get reads it
}

// Proposed is a body that one side has named as the lead, and the other has not yet.
type Proposed struct {
	Lead int32 // 0 for none
	By   int32
}

// Entry is a line of the journal that both sides read.
type Entry struct {
	At      time.Time
	Tenant  int32
	Stage   int
	Event   string // as the messages practice.journal.Event name it
	Release string
	Author  string
	Note    string
}

// Service begins adoptions.
type Service struct {
	deps      modules.Deps
	catalogue *catalogue.Service
	releases  *release.Service // it knows what may tell who a person is
}

// NewService makes the service over the program's parts.
func NewService(deps modules.Deps) *Service {
	return &Service{deps: deps, catalogue: catalogue.NewService(deps), releases: release.NewService(deps)}
}

// FindAdoptions lists the adoptions in which the body is a party, newest first, and gives the cursor of the next page; a cursor
// that is none begins with the first.
func (v *Service) FindAdoptions(ctx context.Context, s tenants.Scope, cursor string) ([]Adoption, string, error) {
	found, err := v.findAdoptions(ctx, s, cursor)
	page, next := form.Page(found, form.PageSize, func(a Adoption) string { return form.Place{At: a.CreatedAt, ID: a.ID}.String() })
	return page, next, err
}

// GetAdoption returns an adoption with its journal; problem.NotFound where the body is no party.
func (v *Service) GetAdoption(ctx context.Context, s tenants.Scope, id uuid.UUID) (Adoption, error) {
	return v.getAdoption(ctx, s, id)
}

// Start begins the adoption of a published practice, with its newest kit. A body adopts a practice once: the adoption
// returned is the one that is there already, if any. It fails with problem.Conflict for the body's own practice.
func (v *Service) Start(ctx context.Context, s tenants.Scope, id, practice uuid.UUID) (Adoption, error) {
	published, err := v.catalogue.GetPublished(ctx, s, practice)
	if err != nil {
		return Adoption{}, err
	}
	if published.Newest.Ceding == s.Tenant {
		return Adoption{}, problem.New(problem.Conflict, "practice.error.own")
	}
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		started, err := startAdoption(ctx, tx, id, published.Newest.Kit, s.Name)
		if err != nil || started != id {
			id = started
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "adoption.start", Object: id, Payload: map[string]any{
			"practice": practice, "kit": published.Newest.Kit, "release": published.Newest.Release,
		}})
	})
	if err != nil {
		return Adoption{}, err
	}
	return v.GetAdoption(ctx, s, id)
}

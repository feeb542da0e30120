// Package board is where both sides of an adoption see how far it has come: the eleven stages with what each of their gates
// asks, what the two bodies put on it, who answers for what until when, and the way on or back. It must not apply a kit nor
// read how an item is made up beyond what a gate counts.
package board

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/adoption"
	"staffetta/modules/practice/release"
	"staffetta/tenants"
)

// Board is an adoption with everything that its gates look at (it: percorso di adozione).
type Board struct {
	Adoption   adoption.Adoption // with its journal
	Sheet      release.Sheet     // of the kit that is taken
	Programme  Programme
	Drawn      []kit.Source // items of the kit that are read with a drawing
	Standing   Standing
	Statements []Statement // those that stand, oldest first
	Owners     []Owner
	Notes      []Note // of the scope's own body
	// Need is the title of a need of the reusing body, published and in the area of the practice; "" for none.
	Need string
	// Waiting are services that citizens of the scope's own body see from the start on.
	Waiting []kit.Source
	// Quantities are what the scope's own body counted for its statements, by their id.
	Quantities map[uuid.UUID]map[string]any
}

// Programme is what the kit asks of who takes it.
type Programme struct {
	Questions  []Question
	Courses    []Course
	Indicators []Indicator
}

// Question is one of the transferability checklist.
type Question struct {
	Place    string // key of the checklist and of the question, as "TE-01/owner"
	Area     kit.Text
	Text     kit.Text
	Evidence kit.Text
	IfNo     kit.Text
	Blocking bool // must be answered with yes before the start
	Items    []string
}

// Course is a training item of the kit. Hours are those of its programme.
type Course struct {
	Key      string
	Title    kit.Text
	Hours    float64
	Coaching bool // in visits, beside those who work
}

// Indicator is an indicator item of the kit.
type Indicator struct {
	Key   string
	Title kit.Text
	Unit  string
	Rule  *kit.Indicator // its formula and what it needs
}

// Standing is how far the reusing body is with the items of the kit, in numbers.
type Standing struct {
	Items       int
	Adopted     int
	Adapted     int
	Dropped     int
	Unexplained int      // adapted or dropped without a reason
	DroppedKeys []string // of courses and indicators alone
}

// Decided is how many items the body has decided about.
func (s Standing) Decided() int { return s.Adopted + s.Adapted + s.Dropped }

// Owner answers for a stage on one side; Due is a day, zero for none (it: responsabile della fase).
type Owner struct {
	Stage  int
	Tenant int32
	Name   string
	Due    time.Time
}

// Note is what a body writes about an adoption for itself alone.
type Note struct {
	ID     uuid.UUID
	Stage  int
	Text   string
	Author string
	At     time.Time
}

// Service shows boards and moves adoptions along them.
type Service struct {
	deps      modules.Deps
	adoptions *adoption.Service
	releases  *release.Service // it knows what may tell who a person is
}

// NewService makes the service over the program's parts.
func NewService(deps modules.Deps) *Service {
	return &Service{deps: deps, adoptions: adoption.NewService(deps), releases: release.NewService(deps)}
}

// Get returns the board of an adoption; problem.NotFound where the body is no party.
func (v *Service) Get(ctx context.Context, s tenants.Scope, id uuid.UUID) (Board, error) {
	a, err := v.adoptions.GetAdoption(ctx, s, id)
	if err != nil {
		return Board{}, err
	}
	var b Board
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		b, err = readBoard(ctx, tx, a, v.deps.Platform.Kinds.Drawn())
		return err
	})
	return b, err
}

// Working returns the board of an adoption on which the scope's body works; problem.NotFound for anybody else, a lead body too.
func (v *Service) Working(ctx context.Context, s tenants.Scope, id uuid.UUID) (Board, error) {
	b, err := v.Get(ctx, s, id)
	if err == nil && b.Adoption.Side == adoption.Lead {
		return Board{}, problem.Missing()
	}
	return b, err
}

// working returns the adoption if the body is one of its two sides; a lead body looks on, and a stranger sees nothing.
func (v *Service) working(ctx context.Context, s tenants.Scope, id uuid.UUID) (adoption.Adoption, error) {
	a, err := v.adoptions.GetAdoption(ctx, s, id)
	switch {
	case err != nil:
		return adoption.Adoption{}, err
	case a.Side == adoption.Lead:
		return adoption.Adoption{}, problem.New(problem.Forbidden, "practice.board.error.lead")
	case a.State == "ended":
		return adoption.Adoption{}, problem.New(problem.Conflict, "practice.board.error.ended")
	}
	return a, nil
}

// Of lists the statements of a kind that stand.
func (b Board) Of(kind Kind) []Statement {
	return slices.DeleteFunc(slices.Clone(b.Statements), func(s Statement) bool { return s.Kind != kind })
}

// Owner is who answers for a stage in a body; the zero owner where nobody does.
func (b Board) Owner(stage int, tenant int32) Owner {
	for _, o := range b.Owners {
		if o.Stage == stage && o.Tenant == tenant {
			return o
		}
	}
	return Owner{Stage: stage, Tenant: tenant}
}

// Review is the newest yearly statement about the use; ok is false where there is none.
func (b Board) Review() (s Statement, ok bool) {
	for _, one := range b.Of(Review) {
		if !ok || !one.Day.Before(s.Day) {
			s, ok = one, true
		}
	}
	return s, ok
}

// find returns the first statement of a kind that fits.
func (b Board) find(kind Kind, fits func(Statement) bool) (Statement, bool) {
	for _, s := range b.Statements {
		if s.Kind == kind && fits(s) {
			return s, true
		}
	}
	return Statement{}, false
}

// Package turn tells people for which of their adoptions the next step waits for their body, and since when, and lets who waits remind
// the other body. It must not judge gates: package board does.
package turn

import (
	"cmp"
	"context"
	"time"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/practice/adoption"
	"staffetta/modules/practice/board"
	"staffetta/tenants"
)

// What somebody is told; each has its message.
const (
	own      = "practice.duty.turn"        // only the own body can bring the adoption on
	shared   = "practice.duty.turn_shared" // either body can
	reminded = "practice.duty.reminded"    // the other body has reminded the own one
)

// Service finds whose turn it is.
type Service struct {
	deps      modules.Deps
	boards    *board.Service
	adoptions *adoption.Service
}

// NewService makes the service over the program's parts.
func NewService(deps modules.Deps) *Service {
	return &Service{deps, board.NewService(deps), adoption.NewService(deps)}
}

// Duties are the adoptions that wait for the body. Whatever changes a board changes its adoption.
func (v *Service) Duties() []modules.DutySource {
	return []modules.DutySource{{
		Permission: "adoption:write", Topics: []string{"practice.adoptions"}, Choices: []string{own, shared, reminded}, Find: v.Find,
	}}
}

// Find lists the adoptions whose next step waits for the scope's body.
func (v *Service) Find(ctx context.Context, s tenants.Scope) ([]modules.Duty, error) {
	underway, err := v.adoptions.FindUnderway(ctx, s)
	if err != nil {
		return nil, err
	}
	list := make([]adoption.Adoption, len(underway))
	for i, u := range underway {
		list[i] = u.Adoption
	}
	boards, err := v.boards.Gates(ctx, s, list)
	if err != nil {
		return nil, err
	}
	var duties []modules.Duty
	for i, b := range boards {
		if awaits := b.Awaits(time.Now()); len(awaits.Own) > 0 {
			duties = append(duties, v.duty(underway[i], b, awaits))
		}
	}
	return duties, nil
}

func (v *Service) duty(u adoption.Underway, b board.Board, awaits board.Await) modules.Duty {
	key, since := own, u.Since
	switch {
	case !u.Reminded.IsZero():
		key, since = reminded, u.Reminded
	case awaits.Shared():
		key = shared
	}
	other := cmp.Or(v.deps.Bodies.Name(b.Other()), u.CedingBody)
	return modules.Duty{
		Label: language.M(key, "n", len(awaits.Own), "day", since.In(language.Rome).Format("2/1/2006"), "body", other),
		Title: u.Name(other), Path: "/adozioni/" + u.ID.String(), Since: since,
	}
}

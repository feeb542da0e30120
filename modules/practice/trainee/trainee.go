// Package trainee keeps who of a body was trained in what for an adoption, so that the body sees when somebody who knows how has
// left. It must not tell another body who was trained: the board says how many.
package trainee

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/practice/board"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Trainee is a colleague who was trained in a course of the kit (it: persona formata).
type Trainee struct {
	ID      uuid.UUID
	Course  string // key of the course
	Account uuid.UUID
	Name    string
	Day     time.Time
	Author  string
	Left    bool // works in the body no more
}

// Log is who was trained for an adoption, with the courses of its kit and the colleagues who may be trained.
type Log struct {
	Board      board.Board
	Trainees   []Trainee // by course and name
	Colleagues []tenants.Colleague
}

// Service keeps the log.
type Service struct {
	deps   modules.Deps
	boards *board.Service
}

// NewService makes the service over the program's parts.
func NewService(deps modules.Deps) *Service { return &Service{deps, board.NewService(deps)} }

// Get returns the log of the scope's own body; problem.NotFound where the body does not work on the adoption.
func (v *Service) Get(ctx context.Context, s tenants.Scope, adoption uuid.UUID) (Log, error) {
	b, err := v.boards.Working(ctx, s, adoption)
	if err != nil {
		return Log{}, err
	}
	l := Log{Board: b}
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if l.Colleagues, err = tenants.FindColleagues(ctx, tx); err != nil {
			return err
		}
		l.Trainees, err = findTrainees(ctx, tx, s, adoption)
		return err
	})
	for i := range l.Trainees {
		l.Trainees[i].Left = !works(l.Colleagues, l.Trainees[i].Account)
	}
	return l, err
}

// works tells whether an account still holds a role in the body.
func works(colleagues []tenants.Colleague, account uuid.UUID) bool {
	return slices.ContainsFunc(colleagues, func(c tenants.Colleague) bool { return c.Account == account })
}

// Left counts the trained people of the scope's body who work there no more and in whose place nobody was trained.
func (v *Service) Left(ctx context.Context, s tenants.Scope, adoption uuid.UUID) (int, error) {
	gone := 0
	err := v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		colleagues, err := tenants.FindColleagues(ctx, tx)
		if err != nil {
			return err
		}
		trainees, err := findTrainees(ctx, tx, s, adoption)
		accounts := map[uuid.UUID]bool{}
		for _, t := range trainees {
			if !works(colleagues, t.Account) {
				accounts[t.Account] = true
			}
		}
		gone = len(accounts)
		return err
	})
	return gone, err
}

// Add writes down that a colleague was trained; the same id, or the same colleague in the same course, changes nothing. It fails
// with problem.Invalid for what is no course of the kit, no colleague or no day until today.
func (v *Service) Add(ctx context.Context, s tenants.Scope, adoption uuid.UUID, t Trainee) error {
	l, err := v.Get(ctx, s, adoption)
	if err != nil {
		return err
	}
	var wrong problem.Fields
	if !slices.ContainsFunc(l.Board.Programme.Courses, func(c board.Course) bool { return c.Key == t.Course }) {
		wrong.Add("course", "web.field.choice")
	}
	at := slices.IndexFunc(l.Colleagues, func(c tenants.Colleague) bool { return c.Account == t.Account })
	if at < 0 {
		wrong.Add("account", "web.field.choice")
	}
	if t.Day.IsZero() {
		wrong.Add("day", "web.field.required")
	} else if language.Day(t.Day).After(language.Day(time.Now())) || t.Day.Year() < 1990 {
		wrong.Add("day", "practice.board.error.day")
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	t.Name, t.Author = l.Colleagues[at].Name, s.Name
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		fresh, err := insertTrainee(ctx, tx, adoption, t)
		if err != nil || !fresh {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "adoption.train", Object: adoption, Payload: map[string]any{"trainee": t.ID, "course": t.Course}})
	})
}

// Remove takes somebody off the log, by mistake written or since replaced; problem.NotFound for who is not on it.
func (v *Service) Remove(ctx context.Context, s tenants.Scope, adoption, trainee uuid.UUID) error {
	if _, err := v.boards.Working(ctx, s, adoption); err != nil {
		return err
	}
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if err := removeTrainee(ctx, tx, s, adoption, trainee); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "adoption.untrain", Object: adoption, Payload: map[string]any{"trainee": trainee}})
	})
}

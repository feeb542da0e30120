package board

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules/practice/adoption"
	"staffetta/modules/practice/leaving"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Advance moves an adoption from the stage that the actor saw to a later one. Every gate on the way must be open, else the
// error is problem.Conflict, whose fields name the conditions that lack. Somebody else's move meanwhile is problem.Conflict too.
func (v *Service) Advance(ctx context.Context, s tenants.Scope, id uuid.UUID, seen, target int) error {
	a, err := v.working(ctx, s, id)
	if err != nil {
		return err
	}
	if a.Stage != seen {
		return problem.New(problem.Conflict, movedKey)
	}
	if target <= seen || target > adoption.LastStage {
		var wrong problem.Fields
		wrong.Add("stage", "web.field.choice")
		return wrong.Err()
	}
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if err := lockAdoption(ctx, tx, a); err != nil {
			return err
		}
		b, err := readBoard(ctx, tx, a, nil)
		if err != nil {
			return err
		}
		if err := b.admits(target, time.Now()); err != nil {
			return err
		}
		if err := stepAdoption(ctx, tx, id, step{seen, target, s.Name, ""}); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "adoption.advance", Object: id, Payload: map[string]any{"from": seen, "to": target}})
	})
}

// admits is nil when every gate before a stage is open.
func (b Board) admits(target int, now time.Time) error {
	refused := &problem.Error{Kind: problem.Conflict, Message: language.M("practice.board.error.gate")}
	for stage := b.Adoption.Stage; stage < target; stage++ {
		for _, lacking := range b.Gate(stage, now).Lacking() {
			refused.Fields = append(refused.Fields, problem.Field{
				Name: lacking.Key, Message: language.M("practice.condition." + lacking.Key),
			})
		}
	}
	if len(refused.Fields) == 0 {
		return nil
	}
	return refused
}

// Step is a move of an adoption from the stage that the actor saw.
type Step struct {
	Seen, Target int
	Reason       string
}

// Return moves an adoption back to an earlier stage, with the reason that the journal keeps. It fails with problem.Invalid
// without a reason, and with problem.Conflict when somebody moved it meanwhile.
func (v *Service) Return(ctx context.Context, s tenants.Scope, id uuid.UUID, back Step) error {
	a, err := v.working(ctx, s, id)
	if err != nil {
		return err
	}
	reason := strings.TrimSpace(back.Reason)
	var wrong problem.Fields
	wrong.Require("reason", reason)
	wrong.MaxLength("reason", reason, 500)
	if back.Target < adoption.StageInterest || back.Target >= a.Stage {
		wrong.Add("stage", "web.field.choice")
	}
	if a.Stage != back.Seen {
		return problem.New(problem.Conflict, movedKey)
	}
	if err := (leaving.Texts{About: id, Wrong: wrong, Of: map[string]any{"reason": reason}}).Check(ctx, v.releases, s); err != nil {
		return err
	}
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if err := stepAdoption(ctx, tx, id, step{back.Seen, back.Target, s.Name, reason}); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "adoption.return", Object: id, Payload: map[string]any{
			"from": back.Seen, "to": back.Target, "reason": reason,
		}})
	})
}

// Appoint names who answers for a stage in the scope's body, and until when; an empty name takes it back.
func (v *Service) Appoint(ctx context.Context, s tenants.Scope, id uuid.UUID, o Owner) error {
	if _, err := v.working(ctx, s, id); err != nil {
		return err
	}
	o.Name = strings.TrimSpace(o.Name)
	var wrong problem.Fields
	wrong.MaxLength("owner", o.Name, 120)
	if o.Name == "" && !o.Due.IsZero() {
		wrong.Add("owner", "web.field.required")
	}
	if o.Stage < 0 || o.Stage > adoption.LastStage {
		wrong.Add("stage", "web.field.choice")
	}
	leaving.CheckNamed(&wrong, "owner", o.Name)
	if err := wrong.Err(); err != nil {
		return err
	}
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if err := writeOwner(ctx, tx, id, o); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "adoption.appoint", Object: id, Payload: map[string]any{"stage": o.Stage}})
	})
}

// Line is what somebody writes about an adoption.
type Line struct {
	ID      uuid.UUID
	Text    string
	Private bool // read by the own body alone
}

// Write adds a line to the journal that both sides read, or, where it is private, a note of the scope's body alone.
func (v *Service) Write(ctx context.Context, s tenants.Scope, id uuid.UUID, line Line) error {
	a, err := v.working(ctx, s, id)
	if err != nil {
		return err
	}
	text := strings.TrimSpace(line.Text)
	var wrong problem.Fields
	wrong.Require("text", text)
	wrong.MaxLength("text", text, 500)
	crosses := map[string]any{"text": text}
	if line.Private {
		crosses = nil
	}
	if err := (leaving.Texts{About: id, Wrong: wrong, Of: crosses}).Check(ctx, v.releases, s); err != nil {
		return err
	}
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		write := writeJournal
		if line.Private {
			write = writeNote
		}
		fresh, err := write(ctx, tx, a, Note{ID: line.ID, Stage: a.Stage, Text: text, Author: s.Name})
		if err != nil || !fresh {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "adoption.note", Object: id, Payload: map[string]any{"private": line.Private}})
	})
}

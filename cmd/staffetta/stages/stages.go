// Package stages brings the adoptions of the complete demo to the stages that they have reached, by what the bodies put on their
// boards: Pantelleria trains, Mazara waits for the act of Marsala. All of it happens on the day on which the demo opens, in the order
// of the stages. It must not write past the services that pages use.
package stages

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/practice/adoption"
	"staffetta/modules/practice/board"
	"staffetta/modules/practice/board/turn"
	"staffetta/tenants"
)

// Demo are the bodies whose adoptions move on, by those who work on them, and how ids are made of names.
type Demo struct {
	Deps     modules.Deps
	Ceding   tenants.Scope
	Training tenants.Scope
	Waiting  tenants.Scope
	ID       func(name string) uuid.UUID
}

// Pass brings both adoptions as far as their gates are open; again it changes nothing.
func (d Demo) Pass(ctx context.Context) error {
	of := func(reusing tenants.Scope, name string) passing {
		return passing{d, board.NewService(d.Deps), reusing, d.ID(name), language.Day(time.Now())}
	}
	return errors.Join(of(d.Training, "adoption").train(ctx), of(d.Waiting, "adoption of Mazara").wait(ctx))
}

// passing is the work on one adoption.
type passing struct {
	Demo
	boards   *board.Service
	reusing  tenants.Scope
	adoption uuid.UUID
	today    time.Time
}

// stageTraining is where people are trained.
const stageTraining = 6

// train brings an adoption to the training, with the first course held.
func (p passing) train(ctx context.Context) error {
	if err := p.agree(ctx, p.Ceding, p.reusing); err != nil {
		return err
	}
	if err := p.reach(ctx, stageTraining); err != nil {
		return err
	}
	hours, people := 2.0, 4
	if err := p.state(ctx, p.reusing, "first course", board.Statement{Kind: board.Session, Key: "TR-01", Day: p.today, Amount: &hours, People: &people}); err != nil {
		return err
	}
	return p.boards.Appoint(ctx, p.reusing, p.adoption, board.Owner{Stage: stageTraining, Tenant: p.reusing.Tenant, Name: p.reusing.Name, Due: p.today.AddDate(0, 1, 0)})
}

// wait brings an adoption to the agreement, which the ceding body has not signed, and has the reusing one remind it.
func (p passing) wait(ctx context.Context) error {
	if err := p.agree(ctx, p.reusing); err != nil {
		return err
	}
	const agreement = 3
	if err := p.reach(ctx, agreement); err != nil {
		return err
	}
	err := turn.NewService(p.Deps).Remind(ctx, p.reusing, p.adoption, agreement)
	if problem.Is(err, problem.Conflict) {
		return nil // it was reminded at an earlier start
	}
	return err
}

// agree states the interest, answers the checklist, and signs for each of some bodies.
func (p passing) agree(ctx context.Context, signing ...tenants.Scope) error {
	if err := p.state(ctx, p.reusing, "interest", board.Statement{
		Kind: board.Interest, Note: "Uno sportello unico per le persone con disabilità e per chi le assiste, anche nelle contrade.",
	}); err != nil {
		return err
	}
	b, err := p.boards.Get(ctx, p.reusing, p.adoption)
	if err != nil {
		return err
	}
	var answers []board.Statement
	for _, q := range b.Programme.Questions {
		answer := board.Statement{Kind: board.Response, Key: q.Place, Value: board.Yes}
		if !q.Blocking {
			answer.Value, answer.Owner, answer.Day = board.Partly, p.reusing.Name, p.today.AddDate(0, 2, 0)
		}
		answer.ID = p.ID(p.adoption.String() + q.Place)
		answers = append(answers, answer)
	}
	if err := p.boards.State(ctx, p.reusing, p.adoption, answers...); err != nil {
		return err
	}
	for _, s := range signing {
		if err := p.state(ctx, s, "act "+s.Slug, board.Statement{Kind: board.Act, Value: "Delibera di Giunta 61", Day: p.today}); err != nil {
			return err
		}
		if err := p.state(ctx, s, "privacy "+s.Slug, board.Statement{Kind: board.Privacy, Value: "none"}); err != nil {
			return err
		}
	}
	return nil
}

// state puts one statement on the board; the same again changes nothing.
func (p passing) state(ctx context.Context, s tenants.Scope, name string, one board.Statement) error {
	one.ID = p.ID(p.adoption.String() + name)
	return p.boards.State(ctx, s, p.adoption, one)
}

// reach moves the adoption on gate by gate, as people do, up to a stage.
func (p passing) reach(ctx context.Context, target int) error {
	b, err := p.boards.Get(ctx, p.reusing, p.adoption)
	if err != nil {
		return err
	}
	for stage := max(b.Adoption.Stage, adoption.StageInterest); stage < target; stage++ {
		if err := p.boards.Advance(ctx, p.reusing, p.adoption, stage, stage+1); err != nil {
			return err
		}
	}
	return nil
}

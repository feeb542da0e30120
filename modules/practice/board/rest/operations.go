// Package rest offers the boards of adoptions to programs. It holds no rule: package board does.
package rest

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/practice/adoption"
	"staffetta/modules/practice/board"
	"staffetta/modules/practice/board/turn"
	"staffetta/modules/practice/form"
	"staffetta/tenants"
)

type operations struct {
	service *board.Service
	turns   *turn.Service
}

// Operations are those of boards.
func Operations(service *board.Service, turns *turn.Service) []modules.Operation {
	o := operations{service, turns}
	read, write := "adoption:read", "adoption:write"
	return []modules.Operation{
		modules.Declare(read, form.Operation("get-adoption-board", http.MethodGet, "/adoptions/{id}/board", "Get the board of an adoption",
			"The eleven stages with what their gates ask, the statements of both sides and who answers for each stage."), o.get),
		modules.Declare(write, form.Operation("advance-adoption", http.MethodPost, "/adoptions/{id}/advance", "Move an adoption on",
			"To a later stage. Every gate on the way must be open: a conflict names the conditions that lack."), o.advance),
		modules.Declare(write, form.Operation("return-adoption", http.MethodPost, "/adoptions/{id}/return", "Move an adoption back",
			"To an earlier stage, with the reason that the journal keeps."), o.goBack),
		modules.Declare(write, form.Operation("remind-adoption", http.MethodPost, "/adoptions/{id}/reminders", "Remind the other body",
			"That the adoption waits for it: its people have a duty, and the journal a line. 409 where nothing waits for it, or it was reminded within seven days."), o.remind),
		modules.Declare(write, form.Operation("state-on-board", http.MethodPost, "/adoptions/{id}/statements", "Put statements on a board",
			"What a gate asks: an interest, answers to the checklist, acts, sessions, values. All or none; a later one about the same replaces it."), o.state),
		modules.Declare(write, form.Operation("withdraw-statement", http.MethodPost, "/adoptions/{id}/statements/{statement}/withdraw",
			"Withdraw a statement", "A statement of the own body."), o.withdraw),
		modules.Declare(write, form.Operation("appoint-stage-owner", http.MethodPut, "/adoptions/{id}/stages/{stage}/owner", "Name who answers for a stage",
			"In the own body, and until when. An empty name takes it back."), o.appoint),
		modules.Declare(write, form.Operation("write-adoption-note", http.MethodPost, "/adoptions/{id}/notes", "Write about an adoption",
			"A line of the journal that both sides read, or a note of the own body alone."), o.write),
	}
}

// ConditionView is one thing that a gate asks.
type ConditionView struct {
	Key     string   `json:"key" maxLength:"40"`
	Holds   bool     `json:"holds"`
	Side    string   `json:"side" maxLength:"10" doc:"Who can make it hold; empty for either"`
	Missing []string `json:"missing" maxItems:"5000" maxLength:"160" doc:"Keys of questions, courses or indicators"`
	Count   int      `json:"count" minimum:"0" maximum:"100000" doc:"How many lack"`
}

// StageView is a stage with its gate.
type StageView struct {
	Stage      int             `json:"stage" minimum:"0" maximum:"10"`
	Open       bool            `json:"open"`
	Conditions []ConditionView `json:"conditions" maxItems:"20"`
	Owners     []OwnerView     `json:"owners" maxItems:"2"`
}

// OwnerView is who answers for a stage on one side.
type OwnerView struct {
	Side string `json:"side" enum:"ceding,reusing"`
	Name string `json:"name" maxLength:"120"`
	Due  string `json:"due" maxLength:"10" doc:"A day, or empty"`
}

// StatementView is a statement as the API takes and gives it.
type StatementView struct {
	ID     string     `json:"id,omitempty" format:"uuid" maxLength:"36" doc:"Chosen by the client; made when empty"`
	Kind   board.Kind `json:"kind" enum:"interest,answer,act,privacy,delivery,session,visit,baseline,first_case,measure,review,asset,document"`
	Stage  int        `json:"stage,omitempty" minimum:"0" maximum:"10" doc:"Of a document; all others have theirs"`
	Key    string     `json:"key,omitempty" maxLength:"160" doc:"The question, course, indicator or kind of asset"`
	Value  string     `json:"value,omitempty" maxLength:"200"`
	Day    string     `json:"day,omitempty" maxLength:"10" doc:"As 2026-03-01"`
	Amount *float64   `json:"amount,omitempty" minimum:"0" maximum:"1000000000" doc:"Hours or euro; of an indicator the value is computed, and missing where few people are protected"`
	People *int       `json:"people,omitempty" minimum:"0" maximum:"100000"`
	Owner  string     `json:"owner,omitempty" maxLength:"120"`
	Note   string     `json:"note,omitempty" maxLength:"1000"`
	Link   string     `json:"link,omitempty" maxLength:"500"`
	// Quantities are given back to the body that counted them alone.
	Quantities map[string]any `json:"quantities,omitempty" doc:"Of an indicator: by key of its measures, a number or a list of numbers"`
	Side       string         `json:"side,omitempty" maxLength:"10" readOnly:"true"`
	Author     string         `json:"author,omitempty" maxLength:"120" readOnly:"true"`
}

type boardOutput struct {
	Body struct {
		Stage      int             `json:"stage" minimum:"0" maximum:"10"`
		Reach      int             `json:"reach" minimum:"0" maximum:"10" doc:"The farthest stage to which open gates lead"`
		Side       string          `json:"side" enum:"ceding,reusing,lead"`
		Stages     []StageView     `json:"stages" maxItems:"11"`
		Statements []StatementView `json:"statements" maxItems:"5000"`
	}
}

func (o operations) get(ctx context.Context, in *form.IDPath) (*boardOutput, error) {
	id, err := in.UUID()
	if err != nil {
		return nil, err
	}
	return o.view(ctx, id)
}

func (o operations) view(ctx context.Context, id uuid.UUID) (*boardOutput, error) {
	b, err := o.service.Get(ctx, tenants.ScopeFrom(ctx), id)
	if err != nil {
		return nil, err
	}
	out, now := &boardOutput{}, time.Now()
	out.Body.Stage, out.Body.Reach, out.Body.Side = b.Adoption.Stage, b.Reach(now), string(b.Adoption.Side)
	for stage := 0; stage <= adoption.LastStage; stage++ {
		out.Body.Stages = append(out.Body.Stages, stageView(b, b.Gate(stage, now)))
	}
	out.Body.Statements = []StatementView{}
	for _, s := range b.Statements {
		out.Body.Statements = append(out.Body.Statements, StatementView{
			ID: s.ID.String(), Kind: s.Kind, Stage: s.Stage, Key: s.Key, Value: s.Value, Day: form.DayValue(s.Day), Amount: s.Amount, People: s.People,
			Owner: s.Owner, Note: s.Note, Link: s.Link, Side: string(sideOf(b, s.Tenant)), Author: s.Author, Quantities: b.Quantities[s.ID],
		})
	}
	return out, nil
}

// sideOf is the side of a body that works on the board.
func sideOf(b board.Board, tenant int32) adoption.Side {
	if tenant == b.Adoption.Ceding {
		return adoption.Ceding
	}
	return adoption.Reusing
}

func stageView(b board.Board, gate board.Gate) StageView {
	view := StageView{Stage: gate.Stage, Open: gate.Open(), Conditions: []ConditionView{}, Owners: []OwnerView{}}
	for _, c := range gate.Conditions {
		view.Conditions = append(view.Conditions, ConditionView{
			Key: c.Key, Holds: c.Holds, Side: string(c.Side), Missing: append([]string{}, c.Missing...), Count: c.Count,
		})
	}
	for _, owner := range b.Owners {
		if owner.Stage == gate.Stage && owner.Name != "" {
			view.Owners = append(view.Owners, OwnerView{Side: string(sideOf(b, owner.Tenant)), Name: owner.Name, Due: form.DayValue(owner.Due)})
		}
	}
	return view
}

type stepInput struct {
	form.IDPath
	Body struct {
		Seen   int    `json:"seen" minimum:"0" maximum:"10" doc:"The stage that the client saw"`
		Target int    `json:"target" minimum:"0" maximum:"10"`
		Reason string `json:"reason,omitempty" maxLength:"500" doc:"Needed to go back"`
	}
}

func (o operations) advance(ctx context.Context, in *stepInput) (*boardOutput, error) {
	return o.done(ctx, in.IDPath, func(s tenants.Scope, id uuid.UUID) error {
		return o.service.Advance(ctx, s, id, in.Body.Seen, in.Body.Target)
	})
}

func (o operations) goBack(ctx context.Context, in *stepInput) (*boardOutput, error) {
	return o.done(ctx, in.IDPath, func(s tenants.Scope, id uuid.UUID) error {
		return o.service.Return(ctx, s, id, board.Step{Seen: in.Body.Seen, Target: in.Body.Target, Reason: in.Body.Reason})
	})
}

type remindInput struct {
	form.IDPath
	Body struct {
		Seen int `json:"seen" minimum:"0" maximum:"10" doc:"The stage that the client saw"`
	}
}

func (o operations) remind(ctx context.Context, in *remindInput) (*boardOutput, error) {
	return o.done(ctx, in.IDPath, func(s tenants.Scope, id uuid.UUID) error { return o.turns.Remind(ctx, s, id, in.Body.Seen) })
}

// done does something to a board and gives what it is then.
func (o operations) done(ctx context.Context, path form.IDPath, do func(tenants.Scope, uuid.UUID) error) (*boardOutput, error) {
	id, err := path.UUID()
	if err != nil {
		return nil, err
	}
	if err := do(tenants.ScopeFrom(ctx), id); err != nil {
		return nil, err
	}
	return o.view(ctx, id)
}

type statementsInput struct {
	form.IDPath
	Body struct {
		Items []StatementView `json:"items" minItems:"1" maxItems:"500"`
	}
}

func (o operations) state(ctx context.Context, in *statementsInput) (*boardOutput, error) {
	return o.done(ctx, in.IDPath, func(s tenants.Scope, id uuid.UUID) error {
		statements, err := statementsOf(in.Body.Items)
		if err != nil {
			return err
		}
		return o.service.State(ctx, s, id, statements...)
	})
}

func statementsOf(views []StatementView) ([]board.Statement, error) {
	var wrong problem.Fields
	var statements []board.Statement
	for _, view := range views {
		day, ok := form.Day(view.Day)
		if !ok {
			wrong.Add("day", "practice.board.error.day")
		}
		statements = append(statements, board.Statement{
			ID: modules.FormID(view.ID), Kind: view.Kind, Stage: view.Stage, Key: view.Key, Value: view.Value, Day: day, Amount: view.Amount,
			People: view.People, Owner: view.Owner, Note: view.Note, Link: view.Link, Quantities: numbers(view.Quantities),
		})
	}
	return slices.Clip(statements), wrong.Err()
}

// numbers are quantities as JSON gives them, with lists of numbers as such; anything else stays, to be refused.
func numbers(given map[string]any) map[string]any {
	read := map[string]any{}
	for key, value := range given {
		read[key] = value
		entries, ok := value.([]any)
		if !ok {
			continue
		}
		list := []float64{}
		for _, entry := range entries {
			if n, ok := entry.(float64); ok {
				list = append(list, n)
			}
		}
		if len(list) == len(entries) {
			read[key] = list
		}
	}
	return read
}

func (o operations) withdraw(ctx context.Context, in *struct {
	form.IDPath
	Statement string `path:"statement" format:"uuid" maxLength:"36" doc:"Id of the statement"`
},
) (*boardOutput, error) {
	return o.done(ctx, in.IDPath, func(s tenants.Scope, id uuid.UUID) error {
		statement, err := modules.KnownID(in.Statement)
		if err != nil {
			return err
		}
		return o.service.Withdraw(ctx, s, id, statement)
	})
}

func (o operations) appoint(ctx context.Context, in *struct {
	form.IDPath
	Stage int `path:"stage" minimum:"0" maximum:"10" doc:"Number of the stage"`
	Body  struct {
		Name string `json:"name" maxLength:"120"`
		Due  string `json:"due,omitempty" maxLength:"10" doc:"As 2026-03-01"`
	}
},
) (*boardOutput, error) {
	return o.done(ctx, in.IDPath, func(s tenants.Scope, id uuid.UUID) error {
		due, ok := form.Day(in.Body.Due)
		if !ok {
			return form.BadDay("due")
		}
		return o.service.Appoint(ctx, s, id, board.Owner{Stage: in.Stage, Name: in.Body.Name, Due: due})
	})
}

func (o operations) write(ctx context.Context, in *struct {
	form.IDPath
	Key  string `header:"Idempotency-Key" maxLength:"36" doc:"Id of the note"`
	Body struct {
		Text    string `json:"text" maxLength:"500"`
		Private bool   `json:"private,omitempty" doc:"Read by the own body alone"`
	}
},
) (*boardOutput, error) {
	return o.done(ctx, in.IDPath, func(s tenants.Scope, id uuid.UUID) error {
		note, err := modules.NewID(in.Key)
		if err != nil {
			return err
		}
		return o.service.Write(ctx, s, id, board.Line{ID: note, Text: in.Body.Text, Private: in.Body.Private})
	})
}

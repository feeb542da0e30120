package proposal

import (
	"context"
	"encoding/json"

	"staffetta/internal/language"
	"staffetta/internal/merge"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/tenants"
)

// ImprovementTrial is what accepting a proposal would do.
type ImprovementTrial struct {
	Revision  int                   `json:"revision" minimum:"0" maximum:"1000000" doc:"Of the proposal, for If-Match"`
	Blocked   string                `json:"blocked" maxLength:"500" doc:"Why it cannot be accepted now; empty where it can"`
	Changes   []ImprovementChange   `json:"changes" maxItems:"2000" doc:"Of the own item"`
	Conflicts []ImprovementConflict `json:"conflicts" maxItems:"2000" doc:"To be answered"`
	Told      bool                  `json:"told" doc:"Somebody would see something else, today or once they hold a role: it is to be acknowledged"`
	Mark      string                `json:"mark" maxLength:"64" doc:"Of who gains and who loses, for the acceptance"`
	Sights    []modules.EffectBody  `json:"gains_and_losses" maxItems:"100000" doc:"Who gains and who loses"`
}

// ImprovementConflict is a place that both bodies changed.
type ImprovementConflict struct {
	Path     string `json:"path" maxLength:"1000"`
	Base     any    `json:"base,omitempty" doc:"What the kit held; missing where there was nothing"`
	Ours     any    `json:"ours,omitempty" doc:"The own item now"`
	Proposed any    `json:"proposed,omitempty"`
}

func (o operations) try(ctx context.Context, in *Path) (*struct{ Body ImprovementTrial }, error) {
	return o.trial(ctx, *in, nil)
}

func (o operations) tryAnswers(ctx context.Context, in *struct {
	Path
	Body struct {
		Answers []ImprovementAnswer `json:"answers" maxItems:"2000"`
	}
},
) (*struct{ Body ImprovementTrial }, error) {
	answers, err := answersOf(in.Body.Answers)
	if err != nil {
		return nil, err
	}
	return o.trial(ctx, in.Path, answers)
}

func (o operations) trial(ctx context.Context, in Path, answers map[string]merge.Answer) (*struct{ Body ImprovementTrial }, error) {
	id, err := in.UUID()
	if err != nil {
		return nil, err
	}
	t, err := o.service.Try(ctx, tenants.ScopeFrom(ctx), id, answers)
	if err != nil {
		return nil, err
	}
	view := ImprovementTrial{Revision: t.Proposal.Revision, Changes: changeViews(t.Changes), Conflicts: []ImprovementConflict{}}
	view.Told, view.Mark, view.Sights = t.Effect.Told, t.Effect.Mark, modules.EffectBodies(t.Effect.Changes)
	if t.Blocked != "" {
		view.Blocked = language.Say(ctx, language.M(t.Blocked))
	}
	for _, c := range t.Open {
		view.Conflicts = append(view.Conflicts, ImprovementConflict{c.Path, value(c.Base), value(c.Ours), value(c.Theirs)})
	}
	return &struct{ Body ImprovementTrial }{view}, nil
}

// ImprovementAnswer answers one conflict.
type ImprovementAnswer struct {
	Path  string `json:"path" maxLength:"1000"`
	Take  string `json:"take" enum:"ours,proposed,value"`
	Value any    `json:"value,omitempty" doc:"For value: what stands there; missing takes the place away"`
}

func (in ImprovementAnswer) answer() (merge.Answer, error) {
	switch {
	case in.Take == "proposed":
		return merge.Answer{Side: merge.Theirs}, nil
	case in.Take != string(merge.Value) || in.Value == nil:
		return merge.Answer{Side: merge.Side(in.Take)}, nil
	}
	raw, err := json.Marshal(in.Value)
	if err != nil {
		return merge.Answer{}, problem.New(problem.Invalid, "web.error.invalid").Wrap(err)
	}
	return merge.Answer{Side: merge.Value, Value: raw}, nil
}

// answersOf are the answers by their places.
func answersOf(given []ImprovementAnswer) (map[string]merge.Answer, error) {
	answers := make(map[string]merge.Answer, len(given))
	for _, one := range given {
		answer, err := one.answer()
		if err != nil {
			return nil, err
		}
		answers[one.Path] = answer
	}
	return answers, nil
}

func (o operations) accept(ctx context.Context, in *struct {
	Seen
	Body struct {
		Answers []ImprovementAnswer `json:"answers,omitempty" maxItems:"2000"`
		Note    string              `json:"note,omitempty" maxLength:"1000" doc:"To the other body"`
		Consent modules.ConsentBody `json:"consent,omitzero" doc:"Of who gains and who loses, where somebody does"`
	}
},
) (*output, error) {
	id, seen, err := in.version()
	if err != nil {
		return nil, err
	}
	fields, err := answersOf(in.Body.Answers)
	if err != nil {
		return nil, err
	}
	s := tenants.ScopeFrom(ctx)
	p, err := o.service.Accept(ctx, s, id, Acceptance{Seen: seen, Fields: fields, Note: in.Body.Note, Consent: in.Body.Consent.Consent()})
	return o.answer(s, p, err)
}

func (o operations) decline(ctx context.Context, in *struct {
	Seen
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"1000"`
	}
},
) (*output, error) {
	id, seen, err := in.version()
	if err != nil {
		return nil, err
	}
	s := tenants.ScopeFrom(ctx)
	p, err := o.service.Decline(ctx, s, id, seen, in.Body.Reason)
	return o.answer(s, p, err)
}

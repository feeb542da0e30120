// Package draft finds the notes that their author has begun and not signed, as work to go on with. It must not decide who
// may write in which case: its caller tells.
package draft

import (
	"context"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/tenants"
)

// Notes is where the drafts of notes are found.
type Notes struct {
	DB    *tenants.DB
	Held  func(tenants.Scope) (tenants.Scope, []string) // as casefile's Service.Held
	Label func(kind string) language.Text
}

// Find lists the actor's own drafts in open cases of the body in which the actor may still write them.
func (n Notes) Find(ctx context.Context, s tenants.Scope, q modules.DraftQuery) (modules.Drafts, error) {
	confined, held := n.Held(s)
	found, err := n.find(ctx, confined, held, q)
	if err != nil {
		return modules.Drafts{}, err
	}
	for i := range found.List {
		d := &found.List[i]
		d.Kind = language.M("casefile.note.title")
		d.Path = "/cartelle/" + d.Case.String() + "/diario/" + d.ID.String()
	}
	return found, nil
}

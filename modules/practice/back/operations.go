package back

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/dryrun"
	"staffetta/modules/practice/form"
	"staffetta/modules/practice/sight"
	"staffetta/modules/practice/upgrade"
	"staffetta/tenants"
)

type operations struct{ service *upgrade.Service }

// Operations are those of what was applied, and of going back.
func Operations(service *upgrade.Service) []modules.Operation {
	o := operations{service}
	return []modules.Operation{
		{Permission: "adoption:write", Register: o.registerRuns},
		{Permission: "adoption:write", Register: o.registerPlanUndo},
		{Permission: "adoption:write", Register: o.registerUndo},
	}
}

// RunView is one run of applying a kit or of going back.
type RunView struct {
	ID      string    `json:"id" format:"uuid"`
	Run     string    `json:"run" enum:"apply,upgrade,rollback"`
	Kit     string    `json:"kit" format:"uuid"`
	Release string    `json:"release" maxLength:"14" doc:"Empty for going back to before the first kit"`
	Author  string    `json:"author" maxLength:"120"`
	At      time.Time `json:"at"`
	Written int       `json:"written" minimum:"0" maximum:"1000000" doc:"Items that it wrote"`
}

type runsOutput struct {
	Body struct {
		Items []RunView `json:"items" maxItems:"500"`
		Next  string    `json:"next" maxLength:"80"`
	}
}

func (o operations) registerRuns(api huma.API) {
	huma.Register(api, form.Operation("list-applications", http.MethodGet, "/adoptions/{id}/applications", "List what was applied", "The runs of an adoption, newest first."),
		func(ctx context.Context, in *form.IDPath) (*runsOutput, error) {
			id, err := in.UUID()
			if err != nil {
				return nil, err
			}
			runs, err := o.service.Runs(ctx, tenants.ScopeFrom(ctx), id)
			if err != nil {
				return nil, err
			}
			out := &runsOutput{}
			out.Body.Items = []RunView{}
			for _, run := range runs {
				out.Body.Items = append(out.Body.Items, RunView{
					ID: run.ID.String(), Run: run.Kind, Kit: run.Kit.String(), Release: run.Release, Author: run.Author, At: run.At, Written: run.Written,
				})
			}
			return out, nil
		})
}

// RunPath is the path of a run of an adoption.
type RunPath struct {
	form.IDPath
	Run string `path:"run" format:"uuid" maxLength:"36" doc:"Id of the run"`
}

func (in RunPath) ids() (of, run uuid.UUID, err error) {
	if of, err = in.UUID(); err == nil {
		run, err = modules.KnownID(in.Run)
	}
	return of, run, err
}

// UndoView is the dry run of going back to before a run.
type UndoView struct {
	Digest  string         `json:"digest" maxLength:"64" doc:"Names this dry run when it is followed: another one by then is refused"`
	Release string         `json:"release" maxLength:"14" doc:"To which it goes back; empty for before the first kit"`
	Items   []kit.Term     `json:"items" maxItems:"2000" doc:"kind/key of what goes back"`
	Sights  []sight.Effect `json:"sights" maxItems:"2000" doc:"Who gains and who loses sight of what; to be acknowledged where there is one"`
	Edited  []kit.Term     `json:"edited" maxItems:"2000" doc:"Keys of what was changed since: while there is one, nothing goes back"`

	Misnamed []kit.Term `json:"misnamed" maxItems:"2000" doc:"Keys of what would be called like a role of the program again: while there is one, nothing goes back"`
}

func (o operations) registerPlanUndo(api huma.API) {
	huma.Register(api, form.Operation("plan-undo", http.MethodGet, "/adoptions/{id}/applications/{run}/undo", "Dry run of going back", "What going back to before a run would do; changes nothing."),
		func(ctx context.Context, in *RunPath) (*struct{ Body UndoView }, error) {
			id, run, err := in.ids()
			if err != nil {
				return nil, err
			}
			u, err := o.service.PlanUndo(ctx, tenants.ScopeFrom(ctx), id, run)
			if err != nil {
				return nil, err
			}
			view := UndoView{Digest: u.Digest(), Release: u.Release, Items: []kit.Term{}, Sights: sight.Views(u.Sights), Edited: kit.Terms(u.Edited()), Misnamed: kit.Terms(u.Misnamed())}
			for _, line := range u.Lines {
				view.Items = append(view.Items, kit.Term(kit.Place(line.Kind, line.Key)))
			}
			return &struct{ Body UndoView }{view}, nil
		})
}

type undoInput struct {
	RunPath
	Body *struct {
		Digest       string `json:"digest,omitempty" maxLength:"64" doc:"Of the dry run that was read; another one by now is refused. Needed where somebody gains or loses: the refusal tells it"`
		Acknowledged bool   `json:"acknowledged,omitempty" doc:"Who gains and who loses has been read"`
	}
}

func (in undoInput) back() (of uuid.UUID, to upgrade.Back, err error) {
	of, to.Run, err = in.ids()
	if in.Body != nil {
		to.Seen, to.Acknowledged = in.Body.Digest, in.Body.Acknowledged
	}
	return of, to, err
}

func (o operations) registerUndo(api huma.API) {
	huma.Register(api, form.Operation("undo-application", http.MethodPost, "/adoptions/{id}/applications/{run}/undo", "Go back",
		"Brings every item back to how it stood before a run, in one transaction. Undoing a rollback goes forward again."),
		func(ctx context.Context, in *undoInput) (*struct{ Body dryrun.ApplicationView }, error) {
			id, to, err := in.back()
			if err != nil {
				return nil, err
			}
			done, err := o.service.Undo(ctx, tenants.ScopeFrom(ctx), id, to)
			if err != nil {
				return nil, err
			}
			return &struct{ Body dryrun.ApplicationView }{dryrun.ViewOf(done)}, nil
		})
}

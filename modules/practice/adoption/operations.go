package adoption

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/form"
	"staffetta/tenants"
)

type operations struct{ service *Service }

// Operations are those of adoptions.
func Operations(service *Service) []modules.Operation {
	o := operations{service}
	return []modules.Operation{
		{Permission: "adoption:read", Register: o.registerFindAdoptions},
		{Permission: "adoption:read", Register: o.registerGetAdoption},
		{Permission: "adoption:write", Register: o.registerStart},
		{Permission: "adoption:write", Register: o.registerPlan},
		{Permission: "adoption:write", Register: o.registerApply},
	}
}

// AdoptionView is an adoption as the API gives it to each of its parties.
type AdoptionView struct {
	ID       string        `json:"id" format:"uuid"`
	Practice string        `json:"practice" format:"uuid"`
	Kit      string        `json:"kit" format:"uuid"`
	Release  string        `json:"release" maxLength:"14"`
	Title    kit.Wording   `json:"title"`
	Stage    int           `json:"stage" minimum:"0" maximum:"10"`
	State    string        `json:"state" maxLength:"20"`
	Side     string        `json:"side" enum:"ceding,reusing,lead"`
	Journal  []JournalView `json:"journal,omitempty" maxItems:"2000"`
}

// JournalView is a line of the journal of an adoption.
type JournalView struct {
	At      time.Time `json:"at"`
	Stage   int       `json:"stage" minimum:"0" maximum:"10"`
	Event   string    `json:"event" maxLength:"20"`
	Release string    `json:"release" maxLength:"14"`
	Author  string    `json:"author" maxLength:"120"`
	Note    string    `json:"note,omitempty" maxLength:"500"`
}

func adoptionView(a Adoption) AdoptionView {
	view := AdoptionView{
		ID: a.ID.String(), Practice: a.Practice.String(), Kit: a.Kit.String(), Release: a.Release, Title: kit.WordingOf(a.Title), Stage: a.Stage,
		State: a.State, Side: string(a.Side),
	}
	for _, entry := range a.Journal {
		view.Journal = append(view.Journal, JournalView{
			At: entry.At, Stage: entry.Stage, Event: entry.Event, Release: entry.Release, Author: entry.Author, Note: entry.Note,
		})
	}
	return view
}

type adoptionsOutput struct {
	Body struct {
		Items []AdoptionView `json:"items" maxItems:"2000"`
		Next  string         `json:"next" maxLength:"80"`
	}
}

type adoptionOutput struct{ Body AdoptionView }

func (o operations) registerFindAdoptions(api huma.API) {
	huma.Register(api, form.Operation("list-adoptions", http.MethodGet, "/adoptions", "List adoptions", "The adoptions in which the body is a party."),
		func(ctx context.Context, _ *struct{}) (*adoptionsOutput, error) {
			adoptions, err := o.service.FindAdoptions(ctx, tenants.ScopeFrom(ctx))
			if err != nil {
				return nil, err
			}
			out := &adoptionsOutput{}
			out.Body.Items = []AdoptionView{}
			for _, a := range adoptions {
				out.Body.Items = append(out.Body.Items, adoptionView(a))
			}
			return out, nil
		})
}

func (o operations) registerGetAdoption(api huma.API) {
	huma.Register(api, form.Operation("get-adoption", http.MethodGet, "/adoptions/{id}", "Get an adoption", "An adoption with its journal."),
		func(ctx context.Context, in *form.IDPath) (*adoptionOutput, error) {
			id, err := in.UUID()
			if err != nil {
				return nil, err
			}
			a, err := o.service.GetAdoption(ctx, tenants.ScopeFrom(ctx), id)
			if err != nil {
				return nil, err
			}
			return &adoptionOutput{adoptionView(a)}, nil
		})
}

func (o operations) registerStart(api huma.API) {
	op := form.Operation("start-adoption", http.MethodPost, "/adoptions", "Begin an adoption", "Begins to adopt a published practice. A body adopts a practice once.")
	op.DefaultStatus = http.StatusCreated
	huma.Register(api, op, func(ctx context.Context, in *struct {
		Key  string `header:"Idempotency-Key" maxLength:"36" doc:"Id of the new object; the same again creates nothing more"`
		Body struct {
			Practice string `json:"practice" format:"uuid" maxLength:"36"`
		}
	},
	) (*adoptionOutput, error) {
		practice, err := form.ParseID(in.Body.Practice)
		if err != nil {
			return nil, err
		}
		id, err := modules.NewID(in.Key)
		if err != nil {
			return nil, err
		}
		a, err := o.service.Start(ctx, tenants.ScopeFrom(ctx), id, practice)
		if err != nil {
			return nil, err
		}
		return &adoptionOutput{adoptionView(a)}, nil
	})
}

// PlanView is the dry run of a kit.
type PlanView struct {
	Release        string     `json:"release" maxLength:"14"`
	New            int        `json:"new" minimum:"0" maximum:"1000000"`
	Changed        int        `json:"changed" minimum:"0" maximum:"1000000"`
	Same           int        `json:"same" minimum:"0" maximum:"1000000"`
	Conflict       int        `json:"conflict" minimum:"0" maximum:"1000000"`
	Lines          []LineView `json:"lines" maxItems:"2000"`
	MissingKinds   []kit.Term `json:"missing_kinds" maxItems:"2000"`
	MissingModules []kit.Term `json:"missing_modules" maxItems:"2000"`
	MissingRoles   []kit.Term `json:"missing_roles" maxItems:"2000"`
}

// LineView is one item of a dry run.
type LineView struct {
	Kind    string `json:"kind" maxLength:"40"`
	Key     string `json:"key" maxLength:"64"`
	Outcome string `json:"outcome" enum:"new,changed,same,conflict"`
	Adapted bool   `json:"adapted"`
	Local   bool   `json:"local"`
}

func planView(p Plan) PlanView {
	view := PlanView{
		Release: p.Release, New: p.Count(New), Changed: p.Count(Changed), Same: p.Count(Same), Conflict: p.Count(Conflict), Lines: []LineView{},
		MissingKinds: kit.Terms(p.MissingKinds), MissingModules: []kit.Term{}, MissingRoles: kit.Terms(p.MissingRoles),
	}
	for _, id := range p.MissingModules {
		view.MissingModules = append(view.MissingModules, kit.Term(id))
	}
	for _, line := range p.Lines {
		view.Lines = append(view.Lines, LineView{
			Kind: line.Theirs.Kind, Key: line.Theirs.Key, Outcome: string(line.Outcome), Adapted: line.Adapted, Local: line.Local,
		})
	}
	return view
}

func (o operations) registerPlan(api huma.API) {
	huma.Register(api, form.Operation("plan-adoption", http.MethodGet, "/adoptions/{id}/plan", "Dry run", "What applying the kit would do, item by item; changes nothing."),
		func(ctx context.Context, in *form.IDPath) (*struct{ Body PlanView }, error) {
			id, err := in.UUID()
			if err != nil {
				return nil, err
			}
			plan, err := o.service.Plan(ctx, tenants.ScopeFrom(ctx), id)
			if err != nil {
				return nil, err
			}
			return &struct{ Body PlanView }{planView(plan)}, nil
		})
}

// DecisionInput answers one conflict.
type DecisionInput struct {
	Item   string `json:"item" maxLength:"105" doc:"kind/key"`
	Answer string `json:"answer" enum:"ours,kit"`
	Reason string `json:"reason,omitempty" maxLength:"500" doc:"Needed to keep ours"`
}

// ApplicationView is what applying a kit did.
type ApplicationView struct {
	ID       string `json:"id,omitempty" maxLength:"36" doc:"Empty when nothing was written"`
	Release  string `json:"release" maxLength:"14"`
	Changed  bool   `json:"changed"`
	New      int    `json:"new" minimum:"0" maximum:"1000000"`
	Updated  int    `json:"updated" minimum:"0" maximum:"1000000"`
	Same     int    `json:"same" minimum:"0" maximum:"1000000"`
	Conflict int    `json:"conflict" minimum:"0" maximum:"1000000"`
}

func (o operations) registerApply(api huma.API) {
	huma.Register(api, form.Operation("apply-adoption", http.MethodPost, "/adoptions/{id}/apply", "Apply the kit",
		"Makes the items of the kit the body's own in one transaction, all or nothing. Each conflict of the dry run needs a decision."),
		func(ctx context.Context, in *struct {
			form.IDPath
			Body struct {
				Decisions []DecisionInput `json:"decisions,omitempty" maxItems:"2000"`
			}
		},
		) (*struct{ Body ApplicationView }, error) {
			id, err := in.UUID()
			if err != nil {
				return nil, err
			}
			decisions := make(map[string]Decision, len(in.Body.Decisions))
			for _, d := range in.Body.Decisions {
				decisions[d.Item] = Decision{Answer: Answer(d.Answer), Reason: d.Reason}
			}
			run, err := o.service.Apply(ctx, tenants.ScopeFrom(ctx), id, decisions)
			if err != nil {
				return nil, err
			}
			view := ApplicationView{
				Release: run.Release, Changed: run.Changed, New: run.Counts[New], Updated: run.Counts[Changed], Same: run.Counts[Same], Conflict: run.Counts[Conflict],
			}
			if run.ID != uuid.Nil && run.Changed {
				view.ID = run.ID.String()
			}
			return &struct{ Body ApplicationView }{view}, nil
		})
}

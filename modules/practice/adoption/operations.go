package adoption

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

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
		modules.Declare("adoption:read", form.Operation("list-led-adoptions", http.MethodGet, "/led-adoptions", "List the adoptions that the body leads",
			"With how each was measured last and how many alarms have stood for the term."), o.findLed),
		modules.Declare("adoption:write", form.Operation("name-adoption-lead", http.MethodPut, "/adoptions/{id}/lead", "Name the lead body of an adoption",
			"Once both sides have named it, it sees the board, and writes nothing; the lead before, named in instead_of, sees it no longer. Until then it is lead_proposed. 409 where another one leads."), o.nameLead),
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
	Lead     string        `json:"lead,omitempty" maxLength:"63" doc:"Slug of the body that leads the project"`
	Proposed string        `json:"lead_proposed,omitempty" maxLength:"63" doc:"Slug of the body that one side has named as the lead and the other has not yet"`
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

func (o operations) view(a Adoption) AdoptionView {
	view := AdoptionView{
		ID: a.ID.String(), Practice: a.Practice.String(), Kit: a.Kit.String(), Release: a.Release, Title: kit.WordingOf(a.Title), Stage: a.Stage,
		State: a.State, Side: string(a.Side), Lead: o.service.deps.Bodies.Slug(a.Leading),
		Proposed: o.service.deps.Bodies.Slug(a.Proposed.Lead),
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
		Items []AdoptionView `json:"items" maxItems:"50"`
		Next  string         `json:"next" maxLength:"200" doc:"Cursor of the next page; empty on the last"`
	}
}

type adoptionOutput struct{ Body AdoptionView }

func (o operations) registerFindAdoptions(api huma.API) {
	huma.Register(api, form.Operation("list-adoptions", http.MethodGet, "/adoptions", "List adoptions", "The adoptions in which the body is a party, newest first."),
		func(ctx context.Context, in *form.CursorInput) (*adoptionsOutput, error) {
			adoptions, next, err := o.service.FindAdoptions(ctx, tenants.ScopeFrom(ctx), in.Cursor)
			if err != nil {
				return nil, err
			}
			out := &adoptionsOutput{}
			out.Body.Items, out.Body.Next = []AdoptionView{}, next
			for _, a := range adoptions {
				out.Body.Items = append(out.Body.Items, o.view(a))
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
			return &adoptionOutput{o.view(a)}, nil
		})
}

func (o operations) registerStart(api huma.API) {
	op := form.Operation("start-adoption", http.MethodPost, "/adoptions", "Begin an adoption", "Begins to adopt a published practice. A body adopts a practice once.")
	op.DefaultStatus = http.StatusCreated
	huma.Register(api, op, func(ctx context.Context, in *form.StartInput) (*adoptionOutput, error) {
		id, practice, err := in.IDs()
		if err != nil {
			return nil, err
		}
		a, err := o.service.Start(ctx, tenants.ScopeFrom(ctx), id, practice)
		if err != nil {
			return nil, err
		}
		return &adoptionOutput{o.view(a)}, nil
	})
}

// LedView is an adoption as the API gives it to the body that leads the project.
type LedView struct {
	AdoptionView
	Body    string `json:"body" maxLength:"200" doc:"The reusing body"`
	Verdict string `json:"verdict" enum:"starting,active,dormant,ended"`
	Used90  int    `json:"used_90" minimum:"0" maximum:"5000" doc:"Items used in the last 90 days"`
	Of      int    `json:"measured" minimum:"0" maximum:"5000"`
	Late    int    `json:"alarms" minimum:"0" maximum:"10" doc:"Alarms that have stood for the term"`
}

func (o operations) findLed(ctx context.Context, _ *struct{}) (*struct {
	Body struct {
		Items []LedView `json:"items" maxItems:"500"`
	}
}, error,
) {
	led, err := o.service.FindLed(ctx, tenants.ScopeFrom(ctx))
	if err != nil {
		return nil, err
	}
	out := &struct {
		Body struct {
			Items []LedView `json:"items" maxItems:"500"`
		}
	}{}
	out.Body.Items = []LedView{}
	for _, l := range led {
		out.Body.Items = append(out.Body.Items, LedView{o.view(l.Adoption), o.service.deps.Bodies.Name(l.Reusing), l.verdict(), l.Used90, l.Of, l.Late})
	}
	return out, nil
}

func (o operations) nameLead(ctx context.Context, in *struct {
	form.IDPath
	Body struct {
		Lead      string `json:"lead" maxLength:"63" doc:"Slug of the body"`
		InsteadOf string `json:"instead_of,omitempty" maxLength:"63" doc:"Slug of the lead that was seen; empty where there is none"`
		Reason    string `json:"reason,omitempty" maxLength:"300" doc:"Why the lead changes; required where there is one and the other side has not named the new one"`
	}
},
) (*adoptionOutput, error) {
	id, err := in.UUID()
	if err != nil {
		return nil, err
	}
	s := tenants.ScopeFrom(ctx)
	naming := Naming{Lead: in.Body.Lead, InsteadOf: o.service.leadID(in.Body.InsteadOf), Reason: in.Body.Reason}
	if _, err := o.service.NameLead(ctx, s, id, naming); err != nil {
		return nil, err
	}
	a, err := o.service.GetAdoption(ctx, s, id)
	if err != nil {
		return nil, err
	}
	return &adoptionOutput{o.view(a)}, nil
}

package need

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/practice/form"
	"staffetta/tenants"
)

const operationPath = "/practice-needs"

type operations struct{ service *Service }

// Operations are those of needs.
func Operations(service *Service) []modules.Operation {
	o := operations{service}
	at := operationPath + "/{need}"
	create := form.Operation("create-practice-need", http.MethodPost, operationPath, "Write a need down", "Keeps a new need as a draft.")
	create.DefaultStatus = http.StatusCreated
	return []modules.Operation{
		modules.Declare("adoption:read", form.Operation("list-practice-needs", http.MethodGet, operationPath, "List needs", "The needs of the body, and those that others have published."), o.find),
		modules.Declare("adoption:write", create, o.create),
		modules.Declare("adoption:read", form.Operation("get-practice-need", http.MethodGet, at, "Get a need", "A need of the body, or one that another has published."), o.get),
		modules.Declare("adoption:write", form.Operation("update-practice-need", http.MethodPut, at, "Change a need", "Changes a need that is not met; a published one is published anew."), o.update),
		modules.Declare("adoption:write", form.Operation("publish-practice-need", http.MethodPost, at+"/publication", "Publish a need", "Shows it to all bodies."), o.publish),
		modules.Declare("adoption:write", form.Operation("close-practice-need", http.MethodPost, at+"/closing", "Close a need", "Takes a published need back, or says that it is met."), o.close),
	}
}

// View is a need as the API gives it.
type View struct {
	ID          string    `json:"id" format:"uuid"`
	Own         bool      `json:"own"`
	Body        string    `json:"body" maxLength:"200" doc:"Who published it; empty for the own body"`
	Title       string    `json:"title" maxLength:"200"`
	Purpose     string    `json:"purpose" maxLength:"2000" doc:"What for"`
	Audience    string    `json:"audience" maxLength:"500" doc:"For whom"`
	Area        string    `json:"area" maxLength:"60" doc:"ISTAT area"`
	Budget      string    `json:"budget" maxLength:"10" doc:"Euro a year at most; more for no limit, empty where it is not said"`
	Staff       *int      `json:"staff,omitempty" minimum:"0" maximum:"500" doc:"People who can work at it"`
	Deadline    string    `json:"deadline" maxLength:"10" doc:"By when it should run; empty where it is not said"`
	State       string    `json:"state" enum:"draft,published,withdrawn,met"`
	Revision    int       `json:"revision" minimum:"0" maximum:"1000000" doc:"For If-Match; 0 for another body's"`
	PublishedAt time.Time `json:"published_at,omitzero"`
}

func (o operations) view(s tenants.Scope, n PracticeNeed) View {
	t := typedOf(n)
	return View{
		ID: n.ID.String(), Own: n.Tenant == s.Tenant, Body: n.Body, Title: n.Title, Purpose: n.Purpose, Audience: n.Audience, Area: n.Area, Budget: n.Budget,
		Staff: n.Staff, Deadline: t.deadline, State: string(n.State), Revision: n.Revision, PublishedAt: n.PublishedAt,
	}
}

type output struct{ Body View }

func (o operations) answer(s tenants.Scope, n PracticeNeed, err error) (*output, error) {
	if err != nil {
		return nil, err
	}
	return &output{o.view(s, n)}, nil
}

// Path names a need in a path of the API.
type Path struct {
	ID string `path:"need" format:"uuid" maxLength:"36" doc:"Id of the need"`
}

// UUID is the id; problem.NotFound for anything else.
func (in Path) UUID() (uuid.UUID, error) { return modules.KnownID(in.ID) }

type list struct {
	Body struct {
		Items []View `json:"items" maxItems:"525"`
		Next  string `json:"next" maxLength:"200" doc:"Cursor of the next published needs; empty on the last page"`
	}
}

// find gives the own needs with the first page alone.
func (o operations) find(ctx context.Context, in *struct {
	Area   string `query:"area" maxLength:"60" doc:"Of published needs"`
	Cursor string `query:"cursor" maxLength:"200" doc:"Next of the page before"`
},
) (*list, error) {
	s := tenants.ScopeFrom(ctx)
	out := &list{}
	out.Body.Items = []View{}
	var own []PracticeNeed
	if in.Cursor == "" {
		var err error
		if own, err = o.service.Find(ctx, s); err != nil {
			return nil, err
		}
	}
	others, next, err := o.service.FindPublished(ctx, s, in.Area, in.Cursor)
	if err != nil {
		return nil, err
	}
	for _, n := range append(own, others...) {
		out.Body.Items = append(out.Body.Items, o.view(s, n))
	}
	out.Body.Next = next
	return out, nil
}

func (o operations) get(ctx context.Context, in *Path) (*output, error) {
	id, err := in.UUID()
	if err != nil {
		return nil, err
	}
	s := tenants.ScopeFrom(ctx)
	n, err := o.service.Get(ctx, s, id)
	return o.answer(s, n, err)
}

// Input is a need as a caller writes it.
type Input struct {
	Title    string `json:"title" minLength:"3" maxLength:"200"`
	Purpose  string `json:"purpose" minLength:"1" maxLength:"2000" doc:"What for"`
	Audience string `json:"audience,omitempty" maxLength:"500" doc:"For whom"`
	Area     string `json:"area,omitempty" maxLength:"60" doc:"ISTAT area"`
	Budget   string `json:"budget,omitempty" maxLength:"10" doc:"10000, 50000, 100000 or more: euro a year at most"`
	Staff    *int   `json:"staff,omitempty" minimum:"0" maximum:"500" doc:"People who can work at it"`
	Deadline string `json:"deadline,omitempty" maxLength:"10" format:"date" doc:"By when it should run"`
}

func (in Input) need() (PracticeNeed, error) {
	n, err := typed{title: in.Title, purpose: in.Purpose, audience: in.Audience, area: in.Area, budget: in.Budget, deadline: in.Deadline}.need()
	n.Staff = in.Staff
	return n, err
}

func (o operations) create(ctx context.Context, in *struct {
	Key  string `header:"Idempotency-Key" maxLength:"36" doc:"Id of the new object; the same again creates nothing more"`
	Body Input
},
) (*output, error) {
	n, err := in.Body.need()
	if err != nil {
		return nil, err
	}
	if n.ID, err = modules.NewID(in.Key); err != nil {
		return nil, err
	}
	s := tenants.ScopeFrom(ctx)
	n, err = o.service.Create(ctx, s, n)
	return o.answer(s, n, err)
}

func (o operations) update(ctx context.Context, in *struct {
	Path
	IfMatch string `header:"If-Match" required:"true" maxLength:"20" doc:"The version that the caller has seen"`
	Body    Input
},
) (*output, error) {
	n, err := in.Body.need()
	if err != nil {
		return nil, err
	}
	if n.ID, err = in.UUID(); err != nil {
		return nil, err
	}
	if n.Revision, err = modules.IfMatchNew(in.IfMatch); err != nil {
		return nil, err
	}
	s := tenants.ScopeFrom(ctx)
	n, err = o.service.Update(ctx, s, n)
	return o.answer(s, n, err)
}

func (o operations) publish(ctx context.Context, in *Path) (*output, error) {
	id, err := in.UUID()
	if err != nil {
		return nil, err
	}
	s := tenants.ScopeFrom(ctx)
	n, err := o.service.Publish(ctx, s, id)
	return o.answer(s, n, err)
}

func (o operations) close(ctx context.Context, in *struct {
	Path
	Body struct {
		Outcome string `json:"outcome" enum:"withdrawn,met" maxLength:"10"`
	}
},
) (*output, error) {
	id, err := in.UUID()
	if err != nil {
		return nil, err
	}
	outcome := State(in.Body.Outcome)
	if outcome != Withdrawn && outcome != Met {
		return nil, problem.New(problem.Invalid, "web.error.invalid")
	}
	s := tenants.ScopeFrom(ctx)
	n, err := o.service.Close(ctx, s, id, outcome)
	return o.answer(s, n, err)
}

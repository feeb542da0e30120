package casefile

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/casefile/access"
	"staffetta/modules/casefile/diary"
	"staffetta/modules/casefile/document"
	"staffetta/modules/casefile/protection"
	"staffetta/modules/casefile/team"
	"staffetta/modules/casefile/visit"
	"staffetta/modules/casefile/why"
	"staffetta/tenants"
)

type operations struct {
	service *Service
}

func (o *operations) all() []modules.Operation {
	tags := []string{"casefile"}
	add := func(permission string, register func(huma.API)) modules.Operation {
		return modules.Operation{Permission: permission, Register: register}
	}
	return slices.Concat([]modules.Operation{
		add("case:read", func(api huma.API) {
			huma.Register(api, huma.Operation{
				OperationID: "list-case-files", Method: http.MethodGet, Path: "/case-files", Tags: tags,
				Summary: "List case files", Description: "The open case files assigned to the caller, newest first; all of the body for who may open them all.",
			}, o.list)
		}),
		add("case:create", func(api huma.API) {
			huma.Register(api, huma.Operation{
				OperationID: "create-case-file", Method: http.MethodPost, Path: "/case-files", Tags: tags, DefaultStatus: http.StatusCreated,
				Summary: "Open a case file", Description: "Opens a case file for a person of the body and assigns it. Repeating the call with the same Idempotency-Key changes nothing.",
			}, o.create)
		}),
		add("case:read", func(api huma.API) {
			huma.Register(api, huma.Operation{
				OperationID: "get-case-file", Method: http.MethodGet, Path: "/case-files/{case}", Tags: tags,
				Summary: "Get a case file", Description: "The header of a case file and the sections that the caller may read. The reading is audited.",
			}, o.get)
		}),
		add("case:write", func(api huma.API) {
			huma.Register(api, huma.Operation{
				OperationID: "advance-case-file", Method: http.MethodPost, Path: "/case-files/{case}/steps", Tags: tags, DefaultStatus: http.StatusNoContent,
				Summary: "Move a case file along its path", Description: "Takes a step of the workflow that the case file follows.",
			}, o.advance)
		}),
		add("case:read", func(api huma.API) {
			huma.Register(api, huma.Operation{
				OperationID: "list-case-file-steps", Method: http.MethodGet, Path: "/case-files/{case}/steps", Tags: tags,
				Summary: "List the steps of a case file", Description: "How the case file moved along its path, and what was given to each step. The reading is audited.",
			}, o.steps)
		}),
	}, diary.Operations(o.service.Diary), document.Operations(o.service.Documents), protection.Operations(o.service.Protections), visit.Operations(o.service.Visits), team.Operations(o.service.Team), why.Operations(o.service.Why))
}

// CaseFileBody is a case file as the API shows it.
type CaseFileBody struct {
	ID       string    `json:"id" format:"uuid" doc:"Id of the case file, or body~id for another body's"`
	Number   string    `json:"number" maxLength:"20" doc:"Number within the body and year"`
	Person   string    `json:"person_id,omitempty" format:"uuid" doc:"The person; only with the section identity"`
	State    string    `json:"state" maxLength:"60" doc:"Key of the state"`
	Label    string    `json:"state_label" maxLength:"120" doc:"Name of the state in the body's words"`
	Area     string    `json:"area,omitempty" maxLength:"60" doc:"Local target"`
	OpenedAt time.Time `json:"opened_at" doc:"When it was opened"`
	Relation string    `json:"relation,omitempty" maxLength:"20" doc:"How the caller stands to it"`
	Sections []string  `json:"sections,omitempty" maxItems:"13" maxLength:"20" doc:"Sections that the caller may read"`
	Version  int       `json:"version,omitempty" minimum:"1" maximum:"2147483647" format:"int32" doc:"Version for optimistic writes"`
}

func (o *operations) opened(ctx context.Context, ref string) (*access.Access, error) {
	return access.WithoutReason(o.service.Open(ctx, tenants.ScopeFrom(ctx), ref, ""))
}

type listInput struct {
	All    bool   `query:"all" doc:"Every case file of the body, for who may open them all"`
	Closed bool   `query:"closed" doc:"Closed ones too"`
	After  string `query:"after" maxLength:"200" doc:"Cursor of the next page"`
}

type listOutput struct {
	Body struct {
		Items []CaseLine `json:"items" maxItems:"50" doc:"Case files"`
		Next  string     `json:"next,omitempty" maxLength:"200" doc:"Cursor of the next page"`
	}
}

// CaseLine is a case file in a list of the API.
type CaseLine struct {
	ID       string    `json:"id" format:"uuid" doc:"Id of the case file"`
	Number   string    `json:"number" maxLength:"20" doc:"Number within the body and year"`
	Label    string    `json:"state_label" maxLength:"120" doc:"Name of the state"`
	Surname  string    `json:"surname,omitempty" maxLength:"100" doc:"Surname, where the identity is shown"`
	Name     string    `json:"name,omitempty" maxLength:"100" doc:"Name, where the identity is shown"`
	Area     string    `json:"area,omitempty" maxLength:"60" doc:"Local target"`
	Manager  string    `json:"manager,omitempty" maxLength:"120" doc:"Who holds it"`
	OpenedAt time.Time `json:"opened_at" doc:"When it was opened"`
}

func (o *operations) list(ctx context.Context, in *listInput) (*listOutput, error) {
	lines, next, err := o.service.Find(ctx, tenants.ScopeFrom(ctx), Query{All: in.All, Closed: in.Closed, After: access.ParseCursor(in.After)})
	if err != nil {
		return nil, err
	}
	out := &listOutput{}
	out.Body.Items, out.Body.Next = make([]CaseLine, len(lines)), next.String()
	for i, l := range lines {
		out.Body.Items[i] = CaseLine{ID: l.ID.String(), Number: l.Number, Label: l.State, Surname: l.Surname, Name: l.Name, Area: l.Area, Manager: l.Manager, OpenedAt: l.OpenedAt}
	}
	return out, nil
}

type createInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"36" doc:"A UUID that makes a repeated call harmless"`
	Body struct {
		Person   string `json:"person_id" format:"uuid" doc:"The person of the case"`
		Contact  string `json:"contact_id,omitempty" format:"uuid" doc:"The contact at the access desk it begins with"`
		Area     string `json:"area,omitempty" enum:"famiglia_minori,disabili,adulti,anziani" doc:"Local target"`
		Summary  string `json:"summary,omitempty" maxLength:"2000" doc:"Why the case is opened"`
		Workflow string `json:"workflow,omitempty" maxLength:"60" doc:"Key of a published workflow; the basic path if missing"`
		Manager  string `json:"manager_account,omitempty" format:"uuid" doc:"Who holds the case; the caller if missing"`
	}
}

type caseOutput struct {
	Body CaseFileBody
}

func (o *operations) create(ctx context.Context, in *createInput) (*caseOutput, error) {
	id, err := modules.NewID(in.Key)
	if err != nil {
		return nil, err
	}
	c, err := o.service.Create(ctx, tenants.ScopeFrom(ctx), Opening{
		ID: id, Person: modules.LinkID(in.Body.Person), Contact: modules.LinkID(in.Body.Contact), Area: in.Body.Area, Summary: in.Body.Summary,
		Workflow: in.Body.Workflow, Manager: modules.LinkID(in.Body.Manager),
	})
	if err != nil {
		return nil, err
	}
	return &caseOutput{Body: CaseFileBody{ID: c.ID.String(), Number: c.Number, Person: c.Person.String(), State: c.State, Label: c.StateLabel, Area: c.Area, OpenedAt: c.OpenedAt, Version: c.Version}}, nil
}

func (o *operations) get(ctx context.Context, in *access.CaseRef) (*caseOutput, error) {
	a, err := o.opened(ctx, in.Case)
	if err != nil {
		return nil, err
	}
	body := CaseFileBody{
		ID: in.Case, Number: a.Number, State: a.State, Label: a.StateLabel, Area: a.Area, OpenedAt: a.OpenedAt,
		Relation: string(a.Relation), Sections: a.Scope.Sections(), Version: a.Version,
	}
	if a.Scope.Reads("identity") {
		body.Person = a.CaseFile.Person.String()
	}
	return &caseOutput{Body: body}, nil
}

type advanceInput struct {
	access.CaseRef
	IfMatch string `header:"If-Match" maxLength:"20" doc:"The version that the caller has seen; missing for whatever it is now"`
	Body    struct {
		Step   string `json:"step" maxLength:"60" doc:"Key of the step"`
		Reason string `json:"reason,omitempty" maxLength:"4000" doc:"Words beside what the step asks for; the answer of a step that asks for words alone"`
		// Answers are by fields of the workflow.
		Answers map[string]any `json:"answers,omitempty" doc:"By key of the field of the workflow: text, number, day, key of a term, or id of an account"`
	}
}

func (o *operations) advance(ctx context.Context, in *advanceInput) (*struct{}, error) {
	version, err := modules.IfMatch(in.IfMatch)
	if err != nil {
		return nil, err
	}
	m := Move{Step: in.Body.Step, Reason: in.Body.Reason, Answers: in.Body.Answers, Version: version}
	return nil, o.service.Move(ctx, tenants.ScopeFrom(ctx), in.Case, m)
}

// GivenBody is what was given to a field of a step, in the API.
type GivenBody struct {
	Key   string `json:"key" maxLength:"64" doc:"Key of the field of the workflow"`
	Label string `json:"label" maxLength:"20000"`
	Value any    `json:"value" doc:"Text, number, day, key of a term, or id of an account"`
	Text  string `json:"text" maxLength:"20000" doc:"The value in words, as it was called then"`
}

// StepBody is a step of a case file in the API.
type StepBody struct {
	From      string      `json:"from" maxLength:"64" doc:"Key of the state"`
	To        string      `json:"to" maxLength:"64" doc:"Key of the state"`
	FromLabel string      `json:"from_label" maxLength:"20000"`
	ToLabel   string      `json:"to_label" maxLength:"20000"`
	At        time.Time   `json:"at"`
	By        string      `json:"by" maxLength:"120"`
	Reason    string      `json:"reason,omitempty" maxLength:"4000" doc:"Words beside what was given; only with the section diary"`
	Given     []GivenBody `json:"given" maxItems:"500" doc:"What the step asked for; only with the section diary"`
}

type stepsOutput struct {
	Body struct {
		Items []StepBody `json:"items" maxItems:"100" doc:"The last ones, newest first; none of another body's case file"`
	}
}

func (o *operations) steps(ctx context.Context, in *access.CaseRef) (*stepsOutput, error) {
	a, err := access.WithoutReason(o.service.OpenBeside(ctx, tenants.ScopeFrom(ctx), in.Case, "", reasonSection))
	if err != nil {
		return nil, err
	}
	steps, err := findSteps(ctx, a)
	if err != nil {
		return nil, err
	}
	out := &stepsOutput{}
	out.Body.Items = make([]StepBody, len(steps))
	for i, t := range steps {
		body := StepBody{
			From: t.From, To: t.To, FromLabel: language.SayText(ctx, a.States.Label(t.From)), ToLabel: language.SayText(ctx, a.States.Label(t.To)),
			At: t.At, By: t.By, Reason: t.Reason, Given: make([]GivenBody, len(t.Given)),
		}
		for n, g := range t.Given {
			body.Given[n] = GivenBody{Key: g.Key, Label: g.Label.In(language.Of(ctx)), Value: g.Value, Text: g.Text(ctx)}
		}
		out.Body.Items[i] = body
	}
	return out, nil
}

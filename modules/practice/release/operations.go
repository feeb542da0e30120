package release

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

// Operations are those of practices and their kits.
func Operations(service *Service) []modules.Operation { return operations{service}.list() }

func (o operations) list() []modules.Operation {
	return []modules.Operation{
		{Permission: "practice:read", Register: o.registerFind},
		{Permission: "practice:read", Register: o.registerGet},
		{Permission: "practice:write", Register: o.registerCreate},
		{Permission: "practice:write", Register: o.registerUpdate},
		{Permission: "practice:read", Register: o.registerGetKit},
		{Permission: "practice:publish", Register: o.registerCompose},
		{Permission: "practice:publish", Register: o.registerJustify},
		{Permission: "practice:publish", Register: o.registerConfirm},
		{Permission: "practice:publish", Register: o.registerPublish},
	}
}

// PracticeView is a practice of the body as the API gives it.
type PracticeView struct {
	ID        string      `json:"id" format:"uuid"`
	Key       string      `json:"key" maxLength:"64"`
	Title     kit.Wording `json:"title"`
	Owner     string      `json:"owner" maxLength:"200"`
	Licence   string      `json:"licence" maxLength:"60"`
	State     string      `json:"state" enum:"draft,in_review,published,retired"`
	Sheet     any         `json:"sheet" doc:"The four parts: registry, characteristics, results, transfer"`
	Revision  int         `json:"revision" minimum:"0" maximum:"1000000" doc:"Value for If-Match"`
	UpdatedAt time.Time   `json:"updated_at"`
}

func practiceView(p Practice) PracticeView {
	return PracticeView{
		ID: p.ID.String(), Key: p.Key, Title: kit.WordingOf(p.Title), Owner: p.Owner, Licence: p.Licence, State: string(p.State), Sheet: p.Sheet,
		Revision: p.Revision, UpdatedAt: p.UpdatedAt,
	}
}

type practicesOutput struct {
	Body struct {
		Items []PracticeView `json:"items" maxItems:"50"`
		Next  string         `json:"next" maxLength:"200" doc:"Cursor of the next page; empty on the last"`
	}
}

type practiceOutput struct{ Body PracticeView }

func (o operations) registerFind(api huma.API) {
	huma.Register(api, form.Operation("list-practices", http.MethodGet, "/practices", "List the body's practices", "The practices of the body, by key."),
		func(ctx context.Context, in *form.CursorInput) (*practicesOutput, error) {
			practices, next, err := o.service.Find(ctx, tenants.ScopeFrom(ctx), in.Cursor)
			if err != nil {
				return nil, err
			}
			out := &practicesOutput{}
			out.Body.Items, out.Body.Next = make([]PracticeView, len(practices)), next
			for i, p := range practices {
				out.Body.Items[i] = practiceView(p)
			}
			return out, nil
		})
}

func (o operations) registerGet(api huma.API) {
	huma.Register(api, form.Operation("get-practice", http.MethodGet, "/practices/{id}", "Get a practice", "A practice of the body with its sheet."),
		func(ctx context.Context, in *form.IDPath) (*practiceOutput, error) {
			id, err := in.UUID()
			if err != nil {
				return nil, err
			}
			p, err := o.service.Get(ctx, tenants.ScopeFrom(ctx), id)
			if err != nil {
				return nil, err
			}
			return &practiceOutput{practiceView(p)}, nil
		})
}

// PracticeInput is a practice as a caller writes it.
type PracticeInput struct {
	Key     string         `json:"key" minLength:"1" maxLength:"64"`
	Title   kit.Wording    `json:"title"`
	Owner   string         `json:"owner" minLength:"1" maxLength:"200"`
	Licence string         `json:"licence" minLength:"1" maxLength:"60" doc:"SPDX identifier"`
	Sheet   map[string]any `json:"sheet" doc:"The four parts: registry, characteristics, results, transfer"`
}

func (in PracticeInput) practice() (Practice, error) {
	sheet, err := sheetFrom(in.Sheet)
	return Practice{Key: in.Key, Title: in.Title.Text(), Owner: in.Owner, Licence: in.Licence, Sheet: sheet}, err
}

func (o operations) registerCreate(api huma.API) {
	op := form.Operation("create-practice", http.MethodPost, "/practices", "Create a practice", "Keeps a new practice as a draft.")
	op.DefaultStatus = http.StatusCreated
	huma.Register(api, op, func(ctx context.Context, in *struct {
		Key  string `header:"Idempotency-Key" maxLength:"36" doc:"Id of the new object; the same again creates nothing more"`
		Body PracticeInput
	},
	) (*practiceOutput, error) {
		p, err := in.Body.practice()
		if err != nil {
			return nil, err
		}
		if p.ID, err = modules.NewID(in.Key); err != nil {
			return nil, err
		}
		created, err := o.service.Create(ctx, tenants.ScopeFrom(ctx), p)
		if err != nil {
			return nil, err
		}
		return &practiceOutput{practiceView(created)}, nil
	})
}

func (o operations) registerUpdate(api huma.API) {
	huma.Register(api, form.Operation("update-practice", http.MethodPut, "/practices/{id}", "Change a practice", "Changes title, owner, licence and sheet."),
		func(ctx context.Context, in *struct {
			form.IDPath
			IfMatch string `header:"If-Match" required:"true" maxLength:"20" doc:"The version that the caller has seen"`
			Body    PracticeInput
		},
		) (*practiceOutput, error) {
			p, err := in.Body.practice()
			if err != nil {
				return nil, err
			}
			if p.ID, err = in.UUID(); err != nil {
				return nil, err
			}
			if p.Revision, err = modules.IfMatchNew(in.IfMatch); err != nil {
				return nil, err
			}
			updated, err := o.service.Update(ctx, tenants.ScopeFrom(ctx), p)
			if err != nil {
				return nil, err
			}
			return &practiceOutput{practiceView(updated)}, nil
		})
}

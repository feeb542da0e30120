package incident

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"staffetta/modules"
	"staffetta/modules/steward/body"
	"staffetta/policies"
	"staffetta/tenants"
)

type operations struct {
	service *Service
}

// Operations are those of incidents.
func Operations(service *Service) []modules.Operation {
	o := operations{service}
	return []modules.Operation{
		body.Declare(policies.Public, huma.Operation{
			OperationID: "list-incidents", Method: http.MethodGet, Path: "/incidents", Summary: "List the incidents",
			Description: "What is open, and what was closed in the last thirty days. Needs no login.",
		}, o.find),
		body.Declare(Write, huma.Operation{
			OperationID: "open-incident", Method: http.MethodPost, Path: "/incidents", DefaultStatus: http.StatusCreated, Summary: "Write a new incident",
			Description: "Tells the bodies that it concerns, and everybody on the public page.",
		}, o.open),
		body.Declare(Write, huma.Operation{
			OperationID: "note-incident", Method: http.MethodPost, Path: "/incidents/{incident}/notes", DefaultStatus: http.StatusNoContent, Summary: "Add to an incident",
			Description: "Says what is known or was done, and closes the incident where that is the end. 409 for a closed one.",
		}, o.note),
	}
}

// IncidentNote is what is known, or was done, at an instant.
type IncidentNote struct {
	Text string    `json:"text" maxLength:"2000"`
	At   time.Time `json:"at"`
}

// IncidentBody is an incident.
type IncidentBody struct {
	ID       uuid.UUID      `json:"id" format:"uuid"`
	Title    string         `json:"title" maxLength:"160"`
	Bodies   []string       `json:"bodies" maxItems:"10000" maxLength:"63" doc:"Slugs of the bodies that it concerns; none for all"`
	BeganAt  time.Time      `json:"began_at"`
	ClosedAt *time.Time     `json:"closed_at,omitempty"`
	Notes    []IncidentNote `json:"notes" maxItems:"1000" doc:"The oldest first"`
}

type incidentsOutput struct {
	Body struct {
		Items []IncidentBody `json:"items" maxItems:"50"`
	}
}

func (o operations) find(ctx context.Context, _ *struct{}) (*incidentsOutput, error) {
	all, err := o.service.Find(ctx)
	if err != nil {
		return nil, err
	}
	out := &incidentsOutput{}
	out.Body.Items = make([]IncidentBody, len(all))
	for n, i := range all {
		b := IncidentBody{ID: i.ID, Title: i.Title, Bodies: []string{}, BeganAt: i.BeganAt, Notes: make([]IncidentNote, len(i.Notes))}
		if !i.ClosedAt.IsZero() {
			b.ClosedAt = &all[n].ClosedAt
		}
		for _, id := range i.Bodies {
			b.Bodies = append(b.Bodies, o.service.deps.Bodies.Slug(id))
		}
		for k, one := range i.Notes {
			b.Notes[k] = IncidentNote(one)
		}
		out.Body.Items[n] = b
	}
	return out, nil
}

type incidentOpenInput struct {
	Body struct {
		Title  string   `json:"title" minLength:"3" maxLength:"160" doc:"What went wrong for people"`
		Text   string   `json:"text" minLength:"1" maxLength:"2000" doc:"What is known and what is done; public, so no names of persons"`
		Bodies []string `json:"bodies" maxItems:"10000" maxLength:"63" doc:"Slugs of the bodies that it concerns; none for all"`
	}
}

type incidentOpenOutput struct {
	Body struct {
		ID uuid.UUID `json:"id" format:"uuid"`
	}
}

func (o operations) open(ctx context.Context, in *incidentOpenInput) (out *incidentOpenOutput, err error) {
	out = &incidentOpenOutput{}
	out.Body.ID, err = o.service.Open(ctx, tenants.ScopeFrom(ctx), Report{Title: in.Body.Title, Text: in.Body.Text, Slugs: in.Body.Bodies})
	return out, err
}

type incidentNoteInput struct {
	Incident uuid.UUID `path:"incident" format:"uuid" doc:"Id of the incident"`
	Body     struct {
		Text   string `json:"text" minLength:"1" maxLength:"2000" doc:"What is known, or was done; public"`
		Closes bool   `json:"closes" doc:"Whether the incident is over"`
	}
}

func (o operations) note(ctx context.Context, in *incidentNoteInput) (*struct{}, error) {
	return nil, o.service.Note(ctx, tenants.ScopeFrom(ctx), in.Incident, in.Body.Text, in.Body.Closes)
}

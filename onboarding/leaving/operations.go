package leaving

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/tenants"
)

type operations struct {
	service *Service
}

// Operations are the operations by which a body leaves the platform.
func Operations(v *Service) []modules.Operation {
	o, tags := &operations{v}, []string{"onboarding"}
	return []modules.Operation{
		modules.Declare(Read, huma.Operation{
			OperationID: "get-leaving", Method: http.MethodGet, Path: "/leaving", Tags: tags, Summary: "What leaving the platform would do",
			Description: "What is removed, what ends with which other bodies, what stays, and how far a question of it is. The mark is sent back with each decision.",
		}, o.get),
		modules.Declare(Ask, huma.Operation{
			OperationID: "create-leaving", Method: http.MethodPost, Path: "/leavings", Tags: tags, DefaultStatus: http.StatusCreated, Summary: "Ask that the body leaves",
			Description: "Somebody else has to agree. Needs an archive of the body that was fetched within thirty days, or a waiver. Refused while something is held.",
		}, o.create),
		modules.Declare(Agree, huma.Operation{
			OperationID: "agree-to-leaving", Method: http.MethodPost, Path: "/leavings/{leaving}/agreement", Tags: tags, DefaultStatus: http.StatusNoContent, Summary: "Agree that the body leaves",
			Description: "After thirty days, during which it can be stopped, the body is closed and what it owns is removed; a body on trial at once.",
		}, o.agree),
		modules.Declare(Agree, huma.Operation{
			OperationID: "refuse-leaving", Method: http.MethodPost, Path: "/leavings/{leaving}/refusal", Tags: tags, DefaultStatus: http.StatusNoContent, Summary: "Refuse that the body leaves",
			Description: "With the reason, which who asked can read.",
		}, o.refuse),
		modules.Declare(Stop, huma.Operation{
			OperationID: "stop-leaving", Method: http.MethodPost, Path: "/leavings/{leaving}/stop", Tags: tags, DefaultStatus: http.StatusNoContent, Summary: "Take back that the body leaves",
			Description: "What was asked, or what was agreed upon until its day; with the reason.",
		}, o.stop),
	}
}

// LeavingBody is one question whether the body leaves.
type LeavingBody struct {
	ID        uuid.UUID  `json:"id" format:"uuid" maxLength:"36"`
	State     string     `json:"state" enum:"asked,withdrawn,refused,agreed,stopped" doc:"An agreed one waits for its day"`
	Reason    string     `json:"reason" maxLength:"2000"`
	Waiver    string     `json:"waiver,omitempty" maxLength:"2000" doc:"Why no archive is taken along"`
	AskedBy   string     `json:"asked_by" maxLength:"200"`
	AskedAt   time.Time  `json:"asked_at" format:"date-time"`
	DecidedBy string     `json:"decided_by,omitempty" maxLength:"200"`
	Words     string     `json:"words,omitempty" maxLength:"2000" doc:"Why it was refused"`
	DueAt     *time.Time `json:"due_at,omitempty" format:"date-time" doc:"When the body is closed"`
	StoppedBy string     `json:"stopped_by,omitempty" maxLength:"200"`
	StoppedAt *time.Time `json:"stopped_at,omitempty" format:"date-time"`
	Stop      string     `json:"stop_reason,omitempty" maxLength:"2000" doc:"Why it was taken back"`
}

// PartingBody is something that ends, or stays, when the body leaves.
type PartingBody struct {
	Text  string     `json:"text" maxLength:"1000"`
	With  []WithBody `json:"with" maxItems:"500" doc:"The other bodies that it concerns"`
	Stays bool       `json:"stays"`
}

// WithBody is another body.
type WithBody struct {
	Name string `json:"name" maxLength:"200"`
}

// RowsBody is how many rows of one kind are removed.
type RowsBody struct {
	Kind string `json:"kind" maxLength:"200"`
	Rows int64  `json:"rows" minimum:"1" maximum:"1000000000"`
}

type leavingOutput struct {
	Body struct {
		Trial    bool          `json:"trial" doc:"It leaves at once"`
		Removed  []RowsBody    `json:"removed" maxItems:"40"`
		Partings []PartingBody `json:"partings" maxItems:"1000"`
		Held     int           `json:"held" minimum:"0" maximum:"1000000" doc:"Holds in force; the body cannot leave before the last of them ends"`
		Exported *time.Time    `json:"exported,omitempty" format:"date-time" doc:"When an archive of it was fetched last, within thirty days"`
		History  []LeavingBody `json:"history" maxItems:"50" doc:"The newest first"`
		Mark     string        `json:"mark" maxLength:"64" doc:"Of what ends with others, for a decision"`
	}
}

func (o *operations) get(ctx context.Context, _ *struct{}) (*leavingOutput, error) {
	found, err := o.service.Get(ctx, tenants.ScopeFrom(ctx))
	if err != nil {
		return nil, err
	}
	out := &leavingOutput{}
	b := &out.Body
	b.Held = found.Held
	b.Trial, b.Mark, b.Removed, b.Partings, b.History = found.Trial, found.Mark, []RowsBody{}, []PartingBody{}, []LeavingBody{}
	for _, k := range found.Rows {
		b.Removed = append(b.Removed, RowsBody{k.Title.En, k.Rows})
	}
	for _, p := range found.Partings {
		with := []WithBody{}
		for _, name := range p.With {
			with = append(with, WithBody{name})
		}
		b.Partings = append(b.Partings, PartingBody{language.Say(ctx, p.Text), with, p.Stays})
	}
	if found.Export != nil {
		b.Exported = &found.Export.At
	}
	for _, l := range found.History {
		b.History = append(b.History, LeavingBody{
			ID: l.ID, State: string(l.State), Reason: l.Reason, Waiver: l.Waiver, AskedBy: l.AskedName, AskedAt: l.AskedAt, DecidedBy: l.DecidedName, Words: l.Words, DueAt: l.DueAt,
			StoppedBy: l.StoppedName, StoppedAt: l.StoppedAt, Stop: l.StopReason,
		})
	}
	return out, nil
}

// LeavingConsent is that what leaving does was read.
type LeavingConsent struct {
	Mark         string `json:"mark" maxLength:"64" doc:"Of what ends with others, as it was read"`
	Acknowledged bool   `json:"acknowledged" doc:"What happens has been read"`
}

type leavingInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"36" doc:"UUID that becomes the id of the question"`
	Body struct {
		LeavingConsent
		Reason string `json:"reason" minLength:"1" maxLength:"2000"`
		Waiver string `json:"waiver,omitempty" maxLength:"2000" doc:"Why no archive is taken along"`
	}
}

type leavingCreated struct {
	Body struct {
		ID uuid.UUID `json:"id" format:"uuid" maxLength:"36"`
	}
}

func (o *operations) create(ctx context.Context, in *leavingInput) (*leavingCreated, error) {
	id, err := modules.NewID(in.Key)
	if err != nil {
		return nil, err
	}
	out := &leavingCreated{}
	out.Body.ID = id
	return out, o.service.Ask(ctx, tenants.ScopeFrom(ctx), Request{ID: id, Reason: in.Body.Reason, Waiver: in.Body.Waiver}, modules.Consent(in.Body.LeavingConsent))
}

// LeavingRef names a question whether the body leaves.
type LeavingRef struct {
	Leaving uuid.UUID `path:"leaving" format:"uuid" maxLength:"36" doc:"Id of the question"`
}

type leavingAgreement struct {
	LeavingRef
	Body LeavingConsent
}

func (o *operations) agree(ctx context.Context, in *leavingAgreement) (*struct{}, error) {
	return nil, o.service.Agree(ctx, tenants.ScopeFrom(ctx), in.Leaving, modules.Consent(in.Body))
}

type leavingRefusal struct {
	LeavingRef
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"2000"`
	}
}

func (o *operations) refuse(ctx context.Context, in *leavingRefusal) (*struct{}, error) {
	return nil, o.service.Refuse(ctx, tenants.ScopeFrom(ctx), in.Leaving, in.Body.Reason)
}

func (o *operations) stop(ctx context.Context, in *leavingRefusal) (*struct{}, error) {
	return nil, o.service.Stop(ctx, tenants.ScopeFrom(ctx), in.Leaving, in.Body.Reason)
}

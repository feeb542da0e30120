package opening

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"staffetta/modules"
	"staffetta/onboarding/leaving"
	"staffetta/tenants"
)

type operations struct {
	service *Service
}

// Operations are the operations by which a body goes live.
func Operations(v *Service) []modules.Operation {
	o, tags := &operations{service: v}, []string{"onboarding"}
	return []modules.Operation{
		modules.Declare(Read, huma.Operation{
			OperationID: "get-opening", Method: http.MethodGet, Path: "/opening", Tags: tags, Summary: "How the body stands towards going live",
			Description: "What keeps it from going live (see list-configuration-checks), and when it went live before. The mark is sent back with the decision.",
		}, o.get),
		modules.Declare(Decide, huma.Operation{
			OperationID: "open-body", Method: http.MethodPut, Path: "/openings/{opening}", Tags: tags, DefaultStatus: http.StatusNoContent, Summary: "Bring the body live",
			Description: "From then on citizens and other bodies see it. Refused while something required is missing. The first time, the rows listed as removed go: the mark stands for their number, too. The id is made by the caller: the same again changes nothing.",
		}, o.open),
		modules.Declare(Decide, huma.Operation{
			OperationID: "take-back-opening", Method: http.MethodPut, Path: "/openings/{opening}/return", Tags: tags, DefaultStatus: http.StatusNoContent, Summary: "Put the body back on trial",
			Description: "Within a day after it went live. The id of this decision is made by the caller. What was written meanwhile stays.",
		}, o.takeBack),
	}
}

// OpeningBody is that the body went live, or took that back.
type OpeningBody struct {
	ID     uuid.UUID `json:"id" format:"uuid"`
	Opens  bool      `json:"opens" doc:"It went live; else that was taken back"`
	Name   string    `json:"name" maxLength:"120" doc:"Who decided"`
	Reason string    `json:"reason" maxLength:"300"`
	At     time.Time `json:"at"`
}

// RemovedBody is how many rows of one kind are removed.
type RemovedBody struct {
	Kind string `json:"kind" maxLength:"200"`
	Rows int64  `json:"rows" minimum:"1" maximum:"1000000000"`
}

type outlookOutput struct {
	Body struct {
		Trial     bool          `json:"trial" doc:"Only the body's own people see it"`
		Ready     bool          `json:"ready" doc:"Nothing keeps it from going live"`
		Stops     int           `json:"stops" minimum:"0" maximum:"200" doc:"How many checks keep it from that"`
		UndoUntil *time.Time    `json:"undo_until,omitempty" doc:"Until when going live can be taken back"`
		History   []OpeningBody `json:"history" maxItems:"50" doc:"The newest first"`
		Removed   []RemovedBody `json:"removed" maxItems:"40" doc:"What goes when the body goes live for the first time: rows about the invented people of the trial"`
		Mark      string        `json:"mark" maxLength:"64" doc:"Of all this, for the decision"`
	}
}

func (o *operations) get(ctx context.Context, _ *struct{}) (*outlookOutput, error) {
	found, err := o.service.Get(ctx, tenants.ScopeFrom(ctx))
	if err != nil {
		return nil, err
	}
	out := &outlookOutput{}
	out.Body.Trial, out.Body.Ready, out.Body.Stops, out.Body.Mark = found.Trial, found.Ready(), len(found.Stops), found.Mark
	if until := found.Until(time.Now()); !until.IsZero() {
		out.Body.UndoUntil = &until
	}
	out.Body.History, out.Body.Removed = []OpeningBody{}, []RemovedBody{}
	for _, k := range leaving.Kinds(o.service.deps.Platform.Modules, found.People) {
		out.Body.Removed = append(out.Body.Removed, RemovedBody{k.Title.En, k.Rows})
	}
	for _, one := range found.History {
		out.Body.History = append(out.Body.History, OpeningBody(one))
	}
	return out, nil
}

type openInput struct {
	ID   uuid.UUID `path:"opening" format:"uuid" doc:"Id of the decision, made by the caller"`
	Body modules.ConsentBody
}

func (o *operations) open(ctx context.Context, in *openInput) (*struct{}, error) {
	return nil, o.service.Open(ctx, tenants.ScopeFrom(ctx), in.ID, in.Body.Consent())
}

type returnInput struct {
	ID   uuid.UUID `path:"opening" format:"uuid" doc:"Id of the decision, made by the caller"`
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"300" doc:"Why; it is in the audit"`
	}
}

func (o *operations) takeBack(ctx context.Context, in *returnInput) (*struct{}, error) {
	return nil, o.service.TakeBack(ctx, tenants.ScopeFrom(ctx), in.ID, in.Body.Reason)
}

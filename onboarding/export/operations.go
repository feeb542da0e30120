package export

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"staffetta/modules"
	"staffetta/tenants"
)

type operations struct {
	service *Service
}

// Operations are the operations of exports.
func Operations(v *Service) []modules.Operation {
	o, tags := &operations{v}, []string{"onboarding"}
	return []modules.Operation{
		modules.Declare(Read, huma.Operation{
			OperationID: "list-exports", Method: http.MethodGet, Path: "/exports", Tags: tags, Summary: "List the exports",
			Description: "Requests to take out all that the body owns, the newest first, with how far each is.",
		}, o.list),
		modules.Declare(Ask, huma.Operation{
			OperationID: "create-export", Method: http.MethodPost, Path: "/exports", Tags: tags, DefaultStatus: http.StatusCreated, Summary: "Ask for an export",
			Description: "Somebody else has to agree before the archive is made. It is encrypted to the public key (age-encryption.org) of who receives it.",
		}, o.create),
		modules.Declare(Ask, huma.Operation{
			OperationID: "withdraw-export", Method: http.MethodDelete, Path: "/exports/{export}", Tags: tags, DefaultStatus: http.StatusNoContent, Summary: "Take a request back",
			Description: "Only one that nobody has decided about.",
		}, o.withdraw),
		modules.Declare(Agree, huma.Operation{
			OperationID: "agree-to-export", Method: http.MethodPost, Path: "/exports/{export}/agreement", Tags: tags, DefaultStatus: http.StatusNoContent, Summary: "Agree to an export",
			Description: "The archive is made from now on. The key must be the one that was asked for, as who agrees has it from who receives the archive.",
		}, o.agree),
		modules.Declare(Agree, huma.Operation{
			OperationID: "refuse-export", Method: http.MethodPost, Path: "/exports/{export}/refusal", Tags: tags, DefaultStatus: http.StatusNoContent, Summary: "Refuse an export",
			Description: "With the reason, which who asked can read.",
		}, o.refuse),
		modules.Declare(Read, huma.Operation{
			OperationID: "get-export-archive", Method: http.MethodGet, Path: "/exports/{export}/archive", Tags: tags, Summary: "Fetch the archive",
			Description: "The encrypted file, for seven days from when it was made.",
		}, o.fetch),
	}
}

// ExportBody is one export.
type ExportBody struct {
	ID        uuid.UUID  `json:"id" format:"uuid" maxLength:"36"`
	State     string     `json:"state" enum:"asked,withdrawn,refused,agreed,ready,failed,expired" doc:"An agreed one is being made"`
	Receiver  string     `json:"receiver" maxLength:"200" doc:"Who is to have it"`
	Recipient string     `json:"recipient" maxLength:"3000" doc:"Their public key"`
	Reason    string     `json:"reason" maxLength:"2000"`
	AskedBy   string     `json:"asked_by" maxLength:"200"`
	AskedAt   time.Time  `json:"asked_at" format:"date-time"`
	DecidedBy string     `json:"decided_by,omitempty" maxLength:"200"`
	DecidedAt *time.Time `json:"decided_at,omitempty" format:"date-time"`
	Words     string     `json:"words,omitempty" maxLength:"2000" doc:"Why it was refused"`
	Done      int        `json:"done" minimum:"0" maximum:"100000000" doc:"Steps that are done"`
	Steps     int        `json:"steps" minimum:"0" maximum:"100000000" doc:"Steps in all; 0 until they are known"`
	Size      int64      `json:"size" minimum:"0" maximum:"1000000000000000" doc:"Bytes of the archive"`
	Manifest  string     `json:"manifest,omitempty" maxLength:"64" doc:"SHA-256 of the manifest in the archive"`
	ExpiresAt *time.Time `json:"expires_at,omitempty" format:"date-time" doc:"Until when it can be fetched"`
}

type listOutput struct {
	Body struct {
		Items []ExportBody `json:"items" maxItems:"50"`
	}
}

func (o *operations) list(ctx context.Context, _ *struct{}) (*listOutput, error) {
	found, err := o.service.Find(ctx, tenants.ScopeFrom(ctx))
	out := &listOutput{}
	out.Body.Items = make([]ExportBody, len(found))
	for i, e := range found {
		out.Body.Items[i] = ExportBody{
			ID: e.ID, State: string(e.State), Receiver: e.Receiver, Recipient: e.Recipient, Reason: e.Reason, AskedBy: e.AskedName, AskedAt: e.AskedAt,
			DecidedBy: e.DecidedName, DecidedAt: e.DecidedAt, Words: e.Words, Done: e.Done, Steps: e.Steps, Size: e.Size, Manifest: e.ManifestSum, ExpiresAt: e.ExpiresAt,
		}
	}
	return out, err
}

type createInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"36" doc:"UUID that becomes the id of the export"`
	Body struct {
		Receiver  string `json:"receiver" minLength:"1" maxLength:"200" doc:"Who is to have it"`
		Recipient string `json:"recipient" minLength:"20" maxLength:"3000" doc:"Their public key, as age1…"`
		Reason    string `json:"reason" minLength:"1" maxLength:"2000"`
	}
}

type exportCreatedOutput struct {
	Body struct {
		ID uuid.UUID `json:"id" format:"uuid" maxLength:"36"`
	}
}

func (o *operations) create(ctx context.Context, in *createInput) (*exportCreatedOutput, error) {
	id, err := modules.NewID(in.Key)
	if err != nil {
		return nil, err
	}
	out := &exportCreatedOutput{}
	out.Body.ID = id
	return out, o.service.Ask(ctx, tenants.ScopeFrom(ctx), Request{ID: id, Receiver: in.Body.Receiver, Recipient: in.Body.Recipient, Reason: in.Body.Reason})
}

// ExportRef names an export.
type ExportRef struct {
	Export uuid.UUID `path:"export" format:"uuid" maxLength:"36" doc:"Id of the export"`
}

func (o *operations) withdraw(ctx context.Context, in *ExportRef) (*struct{}, error) {
	return nil, o.service.Withdraw(ctx, tenants.ScopeFrom(ctx), in.Export)
}

type agreeInput struct {
	ExportRef
	Body struct {
		Recipient string `json:"recipient" minLength:"20" maxLength:"3000" doc:"The public key of who receives the archive, as they themselves gave it"`
	}
}

func (o *operations) agree(ctx context.Context, in *agreeInput) (*struct{}, error) {
	return nil, o.service.Agree(ctx, tenants.ScopeFrom(ctx), in.Export, in.Body.Recipient)
}

type refuseInput struct {
	ExportRef
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"2000"`
	}
}

func (o *operations) refuse(ctx context.Context, in *refuseInput) (*struct{}, error) {
	return nil, o.service.Refuse(ctx, tenants.ScopeFrom(ctx), in.Export, in.Body.Reason)
}

func (o *operations) fetch(ctx context.Context, in *ExportRef) (*huma.StreamResponse, error) {
	_, content, err := o.service.Fetch(ctx, tenants.ScopeFrom(ctx), in.Export)
	if err != nil {
		return nil, err
	}
	return modules.Stream(mediaType, content), nil
}

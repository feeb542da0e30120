package subject

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/tenants"
)

// SubjectPartBody is a part of what the body has about a person.
type SubjectPartBody struct {
	Part   string `json:"part" maxLength:"60"`
	Title  string `json:"title" maxLength:"200"`
	Rows   int    `json:"rows" minimum:"0" maximum:"10000000"`
	Others int    `json:"others" minimum:"0" maximum:"10000000" doc:"About other people, which stay out"`
	Starts bool   `json:"proposed" doc:"Whether it is proposed to be in"`
}

type subjectPartsOutput struct {
	Body struct {
		Items []SubjectPartBody `json:"items" maxItems:"100"`
	}
}

func (o *operations) parts(ctx context.Context, in *SubjectRequestRef) (*subjectPartsOutput, error) {
	_, parts, err := o.service.Parts(ctx, tenants.ScopeFrom(ctx), in.Request)
	if err != nil {
		return nil, err
	}
	out := &subjectPartsOutput{}
	out.Body.Items = make([]SubjectPartBody, len(parts))
	for i, p := range parts {
		out.Body.Items[i] = SubjectPartBody{Part: p.ID, Title: language.SayText(ctx, p.Title), Rows: p.Rows, Others: p.Others, Starts: p.Starts}
	}
	return out, nil
}

// SubjectChoiceBody is what is decided about a part.
type SubjectChoiceBody struct {
	Part   string `json:"part" maxLength:"60"`
	In     bool   `json:"in"`
	Reason string `json:"reason,omitempty" maxLength:"500" doc:"Why it stays out"`
}

type makeSubjectCopyInput struct {
	SubjectRequestRef
	Key  string `header:"Idempotency-Key" maxLength:"36" doc:"UUID that becomes the id of the copy"`
	Body struct {
		Parts []SubjectChoiceBody `json:"parts" maxItems:"100" doc:"Every part that there is"`
	}
}

func (o *operations) makeCopy(ctx context.Context, in *makeSubjectCopyInput) (*subjectCreatedOutput, error) {
	id, err := modules.NewID(in.Key)
	if err != nil {
		return nil, err
	}
	choices := make([]Choice, len(in.Body.Parts))
	for i, p := range in.Body.Parts {
		choices[i] = Choice{Part: p.Part, In: p.In, Reason: p.Reason}
	}
	out := &subjectCreatedOutput{}
	out.Body.ID = id
	return out, o.service.MakeCopy(ctx, tenants.ScopeFrom(ctx), in.Request, id, choices)
}

// SubjectCopyBody is a copy of the data of a person.
type SubjectCopyBody struct {
	ID        uuid.UUID             `json:"id" format:"uuid" maxLength:"36"`
	State     string                `json:"state" enum:"making,ready,failed,expired"`
	Parts     []SubjectCopyPartBody `json:"parts" maxItems:"100"`
	AskedBy   string                `json:"asked_by" maxLength:"200"`
	AskedAt   time.Time             `json:"asked_at" format:"date-time"`
	Size      int64                 `json:"size" minimum:"0" maximum:"1000000000000000" doc:"Bytes of the file; 0 until it is made"`
	SHA256    string                `json:"sha256,omitempty" maxLength:"64"`
	ExpiresAt *time.Time            `json:"expires_at,omitempty" format:"date-time" doc:"Until when it can be fetched"`
	FetchedBy string                `json:"fetched_by,omitempty" maxLength:"200"`
	FetchedAt *time.Time            `json:"fetched_at,omitempty" format:"date-time"`
}

// SubjectCopyPartBody is what was decided about a part of a copy.
type SubjectCopyPartBody struct {
	Part  string `json:"part" maxLength:"60"`
	Title string `json:"title" maxLength:"200"`
	In    bool   `json:"in"`
	Rows  int    `json:"rows" minimum:"0" maximum:"10000000"`
}

type subjectCopiesOutput struct {
	Body struct {
		Items []SubjectCopyBody `json:"items" maxItems:"50"`
	}
}

func (o *operations) copies(ctx context.Context, in *SubjectRequestRef) (*subjectCopiesOutput, error) {
	found, err := o.service.Copies(ctx, tenants.ScopeFrom(ctx), in.Request)
	if err != nil {
		return nil, err
	}
	out := &subjectCopiesOutput{}
	out.Body.Items = make([]SubjectCopyBody, len(found))
	for i, c := range found {
		b := SubjectCopyBody{
			ID: c.ID, State: string(c.State), Parts: make([]SubjectCopyPartBody, len(c.Choices)), AskedBy: c.AskedName, AskedAt: c.AskedAt, Size: c.Size, SHA256: c.SHA256,
			ExpiresAt: c.ExpiresAt, FetchedBy: c.FetchedName, FetchedAt: c.FetchedAt,
		}
		for j, choice := range c.Choices {
			b.Parts[j] = SubjectCopyPartBody{Part: choice.Part, Title: choice.Title, In: choice.In, Rows: choice.Rows}
		}
		out.Body.Items[i] = b
	}
	return out, nil
}

// SubjectCopyRef names a copy of a request.
type SubjectCopyRef struct {
	SubjectRequestRef
	Copy uuid.UUID `path:"copy" format:"uuid" maxLength:"36" doc:"Id of the copy"`
}

func (o *operations) fetch(ctx context.Context, in *SubjectCopyRef) (*huma.StreamResponse, error) {
	_, _, content, err := o.service.Fetch(ctx, tenants.ScopeFrom(ctx), in.Request, in.Copy)
	if err != nil {
		return nil, err
	}
	return modules.Stream("application/zip", content), nil
}

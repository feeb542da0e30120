package document

import (
	"context"
	"encoding/base64"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/casefile/access"
	"staffetta/tenants"
)

type operations struct {
	documents *Documents
}

// Operations are the operations about documents.
func Operations(f *Documents) []modules.Operation {
	o, tags := &operations{documents: f}, []string{"casefile"}
	return []modules.Operation{
		modules.Declare("case:read", huma.Operation{
			OperationID: "list-documents", Method: http.MethodGet, Path: "/case-files/{case}/documents", Tags: tags,
			Summary: "List documents", Description: "The documents of a case file that the caller's sections show.",
		}, o.list),
		modules.Declare("case:write", huma.Operation{
			OperationID: "create-document", Method: http.MethodPost, Path: "/case-files/{case}/documents", Tags: tags, DefaultStatus: http.StatusCreated,
			MaxBodyBytes: MaxDocument*4/3 + 1<<16, Summary: "File a document", Description: "Files a document of at most 18 MiB; its type is what the content says.",
		}, o.createDocument),
	}
}

// DocumentBody is a document as the API shows it.
type DocumentBody struct {
	ID        string    `json:"id" format:"uuid" doc:"Id of the document"`
	Title     string    `json:"title" maxLength:"200" doc:"Title"`
	FileName  string    `json:"file_name" maxLength:"255" doc:"Name of the file"`
	MediaType string    `json:"media_type" maxLength:"100" doc:"Type found in the content"`
	Section   string    `json:"section" maxLength:"20" doc:"Section it belongs to"`
	Size      int64     `json:"size" minimum:"1" maximum:"20971520" format:"int64" doc:"Bytes"`
	SHA256    string    `json:"sha256" maxLength:"64" doc:"Digest of the content, hexadecimal"`
	CreatedAt time.Time `json:"created_at" doc:"When it was filed"`
}

func documentBody(d Document) DocumentBody {
	return DocumentBody{ID: d.ID.String(), Title: d.Title, FileName: d.FileName, MediaType: d.MediaType, Section: d.Section, Size: d.Size, SHA256: d.Sum, CreatedAt: d.CreatedAt}
}

type documentsOutput struct {
	Body struct {
		Items []DocumentBody `json:"items" maxItems:"200" doc:"Documents"`
	}
}

func (o *operations) list(ctx context.Context, in *access.CaseRef) (*documentsOutput, error) {
	a, err := access.WithoutReason(o.documents.OpenDocuments(ctx, tenants.ScopeFrom(ctx), in.Case))
	if err != nil {
		return nil, err
	}
	found, err := o.documents.FindDocuments(ctx, a)
	out := &documentsOutput{}
	out.Body.Items = make([]DocumentBody, len(found))
	for i, d := range found {
		out.Body.Items[i] = documentBody(d)
	}
	return out, err
}

type createDocumentInput struct {
	access.CaseRef
	Key  string `header:"Idempotency-Key" maxLength:"36" doc:"A UUID that makes a repeated call harmless"`
	Body struct {
		Title    string `json:"title,omitempty" maxLength:"200" doc:"Title; the name of the file if missing"`
		FileName string `json:"file_name" minLength:"1" maxLength:"255" doc:"Name of the file with its ending"`
		Section  string `json:"section,omitempty" enum:"documents,health,judicial,school,interventions" doc:"Section it belongs to; documents if missing"`
		Content  string `json:"content" maxLength:"25165824" contentEncoding:"base64" doc:"The file in base64"`
	}
}

type documentOutput struct {
	Body DocumentBody
}

func (o *operations) createDocument(ctx context.Context, in *createDocumentInput) (*documentOutput, error) {
	id, err := modules.NewID(in.Key)
	if err != nil {
		return nil, err
	}
	content, err := base64.StdEncoding.DecodeString(in.Body.Content)
	if err != nil {
		var fields problem.Fields
		fields.Add("content", "casefile.error.base64")
		return nil, fields.Err()
	}
	d, err := o.documents.AddDocument(ctx, tenants.ScopeFrom(ctx), in.Case, Upload{
		ID: id, Title: in.Body.Title, FileName: in.Body.FileName, Section: in.Body.Section, Content: content, Sniffed: http.DetectContentType(content),
	})
	if err != nil {
		return nil, err
	}
	return &documentOutput{Body: documentBody(d)}, nil
}

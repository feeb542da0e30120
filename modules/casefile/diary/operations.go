package diary

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"staffetta/modules"
	"staffetta/modules/casefile/access"
	"staffetta/tenants"
)

type operations struct {
	diary *Diary
}

// Operations are the operations about notes.
func Operations(d *Diary) []modules.Operation {
	o, tags := &operations{diary: d}, []string{"casefile"}
	return []modules.Operation{
		modules.Declare("case:read", huma.Operation{
			OperationID: "list-notes", Method: http.MethodGet, Path: "/case-files/{case}/notes", Tags: tags,
			Summary: "List diary notes", Description: "The notes of the diary that the caller may read, newest first.",
		}, o.notes),
		modules.Declare("case:write", huma.Operation{
			OperationID: "create-note", Method: http.MethodPost, Path: "/case-files/{case}/notes", Tags: tags, DefaultStatus: http.StatusCreated,
			Summary: "Write a diary note", Description: "Keeps a draft or, when sign is true, signs and locks the note for ever.",
		}, o.createNote),
	}
}

// NoteBody is a note of the diary as the API shows it.
type NoteBody struct {
	ID         string    `json:"id" format:"uuid" doc:"Id of the note"`
	Kind       string    `json:"kind" maxLength:"40" doc:"Type of entry"`
	Section    string    `json:"section" maxLength:"20" doc:"Section it belongs to"`
	HappenedOn string    `json:"happened_on" format:"date" doc:"Day of what it tells"`
	Body       string    `json:"body" maxLength:"20000" doc:"Text"`
	Author     string    `json:"author" maxLength:"120" doc:"Who wrote it"`
	Signed     bool      `json:"signed" doc:"Locked for ever"`
	CreatedAt  time.Time `json:"created_at" doc:"When it was begun"`
	Version    int       `json:"version" minimum:"1" maximum:"2147483647" format:"int32" doc:"Version of the draft"`
}

func noteBody(n Note) NoteBody {
	return NoteBody{ID: n.ID.String(), Kind: n.Kind, Section: n.Section, HappenedOn: n.HappenedOn.Format(time.DateOnly), Body: n.Body, Author: n.AuthorName, Signed: n.Signed(), CreatedAt: n.CreatedAt, Version: n.Version}
}

type notesInput struct {
	access.CaseRef
	After string `query:"after" maxLength:"200" doc:"Cursor of the next page"`
}

type notesOutput struct {
	Body struct {
		Items []NoteBody `json:"items" maxItems:"50" doc:"Notes"`
		Next  string     `json:"next,omitempty" maxLength:"200" doc:"Cursor of the next page"`
	}
}

func (o *operations) notes(ctx context.Context, in *notesInput) (*notesOutput, error) {
	a, err := access.WithoutReason(o.diary.OpenDiary(ctx, tenants.ScopeFrom(ctx), in.Case))
	if err != nil {
		return nil, err
	}
	notes, next, err := o.diary.FindNotes(ctx, a, access.ParseCursor(in.After))
	if err != nil {
		return nil, err
	}
	out := &notesOutput{}
	out.Body.Items, out.Body.Next = make([]NoteBody, len(notes)), next.String()
	for i, n := range notes {
		out.Body.Items[i] = noteBody(n)
	}
	return out, nil
}

type createNoteInput struct {
	access.CaseRef
	Key  string `header:"Idempotency-Key" maxLength:"36" doc:"A UUID that makes a repeated call harmless"`
	Body struct {
		Kind       string `json:"kind" maxLength:"40" doc:"Type of entry, as nota or colloquio"`
		HappenedOn string `json:"happened_on" format:"date" doc:"Day of what it tells"`
		Text       string `json:"body" maxLength:"20000" doc:"Text"`
		Private    bool   `json:"private,omitempty" doc:"For the author only"`
		Corrects   string `json:"corrects,omitempty" format:"uuid" doc:"The signed note that this one corrects"`
		Sign       bool   `json:"sign,omitempty" doc:"Sign and lock it"`
	}
}

type noteOutput struct {
	Body NoteBody
}

func (o *operations) createNote(ctx context.Context, in *createNoteInput) (*noteOutput, error) {
	id, err := modules.NewID(in.Key)
	if err != nil {
		return nil, err
	}
	w := Writing{ID: id, Kind: in.Body.Kind, Visibility: "public", Body: in.Body.Text, AddendumTo: modules.LinkID(in.Body.Corrects)}
	if in.Body.Private {
		w.Visibility = "private"
	}
	w.HappenedOn, _ = time.Parse(time.DateOnly, in.Body.HappenedOn)
	n, err := o.diary.SaveNote(ctx, tenants.ScopeFrom(ctx), in.Case, w, in.Body.Sign)
	if err != nil {
		return nil, err
	}
	return &noteOutput{Body: noteBody(n)}, nil
}

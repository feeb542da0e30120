package intake

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/tenants"
)

// forms are the operations about the forms of a contact.
func (o operations) forms() []modules.Operation {
	const list, one = "/contacts/{id}/forms", "/contacts/{id}/forms/{form}"
	return []modules.Operation{
		modules.Declare(readContacts, describe("list-contact-forms", http.MethodGet, list,
			"List the forms of a contact", "Forms filled in about a contact, the latest first, without answers."), o.findForms),
		modules.Declare(writeContacts, created(describe("create-contact-form", http.MethodPost, list, "Fill in a form",
			"Keeps a draft with the answers given so far, or locks it at once when final is true. The form is one that the body has published.")), o.createForm),
		modules.Declare(readContacts, describe("get-contact-form", http.MethodGet, one,
			"Get a form of a contact", "Answers by key of the question, and in the words of the version that was used."), o.getForm),
		modules.Declare(writeContacts, describe("update-contact-form", http.MethodPut, one,
			"Change a draft of a form", "Replaces the answers of a draft of the caller. If-Match carries the version that the caller has seen."), o.updateForm),
		modules.Declare(writeContacts, describe("carry-contact-form", http.MethodPost, one+"/carry", "Go on with a draft in the present version of its form",
			"Reads the answers of a draft of the caller as the present version declares; those without a place are kept under earlier."), o.carryForm),
	}
}

// FormBody is a filled-in form as lists of the API show it.
type FormBody struct {
	ID          uuid.UUID  `json:"id" format:"uuid"`
	Form        string     `json:"form" maxLength:"64" doc:"Key of the form"`
	Title       string     `json:"title" maxLength:"300"`
	EditionID   uuid.UUID  `json:"item_version_id" format:"uuid" doc:"Version of the form that it pins"`
	State       string     `json:"state" enum:"draft,final" doc:"A final one is locked"`
	CaseID      *uuid.UUID `json:"case_id,omitempty" format:"uuid"`
	Author      string     `json:"author" maxLength:"120"`
	UpdatedAt   time.Time  `json:"updated_at"`
	FinalisedAt *time.Time `json:"finalised_at,omitempty"`
	Version     int        `json:"version" minimum:"1" maximum:"1000000"`
}

func formBody(ctx context.Context, f Form) FormBody {
	body := FormBody{
		ID: f.ID, Form: f.Key, Title: language.SayText(ctx, f.Title), EditionID: f.Edition, State: f.State, CaseID: f.CaseID,
		Author: f.AuthorName, UpdatedAt: f.UpdatedAt, Version: f.Version,
	}
	if f.Final() {
		body.FinalisedAt = &f.FinalisedAt
	}
	return body
}

// FormAnswer is an answer in words.
type FormAnswer struct {
	Key      string `json:"key" maxLength:"64" doc:"Key of the question"`
	Question string `json:"question" maxLength:"5000"`
	Answer   string `json:"answer" maxLength:"20000"`
}

// FilledFormBody is a filled-in form with its answers.
type FilledFormBody struct {
	FormBody
	Edition int            `json:"item_version" minimum:"1" maximum:"1000000" doc:"Number of the form's version"`
	Answers map[string]any `json:"answers" doc:"By key of the question"`
	Lines   []FormAnswer   `json:"lines" maxItems:"500" doc:"The answers in words"`
	Newer   *uuid.UUID     `json:"newer_item_version_id,omitempty" format:"uuid" doc:"Present version of the form, in which the caller's draft may go on"`
	Earlier []FormAnswer   `json:"earlier" maxItems:"500" doc:"What was answered to earlier versions and has no place in this one, in words"`
}

type findFormsInput struct {
	ContactRef
	After uuid.UUID `query:"after" format:"uuid" doc:"The next of the page before"`
}

type findFormsOutput struct {
	Body struct {
		Items []FormBody `json:"items" maxItems:"50"`
		Next  string     `json:"next" maxLength:"36" doc:"after of the following page; empty on the last one"`
	}
}

func (o operations) findForms(ctx context.Context, in *findFormsInput) (*findFormsOutput, error) {
	found, next, err := o.service.FindForms(ctx, tenants.ScopeFrom(ctx), in.ID, in.After)
	if err != nil {
		return nil, err
	}
	out := &findFormsOutput{}
	out.Body.Items = make([]FormBody, len(found))
	for i, f := range found {
		out.Body.Items[i] = formBody(ctx, f)
	}
	if next != uuid.Nil {
		out.Body.Next = next.String()
	}
	return out, nil
}

// FormFillingBody is what a caller writes into a form.
type FormFillingBody struct {
	Answers map[string]any `json:"answers" doc:"By key of the question: text, number, true or false, or a list of options"`
	Final   bool           `json:"final,omitempty" doc:"Lock it for ever"`
	Closes  int            `json:"closes_contact_version,omitempty" minimum:"1" maximum:"1000000" doc:"With final, closes the contact too, with the outcome that the form asks for. The version of the contact that the caller has seen"`
}

type formOutput struct {
	ETag string `header:"ETag" maxLength:"20" doc:"Version, as If-Match wants it"`
	Body FormBody
}

type createFormInput struct {
	ContactRef
	IdempotencyKey uuid.UUID `header:"Idempotency-Key" format:"uuid" doc:"Becomes the id of the form; the same key again returns the same form"`
	Body           struct {
		FormFillingBody
		Form  string `json:"form" maxLength:"64" doc:"Key of a published form"`
		Start bool   `json:"from_contact,omitempty" doc:"Answers not given start from what the contact holds, where the form says so"`
	}
}

func (o operations) createForm(ctx context.Context, in *createFormInput) (*formOutput, error) {
	f := FormFilling{ID: in.IdempotencyKey, Contact: in.ID, Key: in.Body.Form, Answers: in.Body.Answers, Final: in.Body.Final, Start: in.Body.Start, Closes: in.Body.Closes}
	if f.ID == uuid.Nil {
		f.ID = modules.FormID("")
	}
	return o.saveForm(ctx, f)
}

func (o operations) saveForm(ctx context.Context, f FormFilling) (*formOutput, error) {
	made, err := o.service.SaveForm(ctx, tenants.ScopeFrom(ctx), f)
	if err != nil {
		return nil, err
	}
	return &formOutput{ETag: `"` + strconv.Itoa(made.Version) + `"`, Body: formBody(ctx, made)}, nil
}

// FormRef names a form of a contact in a path.
type FormRef struct {
	ContactRef
	Form uuid.UUID `path:"form" format:"uuid" doc:"Id of the form"`
}

type filledFormOutput struct {
	ETag string `header:"ETag" maxLength:"20" doc:"Version, as If-Match wants it"`
	Body FilledFormBody
}

func (o operations) getForm(ctx context.Context, in *FormRef) (*filledFormOutput, error) {
	f, err := o.service.GetForm(ctx, tenants.ScopeFrom(ctx), in.ID, in.Form)
	if err != nil {
		return nil, err
	}
	out := &filledFormOutput{ETag: `"` + strconv.Itoa(f.Version) + `"`}
	out.Body = FilledFormBody{FormBody: formBody(ctx, f.Form), Edition: f.Questions.Number, Answers: f.Answers, Lines: []FormAnswer{}, Earlier: []FormAnswer{}}
	if f.Newer != nil {
		out.Body.Newer = &f.Newer.ID
	}
	for _, one := range f.Left() {
		label := one.Question.Label.In(language.Of(ctx))
		out.Body.Earlier = append(out.Body.Earlier, FormAnswer{Key: one.Question.Key, Question: label, Answer: one.Text(ctx)})
	}
	for _, item := range f.Questions.Definition.Items() {
		if text := item.AnswerText(ctx, f.Answers[item.Key]); text != "" {
			out.Body.Lines = append(out.Body.Lines, FormAnswer{Key: item.Key, Question: item.Label.In(language.Of(ctx)), Answer: text})
		}
	}
	return out, nil
}

type updateFormInput struct {
	FormRef
	IfMatch string `header:"If-Match" required:"true" maxLength:"20" doc:"The version that the caller has seen"`
	Body    FormFillingBody
}

func (o operations) updateForm(ctx context.Context, in *updateFormInput) (*formOutput, error) {
	version, err := modules.IfMatch(in.IfMatch)
	if err != nil {
		return nil, err
	}
	return o.saveForm(ctx, FormFilling{ID: in.Form, Contact: in.ID, Answers: in.Body.Answers, Version: version, Final: in.Body.Final, Closes: in.Body.Closes})
}

type carryFormInput struct {
	FormRef
	IfMatch string `header:"If-Match" required:"true" maxLength:"20" doc:"The version that the caller has seen"`
}

func (o operations) carryForm(ctx context.Context, in *carryFormInput) (*formOutput, error) {
	version, err := modules.IfMatch(in.IfMatch)
	if err != nil {
		return nil, err
	}
	made, err := o.service.CarryForm(ctx, tenants.ScopeFrom(ctx), FormFilling{Contact: in.ID, ID: in.Form, Version: version})
	if err != nil {
		return nil, err
	}
	return &formOutput{ETag: `"` + strconv.Itoa(made.Version) + `"`, Body: formBody(ctx, made)}, nil
}

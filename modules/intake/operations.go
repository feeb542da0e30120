package intake

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/tenants"
)

// operations are the module's part of the API.
type operations struct {
	service *Service
}

func (o operations) list() []modules.Operation {
	return append(o.forms(),
		modules.Declare(readContacts, describe("list-contacts", http.MethodGet, "/contacts",
			"List contacts", "Contacts at the access desk, newest first."), o.find),
		modules.Declare(readContacts, describe("get-contact", http.MethodGet, "/contacts/{id}", "Get a contact", "A contact with its addenda."), o.get),
		modules.Declare(writeContacts, created(describe("create-contact", http.MethodPost, "/contacts", "Record a contact",
			"Without a person the contact is anonymous; with an outcome it is closed at once.")), o.create),
		modules.Declare(writeContacts, describe("close-contact", http.MethodPost, "/contacts/{id}/close", "Close a contact",
			"If-Match carries the version that the caller has seen. A closed contact is read-only."), o.close),
	)
}

func describe(id, method, path, summary, description string) huma.Operation {
	return huma.Operation{OperationID: id, Method: method, Path: path, Summary: summary, Description: description, Tags: []string{"intake"}}
}

func created(o huma.Operation) huma.Operation {
	o.DefaultStatus = http.StatusCreated
	return o
}

// ContactOutcome is how a contact ends, in the API.
type ContactOutcome struct {
	Outcome     string `json:"outcome,omitempty" enum:"information,guidance,signposting,emergency,taking_in_charge"`
	Signposting string `json:"signposting,omitempty" maxLength:"300" doc:"Where to; needed for the outcome signposting"`
	// Terms are of vocabularies.
	Terms map[string]kit.Term `json:"terms,omitempty" doc:"Key of a term for fields of the body's workflow about contacts that a vocabulary answers"`
}

// closing is the outcome as the service takes it.
func (o ContactOutcome) closing() Closing {
	c := Closing{Outcome: o.Outcome, Signposting: o.Signposting}
	for field, term := range o.Terms {
		if c.Terms == nil {
			c.Terms = kit.Answers{}
		}
		c.Terms[field] = string(term)
	}
	return c
}

// ContactInput is a contact as a caller writes it.
type ContactInput struct {
	Person         *uuid.UUID `json:"person_id,omitempty" format:"uuid" doc:"Left out for an anonymous contact"`
	At             *time.Time `json:"at,omitempty" doc:"Now if left out"`
	Channel        string     `json:"channel" enum:"in_person,email,home,written,phone,other_remote,online"`
	Interlocutor   string     `json:"interlocutor" enum:"user,relative,judicial,organisation,institution,other"`
	Reason         string     `json:"reason" enum:"spontaneous,sent,summoned,decree"`
	Accompanied    bool       `json:"accompanied,omitempty"`
	PersonInformed bool       `json:"person_informed,omitempty"`
	Needs          []string   `json:"needs,omitempty" maxItems:"5" enum:"physiological,safety,belonging,fulfilment,self_fulfilment"`
	Target         string     `json:"target,omitempty" enum:"families,disability,adults,elderly"`
	Request        string     `json:"request,omitempty" maxLength:"4000"`
	ContactOutcome
}

// ContactAddendum is an addendum in the API.
type ContactAddendum struct {
	Text string    `json:"text" maxLength:"2000"`
	At   time.Time `json:"at"`
	By   string    `json:"by" maxLength:"120"`
}

// ContactBody is a contact in the API.
type ContactBody struct {
	ID uuid.UUID `json:"id" format:"uuid"`
	ContactInput
	State    string            `json:"state" enum:"created,seen,closed"`
	CaseID   *uuid.UUID        `json:"case_id,omitempty" format:"uuid"`
	Operator string            `json:"operator" maxLength:"120"`
	Version  int               `json:"version" minimum:"1" maximum:"1000000"`
	Due      string            `json:"due,omitempty" format:"date" doc:"Day by which to conclude it, where the body has a workflow with a term and it is open"`
	Addenda  []ContactAddendum `json:"addenda,omitempty" maxItems:"100"`
}

func bodyOf(c Contact, term Term) ContactBody {
	body := ContactBody{
		ID: c.ID, State: c.State, CaseID: c.CaseID, Operator: c.OperatorName, Version: c.Version,
		ContactInput: ContactInput{
			Person: c.PersonID, At: &c.At, Channel: c.Channel, Interlocutor: c.Interlocutor, Reason: c.Reason,
			Accompanied: c.Accompanied, PersonInformed: c.PersonInformed, Needs: c.Needs, Target: c.Target, Request: c.Request,
			ContactOutcome: ContactOutcome{Outcome: c.Outcome, Signposting: c.Signposting},
		},
	}
	for _, g := range c.Given {
		if key, ok := g.Value.(string); ok {
			if body.Terms == nil {
				body.Terms = map[string]kit.Term{}
			}
			body.Terms[g.Key] = kit.Term(key)
		}
	}
	if due := term.DueOn(c); !due.IsZero() {
		body.Due = due.Format(time.DateOnly)
	}
	return body
}

type findInput struct {
	Desk   bool      `query:"desk" doc:"Only those of today and those still open"`
	Person uuid.UUID `query:"person_id" format:"uuid" doc:"Only those of this person"`
	After  uuid.UUID `query:"after" format:"uuid" doc:"The next of the page before"`
	Limit  int       `query:"limit" minimum:"1" maximum:"100" default:"50" doc:"How many to a page"`
}

type findOutput struct {
	Body struct {
		Items []ContactBody `json:"items" maxItems:"100"`
		Next  string        `json:"next" maxLength:"36" doc:"after of the following page; empty on the last one"`
	}
}

func (o operations) find(ctx context.Context, in *findInput) (*findOutput, error) {
	found, err := o.service.FindContacts(ctx, tenants.ScopeFrom(ctx), Query{Desk: in.Desk, Person: in.Person, After: in.After, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	out := &findOutput{}
	out.Body.Items = make([]ContactBody, len(found.Contacts))
	for i, c := range found.Contacts {
		out.Body.Items[i] = bodyOf(c, found.Term)
	}
	if found.Next != uuid.Nil {
		out.Body.Next = found.Next.String()
	}
	return out, nil
}

type contactOutput struct {
	ETag string `header:"ETag" maxLength:"20" doc:"Version, as If-Match wants it"`
	Body ContactBody
}

func output(c Contact, term Term) *contactOutput {
	return &contactOutput{ETag: `"` + strconv.Itoa(c.Version) + `"`, Body: bodyOf(c, term)}
}

// ContactRef names a contact in a path.
type ContactRef struct {
	ID uuid.UUID `path:"id" format:"uuid" doc:"Id of the contact"`
}

func (o operations) get(ctx context.Context, in *ContactRef) (*contactOutput, error) {
	sheet, err := o.service.GetContact(ctx, tenants.ScopeFrom(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	out := output(sheet.Contact, sheet.Term)
	for _, a := range sheet.Addenda {
		out.Body.Addenda = append(out.Body.Addenda, ContactAddendum{Text: a.Text, At: a.AddedAt, By: a.AddedName})
	}
	return out, nil
}

type createInput struct {
	IdempotencyKey uuid.UUID `header:"Idempotency-Key" format:"uuid" doc:"Becomes the id of the contact; the same key again returns the same contact"`
	Body           ContactInput
}

func (o operations) create(ctx context.Context, in *createInput) (*contactOutput, error) {
	n := NewContact{ID: in.IdempotencyKey, Closing: in.Body.closing(), Details: Details{
		Channel: in.Body.Channel, Interlocutor: in.Body.Interlocutor, Reason: in.Body.Reason, Accompanied: in.Body.Accompanied,
		PersonInformed: in.Body.PersonInformed, Needs: in.Body.Needs, Target: in.Body.Target, Request: in.Body.Request,
	}}
	if in.Body.Person != nil {
		n.Person = *in.Body.Person
	}
	if in.Body.At != nil {
		n.At = *in.Body.At
	}
	s := tenants.ScopeFrom(ctx)
	made, err := o.service.CreateContact(ctx, s, n)
	if err != nil {
		return nil, err
	}
	p, err := o.service.contactPath(ctx, s)
	return output(made, p.term), err
}

type closeInput struct {
	ID      uuid.UUID `path:"id" format:"uuid" doc:"Id of the contact"`
	IfMatch string    `header:"If-Match" required:"true" maxLength:"20" doc:"The version that the caller has seen"`
	Body    ContactOutcome
}

func (o operations) close(ctx context.Context, in *closeInput) (*contactOutput, error) {
	version, err := modules.IfMatch(in.IfMatch)
	if err != nil {
		return nil, err
	}
	s := tenants.ScopeFrom(ctx)
	if err := o.service.CloseContact(ctx, s, Version{ID: in.ID, Version: version}, in.Body.closing()); err != nil {
		return nil, err
	}
	return o.get(ctx, &ContactRef{ID: in.ID})
}

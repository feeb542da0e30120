package entry

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"staffetta/modules"
	"staffetta/tenants"
)

// peopleList are the operations about who works at an entry.
func (o operations) peopleList() []modules.Operation {
	return []modules.Operation{
		add(huma.Operation{
			OperationID: "list-entry-people", Method: http.MethodGet, Path: "/entries/{entry}/people", Summary: "List who works at an entry",
			Description: "Those who see the entry and fill it in, the one who began it first.",
		}, o.findPeople),
		add(huma.Operation{
			OperationID: "add-entry-person", Method: http.MethodPost, Path: "/entries/{entry}/people", DefaultStatus: http.StatusCreated, Summary: "Let somebody else work at an entry",
			Description: "For who began the entry. Whoever signs in with the fiscal code then sees it and fills it in. Somebody who does already stays.",
		}, o.addPerson),
		add(huma.Operation{
			OperationID: "remove-entry-person", Method: http.MethodDelete, Path: "/entries/{entry}/people/{person}", Summary: "Remove somebody from an entry",
			Description: "Who began the entry removes the others, and everybody else themselves. From the next request on they do not see it. Repeating the call changes nothing.",
		}, o.removePerson),
	}
}

type ipaInput struct {
	StepRef
	Body struct {
		IPA string `json:"ipa" minLength:"2" maxLength:"40" doc:"Code in the index of public bodies"`
	}
}

func (o operations) setIPA(ctx context.Context, in *ipaInput) (*entryOutput, error) {
	version, err := in.version()
	if err == nil {
		err = o.service.CorrectIPA(ctx, tenants.ScopeFrom(ctx), in.Entry, version, in.Body.IPA)
	}
	return o.after(ctx, in.Entry, err)
}

// ParticipantBody is somebody who works at an entry as the API shows it.
type ParticipantBody struct {
	ID      uuid.UUID `json:"id" format:"uuid" doc:"Id of the person, to remove them"`
	Name    string    `json:"name" maxLength:"120" doc:"Name and surname"`
	Since   time.Time `json:"since" doc:"Since when"`
	Starter bool      `json:"starter" doc:"Whether they began the entry"`
	Self    bool      `json:"self" doc:"Whether it is the caller"`
}

type peopleOutput struct {
	Body struct {
		Items []ParticipantBody `json:"items" maxItems:"10" doc:"Who works at the entry"`
	}
}

func (o operations) findPeople(ctx context.Context, in *EntryRef) (*peopleOutput, error) {
	s := tenants.ScopeFrom(ctx)
	people, err := o.service.FindPeople(ctx, s, in.Entry)
	if err != nil {
		return nil, err
	}
	out := &peopleOutput{}
	out.Body.Items = make([]ParticipantBody, len(people))
	for i, person := range people {
		out.Body.Items[i] = ParticipantBody{
			ID: person.Account, Name: person.Name, Since: person.Since, Starter: person.Starter, Self: person.Account == s.Account,
		}
	}
	return out, nil
}

type personInput struct {
	EntryRef
	Body struct {
		Name    string `json:"name" maxLength:"120" doc:"Name and surname"`
		TaxCode string `json:"tax_code" maxLength:"40" doc:"Fiscal code of the digital identity"`
	}
}

func (o operations) addPerson(ctx context.Context, in *personInput) (*peopleOutput, error) {
	err := o.service.AddPerson(ctx, tenants.ScopeFrom(ctx), in.Entry, NewParticipant{Name: in.Body.Name, TaxCode: in.Body.TaxCode})
	if err != nil {
		return nil, err
	}
	return o.findPeople(ctx, &in.EntryRef)
}

type personRef struct {
	EntryRef
	Person uuid.UUID `path:"person" format:"uuid" doc:"Id of somebody who works at the entry"`
}

func (o operations) removePerson(ctx context.Context, in *personRef) (*struct{}, error) {
	return nil, o.service.RemovePerson(ctx, tenants.ScopeFrom(ctx), in.Entry, in.Person)
}

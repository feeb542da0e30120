package onboarding

import (
	"context"
	"time"

	"staffetta/tenants"
)

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
	Name  string    `json:"name" maxLength:"120" doc:"Name and surname"`
	Since time.Time `json:"since" doc:"Since when"`
}

type peopleOutput struct {
	Body struct {
		Items []ParticipantBody `json:"items" maxItems:"10" doc:"Who works at the entry"`
	}
}

func (o operations) findPeople(ctx context.Context, in *EntryRef) (*peopleOutput, error) {
	people, err := o.service.FindPeople(ctx, tenants.ScopeFrom(ctx), in.Entry)
	if err != nil {
		return nil, err
	}
	out := &peopleOutput{}
	out.Body.Items = make([]ParticipantBody, len(people))
	for i, person := range people {
		out.Body.Items[i] = ParticipantBody{Name: person.Name, Since: person.Since}
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

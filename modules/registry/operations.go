package registry

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/tenants"
)

// operations are the module's part of the API.
type operations struct {
	service *Service
}

func (o operations) list() []modules.Operation {
	operation := func(permission string, register func(huma.API)) modules.Operation {
		return modules.Operation{Permission: permission, Register: register}
	}
	return []modules.Operation{
		operation(readPersons, func(api huma.API) {
			huma.Register(api, describe("list-persons", http.MethodGet, "/persons",
				"Find persons", "Persons by the beginnings of their names, of their tax code, or by birth date, in the order of their names. "+
					"A name with a mistake also finds near ones."), o.find)
		}),
		operation(readPersons, func(api huma.API) {
			huma.Register(api, describe("get-person", http.MethodGet, "/persons/{id}",
				"Get a person", "A person with the current contact details, as far as the caller may see them."), o.get)
		}),
		operation(writePersons, func(api huma.API) {
			d := describe("create-person", http.MethodPost, "/persons", "Register a person",
				"Birth date, sex and birthplace are filled from the tax code where they are left out. Doubts are returned as warnings "+
					"and possible duplicates beside them; neither stops the registration. Ask find-duplicates first.")
			d.DefaultStatus = http.StatusCreated
			huma.Register(api, d, o.create)
		}),
		operation(writePersons, func(api huma.API) {
			huma.Register(api, describe("update-person", http.MethodPut, "/persons/{id}",
				"Change a person", "If-Match carries the version that the caller has seen; 409 if somebody else changed it meanwhile."), o.update)
		}),
		operation(readPersons, func(api huma.API) {
			huma.Register(api, describe("find-duplicates", http.MethodPost, "/persons/duplicates",
				"Find possible duplicates", "Registered persons who may be the one described, the most alike first, with score and reasons."), o.duplicates)
		}),
		operation(readPersons, func(api huma.API) {
			huma.Register(api, describe("list-households", http.MethodGet, "/persons/{id}/households",
				"List a person's households", "The households that the person lives in now, with their members."), o.households)
		}),
		operation(writePersons, func(api huma.API) {
			d := describe("create-household", http.MethodPost, "/persons/{id}/households",
				"Make a household", "The person becomes its first member.")
			d.DefaultStatus = http.StatusCreated
			huma.Register(api, d, o.createHousehold)
		}),
		operation(writePersons, func(api huma.API) {
			d := describe("add-household-member", http.MethodPost, "/households/{id}/members",
				"Add a member to a household", "A person has one current household of each kind, a household one head.")
			d.DefaultStatus = http.StatusCreated
			huma.Register(api, d, o.addMember)
		}),
	}
}

func describe(id, method, path, summary, description string) huma.Operation {
	return huma.Operation{OperationID: id, Method: method, Path: path, Summary: summary, Description: description, Tags: []string{"registry"}}
}

// PersonInput is a person as a caller writes it.
type PersonInput struct {
	TaxCode      string `json:"tax_code,omitempty" maxLength:"40" doc:"16 characters, 11 digits, or an STP or ENI code"`
	NoCodeReason string `json:"no_code_reason,omitempty" enum:"unknown,not_issued,newborn,anonymous" doc:"Why there is no code; needed without one"`
	Alias        string `json:"alias,omitempty" maxLength:"100" doc:"How somebody is known who gives no name"`
	Surname      string `json:"surname,omitempty" maxLength:"100"`
	Name         string `json:"name,omitempty" maxLength:"100"`
	BirthDate    string `json:"birth_date,omitempty" maxLength:"10" format:"date"`
	Sex          string `json:"sex,omitempty" enum:"F,M"`
	Birthplace   string `json:"birthplace,omitempty" maxLength:"120"`
	Citizenship  string `json:"citizenship,omitempty" maxLength:"60"`
	NoFixedAbode bool   `json:"no_fixed_abode,omitempty"`
	DeathDate    string `json:"death_date,omitempty" maxLength:"10" format:"date"`
}

func (i PersonInput) details() Details { return Details(i) }

// PersonContacts are contact details in the API.
type PersonContacts struct {
	Phone        string `json:"phone,omitempty" maxLength:"40"`
	Mobile       string `json:"mobile,omitempty" maxLength:"40"`
	Email        string `json:"email,omitempty" maxLength:"254"`
	Address      string `json:"address,omitempty" maxLength:"200"`
	PostalCode   string `json:"postal_code,omitempty" maxLength:"10"`
	Municipality string `json:"municipality,omitempty" maxLength:"120"`
}

// PersonBody is a person in the API.
type PersonBody struct {
	ID uuid.UUID `json:"id" format:"uuid"`
	PersonInput
	CodeKind       string          `json:"code_kind" enum:"tax_code,provisional,stp,eni,none"`
	BirthplaceCode string          `json:"birthplace_code,omitempty" maxLength:"4" doc:"Belfiore code"`
	Version        int             `json:"version" minimum:"1" maximum:"2147483647"`
	CreatedAt      time.Time       `json:"created_at"`
	UpdatedAt      time.Time       `json:"updated_at"`
	Contacts       *PersonContacts `json:"contacts,omitempty" doc:"Only where the caller may see them"`
}

func bodyOf(p Person) PersonBody {
	return PersonBody{
		ID: p.ID, PersonInput: PersonInput(p.Details()), CodeKind: p.CodeKind, BirthplaceCode: p.BirthplaceCode,
		Version: p.Version, CreatedAt: p.CreatedAt, UpdatedAt: p.UpdatedAt,
	}
}

func bodiesOf(persons []Person) []PersonBody {
	bodies := make([]PersonBody, len(persons))
	for i, p := range persons {
		bodies[i] = bodyOf(p)
	}
	return bodies
}

type findInput struct {
	Q         string    `query:"q" maxLength:"200" doc:"Beginnings of names in any order, or of a tax code; a day (3/4/1985) or a year of birth may stand among names"`
	BirthDate string    `query:"birth_date" maxLength:"10" format:"date" doc:"Only those born on this day"`
	After     uuid.UUID `query:"after" format:"uuid" doc:"The next of the page before"`
	Limit     int       `query:"limit" minimum:"1" maximum:"100" default:"50" doc:"How many to a page"`
}

type personsOutput struct {
	Body struct {
		Items []PersonBody `json:"items" maxItems:"100"`
		Near  []PersonBody `json:"near" maxItems:"10" doc:"Where a name finds nobody, or few: some persons with almost that name, the most alike first"`
		Next  string       `json:"next" maxLength:"36" doc:"after of the following page; empty on the last one"`
	}
}

func (o operations) find(ctx context.Context, in *findInput) (*personsOutput, error) {
	var faults problem.Fields
	q := Query{Text: in.Q, After: in.After, Limit: in.Limit, BirthDate: readDay(&faults, "birth_date", in.BirthDate, language.Day(time.Now()))}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	found, err := o.service.FindPersons(ctx, tenants.ScopeFrom(ctx), q)
	if err != nil {
		return nil, err
	}
	out := &personsOutput{}
	out.Body.Items, out.Body.Near = bodiesOf(found.Persons), bodiesOf(found.Near)
	if found.Next != uuid.Nil {
		out.Body.Next = found.Next.String()
	}
	return out, nil
}

type idInput struct {
	ID uuid.UUID `path:"id" format:"uuid" doc:"Id of the person"`
}

type personOutput struct {
	ETag string `header:"ETag" maxLength:"20" doc:"Version, as If-Match wants it"`
	Body PersonBody
}

func (o operations) get(ctx context.Context, in *idInput) (*personOutput, error) {
	s := tenants.ScopeFrom(ctx)
	sheet, err := o.service.GetSheet(ctx, s, in.ID)
	if err != nil {
		return nil, err
	}
	out := &personOutput{ETag: tag(sheet.Version), Body: bodyOf(sheet.Person)}
	if o.service.confine(s).Reads("contacts") {
		contacts := PersonContacts(sheet.Current().ContactDetails)
		out.Body.Contacts = &contacts
	}
	return out, nil
}

func tag(version int) string { return `"` + strconv.Itoa(version) + `"` }

type createInput struct {
	IdempotencyKey uuid.UUID `header:"Idempotency-Key" format:"uuid" doc:"Becomes the id of the person; the same key again returns the same person"`
	Body           struct {
		PersonInput
		Contacts *PersonContacts `json:"contacts,omitempty"`
	}
}

// PersonWarning is a doubt about a field.
type PersonWarning struct {
	Field   string `json:"field" maxLength:"40"`
	Message string `json:"message" maxLength:"400"`
}

type writtenOutput struct {
	ETag string `header:"ETag" maxLength:"20" doc:"Version, as If-Match wants it"`
	Body struct {
		PersonBody
		Warnings []PersonWarning `json:"warnings" maxItems:"20"`
	}
}

func written(ctx context.Context, p Person, d Details) *writtenOutput {
	out := &writtenOutput{ETag: tag(p.Version)}
	out.Body.PersonBody = bodyOf(p)
	_, warnings, _ := d.Check(language.Day(time.Now())) // the service has refused what is at fault
	out.Body.Warnings = make([]PersonWarning, len(warnings))
	for i, w := range warnings {
		out.Body.Warnings[i] = PersonWarning{Field: w.Field, Message: language.Say(ctx, w.Message)}
	}
	return out
}

type createdOutput struct {
	ETag string `header:"ETag" maxLength:"20" doc:"Version, as If-Match wants it"`
	Body struct {
		PersonBody
		Warnings   []PersonWarning   `json:"warnings" maxItems:"20"`
		Duplicates []PersonDuplicate `json:"duplicates" maxItems:"20" doc:"Others who may be the same person; they never stop the registration"`
	}
}

func (o operations) create(ctx context.Context, in *createInput) (*createdOutput, error) {
	n := NewPerson{ID: in.IdempotencyKey, Details: in.Body.details()}
	if in.Body.Contacts != nil {
		n.Contacts = ContactDetails(*in.Body.Contacts)
	}
	s := tenants.ScopeFrom(ctx)
	found, err := o.service.FindDuplicates(ctx, s, n.Details)
	if err != nil && !invalid(err) { // Create tells all faults together
		return nil, err
	}
	person, err := o.service.Create(ctx, s, n)
	if err != nil {
		return nil, err
	}
	found = slices.DeleteFunc(found, func(d Duplicate) bool { return d.ID == person.ID })
	was := written(ctx, person, n.Details)
	out := &createdOutput{ETag: was.ETag}
	out.Body.PersonBody, out.Body.Warnings, out.Body.Duplicates = was.Body.PersonBody, was.Body.Warnings, duplicateBodies(found)
	return out, nil
}

type updateInput struct {
	ID      uuid.UUID `path:"id" format:"uuid" doc:"Id of the person"`
	IfMatch string    `header:"If-Match" required:"true" maxLength:"20" doc:"The version that the caller has seen"`
	Body    PersonInput
}

func (o operations) update(ctx context.Context, in *updateInput) (*writtenOutput, error) {
	version, err := modules.IfMatch(in.IfMatch)
	if err != nil {
		return nil, err
	}
	person, err := o.service.Update(ctx, tenants.ScopeFrom(ctx), in.ID, version, in.Body.details())
	if err != nil {
		return nil, err
	}
	return written(ctx, person, in.Body.details()), nil
}

type duplicatesInput struct {
	Body PersonInput
}

type duplicatesOutput struct {
	Body struct {
		Items []PersonDuplicate `json:"items" maxItems:"20"`
	}
}

// PersonDuplicate is somebody who may be the person described.
type PersonDuplicate struct {
	PersonBody
	Score   int      `json:"score" minimum:"1" maximum:"100" doc:"How much alike; 100 is the same code, or the same names and day of birth"`
	Reasons []string `json:"reasons" maxItems:"5" enum:"code,birth,birth_near,birth_unknown,swapped,name,surname_near,name_near"`
}

func duplicateBodies(found []Duplicate) []PersonDuplicate {
	items := make([]PersonDuplicate, len(found))
	for i, d := range found {
		items[i] = PersonDuplicate{bodyOf(d.Person), d.Score, d.Reasons}
	}
	return items
}

func (o operations) duplicates(ctx context.Context, in *duplicatesInput) (*duplicatesOutput, error) {
	found, err := o.service.FindDuplicates(ctx, tenants.ScopeFrom(ctx), in.Body.details())
	if err != nil {
		return nil, err
	}
	out := &duplicatesOutput{}
	out.Body.Items = duplicateBodies(found)
	return out, nil
}

// HouseholdMember is a membership in the API.
type HouseholdMember struct {
	ID       uuid.UUID `json:"id" format:"uuid"`
	PersonID uuid.UUID `json:"person_id" format:"uuid"`
	Name     string    `json:"name" maxLength:"201"`
	Relation string    `json:"relation" maxLength:"20"`
	From     string    `json:"from" maxLength:"10" format:"date"`
	To       string    `json:"to,omitempty" maxLength:"10" format:"date"`
}

// HouseholdSheet is a household in the API.
type HouseholdSheet struct {
	ID      uuid.UUID         `json:"id" format:"uuid"`
	Kind    string            `json:"kind" enum:"registry,isee,cohabiting"`
	Members []HouseholdMember `json:"members" maxItems:"1000"`
}

type householdsOutput struct {
	Body struct {
		Items []HouseholdSheet `json:"items" maxItems:"10"`
	}
}

func (o operations) households(ctx context.Context, in *idInput) (*householdsOutput, error) {
	households, err := o.service.FindHouseholds(ctx, tenants.ScopeFrom(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	out := &householdsOutput{}
	out.Body.Items = make([]HouseholdSheet, len(households))
	for i, h := range households {
		out.Body.Items[i] = HouseholdSheet{ID: h.ID, Kind: h.Kind, Members: make([]HouseholdMember, len(h.Members))}
		for j, m := range h.Members {
			out.Body.Items[i].Members[j] = HouseholdMember{m.ID, m.PersonID, m.FullName(), m.Relation, day(m.ValidFrom), day(m.ValidTo)}
		}
	}
	return out, nil
}

type createHouseholdInput struct {
	ID             uuid.UUID `path:"id" format:"uuid" doc:"Id of the person"`
	IdempotencyKey uuid.UUID `header:"Idempotency-Key" format:"uuid" doc:"Becomes the id of the household; the same key again returns the same household"`
	Body           struct {
		Kind     string `json:"kind" enum:"registry,isee,cohabiting"`
		Relation string `json:"relation" enum:"head,spouse_partner,child,parent,sibling,grandparent,other_relative,cohabitant,carer"`
		From     string `json:"from,omitempty" maxLength:"10" format:"date" doc:"Today if left out"`
	}
}

type madeOutput struct {
	Body struct {
		ID uuid.UUID `json:"id" format:"uuid"`
	}
}

func (o operations) createHousehold(ctx context.Context, in *createHouseholdInput) (*madeOutput, error) {
	n := NewHousehold{ID: in.IdempotencyKey, Kind: in.Body.Kind, Person: in.ID, Joining: Joining{in.Body.Relation, in.Body.From}}
	id, err := o.service.CreateHousehold(ctx, tenants.ScopeFrom(ctx), n)
	if err != nil {
		return nil, err
	}
	out := &madeOutput{}
	out.Body.ID = id
	return out, nil
}

type addMemberInput struct {
	ID             uuid.UUID `path:"id" format:"uuid" doc:"Id of the household"`
	IdempotencyKey uuid.UUID `header:"Idempotency-Key" format:"uuid" doc:"Becomes the id of the membership; the same key again makes no second one"`
	Body           struct {
		PersonID uuid.UUID `json:"person_id" format:"uuid"`
		Relation string    `json:"relation" enum:"head,spouse_partner,child,parent,sibling,grandparent,other_relative,cohabitant,carer"`
		From     string    `json:"from,omitempty" maxLength:"10" format:"date" doc:"Today if left out"`
	}
}

func (o operations) addMember(ctx context.Context, in *addMemberInput) (*struct{}, error) {
	n := NewMember{ID: in.IdempotencyKey, Household: in.ID, Person: in.Body.PersonID, Joining: Joining{in.Body.Relation, in.Body.From}}
	return &struct{}{}, o.service.AddMember(ctx, tenants.ScopeFrom(ctx), n)
}

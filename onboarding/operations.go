package onboarding

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/policies"
	"staffetta/tenants"
)

// Word is the id of a role or of a module, as the API bounds it.
type Word string

// Schema meets huma.SchemaProvider.
func (Word) Schema(huma.Registry) *huma.Schema {
	most := 40
	schema := &huma.Schema{Type: huma.TypeString, MaxLength: &most, Pattern: "^[a-z_]+$"}
	schema.PrecomputeMessages()
	return schema
}

func words[T ~string](ids []T) []Word {
	list := make([]Word, len(ids))
	for i, id := range ids {
		list[i] = Word(id)
	}
	return list
}

func fromWords[T ~string](list []Word) []T {
	ids := make([]T, len(list))
	for i, word := range list {
		ids[i] = T(word)
	}
	return ids
}

type operations struct {
	service *Service
}

// add makes an operation below /api/v1/platform for newcomers.
func add[I, O any](op huma.Operation, handle func(context.Context, *I) (*O, error)) modules.Operation {
	op.Tags = []string{string(ID)}
	return modules.Operation{
		Permission: policies.SignedIn, Purpose: tenants.Newcomer, Platform: true,
		Register: func(api huma.API) { huma.Register(api, op, handle) },
	}
}

func (o operations) list() []modules.Operation {
	return append(o.peopleList(), []modules.Operation{
		add(huma.Operation{
			OperationID: "search-municipalities", Method: http.MethodGet, Path: "/municipalities", Summary: "Search the municipalities",
			Description: "Finds municipalities by name, ISTAT, Belfiore or IPA code, and tells which have a body already.",
		}, o.searchMunicipalities),
		add(huma.Operation{
			OperationID: "list-offered-kits", Method: http.MethodGet, Path: "/kits", Summary: "List published kits",
			Description: "The newest kit of every published practice, for a new body to begin with.",
		}, o.findKits),
		add(huma.Operation{
			OperationID: "list-entries", Method: http.MethodGet, Path: "/entries", Summary: "List one's entries",
			Description: "The entries of the caller, the newest first, without their users.",
		}, o.find),
		add(huma.Operation{
			OperationID: "create-entry", Method: http.MethodPost, Path: "/entries", DefaultStatus: http.StatusCreated, Summary: "Begin an entry",
			Description: "Begins the entry of a new body. Repeating the call with the same Idempotency-Key returns the same entry.",
		}, o.create),
		add(huma.Operation{
			OperationID: "get-entry", Method: http.MethodGet, Path: "/entries/{entry}", Summary: "Get an entry",
			Description: "An entry of the caller with every step and its version.",
		}, o.get),
		add(huma.Operation{
			OperationID: "set-entry-municipality", Method: http.MethodPut, Path: "/entries/{entry}/municipality", Summary: "Say which municipality enters",
			Description: "Refused for a municipality that has a body already.",
		}, o.setMunicipality),
		add(huma.Operation{
			OperationID: "set-entry-ipa", Method: http.MethodPut, Path: "/entries/{entry}/ipa", Summary: "Correct the IPA code",
			Description: "Replaces the code that the register gives for the chosen municipality. It becomes the body's name in addresses.",
		}, o.setIPA),
		add(huma.Operation{
			OperationID: "set-entry-contact", Method: http.MethodPut, Path: "/entries/{entry}/contact", Summary: "Say who answers for the entry",
			Description: "The contact person of the body and the act that appoints them.",
		}, o.setContact),
		add(huma.Operation{
			OperationID: "set-entry-choice", Method: http.MethodPut, Path: "/entries/{entry}/choice", Summary: "Choose modules and a kit",
			Description: "Modules that the chosen ones or the kit need are added.",
		}, o.setChoice),
		add(huma.Operation{
			OperationID: "add-entry-user", Method: http.MethodPost, Path: "/entries/{entry}/users", DefaultStatus: http.StatusCreated, Summary: "Add a first user",
			Description: "Adds somebody who will be able to sign in at the new body. The fiscal code is kept sealed.",
		}, o.addUser),
		add(huma.Operation{
			OperationID: "remove-entry-user", Method: http.MethodDelete, Path: "/entries/{entry}/users/{user}", DefaultStatus: http.StatusOK, Summary: "Remove a first user",
			Description: "Takes a user off the list and forgets the fiscal code.",
		}, o.removeUser),
		add(huma.Operation{
			OperationID: "activate-entry", Method: http.MethodPost, Path: "/entries/{entry}/activation", DefaultStatus: http.StatusOK, Summary: "Bring the body live",
			Description: "Makes the body with its modules and users in one transaction, for who began the entry, as it was read: If-Match carries its mark. 409 if an answer has changed since. Repeating the call returns the same result.",
		}, o.activate),
	}...)
}

// MunicipalityBody is a municipality as the API shows it.
type MunicipalityBody struct {
	ISTAT    string `json:"istat" maxLength:"6" doc:"Code of the statistics office"`
	Belfiore string `json:"belfiore" maxLength:"4" doc:"Cadastral code"`
	IPA      string `json:"ipa" maxLength:"40" doc:"Usual code in the index of public bodies"`
	Name     string `json:"name" maxLength:"120" doc:"Name"`
	Province string `json:"province" maxLength:"2" doc:"Province in two letters"`
	Region   string `json:"region" maxLength:"60" doc:"Region"`
	Taken    bool   `json:"taken" doc:"Whether it has a body on the platform already"`
}

func municipalityBody(c Candidate) MunicipalityBody {
	return MunicipalityBody{ISTAT: c.ISTAT, Belfiore: c.Belfiore, IPA: c.IPA(), Name: c.Name, Province: c.Province, Region: c.Region, Taken: c.Taken}
}

type searchInput struct {
	Query string `query:"q" required:"true" minLength:"1" maxLength:"100" doc:"Name or part of it, or a code"`
}

type searchOutput struct {
	Body struct {
		Items []MunicipalityBody `json:"items" maxItems:"20" doc:"Municipalities, the best match first"`
		More  bool               `json:"more" doc:"Whether more match than are listed"`
	}
}

func (o operations) searchMunicipalities(ctx context.Context, in *searchInput) (*searchOutput, error) {
	found, more, err := o.service.FindMunicipalities(ctx, in.Query)
	if err != nil {
		return nil, err
	}
	out := &searchOutput{}
	out.Body.Items, out.Body.More = make([]MunicipalityBody, len(found)), more
	for i, c := range found {
		out.Body.Items[i] = municipalityBody(c)
	}
	return out, nil
}

// KitBody is a published kit as the API shows it.
type KitBody struct {
	ID       uuid.UUID `json:"id" format:"uuid" doc:"Id of the kit"`
	Practice uuid.UUID `json:"practice_id" format:"uuid" doc:"Its practice"`
	Title    string    `json:"title" maxLength:"300" doc:"Title in Italian"`
	Body     string    `json:"body" maxLength:"200" doc:"The body that publishes it"`
	Release  string    `json:"release" maxLength:"20" doc:"Its release"`
}

type kitsOutput struct {
	Body struct {
		Items []KitBody `json:"items" maxItems:"200" doc:"Kits by title"`
	}
}

func (o operations) findKits(ctx context.Context, _ *struct{}) (*kitsOutput, error) {
	kits, err := o.service.FindKits(ctx, tenants.ScopeFrom(ctx), uuid.Nil)
	if err != nil {
		return nil, err
	}
	out := &kitsOutput{}
	out.Body.Items = make([]KitBody, len(kits))
	for i, k := range kits {
		out.Body.Items[i] = KitBody{ID: k.ID, Practice: k.Practice, Title: k.Title.It, Body: k.Body, Release: k.Release}
	}
	return out, nil
}

// ContactBody is the contact person as the API shows it.
type ContactBody struct {
	Name      string `json:"name" maxLength:"120" doc:"Name and surname"`
	Position  string `json:"position" maxLength:"120" doc:"Position in the body"`
	Email     string `json:"email" maxLength:"254" doc:"E-mail address"`
	Phone     string `json:"phone" maxLength:"40" doc:"Phone number"`
	ActNumber string `json:"act_number" maxLength:"60" doc:"Number of the act of appointment"`
	ActDate   string `json:"act_date" maxLength:"10" doc:"Day of the act, yyyy-mm-dd"`
}

// UserBody is a first user as the API shows it.
type UserBody struct {
	ID    uuid.UUID `json:"id" format:"uuid" doc:"Id of the user in the entry"`
	Name  string    `json:"name" maxLength:"120" doc:"Name and surname"`
	Code  string    `json:"masked_tax_code,omitempty" maxLength:"16" doc:"Fiscal code without most of its characters; nothing once the body is live"`
	Roles []Word    `json:"roles" maxItems:"20" doc:"Roles in the body"`
}

// EntryBody is an entry as the API shows it. A version of 0 is a step that was never saved.
type EntryBody struct {
	ID                  uuid.UUID         `json:"id" format:"uuid" doc:"Id of the entry"`
	State               string            `json:"state" enum:"open,activating,live" doc:"How far it is"`
	Starter             bool              `json:"starter" doc:"Whether the caller began it, and so may bring it live and say who else works at it"`
	Mark                string            `json:"mark,omitempty" maxLength:"91" doc:"Stands for all answers as they are, for If-Match of the activation; not in a list"`
	Ready               bool              `json:"ready" doc:"Whether it can go live"`
	Municipality        *MunicipalityBody `json:"municipality,omitempty" doc:"The municipality, once chosen"`
	MunicipalityVersion int32             `json:"municipality_version" minimum:"0" maximum:"2147483647" format:"int32" doc:"For If-Match"`
	Contact             ContactBody       `json:"contact" doc:"The contact person"`
	ContactVersion      int32             `json:"contact_version" minimum:"0" maximum:"2147483647" format:"int32" doc:"For If-Match"`
	Modules             []Word            `json:"modules" maxItems:"100" doc:"Chosen modules; the essential ones are always on"`
	Kit                 string            `json:"kit_id,omitempty" maxLength:"36" doc:"Chosen kit"`
	ChoiceVersion       int32             `json:"choice_version" minimum:"0" maximum:"2147483647" format:"int32" doc:"For If-Match"`
	Users               []UserBody        `json:"users" maxItems:"50" doc:"First users"`
	Uncovered           []Word            `json:"uncovered_roles" maxItems:"20" doc:"Roles that the work needs and nobody holds"`
	Slug                string            `json:"slug,omitempty" maxLength:"63" doc:"Name of the body in addresses, once live"`
	CreatedAt           time.Time         `json:"created_at" doc:"When it was begun"`
	UpdatedAt           time.Time         `json:"updated_at" doc:"When it was last saved"`
}

func (o operations) body(e Entry) EntryBody {
	b := EntryBody{
		ID: e.ID, State: string(e.State), Starter: e.Starter, Ready: e.Ready(), MunicipalityVersion: int32(e.BodyVersion), Contact: ContactBody(e.Contact),
		ContactVersion: int32(e.ContactVersion), Modules: words(e.Modules), ChoiceVersion: int32(e.ChoiceVersion), Users: make([]UserBody, len(e.Users)),
		Uncovered: words(e.Uncovered()), CreatedAt: e.CreatedAt, UpdatedAt: e.UpdatedAt,
	}
	if m, chosen := e.Municipality(); chosen {
		municipality := municipalityBody(Candidate{Municipality: m, Taken: e.State == Live})
		municipality.IPA = e.IPA()
		b.Municipality = &municipality
	}
	if e.Kit != uuid.Nil {
		b.Kit = e.Kit.String()
	}
	for i, u := range e.Users {
		b.Users[i] = UserBody{ID: u.ID, Name: u.Name, Code: u.Mask, Roles: words(u.Roles)}
	}
	if body, err := o.service.deps.Bodies.ByID(e.Body); err == nil && e.State == Live {
		b.Slug = body.Slug
	}
	return b
}

type entriesOutput struct {
	Body struct {
		Items []EntryBody `json:"items" maxItems:"20" doc:"Entries"`
	}
}

func (o operations) find(ctx context.Context, _ *struct{}) (*entriesOutput, error) {
	entries, err := o.service.Find(ctx, tenants.ScopeFrom(ctx))
	if err != nil {
		return nil, err
	}
	out := &entriesOutput{}
	out.Body.Items = make([]EntryBody, len(entries))
	for i, e := range entries {
		out.Body.Items[i] = o.body(e)
	}
	return out, nil
}

type entryOutput struct {
	Body EntryBody
}

func (o operations) one(e Entry, err error) (*entryOutput, error) {
	if err != nil {
		return nil, err
	}
	out := &entryOutput{Body: o.body(e)}
	out.Body.Mark = string(e.Mark())
	return out, nil
}

// after returns the entry as it is after a change.
func (o operations) after(ctx context.Context, id uuid.UUID, err error) (*entryOutput, error) {
	if err != nil {
		return nil, err
	}
	return o.one(o.service.Get(ctx, tenants.ScopeFrom(ctx), id))
}

type createInput struct {
	Key string `header:"Idempotency-Key" maxLength:"36" doc:"A UUID that becomes the id of the entry"`
}

func (o operations) create(ctx context.Context, in *createInput) (*entryOutput, error) {
	id, err := modules.NewID(in.Key)
	if err != nil {
		return nil, err
	}
	return o.one(o.service.Create(ctx, tenants.ScopeFrom(ctx), id))
}

// EntryRef names an entry in a path.
type EntryRef struct {
	Entry uuid.UUID `path:"entry" format:"uuid" doc:"Id of the entry"`
}

func (o operations) get(ctx context.Context, in *EntryRef) (*entryOutput, error) {
	return o.one(o.service.Get(ctx, tenants.ScopeFrom(ctx), in.Entry))
}

// StepRef names a step with the version that the caller has seen.
type StepRef struct {
	EntryRef
	IfMatch string `header:"If-Match" required:"true" maxLength:"20" doc:"The version that the caller has seen; 0 for a new one"`
}

func (in StepRef) version() (int, error) { return modules.IfMatchNew(in.IfMatch) }

type municipalityInput struct {
	StepRef
	Body struct {
		ISTAT string `json:"municipality" maxLength:"6" pattern:"^[0-9]{6}$" doc:"ISTAT code of the municipality"`
	}
}

func (o operations) setMunicipality(ctx context.Context, in *municipalityInput) (*entryOutput, error) {
	version, err := in.version()
	if err == nil {
		err = o.service.ChooseMunicipality(ctx, tenants.ScopeFrom(ctx), in.Entry, version, in.Body.ISTAT)
	}
	return o.after(ctx, in.Entry, err)
}

type contactInput struct {
	StepRef
	Body ContactBody
}

func (o operations) setContact(ctx context.Context, in *contactInput) (*entryOutput, error) {
	version, err := in.version()
	if err == nil {
		err = o.service.SaveContact(ctx, tenants.ScopeFrom(ctx), in.Entry, version, Contact(in.Body))
	}
	return o.after(ctx, in.Entry, err)
}

type choiceInput struct {
	StepRef
	Body struct {
		Modules []Word `json:"modules" maxItems:"100" doc:"Modules to switch on"`
		Kit     string `json:"kit_id,omitempty" maxLength:"36" format:"uuid" doc:"Kit to begin with; none if left out"`
	}
}

func (o operations) setChoice(ctx context.Context, in *choiceInput) (*entryOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	c := Choice{Modules: fromWords[modules.ID](in.Body.Modules)}
	if in.Body.Kit != "" {
		var ok bool
		if c.Kit, ok = modules.ParseID(in.Body.Kit); !ok {
			var faults problem.Fields
			faults.Add("kit_id", "web.field.choice")
			return nil, faults.Err()
		}
	}
	_, err = o.service.SaveChoice(ctx, tenants.ScopeFrom(ctx), in.Entry, version, c)
	return o.after(ctx, in.Entry, err)
}

type userInput struct {
	EntryRef
	Key  string `header:"Idempotency-Key" maxLength:"36" doc:"A UUID that becomes the id of the user"`
	Body struct {
		Name    string `json:"name,omitempty" maxLength:"120" doc:"Name and surname"`
		TaxCode string `json:"tax_code,omitempty" maxLength:"40" doc:"Fiscal code"`
		Self    bool   `json:"self,omitempty" doc:"The caller: the fiscal code is that of the login"`
		Roles   []Word `json:"roles" maxItems:"20" doc:"Roles in the body"`
	}
}

func (o operations) addUser(ctx context.Context, in *userInput) (*entryOutput, error) {
	id, err := modules.NewID(in.Key)
	if err != nil {
		return nil, err
	}
	err = o.service.AddUser(ctx, tenants.ScopeFrom(ctx), in.Entry, NewUser{
		ID: id, Name: in.Body.Name, TaxCode: in.Body.TaxCode, Self: in.Body.Self, Roles: fromWords[string](in.Body.Roles),
	})
	return o.after(ctx, in.Entry, err)
}

type removeInput struct {
	EntryRef
	User uuid.UUID `path:"user" format:"uuid" doc:"Id of the user in the entry"`
}

func (o operations) removeUser(ctx context.Context, in *removeInput) (*entryOutput, error) {
	return o.after(ctx, in.Entry, o.service.RemoveUser(ctx, tenants.ScopeFrom(ctx), in.Entry, in.User))
}

type activateInput struct {
	EntryRef
	IfMatch string `header:"If-Match" required:"true" maxLength:"93" doc:"The mark of the entry that the caller has read"`
}

func (o operations) activate(ctx context.Context, in *activateInput) (*entryOutput, error) {
	return o.one(o.service.Activate(ctx, tenants.ScopeFrom(ctx), in.Entry, Mark(strings.Trim(in.IfMatch, `"`))))
}

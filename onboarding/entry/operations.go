package entry

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"staffetta/modules"
	"staffetta/policies"
	"staffetta/tenants"
)

type operations struct {
	service *Service
}

// add makes an operation below /api/v1/platform for newcomers.
func add[I, O any](op huma.Operation, handle func(context.Context, *I) (*O, error)) modules.Operation {
	op.Tags = []string{string(ModuleID)}
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
			OperationID: "list-entries", Method: http.MethodGet, Path: "/entries", Summary: "List one's entries",
			Description: "The entries of the caller, the newest first.",
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
			OperationID: "set-entry-body", Method: http.MethodPut, Path: "/entries/{entry}/body", Summary: "Declare a body that is no municipality",
			Description: "A union, a district or another body, with the act that makes it (PDF, PNG or JPEG, at most 10 MB). Without a file the one that was sent before stays. Somebody of the platform looks at it before a code goes out.",
		}, o.setBody),
		add(huma.Operation{
			OperationID: "set-entry-contact", Method: http.MethodPut, Path: "/entries/{entry}/contact", Summary: "Say who answers for the entry",
			Description: "The contact person of the body and the act that appoints them.",
		}, o.setContact),
		add(huma.Operation{
			OperationID: "send-entry-code", Method: http.MethodPost, Path: "/entries/{entry}/codes", DefaultStatus: http.StatusOK, Summary: "Send a code to the certified mail",
			Description: "Sends a new code to the certified mail of the body, for who began the entry, as it was read: If-Match carries its mark. The code before holds no longer. 429 when the codes of the day have been sent.",
		}, o.sendCode),
		add(huma.Operation{
			OperationID: "request-entry-review", Method: http.MethodPost, Path: "/entries/{entry}/review", DefaultStatus: http.StatusOK, Summary: "Ask the platform to look at an entry",
			Description: "For who began the entry, where the certified mail does not look like the body's own or the deployment looks at every entry. Repeating the call changes nothing.",
		}, o.askReview),
		add(huma.Operation{
			OperationID: "confirm-entry", Method: http.MethodPost, Path: "/entries/{entry}/confirmation", DefaultStatus: http.StatusOK, Summary: "Confirm the powers of the contact",
			Description: "For somebody else who works at the entry, as it was read: If-Match carries its mark. Without it the body can be tried and does not go live. Repeating the call changes nothing.",
		}, o.confirm),
		add(huma.Operation{
			OperationID: "activate-entry", Method: http.MethodPost, Path: "/entries/{entry}/activation", DefaultStatus: http.StatusOK, Summary: "Prove control and make the body",
			Description: "Takes the code that came to the certified mail and makes the body, to be tried by its own people, with all modules and its contact as administrator, for who began the entry, as it was read: If-Match carries its mark. 409 if an answer has changed since. Repeating the call returns the same result.",
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

// ContactBody is the contact person as the API shows it.
type ContactBody struct {
	Name      string `json:"name" maxLength:"120" readOnly:"true" required:"false" doc:"Name and surname of who began the entry, from the login"`
	Position  string `json:"position" maxLength:"120" doc:"Position in the body"`
	Email     string `json:"email" maxLength:"254" doc:"E-mail address"`
	Phone     string `json:"phone" maxLength:"40" doc:"Phone number"`
	ActNumber string `json:"act_number" maxLength:"60" doc:"Number of the act of appointment"`
	ActDate   string `json:"act_date" maxLength:"10" doc:"Day of the act, yyyy-mm-dd"`
	PEC       string `json:"certified_mail" maxLength:"254" doc:"Certified mail of the body; a code goes there"`
}

// CodeBody is a code that was sent, without the code.
type CodeBody struct {
	SentAt time.Time `json:"sent_at" doc:"When it was sent"`
	Until  time.Time `json:"until" doc:"Until when it holds"`
	Left   int32     `json:"tries_left" minimum:"0" maximum:"5" format:"int32" doc:"How many wrong ones end it"`
}

// EntryBody is an entry as the API shows it. A version of 0 is a step that was never saved.
type EntryBody struct {
	ID                  uuid.UUID         `json:"id" format:"uuid" doc:"Id of the entry"`
	State               string            `json:"state" enum:"open,activating,live,closed" doc:"How far it is; of a live one the body is made, to be tried by its own people first"`
	Starter             bool              `json:"starter" doc:"Whether the caller began it, is its contact, and alone proves control and says who else works at it"`
	Mark                string            `json:"mark,omitempty" maxLength:"91" doc:"Stands for all answers as they are, for If-Match of the activation; not in a list"`
	Ready               bool              `json:"ready" doc:"Whether no step lacks anything"`
	Municipality        *MunicipalityBody `json:"municipality,omitempty" doc:"The municipality, once chosen"`
	MunicipalityVersion int32             `json:"municipality_version" minimum:"0" maximum:"2147483647" format:"int32" doc:"For If-Match"`
	Other               *OtherBodyBody    `json:"other_body,omitempty" doc:"The body, where it is no municipality; the version is that of the municipality"`
	Contact             ContactBody       `json:"contact" doc:"The contact person"`
	ContactVersion      int32             `json:"contact_version" minimum:"0" maximum:"2147483647" format:"int32" doc:"For If-Match"`
	Code                *CodeBody         `json:"code,omitempty" doc:"The code that holds, if one was sent; not in a list"`
	ConfirmedBy         string            `json:"confirmed_by,omitempty" maxLength:"120" doc:"The second person who stands for the powers of the contact; without one the body does not go live"`
	Review              string            `json:"review,omitempty" enum:"asked,yes,no" doc:"Whether the platform was asked to look at the entry, and what it said"`
	ReviewReason        string            `json:"review_reason,omitempty" maxLength:"1000" doc:"Why it said so"`
	Slug                string            `json:"slug,omitempty" maxLength:"63" doc:"Name of the body in addresses, once it is made"`
	CreatedAt           time.Time         `json:"created_at" doc:"When it was begun"`
	UpdatedAt           time.Time         `json:"updated_at" doc:"When it was last saved"`
}

func (o operations) body(e Entry) EntryBody {
	b := EntryBody{
		ID: e.ID, State: string(e.State), Starter: e.Starter, Ready: e.Ready(), MunicipalityVersion: int32(e.BodyVersion), Contact: ContactBody(e.Contact),
		ContactVersion: int32(e.ContactVersion), ConfirmedBy: e.ConfirmedBy, Review: e.Review, ReviewReason: e.ReviewReason,
		CreatedAt: e.CreatedAt, UpdatedAt: e.UpdatedAt,
	}
	if m, chosen := e.Municipality(); chosen {
		municipality := municipalityBody(Candidate{Municipality: m, Taken: e.State == Live})
		municipality.IPA = e.IPA()
		b.Municipality = &municipality
	}
	if e.Other.Kind != "" {
		b.Other = &OtherBodyBody{Kind: string(e.Other.Kind), Name: e.Other.Name, IPA: e.IPA(), TaxCode: e.Other.TaxCode, Deed: e.Other.Deed.FileName}
	}
	if e.Code.Answers != "" && e.Code.Answers == string(e.Mark()) {
		b.Code = &CodeBody{SentAt: e.Code.IssuedAt, Until: e.Code.Until, Left: int32(e.Code.Left)}
	}
	if body, err := o.service.deps.Bodies.ByID(e.Body); err == nil && e.State == Live {
		b.Slug = body.Slug
	}
	return b
}

type entriesOutput struct {
	Body struct {
		Items []EntryBody `json:"items" maxItems:"40" doc:"Entries"`
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

// MarkRef names an entry as the caller has read it.
type MarkRef struct {
	EntryRef
	IfMatch string `header:"If-Match" required:"true" maxLength:"93" doc:"The mark of the entry that the caller has read"`
}

func (in MarkRef) mark() Mark { return Mark(strings.Trim(in.IfMatch, `"`)) }

func (o operations) sendCode(ctx context.Context, in *MarkRef) (*entryOutput, error) {
	return o.after(ctx, in.Entry, o.service.SendCode(ctx, tenants.ScopeFrom(ctx), in.Entry, in.mark()))
}

func (o operations) askReview(ctx context.Context, in *MarkRef) (*entryOutput, error) {
	return o.after(ctx, in.Entry, o.service.AskReview(ctx, tenants.ScopeFrom(ctx), in.Entry, in.mark()))
}

func (o operations) confirm(ctx context.Context, in *MarkRef) (*entryOutput, error) {
	return o.after(ctx, in.Entry, o.service.Confirm(ctx, tenants.ScopeFrom(ctx), in.Entry, in.mark()))
}

type activateInput struct {
	MarkRef
	Body struct {
		Code string `json:"code,omitempty" maxLength:"40" doc:"The code that came to the certified mail; nothing to go on where an earlier call was cut off"`
	}
}

func (o operations) activate(ctx context.Context, in *activateInput) (*entryOutput, error) {
	return o.one(o.service.Activate(ctx, tenants.ScopeFrom(ctx), in.Entry, in.mark(), in.Body.Code))
}

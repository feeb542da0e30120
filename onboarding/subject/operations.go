package subject

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"staffetta/modules"
	"staffetta/tenants"
)

type operations struct {
	service *Service
}

// Operations are the operations about requests.
func Operations(v *Service) []modules.Operation {
	o, tags := &operations{v}, []string{"onboarding"}
	return []modules.Operation{
		modules.Declare(Read, huma.Operation{
			OperationID: "list-subject-requests", Method: http.MethodGet, Path: "/subject-requests", Tags: tags, Summary: "List what people asked about their data",
			Description: "Those to answer first, by their terms. Of those that the caller does not handle or did not register only numbers and terms.",
		}, o.list),
		modules.Declare(Register, huma.Operation{
			OperationID: "register-subject-request", Method: http.MethodPost, Path: "/subject-requests", Tags: tags, DefaultStatus: http.StatusCreated, Summary: "Register a request",
			Description: "Of a data subject, by articles 15 to 21 of the GDPR. The term is one month from its arrival.",
		}, o.register),
		modules.Declare(Register, huma.Operation{
			OperationID: "get-subject-request", Method: http.MethodGet, Path: "/subject-requests/{request}", Tags: tags, Summary: "Get a request",
			Description: "With what was done about it.",
		}, o.get),
		modules.Declare(Register, huma.Operation{
			OperationID: "name-subject", Method: http.MethodPost, Path: "/subject-requests/{request}/subject", Tags: tags, DefaultStatus: http.StatusNoContent, Summary: "Say whom a request is about",
			Description: "Where nobody of the registry was known to be meant: by the whole tax code, or by the whole name.",
		}, o.name),
		modules.Declare(Register, huma.Operation{
			OperationID: "note-subject-request", Method: http.MethodPost, Path: "/subject-requests/{request}/notes", Tags: tags, DefaultStatus: http.StatusNoContent, Summary: "Note what was done",
			Description: "It stays with the request.",
		}, o.note),
		modules.Declare(Handle, huma.Operation{
			OperationID: "take-subject-request", Method: http.MethodPost, Path: "/subject-requests/{request}/handling", Tags: tags, DefaultStatus: http.StatusNoContent, Summary: "Take a request in hand",
			Description: "From nobody, or from who had it.",
		}, o.take),
		modules.Declare(Handle, huma.Operation{
			OperationID: "extend-subject-request", Method: http.MethodPost, Path: "/subject-requests/{request}/extension", Tags: tags, DefaultStatus: http.StatusNoContent, Summary: "Extend the term",
			Description: "Once, by two months and while it runs, with the reason that the person is told (article 12(3) of the GDPR).",
		}, o.extend),
		modules.Declare(Handle, huma.Operation{
			OperationID: "answer-subject-request", Method: http.MethodPost, Path: "/subject-requests/{request}/answer", Tags: tags, DefaultStatus: http.StatusNoContent, Summary: "Answer a request",
			Description: "What is not granted, or not all, needs a reason and the remedies that the person was told.",
		}, o.answer),
		modules.Declare(Handle, huma.Operation{
			OperationID: "withdraw-subject-request", Method: http.MethodPost, Path: "/subject-requests/{request}/withdrawal", Tags: tags, DefaultStatus: http.StatusNoContent, Summary: "Note that a request was withdrawn",
			Description: "By who made it, with how.",
		}, o.withdraw),
		modules.Declare(Handle, huma.Operation{
			OperationID: "restrict-subject", Method: http.MethodPost, Path: "/subject-requests/{request}/restriction", Tags: tags, DefaultStatus: http.StatusNoContent, Summary: "Restrict the data of the person",
			Description: "Their case files are read and not written until it is lifted (article 18 of the GDPR).",
		}, o.restrict),
		modules.Declare(Handle, huma.Operation{
			OperationID: "lift-subject-restriction", Method: http.MethodPost, Path: "/subject-requests/{request}/restriction/end", Tags: tags, DefaultStatus: http.StatusNoContent, Summary: "Lift the restriction",
			Description: "With the reason; the person is told before (article 18(3) of the GDPR).",
		}, o.lift),
		modules.Declare(Handle, huma.Operation{
			OperationID: "list-subject-parts", Method: http.MethodGet, Path: "/subject-requests/{request}/parts", Tags: tags, Summary: "List what the body has about the person",
			Description: "Titles and counts, part by part, without content; 409 where no copy is due.",
		}, o.parts),
		modules.Declare(Handle, huma.Operation{
			OperationID: "make-subject-copy", Method: http.MethodPost, Path: "/subject-requests/{request}/copies", Tags: tags, DefaultStatus: http.StatusCreated, Summary: "Have a copy of the data made",
			Description: "Every part is in, or out with a reason. Who may fetch copies finds it with the request, for seven days.",
		}, o.makeCopy),
		modules.Declare(Register, huma.Operation{
			OperationID: "list-subject-copies", Method: http.MethodGet, Path: "/subject-requests/{request}/copies", Tags: tags, Summary: "List the copies of a request",
			Description: "With what is in each and how it stands, the newest first.",
		}, o.copies),
		modules.Declare(Fetch, huma.Operation{
			OperationID: "get-subject-copy", Method: http.MethodGet, Path: "/subject-requests/{request}/copies/{copy}", Tags: tags, Summary: "Fetch a copy",
			Description: "A zip file, for seven days from when it was made. Who fetched it is written down.",
		}, o.fetch),
	}
}

// SubjectRequestBody is one request as the API shows it.
type SubjectRequestBody struct {
	ID         uuid.UUID  `json:"id" format:"uuid" maxLength:"36"`
	Number     int        `json:"number" minimum:"1" maximum:"1000000"`
	Kind       string     `json:"kind" enum:"access,rectification,erasure,restriction,objection,portability"`
	State      string     `json:"state" enum:"received,working,answered,withdrawn"`
	ReceivedOn string     `json:"received_on" format:"date" maxLength:"10"`
	DueOn      string     `json:"due_on" format:"date" maxLength:"10" doc:"The last day to answer"`
	HandledBy  string     `json:"handled_by,omitempty" maxLength:"200"`
	Outcome    string     `json:"outcome,omitempty" maxLength:"20" doc:"granted, partly or refused"`
	Subject    string     `json:"subject,omitempty" maxLength:"200" doc:"Missing for who sees only numbers and terms, as what follows"`
	Person     *uuid.UUID `json:"person,omitempty" format:"uuid" maxLength:"36" doc:"Of the registry; missing where nobody is known"`
	Asker      string     `json:"asker,omitempty" maxLength:"20" doc:"self, guardian or delegate"`
	AskerName  string     `json:"asker_name,omitempty" maxLength:"200"`
	Identity   string     `json:"identity,omitempty" maxLength:"300" doc:"How it was seen who asks"`
	Channel    string     `json:"channel,omitempty" maxLength:"20"`
	Words      string     `json:"words,omitempty" maxLength:"4000"`
	Extension  string     `json:"extension,omitempty" maxLength:"1000" doc:"Why the term is longer"`
	Answer     string     `json:"answer,omitempty" maxLength:"4000"`
	Reason     string     `json:"reason,omitempty" maxLength:"4000" doc:"Why not, or not all"`
	Remedies   string     `json:"remedies,omitempty" maxLength:"2000"`
}

func bodyOf(r Request) SubjectRequestBody {
	return SubjectRequestBody{
		ID: r.ID, Number: r.Number, Kind: r.Kind, State: string(r.State), ReceivedOn: r.ReceivedOn.Format(time.DateOnly), DueOn: r.DueOn.Format(time.DateOnly),
		HandledBy: r.HandledName, Outcome: r.Outcome, Subject: r.Subject, Person: r.Person, Asker: r.Asker, AskerName: r.AskerName, Identity: r.Identity,
		Channel: r.Channel, Words: r.Words, Extension: r.Extension, Answer: r.Answer, Reason: r.Reason, Remedies: r.Remedies,
	}
}

type subjectRequestsOutput struct {
	Body struct {
		Items []SubjectRequestBody `json:"items" maxItems:"300"`
	}
}

func (o *operations) list(ctx context.Context, _ *struct{}) (*subjectRequestsOutput, error) {
	found, err := o.service.Find(ctx, tenants.ScopeFrom(ctx))
	if err != nil {
		return nil, err
	}
	out := &subjectRequestsOutput{}
	out.Body.Items = make([]SubjectRequestBody, len(found))
	for i, r := range found {
		out.Body.Items[i] = bodyOf(r)
	}
	return out, nil
}

// SubjectRequestRef names a request.
type SubjectRequestRef struct {
	Request uuid.UUID `path:"request" format:"uuid" maxLength:"36" doc:"Id of the request"`
}

// SubjectStepBody is something that was done.
type SubjectStepBody struct {
	Kind  string    `json:"kind" maxLength:"20"`
	Words string    `json:"words,omitempty" maxLength:"4000"`
	By    string    `json:"by" maxLength:"200"`
	At    time.Time `json:"at" format:"date-time"`
}

type subjectRequestOutput struct {
	Body struct {
		SubjectRequestBody
		Steps []SubjectStepBody `json:"steps" maxItems:"500" doc:"The newest first"`
	}
}

func (o *operations) get(ctx context.Context, in *SubjectRequestRef) (*subjectRequestOutput, error) {
	r, steps, err := o.service.Get(ctx, tenants.ScopeFrom(ctx), in.Request)
	if err != nil {
		return nil, err
	}
	out := &subjectRequestOutput{}
	out.Body.SubjectRequestBody, out.Body.Steps = bodyOf(r), make([]SubjectStepBody, len(steps))
	for i, step := range steps {
		out.Body.Steps[i] = SubjectStepBody(step)
	}
	return out, nil
}

// SubjectBody says whom a request is about.
type SubjectBody struct {
	TaxCode string `json:"tax_code,omitempty" maxLength:"16"`
	Surname string `json:"surname,omitempty" maxLength:"100"`
	Name    string `json:"name,omitempty" maxLength:"99"`
	Born    string `json:"born,omitempty" format:"date"`
}

func (b SubjectBody) named() (Named, error) {
	born, err := modules.ReadDay("born", b.Born)
	return Named{TaxCode: b.TaxCode, Surname: b.Surname, Name: b.Name, Born: born}, err
}

type registerSubjectRequestInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"36" doc:"UUID that becomes the id of the request"`
	Body struct {
		Kind       string      `json:"kind" enum:"access,rectification,erasure,restriction,objection,portability"`
		Subject    SubjectBody `json:"subject"`
		Asker      string      `json:"asker" enum:"self,guardian,delegate"`
		AskerName  string      `json:"asker_name,omitempty" maxLength:"200"`
		Identity   string      `json:"identity" minLength:"5" maxLength:"300" doc:"How it was seen who asks"`
		Channel    string      `json:"channel" enum:"desk,email,pec,post,phone"`
		Words      string      `json:"words" minLength:"5" maxLength:"4000"`
		ReceivedOn string      `json:"received_on" format:"date"`
	}
}

type subjectCreatedOutput struct {
	Body struct {
		ID uuid.UUID `json:"id" format:"uuid" maxLength:"36"`
	}
}

func (o *operations) register(ctx context.Context, in *registerSubjectRequestInput) (*subjectCreatedOutput, error) {
	id, err := modules.NewID(in.Key)
	if err != nil {
		return nil, err
	}
	b := in.Body
	a := Arrival{ID: id, Kind: b.Kind, Asker: b.Asker, AskerName: b.AskerName, Identity: b.Identity, Channel: b.Channel, Words: b.Words}
	if a.Subject, err = b.Subject.named(); err != nil {
		return nil, err
	}
	if a.ReceivedOn, err = modules.ReadDay("received_on", b.ReceivedOn); err != nil {
		return nil, err
	}
	out := &subjectCreatedOutput{}
	out.Body.ID = id
	return out, o.service.Register(ctx, tenants.ScopeFrom(ctx), a)
}

type nameSubjectInput struct {
	SubjectRequestRef
	Body SubjectBody
}

func (o *operations) name(ctx context.Context, in *nameSubjectInput) (*struct{}, error) {
	n, err := in.Body.named()
	if err != nil {
		return nil, err
	}
	return nil, o.service.Name(ctx, tenants.ScopeFrom(ctx), in.Request, n)
}

func (o *operations) take(ctx context.Context, in *SubjectRequestRef) (*struct{}, error) {
	return nil, o.service.Take(ctx, tenants.ScopeFrom(ctx), in.Request)
}

type subjectWordsInput struct {
	SubjectRequestRef
	Body struct {
		Words string `json:"words" minLength:"5" maxLength:"4000"`
	}
}

func (o *operations) note(ctx context.Context, in *subjectWordsInput) (*struct{}, error) {
	return nil, o.service.Note(ctx, tenants.ScopeFrom(ctx), in.Request, in.Body.Words)
}

func (o *operations) extend(ctx context.Context, in *subjectWordsInput) (*struct{}, error) {
	return nil, o.service.Extend(ctx, tenants.ScopeFrom(ctx), in.Request, in.Body.Words)
}

func (o *operations) withdraw(ctx context.Context, in *subjectWordsInput) (*struct{}, error) {
	return nil, o.service.Withdraw(ctx, tenants.ScopeFrom(ctx), in.Request, in.Body.Words)
}

func (o *operations) restrict(ctx context.Context, in *subjectWordsInput) (*struct{}, error) {
	return nil, o.service.Restrict(ctx, tenants.ScopeFrom(ctx), in.Request, in.Body.Words)
}

func (o *operations) lift(ctx context.Context, in *subjectWordsInput) (*struct{}, error) {
	return nil, o.service.Lift(ctx, tenants.ScopeFrom(ctx), in.Request, in.Body.Words)
}

type answerSubjectRequestInput struct {
	SubjectRequestRef
	Body struct {
		Outcome  string `json:"outcome" enum:"granted,partly,refused"`
		Answer   string `json:"answer" minLength:"5" maxLength:"4000"`
		Reason   string `json:"reason,omitempty" maxLength:"4000" doc:"Why not, or not all"`
		Remedies string `json:"remedies,omitempty" maxLength:"2000" doc:"A complaint to the authority, the courts"`
		On       string `json:"on" format:"date" doc:"When the person was told"`
	}
}

func (o *operations) answer(ctx context.Context, in *answerSubjectRequestInput) (*struct{}, error) {
	on, err := modules.ReadDay("on", in.Body.On)
	if err != nil {
		return nil, err
	}
	return nil, o.service.Answer(ctx, tenants.ScopeFrom(ctx), in.Request, Reply{
		Outcome: in.Body.Outcome, Words: in.Body.Answer, Reason: in.Body.Reason, Remedies: in.Body.Remedies, On: on,
	})
}

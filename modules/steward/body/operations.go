package body

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/tenants"
)

type operations struct {
	service *Service
}

// Operations are those of the bodies for who runs the platform.
func Operations(service *Service) []modules.Operation {
	o := operations{service}
	return []modules.Operation{
		Declare(Read, huma.Operation{
			OperationID: "list-bodies", Method: http.MethodGet, Path: "/bodies", Summary: "List the bodies",
			Description: "Bodies by name, fifty at a time, with their state and the last day on which somebody there did something.",
		}, o.find),
		Declare(Read, huma.Operation{
			OperationID: "get-body", Method: http.MethodGet, Path: "/bodies/{body}", Summary: "Get how a body stands",
			Description: "Its entry, modules, use by month and suspensions. A figure of one to four is not told.",
		}, o.get),
		Declare(Suspend, huma.Operation{
			OperationID: "suspend-body", Method: http.MethodPost, Path: "/bodies/{body}/suspension", DefaultStatus: http.StatusNoContent, Summary: "Suspend a body",
			Description: "Nobody enters the body any more, nor does who is signed in. It stands in the audit of the body and of the platform. 409 if it is not open.",
		}, o.suspend),
		Declare(Suspend, huma.Operation{
			OperationID: "resume-body", Method: http.MethodPost, Path: "/bodies/{body}/suspension/end", DefaultStatus: http.StatusNoContent, Summary: "Open a body again",
			Description: "Its people enter as before. 409 if it is not suspended.",
		}, o.resume),
		Declare(Suspend, huma.Operation{
			OperationID: "suspend-body-domain", Method: http.MethodPost, Path: "/bodies/{body}/domain/suspension", DefaultStatus: http.StatusNoContent, Summary: "Suspend the own web address of a body",
			Description: "Its pages are at the platform alone, and the body reads why. 409 if it has no address, or a suspended one.",
		}, o.suspendDomain),
		Declare(Suspend, huma.Operation{
			OperationID: "resume-body-domain", Method: http.MethodPost, Path: "/bodies/{body}/domain/suspension/end", DefaultStatus: http.StatusNoContent, Summary: "Let a body have its web address again",
			Description: "The body shows anew that the host is its own. 409 if the address is not suspended.",
		}, o.resumeDomain),
	}
}

// Declare makes an operation of the platform.
func Declare[I, O any](permission string, op huma.Operation, handle func(context.Context, *I) (*O, error)) modules.Operation {
	op.Tags = []string{"steward"}
	made := modules.Declare(permission, op, handle)
	made.Platform = true
	return made
}

// BodyLine is a body in the list of all.
type BodyLine struct {
	Slug    string    `json:"slug" maxLength:"63" doc:"How addresses name it"`
	Name    string    `json:"name" maxLength:"200"`
	State   string    `json:"state" enum:"entering,active,suspended,closed" doc:"Where it stands in its life"`
	Host    string    `json:"host,omitempty" maxLength:"253" doc:"Its own web address, where it is confirmed"`
	Kind    string    `json:"kind" enum:"municipality,union,district,joint_office,other" doc:"What it is"`
	Since   time.Time `json:"since" doc:"When it went live, or was made"`
	Modules int       `json:"modules" format:"int32" minimum:"0" maximum:"100" doc:"How many modules it has on"`
	LastOn  string    `json:"last_on,omitempty" maxLength:"10" doc:"Day on which somebody there last did something, yyyy-mm-dd; none for more than ninety days ago"`
}

func lineOf(l Line) BodyLine {
	b := BodyLine{Slug: l.Slug, Name: l.Name, Host: l.Host, State: string(l.State), Kind: string(l.Kind), Since: l.CreatedAt, Modules: len(l.Switched)}
	if !l.ActivatedAt.IsZero() {
		b.Since = l.ActivatedAt
	}
	if !l.LastOn.IsZero() {
		b.LastOn = l.LastOn.Format(time.DateOnly)
	}
	return b
}

type bodiesInput struct {
	Name  string `query:"name" maxLength:"80" doc:"Words that are in the name"`
	State string `query:"state" enum:"entering,active,suspended,closed" doc:"Only bodies in this state"`
	After int32  `query:"after" minimum:"0" maximum:"2147483647" doc:"What the page before gave as next"`
}

type bodiesOutput struct {
	Body struct {
		Items []BodyLine `json:"items" maxItems:"50"`
		Next  int32      `json:"next,omitempty" minimum:"1" maximum:"2147483647" doc:"To ask for the next page"`
	}
}

func (o operations) find(ctx context.Context, in *bodiesInput) (*bodiesOutput, error) {
	lines, next, err := o.service.Find(ctx, tenants.ScopeFrom(ctx), Search{Words: in.Name, State: tenants.State(in.State), After: in.After})
	if err != nil {
		return nil, err
	}
	out := &bodiesOutput{}
	out.Body.Next, out.Body.Items = next, make([]BodyLine, len(lines))
	for i, l := range lines {
		out.Body.Items[i] = lineOf(l)
	}
	return out, nil
}

// BodyRef names a body in a path.
type BodyRef struct {
	Slug string `path:"body" maxLength:"63" doc:"Slug of the body"`
}

// BodyMonth is how much a body worked with the program in a month.
type BodyMonth struct {
	Month  string `json:"month" maxLength:"7" doc:"yyyy-mm"`
	People *int   `json:"people,omitempty" format:"int32" minimum:"0" maximum:"2147483647" doc:"How many of its people; none for one to four"`
	Events *int   `json:"events,omitempty" format:"int32" minimum:"0" maximum:"2147483647" doc:"How many events of the audit; none for one to four"`
}

// BodySuspension is a time in which nobody could enter a body.
type BodySuspension struct {
	At      time.Time  `json:"at"`
	Reason  string     `json:"reason" maxLength:"1000"`
	EndedAt *time.Time `json:"ended_at,omitempty"`
}

// BodyDomain is the own web address of a body.
type BodyDomain struct {
	Host    string `json:"host" maxLength:"253"`
	State   string `json:"state" enum:"asked,confirmed,suspended"`
	Blocked string `json:"blocked,omitempty" maxLength:"1000" doc:"Why who runs the platform suspended it"`
}

// BodySheet is how a body stands.
type BodySheet struct {
	Slug        string           `json:"slug" maxLength:"63"`
	Name        string           `json:"name" maxLength:"200"`
	State       string           `json:"state" enum:"entering,active,suspended,closed"`
	Kind        string           `json:"kind" enum:"municipality,union,district,joint_office,other"`
	IPA         string           `json:"ipa,omitempty" maxLength:"40" doc:"Code in the index of public bodies"`
	PEC         string           `json:"certified_mail,omitempty" maxLength:"254"`
	Contact     string           `json:"contact,omitempty" maxLength:"120" doc:"Who entered for it"`
	Confirmed   string           `json:"confirmed,omitempty" maxLength:"120" doc:"Who confirmed the powers of the contact"`
	Modules     []string         `json:"modules" maxItems:"100" maxLength:"40" doc:"Which modules it has on"`
	Months      []BodyMonth      `json:"months" maxItems:"6"`
	Suspensions []BodySuspension `json:"suspensions" maxItems:"20" doc:"The newest first"`
	Stops       int              `json:"stops" format:"int32" minimum:"0" maximum:"1000" doc:"Required parts of the configuration that do not stand"`
	Domain      *BodyDomain      `json:"domain,omitempty" doc:"Its own web address"`
	Advised     int              `json:"advised" format:"int32" minimum:"0" maximum:"1000" doc:"Parts that are worth setting up"`
}

type bodySheetOutput struct{ Body BodySheet }

func (o operations) get(ctx context.Context, in *BodyRef) (*bodySheetOutput, error) {
	b, err := o.service.Get(ctx, tenants.ScopeFrom(ctx), in.Slug)
	if err != nil {
		return nil, err
	}
	out := &bodySheetOutput{BodySheet{
		Slug: b.Slug, Name: b.Name, State: string(b.State), Kind: string(b.Kind), IPA: b.IPA, PEC: b.PEC, Stops: b.Stops, Advised: b.Advised,
		Modules: []string{}, Months: make([]BodyMonth, len(b.Months)), Suspensions: make([]BodySuspension, len(b.Suspensions)),
	}}
	if b.Entry != nil {
		out.Body.Contact, out.Body.Confirmed = b.Entry.Contact, b.Entry.Confirmed
	}
	if d := b.Domain; d != nil {
		out.Body.Domain = &BodyDomain{Host: d.Host, State: d.State, Blocked: d.Blocked}
	}
	for _, m := range o.service.deps.Platform.Modules {
		if m.Essential || b.Has(string(m.ID)) {
			out.Body.Modules = append(out.Body.Modules, string(m.ID))
		}
	}
	for i, m := range b.Months {
		out.Body.Months[i] = BodyMonth{Month: m.First.Format("2006-01"), People: told(m.People), Events: told(m.Events)}
	}
	for i, x := range b.Suspensions {
		out.Body.Suspensions[i] = BodySuspension{At: x.At.In(language.Rome), Reason: x.Reason}
		if !x.EndedAt.IsZero() {
			out.Body.Suspensions[i].EndedAt = &b.Suspensions[i].EndedAt
		}
	}
	return out, nil
}

func told(n int) *int {
	if n == Few {
		return nil
	}
	return &n
}

// bodyMoveInput decides about a body.
type bodyMoveInput struct {
	BodyRef

	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"1000" doc:"Why; it stands in the audit of the body, too"`
	}
}

type suspendInput struct {
	BodyRef

	Body struct {
		Reason       string `json:"reason" minLength:"1" maxLength:"1000" doc:"Why; it stands in the audit of the body, too"`
		Acknowledged bool   `json:"acknowledged" doc:"That nobody enters from then on is known"`
	}
}

func (o operations) suspend(ctx context.Context, in *suspendInput) (*struct{}, error) {
	return nil, o.service.Suspend(ctx, tenants.ScopeFrom(ctx), in.Slug, Suspending{in.Body.Reason, in.Body.Acknowledged})
}

func (o operations) resume(ctx context.Context, in *bodyMoveInput) (*struct{}, error) {
	return nil, o.service.Resume(ctx, tenants.ScopeFrom(ctx), in.Slug, in.Body.Reason)
}

func (o operations) suspendDomain(ctx context.Context, in *bodyMoveInput) (*struct{}, error) {
	return nil, o.service.SuspendDomain(ctx, tenants.ScopeFrom(ctx), in.Slug, in.Body.Reason)
}

func (o operations) resumeDomain(ctx context.Context, in *bodyMoveInput) (*struct{}, error) {
	return nil, o.service.ResumeDomain(ctx, tenants.ScopeFrom(ctx), in.Slug, in.Body.Reason)
}

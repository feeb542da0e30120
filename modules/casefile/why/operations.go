package why

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/casefile/access"
	"staffetta/policies"
	"staffetta/tenants"
)

// Explain is the permission to ask why somebody could read a case that the actor opens.
const Explain = "case_access:explain"

type operations struct {
	why *Why
}

// Operations are the operations that explain access.
func Operations(w *Why) []modules.Operation {
	o := &operations{why: w}
	return []modules.Operation{modules.Declare(Explain, huma.Operation{
		OperationID: "explain-access", Method: http.MethodGet, Path: "/explain", Tags: []string{"casefile"},
		Summary: "Explain why somebody could read or write a section",
		Description: "Now, at an instant or in the course of a day of the past: allowed or not, by which role, rule, part in the case, opening, share and agreement. " +
			"About oneself without actor and body; about anybody of another body with body alone; about an office of the own body, or the whole of it, person by person those who could. Only case files of the own body; never their content. That it was asked is in the audit.",
	}, o.explain)}
}

type explanationInput struct {
	Case    string `query:"case" required:"true" format:"uuid" maxLength:"36" doc:"Id of the case file, of the own body"`
	Section string `query:"section" required:"true" maxLength:"20" doc:"Section"`
	Action  string `query:"action" enum:"read,write" default:"read" doc:"Action"`
	Actor   string `query:"actor" format:"uuid" maxLength:"36" doc:"Account; the caller if neither this nor body is there"`
	Of      string `query:"body" maxLength:"64" doc:"Slug of the body of the actor; the own one if missing"`
	Office  int32  `query:"office" minimum:"0" maximum:"2147483647" doc:"Number of an office of the own body, to ask who of it could"`
	Anybody bool   `query:"anybody" doc:"Ask who of the own body could"`
	At      string `query:"at" maxLength:"40" doc:"An instant (RFC 3339), or a day (2026-11-22) in Italy; now if missing"`
}

// ExplanationBody is what held for a time.
type ExplanationBody struct {
	From      time.Time    `json:"from" doc:"From this instant"`
	To        time.Time    `json:"to" doc:"To this instant; the same one for an instant"`
	Account   string       `json:"account,omitempty" format:"uuid" doc:"Who, of an office"`
	Who       string       `json:"who,omitempty" maxLength:"120" doc:"The name"`
	Allowed   bool         `json:"allowed" doc:"Whether it was allowed"`
	Ground    string       `json:"ground" enum:"no_case,no_role,not_opened,no_section,denied,not_shared,no_live,closed,rule,share,nobody" doc:"What decided"`
	Relation  string       `json:"relation,omitempty" maxLength:"20" doc:"Relation to the case file"`
	Roles     []string     `json:"roles,omitempty" maxItems:"20" maxLength:"40" doc:"Roles held; without an actor those by which anybody could"`
	Rule      *AppliedRule `json:"rule,omitempty" doc:"The rule that decided"`
	Reason    string       `json:"reason,omitempty" maxLength:"500" doc:"Reason of an opening"`
	Share     string       `json:"share_id,omitempty" format:"uuid" doc:"Share"`
	Agreement string       `json:"agreement_id,omitempty" format:"uuid" doc:"Agreement"`
}

// AppliedRule is a rule that decided.
type AppliedRule struct {
	Role     string `json:"role" maxLength:"40" doc:"Role"`
	Relation string `json:"relation" maxLength:"20" doc:"Relation"`
	Object   string `json:"object" maxLength:"40" doc:"Section"`
	Action   string `json:"action" maxLength:"40" doc:"Action"`
	Effect   string `json:"effect" enum:"allow,deny" doc:"Effect"`
	Own      bool   `json:"own" doc:"Of the body, and not of the program"`
}

// NamedShare is a share that an explanation names.
type NamedShare struct {
	ID      string      `json:"id" format:"uuid" doc:"Id"`
	Kind    string      `json:"kind" maxLength:"40" doc:"Kind"`
	Purpose string      `json:"purpose" maxLength:"200" doc:"Purpose, in the words of the body that offered"`
	Basis   string      `json:"legal_basis" maxLength:"40" doc:"Legal basis"`
	Amended []time.Time `json:"amended,omitempty" maxItems:"1000" doc:"When it was widened, narrowed or prolonged"`
}

// NamedAgreement is an agreement that an explanation names.
type NamedAgreement struct {
	ID    string   `json:"id" format:"uuid" doc:"Id"`
	Title string   `json:"title" maxLength:"200" doc:"Title"`
	Acts  []string `json:"acts" maxItems:"100" maxLength:"100" doc:"Acts of the parties"`
}

type explanationOutput struct {
	Body struct {
		Number     string            `json:"number" maxLength:"20" doc:"Number of the case file"`
		Who        string            `json:"who,omitempty" maxLength:"120" doc:"Name of the actor"`
		Answers    []ExplanationBody `json:"answers" maxItems:"1000" doc:"What held, in the order of time"`
		Shares     []NamedShare      `json:"shares" maxItems:"1000" doc:"Shares that the answers name"`
		Agreements []NamedAgreement  `json:"agreements" maxItems:"1000" doc:"Agreements that the answers name"`
	}
}

func (o *operations) explain(ctx context.Context, in *explanationInput) (*explanationOutput, error) {
	s := tenants.ScopeFrom(ctx)
	q, err := o.question(s, in)
	if err != nil {
		return nil, err
	}
	e, err := o.why.ExplainPast(ctx, s, q)
	if _, err = access.WithoutReason[Explanation](nil, err); err != nil {
		return nil, err
	}
	return written(e), nil
}

func (o *operations) question(s tenants.Scope, in *explanationInput) (q Question, err error) {
	q = Question{Case: in.Case, Section: in.Section, Action: in.Action, Account: modules.LinkID(in.Actor), Office: in.Office, Anybody: in.Anybody}
	if in.Of != "" {
		body, _, err := o.why.deps.Bodies.BySlug(in.Of)
		if err != nil {
			return q, problem.Missing().Wrap(err)
		}
		q.Body = body.ID
	}
	if q.Account == uuid.Nil && !q.Anybody && q.Office == 0 && (q.Body == 0 || q.Body == s.Tenant) {
		q.Account = s.Account
	}
	q.From, q.To = span(in.At)
	return q, nil
}

// span is the instant that a text names, or the day in Italy, up to now at most; now for "", and no time for anything else.
func span(text string) (from, to time.Time) {
	now := time.Now()
	if text == "" {
		return now, now
	}
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at, at
	}
	day, err := time.ParseInLocation(time.DateOnly, text, language.Rome)
	if err != nil {
		return time.Time{}, time.Time{}
	}
	if to = day.AddDate(0, 0, 1); to.After(now) && !day.After(now) {
		to = now
	}
	return day, to
}

func written(e Explanation) *explanationOutput {
	out := &explanationOutput{}
	out.Body.Number, out.Body.Who = e.Number, e.Who
	out.Body.Answers, out.Body.Shares, out.Body.Agreements = make([]ExplanationBody, len(e.Answers)), []NamedShare{}, []NamedAgreement{}
	for i, a := range e.Answers {
		out.Body.Answers[i] = ExplanationBody{
			From: a.From, To: a.To, Account: modules.IDText(a.Account), Who: a.Who, Allowed: a.Allowed, Ground: a.Ground, Relation: string(a.Relation), Roles: a.Roles, Reason: a.Reason,
			Share: modules.IDText(a.Share), Agreement: modules.IDText(a.Agreement),
		}
		if r := a.Rule; r != (policies.Rule{}) {
			out.Body.Answers[i].Rule = &AppliedRule{Role: r.Role, Relation: string(r.Relation), Object: r.Object, Action: r.Action, Effect: r.Effect, Own: a.Own}
		}
	}
	for _, f := range e.Shares {
		out.Body.Shares = append(out.Body.Shares, NamedShare{ID: f.ID.String(), Kind: f.Kind, Purpose: f.Purpose, Basis: f.Basis, Amended: f.Amended})
	}
	for _, a := range e.Agreements {
		out.Body.Agreements = append(out.Body.Agreements, NamedAgreement{ID: a.ID.String(), Title: a.Title, Acts: acts(a)})
	}
	return out
}

// acts are the numbers and days of the acts of an agreement's parties.
func acts(a policies.Agreement) []string {
	list := []string{}
	for _, p := range a.Parties {
		if p.Act.Number != "" {
			list = append(list, p.Act.Number+", "+p.Act.Day.Format("02/01/2006"))
		}
	}
	return list
}

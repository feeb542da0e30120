package ledger

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/casefile"
	"staffetta/tenants"
)

type operations struct {
	service *Service
}

func (o *operations) all() []modules.Operation {
	tags := []string{"ledger"}
	return append(o.more(),
		modules.Declare(searchAudit, huma.Operation{
			OperationID: "search-audit", Method: http.MethodGet, Path: "/audit-events", Tags: tags,
			Summary: "Search the audit log", Description: "The events of the body's audit, newest first: who did what and when, never content and no name of a citizen. The search is an event itself.",
		}, o.search),
	)
}

// LineBody is an event of the audit.
type LineBody struct {
	ID        string    `json:"id" format:"uuid" doc:"Event"`
	At        time.Time `json:"at" doc:"When"`
	Actor     string    `json:"actor,omitempty" maxLength:"120" doc:"Who, as colleagues know them; nothing for a citizen"`
	Citizen   bool      `json:"citizen,omitempty" doc:"A citizen did it"`
	Body      string    `json:"body" maxLength:"63" doc:"Slug of the body of who did it"`
	Assurance int       `json:"assurance" minimum:"0" maximum:"3" doc:"Level of the sign-in"`
	Action    string    `json:"action" maxLength:"60" doc:"What was done, as object.verb"`
	Relation  string    `json:"relation,omitempty" maxLength:"20" doc:"How the actor stood to the case file"`
	Case      string    `json:"case_id,omitempty" format:"uuid" doc:"The case file"`
	Number    string    `json:"case_number,omitempty" maxLength:"40" doc:"Number of the case file"`
	Cases     int       `json:"cases,omitempty" minimum:"0" maximum:"100000" doc:"How many case files a list showed"`
	Sections  []string  `json:"sections" maxItems:"13" maxLength:"20" doc:"Sections read or changed"`
	Object    string    `json:"object_id,omitempty" format:"uuid" doc:"What it was done to"`
	Share     string    `json:"share_id,omitempty" format:"uuid" doc:"The share under which it was done"`
	Reason    string    `json:"reason,omitempty" maxLength:"500" doc:"Why somebody opened a case file that was not theirs, or delayed what a citizen sees"`
}

type searchInput struct {
	From   string `query:"from" maxLength:"10" doc:"First day, as 2026-01-31; the last seven days without one"`
	To     string `query:"to" maxLength:"10" doc:"Last day"`
	Actor  string `query:"actor" maxLength:"120" doc:"A part of the name of who acted"`
	At     string `query:"body" maxLength:"63" doc:"Slug of the body of who acted"`
	Action string `query:"action" maxLength:"60" doc:"object.verb"`
	Number string `query:"case_number" maxLength:"40" doc:"Number of a case file"`
	Share  string `query:"share_id" maxLength:"36" doc:"A share"`
	After  string `query:"after" maxLength:"200" doc:"Cursor of the next page"`
}

type searchOutput struct {
	Body struct {
		Items []LineBody `json:"items" maxItems:"50" doc:"Events, newest first"`
		Next  string     `json:"next,omitempty" maxLength:"200" doc:"Cursor of the next page"`
	}
}

func (o *operations) read(in *searchInput) (Search, error) {
	q := LastWeek(time.Now())
	if in.From != "" || in.To != "" {
		q.From, q.To = readDay(in.From), readDay(in.To)
	}
	q.Actor, q.Action, q.Number, q.Share = in.Actor, in.Action, in.Number, modules.LinkID(in.Share)
	var wrong problem.Fields
	if in.Share != "" && modules.IDText(q.Share) == "" {
		wrong.Add("condivisione", "ledger.error.share")
	}
	if in.At != "" {
		body, _, err := o.service.deps.Bodies.BySlug(in.At)
		if err != nil {
			wrong.Add("ente", "ledger.error.body")
		}
		q.Body = body.ID
	}
	return q, wrong.Err()
}

func (o *operations) search(ctx context.Context, in *searchInput) (*searchOutput, error) {
	q, err := o.read(in)
	if err != nil {
		return nil, err
	}
	lines, next, err := o.service.Find(ctx, tenants.ScopeFrom(ctx), q, casefile.ParseCursor(in.After))
	out := &searchOutput{}
	out.Body.Items, out.Body.Next = make([]LineBody, len(lines)), next.String()
	for i, l := range lines {
		out.Body.Items[i] = LineBody{
			ID: l.ID.String(), At: l.At, Actor: l.Actor, Citizen: l.Citizen, Body: o.service.deps.Bodies.Slug(l.Body), Assurance: l.Assurance,
			Action: l.Action, Relation: l.Relation, Case: modules.IDText(l.Case), Number: l.Number, Cases: l.Cases, Sections: l.Sections,
			Object: modules.IDText(l.Object), Share: modules.IDText(l.Share), Reason: l.Reason,
		}
	}
	return out, err
}

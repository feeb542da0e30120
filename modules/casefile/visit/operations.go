package visit

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"staffetta/modules"
	"staffetta/modules/casefile/access"
	"staffetta/tenants"
)

type operations struct {
	visits *Visits
}

// Operations are the operations about who opened a case, and why who asks may see it.
func Operations(v *Visits) []modules.Operation {
	o, tags := &operations{visits: v}, []string{"casefile"}
	return []modules.Operation{
		modules.Declare("case:read", huma.Operation{
			OperationID: "list-viewings", Method: http.MethodGet, Path: "/case-files/{case}/viewings", Tags: tags,
			Summary: "List who opened the case file", Description: "Who read or changed the case file, when, for what and under which relation; for the owner's people only.",
		}, o.viewings),
		modules.Declare("case:read", huma.Operation{
			OperationID: "explain-case-file", Method: http.MethodGet, Path: "/case-files/{case}/explanation", Tags: tags,
			Summary: "Explain what the caller may see", Description: "For every section: allowed or not, by which role, share and agreement.",
		}, o.explain),
	}
}

// ViewingBody is a line of who opened a case file.
type ViewingBody struct {
	At       time.Time `json:"at" doc:"When"`
	Action   string    `json:"action" maxLength:"60" doc:"What was done"`
	Actor    string    `json:"actor" maxLength:"120" doc:"Who"`
	Body     string    `json:"body" maxLength:"200" doc:"The body of who did it"`
	Relation string    `json:"relation" maxLength:"20" doc:"How the actor stands to the case file"`
	Sections []string  `json:"sections" maxItems:"13" maxLength:"20" doc:"Sections read or changed, of those that the caller may read"`
	Others   bool      `json:"other_sections,omitempty" doc:"Sections that the caller may not read were read or changed; of these alone the action says no more than case.read or case.change"`
	Reason   string    `json:"reason,omitempty" maxLength:"500" doc:"Stated reason"`
	Share    string    `json:"share_id,omitempty" format:"uuid" doc:"The share it was read under"`
}

type viewingsInput struct {
	access.CaseRef
	After string `query:"after" maxLength:"200" doc:"Cursor of the next page"`
}

type viewingsOutput struct {
	Body struct {
		Items []ViewingBody `json:"items" maxItems:"50" doc:"Events, newest first"`
		Next  string        `json:"next,omitempty" maxLength:"200" doc:"Cursor of the next page"`
	}
}

func (o *operations) viewings(ctx context.Context, in *viewingsInput) (*viewingsOutput, error) {
	a, err := access.WithoutReason(o.visits.cases.OpenOwn(ctx, tenants.ScopeFrom(ctx), in.Case))
	if err != nil {
		return nil, err
	}
	found, next, err := o.visits.FindViewings(ctx, a, access.ParseCursor(in.After))
	out := &viewingsOutput{}
	out.Body.Items, out.Body.Next = make([]ViewingBody, len(found)), next.String()
	for i, v := range found {
		out.Body.Items[i] = ViewingBody{
			At: v.At, Action: v.Action, Actor: v.Actor, Body: o.visits.cases.BodyName(v.Body), Relation: v.Relation,
			Sections: v.Sections, Others: v.Others, Reason: v.Reason, Share: modules.IDText(v.Share),
		}
	}
	return out, err
}

// VerdictBody is why a section may be read or not.
type VerdictBody struct {
	Section   string     `json:"section" maxLength:"20" doc:"Section"`
	Allowed   bool       `json:"allowed" doc:"May the caller read it"`
	Rule      string     `json:"rule,omitempty" maxLength:"60" doc:"Role whose rule decides"`
	Share     string     `json:"share_id,omitempty" format:"uuid" doc:"Share that opens it"`
	Agreement string     `json:"agreement_id,omitempty" format:"uuid" doc:"Agreement that the share stands on"`
	Until     *time.Time `json:"until,omitempty" doc:"End of the share"`
}

type explainOutput struct {
	Body struct {
		Relation string        `json:"relation" maxLength:"20" doc:"How the caller stands to the case file"`
		Reason   string        `json:"reason,omitempty" maxLength:"500" doc:"Stated reason"`
		Sections []VerdictBody `json:"sections" maxItems:"13" doc:"Every section"`
	}
}

func (o *operations) explain(ctx context.Context, in *access.CaseRef) (*explainOutput, error) {
	a, err := access.WithoutReason(o.visits.cases.Open(ctx, tenants.ScopeFrom(ctx), in.Case, ""))
	if err != nil {
		return nil, err
	}
	verdicts, err := o.visits.cases.Explain(ctx, tenants.ScopeFrom(ctx), a)
	out := &explainOutput{}
	out.Body.Relation, out.Body.Reason = string(a.Relation), a.Reason
	for _, v := range verdicts {
		body := VerdictBody{Section: v.Section, Allowed: v.Allowed, Rule: v.Rule, Share: modules.IDText(v.Share), Agreement: modules.IDText(v.Agreement)}
		if v.Share != uuid.Nil {
			body.Until = &v.Until
		}
		out.Body.Sections = append(out.Body.Sections, body)
	}
	return out, err
}

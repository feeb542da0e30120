package rights

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"staffetta/modules"
	"staffetta/policies"
	"staffetta/tenants"
)

type operations struct {
	service *Service
}

// Operations are the operations of a body's rules.
func Operations(v *Service) []modules.Operation {
	o, tags := &operations{service: v}, []string{"onboarding"}
	return []modules.Operation{
		modules.Declare(policies.ReadRules, huma.Operation{
			OperationID: "list-access-rules", Method: http.MethodGet, Path: "/access-rules", Tags: tags, Summary: "List the rules of a relation",
			Description: "For every role what it may do in one relation to a case file: what the rules of the program answer, the body's own rule, what holds.",
		}, o.find),
		modules.Declare(policies.ManageRules, huma.Operation{
			OperationID: "get-access-rule-draft", Method: http.MethodGet, Path: "/access-rules/draft", Tags: tags, Summary: "Get the draft with who gains and who loses",
			Description: "The lines of the draft, who would gain and lose sight of how many case files, and which tests it fails. The mark is sent back with the application.",
		}, o.preview),
		modules.Declare(policies.ManageRules, huma.Operation{
			OperationID: "save-access-rule-draft", Method: http.MethodPut, Path: "/access-rules/draft", Tags: tags, DefaultStatus: http.StatusNoContent, Summary: "Save the draft",
			Description: "Makes the lines the whole draft; without lines that change anything the draft is discarded. Nothing holds before it is applied.",
		}, o.save),
		modules.Declare(policies.ManageRules, huma.Operation{
			OperationID: "apply-access-rule-draft", Method: http.MethodPost, Path: "/access-rules/draft/application", Tags: tags, Summary: "Apply the draft",
			Description: "Makes the draft the rules of the body, in every instance within a second. Refused while a test fails, and when something has changed since the mark was read.",
		}, o.apply),
		modules.Declare(policies.ReadRules, huma.Operation{
			OperationID: "list-access-rule-changes", Method: http.MethodGet, Path: "/access-rules/changes", Tags: tags, Summary: "List the changes of the rules",
			Description: "Who changed which rule when, from what to what, and who gained and lost; newest first.",
		}, o.changes),
		modules.Declare(policies.ManageRules, huma.Operation{
			OperationID: "undo-access-rule-change", Method: http.MethodPost, Path: "/access-rules/changes/{change}/reversal", Tags: tags, DefaultStatus: http.StatusNoContent, Summary: "Prepare the way back",
			Description: "Makes a draft that gives every rule of the change what it was before it.",
		}, o.undo),
		modules.Declare(policies.ReviewRules, huma.Operation{
			OperationID: "review-access-rule-change", Method: http.MethodPost, Path: "/access-rules/changes/{change}/review", Tags: tags, DefaultStatus: http.StatusNoContent, Summary: "Say that a change was looked at",
			Description: "Of a change by which more of case files is read. Not for who applied it.",
		}, o.review),
		modules.Declare(policies.ReadRules, huma.Operation{
			OperationID: "list-access-rule-vectors", Method: http.MethodGet, Path: "/access-rules/vectors", Tags: tags, Summary: "List what the rules must answer",
			Description: "The tests of the body, with whether they hold now. Those of the program are not listed.",
		}, o.vectors),
		modules.Declare(policies.ManageRules, huma.Operation{
			OperationID: "create-access-rule-vector", Method: http.MethodPost, Path: "/access-rules/vectors", Tags: tags, DefaultStatus: http.StatusNoContent, Summary: "Add what the rules must answer",
			Description: "From then on no change is applied that answers otherwise. The same question takes the place of the one before.",
		}, o.addVector),
		modules.Declare(policies.ManageRules, huma.Operation{
			OperationID: "delete-access-rule-vector", Method: http.MethodDelete, Path: "/access-rules/vectors/{vector}", Tags: tags, Summary: "Take back what the rules must answer",
			Description: "The test is not tried any more; that it was there stays.",
		}, o.removeVector),
	}
}

// RuleKeyBody says what a rule is about.
type RuleKeyBody struct {
	Role     string `json:"role" maxLength:"70" doc:"Role; item:KEY for one of the body's own, which follows the item KEY"`
	Relation string `json:"relation" enum:"assigned,team,office,body,guest,emergency" doc:"Relation to the case file"`
	Object   string `json:"object" maxLength:"40" doc:"A section, case, or the object of a permission"`
	Action   string `json:"action" maxLength:"40" doc:"read or write for a section; open, work, team or assign for a case; the verb of a permission"`
}

func keyBody(r policies.Rule) RuleKeyBody {
	return RuleKeyBody{Role: r.Role, Relation: string(r.Relation), Object: r.Object, Action: r.Action}
}

func (k RuleKeyBody) rule(effect string) policies.Rule {
	if effect == "none" {
		effect = ""
	}
	return policies.Rule{Role: k.Role, Relation: policies.Relation(k.Relation), Object: k.Object, Action: k.Action, Effect: effect}
}

// effectName is an effect as the API calls it.
func effectName(effect string) string {
	if effect == "" {
		return "none"
	}
	return effect
}

// RuleEntryBody is one rule with its answers.
type RuleEntryBody struct {
	RuleKeyBody
	Base   bool   `json:"base" doc:"What the rules of the program answer"`
	Own    string `json:"own" enum:"none,allow,deny" doc:"The body's own rule"`
	Draft  string `json:"draft" enum:"none,allow,deny" doc:"What the draft makes of it; own where it says nothing"`
	Result bool   `json:"result" doc:"What holds now"`
}

type rulesInput struct {
	Relation string `query:"relation" required:"true" enum:"assigned,team,office,body,guest,emergency" doc:"Relation to the case file"`
}

type rulesOutput struct {
	Body struct {
		Items []RuleEntryBody `json:"items" maxItems:"5000" doc:"Rules, by role"`
	}
}

func (o *operations) find(ctx context.Context, in *rulesInput) (*rulesOutput, error) {
	entries, err := o.service.FindEntries(ctx, tenants.ScopeFrom(ctx), policies.Relation(in.Relation))
	out := &rulesOutput{}
	out.Body.Items = make([]RuleEntryBody, len(entries))
	for i, e := range entries {
		out.Body.Items[i] = RuleEntryBody{RuleKeyBody: keyBody(e.Rule), Base: e.Base, Own: effectName(e.Effect), Draft: effectName(e.Draft), Result: e.Result}
	}
	return out, err
}

// RuleLineBody is a line of a change.
type RuleLineBody struct {
	RuleKeyBody
	Before string `json:"before" enum:"none,allow,deny" doc:"The body's own rule before"`
	After  string `json:"after" enum:"none,allow,deny" doc:"The body's own rule after"`
	Was    bool   `json:"was,omitempty" doc:"What held before; not kept of applied changes"`
	Will   bool   `json:"will,omitempty" doc:"What holds after; not kept of applied changes"`
}

func lineBodies(lines []Line) []RuleLineBody {
	bodies := make([]RuleLineBody, len(lines))
	for i, l := range lines {
		bodies[i] = RuleLineBody{RuleKeyBody: keyBody(l.Rule), Before: effectName(l.Before), After: effectName(l.After), Was: l.Was, Will: l.Will}
	}
	return bodies
}

type previewOutput struct {
	ETag string `header:"ETag" maxLength:"20" doc:"Version of the draft"`
	Body struct {
		Lines   []RuleLineBody       `json:"lines" maxItems:"400" doc:"What the draft changes"`
		Sights  []modules.EffectBody `json:"gains_and_losses" maxItems:"100000" doc:"Who gains and who loses"`
		Failing []VectorBody         `json:"failing" maxItems:"2000" doc:"Tests that refuse it"`
		Mark    string               `json:"mark" maxLength:"64" doc:"Of all this, for the application"`
	}
}

// VectorBody is what the rules must answer.
type VectorBody struct {
	RuleKeyBody
	Allowed bool `json:"allowed" doc:"What they must answer"`
}

func vectorBody(one policies.Vector) VectorBody {
	return VectorBody{RuleKeyBody: RuleKeyBody{Role: one.Role, Relation: string(one.Relation), Object: one.Object, Action: one.Action}, Allowed: one.Allowed}
}

func (o *operations) preview(ctx context.Context, _ *struct{}) (*previewOutput, error) {
	p, err := o.service.GetPreview(ctx, tenants.ScopeFrom(ctx))
	if err != nil {
		return nil, err
	}
	out := &previewOutput{ETag: strconv.Quote(strconv.Itoa(p.Version))}
	out.Body.Lines, out.Body.Sights, out.Body.Mark = lineBodies(p.Lines), modules.EffectBodies(p.Changes), p.Mark
	out.Body.Failing = make([]VectorBody, len(p.Failing))
	for i, one := range p.Failing {
		out.Body.Failing[i] = vectorBody(one)
	}
	return out, nil
}

// RuleWishBody is what a rule is to be.
type RuleWishBody struct {
	RuleKeyBody
	Effect string `json:"effect" enum:"none,allow,deny" doc:"none takes the body's own rule away"`
}

type draftInput struct {
	IfMatch string `header:"If-Match" maxLength:"20" doc:"The version that the caller has seen; missing for a new one"`
	Body    struct {
		Lines []RuleWishBody `json:"lines" maxItems:"400" doc:"The whole draft"`
	}
}

func (o *operations) save(ctx context.Context, in *draftInput) (*struct{}, error) {
	seen, err := modules.IfMatch(in.IfMatch)
	if err != nil {
		return nil, err
	}
	lines := make([]policies.Rule, len(in.Body.Lines))
	for i, l := range in.Body.Lines {
		lines[i] = l.rule(l.Effect)
	}
	return nil, o.service.SaveDraft(ctx, tenants.ScopeFrom(ctx), seen, lines)
}

type applyInput struct {
	Body struct {
		modules.ConsentBody
		Reason string `json:"reason" maxLength:"500" doc:"Why"`
	}
}

type applyOutput struct {
	Body struct {
		Number int `json:"number" minimum:"1" maximum:"2147483647" doc:"Number of the change"`
	}
}

func (o *operations) apply(ctx context.Context, in *applyInput) (*applyOutput, error) {
	number, err := o.service.Apply(ctx, tenants.ScopeFrom(ctx), Consent{Consent: in.Body.Consent(), Reason: in.Body.Reason})
	out := &applyOutput{}
	out.Body.Number = number
	return out, err
}

// RuleChangeBody is a change that was applied.
type RuleChangeBody struct {
	ID      string               `json:"id" format:"uuid" doc:"Id"`
	Number  int                  `json:"number" minimum:"1" maximum:"2147483647" doc:"Number"`
	By      string               `json:"by" maxLength:"120" doc:"Who applied it"`
	Item    string               `json:"item,omitempty" maxLength:"64" doc:"Key of the item of kind role that it came with"`
	Version int                  `json:"item_version,omitempty" minimum:"0" maximum:"2147483647" doc:"Of the item; missing where it went out of use"`
	At      time.Time            `json:"at" doc:"When"`
	Reason  string               `json:"reason" maxLength:"500" doc:"Why"`
	Lines   []RuleLineBody       `json:"lines" maxItems:"400" doc:"What it changed"`
	Sights  []modules.EffectBody `json:"gains_and_losses" maxItems:"100000" doc:"Who gained and who lost"`
	Widens  bool                 `json:"widens" doc:"More of case files is read by it than before"`

	ReviewedBy string     `json:"reviewed_by,omitempty" maxLength:"120" doc:"Who looked at that"`
	ReviewedAt *time.Time `json:"reviewed_at,omitempty" doc:"When; missing where nobody has"`
}

type changesOutput struct {
	Body struct {
		Items []RuleChangeBody `json:"items" maxItems:"200" doc:"Changes, newest first"`
	}
}

func (o *operations) changes(ctx context.Context, _ *struct{}) (*changesOutput, error) {
	changes, err := o.service.FindChanges(ctx, tenants.ScopeFrom(ctx))
	out := &changesOutput{}
	out.Body.Items = make([]RuleChangeBody, len(changes))
	for i, c := range changes {
		out.Body.Items[i] = RuleChangeBody{
			ID: c.ID.String(), Number: c.Number, By: c.By, At: c.At, Reason: c.Reason, Lines: lineBodies(c.Lines), Item: c.Item, Version: c.Version, Sights: modules.EffectBodies(c.Changes),
			Widens: c.Widens, ReviewedBy: c.ReviewedBy, ReviewedAt: c.ReviewedAt,
		}
	}
	return out, err
}

type changeRef struct {
	Change string `path:"change" format:"uuid" maxLength:"36" doc:"Id of the change"`
}

func (o *operations) undo(ctx context.Context, in *changeRef) (*struct{}, error) {
	id, err := modules.KnownID(in.Change)
	if err != nil {
		return nil, err
	}
	return nil, o.service.Undo(ctx, tenants.ScopeFrom(ctx), id)
}

func (o *operations) review(ctx context.Context, in *changeRef) (*struct{}, error) {
	id, err := modules.KnownID(in.Change)
	if err != nil {
		return nil, err
	}
	return nil, o.service.Review(ctx, tenants.ScopeFrom(ctx), id)
}

// OwnVectorBody is a test of the body.
type OwnVectorBody struct {
	VectorBody
	ID    string    `json:"id" format:"uuid" doc:"Id"`
	By    string    `json:"by" maxLength:"120" doc:"Who added it"`
	At    time.Time `json:"at" doc:"When"`
	Holds bool      `json:"holds" doc:"Whether the rules answer so now"`
}

type vectorsOutput struct {
	Body struct {
		Items []OwnVectorBody `json:"items" maxItems:"500" doc:"Tests"`
	}
}

func (o *operations) vectors(ctx context.Context, _ *struct{}) (*vectorsOutput, error) {
	found, err := o.service.FindVectors(ctx, tenants.ScopeFrom(ctx))
	out := &vectorsOutput{}
	out.Body.Items = make([]OwnVectorBody, len(found))
	for i, one := range found {
		out.Body.Items[i] = OwnVectorBody{VectorBody: vectorBody(one.Vector), ID: one.ID.String(), By: one.By, At: one.Since, Holds: one.Holds}
	}
	return out, err
}

type vectorInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"36" doc:"A UUID that makes a repeated call harmless"`
	Body VectorBody
}

func (o *operations) addVector(ctx context.Context, in *vectorInput) (*struct{}, error) {
	id, err := modules.NewID(in.Key)
	if err != nil {
		return nil, err
	}
	b := in.Body
	return nil, o.service.AddVector(ctx, tenants.ScopeFrom(ctx), id, policies.Vector{
		Role: b.Role, Relation: policies.Relation(b.Relation), Object: b.Object, Action: b.Action, Allowed: b.Allowed,
	})
}

type vectorRef struct {
	Vector string `path:"vector" format:"uuid" maxLength:"36" doc:"Id of the test"`
}

func (o *operations) removeVector(ctx context.Context, in *vectorRef) (*struct{}, error) {
	id, err := modules.KnownID(in.Vector)
	if err != nil {
		return nil, err
	}
	return nil, o.service.RemoveVector(ctx, tenants.ScopeFrom(ctx), id)
}

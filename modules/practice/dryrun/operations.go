package dryrun

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"staffetta/internal/merge"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/form"
	"staffetta/modules/practice/sight"
	"staffetta/modules/practice/upgrade"
	"staffetta/tenants"
)

type operations struct {
	service *upgrade.Service
	kinds   *modules.Kinds
}

// Operations are those of trying and applying kits.
func Operations(service *upgrade.Service, deps modules.Deps) []modules.Operation {
	o := operations{service, deps.Platform.Kinds}
	return []modules.Operation{
		{Permission: "adoption:write", Register: o.registerPlan},
		{Permission: "adoption:write", Register: o.registerApply},
		{Permission: "adoption:write", Register: o.registerKeep},
		{Permission: "adoption:write", Register: o.registerGiveUp},
	}
}

// PlanView is the dry run of a kit.
type PlanView struct {
	Kit            string         `json:"kit" format:"uuid"`
	Release        string         `json:"release" maxLength:"14"`
	Digest         string         `json:"digest" maxLength:"64" doc:"Names this plan when it is applied: another one by then is refused"`
	Refused        bool           `json:"refused" doc:"Something is missing, or somebody is changing an item: it cannot be applied"`
	New            int            `json:"new" minimum:"0" maximum:"1000000"`
	Changed        int            `json:"changed" minimum:"0" maximum:"1000000"`
	Merged         int            `json:"merged" minimum:"0" maximum:"1000000"`
	Removed        int            `json:"removed" minimum:"0" maximum:"1000000"`
	Dropped        int            `json:"dropped" minimum:"0" maximum:"1000000"`
	Same           int            `json:"same" minimum:"0" maximum:"1000000"`
	Conflict       int            `json:"conflict" minimum:"0" maximum:"1000000"`
	Lines          []LineView     `json:"lines" maxItems:"2000"`
	MissingKinds   []kit.Term     `json:"missing_kinds" maxItems:"2000"`
	MissingModules []kit.Term     `json:"missing_modules" maxItems:"2000"`
	MissingRoles   []kit.Term     `json:"missing_roles" maxItems:"2000"`
	MissingItems   []kit.Term     `json:"missing_items" maxItems:"2000" doc:"Keys that items would name and the body would not have"`
	Unreadable     []kit.Term     `json:"unreadable" maxItems:"2000" doc:"kind/key of what a newer program made"`
	Rules          []kit.Term     `json:"rules" maxItems:"2000" doc:"kind/key of what changes who may do what in the body"`
	Barred         bool           `json:"barred" doc:"Something changes the rules of the body, and whoever asks may not: applying would be refused"`
	Waiting        int            `json:"waiting_services" minimum:"0" maximum:"1000000" doc:"Services that would be in use, and in the guide for citizens only from the start of the adoption"`
	Sights         []sight.Effect `json:"gains_and_losses" maxItems:"2000" doc:"Who gains and who loses sight of what"`
}

// LineView is one item of a dry run.
type LineView struct {
	Kind      string         `json:"kind" maxLength:"40"`
	Key       string         `json:"key" maxLength:"64"`
	Outcome   string         `json:"outcome" enum:"new,changed,merged,removed,dropped,same,conflict"`
	Adapted   bool           `json:"adapted"`
	Local     bool           `json:"local"`
	Clashing  bool           `json:"clashing" doc:"The changes of both sides do not hold together: they cannot be merged"`
	Gone      bool           `json:"gone" doc:"The kit gave the item up"`
	Misnamed  bool           `json:"misnamed" doc:"Called like a role of the program: it cannot be taken from this kit. Where it would be new or changed, nothing can"`
	Drafted   bool           `json:"drafted" doc:"Somebody is changing the item"`
	Uses      int            `json:"uses" minimum:"0" maximum:"100000000" doc:"Records that the body made with it; told of what would change"`
	Counted   bool           `json:"counted" doc:"The records were counted: none is none. False of what leaves no records, and of what would stay"`
	Naming    []kit.Term     `json:"naming" maxItems:"2000" doc:"kind/key of the body's items that name it"`
	People    int            `json:"people" minimum:"0" maximum:"1000000" doc:"Who hold the roles that it names"`
	Conflicts []ConflictItem `json:"conflicts,omitempty" maxItems:"2000"`
	Kept      *DecisionInput `json:"kept,omitempty" doc:"Of a conflict: what was answered so far and kept, perhaps incomplete"`
	Changes   []ChangeItem   `json:"changes,omitempty" maxItems:"2000" doc:"Of what the body has and would be other: where"`
	Answers   *AnswersView   `json:"answers,omitempty" doc:"What becomes of the answers that records hold; missing where none do"`
}

// ChangeItem is a place in which an item would not be as it is.
type ChangeItem struct {
	Path  string `json:"path" maxLength:"1000"`
	Place string `json:"place" maxLength:"2000" doc:"The place in words"`
	Was   any    `json:"was,omitempty" doc:"Missing where there was nothing"`
	Is    any    `json:"is,omitempty"`
}

// ConflictItem is a place of an item that both sides changed.
type ConflictItem struct {
	Path     string `json:"path" maxLength:"1000"`
	Place    string `json:"place" maxLength:"2000" doc:"The place in words"`
	Base     any    `json:"base,omitempty" doc:"What the kit held when it was applied; missing where there was nothing"`
	Ours     any    `json:"ours,omitempty"`
	Theirs   any    `json:"theirs,omitempty"`
	Proposed any    `json:"proposed,omitempty" doc:"The changes of both together, where they can stand together; it decides nothing"`
}

func (o operations) planView(ctx context.Context, p upgrade.Plan) PlanView {
	view := PlanView{
		Kit: p.Kit.String(), Release: p.Release, Digest: p.Digest(), Refused: p.Refused(), New: p.Count(upgrade.New), Changed: p.Count(upgrade.Changed),
		Merged: p.Count(upgrade.Merged), Removed: p.Count(upgrade.Removed), Dropped: p.Count(upgrade.Dropped), Same: p.Count(upgrade.Same), Conflict: p.Count(upgrade.Conflict),
		Rules: kit.Terms(p.Rules), Barred: p.Barred, Waiting: p.Waiting(), Sights: sight.Views(p.Sights), Unreadable: kit.Terms(p.Unreadable), MissingItems: []kit.Term{},
		Lines: []LineView{}, MissingKinds: kit.Terms(p.MissingKinds), MissingModules: []kit.Term{}, MissingRoles: kit.Terms(p.MissingRoles),
	}
	for _, id := range p.MissingModules {
		view.MissingModules = append(view.MissingModules, kit.Term(id))
	}
	for _, loose := range p.MissingItems {
		view.MissingItems = append(view.MissingItems, kit.Term(loose.Ref.Key))
	}
	for _, line := range p.Lines {
		view.Lines = append(view.Lines, o.lineView(ctx, p, line))
	}
	return view
}

func (o operations) lineView(ctx context.Context, p upgrade.Plan, line upgrade.Line) LineView {
	one := LineView{
		Kind: line.Kind, Key: line.Key, Outcome: string(line.Outcome), Adapted: line.Adapted, Local: line.Local, Clashing: line.Clashing, Gone: line.Gone,
		Misnamed: line.Misnamed, Drafted: line.Drafted, Uses: line.Uses, Counted: line.Counted, Naming: kit.Terms(line.Naming), People: line.People, Answers: answersView(line.Carried),
	}
	places, changes := o.service.Places(line), o.service.Changes(line)
	var say kit.Teller
	if len(places)+len(changes) > 0 {
		say = teller(ctx, o.kinds, p, line)
	}
	for _, c := range places {
		one.Conflicts = append(one.Conflicts, ConflictItem{c.Path, say.Place(c.Path), value(c.Base), value(c.Ours), value(c.Theirs), value(merge.Propose(c))})
	}
	for _, c := range changes {
		one.Changes = append(one.Changes, ChangeItem{c.Path, say.Place(c.Path), value(c.Was), value(c.Is)})
	}
	if kept := p.Kept[line.Place()]; kept.Answer != "" {
		one.Kept = keptView(line.Place(), kept)
	}
	return one
}

// keptView is a kept decision in the form in which it is given.
func keptView(place string, d upgrade.Decision) *DecisionInput {
	view := &DecisionInput{Item: place, Answer: string(d.Answer), Reason: d.Reason}
	for _, path := range slices.Sorted(maps.Keys(d.Fields)) {
		view.Fields = append(view.Fields, FieldInput{path, string(d.Fields[path].Side), value(d.Fields[path].Value)})
	}
	return view
}

// value is a JSON value as the API gives it; nil for none.
func value(raw json.RawMessage) any {
	if raw == nil {
		return nil
	}
	return raw
}

type planInput struct {
	form.IDPath
	Kit string `query:"kit" maxLength:"36" doc:"Id of a kit of the practice; the newest if missing"`
}

func (in planInput) ids() (of, chosen uuid.UUID, err error) {
	if of, err = in.UUID(); err == nil && in.Kit != "" {
		chosen, err = modules.KnownID(in.Kit)
	}
	return of, chosen, err
}

func (o operations) registerPlan(api huma.API) {
	huma.Register(api, form.Operation("plan-adoption", http.MethodGet, "/adoptions/{id}/plan", "Dry run", "What applying a kit would do, item by item; changes nothing."),
		func(ctx context.Context, in *planInput) (*struct{ Body PlanView }, error) {
			id, chosen, err := in.ids()
			if err != nil {
				return nil, err
			}
			plan, err := o.service.Plan(ctx, tenants.ScopeFrom(ctx), id, chosen)
			if err != nil {
				return nil, err
			}
			return &struct{ Body PlanView }{o.planView(ctx, plan)}, nil
		})
}

// DecisionInput answers one conflict.
type DecisionInput struct {
	Item   string       `json:"item" maxLength:"105" doc:"kind/key"`
	Answer string       `json:"answer" enum:"ours,kit,merge"`
	Reason string       `json:"reason,omitempty" maxLength:"500" doc:"Needed to keep ours"`
	Fields []FieldInput `json:"fields,omitempty" maxItems:"2000" doc:"For merge: an answer for each place that both sides changed"`
}

// FieldInput answers one place of a conflict.
type FieldInput struct {
	Path  string `json:"path" maxLength:"1000"`
	Take  string `json:"take" enum:"ours,theirs,value"`
	Value any    `json:"value,omitempty" doc:"For value: what stands there; missing takes the place away"`
}

func (in DecisionInput) decision() (upgrade.Decision, error) {
	d := upgrade.Decision{Answer: upgrade.Answer(in.Answer), Reason: in.Reason, Fields: map[string]merge.Answer{}}
	for _, field := range in.Fields {
		answer := merge.Answer{Side: merge.Side(field.Take)}
		if field.Value != nil {
			raw, err := json.Marshal(field.Value)
			if err != nil {
				return d, problem.New(problem.Invalid, "web.error.invalid").Wrap(err)
			}
			answer.Value = raw
		}
		d.Fields[field.Path] = answer
	}
	return d, nil
}

// ApplicationView is what applying a kit, or going back, did.
type ApplicationView struct {
	ID       string `json:"id,omitempty" maxLength:"36" doc:"Empty when nothing was written"`
	Release  string `json:"release" maxLength:"14"`
	Changed  bool   `json:"changed"`
	New      int    `json:"new" minimum:"0" maximum:"1000000"`
	Updated  int    `json:"updated" minimum:"0" maximum:"1000000"`
	Merged   int    `json:"merged" minimum:"0" maximum:"1000000"`
	Removed  int    `json:"removed" minimum:"0" maximum:"1000000"`
	Same     int    `json:"same" minimum:"0" maximum:"1000000"`
	Conflict int    `json:"conflict" minimum:"0" maximum:"1000000"`
	Restored int    `json:"restored" minimum:"0" maximum:"1000000"`
}

// ViewOf is a run as the API gives it.
func ViewOf(run upgrade.Application) ApplicationView {
	view := ApplicationView{
		Release: run.Release, Changed: run.Changed, New: run.Counts[upgrade.New], Updated: run.Counts[upgrade.Changed], Merged: run.Counts[upgrade.Merged],
		Removed: run.Counts[upgrade.Removed], Same: run.Counts[upgrade.Same], Conflict: run.Counts[upgrade.Conflict], Restored: run.Counts[upgrade.Restored],
	}
	if run.Changed {
		view.ID = run.ID.String()
	}
	return view
}

type applicationOutput struct{ Body ApplicationView }

type applyInput struct {
	form.IDPath
	Body struct {
		Kit          string          `json:"kit,omitempty" maxLength:"36" doc:"Id of a kit of the practice; the newest if missing"`
		Digest       string          `json:"digest,omitempty" maxLength:"64" doc:"Of the dry run that was read; another one by now is refused. Needed where somebody gains or loses, or answers have no place: the refusal tells it"`
		Decisions    []DecisionInput `json:"decisions,omitempty" maxItems:"2000"`
		Acknowledged bool            `json:"acknowledged,omitempty" doc:"Who gains and who loses sight of what, and which answers have no place, has been read; needed where there is such a thing"`
	}
}

func (in applyInput) choice() (upgrade.Choice, error) {
	c := upgrade.Choice{Seen: in.Body.Digest, Acknowledged: in.Body.Acknowledged}
	var err error
	if in.Body.Kit != "" {
		if c.Kit, err = modules.KnownID(in.Body.Kit); err != nil {
			return c, err
		}
	}
	c.Decisions, err = decisions(in.Body.Decisions)
	return c, err
}

// decisions are by the item that they are about.
func decisions(given []DecisionInput) (map[string]upgrade.Decision, error) {
	all := make(map[string]upgrade.Decision, len(given))
	for _, d := range given {
		one, err := d.decision()
		if err != nil {
			return nil, err
		}
		all[d.Item] = one
	}
	return all, nil
}

func (o operations) registerApply(api huma.API) {
	huma.Register(api, form.Operation("apply-adoption", http.MethodPost, "/adoptions/{id}/apply", "Apply a kit",
		"Makes the items of a kit the body's own in one transaction, all or nothing. Each conflict of the dry run needs a decision. Decisions that are refused with 422 are kept as answers to conflicts; the dry run has another digest then."),
		func(ctx context.Context, in *applyInput) (*applicationOutput, error) {
			id, err := in.UUID()
			if err != nil {
				return nil, err
			}
			choice, err := in.choice()
			if err != nil {
				return nil, err
			}
			run, err := o.service.Apply(ctx, tenants.ScopeFrom(ctx), id, choice)
			if err != nil {
				return nil, err
			}
			return &applicationOutput{ViewOf(run)}, nil
		})
}

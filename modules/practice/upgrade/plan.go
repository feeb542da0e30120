// Package upgrade applies the kits of an adopted practice to the body: it tries what a kit would do, brings the body's own
// changes and the kit's together, writes all or nothing, and goes back. It must not lose what the body changed: what a merge
// cannot decide, somebody answers.
package upgrade

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/merge"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/adoption"
	"staffetta/modules/practice/catalogue"
	"staffetta/modules/practice/sight"
	"staffetta/policies"
	"staffetta/tenants"
)

// Service applies kits.
type Service struct {
	deps      modules.Deps
	items     *kit.Items
	catalogue *catalogue.Service
	adoptions *adoption.Service
	looks     bool // changes nothing: it holds no item and no rule of the body still
}

// looking is the service for a dry run, which waits for nobody and lets nobody wait. What changes meanwhile has another digest when it
// is to be written.
func (v *Service) looking() *Service {
	look := *v
	look.looks = true
	return &look
}

// current reads items of the body, and holds them still until the end of the transaction where they are to be written.
func (v *Service) current(ctx context.Context, tx tenants.Tx, s tenants.Scope, sources []kit.Source) (map[string]kit.Item, error) {
	if v.looks {
		return v.items.Peek(ctx, tx, s, sources)
	}
	return v.items.Current(ctx, tx, s, sources)
}

// NewService makes the service over the program's parts.
func NewService(deps modules.Deps) *Service {
	return &Service{deps: deps, items: kit.NewItems(deps), catalogue: catalogue.NewService(deps), adoptions: adoption.NewService(deps)}
}

// Outcome is what applying a kit would do to an item.
type Outcome string

// The outcomes.
const (
	New      Outcome = "new"      // the body has no such item
	Changed  Outcome = "changed"  // the kit changed it, the body did not
	Merged   Outcome = "merged"   // both changed it, in different places
	Same     Outcome = "same"     // nothing to do
	Dropped  Outcome = "dropped"  // the kit changed what the body does not use
	Removed  Outcome = "removed"  // the kit gave it up, and nobody changed or uses it here
	Conflict Outcome = "conflict" // somebody has to answer
	Restored Outcome = "restored" // of going back
)

// Outcomes lists them in the order in which a dry run tells them.
var Outcomes = []Outcome{New, Changed, Merged, Removed, Dropped, Same, Conflict}

// Line is one item of a dry run.
type Line struct {
	Kind, Key          string
	Base, Ours, Theirs kit.Source // without content where there is none: Base of what was never taken, Theirs of what the kit gave up
	Outcome            Outcome
	Result             kit.Source       // of Changed and Merged
	Open               []merge.Conflict // of Conflict: the places that both sides changed
	Local              bool             // of Conflict: this adoption never brought the item
	Clashing           bool             // of Conflict: the changes of both sides do not hold together, though in different places
	Gone               bool             // the kit gave the item up
	Misnamed           bool             // it would be called like something else, which its kind refuses: such a kit is older than that rule
	Adapted            bool             // of Same: the body keeps an adaptation
	Joins              bool             // of Same: it stands as the kit has it now, and only where it came from is noted
	Drafted            bool             // somebody is changing it: a draft waits
	Uses               int              // records that the body made with it; told, as what follows, of what would change
	Counted            bool             // Uses was counted: none is none
	Naming             []string         // kit.Place of the body's items that name it
	People             int              // who hold the roles that it names
	Carried            *Carrying        // what becomes of stored answers; nil where none are
}

// Place names the item among all kinds.
func (l Line) Place() string { return kit.Place(l.Kind, l.Key) }

// Source is the item as people know it: the kit's, or the body's where the kit gave it up.
func (l Line) Source() kit.Source {
	if l.Gone {
		return l.Ours
	}
	return l.Theirs
}

// title is how the item would be called if it comes from the kit.
func (l Line) title() kit.Text {
	if l.Outcome == Changed || l.Outcome == Merged {
		return l.Result.Title
	}
	return l.Theirs.Title
}

// entitle refuses a title that the kind of an item refuses, unless the item is in use under it.
func entitle(kinds *modules.Kinds, kind string, now standing, title kit.Text) error {
	declared, _, _ := kinds.Get(kind)
	if declared.Entitle == nil || now.State == kit.Published && now.Source.Title == title {
		return nil
	}
	return declared.Entitle(language.Text{It: title.IT, En: title.EN})
}

// sources are the items of a plan as people know them.
func (p Plan) sources() []kit.Source {
	list := make([]kit.Source, len(p.Lines))
	for i, line := range p.Lines {
		list[i] = line.Source()
	}
	return list
}

// writes tells whether applying would change the item itself.
func (l Line) writes() bool { return l.Outcome != Same && l.Outcome != Dropped }

// Plan is the dry run of a kit: what applying it would do, and what is missing (it: prova).
type Plan struct {
	Adoption       adoption.Adoption
	Kit            uuid.UUID
	Release        string
	Lines          []Line
	MissingKinds   []string            // kinds that no module of this program owns
	MissingModules []modules.ID        // switched off for the body, and needed by live items
	MissingRoles   []string            // named by workflows and held by nobody
	MissingItems   []kit.Loose         // what items would name and the body would not have
	Unreadable     []string            // kit.Place of what this program does not understand: a newer one made it
	Sights         []sight.Sight       // who gains and who loses sight of what, by the answers that are kept
	Rules          []string            // kit.Place of what changes who may do what in the body, by the same
	Barred         bool                // whoever looks may not change the rules of the body: applying would be refused
	Kept           map[string]Decision // by kit.Place: answers to conflicts that are kept, perhaps incomplete
	Begun          bool                // conflicts are kept as things to do
	Answering      bool                // and somebody has answered one, of this kit or another
	people         modules.People      // who hold each role
	Titles         kit.Titles          // what the items are called, and those that name them
	from           *trial              // what it was made from
}

// Refused tells whether the kit cannot be applied at all, whatever is answered.
func (p Plan) Refused() bool {
	return len(p.missing()) > 0 || len(p.Drafts()) > 0 || len(p.Misnamed()) > 0
}

// Misnamed are the items that would get a title which their kind refuses, whatever is answered.
func (p Plan) Misnamed() (lines []Line) {
	for _, line := range p.Lines {
		if line.Misnamed && line.writes() && line.Outcome != Conflict {
			lines = append(lines, line)
		}
	}
	return lines
}

// Drafts are the items that the kit would change while somebody of the body is changing them.
func (p Plan) Drafts() (waiting []Line) {
	for _, line := range p.Lines {
		if line.Drafted && line.writes() {
			waiting = append(waiting, line)
		}
	}
	return waiting
}

// Count is how many items have an outcome.
func (p Plan) Count(outcome Outcome) int {
	count := 0
	for _, line := range p.Lines {
		if line.Outcome == outcome {
			count++
		}
	}
	return count
}

// Changes is how many items applying the plan would write or has to ask about.
func (p Plan) Changes() int {
	count := 0
	for _, line := range p.Lines {
		if line.writes() || line.Joins {
			count++
		}
	}
	return count
}

// Digest tells two plans apart: who applies one says which one was read.
func (p Plan) Digest() string {
	sum := sha256.New()
	fmt.Fprintln(sum, p.Adoption.ID, p.Kit, p.MissingKinds, p.MissingModules)
	for _, line := range p.Lines {
		fmt.Fprintf(sum, "%s %s %t %q %q %t\n", line.Place(), line.Outcome, line.Drafted, line.Ours.Content, line.Ours.Title, line.leaves())
	}
	for _, line := range p.Conflicts() {
		if d, answered := p.Kept[line.Place()]; answered {
			fmt.Fprintf(sum, "%s %q %q %q\n", line.Place(), d.Answer, d.Reason, fmt.Sprint(d.Fields))
		}
	}
	for _, one := range p.Sights {
		fmt.Fprintln(sum, one)
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// Plan is the dry run of a kit of the adoption's practice, of the newest for uuid.Nil; it changes nothing. Only the reusing
// body may ask, others get problem.NotFound, as for a kit of another practice. A kit in commons whose content does not meet
// its hash is problem.Internal.
func (v *Service) Plan(ctx context.Context, s tenants.Scope, of, chosen uuid.UUID) (Plan, error) {
	a, err := v.reusing(ctx, s, of)
	if err != nil {
		return Plan{}, err
	}
	theirs, err := v.catalogue.Contents(ctx, s, a.Practice, chosen)
	if err != nil {
		return Plan{}, err
	}
	var t trial
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		t, err = v.looking().compare(ctx, tx, s, a, theirs)
		return err
	})
	return t.plan, err
}

// reusing returns an adoption of which the scope's body is the reusing side.
func (v *Service) reusing(ctx context.Context, s tenants.Scope, of uuid.UUID) (adoption.Adoption, error) {
	a, err := v.adoptions.GetAdoption(ctx, s, of)
	if err != nil {
		return adoption.Adoption{}, err
	}
	if a.Side != adoption.Reusing {
		return adoption.Adoption{}, problem.Missing()
	}
	return a, nil
}

// trial is a plan with what it was made from, by kit.Place.
type trial struct {
	kinds *modules.Kinds
	plan  Plan
	ours  map[string]kit.Item
	taken map[string]taken
	used  sight.Used
	named []kit.Source // items that the body uses, of kinds of which no two are called alike
}

// compare finds the outcome of each item from base, ours and theirs, and what is missing.
func (v *Service) compare(ctx context.Context, tx tenants.Tx, s tenants.Scope, a adoption.Adoption, theirs catalogue.Contents) (trial, error) {
	t := trial{kinds: v.deps.Platform.Kinds, plan: Plan{Adoption: a, Kit: theirs.Kit, Release: theirs.Release}}
	var err error
	if t.taken, err = findTaken(ctx, tx, a.ID); err != nil {
		return t, err
	}
	sources := t.sources(theirs.Items)
	if t.ours, err = v.current(ctx, tx, s, sources); err != nil {
		return t, err
	}
	if t.used, err = v.findUsed(ctx, tx, s); err != nil {
		return t, err
	}
	if t.named, err = v.findNamed(ctx, tx, s); err != nil {
		return t, err
	}
	if err := t.judgeAll(sources); err != nil {
		return t, err
	}
	t.plan.Titles = kit.TitlesOf(t.plan.sources())
	if err := v.addImpact(ctx, tx, s, &t.plan); err != nil {
		return t, err
	}
	if err := addKept(ctx, tx, &t.plan); err != nil {
		return t, err
	}
	made := t
	t.plan.from = &made
	err = t.plan.show()
	t.plan.Barred = len(t.plan.Rules) > 0 && !v.deps.Permits(s, policies.ManageRules)
	return t, err
}

// sources are the items of a kit, and without content those that it gave up, as people read a kit.
func (t trial) sources(theirs []kit.Source) []kit.Source {
	offered := map[string]bool{}
	sources := append([]kit.Source{}, theirs...)
	for _, item := range theirs {
		offered[kit.Place(item.Kind, item.Key)] = true
	}
	for place, one := range t.taken {
		if !offered[place] {
			sources = append(sources, kit.Source{Kind: one.base.Kind, Key: one.base.Key})
		}
	}
	kit.SortSources(t.kinds, sources)
	return sources
}

func (t *trial) judgeAll(sources []kit.Source) error {
	for _, source := range sources {
		line, told, err := t.judge(source)
		if err != nil {
			return err
		}
		if told {
			line.Misnamed = !line.Gone && entitle(t.kinds, line.Kind, t.standing(line.Place()), line.title()) != nil
			t.plan.Lines = append(t.plan.Lines, line)
		}
	}
	t.markTwins()
	return nil
}

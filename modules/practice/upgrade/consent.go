package upgrade

import (
	"slices"
	"strings"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/practice/sight"
)

// Consent is what applying a plan with some decisions does to who sees what and who may do what: whoever applies it has read that.
// It comes from the contents that are written, not from those of either side.
type Consent struct {
	Sights []sight.Sight // who gains and who loses sight of what
	Rules  []string      // kit.Place of what changes who may do what in the body: nobody lets that happen unattended
	Leaves bool          // open records hold answers without a sure place
}

// Consent finds what applying with the decisions would do. A conflict without a complete decision is taken from the kit.
func (p Plan) Consent(decisions map[string]Decision) (c Consent, err error) {
	a := p.with(decisions)
	joint := sight.NewJoint(a.used)
	for _, line := range p.Lines {
		d := decisions[line.Place()]
		c.Leaves = c.Leaves || line.leaves() && d.Answer != KeepOurs
		if err := a.addSight(&c, joint, line, d); err != nil {
			return c, err
		}
	}
	together, err := joint.Sights()
	c.Sights = append(c.Sights, together...)
	return c, err
}

// Needed tells whether somebody gains or loses of what there is, or answers have no place.
func (c Consent) Needed() bool {
	return c.Leaves || slices.ContainsFunc(c.Sights, func(one sight.Sight) bool { return !one.New && !one.Unasked })
}

// covers tells whether who has read this has read all of the other.
func (c Consent) covers(other Consent) bool {
	read := map[string]map[modules.SightChange]bool{}
	for _, one := range c.Sights {
		if read[about(one)] == nil {
			read[about(one)] = map[modules.SightChange]bool{}
		}
		for _, change := range one.Changes {
			read[about(one)][change] = true
		}
	}
	for _, one := range other.Sights {
		for _, change := range one.Changes {
			if !read[about(one)][change] {
				return false
			}
		}
	}
	return c.Leaves || !other.Leaves
}

// about is what a sight is of: one item, or all of a kind.
func about(one sight.Sight) string {
	if one.Joint {
		kind, _, _ := strings.Cut(one.Place, "/")
		return kind
	}
	return one.Place
}

// of are the changes by one item.
func (c Consent) of(place string) []modules.SightChange {
	for _, one := range c.Sights {
		if one.Place == place {
			return one.Changes
		}
	}
	return nil
}

// addSight notes who gains and who loses by what is written of one item.
func (a applying) addSight(c *Consent, joint *sight.Joint, line Line, d Decision) error {
	declared, _, _ := a.kinds.Get(line.Kind)
	if declared.Shows == nil && declared.ShowsTogether == nil || !a.writes(line, d) {
		return nil
	}
	one, err := a.foresee(line, d)
	if err != nil {
		return err
	}
	contents := sight.Contents{Kind: line.Kind, Key: line.Key, Title: line.Source().Title.IT, Before: one.found.inUse(), After: one.made.inUse()}
	if joint.Add(declared, contents) {
		return nil
	}
	_, differs, err := sight.Compare(declared, contents, nil)
	if err != nil {
		return err
	}
	renamed := contents.Before != nil && contents.After != nil && one.found.Source.Title != one.made.Source.Title
	if declared.Rules != nil && (differs || renamed) {
		c.Rules = append(c.Rules, line.Place())
	}
	found, changes, err := sight.Compare(declared, contents, a.plan.people)
	if changes {
		found.Place, found.New = line.Place(), one.found.Item == uuid.Nil
		c.Sights = append(c.Sights, found)
	}
	return err
}

// with is a run of the plan by some decisions.
func (p Plan) with(decisions map[string]Decision) applying {
	a := applying{decisions: decisions}
	if p.from != nil {
		a.trial = *p.from
	}
	a.plan = p
	return a
}

// foresee is what would be written of one item. A conflict without a complete decision is taken from the kit.
func (a applying) foresee(line Line, d Decision) (settled, error) {
	one, err := a.settleLine(line, d)
	if line.Outcome == Conflict && (err != nil || !d.Complete(line)) {
		return a.settleLine(line, Decision{Answer: TakeKit})
	}
	return one, err
}

// show notes what whoever reads the plan is shown: what follows from the answers that are kept, and from taking from the kit after
// all what the body does not use.
func (p *Plan) show() error {
	shown, err := p.Consent(p.Kept)
	if err != nil {
		return err
	}
	p.Sights, p.Rules = shown.Sights, shown.Rules
	after := map[string]Decision{}
	for _, line := range p.Lines {
		if line.Outcome == Dropped {
			after[line.Place()] = Decision{Answer: TakeKit}
		}
	}
	taken, err := p.Consent(after)
	for _, one := range taken.Sights {
		if _, dropped := after[one.Place]; dropped || one.Joint && len(after) > 0 && !p.shown().covers(Consent{Sights: []sight.Sight{one}}) {
			one.Unasked = true
			p.Sights = append(p.Sights, one)
		}
	}
	return err
}

// shown is what whoever reads the plan has read.
func (p Plan) shown() Consent { return Consent{Sights: p.Sights, Rules: p.Rules, Leaves: p.Leaves()} }

// Seen tells whether somebody gains or loses sight of what is there today: who applies the plan says that they have read it.
func (p Plan) Seen() bool { return Consent{Sights: p.Sights}.Needed() }

// consents sees that who changes what people see has read who gains and who loses, and who leaves answers without a place which:
// by these decisions, and not by others; and says which dry run they have read.
func (a applying) consents() (Consent, error) {
	given, err := a.plan.Consent(a.decisions)
	if err != nil {
		return given, err
	}
	var wrong problem.Fields
	switch {
	case !a.plan.shown().covers(given):
		wrong.Add(modules.ConsentField, "practice.error.other_sights")
	case given.Needed():
		modules.Consent{Mark: a.seen, Acknowledged: a.acknowledged}.RequireMarked(&wrong)
	}
	if len(wrong) == 0 {
		return given, nil
	}
	return given, a.plan.unread(wrong.Err())
}

// unread is a refusal with who gains and who loses by the answers that are kept, where somebody has to read that.
func (p Plan) unread(refusal error) error {
	if !p.Seen() && !p.Leaves() {
		return refusal
	}
	return sight.Unread(p.Sights, p.Digest(), refusal)
}

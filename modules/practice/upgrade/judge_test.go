package upgrade

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/merge"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/adoption"
	"staffetta/modules/practice/sight"
)

// one is a body with one item of one kind, and a kit with that item, in which the rules are tried one by one.
type one struct {
	base, ours, theirs string // contents; "" where there is none
	decision           string // that was kept: adopted where there is a base
	state              kit.State
	draft, title       string // of the body's item
	practice           uuid.UUID
}

var (
	thisPractice, otherPractice = uuid.MustParse("00000000-0000-7000-8000-000000000001"), uuid.MustParse("00000000-0000-7000-8000-000000000002")
	lastKit, thisKit            = uuid.MustParse("00000000-0000-7000-8000-000000000003"), uuid.MustParse("00000000-0000-7000-8000-000000000004")
	thisItem                    = uuid.MustParse("00000000-0000-7000-8000-000000000005")
)

const (
	start     = `{"a":"1","b":"1"}`
	otherA    = `{"a":"2","b":"1"}`
	thirdA    = `{"a":"3","b":"1"}`
	otherB    = `{"a":"1","b":"2"}`
	otherBoth = `{"a":"2","b":"2"}`
)

// notes is a kind whose contents are right but for one that says it is not.
func notes(t *testing.T) *modules.Kinds {
	t.Helper()
	kinds, err := modules.NewKinds([]modules.Module{{ID: "note", Kinds: []modules.Kind{{ID: "note", Live: true, Validate: func(content []byte) error {
		if bytes.Contains(content, []byte(`"a":"x"`)) && bytes.Contains(content, []byte(`"b":"x"`)) {
			return errors.New("both are x")
		}
		return nil
	}}}}})
	if err != nil {
		t.Fatal(err)
	}
	return kinds
}

func note(content, title string) kit.Source {
	source := kit.Source{Kind: "note", Key: "N", Title: kit.Text{IT: title}, Owner: "Comune", Licence: "CC-BY-4.0"}
	if content != "" {
		source.Content = json.RawMessage(content)
	}
	return source
}

// trial is the dry run of the kit in the body.
func (o one) trial(t *testing.T) trial {
	t.Helper()
	tr := trial{kinds: notes(t), ours: map[string]kit.Item{}, taken: map[string]taken{}, plan: Plan{
		Adoption: adoption.Adoption{Practice: thisPractice, Title: language.Text{It: "Pratica"}}, Kit: thisKit, Release: "2.0.0",
	}}
	if o.ours != "" || o.draft != "" {
		item := kit.Item{
			ID: thisItem, Kind: "note", Key: "N", Title: language.Text{It: "Nota"}, Owner: "Comune", Licence: "CC-BY-4.0", State: kit.Published, Reason: "Perché sì",
			Origin: kit.Origin{Practice: o.practice}, Adaptation: kit.Adapted,
		}
		if o.title != "" {
			item.Title.It = o.title
		}
		if o.state != "" {
			item.State = o.state
		}
		if o.ours != "" {
			item.Current = kit.Version{ID: uuid.New(), Content: []byte(o.ours)}
		}
		if o.draft != "" {
			item.Draft = []byte(o.draft)
		}
		tr.ours["note/N"] = item
	}
	if o.base != "" {
		tr.taken["note/N"] = taken{item: thisItem, decision: "adopted", kit: lastKit, reason: "Prima", base: note(o.base, "Nota")}
		if o.decision != "" {
			kept := tr.taken["note/N"]
			kept.decision = o.decision
			tr.taken["note/N"] = kept
		}
	}
	var theirs []kit.Source
	if o.theirs != "" {
		theirs = append(theirs, note(o.theirs, "Nota"))
	}
	if err := tr.judgeAll(tr.sources(theirs)); err != nil {
		t.Fatal(err)
	}
	return tr
}

// told is what a line says, without the contents.
type told struct {
	Outcome                                        Outcome
	Local, Clashing, Gone, Adapted, Joins, Drafted bool
	Open                                           int
}

func TestOutcomes(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		one
		want told // the zero one where nothing is told
	}{
		"new":                                {one{theirs: start}, told{Outcome: New}},
		"nobody changed it":                  {one{base: start, ours: start, theirs: start}, told{Outcome: Same}},
		"the kit changed it":                 {one{base: start, ours: start, theirs: otherA}, told{Outcome: Changed}},
		"we changed it":                      {one{base: start, ours: otherA, theirs: start}, told{Outcome: Same, Adapted: true}},
		"we changed its title":               {one{base: start, ours: start, theirs: start, title: "Nostra"}, told{Outcome: Same, Adapted: true}},
		"both changed other places":          {one{base: start, ours: otherA, theirs: otherB}, told{Outcome: Merged}},
		"we changed its title, the kit more": {one{base: start, ours: start, theirs: otherB, title: "Nostra"}, told{Outcome: Merged}},
		"both changed the same place":        {one{base: start, ours: otherA, theirs: thirdA}, told{Outcome: Conflict, Open: 1}},
		"both changed it alike":              {one{base: start, ours: otherA, theirs: otherA}, told{Outcome: Same, Joins: true}},
		"we changed it alike and more":       {one{base: start, ours: otherBoth, theirs: otherA}, told{Outcome: Same, Adapted: true, Joins: true}},
		"what both changed clashes":          {one{base: start, ours: `{"a":"x","b":"1"}`, theirs: `{"a":"1","b":"x"}`}, told{Outcome: Conflict, Clashing: true}},
		"local, as the kit":                  {one{ours: start, theirs: start}, told{Outcome: Same, Joins: true}},
		"local, as the kit, not used":        {one{ours: start, theirs: start, state: kit.Retired}, told{Outcome: Conflict, Local: true}},
		"local, other":                       {one{ours: otherA, theirs: start}, told{Outcome: Conflict, Local: true, Open: 1}},
		"local, a draft":                     {one{draft: otherA, theirs: start, state: kit.Draft}, told{Outcome: Conflict, Local: true, Open: 1}},
		"dropped, and the kit stands":        {one{base: start, ours: start, theirs: start, state: kit.Retired}, told{Outcome: Same, Adapted: true}},
		"dropped, and the kit changed it":    {one{base: start, ours: start, theirs: otherA, state: kit.Retired}, told{Outcome: Dropped, Adapted: true}},
		"dropped, changed, and being changed": {
			one{base: start, ours: start, theirs: otherA, draft: otherB, state: kit.Retired}, told{Outcome: Dropped, Adapted: true, Drafted: true},
		},
		"being changed":                     {one{base: start, ours: start, theirs: otherA, draft: otherB}, told{Outcome: Changed, Drafted: true}},
		"left, and still used":              {one{base: start, ours: otherA, theirs: start, decision: left}, told{Outcome: Conflict, Local: true, Open: 1}},
		"left, still used, as the kit":      {one{base: start, ours: start, theirs: start, decision: left}, told{Outcome: Same, Joins: true}},
		"left, and taken away":              {one{base: start, ours: start, theirs: start, decision: left, state: kit.Retired}, told{Outcome: New}},
		"given up":                          {one{base: start, ours: start}, told{Outcome: Removed, Gone: true}},
		"given up, and we changed it":       {one{base: start, ours: otherA}, told{Outcome: Conflict, Gone: true}},
		"given up, and we changed its name": {one{base: start, ours: start, title: "Nostra"}, told{Outcome: Conflict, Gone: true}},
		"given up, and not used":            {one{base: start, ours: otherA, state: kit.Retired}, told{}},
		"given up, and not there":           {one{base: start}, told{}},
		"given up, and left before":         {one{base: start, ours: otherA, decision: left}, told{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got told
			for _, l := range c.trial(t).plan.Lines {
				got = told{l.Outcome, l.Local, l.Clashing, l.Gone, l.Adapted, l.Joins, l.Drafted, len(l.Open)}
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("the line (-want +got):\n%s", d)
			}
		})
	}
}

// done is what a run writes of an item and of the decision about it.
type done struct {
	Content      string
	State        kit.State
	Adaptation   kit.Adaptation
	Reason       string
	Origin       uuid.UUID
	Base         string
	Decision     string
	Kit          uuid.UUID
	Why          string
	Untold, Keep bool
}

func TestSettling(t *testing.T) {
	t.Parallel()
	const because = "Da noi si dice così"
	field := map[string]merge.Answer{"content.a": {Side: merge.Theirs}}
	for name, c := range map[string]struct {
		one
		d    Decision
		want done // the zero one where nothing is written
	}{
		"new":       {one{theirs: start}, Decision{}, done{Content: start, State: kit.Published, Adaptation: kit.Adopted, Origin: thisPractice, Base: start, Decision: "adopted", Kit: thisKit}},
		"changed":   {one{base: start, ours: start, theirs: otherA, practice: thisPractice}, Decision{}, done{Content: otherA, State: kit.Published, Adaptation: kit.Adopted, Origin: thisPractice, Base: otherA, Decision: "adopted", Kit: thisKit}},
		"unchanged": {one{base: start, ours: otherA, theirs: start, practice: thisPractice}, Decision{}, done{}},
		"merged": {one{base: start, ours: otherA, theirs: otherB, practice: thisPractice}, Decision{}, done{
			Content: otherBoth, State: kit.Published, Adaptation: kit.Adapted, Reason: "Perché sì", Origin: thisPractice, Base: otherB, Decision: "adapted", Kit: thisKit, Why: "Perché sì",
		}},
		"joined": {one{base: start, ours: otherA, theirs: otherA, practice: thisPractice}, Decision{}, done{
			Content: otherA, State: kit.Published, Adaptation: kit.Adopted, Origin: thisPractice, Base: otherA, Decision: "adopted", Kit: thisKit, Keep: true,
		}},
		"joined, adapted": {one{base: start, ours: otherBoth, theirs: otherA, practice: thisPractice}, Decision{}, done{
			Content: otherBoth, State: kit.Published, Adaptation: kit.Adapted, Reason: "Perché sì", Origin: thisPractice, Base: otherA, Decision: "adapted", Kit: thisKit, Why: "Perché sì", Keep: true,
		}},
		"joined, of another practice": {one{ours: start, theirs: start, practice: otherPractice}, Decision{}, done{
			Content: start, State: kit.Published, Adaptation: kit.Adapted, Reason: "Perché sì", Origin: otherPractice, Decision: "adopted", Kit: thisKit, Keep: true, Untold: true,
		}},
		"conflict, ours": {one{base: start, ours: otherA, theirs: thirdA, practice: thisPractice}, Decision{Answer: KeepOurs, Reason: " " + because + " "}, done{
			Content: otherA, State: kit.Published, Adaptation: kit.Adapted, Reason: because, Origin: thisPractice, Base: thirdA, Decision: "adapted", Kit: thisKit, Why: because, Keep: true,
		}},
		"conflict, ours and not used": {one{ours: otherA, theirs: start, state: kit.Retired}, Decision{Answer: KeepOurs, Reason: because}, done{
			Content: otherA, State: kit.Retired, Adaptation: kit.Dropped, Reason: because, Origin: thisPractice, Base: start, Decision: "dropped", Kit: thisKit, Why: because, Keep: true,
		}},
		"conflict, the kit's": {one{base: start, ours: otherA, theirs: thirdA, practice: thisPractice}, Decision{Answer: TakeKit}, done{
			Content: thirdA, State: kit.Published, Adaptation: kit.Adopted, Origin: thisPractice, Base: thirdA, Decision: "adopted", Kit: thisKit,
		}},
		"conflict, united by the kit's": {one{base: start, ours: otherA, theirs: thirdA, practice: thisPractice}, Decision{Answer: Unite, Fields: field}, done{
			Content: thirdA, State: kit.Published, Adaptation: kit.Adopted, Origin: thisPractice, Base: thirdA, Decision: "adopted", Kit: thisKit,
		}},
		"conflict, united": {one{base: start, ours: otherBoth, theirs: thirdA, practice: thisPractice}, Decision{Answer: Unite, Fields: field, Reason: because}, done{
			Content: `{"a":"3","b":"2"}`, State: kit.Published, Adaptation: kit.Adapted, Reason: because, Origin: thisPractice, Base: thirdA, Decision: "adapted", Kit: thisKit, Why: because,
		}},
		"dropped, and left so": {one{base: start, ours: start, theirs: otherA, state: kit.Retired}, Decision{}, done{}},
		"dropped, and taken after all": {one{base: start, ours: start, theirs: otherA, state: kit.Retired, practice: thisPractice}, Decision{Answer: TakeKit}, done{
			Content: otherA, State: kit.Published, Adaptation: kit.Adopted, Origin: thisPractice, Base: otherA, Decision: "adopted", Kit: thisKit,
		}},
		"given up": {one{base: start, ours: start, practice: thisPractice}, Decision{}, done{
			Content: start, State: kit.Retired, Adaptation: kit.Dropped, Origin: thisPractice, Decision: left, Kit: lastKit,
		}},
		"given up, and kept": {one{base: start, ours: otherA, practice: thisPractice}, Decision{Answer: KeepOurs, Reason: because}, done{
			Content: otherA, State: kit.Published, Adaptation: kit.Local, Decision: left, Kit: lastKit, Keep: true,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := applying{trial: c.trial(t), decisions: map[string]Decision{"note/N": c.d}, run: &Application{}}
			settlements, err := a.settle()
			if err != nil {
				t.Fatal(err)
			}
			var got done
			for _, s := range settlements {
				m := s.made
				got = done{
					string(m.Source.Content), m.State, m.Adaptation, m.Reason, m.Origin.Practice, string(m.Origin.Base), m.Decision, m.Kit, m.Why, s.untold, s.change.Keep,
				}
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("what is written (-want +got):\n%s", d)
			}
		})
	}
}

// What is not answered, or does not hold together, is not written.
func TestSettlingRefuses(t *testing.T) {
	t.Parallel()
	conflict := one{base: `{"a":"1","b":"1"}`, ours: `{"a":"x","b":"1"}`, theirs: `{"a":"2","b":"x"}`}
	for name, fields := range map[string]map[string]merge.Answer{
		"open": nil, "clashing": {"content.a": {Side: merge.Ours}}, "no JSON": {"content.a": {Side: merge.Value, Value: json.RawMessage(`{`)}},
	} {
		a := applying{trial: conflict.trial(t), decisions: map[string]Decision{"note/N": {Answer: Unite, Fields: fields}}, run: &Application{}}
		if _, err := a.settle(); !problem.Is(err, problem.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A conflict is over with a whole answer: ours with a reason, the kit's, or both where they go together, place by place.
func TestWhatADecisionLacks(t *testing.T) {
	t.Parallel()
	open := Line{Kind: "note", Key: "N", Outcome: Conflict, Open: []merge.Conflict{{Path: "content.a"}, {Path: "content.b"}}}
	gone, clashing := open, open
	gone.Gone, gone.Open, clashing.Clashing, clashing.Open = true, nil, true, nil
	first := map[string]merge.Answer{"content.a": {Side: merge.Ours}}
	for name, c := range map[string]struct {
		line Line
		d    Decision
		want map[string]string // messages by field
	}{
		"nothing":              {open, Decision{}, map[string]string{"note/N": "practice.error.unanswered"}},
		"no such answer":       {open, Decision{Answer: "both"}, map[string]string{"note/N": "practice.error.unanswered"}},
		"ours":                 {open, Decision{Answer: KeepOurs, Reason: " "}, map[string]string{"note/N": "practice.error.reason"}},
		"ours, and why":        {open, Decision{Answer: KeepOurs, Reason: strings.Repeat("è", MaxReason)}, nil},
		"ours, at length":      {open, Decision{Answer: KeepOurs, Reason: strings.Repeat("è", MaxReason+1)}, map[string]string{"note/N": "web.field.too_long"}},
		"the kit's":            {open, Decision{Answer: TakeKit}, nil},
		"both":                 {open, Decision{Answer: Unite}, map[string]string{"note/N#content.a": "practice.error.unanswered", "note/N#content.b": "practice.error.unanswered"}},
		"both, the first":      {open, Decision{Answer: Unite, Fields: first}, map[string]string{"note/N#content.b": "practice.error.unanswered"}},
		"both of what is gone": {gone, Decision{Answer: Unite}, map[string]string{"note/N": "practice.error.unanswered"}},
		"both of a clash":      {clashing, Decision{Answer: Unite}, map[string]string{"note/N": "practice.error.clash"}},
		"ours of a clash":      {clashing, Decision{Answer: KeepOurs, Reason: "Da noi è così"}, nil},
	} {
		a := applying{trial: trial{plan: Plan{Lines: []Line{{Kind: "note", Key: "M", Outcome: Merged}, c.line}}}, decisions: map[string]Decision{"note/N": c.d}}
		err := a.checkDecisions()
		var got map[string]string
		if err != nil {
			got = map[string]string{}
			for _, field := range problem.Of(err).Fields {
				got[field.Name] = field.Message.Key
			}
		}
		if d := cmp.Diff(c.want, got); d != "" || c.d.Complete(c.line) != (c.want == nil) {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
}

// What the kit gave up is asked about where records were made with it, however few; what it changed is not.
func TestWhatIsUsedDoesNotGo(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		line Line
		want Outcome
	}{
		{Line{Outcome: Removed, Uses: 1}, Conflict}, {Line{Outcome: Removed, Counted: true}, Removed}, {Line{Outcome: Changed, Uses: 9}, Changed},
	} {
		got := c.line
		if got.use(); got.Outcome != c.want {
			t.Errorf("%s, used %d times, is %s", c.line.Outcome, c.line.Uses, got.Outcome)
		}
	}
}

// A plan that somebody read is another one as soon as anything that they saw is.
func TestPlansAreToldApart(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for name, o := range map[string]one{
		"changed": {base: start, ours: start, theirs: otherA}, "other content": {base: otherB, ours: otherB, theirs: otherA},
		"drafted": {base: start, ours: start, theirs: otherA, draft: otherB}, "merged": {base: otherA, ours: start, theirs: otherA, title: "Nota"},
		"other title": {base: start, ours: otherA, theirs: thirdA, title: "Nostra"}, "conflict": {base: start, ours: otherA, theirs: thirdA},
	} {
		digest := o.trial(t).plan.Digest()
		if twin, twice := seen[digest]; twice || digest != o.trial(t).plan.Digest() {
			t.Errorf("%s is told as %s", name, twin)
		}
		seen[digest] = name
	}
	of := func(change func(*Plan)) string {
		p := one{base: start, ours: otherA, theirs: thirdA}.trial(t).plan
		change(&p)
		return p.Digest()
	}
	for name, change := range map[string]func(*Plan){
		"another kit": func(p *Plan) { p.Kit = lastKit }, "another adoption": func(p *Plan) { p.Adoption.ID = otherPractice },
		"a missing kind": func(p *Plan) { p.MissingKinds = []string{"x"} }, "a missing module": func(p *Plan) { p.MissingModules = []modules.ID{"x"} },
		"kept":       func(p *Plan) { p.Kept = map[string]Decision{"note/N": {Answer: TakeKit}} },
		"kept, ours": func(p *Plan) { p.Kept = map[string]Decision{"note/N": {Answer: KeepOurs, Reason: "Da noi è così"}} },
		"seen":       func(p *Plan) { p.Sights = []sight.Sight{{Place: "note/N"}} },
		"answers":    func(p *Plan) { p.Lines[0].Carried = &Carrying{Open: 1, Lost: []LostAnswers{{Records: 1}}} },
	} {
		digest := of(change)
		if twin, twice := seen[digest]; twice {
			t.Errorf("%s is told as %s", name, twin)
		}
		seen[digest] = name
	}
}

// A kit is refused whole where something is missing or somebody is at work on what it changes, and only there.
func TestRefusing(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		plan Plan
		want bool
	}{
		"nothing":                     {Plan{}, false},
		"a kind is missing":           {Plan{MissingKinds: []string{"x"}}, true},
		"a module is missing":         {Plan{MissingModules: []modules.ID{"x"}}, true},
		"an item is missing":          {Plan{MissingItems: []kit.Loose{{}}}, true},
		"a role is held by nobody":    {Plan{MissingRoles: []string{"x"}}, false},
		"a content is not understood": {Plan{Unreadable: []string{"x"}}, true},
		"a draft of what changes":     {Plan{Lines: []Line{{Outcome: Changed, Drafted: true}}}, true},
		"a draft of what stays":       {Plan{Lines: []Line{{Outcome: Same, Drafted: true}, {Outcome: Dropped, Drafted: true}}}, false},
	} {
		if got := c.plan.Refused(); got != c.want {
			t.Errorf("%s: refused %t", name, got)
		}
	}
	if p := (Plan{Lines: []Line{{Outcome: Same, Joins: true}, {Outcome: Same}, {Outcome: Dropped}, {Outcome: New}}}); p.Changes() != 2 {
		t.Errorf("%d changes", p.Changes())
	}
}

package upgrade

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"os"
	"reflect"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"staffetta/internal/language"
	"staffetta/internal/merge"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/assessment"
	"staffetta/modules/casefile"
	"staffetta/modules/guide"
	"staffetta/modules/kit"
	"staffetta/modules/practice/adoption"
	"staffetta/modules/practice/organisation"
	"staffetta/modules/practice/practicetest"
	"staffetta/modules/sharing"
)

// world is two bodies that give practices and one that takes both over, without a database: what a run decides is kept in
// maps as package kit and this one's store keep it in tables. The test over a database is TestNoHistoryLosesAnything.
type world struct {
	rt     *rapid.T
	kinds  *modules.Kinds
	pool   []kit.Source // what there can be, by kind
	items  map[string]kit.Item
	givers []*giver
	seen   tally
}

// giver is a practice with its kits, and what the taker made of it.
type giver struct {
	practice uuid.UUID
	holds    map[string]kit.Source
	kits     []released
	taken    map[string]taken
	runs     []ran
}

type released struct {
	id     uuid.UUID
	number string
	items  map[string]kit.Source
}

// ran is a run: by kit.Place how it found and left the items, and how all of them stood before.
type ran struct {
	id     uuid.UUID
	lines  map[string]Return
	before map[string]kit.Item
}

// tally counts what histories came by, so that a test that never gets somewhere is seen.
type tally struct {
	mu *sync.Mutex
	by map[string]int
}

func (c tally) note(what string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.by[what]++
}

// wanted is how many histories are tried: STAFFETTA_HISTORIES, or as many as the law is shown with; fewer in a short run.
func wanted(usual int64) int64 {
	if n, err := strconv.ParseInt(os.Getenv("STAFFETTA_HISTORIES"), 10, 64); err == nil && n > 0 {
		return n
	}
	if testing.Short() {
		return usual / 10
	}
	return usual
}

// declared are the live kinds, as the modules that own them declare them. Thousands of histories come by the same contents
// again and again: what a kind said of one is kept.
func declared(t *testing.T) *modules.Kinds {
	t.Helper()
	list := []modules.Module{
		kit.Module(), assessment.Module(), casefile.Module(), guide.Module(), sharing.Module(), {ID: "practice", Kinds: organisation.Kinds()},
	}
	for i := range list {
		list[i].Kinds = slices.Clone(list[i].Kinds)
		for j := range list[i].Kinds {
			list[i].Kinds[j].Validate = remembering(list[i].Kinds[j].Validate)
		}
	}
	kinds, err := modules.NewKinds(list)
	if err != nil {
		t.Fatal(err)
	}
	return kinds
}

// remembering answers for a content as it did before.
func remembering(validate func(content []byte) error) func(content []byte) error {
	var said sync.Map
	return func(content []byte) error {
		sum := sha256.Sum256(content)
		if err, known := said.Load(sum); known {
			wrong, _ := err.(error)
			return wrong
		}
		wrong := validate(content)
		said.Store(sum, wrong)
		return wrong
	}
}

// In thousands of random histories of editing, giving up, adopting from two sides, upgrading, going back and proposing, over
// every live kind, each change that the body made is there or was answered, and so is each of the kit.
func TestThousandsOfHistoriesLoseNothing(t *testing.T) {
	t.Parallel()
	kinds := declared(t)
	examples, err := practicetest.Items(kinds)
	if err != nil {
		t.Fatal(err)
	}
	var done atomic.Int64
	seen := tally{&sync.Mutex{}, map[string]int{}}
	t.Run("histories", func(t *testing.T) {
		for range runtime.GOMAXPROCS(0) {
			t.Run("", func(t *testing.T) {
				t.Parallel()
				for done.Load() < wanted(10_000) && !t.Failed() {
					rapid.Check(t, func(rt *rapid.T) {
						w := newWorld(rt, kinds, examples)
						w.seen = seen
						w.upgrade(w.givers[0])
						for range rapid.IntRange(4, 12).Draw(rt, "steps") {
							w.step()
						}
						done.Add(1)
					})
				}
			})
		}
	})
	t.Logf("%d histories: %v", done.Load(), seen.by)
	for _, what := range []string{
		"new", "changed", "merged", "removed", "dropped", "same", "conflict", "local", "gone", "unite", "refused", "undone", "undo refused", "other practice",
		"nothing to undo", "accepted",
		kit.KindVocabulary, kit.KindForm, kit.KindAssessment, kit.KindWorkflow, kit.KindService, kit.KindIndicator, kit.KindRole, kit.KindSharingTemplate,
	} {
		if int64(seen.by[what]) < done.Load()/500 {
			t.Errorf("only %d times: %s", seen.by[what], what)
		}
	}
}

func newWorld(rt *rapid.T, kinds *modules.Kinds, examples map[string][]kit.Source) *world {
	w := &world{rt: rt, kinds: kinds, items: map[string]kit.Item{}}
	for i, kind := range rapid.SliceOfN(rapid.SampledFrom(slices.Sorted(maps.Keys(examples))), 2, 3).Draw(rt, "kinds") {
		item := examples[kind][rapid.IntRange(0, len(examples[kind])-1).Draw(rt, "example")]
		item.Key = fmt.Sprint("c", i)
		w.pool = append(w.pool, item)
	}
	for range 2 {
		g := &giver{practice: uuid.New(), holds: map[string]kit.Source{}, taken: map[string]taken{}}
		for _, item := range w.pool {
			if rapid.IntRange(0, 4).Draw(rt, "holds") > 0 {
				g.holds[kit.Place(item.Kind, item.Key)] = item
			}
		}
		g.release()
		w.givers = append(w.givers, g)
	}
	return w
}

func (g *giver) release() {
	g.kits = append(g.kits, released{uuid.New(), fmt.Sprintf("%d.0.0", len(g.kits)+1), maps.Clone(g.holds)})
}

func (w *world) step() {
	g := w.givers[rapid.IntRange(0, 1).Draw(w.rt, "practice")]
	item := w.pool[rapid.IntRange(0, len(w.pool)-1).Draw(w.rt, "item")]
	place := kit.Place(item.Kind, item.Key)
	switch rapid.SampledFrom([]string{
		"give", "give", "give", "take", "take", "take", "upgrade", "upgrade", "upgrade", "upgrade", "undo", "undo", "give up", "own", "retire", "draft", "publish", "propose",
	}).Draw(w.rt, "step") {
	case "give":
		if held, there := g.holds[place]; there {
			g.holds[place] = w.edited(held)
			g.release()
		}
	case "give up":
		if _, there := g.holds[place]; there {
			delete(g.holds, place)
		} else {
			g.holds[place] = item
		}
		g.release()
	case "take":
		w.take(place)
	case "own":
		w.own(item, rapid.Bool().Draw(w.rt, "published"))
	case "retire":
		if present, there := w.items[place]; there && present.State == kit.Published {
			present.State, present.Reason = kit.Retired, "Non serve"
			if present.Origin.Practice != uuid.Nil {
				present.Adaptation = kit.Dropped
			}
			w.items[place] = present
		}
	case "draft":
		if present, there := w.items[place]; there {
			source := w.edited(present.Source())
			present.Draft, present.Title = source.Content, language.Text{It: source.Title.IT, En: source.Title.EN}
			w.items[place] = present
		}
	case "publish":
		if w.items[place].Draft != nil {
			w.take(place)
		}
	case "propose":
		w.propose(g, place)
	case "upgrade":
		w.upgrade(g)
	case "undo":
		w.undo(g)
	}
}

func (w *world) edited(source kit.Source) kit.Source {
	kind, _, _ := w.kinds.Get(source.Kind)
	edited, changed := practicetest.Edited(w.rt, kind, source)
	if changed {
		w.seen.note(source.Kind)
	}
	return edited
}

// take publishes what the taker made of an item, or of its draft.
func (w *world) take(place string) {
	item, there := w.items[place]
	if !there {
		return
	}
	source := w.edited(item.Source())
	item.Title, item.State, item.Draft = language.Text{It: source.Title.IT, En: source.Title.EN}, kit.Published, nil
	item.Current = kit.Version{ID: uuid.New(), Content: source.Content, Number: item.Current.Number + 1}
	if item.Origin.Practice != uuid.Nil {
		item.Adaptation, item.Reason = kit.Adapted, "Così serve qui"
	}
	w.items[place] = item
}

// own is an item of the taker's own, with a name that a kit may come with.
func (w *world) own(source kit.Source, published bool) {
	place := kit.Place(source.Kind, source.Key)
	if _, there := w.items[place]; there {
		return
	}
	source = w.edited(source)
	item := kit.Item{
		ID: uuid.New(), Kind: source.Kind, Key: source.Key, Title: language.Text{It: source.Title.IT, En: source.Title.EN}, State: kit.Draft,
		Draft: source.Content, Adaptation: kit.Local,
	}
	if published {
		item.State, item.Draft, item.Current = kit.Published, nil, kit.Version{ID: uuid.New(), Content: source.Content, Number: 1}
	}
	w.items[place] = item
}

// propose gives the giver what the taker made of an item; where it moved on itself, it takes what was proposed.
func (w *world) propose(g *giver, place string) {
	mine, there := w.items[place]
	theirs, held := g.holds[place]
	base := g.taken[place]
	if !there || !held || mine.State != kit.Published || base.decision == left || base.base.Content == nil {
		return
	}
	kind, _, _ := w.kinds.Get(mine.Kind)
	_, open, err := kit.Merge(kind.Lists, base.base, theirs, mine.Source(), nil)
	w.must(err)
	answers := map[string]merge.Answer{}
	for _, c := range open {
		answers[c.Path] = merge.Answer{Side: merge.Theirs}
	}
	accepted, open, err := kit.Merge(kind.Lists, base.base, theirs, mine.Source(), answers)
	w.must(err)
	if len(open) > 0 {
		w.rt.Fatalf("answered, it is open at %v", open)
	}
	if kind.Validate(accepted.Content) != nil {
		return
	}
	was, err := kit.Equal(theirs, base.base)
	w.must(err)
	g.holds[place] = accepted
	g.release()
	w.seen.note("accepted")
	t := w.trial(g, g.kits[len(g.kits)-1])
	for _, line := range t.plan.Lines {
		if line.Place() == place && was && line.Outcome != Same {
			w.rt.Fatalf("what was proposed and accepted comes back as %s: %+v", line.Outcome, line.Open)
		}
		if line.Place() == place && line.Outcome == Conflict && !line.Clashing {
			w.rt.Fatalf("what was proposed and accepted is a conflict: %+v", line.Open)
		}
	}
}

func (w *world) must(err error) {
	w.rt.Helper()
	if err != nil {
		w.rt.Fatalf("%v", err)
	}
}

// trial is the dry run of a kit.
func (w *world) trial(g *giver, k released) trial {
	t := trial{kinds: w.kinds, ours: maps.Clone(w.items), taken: maps.Clone(g.taken), plan: Plan{
		Adoption: adoption.Adoption{Practice: g.practice, Title: language.Text{It: "Pratica"}}, Kit: k.id, Release: k.number,
	}}
	w.must(t.judgeAll(t.sources(slices.Collect(maps.Values(k.items)))))
	return t
}

// upgrade applies a kit, mostly the newest, with random answers.
func (w *world) upgrade(g *giver) {
	k := g.kits[len(g.kits)-1]
	if rapid.IntRange(0, 5).Draw(w.rt, "older") == 0 {
		k = g.kits[rapid.IntRange(0, len(g.kits)-1).Draw(w.rt, "kit")]
	}
	t := w.trial(g, k)
	for i := range t.plan.Lines {
		line := &t.plan.Lines[i]
		if line.writes() && rapid.Bool().Draw(w.rt, "used") {
			line.Uses = 1
			line.use()
		}
	}
	a := applying{trial: t, decisions: map[string]Decision{}, run: &Application{ID: uuid.New()}}
	for _, line := range t.plan.Lines {
		w.answer(a, line)
	}
	if t.plan.Refused() {
		w.seen.note("refused")
		return
	}
	if err := a.waits(); err != nil {
		w.seen.note("draft waits")
		return
	}
	misnamed := slices.ContainsFunc(t.plan.Lines, func(line Line) bool { return line.Misnamed })
	if err := a.checkDecisions(); misnamed && problem.Is(err, problem.Invalid) {
		w.seen.note("misnamed")
		return
	} else if err != nil {
		w.rt.Fatalf("decisions: %v", err)
	}
	settlements, err := a.settle()
	if err != nil {
		if !problem.Is(err, problem.Invalid) {
			w.rt.Fatalf("settle: %v", err)
		}
		w.seen.note("answers clash")
		return
	}
	before := maps.Clone(w.items)
	w.write(g, a, settlements)
	for _, line := range t.plan.Lines {
		w.judge(g, line, a.decisions[line.Place()], before)
	}
	w.keeps(before, t.plan)
	w.again(g, k)
}

// answer decides one conflict at random.
func (w *world) answer(a applying, line Line) {
	w.seen.note(string(line.Outcome))
	switch {
	case line.Outcome == Dropped && rapid.Bool().Draw(w.rt, "taken after all"):
		a.decisions[line.Place()] = Decision{Answer: TakeKit}
	case line.Outcome == Conflict:
		for what, is := range map[string]bool{"local": line.Local, "gone": line.Gone, "clashing": line.Clashing} {
			if is {
				w.seen.note(what)
			}
		}
		answers := []Answer{KeepOurs, TakeKit}
		if !line.Gone && !line.Clashing {
			answers = append(answers, Unite, Unite)
		}
		d := Decision{Answer: rapid.SampledFrom(answers).Draw(w.rt, "answer"), Reason: "Deciso", Fields: map[string]merge.Answer{}}
		for _, c := range line.Open {
			d.Fields[c.Path] = merge.Answer{Side: rapid.SampledFrom([]merge.Side{merge.Ours, merge.Theirs}).Draw(w.rt, "side")}
		}
		if d.Answer == Unite {
			w.seen.note("unite")
		}
		a.decisions[line.Place()] = d
	}
}

// write keeps what a run decided, as the tables would.
func (w *world) write(g *giver, a applying, settlements []settled) {
	if len(settlements) == 0 {
		return
	}
	run := ran{id: a.run.ID, lines: map[string]Return{}, before: maps.Clone(w.items)}
	for _, one := range settlements {
		place := one.line.Place()
		if one.untold {
			w.seen.note("other practice")
		} else {
			one.made.Item = w.put(one.change)
		}
		w.decide(g, place, one.made)
		run.lines[place] = Return{Kind: one.line.Kind, Key: one.line.Key, then: one.found, now: one.made}
		if stands := standingOf(w.items[place], g.taken[place]); !reflect.DeepEqual(one.made, stands) {
			w.rt.Fatalf("%s does not stand as the run remembers (-remembered +stands):\n%s", place, cmp.Diff(one.made, stands))
		}
	}
	g.runs = append(g.runs, run)
}

// put does with an item what kit.Items.Put does.
func (w *world) put(change kit.Change) uuid.UUID {
	place := kit.Place(change.Kind, change.Key)
	item, known := w.items[place]
	if !known {
		item = kit.Item{ID: uuid.New(), Kind: change.Kind, Key: change.Key}
	}
	item.Origin, item.Adaptation = change.Origin, change.Adaptation
	switch {
	case change.Keep:
		item.Reason = change.Reason
	default:
		item.Title, item.Owner, item.Licence = language.Text{It: change.Title.IT, En: change.Title.EN}, change.Owner, change.Licence
		item.Reason, item.State = change.Why, change.State
		if item.State == "" {
			item.State = kit.Published
		}
		if item.State != kit.Draft && string(item.Current.Content) != string(change.Content) {
			kind, _, _ := w.kinds.Get(change.Kind)
			w.must(kind.Validate(change.Content))
			item.Current = kit.Version{ID: uuid.New(), Content: change.Content, Number: item.Current.Number + 1}
		}
	}
	w.items[place] = item
	return item.ID
}

// decide keeps the decision about an item; what the kit held then is read from that kit.
func (w *world) decide(g *giver, place string, made standing) {
	at := slices.IndexFunc(g.kits, func(k released) bool { return k.id == made.Kit })
	if at < 0 || g.kits[at].items[place].Content == nil {
		w.rt.Fatalf("%s is decided against a kit that does not hold it", place)
	}
	g.taken[place] = taken{made.Item, made.Decision, made.Kit, made.Why, g.kits[at].items[place]}
}

// again sees that the same kit changes nothing any more.
func (w *world) again(g *giver, k released) {
	t := w.trial(g, k)
	settlements, err := applying{trial: t, run: &Application{}}.settle()
	w.must(err)
	if len(settlements) > 0 {
		w.rt.Fatalf("the same kit once more changes %s: %s", settlements[0].line.Place(), settlements[0].line.Outcome)
	}
}

// keeps sees that what the plan does not tell of is as it was.
func (w *world) keeps(before map[string]kit.Item, plan Plan) {
	told := map[string]bool{}
	for _, line := range plan.Lines {
		told[line.Place()] = true
	}
	for place, item := range before {
		if !told[place] && !reflect.DeepEqual(item, w.items[place]) {
			w.rt.Fatalf("%s was changed without being told:\n%s", place, cmp.Diff(item, w.items[place]))
		}
	}
}

// undo goes back to before a random run, or is refused because somebody changed an item since.
func (w *world) undo(g *giver) {
	if len(g.runs) == 0 {
		return
	}
	at := rapid.IntRange(0, len(g.runs)-1).Draw(w.rt, "run")
	target := g.runs[at]
	var lines []Return
	for _, item := range w.pool {
		for _, run := range g.runs[at:] {
			if line, wrote := run.lines[kit.Place(item.Kind, item.Key)]; wrote {
				lines = join(lines, line)
			}
		}
	}
	u := Undoing{Run: Run{ID: target.id}}
	w.must(u.compare(lines, w.items, g.taken))
	switch {
	case len(u.Edited()) > 0:
		w.seen.note("undo refused")
		return
	case len(u.Lines) == 0:
		w.seen.note("nothing to undo")
		return
	}
	w.seen.note("undone")
	run := ran{id: uuid.New(), lines: map[string]Return{}, before: maps.Clone(w.items)}
	for _, line := range u.Lines {
		place := kit.Place(line.Kind, line.Key)
		w.put(line.change)
		w.decide(g, place, line.then)
		run.lines[place] = Return{Kind: line.Kind, Key: line.Key, then: line.now, now: line.then}
		w.wentBack(place, g.firstToWrite(at, place).before, run.before)
	}
	g.runs = append(g.runs, run)
}

// firstToWrite is the first of the runs undone that wrote an item: what others did before it is not theirs to take away.
func (g *giver) firstToWrite(from int, place string) ran {
	at := slices.IndexFunc(g.runs[from:], func(r ran) bool { _, wrote := r.lines[place]; return wrote })
	return g.runs[from+at]
}

// wentBack sees that an item is what it was before the run.
func (w *world) wentBack(place string, before, since map[string]kit.Item) {
	want, there := before[place]
	is := w.items[place]
	if !there {
		want = since[place]
		want.State, want.Adaptation, want.Reason = kit.Retired, kit.Dropped, ""
	}
	was, err := standingOf(want, taken{}).text()
	w.must(err)
	now, err := standingOf(is, taken{}).text()
	w.must(err)
	if was != now {
		w.rt.Fatalf("%s is not what it was (-was +is):\n%s", place, cmp.Diff(was, now))
	}
	if string(is.Draft) != string(since[place].Draft) {
		w.rt.Fatalf("the draft of %s is lost", place)
	}
}

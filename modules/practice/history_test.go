package practice_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"staffetta/internal/language"
	"staffetta/internal/merge"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/assessment"
	"staffetta/modules/casefile"
	"staffetta/modules/guide"
	"staffetta/modules/kit"
	"staffetta/modules/practice"
	"staffetta/modules/practice/adoption"
	"staffetta/modules/practice/practicetest"
	"staffetta/modules/practice/proposal"
	"staffetta/modules/practice/release"
	"staffetta/modules/practice/upgrade"
	"staffetta/modules/registry"
	"staffetta/modules/sharing"
	"staffetta/tenants"
)

// history is a body that takes over what one other body gives, or two, with what the test knows of it.
type history struct {
	*stage
	rt        *rapid.T
	keys      []string // kit.Place of the items, which both givers may have
	givers    []*giver
	follower  *follower // of the first giver, where there is no other
	proposals *proposal.Service
	worker    tenants.Scope // of the taker, who assesses
	desk      *ward         // nil until there is a draft
	seen      map[string]int
}

// giver is a practice and its adoption.
type giver struct {
	scope    tenants.Scope
	n        int // of the release
	practice release.Practice
	adoption adoption.Adoption
	runs     []remembered
}

// remembered is a run and how the taker's items stood before it.
type remembered struct {
	id     uuid.UUID
	before map[string]held
	wrote  map[string]bool // by kit.Place
}

// held is what the test sees of an item.
type held struct {
	State   kit.State
	Title   language.Text
	Content string
}

// Whatever two bodies do with the items that a third one takes over, nothing that it changed is lost without an answer, and
// going back brings back exactly what was there. STAFFETTA_HISTORIES says how many histories are tried.
func TestNoHistoryLosesAnything(t *testing.T) {
	t.Parallel()
	wanted, _ := strconv.Atoi(os.Getenv("STAFFETTA_HISTORIES"))
	done, seen := 0, map[string]int{}
	for done < max(wanted, 100) && !t.Failed() {
		st := stageOf(t, registry.Module(), kit.Module(), casefile.Module(), assessment.Module(), guide.Module(), practice.Module(), kindsOf(sharing.Module()))
		examples, err := practicetest.Items(st.deps.Platform.Kinds)
		fatal(t, err)
		rapid.Check(t, func(rt *rapid.T) {
			done++
			h := newHistory(t, rt, st, examples)
			h.seen = seen
			h.upgrade(h.givers[0])
			for range rapid.IntRange(3, 8).Draw(rt, "steps") {
				h.step()
				h.readDrafts()
			}
			h.goOn()
		})
	}
	t.Logf("%d histories: %v", done, seen)
	for _, what := range []string{"accepted", "upgraded", "undone", "two givers", "followed", "assessed", "went on"} {
		if seen[what] < done/50 {
			t.Errorf("only %d times: %s", seen[what], what)
		}
	}
}

func (h *history) step() {
	g := h.givers[rapid.IntRange(0, len(h.givers)-1).Draw(h.rt, "giver")]
	switch rapid.SampledFrom([]string{
		"give", "give", "take", "take", "upgrade", "upgrade", "upgrade", "undo", "retire", "draft", "give up", "propose", "propose", "follow", "assess", "assess", "assess", "go on",
	}).Draw(h.rt, "step") {
	case "give":
		if h.edit(g.scope) {
			h.publish(g)
		}
	case "take":
		h.edit(h.taking)
	case "upgrade":
		h.upgrade(g)
	case "undo":
		h.undo(g)
	case "retire":
		h.retire(h.taking)
	case "give up":
		if h.retire(g.scope) {
			h.publish(g)
		}
	case "draft":
		h.draft()
	case "propose":
		h.propose(g)
	case "follow":
		h.follow()
	case "assess":
		h.assess()
	case "go on":
		h.goOn()
	}
}

func newHistory(t *testing.T, rt *rapid.T, st *stage, examples map[string][]kit.Source) *history {
	own := *st // an account may have names compared so often within an hour
	own.taking = st.Operator(t, st.taker, st.taking.Roles...)
	h := &history{stage: &own, rt: rt, proposals: proposal.NewService(st.deps)}
	mark := lettered(uuid.New()) // digits may be a number of somebody
	h.worker = st.Operator(t, st.taker, "social_worker")
	var items []kit.Source
	kinds := rapid.SliceOfN(rapid.SampledFrom(slices.Sorted(maps.Keys(examples))), 1, 3).Draw(rt, "kinds")
	if rapid.Bool().Draw(rt, "assessing") {
		kinds[0] = kit.KindAssessment
	}
	for i, kind := range kinds {
		item := examples[kind][rapid.IntRange(0, len(examples[kind])-1).Draw(rt, "example")]
		item.Key = fmt.Sprintf("%s-%d", mark, i)
		item.Title.IT += " " + item.Key // the body has what earlier histories brought: no two roles are called alike
		items = append(items, item)
		h.keys = append(h.keys, kit.Place(item.Kind, item.Key))
	}
	for _, body := range []tenants.Tenant{st.giver, st.other}[:rapid.SampledFrom([]int{1, 1, 2}).Draw(rt, "givers")] {
		g := &giver{scope: st.Operator(t, body, "practice_owner"), n: 1}
		var err error
		g.practice, err = release.InstallSource(rt.Context(), st.deps, g.scope, release.Source{Items: items, Practice: release.Practice{
			Key: mark, Title: language.Text{It: "Pratica di prova"}, Owner: "Comune", Licence: "CC-BY-4.0", Sheet: sheet(),
		}})
		h.must(err)
		h.publish(g)
		g.adoption, err = st.adoptions.Start(rt.Context(), st.taking, uuid.Must(uuid.NewV7()), g.practice.ID)
		h.must(err)
		h.givers = append(h.givers, g)
	}
	if len(h.givers) == 1 {
		a, err := st.adoptions.Start(rt.Context(), st.third, uuid.Must(uuid.NewV7()), h.givers[0].practice.ID)
		h.must(err)
		h.follower = &follower{a, true}
	}
	return h
}

func (h *history) must(err error) {
	h.rt.Helper()
	if err != nil {
		h.rt.Fatalf("%v", err)
	}
}

// publish releases what the giver has; without anything there is no release.
func (h *history) publish(g *giver) {
	c := release.Composition{Kit: uuid.Must(uuid.NewV7()), Practice: g.practice.ID, Release: fmt.Sprintf("%d.0.0", g.n)}
	for _, place := range h.keys {
		item, there := h.item(g.scope, place)
		if there && item.State == kit.Published {
			c.Versions = append(c.Versions, item.Current.ID)
		}
	}
	if len(c.Versions) == 0 {
		return
	}
	g.n++
	_, err := h.releases.Compose(h.rt.Context(), g.scope, c)
	h.must(err)
	_, err = h.releases.Publish(h.rt.Context(), g.scope, c.Kit)
	h.must(err)
	if h.follower != nil {
		h.follower.behind = true
	}
}

func (h *history) item(s tenants.Scope, place string) (kit.Item, bool) {
	kind, key, _ := strings.Cut(place, "/")
	item, err := h.items.Item(h.rt.Context(), s, kind, key)
	if problem.Is(err, problem.NotFound) {
		return item, false
	}
	h.must(err)
	return item, true
}

// taken is how the taker's items stand.
func (h *history) taken() map[string]held {
	all := map[string]held{}
	for _, place := range h.keys {
		if item, there := h.item(h.taking, place); there {
			all[place] = held{item.State, item.Title, string(item.Source().Content)}
		}
	}
	return all
}

// edit changes an item of a body in a way that its kind accepts, and publishes it.
func (h *history) edit(s tenants.Scope) bool {
	item, there := h.item(s, rapid.SampledFrom(h.keys).Draw(h.rt, "item"))
	if !there || item.Draft != nil || item.State == kit.Draft {
		return false
	}
	source, changed := h.changed(item)
	if !changed {
		return false
	}
	saved, err := h.items.SaveDraft(h.rt.Context(), s, kit.Edit{Source: source, Revision: item.Revision})
	h.must(err)
	_, err = h.items.Publish(h.rt.Context(), s, kit.Step{
		Kind: item.Kind, Key: item.Key, Revision: saved.Revision, Reason: "Così serve qui", Consent: h.read(s, kit.EffectOf{Kind: item.Kind, Key: item.Key}),
	})
	h.must(err)
	return true
}

// read is the consent of somebody who has read who gains and who loses.
func (h *history) read(s tenants.Scope, of kit.EffectOf) modules.Consent {
	effect, err := h.items.Effect(h.rt.Context(), s, of)
	h.must(err)
	return modules.Consent{Mark: effect.Mark, Acknowledged: true}
}

// changed is an item after a random change that its kind accepts.
func (h *history) changed(item kit.Item) (kit.Source, bool) {
	kind, _, _ := h.deps.Platform.Kinds.Get(item.Kind)
	return practicetest.Edited(h.rt, kind, item.Source())
}

// upgrade applies a kit with random answers, and holds what became of each item against what both sides had changed.
func (h *history) upgrade(g *giver) {
	ctx := h.rt.Context()
	plan, err := h.upgrades.Plan(ctx, h.taking, g.adoption.ID, uuid.Nil)
	h.must(err)
	before := h.taken()
	choice := upgrade.Choice{Seen: plan.Digest(), Acknowledged: true, Decisions: map[string]upgrade.Decision{}}
	for _, line := range plan.Lines {
		if line.Outcome == upgrade.Conflict || line.Outcome == upgrade.Dropped {
			choice.Decisions[line.Place()] = h.decision(line)
		}
	}
	run, err := h.upgrades.Apply(ctx, h.taking, g.adoption.ID, choice)
	if len(plan.Drafts()) > 0 || overDraft(plan, choice) {
		if !problem.Is(err, problem.Conflict) {
			h.rt.Fatalf("a kit was applied over a draft: %v", err)
		}
		return
	}
	if problem.Is(err, problem.Invalid) && !cmp.Equal(before, h.taken()) {
		h.rt.Fatalf("answers that do not hold together changed something: %v", err)
	}
	if problem.Is(err, problem.Invalid) {
		return
	}
	h.must(err)
	after := h.taken()
	for _, line := range plan.Lines {
		h.judge(line, choice.Decisions[line.Place()].Answer, before, after)
	}
	if run.Changed {
		h.seen["upgraded"]++
		if len(h.givers) > 1 {
			h.seen["two givers"]++
		}
		g.runs = append(g.runs, remembered{run.ID, before, h.wrote(run.ID)})
		u, err := h.upgrades.PlanUndo(ctx, h.taking, g.adoption.ID, run.ID)
		h.must(err)
		if edited := u.Edited(); len(edited) > 0 {
			h.rt.Fatalf("what a run made does not stand as it remembers: %v", edited)
		}
	}
	again, err := h.upgrades.Apply(ctx, h.taking, g.adoption.ID, upgrade.Choice{})
	if h.must(err); again.Changed {
		h.rt.Fatalf("applying the same kit twice changed something: %v", again.Counts)
	}
}

// overDraft tells whether somebody takes what is not used from the kit, after all, while it is changed.
func overDraft(plan upgrade.Plan, choice upgrade.Choice) bool {
	return slices.ContainsFunc(plan.Lines, func(l upgrade.Line) bool {
		return l.Outcome == upgrade.Dropped && l.Drafted && choice.Decisions[l.Place()].Answer == upgrade.TakeKit
	})
}

// decision answers a conflict at random.
func (h *history) decision(line upgrade.Line) upgrade.Decision {
	answers := []upgrade.Answer{upgrade.KeepOurs, upgrade.TakeKit}
	if line.Outcome == upgrade.Conflict && !line.Gone && !line.Clashing {
		answers = append(answers, upgrade.Unite)
	}
	d := upgrade.Decision{Answer: rapid.SampledFrom(answers).Draw(h.rt, "answer"), Reason: "Deciso", Fields: map[string]merge.Answer{}}
	for _, c := range line.Open {
		d.Fields[c.Path] = merge.Answer{Side: rapid.SampledFrom([]merge.Side{merge.Ours, merge.Theirs}).Draw(h.rt, "side")}
	}
	return d
}

// judge holds one item against what each side had made of it since the kit was last applied.
func (h *history) judge(line upgrade.Line, answer upgrade.Answer, before, after map[string]held) {
	place := line.Place()
	was, is := before[place], after[place]
	untouched := was == is
	switch {
	case line.Outcome == upgrade.Same, line.Outcome == upgrade.Dropped && answer != upgrade.TakeKit, line.Outcome == upgrade.Conflict && answer == upgrade.KeepOurs:
		if !untouched {
			h.rt.Fatalf("%s %s was changed:\n%s", line.Outcome, place, cmp.Diff(was, is))
		}
	case line.Gone:
		if is.State != kit.Retired || line.Outcome == upgrade.Removed && (was.Content != string(line.Base.Content) || line.Uses > 0) {
			h.rt.Fatalf("%s was given up: %+v", place, is)
		}
	case line.Outcome == upgrade.Conflict && answer == upgrade.Unite:
		if is.State != kit.Published {
			h.rt.Fatalf("%s was united and is %s", place, is.State)
		}
	case line.Outcome == upgrade.Merged:
		base, ours, theirs := flat(h.rt, line.Base), flat(h.rt, line.Ours), flat(h.rt, line.Theirs)
		result := flat(h.rt, kit.Source{Title: kit.Text{IT: is.Title.It, EN: is.Title.En}, Content: []byte(is.Content)})
		for side, changed := range map[string]map[string]any{"our": ours, "the kit's": theirs} {
			if lost := lostTexts(base, changed, result); len(lost) > 0 {
				h.rt.Fatalf("%s: of %s changes are lost: %v", place, side, lost)
			}
		}
	default:
		if is.State != kit.Published || is.Content != string(line.Theirs.Content) || is.Title.It != line.Theirs.Title.IT {
			h.rt.Fatalf("%s %s is not the kit's: %+v", line.Outcome, place, is)
		}
	}
}

// flat counts the texts of an item by the members above them, without the places of entries: told in another way than merging does.
func flat(rt *rapid.T, source kit.Source) map[string]any {
	all := map[string]any{}
	var content any
	if err := json.Unmarshal(source.Content, &content); err != nil {
		rt.Fatalf("%v", err)
	}
	all["title "+source.Title.IT] = 1
	count("", content, all)
	return all
}

func count(at string, value any, into map[string]any) {
	switch v := value.(type) {
	case map[string]any:
		for name, member := range v {
			count(at+"."+name, member, into)
		}
	case []any:
		for _, entry := range v {
			count(at, entry, into)
		}
	default:
		key := fmt.Sprint(at, " ", v)
		n, _ := into[key].(int)
		into[key] = n + 1
	}
}

// lostTexts are the texts that a side brought in and that the result has not.
func lostTexts(base, side, result map[string]any) (lost []string) {
	for text, n := range side {
		if reflect.DeepEqual(base[text], n) {
			continue
		}
		had, _ := base[text].(int)
		if now, _ := n.(int); now > had && result[text] == nil {
			lost = append(lost, text)
		}
	}
	return lost
}

// undo goes back to before a random run, or is refused because somebody changed an item since.
func (h *history) undo(g *giver) {
	if len(g.runs) == 0 {
		return
	}
	at := rapid.IntRange(0, len(g.runs)-1).Draw(h.rt, "run")
	target, before := g.runs[at], h.taken()
	u, err := h.upgrades.PlanUndo(h.rt.Context(), h.taking, g.adoption.ID, target.id)
	h.must(err)
	if !cmp.Equal(before, h.taken()) {
		h.rt.Fatal("the dry run changed something")
	}
	done, err := h.upgrades.Undo(h.rt.Context(), h.taking, g.adoption.ID, upgrade.Back{Run: target.id, Seen: u.Digest(), Acknowledged: true})
	if len(u.Edited()) > 0 {
		if !problem.Is(err, problem.Conflict) || !cmp.Equal(before, h.taken()) {
			h.rt.Fatalf("what was changed since was undone: %v", err)
		}
		return
	}
	h.must(err)
	touched := map[string]bool{}
	for _, line := range u.Lines {
		touched[kit.Place(line.Kind, line.Key)] = true
	}
	after := h.taken()
	for _, place := range h.keys {
		want, there := firstToWrite(g.runs[at:], place).before[place]
		switch {
		case !touched[place]:
			want = before[place]
		case !there:
			want = held{kit.Retired, before[place].Title, before[place].Content}
		}
		if d := cmp.Diff(want, after[place]); d != "" {
			h.rt.Fatalf("%s is not as it was (-want +got):\n%s", place, d)
		}
	}
	if done.Changed {
		h.seen["undone"]++
		g.runs = append(g.runs, remembered{done.ID, before, h.wrote(done.ID)})
	}
}

// wrote are the items of which a run changed something, as the database remembers it.
func (h *history) wrote(run uuid.UUID) map[string]bool {
	rows, err := h.Owner.Query(h.rt.Context(), `select kind || '/' || key from practice.application_items where application_id = $1 and found <> made`, run)
	h.must(err)
	places, err := pgx.CollectRows(rows, pgx.RowTo[string])
	h.must(err)
	all := map[string]bool{}
	for _, place := range places {
		all[place] = true
	}
	return all
}

// firstToWrite is the first of some runs that wrote an item: what others did before it is not theirs to take away.
func firstToWrite(runs []remembered, place string) remembered {
	at := slices.IndexFunc(runs, func(r remembered) bool { return r.wrote[place] })
	return runs[max(at, 0)]
}

// retire takes an item of a body out of use.
func (h *history) retire(s tenants.Scope) bool {
	item, there := h.item(s, rapid.SampledFrom(h.keys).Draw(h.rt, "retired"))
	if !there || item.State != kit.Published {
		return false
	}
	h.must(h.items.Retire(h.rt.Context(), s, kit.Step{
		Kind: item.Kind, Key: item.Key, Revision: item.Revision, Reason: "Non serve", Consent: h.read(s, kit.EffectOf{Kind: item.Kind, Key: item.Key, Action: "retire"}),
	}))
	return true
}

// draft leaves a draft of an item of the taker.
func (h *history) draft() {
	item, there := h.item(h.taking, rapid.SampledFrom(h.keys).Draw(h.rt, "drafted"))
	if !there {
		return
	}
	if source, changed := h.changed(item); changed {
		_, err := h.items.SaveDraft(h.rt.Context(), h.taking, kit.Edit{Source: source, Revision: item.Revision})
		h.must(err)
	}
}

// lettered is a name of its own without digits, which the check of personal data would take for a number of somebody.
func lettered(id uuid.UUID) string {
	var name strings.Builder
	for _, b := range id[:8] {
		name.WriteByte('a' + b>>4)
		name.WriteByte('a' + b&15)
	}
	return name.String()
}

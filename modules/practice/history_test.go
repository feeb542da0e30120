package practice_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/adoption"
	"staffetta/modules/practice/release"
	"staffetta/modules/practice/upgrade"
	"staffetta/tenants"
)

// history is one practice that a body gives and another takes over, with what the test knows of it.
type history struct {
	*stage
	rt       *rapid.T
	n        int // of the release
	practice release.Practice
	adoption adoption.Adoption
	keys     []string // kit.Place of the items
	runs     []remembered
}

// remembered is a run and how the taker's items stood before it.
type remembered struct {
	id     uuid.UUID
	before map[string]held
}

// held is what the test sees of an item.
type held struct {
	State   kit.State
	Title   language.Text
	Content string
}

// Whatever two bodies do with the items of a practice, nothing that the taker changed is lost without an answer, and going back
// brings back exactly what was there.
func TestNoHistoryLosesAnything(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	examples := examplesOf(t, st.deps.Platform.Kinds)
	rapid.Check(t, func(rt *rapid.T) {
		one := *st
		one.giving = st.Operator(t, st.giver, "practice_owner") // an account may have names compared so often within an hour
		h := newHistory(rt, &one, examples)
		for range rapid.IntRange(3, 8).Draw(rt, "steps") {
			switch rapid.SampledFrom([]string{"give", "give", "take", "take", "upgrade", "upgrade", "upgrade", "undo", "retire", "draft"}).Draw(rt, "step") {
			case "give":
				h.edit(h.giving)
			case "take":
				h.edit(h.taking)
			case "upgrade":
				h.upgrade()
			case "undo":
				h.undo()
			case "retire":
				h.retire()
			case "draft":
				h.draft()
			}
		}
	})
}

// examplesOf are items of every live kind, from the CID kit.
func examplesOf(t *testing.T, kinds *modules.Kinds) map[string][]kit.Source {
	t.Helper()
	cid, err := release.CID()
	fatal(t, err)
	examples := map[string][]kit.Source{}
	for _, item := range cid.Items {
		declared, _, _ := kinds.Get(item.Kind)
		if declared.Live && len(kit.References(kinds, item.Kind, item.Content)) == 0 {
			examples[item.Kind] = append(examples[item.Kind], item)
		}
	}
	return examples
}

func newHistory(rt *rapid.T, st *stage, examples map[string][]kit.Source) *history {
	h := &history{stage: st, rt: rt, n: 1}
	mark := strings.ReplaceAll(uuid.NewString(), "-", "")[:12]
	var items []kit.Source
	for i, kind := range rapid.SliceOfN(rapid.SampledFrom(slices.Sorted(maps.Keys(examples))), 1, 3).Draw(rt, "kinds") {
		item := examples[kind][rapid.IntRange(0, len(examples[kind])-1).Draw(rt, "example")]
		item.Key = fmt.Sprintf("%s-%d", mark, i)
		items = append(items, item)
		h.keys = append(h.keys, kit.Place(item.Kind, item.Key))
	}
	var err error
	h.practice, err = release.InstallSource(rt.Context(), st.deps, st.giving, release.Source{Items: items, Practice: release.Practice{
		Key: mark, Title: language.Text{It: "Pratica di prova"}, Owner: "Comune", Licence: "CC-BY-4.0", Sheet: sheet(),
	}})
	h.must(err)
	h.publish()
	h.adoption, err = st.adoptions.Start(rt.Context(), st.taking, uuid.Must(uuid.NewV7()), h.practice.ID)
	h.must(err)
	return h
}

func (h *history) must(err error) {
	h.rt.Helper()
	if err != nil {
		h.rt.Fatalf("%v", err)
	}
}

// publish releases what the giver has.
func (h *history) publish() {
	c := release.Composition{Kit: uuid.Must(uuid.NewV7()), Practice: h.practice.ID, Release: fmt.Sprintf("%d.0.0", h.n)}
	h.n++
	for _, place := range h.keys {
		item, there := h.item(h.giving, place)
		if there && item.State == kit.Published {
			c.Versions = append(c.Versions, item.Current.ID)
		}
	}
	_, err := h.releases.Compose(h.rt.Context(), h.giving, c)
	h.must(err)
	_, err = h.releases.Publish(h.rt.Context(), h.giving, c.Kit)
	h.must(err)
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

// edit changes an item of a body in a way that its kind accepts, and publishes it; the giver then releases a kit.
func (h *history) edit(s tenants.Scope) {
	place := rapid.SampledFrom(h.keys).Draw(h.rt, "item")
	item, there := h.item(s, place)
	if !there || item.Draft != nil || item.State == kit.Draft {
		return
	}
	source, changed := h.changed(item)
	if !changed {
		return
	}
	saved, err := h.items.SaveDraft(h.rt.Context(), s, kit.Edit{Source: source, Revision: item.Revision})
	h.must(err)
	_, err = h.items.Publish(h.rt.Context(), s, kit.Step{Kind: item.Kind, Key: item.Key, Revision: saved.Revision, Reason: "Così serve qui"})
	h.must(err)
	if s.Tenant == h.giving.Tenant {
		h.publish()
	}
}

// changed is an item after a random change that its kind accepts.
func (h *history) changed(item kit.Item) (kit.Source, bool) {
	source := item.Source()
	if rapid.IntRange(0, 4).Draw(h.rt, "title") == 0 {
		source.Title.IT = "Titolo " + rapid.SampledFrom([]string{"a", "b", "c"}).Draw(h.rt, "words")
	}
	var content any
	h.must(json.Unmarshal(source.Content, &content))
	content = shake(h.rt, content)
	raw, err := json.Marshal(content)
	h.must(err)
	canonical, err := kit.Canonical(raw)
	h.must(err)
	source.Content = canonical
	declared, _, _ := h.deps.Platform.Kinds.Get(item.Kind)
	return source, declared.Validate(canonical) == nil
}

// shake changes a text, or an entry of a list, somewhere in a value.
func shake(rt *rapid.T, value any) any {
	switch v := value.(type) {
	case map[string]any:
		names := slices.Sorted(maps.Keys(v))
		if len(names) == 0 {
			return v
		}
		name := rapid.SampledFrom(names).Draw(rt, "member")
		v[name] = shake(rt, v[name])
	case []any:
		if len(v) == 0 {
			return v
		}
		at := rapid.IntRange(0, len(v)-1).Draw(rt, "entry")
		switch rapid.IntRange(0, 5).Draw(rt, "what") {
		case 0:
			return slices.Delete(v, at, at+1)
		case 1:
			to := rapid.IntRange(0, len(v)-1).Draw(rt, "to")
			v[at], v[to] = v[to], v[at]
		default:
			v[at] = shake(rt, v[at])
		}
	case string:
		return rapid.SampledFrom([]string{"Uno", "Due", "Tre", v}).Draw(rt, "text")
	}
	return value
}

// upgrade applies a kit with random answers, and holds what became of each item against what both sides had changed.
func (h *history) upgrade() {
	ctx := h.rt.Context()
	plan, err := h.upgrades.Plan(ctx, h.taking, h.adoption.ID, uuid.Nil)
	h.must(err)
	before := h.taken()
	choice := upgrade.Choice{Seen: plan.Digest(), Decisions: map[string]upgrade.Decision{}}
	for _, line := range plan.Lines {
		if line.Outcome == upgrade.Conflict || line.Outcome == upgrade.Dropped {
			choice.Decisions[line.Place()] = upgrade.Decision{Answer: rapid.SampledFrom([]upgrade.Answer{upgrade.KeepOurs, upgrade.TakeKit}).Draw(h.rt, "answer"), Reason: "Deciso"}
		}
	}
	run, err := h.upgrades.Apply(ctx, h.taking, h.adoption.ID, choice)
	if len(plan.Drafts()) > 0 {
		if !problem.Is(err, problem.Conflict) {
			h.rt.Fatalf("a kit was applied over a draft: %v", err)
		}
		return
	}
	h.must(err)
	after := h.taken()
	for _, line := range plan.Lines {
		h.judge(line, choice.Decisions[line.Place()].Answer, before, after)
	}
	if run.Changed {
		h.runs = append(h.runs, remembered{run.ID, before})
		u, err := h.upgrades.PlanUndo(ctx, h.taking, h.adoption.ID, run.ID)
		h.must(err)
		if edited := u.Edited(); len(edited) > 0 {
			h.rt.Fatalf("what a run made does not stand as it remembers: %v", edited)
		}
	}
	again, err := h.upgrades.Apply(ctx, h.taking, h.adoption.ID, upgrade.Choice{})
	if h.must(err); again.Changed {
		h.rt.Fatalf("applying the same kit twice changed something: %v", again.Counts)
	}
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
func (h *history) undo() {
	if len(h.runs) == 0 {
		return
	}
	at := rapid.IntRange(0, len(h.runs)-1).Draw(h.rt, "run")
	target, before := h.runs[at], h.taken()
	u, err := h.upgrades.PlanUndo(h.rt.Context(), h.taking, h.adoption.ID, target.id)
	h.must(err)
	if !cmp.Equal(before, h.taken()) {
		h.rt.Fatal("the dry run changed something")
	}
	done, err := h.upgrades.Undo(h.rt.Context(), h.taking, h.adoption.ID, target.id)
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
		want, there := target.before[place]
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
		h.runs = append(h.runs, remembered{done.ID, before})
	}
}

// retire takes an item of the taker out of use.
func (h *history) retire() {
	item, there := h.item(h.taking, rapid.SampledFrom(h.keys).Draw(h.rt, "retired"))
	if !there || item.State != kit.Published {
		return
	}
	h.must(h.items.Retire(h.rt.Context(), h.taking, kit.Step{Kind: item.Kind, Key: item.Key, Revision: item.Revision, Reason: "Non serve"}))
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

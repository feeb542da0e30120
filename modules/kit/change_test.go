package kit_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules/kit"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// put makes changes as applying a kit does, and returns the last item as it is read then.
func (st *stage) put(t *testing.T, changes ...kit.Change) (kit.Item, error) {
	t.Helper()
	var made []kit.Item
	err := st.DB.InTx(t.Context(), st.mine, func(tx tenants.Tx) (err error) {
		if made, err = st.items.Put(t.Context(), tx, st.mine, changes); err != nil {
			return err
		}
		return audit.Write(t.Context(), tx, st.mine, audit.Event{Action: "kit.apply"})
	})
	if err != nil {
		return kit.Item{}, err
	}
	last := made[len(made)-1]
	item, err := st.items.Item(t.Context(), st.mine, last.Kind, last.Key)
	fatal(t, err)
	if len(made) != len(changes) || last.ID != item.ID || last.Revision != item.Revision || last.Current.ID != item.Current.ID || last.Current.Number != item.Current.Number {
		t.Errorf("%d changes made %+v, and there is %+v", len(changes), last, item)
	}
	return item, nil
}

// come is a change by a kit of a practice.
func come(source kit.Source, practice uuid.UUID, release string) kit.Change {
	return kit.Change{
		Source: source, Adaptation: kit.Adopted, Reason: "Kit " + release,
		Origin: kit.Origin{Practice: practice, Kit: uuid.Must(uuid.NewV7()), Version: release, Key: source.Key, Base: source.Content},
	}
}

// stands is what a change leaves of an item, in short.
type stands struct {
	State      kit.State
	Adaptation kit.Adaptation
	Reason     string
	Release    string
	Number     int
	Why        string // of the version
	Label      string
	Title      string
}

func standsOf(t *testing.T, item kit.Item) stands {
	t.Helper()
	var content struct {
		Values []struct{ Label kit.Text }
	}
	fatal(t, json.Unmarshal(item.Current.Content, &content))
	return stands{item.State, item.Adaptation, item.Reason, item.Origin.Version, item.Current.Number, item.Current.Reason, content.Values[0].Label.IT, item.Title.It}
}

// A kit makes versions of what it changes, contents or titles, and none of what stays; what is kept only notes where it comes from.
func TestAKitMakesVersionsOfWhatItChanges(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	practice := uuid.Must(uuid.NewV7())
	titled := vocabulary("Prima")
	titled.Title.IT = "Altro titolo"
	owned := titled
	owned.Owner, owned.Licence = "Mazara", "EUPL-1.2"
	adapted := come(vocabulary("Unita"), practice, "3.0.0")
	adapted.Adaptation, adapted.Why = kit.Adapted, "Così serve qui"
	kept := come(vocabulary("Del kit"), practice, "4.0.0")
	kept.Keep, kept.Adaptation, kept.Reason = true, kit.Adapted, "Da noi è diverso"
	gone := come(vocabulary("Unita"), practice, "4.0.0")
	gone.State, gone.Adaptation = kit.Retired, kit.Dropped
	for _, step := range []struct {
		change kit.Change
		want   stands
	}{
		{come(vocabulary("Prima"), practice, "1.0.0"), stands{kit.Published, kit.Adopted, "", "1.0.0", 1, "Kit 1.0.0", "Prima", "Vocabolario"}},
		{come(vocabulary("Prima"), practice, "1.1.0"), stands{kit.Published, kit.Adopted, "", "1.1.0", 1, "Kit 1.0.0", "Prima", "Vocabolario"}},
		{come(titled, practice, "2.0.0"), stands{kit.Published, kit.Adopted, "", "2.0.0", 2, "Kit 2.0.0", "Prima", "Altro titolo"}},
		{come(owned, practice, "2.1.0"), stands{kit.Published, kit.Adopted, "", "2.1.0", 2, "Kit 2.0.0", "Prima", "Altro titolo"}},
		{adapted, stands{kit.Published, kit.Adapted, "Così serve qui", "3.0.0", 3, "Kit 3.0.0", "Unita", "Vocabolario"}},
		{kept, stands{kit.Published, kit.Adapted, "Da noi è diverso", "4.0.0", 3, "Kit 3.0.0", "Unita", "Vocabolario"}},
		{gone, stands{kit.Retired, kit.Dropped, "", "4.0.0", 3, "Kit 3.0.0", "Unita", "Vocabolario"}},
	} {
		item, err := st.put(t, step.change)
		fatal(t, err)
		if diff := cmp.Diff(step.want, standsOf(t, item)); diff != "" || item.Origin.Practice != practice {
			t.Errorf("after %s, from %s (-want +got):\n%s", step.change.Reason, item.Origin.Practice, diff)
		}
		if !step.change.Keep && (item.Owner != step.change.Owner || item.Licence != step.change.Licence) {
			t.Errorf("after %s it is of %s, under %s", step.change.Reason, item.Owner, item.Licence)
		}
	}
	item, err := st.items.Item(t.Context(), st.mine, kit.KindVocabulary, "VO-01")
	fatal(t, err)
	history, err := st.items.History(t.Context(), st.mine, item.ID)
	fatal(t, err)
	if len(history) != 3 || history[0].Title.It != "Vocabolario" || history[1].Title.It != "Altro titolo" || history[0].Account != st.mine.Account {
		t.Errorf("the versions are %+v", history)
	}
}

// What breaks the rules is not put, and nothing of what comes with it is; nor does it go out of use as somebody else wrote it.
func TestABrokenContentIsNotPut(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	for name, test := range map[string]struct {
		change func(*kit.Change)
		field  string
	}{
		"its key":            {func(c *kit.Change) { c.Key = "../x" }, "key"},
		"its kind":           {func(c *kit.Change) { c.Kind = "poem" }, "kind"},
		"no title":           {func(c *kit.Change) { c.Title.IT = " " }, "title"},
		"a title of a book":  {func(c *kit.Change) { c.Title.IT = strings.Repeat("è", 301) }, "title"},
		"an English one":     {func(c *kit.Change) { c.Title.EN = strings.Repeat("è", 301) }, "title"},
		"no JSON":            {func(c *kit.Change) { c.Content = []byte(`{`) }, "content"},
		"its rules":          {func(c *kit.Change) { c.Content = []byte(`{"values":[]}`) }, ""},
		"when it is retired": {func(c *kit.Change) { c.Content, c.State = []byte(`{"values":[]}`), kit.Retired }, ""},
	} {
		good, broken := vocabulary("Prima"), vocabulary("Seconda")
		good.Key = "VO-02"
		change := kit.Change{Source: broken, Adaptation: kit.Local, Reason: "Prima versione"}
		test.change(&change)
		_, err := st.put(t, kit.Change{Source: good, Adaptation: kit.Local, Reason: "Prima versione"}, change)
		if !problem.Is(err, problem.Invalid) || test.field != "" && problem.Of(err).Fields[0].Name != test.field {
			t.Errorf("%s: %v", name, err)
		}
	}
	if found, err := st.items.Find(t.Context(), st.mine, ""); err != nil || len(found) > 0 {
		t.Errorf("put: %+v, %v", found, err)
	}
}

// A draft that nobody published and a kit took over is that draft again when the kit goes, right or not.
func TestWhatWasADraftIsADraftAgain(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	draft := vocabulary("Prima")
	draft.Content = []byte(`{"values":[]}`)
	_, err := st.items.SaveDraft(t.Context(), st.mine, kit.Edit{Source: draft})
	fatal(t, err)
	item, err := st.put(t, come(vocabulary("Prima"), uuid.Must(uuid.NewV7()), "1.0.0"))
	if err != nil || item.State != kit.Published || string(item.Draft) != `{"values":[]}` {
		t.Errorf("taken over, the item is %s with the draft %s, %v", item.State, item.Draft, err)
	}
	item, err = st.put(t, kit.Change{Source: draft, State: kit.Draft, Adaptation: kit.Local, Reason: "Ritorno a prima del kit"})
	if err != nil || item.State != kit.Draft || string(item.Draft) != `{"values":[]}` || item.Adaptation != kit.Local || item.Origin.Practice != uuid.Nil || item.Current.Number != 1 {
		t.Errorf("gone back, it is %+v, %v", item, err)
	}
	_, err = st.items.Get(t.Context(), st.mine, item.Kind, item.Key)
	wantKind(t, err, problem.NotFound)
}

// Until its end a transaction that has read items holds them: who would change one of them meanwhile waits.
func TestItemsAreHeldWhileTheyAreChanged(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	version := st.publish(t, "Prima", 0)
	const take = `select 1 from kit.items where id = $1 for update nowait`
	fatal(t, st.DB.InTx(t.Context(), st.mine, func(tx tenants.Tx) error {
		held, err := st.items.Current(t.Context(), tx, st.mine, []kit.Source{vocabulary("x"), {Kind: kit.KindVocabulary, Key: "VO-02"}})
		if err != nil || len(held) != 1 {
			t.Errorf("there are %v, %v", held, err)
		}
		if _, err := st.Owner.Exec(t.Context(), take, version.ItemID); err == nil || !strings.Contains(err.Error(), "55P03") {
			t.Errorf("somebody else takes the item: %v", err)
		}
		return nil
	}))
	_, err := st.Owner.Exec(t.Context(), take, version.ItemID)
	fatal(t, err)
}

// What a body makes of an item that came with a kit is told by what it publishes: an adaptation, with its reason, until it is again
// what the kit held. An item of its own is nobody's adaptation.
func TestAnItemOfAKitIsAdapted(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	practice := uuid.Must(uuid.NewV7())
	item, err := st.put(t, come(canonical(t, vocabulary("Prima")), practice, "1.0.0"))
	fatal(t, err)
	st.publish(t, "Nostra", item.Revision)
	want := func(adaptation kit.Adaptation, reason string) kit.Item {
		t.Helper()
		item, err := st.items.Item(t.Context(), st.mine, kit.KindVocabulary, "VO-01")
		fatal(t, err)
		if item.Adaptation != adaptation || item.Reason != reason || item.Draft != nil {
			t.Errorf("the item is %s for %q, want %s for %q; its draft is %s", item.Adaptation, item.Reason, adaptation, reason, item.Draft)
		}
		return item
	}
	st.publish(t, "Prima", want(kit.Adapted, "voce Nostra").Revision)
	item = want(kit.Adopted, "")
	fatal(t, st.items.Retire(t.Context(), st.mine, kit.Step{Kind: item.Kind, Key: item.Key, Revision: item.Revision, Reason: "Non serve"}))
	if item = want(kit.Dropped, "Non serve"); item.Origin.Practice != practice {
		t.Errorf("it comes from %+v", item.Origin)
	}

	own := newStage(t)
	own.publish(t, "Prima", 0)
	fatal(t, own.items.Retire(t.Context(), own.mine, kit.Step{Kind: item.Kind, Key: item.Key, Revision: 2, Reason: "Non serve"}))
	if item, err := own.items.Item(t.Context(), own.mine, item.Kind, item.Key); err != nil || item.Adaptation != kit.Local || item.Reason != "Non serve" {
		t.Errorf("an own item is %s for %q, %v", item.Adaptation, item.Reason, err)
	}
}

// canonical is a source with the one text of its content, as a kit holds it.
func canonical(t *testing.T, source kit.Source) kit.Source {
	t.Helper()
	var err error
	source.Content, err = kit.Canonical(source.Content)
	fatal(t, err)
	return source
}

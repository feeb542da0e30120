package kit_test

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2/humatest"
	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/internal/testdb"
	"staffetta/migrations"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/tenants"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// stage is two bodies with the items of configuration.
type stage struct {
	*testdb.Database
	items       *kit.Items
	deps        modules.Deps
	mine, other tenants.Scope
}

func newStage(t *testing.T) *stage {
	t.Helper()
	m := kit.Module()
	st := &stage{Database: testdb.New(t, migrations.Line{ID: "kit", FS: m.Migrations})}
	kinds, err := modules.NewKinds([]modules.Module{m})
	fatal(t, err)
	st.deps = modules.Deps{DB: st.DB, Platform: modules.Platform{Kinds: kinds}}
	st.items = kit.NewItems(st.deps)
	st.mine = st.Operator(t, st.Body(t, "marsala"), "practice_owner")
	st.other = st.Operator(t, st.Body(t, "mazara"), "practice_owner")
	return st
}

func fatal(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantKind(t testing.TB, err error, kind problem.Kind) {
	t.Helper()
	if err == nil || problem.Of(err).Kind != kind {
		t.Fatalf("got %v, want a %v", err, kind)
	}
}

func vocabulary(label string) kit.Source {
	content, _ := json.Marshal(map[string]any{
		"description": map[string]string{"it": "Voci"}, "values": []any{map[string]any{"key": "uno", "label": map[string]string{"it": label}}},
	})
	return kit.Source{Kind: kit.KindVocabulary, Key: "VO-01", Title: kit.Text{IT: "Vocabolario"}, Owner: "Comune", Licence: "CC-BY-4.0", Content: content}
}

func (st *stage) publish(t *testing.T, label string, revision int) kit.Version {
	t.Helper()
	item, err := st.items.SaveDraft(t.Context(), st.mine, kit.Edit{Source: vocabulary(label), Revision: revision})
	fatal(t, err)
	version, err := st.items.Publish(t.Context(), st.mine, kit.Step{Kind: item.Kind, Key: item.Key, Revision: item.Revision, Reason: "voce " + label})
	fatal(t, err)
	return version
}

func TestVersionsStayForEver(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	first := st.publish(t, "Prima", 0)
	item, err := st.items.Item(t.Context(), st.mine, kit.KindVocabulary, "VO-01")
	fatal(t, err)
	second := st.publish(t, "Seconda", item.Revision)
	now, err := st.items.Get(t.Context(), st.mine, kit.KindVocabulary, "VO-01")
	fatal(t, err)
	pinned, err := st.items.Version(t.Context(), st.mine, first.ID)
	fatal(t, err)
	if now.ID != second.ID || now.Number != 2 || !strings.Contains(string(pinned.Content), "Prima") || pinned.Kind != kit.KindVocabulary {
		t.Errorf("now %+v, pinned %+v", now, pinned)
	}
	if sum, err := kit.Hash(pinned.Content); err != nil || sum != pinned.SHA256 {
		t.Errorf("hash %s of the stored text is not %s", sum, pinned.SHA256)
	}
	history, err := st.items.History(t.Context(), st.mine, item.ID)
	fatal(t, err)
	var told []string
	for _, version := range history {
		told = append(told, version.Author+": "+version.Reason)
	}
	if diff := cmp.Diff([]string{st.mine.Name + ": voce Seconda", st.mine.Name + ": voce Prima"}, told); diff != "" {
		t.Error(diff)
	}
	for _, sql := range []string{`update kit.item_versions set reason = 'x'`, `delete from kit.item_versions`, `delete from kit.items`} {
		err := st.DB.InTx(t.Context(), st.mine, func(tx tenants.Tx) error {
			_, err := tx.Exec(t.Context(), sql)
			return err
		})
		if err == nil || !strings.Contains(err.Error(), "permission denied") {
			t.Errorf("%s: %v", sql, err)
		}
	}
}

func TestWritesAreOptimistic(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	st.publish(t, "Prima", 0)
	_, err := st.items.SaveDraft(t.Context(), st.mine, kit.Edit{Source: vocabulary("Altra"), Revision: 1})
	wantKind(t, err, problem.Conflict)
	_, err = st.items.Publish(t.Context(), st.mine, kit.Step{Kind: kit.KindVocabulary, Key: "VO-01", Revision: 1, Reason: "r"})
	wantKind(t, err, problem.Conflict)
	_, err = st.items.Publish(t.Context(), st.mine, kit.Step{Kind: kit.KindVocabulary, Key: "VO-01", Revision: 2, Reason: "r"})
	wantKind(t, err, problem.Conflict) // no draft
	_, err = st.items.Publish(t.Context(), st.mine, kit.Step{Kind: kit.KindVocabulary, Key: "VO-01", Revision: 2, Reason: " "})
	wantKind(t, err, problem.Invalid)
	// two that read the same row: one writes
	errs := make(chan error, 8)
	for range cap(errs) {
		go func() {
			_, err := st.items.SaveDraft(context.WithoutCancel(t.Context()), st.mine, kit.Edit{Source: vocabulary("Gara"), Revision: 2})
			errs <- err
		}()
	}
	won := 0
	for range cap(errs) {
		if err := <-errs; err == nil {
			won++
		} else if problem.Of(err).Kind != problem.Conflict {
			t.Error(err)
		}
	}
	if won != 1 {
		t.Errorf("%d of them wrote", won)
	}
}

func TestBrokenContentsAreNotPublished(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	broken := vocabulary("Prima")
	broken.Content = json.RawMessage(`{"values":[]}`)
	item, err := st.items.SaveDraft(t.Context(), st.mine, kit.Edit{Source: broken})
	fatal(t, err)
	_, err = st.items.Publish(t.Context(), st.mine, kit.Step{Kind: item.Kind, Key: item.Key, Revision: item.Revision, Reason: "r"})
	wantKind(t, err, problem.Invalid)
	if len(problem.Of(err).Fields) == 0 {
		t.Error("no place is named")
	}
	_, err = st.items.Get(t.Context(), st.mine, kit.KindVocabulary, "VO-01")
	wantKind(t, err, problem.NotFound)
	for name, change := range map[string]func(*kit.Source){
		"key":     func(s *kit.Source) { s.Key = "../x" },
		"kind":    func(s *kit.Source) { s.Kind = "poem" },
		"title":   func(s *kit.Source) { s.Title.IT = "  " },
		"content": func(s *kit.Source) { s.Content = json.RawMessage(`{`) },
	} {
		bad := vocabulary("Prima")
		change(&bad)
		_, err := st.items.SaveDraft(t.Context(), st.mine, kit.Edit{Source: bad})
		if err == nil || problem.Of(err).Kind != problem.Invalid || problem.Of(err).Fields[0].Name != name {
			t.Errorf("%s: %v", name, err)
		}
	}
	// a kind that no module of the program owns
	if err := st.items.Check(kit.KindAct, []byte(`{}`)); problem.Of(err).Fields[0].Message.Key != "kit.schema.kind" {
		t.Errorf("unowned kind: %v", err)
	}
}

func TestItemsStayInsideTheirBody(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	version := st.publish(t, "Prima", 0)
	_, err := st.items.Item(t.Context(), st.other, kit.KindVocabulary, "VO-01")
	wantKind(t, err, problem.NotFound)
	_, err = st.items.Version(t.Context(), st.other, version.ID)
	wantKind(t, err, problem.NotFound)
	for _, read := range []func() (int, error){
		func() (int, error) { list, err := st.items.Find(t.Context(), st.other, ""); return len(list), err },
		func() (int, error) {
			list, err := st.items.Published(t.Context(), st.other, kit.KindVocabulary)
			return len(list), err
		},
		func() (int, error) {
			list, err := st.items.History(t.Context(), st.other, version.ItemID)
			return len(list), err
		},
	} {
		if n, err := read(); err != nil || n != 0 {
			t.Errorf("another body sees %d: %v", n, err)
		}
	}
	// asking for the other body's id in the batch shows nothing either
	var b pgx.Batch
	var seen kit.Version
	kit.QueueVersion(&b, st.mine.Tenant, version.ID, &seen)
	if err := st.DB.Read(t.Context(), st.other, &b); err == nil {
		t.Errorf("another body reads %+v", seen)
	}
}

func TestRetiredItemsAreNotInUse(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	version := st.publish(t, "Prima", 0)
	fatal(t, st.items.Retire(t.Context(), st.mine, kit.Step{Kind: kit.KindVocabulary, Key: "VO-01", Revision: 2, Reason: "non serve più"}))
	_, err := st.items.Get(t.Context(), st.mine, kit.KindVocabulary, "VO-01")
	wantKind(t, err, problem.NotFound)
	if _, err := st.items.Version(t.Context(), st.mine, version.ID); err != nil {
		t.Errorf("a pinned version of a retired item: %v", err)
	}
}

// An older version is gone on from as a draft: its content and its titles, and only by who knows the item as it is.
func TestAnOlderVersionIsGoneOnFrom(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	save := func(source kit.Source, revision int) {
		t.Helper()
		_, err := st.items.SaveDraft(t.Context(), st.mine, kit.Edit{Source: source, Revision: revision})
		fatal(t, err)
		_, err = st.items.Publish(t.Context(), st.mine, kit.Step{Kind: source.Kind, Key: source.Key, Revision: revision + 1, Reason: "r"})
		fatal(t, err)
	}
	first, second := vocabulary("Prima"), vocabulary("Seconda")
	first.Title, second.Title = kit.Text{IT: "Primo", EN: "First"}, kit.Text{IT: "Secondo", EN: "Second"}
	save(first, 0)
	save(second, 2)
	before, err := st.items.Item(t.Context(), st.mine, first.Kind, first.Key)
	fatal(t, err)
	for asked, want := range map[kit.Restoring]problem.Kind{
		{Kind: first.Kind, Key: first.Key, Number: 3, Revision: 4}: problem.NotFound, {Kind: first.Kind, Key: "VO-02", Number: 1}: problem.NotFound,
		{Kind: first.Kind, Key: first.Key, Number: 1, Revision: 3}: problem.Conflict,
	} {
		_, err := st.items.Restore(t.Context(), st.mine, asked)
		wantKind(t, err, want)
	}
	_, err = st.items.Restore(t.Context(), st.mine, kit.Restoring{Kind: first.Kind, Key: first.Key, Number: 1, Revision: 4})
	fatal(t, err)
	item, err := st.items.Item(t.Context(), st.mine, first.Kind, first.Key)
	fatal(t, err)
	if !strings.Contains(string(item.Draft), "Prima") || item.Title != (language.Text{It: "Primo", En: "First"}) || item.Current.ID != before.Current.ID || item.State != kit.Published {
		t.Errorf("the draft is %s, called %v; in use is version %d", item.Draft, item.Title, item.Current.Number)
	}
	if !item.UpdatedAt.After(before.UpdatedAt) {
		t.Errorf("changed at %s, it was changed at %s before", item.UpdatedAt, before.UpdatedAt)
	}
}

// Reasons and titles have an end, and the audit tells the reasons.
func TestReasonsAndTitlesHaveAnEnd(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	longest := vocabulary("Prima")
	longest.Title = kit.Text{IT: strings.Repeat("è", 300), EN: strings.Repeat("è", 300)}
	item, err := st.items.SaveDraft(t.Context(), st.mine, kit.Edit{Source: longest})
	fatal(t, err)
	for _, title := range []kit.Text{{IT: strings.Repeat("è", 301)}, {IT: "Corto", EN: strings.Repeat("è", 301)}} {
		longer := longest
		longer.Title = title
		_, err = st.items.SaveDraft(t.Context(), st.mine, kit.Edit{Source: longer, Revision: item.Revision})
		wantKind(t, err, problem.Invalid)
	}
	step := kit.Step{Kind: item.Kind, Key: item.Key, Revision: item.Revision}
	for _, reason := range []string{"", strings.Repeat("è", 501)} {
		step.Reason = reason
		_, err := st.items.Publish(t.Context(), st.mine, step)
		wantKind(t, err, problem.Invalid)
		wantKind(t, st.items.Retire(t.Context(), st.mine, step), problem.Invalid)
	}
	step.Reason = strings.Repeat("è", 500)
	_, err = st.items.Publish(t.Context(), st.mine, step)
	fatal(t, err)
	wantKind(t, st.items.Retire(t.Context(), st.mine, step), problem.Conflict) // it was published since
	step.Revision, step.Reason = step.Revision+1, "Non serve"
	fatal(t, st.items.Retire(t.Context(), st.mine, step))
	for action, want := range map[string]string{"item.publish": "1 " + strings.Repeat("è", 500), "item.retire": "Non serve"} {
		var told string
		fatal(t, st.Owner.QueryRow(t.Context(), `select concat_ws(' ', payload->>'number', payload->>'reason') from audit.events where action = $1 and object_id = $2`, action, item.ID).Scan(&told))
		if told != want {
			t.Errorf("of %s the audit tells %q", action, told)
		}
	}
}

func TestOperations(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	parts, err := kit.Module().New(st.deps)
	fatal(t, err)
	_, api := humatest.New(t)
	for _, o := range parts.Operations {
		o.Register(api)
	}
	ctx := tenants.WithScope(t.Context(), st.mine)
	source := vocabulary("Prima")
	draft := map[string]any{"title": map[string]string{"it": "Vocabolario"}, "content": source.Content}
	made := api.PutCtx(ctx, "/items/vocabulary/VO-01/draft", draft)
	if made.Code != http.StatusOK || made.Header().Get("ETag") != `"1"` {
		t.Fatalf("draft: %d %s", made.Code, made.Body)
	}
	if done := api.PostCtx(ctx, "/items/vocabulary/VO-01/publish", `If-Match: "1"`, map[string]any{"reason": "prova"}); done.Code != http.StatusOK {
		t.Fatalf("publish: %d %s", done.Code, done.Body)
	}
	got := api.GetCtx(ctx, "/items/vocabulary/VO-01")
	var item struct {
		State   string
		Content map[string]any
		Version string `json:"version_id"`
	}
	fatal(t, json.Unmarshal(got.Body.Bytes(), &item))
	if item.State != "published" || item.Content["values"] == nil || item.Version == "" {
		t.Errorf("get: %s", got.Body)
	}
	if list := api.GetCtx(ctx, "/items?kind=vocabulary"); !strings.Contains(list.Body.String(), "VO-01") {
		t.Errorf("list: %s", list.Body)
	}
}

// Every property and every coded value of a content has its words.
func TestEveryPartOfAContentHasALabel(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("messages/it.json")
	fatal(t, err)
	var messages map[string]any
	fatal(t, json.Unmarshal(raw, &messages))
	for _, kind := range declared(t).All() {
		var value any
		fatal(t, json.Unmarshal(kind.Schema, &value))
		for name, own := range properties(value) {
			if !own && messages["kit.part."+strings.ToLower(name)] == nil {
				t.Errorf("%s: no label for %s", kind.ID, name)
			}
		}
	}
	for key := range messages {
		if regexp.MustCompile(`[A-Z]`).MatchString(key) {
			t.Errorf("the key %s has capitals", key)
		}
	}
}

// properties are the members that a schema has anywhere, and whether it words each of them itself.
func properties(value any) map[string]bool {
	found := map[string]bool{}
	switch v := value.(type) {
	case map[string]any:
		members, _ := v["properties"].(map[string]any)
		for name, member := range members {
			_, own := member.(map[string]any)["label"]
			found[name] = own
		}
		for _, part := range v {
			gather(found, properties(part))
		}
	case []any:
		for _, part := range v {
			gather(found, properties(part))
		}
	}
	return found
}

// gather keeps that a member is somewhere without a word of its own.
func gather(into, from map[string]bool) {
	for name, own := range from {
		before, known := into[name]
		into[name] = own && (before || !known)
	}
}

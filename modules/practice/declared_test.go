package practice_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/merge"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/exchange"
	"staffetta/modules/practice/release"
	"staffetta/modules/practice/upgrade"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

const postcardSchema = `{
  "$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Postcard", "type": "object", "additionalProperties": false,
  "properties": {
    "greeting": {"$ref": "urn:staffetta:kit:common#/$defs/text", "label": {"it": "Saluto", "en": "Greeting"}},
    "tone": {"enum": ["warm", "formal"], "label": {"it": "Tono", "en": "Tone"},
      "labels": {"warm": {"it": "Cordiale", "en": "Warm"}, "formal": {"it": "Formale", "en": "Formal"}}},
    "reply": {"$ref": "urn:staffetta:kit:common#/$defs/itemKey", "label": {"it": "Modulo di risposta", "en": "Form to answer with"}},
    "lines": {"type": "array", "minItems": 1, "label": {"it": "Righe", "en": "Lines"}, "items": {
      "type": "object", "additionalProperties": false, "required": ["key", "words"], "properties": {
        "key": {"$ref": "urn:staffetta:kit:common#/$defs/key"},
        "words": {"$ref": "urn:staffetta:kit:common#/$defs/text", "label": {"it": "Parole", "en": "Words"}}}}}
  },
  "required": ["greeting", "tone", "lines"]
}`

// postal is a module that the program does not have: it owns a kind, and counts what was sent with its items.
func postal() modules.Module {
	return modules.Module{
		ID: "postal", Title: language.Text{It: "Posta", En: "Post"}, Requires: []modules.ID{"kit"},
		Migrations: fstest.MapFS{"0001_sent.sql": &fstest.MapFile{Data: []byte(`-- +goose Up
create schema postal;
grant usage on schema postal to staffetta_app, staffetta_guest, staffetta_report, staffetta_backup;
create table postal.sent (tenant_id int not null default app.tenant(), id uuid not null, item text not null, primary key (tenant_id, id));
call app.own_table('postal.sent');
`)}},
		Kinds: []modules.Kind{kit.Declare(modules.Kind{
			ID: "postcard", Label: language.Text{It: "Cartoline", En: "Postcards"}, Order: 25, Live: true, Whole: true, Schema: []byte(postcardSchema),
			References: []modules.Reference{{Path: "reply", Kind: kit.KindForm, Inside: true}},
			Roles:      func([]byte) []string { return []string{"educator"} },
			Impact: func(ctx context.Context, tx tenants.Tx, tenant int32, key string) (n int, err error) {
				err = tx.QueryRow(ctx, `select count(*) from postal.sent s where s.tenant_id = $1 and s.item = $2`, tenant, key).Scan(&n)
				return n, err
			},
		}, loudLines)},
		New: func(modules.Deps) (modules.Parts, error) { return modules.Parts{}, nil },
	}
}

// loudLines is the kind's own rule: nobody shouts at citizens.
func loudLines(content []byte) []kit.Fault {
	var card struct {
		Lines []struct {
			Key   string
			Words kit.Text
		}
	}
	if err := json.Unmarshal(content, &card); err != nil {
		return []kit.Fault{{Key: "kit.content.unreadable", Params: map[string]string{"cause": err.Error()}}}
	}
	var faults []kit.Fault
	for _, line := range card.Lines {
		if strings.ContainsRune(line.Words.IT, '!') {
			faults = append(faults, kit.Fault{Path: fmt.Sprintf("lines[%s].words", line.Key), Key: "kit.content.blank"})
		}
	}
	return faults
}

// postcard has a line for each pair of key and words.
func postcard(greeting string, lines ...string) kit.Source {
	content := map[string]any{"greeting": map[string]string{"it": greeting}, "tone": "warm", "reply": "FO-01"}
	var all []any
	for i := 0; i+1 < len(lines); i += 2 {
		all = append(all, map[string]any{"key": lines[i], "words": map[string]string{"it": lines[i+1]}})
	}
	content["lines"] = all
	return source("postcard", "CA-01", content)
}

func answerForm() kit.Source {
	return source(kit.KindForm, "FO-01", map[string]any{"sections": []any{map[string]any{"key": "s", "label": map[string]string{"it": "S"}, "items": []any{
		map[string]any{"key": "q", "label": map[string]string{"it": "Domanda"}, "type": "text"},
	}}}})
}

// A module that nobody foresaw declares a kind, and everything that is done with items is done with its items.
func TestAKindJoinsWithItsModule(t *testing.T) {
	t.Parallel()
	here, there := newStage(t, postal()), newStage(t, postal())
	_, err := there.Owner.Exec(t.Context(), `update platform.tenants set name = 'Comune di ' || slug || ' (altrove)'`)
	fatal(t, err)
	p := here.install(t, answerForm(), postcard("Buongiorno", "a", "Prima", "b", "Seconda"))
	report := here.compose(t, p, "1.0.0")
	if len(report.Dangling) > 0 || report.Kit.Completeness == 0 || report.Items[1].Kind != "postcard" {
		t.Errorf("composed: dangling %v, %d%%, %v", report.Dangling, report.Kit.Completeness, report.Items)
	}
	_, err = here.releases.Publish(t.Context(), here.giving, report.Kit.ID)
	fatal(t, err)
	file := here.export(t, p, "1.0.0")
	here.adoptPostcards(t, p)

	if _, err := exchange.Verify(t.Context(), newStage(t).deps.Platform.Kinds, bytes.NewReader(file.Content), int64(len(file.Content))); problem.Of(err).Message.Key != "practice.file.kind" {
		t.Errorf("a program without the module reads the file: %v", err)
	}
	_, err = there.take(t, file)
	fatal(t, err)
	a := there.start(t, p)
	there.wantOutcomes(t, a, map[string]upgrade.Outcome{"FO-01": upgrade.New, "CA-01": upgrade.New})
	_, err = there.upgrades.Apply(t.Context(), there.taking, a.ID, upgrade.Choice{})
	fatal(t, err)
	newSite(t, there).as(t, there.taking).visit(t, "/kit/postcard/CA-01", nil).want(t, 200, "Cartoline", "Saluto", "Tono", "Cordiale", "Righe", "Parole", "Seconda")
}

// adoptPostcards takes the kit over, changes it on both sides, settles the conflict and goes back.
func (st *stage) adoptPostcards(t *testing.T, p release.Practice) {
	t.Helper()
	a := st.start(t, p)
	plan, err := st.upgrades.Plan(t.Context(), st.taking, a.ID, uuid.Nil)
	fatal(t, err)
	if diff := cmp.Diff([]string{"educator"}, plan.MissingRoles); diff != "" {
		t.Errorf("roles that the kind asks for (-want +got):\n%s", diff)
	}
	_, err = st.upgrades.Apply(t.Context(), st.taking, a.ID, upgrade.Choice{})
	fatal(t, err)
	fatal(t, st.DB.InTx(t.Context(), st.taking, func(tx tenants.Tx) error {
		if _, err := tx.Exec(t.Context(), `insert into postal.sent (id, item) values (gen_random_uuid(), 'CA-01'), (gen_random_uuid(), 'CA-01')`); err != nil {
			return err
		}
		return audit.Write(t.Context(), tx, st.taking, audit.Event{Action: "postcard.send"})
	}))
	st.edit(t, st.taking, postcard("Buonasera", "a", "Prima", "b", "Seconda", "c", "Nostra"))
	st.edit(t, st.giving, postcard("Salve", "a", "Prima nuova", "b", "Seconda"))
	st.publish(t, p, "1.1.0")
	plan, err = st.upgrades.Plan(t.Context(), st.taking, a.ID, uuid.Nil)
	fatal(t, err)
	line := plan.Lines[1]
	if line.Key != "CA-01" || line.Outcome != upgrade.Conflict || line.Uses != 2 || len(line.Open) != 1 || line.Open[0].Path != "content.greeting.it" {
		t.Fatalf("the dry run says %+v", line)
	}
	before := st.content(t)
	_, err = st.upgrades.Apply(t.Context(), st.taking, a.ID, upgrade.Choice{Decisions: map[string]upgrade.Decision{
		"postcard/CA-01": {Answer: upgrade.Unite, Reason: "così serve qui", Fields: map[string]merge.Answer{"content.greeting.it": {Side: merge.Theirs}}},
	}})
	fatal(t, err)
	want, err := kit.Canonical(postcard("Salve", "a", "Prima nuova", "b", "Seconda", "c", "Nostra").Content)
	fatal(t, err)
	if diff := cmp.Diff(string(want), st.content(t)); diff != "" {
		t.Errorf("united (-want +got):\n%s", diff)
	}
	runs, err := st.upgrades.Runs(t.Context(), st.taking, a.ID)
	fatal(t, err)
	_, err = st.upgrades.Undo(t.Context(), st.taking, a.ID, upgrade.Back{Run: runs[0].ID})
	fatal(t, err)
	if diff := cmp.Diff(before, st.content(t)); diff != "" {
		t.Errorf("taken back (-want +got):\n%s", diff)
	}
}

// content is that of the taker's postcard.
func (st *stage) content(t *testing.T) string {
	t.Helper()
	version, err := st.items.Get(t.Context(), st.taking, "postcard", "CA-01")
	fatal(t, err)
	return string(version.Content)
}

func TestADeclaredKindHasItsRules(t *testing.T) {
	t.Parallel()
	st := newStage(t, postal())
	for name, test := range map[string]struct {
		source kit.Source
		path   string
	}{
		"the schema": {source("postcard", "CA-01", map[string]any{"tone": "warm", "lines": []any{}}), ""},
		"its rules":  {postcard("Buongiorno", "a", "Fermo!"), "lines[a].words"},
	} {
		item, err := st.items.SaveDraft(t.Context(), st.giving, kit.Edit{Source: test.source, Revision: revisionOf(t, st, test.source)})
		fatal(t, err)
		_, err = st.items.Publish(t.Context(), st.giving, kit.Step{Kind: "postcard", Key: "CA-01", Revision: max(item.Revision, 1), Reason: "prova"})
		wantKind(t, err, problem.Invalid)
		if problem.Of(err).Fields[0].Name != test.path {
			t.Errorf("%s: %v", name, problem.Of(err).Fields)
		}
	}
	// What it takes in must be in the kit, and must not take it in again.
	alone := postcard("Buongiorno", "a", "Prima")
	if away := kit.Unanswered(st.deps.Platform.Kinds, []kit.Source{alone}); len(away) != 1 || away[0].Ref.Path != "reply" {
		t.Errorf("alone it refers to %v", away)
	}
	if away := kit.Unanswered(newStage(t).deps.Platform.Kinds, []kit.Source{alone}); len(away) != 0 {
		t.Errorf("without its module it refers to %v", away)
	}
}

func revisionOf(t *testing.T, st *stage, source kit.Source) int {
	t.Helper()
	item, err := st.items.Item(t.Context(), st.giving, source.Kind, source.Key)
	if err != nil {
		return 0
	}
	return item.Revision
}

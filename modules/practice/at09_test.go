package practice_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules/kit"
	"staffetta/modules/practice/cid"
	"staffetta/modules/practice/upgrade"
	"staffetta/tenants"
)

// desk is the form and the vocabulary of an access desk, as the CID gives them.
func desk(t *testing.T) (form, vocabulary kit.Source) {
	t.Helper()
	all, err := cid.Items()
	fatal(t, err)
	for _, item := range all {
		switch item.Key {
		case "FO-01":
			form = item
		case "VO-01":
			vocabulary = item
		}
	}
	return form, vocabulary
}

// reshape is a source after a change of its form.
func reshape(t *testing.T, source kit.Source, change func(item *kit.FormItem)) kit.Source {
	t.Helper()
	form, err := kit.ParseForm(source.Content)
	fatal(t, err)
	for _, section := range form.Sections {
		for i := range section.Items {
			change(&section.Items[i])
		}
	}
	source.Content, err = json.Marshal(form)
	fatal(t, err)
	return source
}

// relabel is a vocabulary whose first value is called otherwise.
func relabel(t *testing.T, source kit.Source, label string) kit.Source {
	t.Helper()
	var content map[string]any
	fatal(t, json.Unmarshal(source.Content, &content))
	content["values"].([]any)[0].(map[string]any)["label"].(map[string]any)["it"] = label
	raw, err := json.Marshal(content)
	fatal(t, err)
	source.Content = raw
	return source
}

// formOf is the published form of a body.
func (st *stage) formOf(t *testing.T, s tenants.Scope, key string) *kit.Form {
	t.Helper()
	version, err := st.items.Get(t.Context(), s, kit.KindForm, key)
	fatal(t, err)
	form, err := kit.ParseForm(version.Content)
	fatal(t, err)
	return form
}

// AT-09: a local label edit, a new local form and a removed option survive an upgrade; untouched items update; a clash becomes
// a thing to do; a failed apply leaves no lock and nothing changed.
func TestAT09LocalWorkSurvivesAnUpgrade(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	form, vocabulary := desk(t)
	p := st.install(t, form, vocabulary, question("QU-01", "Uno"))
	st.publish(t, p, "1.0.0")
	a := st.start(t, p)
	_, err := st.upgrades.Apply(t.Context(), st.taking, a.ID, upgrade.Choice{})
	fatal(t, err)

	st.edit(t, st.taking, reshape(t, form, func(item *kit.FormItem) {
		switch item.Key {
		case "channel":
			item.Label.IT = "Come arriva da noi"
		case "speaker":
			item.Options = slices.DeleteFunc(item.Options, func(o kit.FormOption) bool { return o.Value == item.Options[1].Value })
		}
	}))
	local := form
	local.Key = "LOCALE-01"
	st.edit(t, st.taking, local)
	st.edit(t, st.taking, relabel(t, vocabulary, "Da noi si dice così"))
	st.edit(t, st.giving, reshape(t, form, func(item *kit.FormItem) {
		if item.Key == "reason" {
			item.Label.IT = "Perché viene"
		}
	}))
	st.edit(t, st.giving, relabel(t, vocabulary, "Il kit dice così"))
	st.edit(t, st.giving, question("QU-01", "Uno nuovo"))
	st.publish(t, p, "1.1.0")

	plan, err := st.upgrades.Plan(t.Context(), st.taking, a.ID, uuid.Nil)
	fatal(t, err)
	st.wantOutcomes(t, a, map[string]upgrade.Outcome{"FO-01": upgrade.Merged, "VO-01": upgrade.Conflict, "QU-01": upgrade.Changed})
	clash := plan.Lines[slices.IndexFunc(plan.Lines, func(l upgrade.Line) bool { return l.Key == "VO-01" })]
	if len(clash.Open) != 1 || !strings.Contains(string(clash.Open[0].Ours), "Da noi") || !strings.Contains(string(clash.Open[0].Theirs), "Il kit") {
		t.Fatalf("the clash waits with %+v", clash.Open)
	}
	before := st.everything(t)
	_, err = st.upgrades.Apply(t.Context(), st.taking, a.ID, upgrade.Choice{Seen: plan.Digest()})
	wantKind(t, err, problem.Invalid)
	st.wantUntouched(t, "without an answer", before)
	task := "/adozioni/" + a.ID.String() + "/prova?kit=" + plan.Kit.String()
	_, err = st.upgrades.Keep(t.Context(), st.taking, a.ID, upgrade.Choice{Seen: plan.Digest()})
	fatal(t, err)
	st.wantDuties(t, "the clash", map[string]any{task: 1})
	st.countWrites(t)
	st.brokenAtEach(t, "upgraded", func() error {
		_, err := st.upgrades.Apply(t.Context(), st.taking, a.ID, upgrade.Choice{Seen: plan.Digest(), Decisions: map[string]upgrade.Decision{
			clash.Place(): {Answer: upgrade.KeepOurs, Reason: "Così la conoscono"},
		}})
		return err
	})

	st.wantDuties(t, "answered and applied", map[string]any{})
	was, merged := st.formOf(t, st.taking, "LOCALE-01"), st.formOf(t, st.taking, "FO-01")
	label := func(key string) string { item, _ := merged.Item(key); return item.Label.IT }
	unchanged, _ := was.Item("speaker")
	shorter, _ := merged.Item("speaker")
	if label("channel") != "Come arriva da noi" || label("reason") != "Perché viene" || len(shorter.Options) != len(unchanged.Options)-1 {
		t.Errorf("the form says %q and %q and has %d options", label("channel"), label("reason"), len(shorter.Options))
	}
	for key, want := range map[string]string{"vocabulary/VO-01": "Da noi si dice così", "question/QU-01": "Uno nuovo"} {
		kind, name, _ := strings.Cut(key, "/")
		version, err := st.items.Get(t.Context(), st.taking, kind, name)
		fatal(t, err)
		if !strings.Contains(string(version.Content), want) {
			t.Errorf("%s does not hold %q", key, want)
		}
	}
}

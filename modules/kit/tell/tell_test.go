package tell_test

import (
	"os"
	"testing"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/kit/tell"
)

const asked = `{
	"sections": [{"key": "contact", "label": {"it": "Il contatto", "en": "The contact"}, "items": [
		{"key": "channel", "label": {"it": "Come è arrivata la richiesta"}, "type": "choice", "options": [
			{"value": "desk", "label": {"it": "Allo sportello"}}, {"value": "other", "label": {"it": "In altro modo"}}]},
		{"key": "how", "label": {"it": "Quale modo"}, "type": "text", "visible": "answers.channel == 'other'"}]}],
	"changes": [{"key": "channel", "way": "map", "from": "channel", "values": [{"value": "desk", "to": "other"}]}],
	"tests": [{"key": "none", "name": {"it": "Senza altro"}, "given": [{"key": "channel", "value": "desk"}], "expected": {"hidden": ["how"]}}]
}`

// tellerOf speaks Italian about contents of a kind.
func tellerOf(t *testing.T, id, schema string, contents ...string) kit.Teller {
	t.Helper()
	read := func(path string) []byte {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	catalogue, err := language.NewCatalogue(kit.Module().Messages)
	if err != nil {
		t.Fatal(err)
	}
	kinds, err := modules.NewKinds([]modules.Module{{ID: "of", Kinds: []modules.Kind{{ID: id, Schema: read(schema), References: []modules.Reference{{Path: "related[]", Kind: "service"}}}}}})
	if err != nil {
		t.Fatal(err)
	}
	ctx := language.WithLanguage(t.Context(), catalogue, language.Italian)
	all := make([][]byte, len(contents))
	for i, one := range contents {
		all[i] = []byte(one)
	}
	return tell.New(ctx, tell.Source{Kinds: kinds, Common: read("../schema/common.json"), Area: kit.AreaLabel}, id, all...)
}

// Places are told by what the contents call their parts, never by the keys of the program.
func TestPlacesAreToldByTheirNames(t *testing.T) {
	t.Parallel()
	say := tellerOf(t, "form", "../schema/form.json", `{"sections": []}`, asked)
	for path, want := range map[string]string{
		"content.sections[contact].items[channel].label.it":       "Sezioni › Il contatto › Domande › Come è arrivata la richiesta › Domanda › in italiano",
		"content.sections[contact].items[channel].options[other]": "Sezioni › Il contatto › Domande › Come è arrivata la richiesta › Risposte possibili › In altro modo",
		"content.sections[contact].items[]":                       "Sezioni › Il contatto › Domande › ordine",
		"content.changes[channel].values[desk].to":                "Risposte date alle versioni precedenti › Come è arrivata la richiesta › Valori › Allo sportello › Valore di adesso",
		"content.tests[none].given[channel].value":                "Prove › Senza altro › Risposte date › Come è arrivata la richiesta › Risposta",
		"content.sections[contact].items[how].from":               "Sezioni › Il contatto › Domande › Quale modo › Parte da",
		"title.it":             "Titolo › in italiano",
		"content":              "Contenuto",
		"sections[gone].label": "Sezioni › gone › Nome",
	} {
		if got := say.Place(path); got != want {
			t.Errorf("%s is told as %q, want %q", path, got, want)
		}
	}
	if got := say.Found("sections[0].items[1].visible"); got != "Sezioni › Il contatto › Domande › Quale modo › Quando compare" {
		t.Errorf("what was found is told as %q", got)
	}
}

// Values are told by what they mean where they stand.
func TestValuesAreToldByTheirMeaning(t *testing.T) {
	t.Parallel()
	form := tellerOf(t, "form", "../schema/form.json", asked)
	steps := tellerOf(t, "workflow", "../../casefile/schema/workflow.json", `{"subject": "case",
		"states": [{"key": "open", "label": {"it": "Aperta"}}, {"key": "shut", "label": {"it": "Chiusa"}}],
		"transitions": [{"key": "close", "from": "open", "to": "shut", "label": {"it": "Chiudi"}, "roles": ["coordinator"]}]}`)
	sheet := tellerOf(t, "service", "../../guide/schema/service.json", `{"related": ["SV-02"], "codings": {"local": "A1", "istat": ["disabili"]}}`)
	titles := kit.Titles{}
	titles.Add("service", "SV-02", language.Text{It: "Prima informazione"})
	sheet = sheet.Naming(titles)
	indicator := tellerOf(t, "indicator", "../../practice/organisation/schema/indicator.json",
		`{"measures": [{"key": "served", "label": {"it": "Persone seguite"}}, {"key": "asked", "label": {"it": "Richieste"}}]}`)
	for _, one := range []struct {
		say             kit.Teller
		path, raw, want string
	}{
		{form, "content.sections[contact].items[how].visible", `"answers.channel == 'other'"`, "«Come è arrivata la richiesta» è «In altro modo»"},
		{form, "content.sections[contact].items[how].required", `true`, "Sì"},
		{form, "content.sections[contact].items[how].type", `"choice"`, "Una scelta"},
		{form, "content.sections[contact].items[how].from", `"contact.channel"`, "Accesso: come è arrivata la persona"},
		{form, "content.changes[channel].values[desk].to", `"other"`, "In altro modo"},
		{form, "content.tests[none].given[channel].value", `"desk"`, "Allo sportello"},
		{form, "content.tests[none].expected.hidden", `["how"]`, "Quale modo"},
		{form, "content.sections[contact].items[]", `["how","channel"]`, "Quale modo, Come è arrivata la richiesta"},
		{form, "content.sections[contact].label", `{"it": "Il contatto", "en": "The contact"}`, "Il contatto"},
		{form, "content.sections[contact].label.it", `"sections"`, "sections"},
		{form, "content.intro", ``, ""},
		{steps, "content.transitions[close].to", `"shut"`, "Chiusa"},
		{steps, "content.transitions[close].roles[coordinator]", `"coordinator"`, "Coordinatore"},
		{steps, "content.transitions[close]", `{"key":"close","from":"open","to":"shut","label":{"it":"Chiudi"},"roles":["coordinator"]}`, "Da quale stato: Aperta; A quale stato: Chiusa; Nome: Chiudi; Chi lo può fare: Coordinatore"},
		{sheet, "content.related", `["SV-02","SV-09"]`, "SV-02 Prima informazione, SV-09"},
		{sheet, "content.codings.istat", `["disabili"]`, "Persone con disabilità"},
		{indicator, "content.formula", `"100.0 * measures.served / measures.asked"`, "100 × «Persone seguite» / «Richieste»"},
	} {
		if got := one.say.Value(one.path, []byte(one.raw)); got != one.want {
			t.Errorf("%s at %s is told as %q, want %q", one.raw, one.path, got, one.want)
		}
	}
	if got := sheet.Place("content.related[SV-02]"); got != "Servizi collegati › SV-02 Prima informazione" {
		t.Errorf("an item that is named is told as %q", got)
	}
}

// A content that was not there before is told member by member, as its schema has them.
func TestAWholeContentIsToldInItsOrder(t *testing.T) {
	t.Parallel()
	say := tellerOf(t, "form", "../schema/form.json", asked)
	var told []string
	for _, change := range say.Whole([]byte(asked)) {
		told = append(told, say.Place(change.Path))
	}
	if len(told) != 3 || told[0] != "Sezioni" || told[2] != "Prove" {
		t.Errorf("it is told as %q", told)
	}
	if got := say.Whole([]byte(`no`)); got != nil {
		t.Errorf("what is no content is told as %v", got)
	}
}

package step

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules/kit"
	"staffetta/tenants"
)

var officer = tenants.Colleague{Account: uuid.MustParse("019a0000-0000-7000-8000-000000000001"), Name: "Ada Bianchi"}

// sources are what a body lets choose from, on a day after one of its terms ended.
func sources() Sources {
	return Sources{
		vocabularies: map[string]*kit.Vocabulary{
			"VO-01": {Values: []kit.VocabularyTerm{
				{Key: "sent", Label: kit.Text{IT: "Inviato", EN: "Sent"}, Group: "cause"},
				{Key: "old", Label: kit.Text{IT: "Di una volta"}, Group: "cause", To: "2020-12-31"},
				{Key: "other", Label: kit.Text{IT: "Altro"}, Group: "outcome"},
			}},
			"VO-02": {Values: []kit.VocabularyTerm{{Key: "old", To: "2020-12-31"}}},
		},
		people: []tenants.Colleague{officer},
		day:    time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC),
	}
}

func fields() []kit.WorkflowField {
	field := func(key, kind, vocabulary string) kit.WorkflowField {
		return kit.WorkflowField{Key: key, Label: kit.Text{IT: "Campo " + key, EN: "Field " + key}, Type: kind, Vocabulary: vocabulary}
	}
	return []kit.WorkflowField{
		field("note", "text", ""), field("story", "longtext", ""), field("day", "date", ""), field("hours", "number", ""), field("cause", "choice", "VO-01"),
		field("gone", "choice", "VO-02"), field("unused", "choice", "VO-09"), field("officer", "account", ""), field("paper", "document", ""),
	}
}

func TestEachFieldHasItsOwnControl(t *testing.T) {
	t.Parallel()
	type control struct {
		ID, Name, Label string
		Kind            component.FieldKind
		Options         []string
	}
	var got []control
	for _, f := range sources().Ask(fields(), true).Fields(t.Context(), "end-", nil, nil) {
		c := control{ID: f.ID, Name: f.Name, Label: f.Label, Kind: f.Kind}
		for _, o := range f.Options {
			c.Options = append(c.Options, o.Label)
		}
		if !f.Required {
			t.Errorf("%s may be left out", f.Name)
		}
		if (f.Hint != "") != (f.Name == "a.paper") {
			t.Errorf("%s has the hint %q", f.Name, f.Hint)
		}
		got = append(got, c)
	}
	of := func(key string, kind component.FieldKind, options ...string) control {
		return control{"end-a-" + key, "a." + key, "Campo " + key, kind, options}
	}
	want := []control{
		of("note", component.Text), of("story", component.LongText), of("day", component.Appointed), of("hours", component.Number), of("cause", component.Radios, "Inviato"),
		of("gone", component.Text), of("unused", component.Text), of("officer", component.Radios, "Ada Bianchi"), of("paper", component.Text),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWhatIsGivenIsReadByItsType(t *testing.T) {
	t.Parallel()
	asked := sources().Ask(fields(), true)
	typed := map[string][]string{
		"a.note": {" Detto "}, "a.story": {"Prima riga\nseconda"}, "a.day": {"3/11/2026"}, "a.hours": {"1,5"}, "a.cause": {"sent"}, "a.gone": {"Altro"},
		"a.unused": {"Per caso"}, "a.officer": {officer.Account.String()}, "a.paper": {"Prot. 12/2026"},
	}
	given, err := asked.Check(asked.Read(typed))
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(given)
	if err != nil {
		t.Fatal(err)
	}
	var stored []Given
	if err := json.Unmarshal(raw, &stored); err != nil {
		t.Fatal(err)
	}
	said := func(lang string) (lines []string) {
		ctx := language.WithLanguage(t.Context(), nil, lang)
		for _, g := range stored {
			lines = append(lines, g.Line(ctx))
		}
		return lines
	}
	want := []string{
		"Campo note: Detto", "Campo story: Prima riga\nseconda", "Campo day: 03/11/2026", "Campo hours: 1,5", "Campo cause: Inviato", "Campo gone: Altro",
		"Campo unused: Per caso", "Campo officer: Ada Bianchi", "Campo paper: Prot. 12/2026",
	}
	if diff := cmp.Diff(want, said(language.Italian)); diff != "" {
		t.Errorf("in Italian (-want +got):\n%s", diff)
	}
	if got := said(language.English); got[3] != "Field hours: 1.5" || got[4] != "Field cause: Sent" {
		t.Errorf("in English %q", got)
	}
	if stored[2].Value != "2026-11-03" || stored[3].Value != 1.5 || stored[7].Value != officer.Account.String() {
		t.Errorf("values %v, %v, %v", stored[2].Value, stored[3].Value, stored[7].Value)
	}
	typed["a.day"], typed["a.hours"], typed["a.cause"], typed["a.officer"], typed["a.paper"] = []string{"31/2/2026"}, []string{"molte"}, []string{"old"}, []string{uuid.NewString()}, []string{"  "}
	typed["a.note"], typed["a.else"] = []string{strings.Repeat("a", textLength+1)}, []string{"x"}
	_, err = asked.Check(asked.Read(typed))
	var names []string
	for _, f := range problem.Of(err).Fields {
		names = append(names, strings.TrimPrefix(f.Name, kit.AnswerField)+" "+f.Message.Key)
	}
	faults := []string{
		"else kit.answer.unknown", "note kit.answer.too_long", "day kit.answer.date", "hours kit.answer.decimal", "cause kit.answer.option",
		"officer kit.answer.option", "paper kit.answer.required",
	}
	if diff := cmp.Diff(faults, names); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
}

func TestWordsAloneAnswerTheOnlyQuestionInWords(t *testing.T) {
	t.Parallel()
	from, all := sources(), fields()
	for name, test := range map[string]struct {
		fields []kit.WorkflowField
		key    string
	}{
		"nothing": {nil, ""}, "a text": {all[:1], "note"}, "a long one": {all[1:2], "story"}, "two texts": {all[:2], ""}, "a day": {all[2:3], ""}, "a choice": {all[4:5], ""},
		"a choice of nothing": {all[5:6], "gone"},
	} {
		if key, alone := from.Ask(test.fields, true).InWords(); key != test.key || alone != (test.key != "") {
			t.Errorf("%s: %q, %v", name, key, alone)
		}
	}
}

func TestWhatIsGivenAgainReplaces(t *testing.T) {
	t.Parallel()
	was, now := []Given{{Key: "a", Value: "1"}, {Key: "b", Value: "2"}}, []Given{{Key: "b", Value: "3"}, {Key: "c", Value: "4"}}
	want := []Given{{Key: "a", Value: "1"}, {Key: "b", Value: "3"}, {Key: "c", Value: "4"}}
	if diff := cmp.Diff(want, Replace(was, now)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got, err := sources().Ask(fields(), false).Check(nil); err != nil || len(got) != 0 {
		t.Errorf("what may be left out: %v, %v", got, err)
	}
}

package guide_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules/guide/catalogue"
	"staffetta/modules/kit"
)

// catalogued is two bodies with the services, vocabularies and workflows of the CID, and the catalogue.
func catalogued(t *testing.T) (stage, *catalogue.Service) {
	t.Helper()
	st, _ := brought(t)
	return st, catalogue.NewService(st.deps)
}

func entryKeys(t *testing.T, entries []catalogue.Entry, err error) string {
	t.Helper()
	fatal(t, err)
	var keys []string
	for _, e := range entries {
		keys = append(keys, e.Key)
	}
	return strings.Join(keys, " ")
}

func TestCatalogueFindsWhatLacksACode(t *testing.T) {
	t.Parallel()
	st, c := catalogued(t)
	for name, one := range map[string]struct {
		query catalogue.Query
		want  string
	}{
		"all":          {catalogue.Query{}, "SV-01 SV-02 SV-03 SV-04 SV-05 SV-06 SV-07 SV-08 SV-09 SV-10 SV-11 SV-12"},
		"no benefit":   {catalogue.Query{Lacks: catalogue.SIUSS}, "SV-01 SV-02 SV-03 SV-04 SV-12"},
		"no own code":  {catalogue.Query{Lacks: catalogue.Local}, ""},
		"by code":      {catalogue.Query{Text: "a2.07"}, "SV-05"},
		"by words":     {catalogue.Query{Text: "domiciliare assistenza"}, "SV-05"},
		"by area":      {catalogue.Query{Area: "anziani", Text: "domiciliare"}, "SV-05"},
		"another area": {catalogue.Query{Area: "dipendenze", Text: "domiciliare"}, ""},
	} {
		found, err := c.Find(t.Context(), st.owner, one.query)
		if got := entryKeys(t, found, err); got != one.want {
			t.Errorf("%s: got %q, want %q", name, got, one.want)
		}
	}
	for _, e := range must(c.Find(t.Context(), st.owner, catalogue.Query{})) {
		if e.Codings.SIUSS != "" && catalogue.Benefit(e.Codings.SIUSS) == "" {
			t.Errorf("%s: %s is no benefit of the SIUSS", e.Key, e.Codings.SIUSS)
		}
	}
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// The 105 codes of INPS, each as the schema of services wants it.
func TestBenefitsAreThoseOfINPS(t *testing.T) {
	t.Parallel()
	if n := len(catalogue.Benefits()); n != 105 {
		t.Errorf("%d codes", n)
	}
	if catalogue.Benefit("A2.07") == "" || catalogue.Benefit("A2.99") != "" || catalogue.Benefit("") != "" {
		t.Error("a code is taken for another")
	}
}

// Codes are a draft: what citizens read, and the other body, stay until somebody publishes it.
func TestCodesAreADraftUntilPublished(t *testing.T) {
	t.Parallel()
	st, c := catalogued(t)
	items := kit.NewItems(st.deps)
	before := must(c.Get(t.Context(), st.owner, "SV-01"))
	given := kit.Codings{Local: " CID-X ", SIUSS: "a2.07", ISTAT: []string{"anziani", "anziani"}}
	fatal(t, c.Code(t.Context(), st.owner, "SV-01", before.Revision, given))

	e := must(c.Get(t.Context(), st.owner, "SV-01"))
	want := kit.Codings{Local: "CID-X", SIUSS: "A2.07", ISTAT: []string{"anziani"}}
	if diff := cmp.Diff(want, e.Codings); diff != "" || !e.Drafted {
		t.Errorf("drafted %v (-want +got):\n%s", e.Drafted, diff)
	}
	if foreign := must(c.Get(t.Context(), st.foreign, "SV-01")); foreign.Drafted {
		t.Error("the other body has a draft")
	}
	used := must(kit.ParseService(must(items.Get(t.Context(), st.owner, kit.KindService, "SV-01")).Content))
	if diff := cmp.Diff(before.Codings, used.Codings); diff != "" {
		t.Errorf("in use before it is published (-want +got):\n%s", diff)
	}
	if err := c.Code(t.Context(), st.owner, "SV-01", before.Revision, given); !problem.Is(err, problem.Conflict) {
		t.Errorf("over what somebody else saved: %v", err)
	}
	must(items.Publish(t.Context(), st.owner, kit.Step{Kind: kit.KindService, Key: "SV-01", Revision: e.Revision, Reason: "codici"}))
	now := must(kit.ParseService(must(items.Get(t.Context(), st.owner, kit.KindService, "SV-01")).Content))
	used.Codings = want
	if diff := cmp.Diff(used, now); diff != "" {
		t.Errorf("more than the codes changed (-want +got):\n%s", diff)
	}
}

func TestCodesAreRefusedByField(t *testing.T) {
	t.Parallel()
	st, c := catalogued(t)
	right := kit.Codings{Local: "X", SIUSS: "A2.07", ISTAT: []string{"anziani"}}
	for name, one := range map[string]struct {
		field string
		spoil func(*kit.Codings)
	}{
		"no own code":        {catalogue.Local, func(c *kit.Codings) { c.Local = " " }},
		"a long one":         {catalogue.Local, func(c *kit.Codings) { c.Local = strings.Repeat("x", 65) }},
		"no such benefit":    {catalogue.SIUSS, func(c *kit.Codings) { c.SIUSS = "A2.99" }},
		"no area":            {catalogue.ISTAT, func(c *kit.Codings) { c.ISTAT = nil }},
		"an area of no list": {catalogue.ISTAT, func(c *kit.Codings) { c.ISTAT = []string{"adulti"} }},
	} {
		given := right
		one.spoil(&given)
		err := c.Code(t.Context(), st.owner, "SV-01", 1, given)
		if fields := problem.Of(err).Fields; len(fields) != 1 || fields[0].Name != one.field {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := c.Code(t.Context(), st.owner, "SV-99", 1, right); !problem.Is(err, problem.NotFound) {
		t.Errorf("no such service: %v", err)
	}
}

// What is exported is read back and changes nothing; what is corrected in it becomes drafts, all of them or none.
func TestTableOfCodes(t *testing.T) {
	t.Parallel()
	st, c := catalogued(t)
	exported := catalogue.Export(must(c.Find(t.Context(), st.owner, catalogue.Query{})))
	lines := must(c.Plan(t.Context(), st.owner, exported))
	if len(lines) != 12 || slices.ContainsFunc(lines, func(l catalogue.Line) bool { return l.Do != catalogue.Keep }) {
		t.Fatalf("the codes of today change something: %+v", lines)
	}
	if _, err := c.Apply(t.Context(), st.owner, exported); !problem.Is(err, problem.Invalid) {
		t.Errorf("nothing to change: %v", err)
	}
	heads := "codice;codice locale;codice siuss;aree istat\n"
	right := heads + "sv-01;X-1;A2.07;anziani, disabili\nSV-02;X-2;;multiutenza\n"
	wrong := right + "SV-03;=1+1;;anziani\nSV-99;X;;anziani\nSV-04;X;A2.99;anziani\nSV-01;X;;anziani\n"
	var got []string
	for _, l := range must(c.Plan(t.Context(), st.owner, []byte(wrong))) {
		got = append(got, l.Do)
	}
	if diff := cmp.Diff([]string{"change", "change", "wrong", "wrong", "wrong", "wrong"}, got); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
	if _, err := c.Apply(t.Context(), st.owner, []byte(wrong)); !problem.Is(err, problem.Invalid) {
		t.Errorf("with wrong lines: %v", err)
	}
	if drafted(t, st, c) != "" {
		t.Fatal("wrong lines left drafts")
	}
	must(c.Apply(t.Context(), st.owner, []byte(right)))
	if got := drafted(t, st, c); got != "SV-01 SV-02" {
		t.Errorf("drafts of %q", got)
	}
	want := kit.Codings{Local: "X-1", SIUSS: "A2.07", ISTAT: []string{"disabili", "anziani"}} // disabili was there
	if diff := cmp.Diff(want, must(c.Get(t.Context(), st.owner, "SV-01")).Codings); diff != "" {
		t.Errorf("SV-01 (-want +got):\n%s", diff)
	}
	for name, content := range map[string]string{"nothing": " ", "heads alone": heads, "no areas": "codice;codice locale;codice siuss\nSV-01;X;\n", "too large": heads + strings.Repeat("x", 140<<10)} {
		if _, err := c.Plan(t.Context(), st.owner, []byte(content)); !problem.Is(err, problem.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func drafted(t *testing.T, st stage, c *catalogue.Service) string {
	t.Helper()
	found, err := c.Find(t.Context(), st.owner, catalogue.Query{})
	return entryKeys(t, slices.DeleteFunc(found, func(e catalogue.Entry) bool { return !e.Drafted }), err)
}

// A vocabulary says how many terms it offers today, and in which questions.
func TestListsSayWhereTheyAppear(t *testing.T) {
	t.Parallel()
	st, c := catalogued(t)
	content := must(json.Marshal(map[string]any{"values": []map[string]any{
		{"key": "a", "label": kit.Text{IT: "Prima"}, "group": "reason"},
		{"key": "b", "label": kit.Text{IT: "Seconda"}, "group": "reason", "to": "2020-01-01"},
		{"key": "c", "label": kit.Text{IT: "Terza"}, "group": "outcome"},
	}}))
	path := must(json.Marshal(map[string]any{
		"subject": "case", "fields": []map[string]any{
			{"key": "reason", "label": kit.Text{IT: "Motivo"}, "type": "choice", "vocabulary": "VO-X"},
			{"key": "note", "label": kit.Text{IT: "Nota"}, "type": "text"},
		},
		"states":      []map[string]any{{"key": "new", "label": kit.Text{IT: "Nuovo"}, "initial": true}, {"key": "end", "label": kit.Text{IT: "Chiuso"}, "final": true}},
		"transitions": []map[string]any{{"key": "close", "from": "new", "to": "end", "label": kit.Text{IT: "Chiudi"}, "roles": []string{"coordinator"}, "requires": []string{"reason"}}},
	}))
	st.put(t, st.owner, kit.Change{Source: kit.Source{Kind: kit.KindWorkflow, Key: "WF-X", Title: kit.Text{IT: "Percorso"}, Content: path}, Adaptation: kit.Local, Reason: "prova"})
	items := kit.NewItems(st.deps)
	draft := must(items.SaveDraft(t.Context(), st.owner, kit.Edit{Source: kit.Source{Kind: kit.KindVocabulary, Key: "VO-X", Title: kit.Text{IT: "Motivi"}, Content: content}}))
	must(items.Publish(t.Context(), st.owner, kit.Step{Kind: kit.KindVocabulary, Key: "VO-X", Revision: draft.Revision, Reason: "prova"}))
	lists := must(c.FindLists(t.Context(), st.owner))
	if len(lists) != 1 || lists[0].Offered != 2 || lists[0].Ended != 1 {
		t.Fatalf("lists %+v", lists)
	}
	want := []catalogue.Place{{Workflow: "WF-X", Title: language.Text{It: "Percorso"}, Field: kit.Text{IT: "Motivo"}, Terms: 1}}
	if diff := cmp.Diff(want, lists[0].Places); diff != "" {
		t.Errorf("where (-want +got):\n%s", diff)
	}
	if none := must(c.FindLists(t.Context(), st.foreign)); len(none) != 0 {
		t.Errorf("the other body has %+v", none)
	}
}

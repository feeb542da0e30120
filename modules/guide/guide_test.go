package guide_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2/humatest"
	"github.com/google/go-cmp/cmp"

	"staffetta/internal/problem"
	"staffetta/internal/testdb"
	"staffetta/migrations"
	"staffetta/modules"
	"staffetta/modules/guide"
	"staffetta/modules/kit"
	"staffetta/modules/practice/cid"
	"staffetta/tenants"
)

func TestMain(m *testing.M) { testdb.Main(m) }

func fatal(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// stage is two bodies with the guide: who looks after it in each, and what citizens of each are.
type stage struct {
	*testdb.Database
	deps           modules.Deps
	owner, foreign tenants.Scope // who looks after items
	with, without  tenants.Scope // citizens have no account: a scope has a body and nothing else
}

func open(t *testing.T) stage {
	t.Helper()
	paths := modules.Module{ID: "paths", Kinds: []modules.Kind{kit.Declare(modules.Kind{ID: kit.KindWorkflow, Schema: []byte(`{"type": "object"}`)}, kit.ValidateWorkflow)}}
	list := []modules.Module{kit.Module(), guide.Module(), paths}
	d := testdb.New(t, migrations.Line{ID: "kit", FS: list[0].Migrations})
	kinds, err := modules.NewKinds(list)
	fatal(t, err)
	one, two := d.Body(t, "marsala"), d.Body(t, "mazara")
	bodies, err := tenants.NewDirectory(t.Context(), d.DB)
	fatal(t, err)
	return stage{
		Database: d, deps: modules.Deps{DB: d.DB, Bodies: bodies, Platform: modules.Platform{Kinds: kinds}},
		owner: d.Operator(t, one, "practice_owner"), foreign: d.Operator(t, two, "practice_owner"),
		with: tenants.Scope{Tenant: one.ID, Slug: one.Slug}, without: tenants.Scope{Tenant: two.ID, Slug: two.Slug},
	}
}

// services are those of the CID.
func services(t *testing.T) (list []kit.Source) {
	t.Helper()
	sources, err := cid.Items()
	fatal(t, err)
	for _, source := range sources {
		if source.Kind == kit.KindService {
			list = append(list, source)
		}
	}
	return list
}

// newStage is a body that has published the services of the CID as its own, and one that has none.
func newStage(t *testing.T) (deps modules.Deps, with, without tenants.Scope) {
	t.Helper()
	st := open(t)
	var changes []kit.Change
	for _, source := range services(t) {
		changes = append(changes, kit.Change{Source: source, Adaptation: kit.Local, Reason: "prova"})
	}
	st.put(t, st.owner, changes...)
	return st.deps, st.with, st.without
}

func keys(sheets []guide.Sheet) string {
	var all []string
	for _, sheet := range sheets {
		all = append(all, sheet.Key)
	}
	return strings.Join(all, " ")
}

func TestFindServices(t *testing.T) {
	t.Parallel()
	deps, with, without := newStage(t)
	service := guide.NewService(deps)
	all, areas, err := service.Find(t.Context(), with, guide.Query{})
	fatal(t, err)
	if len(all) != 12 || len(areas) == 0 {
		t.Fatalf("found %s, areas %v", keys(all), areas)
	}
	for i := 1; i < len(all); i++ {
		if strings.ToLower(all[i-1].Title.It) > strings.ToLower(all[i].Title.It) {
			t.Errorf("%q stands before %q", all[i-1].Title.It, all[i].Title.It)
		}
	}
	for name, test := range map[string]struct {
		query guide.Query
		want  string
	}{
		"title":     {guide.Query{Text: "TRASPORTO sociale"}, "SV-07"},
		"nothing":   {guide.Query{Text: "astronomia"}, ""},
		"no area":   {guide.Query{Area: "nessuna"}, ""},
		"both fail": {guide.Query{Text: "trasporto", Area: "nessuna"}, ""},
	} {
		found, _, err := service.Find(t.Context(), with, test.query)
		fatal(t, err)
		if diff := cmp.Diff(test.want, keys(found)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	for _, area := range areas {
		if found, _, err := service.Find(t.Context(), with, guide.Query{Area: area}); err != nil || len(found) == 0 {
			t.Errorf("area %s: %d, %v", area, len(found), err)
		}
	}
	none, _, err := service.Find(t.Context(), without, guide.Query{})
	fatal(t, err)
	if len(none) != 0 {
		t.Errorf("another body offers %s", keys(none))
	}
	_, err = service.Get(t.Context(), without, "SV-01")
	if problem.Of(err).Kind != problem.NotFound {
		t.Errorf("another body's sheet: %v", err)
	}
}

// TestPagesSpeakToCitizens looks at what every sheet of the kit shows: no codes, no page that there is not, no number twice.
func TestPagesSpeakToCitizens(t *testing.T) {
	t.Parallel()
	deps, with, _ := newStage(t)
	parts, err := guide.Module().New(deps)
	fatal(t, err)
	list, err := parts.Pages[0].Handle(httptest.NewRequest(http.MethodGet, "/servizi", nil), with)
	fatal(t, err)
	for _, option := range list.Data.(guide.ServicesPage).Area.Options {
		if option.Label == "" || option.Label == option.Value {
			t.Errorf("the area %q is called %q", option.Value, option.Label)
		}
	}
	for _, card := range list.Data.(guide.ServicesPage).Cards.Items {
		r := httptest.NewRequest(http.MethodGet, card.URL, nil)
		r.SetPathValue("key", strings.TrimPrefix(card.URL, "/servizi/"))
		view, err := parts.Pages[1].Handle(r, with)
		fatal(t, err)
		page := view.Data.(guide.ServicePage)
		for part, texts := range map[string][]string{
			"who": page.Audience, "how": page.How, "what": page.Outcome, "documents": page.Needed, "times": page.Times,
			"where": {page.Access, page.Contacts}, "costs": {page.Costs},
		} {
			if len(texts) == 0 {
				t.Errorf("%s does not say %s", card.Title, part)
			}
			for _, text := range texts {
				if text == "" || strings.Contains(text, "pagina") || doubled.MatchString(text) {
					t.Errorf("%s, %s: %q", card.Title, part, text)
				}
			}
		}
		all := strings.Join(slices.Concat(page.Description, page.Audience, page.How, page.Outcome), " ")
		if strings.Contains(all, "UVM") && !strings.Contains(all, "gruppo di professionisti") && !strings.Contains(all, "unità di valutazione multidimensionale") {
			t.Errorf("%s does not say what the UVM is", card.Title)
		}
	}
}

// doubled is a number of days told in words and again in brackets.
var doubled = regexp.MustCompile(`giorni.*\)$`)

func TestOperations(t *testing.T) {
	t.Parallel()
	deps, with, without := newStage(t)
	parts, err := guide.Module().New(deps)
	fatal(t, err)
	_, api := humatest.New(t)
	for _, o := range parts.Operations {
		o.Register(api)
	}
	ctx := tenants.WithScope(t.Context(), with)
	if list := api.GetCtx(ctx, "/services?q=trasporto"); list.Code != http.StatusOK || strings.Count(list.Body.String(), `"key"`) != 1 {
		t.Errorf("list: %d %s", list.Code, list.Body)
	}
	if sheet := api.GetCtx(ctx, "/services/SV-07"); sheet.Code != http.StatusOK || !strings.Contains(sheet.Body.String(), "A2.14") {
		t.Errorf("get: %d %s", sheet.Code, sheet.Body)
	}
	if foreign := api.GetCtx(tenants.WithScope(t.Context(), without), "/services/SV-07"); foreign.Code == http.StatusOK {
		t.Errorf("another body: %d %s", foreign.Code, foreign.Body)
	}
}

package guide_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2/humatest"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/guide"
	"staffetta/modules/kit"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// brought is two bodies with the services of the CID, of which the last three came with a kit.
func brought(t *testing.T) (st stage, from map[string]kit.Source) {
	t.Helper()
	st = open(t)
	from = map[string]kit.Source{}
	var changes []kit.Change
	for _, source := range services(t) {
		from[source.Key] = source
		change := kit.Change{Source: source, Adaptation: kit.Local, Reason: "prova"}
		if source.Key >= "SV-10" {
			change.Adaptation, change.Origin = kit.Adopted, kit.Origin{Practice: uuid.Must(uuid.NewV7()), Kit: uuid.Must(uuid.NewV7()), Version: "1.0.0", Key: source.Key, Base: source.Content}
		}
		changes = append(changes, change)
	}
	st.put(t, st.owner, changes...)
	st.put(t, st.foreign, changes...)
	return st, from
}

func TestOnlyWhatCameWithAKitIsChosen(t *testing.T) {
	t.Parallel()
	st, _ := brought(t)
	g := guide.NewService(st.deps)
	listings, err := g.FindListings(t.Context(), st.owner)
	fatal(t, err)
	var got []string
	for _, l := range listings {
		if !l.Shown {
			t.Errorf("%s waits, though nobody has said so", l.Key)
		}
		got = append(got, l.Key)
	}
	if diff := cmp.Diff([]string{"SV-10", "SV-11", "SV-12"}, got); diff != "" {
		t.Errorf("to choose (-want +got):\n%s", diff)
	}
	for name, keys := range map[string][]string{"nothing": nil, "its own": {"SV-01"}, "an unknown one": {"SV-10", "SV-99"}, "no key": {""}} {
		if err := g.Show(t.Context(), st.owner, keys, false); !problem.Is(err, problem.NotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if found, _, err := g.Find(t.Context(), st.with, guide.Query{}); err != nil || len(found) != 12 {
		t.Errorf("after refusals citizens see %s: %v", keys(found), err)
	}
}

// What is taken away is found nowhere by anybody, in this body alone.
func TestWhatIsTakenAwayIsFoundNowhere(t *testing.T) {
	t.Parallel()
	st, from := brought(t)
	g := guide.NewService(st.deps)
	fatal(t, g.Show(t.Context(), st.owner, []string{"SV-11", "SV-12"}, false))
	words := from["SV-12"].Title.IT
	for name, s := range map[string]tenants.Scope{"citizens": st.with, "who took it away": st.owner} {
		found, areas, err := g.Find(t.Context(), s, guide.Query{})
		fatal(t, err)
		if strings.Contains(keys(found), "SV-11") || strings.Contains(keys(found), "SV-12") || len(found) != 10 || len(areas) == 0 {
			t.Errorf("%s find %s", name, keys(found))
		}
		if found, _, err := g.Find(t.Context(), s, guide.Query{Text: words}); err != nil || strings.Contains(keys(found), "SV-12") {
			t.Errorf("%s find %s by its words: %v", name, keys(found), err)
		}
		if _, err := g.Get(t.Context(), s, "SV-12"); !problem.Is(err, problem.NotFound) {
			t.Errorf("%s open it: %v", name, err)
		}
	}
	if _, err := g.Get(t.Context(), st.without, "SV-12"); err != nil {
		t.Errorf("the other body's: %v", err)
	}
	fatal(t, g.Show(t.Context(), st.owner, []string{"SV-11", "SV-12", "SV-12"}, true))
	fatal(t, g.Show(t.Context(), st.owner, []string{"SV-12"}, true)) // it is so already
	if _, err := g.Get(t.Context(), st.with, "SV-12"); err != nil {
		t.Errorf("shown again: %v", err)
	}
	rows, err := st.Owner.Query(t.Context(), `select action || ' ' || (payload->>'services') from audit.events where tenant_id = $1 and action like 'guide.%' order by at`, st.owner.Tenant)
	fatal(t, err)
	var told []string
	for rows.Next() {
		var one string
		fatal(t, rows.Scan(&one))
		told = append(told, one)
	}
	if diff := cmp.Diff([]string{`guide.hide ["SV-11", "SV-12"]`, `guide.show ["SV-11", "SV-12"]`}, told); diff != "" {
		t.Errorf("the audit tells (-want +got):\n%s", diff)
	}
}

func TestListingsPage(t *testing.T) {
	t.Parallel()
	st, _ := brought(t)
	parts, err := guide.Module().New(st.deps)
	fatal(t, err)
	page := func(s tenants.Scope) guide.ListingsPage {
		t.Helper()
		view, err := parts.Pages[3].Handle(httptest.NewRequest(http.MethodGet, "/guida", nil), s)
		fatal(t, err)
		return view.Data.(guide.ListingsPage)
	}
	send := func(form url.Values) (modules.View, error) {
		r := httptest.NewRequest(http.MethodPost, "/guida", strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		return parts.Pages[4].Handle(r, st.owner)
	}
	if _, err := send(url.Values{}); !problem.Is(err, problem.NotFound) {
		t.Errorf("with nothing: %v", err)
	}
	for _, key := range []string{"SV-10", "SV-11"} {
		view, err := send(url.Values{"togli": {key}})
		fatal(t, err)
		if view.Redirect != "/guida" || view.Flash.Key != "guide.listing.now_hidden" {
			t.Errorf("taken away: %+v", view)
		}
	}
	waiting := page(st.owner)
	var buttons []string
	for _, row := range waiting.Table.Rows {
		buttons = append(buttons, row.Cells[2].Button.Name+" "+row.Cells[2].Button.Value)
	}
	if diff := cmp.Diff([]string{"mostra SV-10", "mostra SV-11", "togli SV-12"}, buttons); diff != "" {
		t.Errorf("the buttons (-want +got):\n%s", diff)
	}
	for range 2 { // the second time there is nothing to show
		if _, err := send(url.Values{waiting.All.Name: {waiting.All.Value}}); err != nil {
			t.Errorf("all: %v", err)
		}
	}
	if shown := page(st.owner); shown.All != nil {
		t.Error("after all are shown, some wait")
	}
	if others := page(st.foreign); others.All != nil || len(others.Table.Rows) != 3 {
		t.Errorf("another body's page: %+v", others)
	}
}

func TestListingsThroughTheAPI(t *testing.T) {
	t.Parallel()
	st, _ := brought(t)
	parts, err := guide.Module().New(st.deps)
	fatal(t, err)
	_, api := humatest.New(t)
	for _, o := range parts.Operations {
		o.Register(api)
	}
	ctx := tenants.WithScope(t.Context(), st.owner)
	hidden := api.PutCtx(ctx, "/guide-services", map[string]any{"services": []string{"SV-10"}, "shown": false})
	if hidden.Code != http.StatusOK || strings.Count(hidden.Body.String(), `"shown":false`) != 1 || strings.Count(hidden.Body.String(), `"shown":true`) != 2 {
		t.Errorf("taken away: %d %s", hidden.Code, hidden.Body)
	}
	if list := api.GetCtx(ctx, "/guide-services"); list.Body.String() != hidden.Body.String() {
		t.Errorf("the list tells %s", list.Body)
	}
	citizen := tenants.WithScope(t.Context(), st.with)
	if sheet := api.GetCtx(citizen, "/services/SV-10"); sheet.Code < 400 {
		t.Errorf("citizens get %d", sheet.Code)
	}
	if list := api.GetCtx(citizen, "/services"); strings.Contains(list.Body.String(), "SV-10") || !strings.Contains(list.Body.String(), "SV-11") {
		t.Errorf("citizens list %s", list.Body)
	}
	if none := api.PutCtx(ctx, "/guide-services", map[string]any{"services": []string{"SV-01"}, "shown": false}); none.Code < 400 {
		t.Errorf("its own service: %d", none.Code)
	}
	if empty := api.PutCtx(ctx, "/guide-services", map[string]any{"services": []string{}, "shown": false}); empty.Code != http.StatusUnprocessableEntity {
		t.Errorf("none: %d", empty.Code)
	}
}

// put writes items of a body.
func (st stage) put(t *testing.T, s tenants.Scope, changes ...kit.Change) {
	t.Helper()
	fatal(t, st.deps.DB.InTx(t.Context(), s, func(tx tenants.Tx) error {
		if _, err := kit.NewItems(st.deps).Put(t.Context(), tx, s, changes); err != nil {
			return err
		}
		return audit.Write(t.Context(), tx, s, audit.Event{Action: "adoption.apply"}) // whoever puts items says why
	}))
}

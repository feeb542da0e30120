package practice_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"staffetta/modules/kit"
	"staffetta/modules/practice/catalogue"
	"staffetta/modules/practice/release"
	"staffetta/modules/practice/upgrade"
	"staffetta/tenants"
)

// shelve puts a published practice of a body into the catalogue, as another program could have.
func (st *stage) shelve(t *testing.T, body tenants.Tenant, title string, sheet release.Sheet) uuid.UUID {
	t.Helper()
	raw, err := json.Marshal(sheet)
	fatal(t, err)
	practice := uuid.Must(uuid.NewV7())
	_, err = st.Owner.Exec(t.Context(), `insert into commons.practices (id, tenant_id, body, key) values ($1, $2, $3, 'PRATICA')`, practice, body.ID, body.Name)
	fatal(t, err)
	st.reissue(t, practice, "1.0.0", title, raw)
	return practice
}

func (st *stage) reissue(t *testing.T, practice uuid.UUID, release, title string, sheet []byte) {
	t.Helper()
	_, err := st.Owner.Exec(t.Context(), `insert into commons.kits (id, practice_id, release, number, title_it, owner, licence, sheet, completeness, hash)
		values ($1, $2, $3, string_to_array($3, '.')::int[], $4, 'Comune', 'CC-BY-4.0', $5, 50, repeat('0', 64))`, uuid.Must(uuid.NewV7()), practice, release, title, string(sheet))
	fatal(t, err)
}

func about(area, istat, target, solution string) release.Sheet {
	s := sheet()
	s.Registry.Area, s.Registry.CedingBody.ISTAT = area, istat
	s.Registry.Targets = []kit.Text{{IT: target}}
	s.Characteristics.Solution = kit.Text{IT: solution, EN: "Something lunar"}
	return s
}

// titles asks the catalogue and lists what it finds, in order.
func (st *stage) titles(t *testing.T, q catalogue.Search) []string {
	t.Helper()
	found, err := st.catalogue.FindOffers(t.Context(), st.third, q)
	fatal(t, err)
	list := []string{}
	for _, offer := range found.Offers {
		list = append(list, offer.Title.It)
	}
	return list
}

func TestCatalogueFindsAndFilters(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	desk := st.shelve(t, st.giver, "Sportello per la disabilità", about("disabili", "081011", "Famiglie", "Un servizio di informazioni per la città"))
	st.shelve(t, st.other, "Pasti a casa", about("anziani", "058091", "Anziani soli", "Volontari portano i pasti"))
	st.shelve(t, st.giver, "Compiti insieme", about("famiglia_minori", "", "Famiglie", "Dopo la scuola, l'informatica e lo sport"))
	st.publish(t, st.install(t, question("QU-01", "Uno")), "1.0.0")
	for name, c := range map[string]struct {
		search catalogue.Search
		want   []string
	}{
		"everything":            {catalogue.Search{}, []string{"Compiti insieme", "Pasti a casa", "Pratica di prova", "Sportello per la disabilità"}},
		"by stem":               {catalogue.Search{Words: "informazione"}, []string{"Sportello per la disabilità"}},
		"by beginning":          {catalogue.Search{Words: "infor"}, []string{"Compiti insieme", "Sportello per la disabilità"}},
		"without accent":        {catalogue.Search{Words: "DISABILITA"}, []string{"Sportello per la disabilità"}},
		"apostrophe":            {catalogue.Search{Words: "l’informatica"}, []string{"Compiti insieme"}},
		"all words":             {catalogue.Search{Words: "sportello pasti"}, []string{}},
		"English":               {catalogue.Search{Words: "lunar pasti"}, []string{"Pasti a casa"}},
		"ceding body":           {catalogue.Search{Words: "mazara"}, []string{"Pasti a casa"}},
		"title before text":     {catalogue.Search{Words: "s"}, []string{"Sportello per la disabilità", "Compiti insieme", "Pasti a casa", "Pratica di prova"}},
		"only signs":            {catalogue.Search{Words: " &|!:*'\\ "}, []string{"Compiti insieme", "Pasti a casa", "Pratica di prova", "Sportello per la disabilità"}},
		"key of a sheet":        {catalogue.Search{Words: "cedingBody"}, []string{}},
		"area":                  {catalogue.Search{Area: "anziani"}, []string{"Pasti a casa"}},
		"target":                {catalogue.Search{Target: "Famiglie"}, []string{"Compiti insieme", "Sportello per la disabilità"}},
		"region":                {catalogue.Search{Region: "19"}, []string{"Sportello per la disabilità"}},
		"size":                  {catalogue.Search{Size: "more"}, []string{"Pasti a casa"}},
		"size and region":       {catalogue.Search{Size: "more", Region: "19"}, []string{}},
		"adopters":              {catalogue.Search{Adopters: 1}, []string{}},
		"maturity":              {catalogue.Search{Maturity: catalogue.Transferred}, []string{}},
		"offered":               {catalogue.Search{Maturity: catalogue.Offered, Area: "disabili"}, []string{"Sportello per la disabilità"}},
		"alive":                 {catalogue.Search{Alive: 12}, []string{}},
		"a cursor that is none": {catalogue.Search{After: "%%%", Area: "anziani"}, []string{"Pasti a casa"}},
	} {
		if got := st.titles(t, c.search); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}

	st.reissue(t, desk, "1.1.0", "Punto di ascolto", mustJSON(t, about("disabili", "081011", "Famiglie", "Ascolto")))
	st.reissue(t, desk, "1.0.1", "Una correzione di prima", mustJSON(t, about("anziani", "081011", "Famiglie", "Vecchia")))
	if got := st.titles(t, catalogue.Search{Words: "ascolto"}); !slices.Equal(got, []string{"Punto di ascolto"}) {
		t.Errorf("after a new release: %v", got)
	}
	if got := st.titles(t, catalogue.Search{Words: "sportello"}); len(got) != 0 {
		t.Errorf("an old release is found: %v", got)
	}
	targets, err := st.catalogue.FindTargets(t.Context(), st.third)
	fatal(t, err)
	if !slices.Equal(targets, []string{"Anziani soli", "Famiglie"}) {
		t.Errorf("targets %v", targets)
	}
}

func mustJSON(t *testing.T, value any) []byte {
	t.Helper()
	raw, err := json.Marshal(value)
	fatal(t, err)
	return raw
}

// Every order can be paged through without losing or repeating a practice.
func TestCataloguePages(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	for i := range 23 {
		st.shelve(t, st.giver, fmt.Sprintf("Pratica %02d", i/2), about("disabili", "", "Tutti", "Comune a tutte"))
	}
	for _, sort := range append(catalogue.Sorts, catalogue.ByFit) {
		q, seen, pages := catalogue.Search{Sort: sort, Limit: 5, Words: "comune"}, map[uuid.UUID]bool{}, 0
		for pages == 0 || q.After != "" {
			found, err := st.catalogue.FindOffers(t.Context(), st.third, q)
			fatal(t, err)
			for _, offer := range found.Offers {
				if seen[offer.Practice] {
					t.Errorf("%q: %s comes twice", sort, offer.Title.It)
				}
				seen[offer.Practice] = true
			}
			q.After, pages = found.Next, pages+1
		}
		if len(seen) != 23 || pages != 5 {
			t.Errorf("%q: %d practices on %d pages", sort, len(seen), pages)
		}
	}
}

// What is known of use elsewhere comes from adoptions; what nobody has measured is said to be unknown.
func TestCatalogueCountsAdoptions(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	p := st.install(t, question("QU-01", "Uno"))
	st.publish(t, p, "1.0.0")
	offer := func() catalogue.Offer {
		t.Helper()
		found, err := st.catalogue.FindOffers(t.Context(), st.third, catalogue.Search{})
		fatal(t, err)
		return found.Offers[0]
	}
	if o := offer(); o.Adopters != 0 || o.Live != 0 || o.Measured || o.Maturity() != catalogue.Offered {
		t.Errorf("published: %+v", o)
	}
	a := st.start(t, p)
	if o := offer(); o.Adopters != 1 || o.Live != 0 || o.Maturity() != catalogue.Offered {
		t.Errorf("begun: %d %d", o.Adopters, o.Live)
	}
	_, err := st.upgrades.Apply(t.Context(), st.taking, a.ID, upgrade.Choice{})
	fatal(t, err)
	_, err = st.Owner.Exec(t.Context(), `update practice.adoptions set stage = 7 where id = $1`, a.ID)
	fatal(t, err)
	if o := offer(); o.Live != 1 || o.Measured || o.IsAlive(12) || o.Maturity() != catalogue.Transferred {
		t.Errorf("live: %+v", o)
	}
	page := visitor{site: newSite(t, st)}.visit(t, "/buone-pratiche/"+p.ID.String(), nil).want(t, 200, "Non ancora misurato", "Avviata in altri enti", "1 ente l&#39;ha presa con la versione 1.0.0", "<svg")
	if strings.Contains(page.main(), st.taker.Name) {
		t.Error("the public page names a body that adopts")
	}
	_, err = st.Owner.Exec(t.Context(), `insert into practice.adoptions_journal (adoption_id, tenant_id, at, stage, event) values ($1, $2, now() - interval '13 months', 7, 'applied')`, a.ID, st.taker.ID)
	fatal(t, err)
	_, err = st.Owner.Exec(t.Context(), `update practice.adoptions set state = 'active' where id = $1`, a.ID)
	fatal(t, err)
	if o := offer(); !o.Measured || !o.IsAlive(12) || o.IsAlive(24) || o.Maturity() != catalogue.Proven {
		t.Errorf("in use: %+v", o)
	}
	for months, want := range map[int]int{12: 1, 24: 0} {
		if got := st.titles(t, catalogue.Search{Alive: months}); len(got) != want {
			t.Errorf("alive after %d: %v", months, got)
		}
	}
	_, err = st.Owner.Exec(t.Context(), `update practice.adoptions set state = 'ended' where id = $1`, a.ID)
	fatal(t, err)
	if o := offer(); o.Adopters != 0 || o.Live != 0 || o.IsAlive(12) {
		t.Errorf("ended: %+v", o)
	}
}

// A practice made of another's items shows where they come from, and the other where they went.
func TestLineageIsShownOnBothSides(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	p := st.install(t, question("QU-01", "Uno"), question("QU-02", "Due"))
	st.publish(t, p, "1.0.0")
	a := st.start(t, p)
	_, err := st.upgrades.Apply(t.Context(), st.taking, a.ID, upgrade.Choice{})
	fatal(t, err)
	st.edit(t, st.taking, question("QU-02", "Due, a modo nostro"))
	giving := st.giving
	st.giving = st.taking // the taker publishes now
	mine, err := release.InstallSource(t.Context(), st.deps, st.taking, release.Source{Practice: release.Practice{
		Key: "NOSTRA", Title: p.Title, Owner: "Comune", Licence: "CC-BY-4.0", Sheet: sheet(),
	}})
	fatal(t, err)
	st.publish(t, mine, "2.0.0")
	st.giving = giving
	from, err := st.catalogue.GetDescent(t.Context(), st.third, mine.ID)
	fatal(t, err)
	if len(from.Origins) != 1 || from.Origins[0].Practice != p.ID || from.Origins[0].Kept != 1 || from.Origins[0].Changed != 1 || from.Origins[0].Release != "1.0.0" {
		t.Errorf("origins: %+v", from.Origins)
	}
	into, err := st.catalogue.GetDescent(t.Context(), st.third, p.ID)
	fatal(t, err)
	if len(into.Derived) != 1 || into.Derived[0].Practice != mine.ID || len(into.Taken) != 1 || into.Taken[0].Bodies != 1 {
		t.Errorf("derived: %+v, taken %+v", into.Derived, into.Taken)
	}
	if into.Taken[0].Adapted != nil {
		t.Errorf("everybody learns what one body adapted: %d", *into.Taken[0].Adapted)
	}
	for _, one := range []tenants.Scope{st.third, st.Operator(t, st.Body(t, "trapani"), "practice_owner")} {
		_, err := st.adoptions.Start(t.Context(), one, uuid.Must(uuid.NewV7()), p.ID)
		fatal(t, err)
	}
	if into, err = st.catalogue.GetDescent(t.Context(), st.third, p.ID); err != nil || into.Taken[0].Bodies != 3 || into.Taken[0].Adapted == nil {
		t.Errorf("of three: %+v %v", into.Taken, err)
	}
	anybody := visitor{site: newSite(t, st)}
	anybody.visit(t, "/buone-pratiche/"+p.ID.String(), nil).want(t, 200, "/buone-pratiche/"+mine.ID.String(), st.taker.Name, "1 componente cambiato, 1 componente uguale")
	anybody.visit(t, "/buone-pratiche/"+mine.ID.String(), nil).want(t, 200, "/buone-pratiche/"+p.ID.String(), "Contiene parti di pratiche di", st.giver.Name)
}

func TestCataloguePage(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	anybody := visitor{site: newSite(t, st)}
	anybody.visit(t, "/buone-pratiche", nil).want(t, 200, "Non ci sono ancora pratiche pubblicate", "Filtra e ordina")
	for i := range 25 {
		st.shelve(t, st.giver, fmt.Sprintf("Pratica %02d <b>grassa</b>", i), about("disabili", "081011", "Famiglie & altri", "Comune a tutte"))
	}
	page := anybody.visit(t, "/buone-pratiche", nil).want(t, 200, "Pratica 00 &lt;b&gt;grassa", "Pratica 23", "Famiglie &amp; altri", `rel="next"`)
	if strings.Contains(page.main(), "Pratica 24") || strings.Contains(page.main(), "<b>grassa") {
		t.Error("the page shows too much")
	}
	filtered := anybody.visit(t, "/buone-pratiche?"+url.Values{"area": {"disabili"}, "destinatari": {"Famiglie & altri"}, "regione": {"19"}, "classe": {"100000"}, "ordine": {"newest"}}.Encode(), nil)
	filtered.want(t, 200, "Pratica 24", "<details class=\"foglio\" open", "area=disabili")
	anybody.visit(t, "/buone-pratiche?viva=12", nil).want(t, 200, "Per nessuna pratica è stato ancora misurato")
	anybody.visit(t, "/buone-pratiche?q=%27%22%5C&area=nessuna&regione=77&adozioni=-4&dopo=x", nil).want(t, 200)
}

package practice_test

import (
	"strings"
	"testing"
	"time"

	"staffetta/modules/kit"
	"staffetta/modules/practice/upgrade"
)

// counting is an indicator of one number, and one of two.
func counting() []kit.Source {
	text := func(it string) map[string]string { return map[string]string{"it": it} }
	measure := func(key string) map[string]any {
		return map[string]any{"key": key, "label": text("Quanti " + key), "source": text("Registro")}
	}
	return []kit.Source{
		source(kit.KindIndicator, "KP-01", map[string]any{
			"description": text("Quanto"), "measures": []any{measure("contacts"), measure("residents")}, "formula": "1000.0 * measures.contacts / measures.residents",
			"reading": text("Contatti ogni mille residenti"), "unit": "per_thousand", "decimals": 1, "better": "higher",
			"baseline": map[string]any{"required": true, "how": text("Dai registri")}, "months": []int{0, 6, 12, 24}, "smallCell": map[string]any{"measure": "contacts", "below": 5},
		}),
		source(kit.KindIndicator, "KP-02", map[string]any{
			"description": text("Giorni"), "measures": []any{map[string]any{"key": "days", "label": text("Giorni"), "source": text("Flusso"), "list": true}}, "formula": "median(measures.days)",
			"reading": text("Mediana"), "unit": "days", "decimals": 0, "better": "lower",
			"baseline": map[string]any{"required": true, "how": text("Dai registri")}, "months": []int{0, 12},
		}),
	}
}

func TestTheOutcomeIsAPage(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	p := st.install(t, append(checked(), counting()...)...)
	st.publish(t, p, "1.0.0")
	a := st.start(t, p)
	_, err := st.upgrades.Apply(t.Context(), st.taking, a.ID, upgrade.Choice{})
	fatal(t, err)
	si := newSite(t, st)
	at := "/adozioni/" + a.ID.String()
	taker, giver, third := si.as(t, st.taking), si.as(t, st.giving), si.as(t, st.third)
	taker.visit(t, at, nil).want(t, 200, at+"/esito")
	giver.visit(t, at, nil).want(t, 200, at+"/esito")
	taker.visit(t, at+"/esito", nil).want(t, 200, "È presto per dirlo", "Ente cedente", "Che cosa resta aperto", "Misurato adesso", "KP-01", "ogni mille abitanti")
	english := taker
	english.lang = "en"
	english.visit(t, at+"/esito", nil).want(t, 200, "Too early to tell")
	if seen := giver.visit(t, at+"/esito", nil).want(t, 200, "per proteggere le persone"); strings.Contains(seen.main(), "Uso di ogni componente") {
		t.Error("the ceding body reads the use of each item")
	}
	for _, path := range []string{"/esito", "/formati", "/capofila"} {
		third.visit(t, at+path, nil).want(t, 404)
	}

	// A value is asked for by the numbers of its formula.
	day := time.Now().AddDate(0, 0, -2).Format(time.DateOnly)
	form := taker.visit(t, at+"/riscontri/nuovo?tipo=baseline", nil).want(t, 200, "KP-01 Voce KP-01", "Contatti ogni mille residenti", "Dai registri", "Quanti contacts", "Dove si legge: Registro", "Gli altri indicatori", "voce=KP-02")
	taker.visit(t, at+"/riscontri", form.fill("day", day, "note", "Carta")).want(t, 422, "Errore:")
	taker.visit(t, at+"/riscontri", form.fill("day", day, "note", "Carta", "quantities.contacts", "dodici", "quantities.residents", "7000")).want(t, 422, "numero possibile")
	taker.visit(t, at+"/riscontri", form.fill("day", day, "note", "Carta", "quantities.contacts", "12", "quantities.residents", "0")).want(t, 422, "la formula non dà un valore")
	taker.visit(t, at+"/riscontri", form.fill("day", day, "note", "Carta", "quantities.contacts", "12", "quantities.residents", "7000")).want(t, 303)
	taker.visit(t, at+"/riscontri/nuovo?tipo=baseline", nil).want(t, 200, "KP-02 Voce KP-02", "uno per riga")
	taker.visit(t, at+"/riscontri/nuovo?tipo=baseline&voce=KP-99", nil).want(t, 404)
	list := taker.visit(t, at+"/riscontri/nuovo?tipo=baseline&voce=KP-02", nil)
	taker.visit(t, at+"/riscontri", list.fill("day", day, "note", "Carta", "quantities.days", "1; 2,5\n9")).want(t, 303)
	taker.visit(t, at+"/esito", nil).want(t, 200, "1,7", "3")
	few := taker.visit(t, at+"/riscontri/nuovo?tipo=baseline&voce=KP-01", nil)
	taker.visit(t, at+"/riscontri", few.fill("day", day, "note", "Carta", "quantities.contacts", "3", "quantities.residents", "7000")).want(t, 303)
	giver.visit(t, at+"/esito", nil).want(t, 200, "protetto: pochi casi")
	if seen := giver.visit(t, at+"/fasi/7", nil).want(t, 200, "protetto"); strings.Contains(seen.main(), "7000") {
		t.Error("the ceding body reads what the value was computed from")
	}

	// Who was trained is the body's own.
	log := taker.visit(t, at+"/formati", nil).want(t, 200, "Nessuno è ancora nel registro")
	taker.visit(t, at+"/formati", log.fill("day", "boh")).want(t, 422, "Errore:")
	taker.visit(t, at+"/formati", log.fill("account", st.taking.Account.String(), "course", "TR-01", "day", day)).want(t, 303)
	kept := taker.visit(t, at+"/formati", nil).want(t, 200, st.taking.Name, "TR-01 Voce TR-01")
	giver.visit(t, at+"/formati", nil).want(t, 200, "Nessuno è ancora nel registro")
	line := between(kept.main(), "/formati/", "/togli")
	giver.visit(t, at+"/formati/"+line+"/togli", kept.fill()).want(t, 404)
	taker.visit(t, at+"/formati/"+line+"/togli", kept.fill()).want(t, 303)

	// The lead looks on.
	third.visit(t, "/adozioni/capofila", nil).want(t, 200, "Non siamo capofila")
	ask := taker.visit(t, at+"/capofila", nil).want(t, 200, st.other.Name)
	taker.visit(t, at+"/capofila", ask.fill("lead", "")).want(t, 422, "Errore:")
	taker.visit(t, at+"/capofila", ask.fill("lead", st.other.Slug)).want(t, 303)
	taker.visit(t, at, nil).want(t, 200, "Capofila proposto", st.other.Name)
	taker.visit(t, at+"/capofila", nil).want(t, 200, "Avete proposto "+st.other.Name)
	third.visit(t, at, nil).want(t, 404)
	ask = giver.visit(t, at+"/capofila", nil).want(t, 200, "propone "+st.other.Name+" come capofila", "Conferma")
	giver.visit(t, at+"/capofila", ask.fill("lead", st.other.Slug)).want(t, 303)
	taker.visit(t, at+"/capofila", nil).want(t, 200, "Cambia l&#39;ente capofila", "Perché cambia", "Ora è capofila "+st.other.Name)
	giver.visit(t, at, nil).want(t, 200, "Ente capofila", st.other.Name)
	third.visit(t, "/adozioni", nil).want(t, 200, "/adozioni/capofila")
	third.visit(t, "/adozioni/capofila", nil).want(t, 200, st.taker.Name, "In avvio")
	third.visit(t, at+"/esito", nil).want(t, 200, "per proteggere le persone")
	third.visit(t, at+"/formati", nil).want(t, 404)
}

// A published need in the area of the practice is the interest that the first gate asks for.
func TestAPublishedNeedOpensTheFirstGate(t *testing.T) {
	t.Parallel()
	st, a, at := begun(t)
	taker := newSite(t, st).as(t, st.taking)
	taker.visit(t, at, nil).want(t, 200, "Manca 1 condizione")
	for area, want := range map[string]string{"anziani": "Manca 1 condizione", "": "Manca 1 condizione"} {
		_, err := st.Owner.Exec(t.Context(), `insert into commons.needs (id, tenant_id, body, title, purpose, audience, area, budget, state) values (gen_random_uuid(), $1, 'x', 'Uno sportello', '', '', $2, '', 'published')`, st.taker.ID, area)
		fatal(t, err)
		taker.visit(t, at, nil).want(t, 200, want)
	}
	_, err := st.Owner.Exec(t.Context(), `update commons.kits set sheet = jsonb_set(sheet::jsonb, '{registry,area}', '"anziani"')::text where id = $1`, a.Kit)
	fatal(t, err)
	taker.visit(t, at, nil).want(t, 200, "Tutto pronto")
}

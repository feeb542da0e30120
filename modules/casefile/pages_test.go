package casefile_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"staffetta/modules/casefile/document"
)

const rude = `<b>grassetto</b> "è" 😀`

func TestOpenACaseOnThePages(t *testing.T) {
	st := newStage(t)
	v := newSite(t, st).visitor(t, st.worker)
	v.get(t, "/cartelle/nuova").want(t, 200, "Scegli prima la persona").lacks(t, `action="/pantelleria/cartelle"`)
	v.get(t, "/cartelle/nuova?persona="+newID(t).String()).want(t, 404)
	page := v.get(t, "/cartelle/nuova?persona="+st.rosa.String()).want(t, 200, "Rosa Bianco", "Percorso di base", "Persone con disabilità").lacks(t, "Responsabile del caso")
	bad := v.post(t, "/cartelle", page.fill("area", "x", "sintesi", rude+strings.Repeat("a", 2000), "percorso", ""))
	bad.want(t, 422, `href="#area`, `href="#sintesi"`, rude)
	want(t, "cases", 1, ask[int](t, st, `select count(*) from casefile.cases`))
	form := bad.fill("area", "anziani", "sintesi", rude, "percorso", "")
	want(t, "the id of the form", page.fill().Get("id"), form.Get("id"))
	made := v.post(t, "/cartelle", form).want(t, 303)
	want(t, "the second submit", made.to, v.post(t, "/cartelle", form).want(t, 303).to)
	want(t, "cases", 2, ask[int](t, st, `select count(*) from casefile.cases`))
	v.get(t, made.to).want(t, 200, "Rosa Bianco", "000002", "Aperta", "Anziani", rude, "assegnatario", "Chi l'ha aperta", "Prendi in carico")
	form.Set("persona", newID(t).String())
	v.post(t, "/cartelle", form).want(t, 404)

	head := newSite(t, st).visitor(t, st.as(t, "coordinator"))
	form = head.get(t, "/cartelle/nuova?persona="+st.rosa.String()).want(t, 200, "Responsabile del caso", st.worker.Name).fill("responsabile", newID(t).String())
	head.post(t, "/cartelle", form).want(t, 422, `href="#responsabile"`)
	form.Set("responsabile", st.worker.Account.String())
	head.post(t, "/cartelle", form).want(t, 303)
}

func TestListAndDesk(t *testing.T) {
	st := newStage(t)
	si := newSite(t, st)
	v, head := si.visitor(t, st.worker), si.visitor(t, st.as(t, "coordinator"))
	v.get(t, "/cartelle").want(t, 200, "Bianco Rosa", "000001", st.worker.Name, `href="/pantelleria/cartelle/`+st.ref+`"`, "Nuova cartella").lacks(t, "Tutto l'ente", "?dopo=")
	head.get(t, "/cartelle").want(t, 200, "Nessuna cartella").lacks(t, "Bianco")
	head.get(t, "/cartelle?tutte=1").want(t, 200, "Bianco Rosa")
	v.get(t, "/cartelle?tutte=1&dopo=x").want(t, 200, "Bianco Rosa")
	v.get(t, "/scrivania").want(t, 200, "Le mie cartelle", "Bianco Rosa", "Nessun avviso")
	for range 50 {
		st.open(t, st.worker, st.rosa)
	}
	first := v.get(t, "/cartelle").want(t, 200, "/pantelleria/cartelle?dopo=").lacks(t, st.ref)
	_, after, _ := strings.Cut(first.body, "/pantelleria/cartelle?dopo=")
	after, _, _ = strings.Cut(after, `"`)
	if last := v.get(t, "/cartelle?dopo="+after).want(t, 200, st.ref); strings.Contains(last.main(), "?dopo=") {
		t.Error("the last page leads on")
	}
	si.visitor(t, st.as(t, "access_desk")).get(t, "/scrivania").want(t, 200, "Avvisi").lacks(t, "Le mie cartelle")
	si.visitor(t, st.as(t, "tenant_admin")).get(t, "/cartelle").want(t, 404)
}

func TestStepsOnThePages(t *testing.T) {
	st := newStage(t)
	v := newSite(t, st).visitor(t, st.worker)
	at := "/cartelle/" + st.ref
	fresh := v.get(t, at).want(t, 200, "Nessun cambio di stato")
	v.post(t, at+"/stato", fresh.fill("passaggio", "prendi_in_carico")).want(t, 303)
	// the page of before knows an older version
	v.post(t, at+"/stato", fresh.fill("passaggio", "archivia", "a.reason", "Detto al telefono")).want(t, 409, "Presa in carico", "Chiudi la cartella", "Quello che avevi scritto", "Detto al telefono")
	page := v.get(t, at)
	v.post(t, at+"/stato", page.fill("passaggio", "chiudi", "a.reason", " ")).want(t, 422, `href="#chiudi-a-reason"`)
	v.post(t, at+"/stato", page.fill("passaggio", "chiudi", "a.reason", strings.Repeat("a", 4001))).want(t, 422, strings.Repeat("a", 4001))
	v.post(t, at+"/stato", page.fill("passaggio", "archivia")).want(t, 404)
	v.post(t, at+"/stato", page.fill("passaggio", "chiudi", "a.reason", rude)).want(t, 303)
	v.get(t, at).want(t, 200, "Chiusa il", "Presa in carico → Chiusa", rude, st.worker.Name).lacks(t, `name="passaggio"`)
	v.post(t, at+"/stato", page.fill("passaggio", "riprendi")).want(t, 409, "La cartella è chiusa")
	v.get(t, at+"/diario").want(t, 200).lacks(t, "Nuova annotazione")
	v.get(t, at+"/documenti").want(t, 200).lacks(t, "Carica il documento")
	v.get(t, at+"/diario/nuova").want(t, 409, "La cartella è chiusa")
	late := url.Values{"id": {newID(t).String()}, "tipo": {"nota"}, "visibilita": {"public"}, "data": {today().Format("2006-01-02")}, "testo": {"Tardi"}}
	v.post(t, at+"/diario", late).want(t, 409, "La cartella è chiusa", "Tardi")
}

func TestReasonOnThePages(t *testing.T) {
	st := newStage(t)
	si := newSite(t, st)
	v := si.visitor(t, st.as(t, "social_worker"))
	at := "/cartelle/" + st.ref
	signed, err := st.cases.SaveNote(t.Context(), st.worker, st.ref, writing(t, "Riservata"), true)
	must(t, err)
	for _, path := range []string{"", "/diario", "/diario/nuova", "/diario/" + signed.ID.String(), "/documenti", "/documenti/" + newID(t).String(), "/accessi", "/accessi/elenco", "/equipe", "/perche", "/perche/altri"} {
		v.get(t, at+path).want(t, 200, "Questa cartella non è assegnata a te", "tre ore").lacks(t, "Bianco", "000001", "Riservata")
	}
	v.post(t, at+"/diario", url.Values{"tipo": {"nota"}}).want(t, 404)
	v.post(t, at+"/stato", url.Values{"passaggio": {"archivia"}}).want(t, 404)
	v.post(t, at+"/apri", url.Values{"motivo": {" ok "}}).want(t, 422, `href="#motivo"`, "almeno 5 caratteri", ">ok</textarea>")
	want(t, "openings", 0, ask[int](t, st, `select count(*) from policies.case_openings`))
	done := v.post(t, at+"/apri", url.Values{"motivo": {rude}}).want(t, 303)
	want(t, "back to", at, done.to)
	v.get(t, at).want(t, 200, "Rosa Bianco", "Nessun cambio di stato").lacks(t, `name="passaggio"`)
	v.get(t, at+"/diario").want(t, 200, "Riservata").lacks(t, "Nuova annotazione")
	v.get(t, at+"/diario/nuova").want(t, 403)
	v.get(t, at+"/perche").want(t, 200, rude, "Regola del ruolo")
	v.get(t, at+"/accessi").want(t, 200, rude, "Apertura con motivo")
	v.get(t, at+"/accessi/elenco").want(t, 200, rude, "Ha aperto con motivo")

	head := si.visitor(t, st.as(t, "coordinator"))
	st.work(t, 1)
	head.get(t, "/scrivania").want(t, 200, "aperta con motivo", "Da leggere", at+"/accessi")
	head.post(t, "/scrivania/letti", url.Values{}).want(t, 303)
	head.get(t, "/scrivania").want(t, 200, "aperta con motivo").lacks(t, "Da leggere")
}

func TestNotesOnThePages(t *testing.T) {
	st := newStage(t)
	v := newSite(t, st).visitor(t, st.worker)
	at := "/cartelle/" + st.ref + "/diario"
	v.get(t, at).want(t, 200, "Il diario è vuoto", "Nuova annotazione")
	page := v.get(t, at+"/nuova").want(t, 200, `data-draft-url="/pantelleria`+at+`/bozza"`, "Controlla e firma", `value="`+today().Format("2006-01-02"))
	day := today().Format("2006-01-02")
	bad := v.post(t, at, page.fill("tipo", "nota", "data", "2026-02-31", "testo", rude, "visibilita", "tutti", "azione", "controlla"))
	bad.want(t, 422, `href="#data"`, "visibilita", rude)
	want(t, "notes", 0, ask[int](t, st, `select count(*) from casefile.notes`))

	// a draft is kept while it is typed, and goes on
	draft := bad.fill("tipo", "colloquio", "data", day, "testo", "Prima", "visibilita", "public")
	kept := v.post(t, at+"/bozza", draft).want(t, 200, `{"version":1}`)
	want(t, "type", "application/json", kept.header.Get("Content-Type"))
	draft.Set("version", "1")
	draft.Set("testo", rude)
	v.post(t, at+"/bozza", draft).want(t, 200, `{"version":2}`)
	v.post(t, at+"/bozza", draft).want(t, 200, `{"version":2}`)
	draft.Set("testo", "Altro")
	v.post(t, at+"/bozza", draft).want(t, 409)
	draft.Set("tipo", "x")
	v.post(t, at+"/bozza", draft).want(t, 422)

	// without a usable id every save would make another draft
	for _, id := range []string{"", "x", "{" + draft.Get("id") + "}", strings.ToUpper(draft.Get("id")), uuid.Nil.String()} {
		v.post(t, at+"/bozza", url.Values{"id": {id}, "tipo": {"nota"}, "data": {day}, "testo": {"Senza id"}, "visibilita": {"public"}}).want(t, 422)
	}
	want(t, "notes", 1, ask[int](t, st, `select count(*) from casefile.notes`))

	// changed elsewhere: both texts, nothing overwritten, and the next submit is a decision
	draft.Set("tipo", "colloquio")
	draft.Set("azione", "bozza")
	both := v.post(t, at, draft).want(t, 409, "La bozza è cambiata altrove", rude, ">Altro</textarea>", `name="version" value="2"`)
	want(t, "text", rude, ask[string](t, st, `select body from casefile.notes`))
	signed := v.signs(t, at, both.fill("tipo", "colloquio", "data", day, "testo", "Altro\r\n"+rude, "visibilita", "public"), "Altro", rude)
	v.get(t, signed.to).want(t, 200, "Annotazione firmata", "Altro", rude, "Colloquio", "Aggiungi una correzione").lacks(t, "<textarea")
	v.get(t, at).want(t, 200, "Firmata", rude)

	// beside a signed note the text becomes a correction
	late := both.fill("tipo", "nota", "data", day, "testo", "Precisazione", "visibilita", "public", "azione", "controlla")
	correction := v.post(t, at, late).want(t, 409, "firmata", ">Precisazione</textarea>", "Annotazione da correggere")
	v.signs(t, at, correction.fill("tipo", "nota", "data", day, "testo", "Precisazione", "visibilita", "public"), "Precisazione", "Annotazione da correggere", rude)
	v.get(t, at).want(t, 200, "Precisazione", "Correzione")
	want(t, "corrections", 1, ask[int](t, st, `select count(*) from casefile.notes where addendum_to is not null`))

	elsewhere := "/cartelle/" + st.open(t, st.worker, st.rosa).ID.String() + "/diario"
	_, id, _ := strings.Cut(signed.to, "/diario/")
	v.get(t, elsewhere+"/"+id).want(t, 404)
	v.get(t, elsewhere+"/nuova?corregge="+id).want(t, 404)
	v.get(t, at+"/"+newID(t).String()).want(t, 404)
	v.get(t, at+"/x").want(t, 404)
	v.get(t, at+"/nuova?corregge="+id).want(t, 200, "Annotazione da correggere", rude)
}

func TestDocumentsOnThePages(t *testing.T) {
	st := newStage(t)
	v := newSite(t, st).visitor(t, st.worker)
	at := "/cartelle/" + st.ref + "/documenti"
	page := v.get(t, at).want(t, 200, "Nessun documento", `enctype="multipart/form-data"`)
	v.upload(t, at, page.fill("titolo", rude, "sezione", "health"), "", nil).want(t, 422, `href="#file"`, "Scegli un file", rude, `value="health" checked`)
	v.upload(t, at, page.fill("titolo", "x"), "foto.pdf", []byte("\x89PNG\r\n\x1a\n")).want(t, 422, "Tipo di file non ammesso")
	v.post(t, at, page.fill("titolo", "x")).want(t, 422, "Scegli un file")
	form := page.fill("titolo", rude, "sezione", "documents")
	for range 2 {
		want(t, "back to", at, v.upload(t, at, form, "../"+rude+"\r\n.txt", []byte("Verbale")).want(t, 303).to)
	}
	want(t, "documents", 1, ask[int](t, st, `select count(*) from casefile.documents`))
	list := v.get(t, at).want(t, 200, rude, "1 KB", st.worker.Name)
	id := ask[uuid.UUID](t, st, `select id from casefile.documents`).String()
	list.want(t, 200, at+"/"+id)
	got := v.get(t, at+"/"+id).want(t, 200, "Verbale")
	if kind := got.header.Get("Content-Disposition"); !strings.HasPrefix(kind, "attachment") || strings.ContainsAny(kind, "\r\n<>") {
		t.Errorf("sent as %q", kind)
	}
	v.get(t, at+"/"+newID(t).String()).want(t, 404)
	v.get(t, "/cartelle/"+st.open(t, st.worker, st.rosa).ID.String()+"/documenti/"+id).want(t, 404)
	v.upload(t, at, page.fill(), "grande.txt", make([]byte, document.MaxDocument+2<<20)).want(t, 413)
}

func TestEveryPageReadsOnce(t *testing.T) {
	st := newStage(t)
	v := newSite(t, st).visitor(t, st.worker)
	signed, err := st.cases.SaveNote(t.Context(), st.worker, st.ref, writing(t, "Nota"), true)
	must(t, err)
	d, err := st.cases.AddDocument(t.Context(), st.worker, st.ref, upload(t, "Verbale"))
	must(t, err)
	for path, more := range map[string]string{
		"": "", "/diario": "", "/diario/nuova": "", "/diario/" + signed.ID.String(): "note.read", "/documenti": "",
		"/documenti/" + d.ID.String(): "document.read", "/accessi": "", "/perche": "",
	} {
		wanted := map[string]int{"case.read": 1}
		if more != "" {
			wanted[more] = 1
		}
		caused := st.events(t, func() { v.get(t, "/cartelle/"+st.ref+path).want(t, 200) })
		want(t, "events of "+path, wanted, caused)
	}
	st.StopAudit()
	for _, path := range []string{"", "/diario", "/diario/" + signed.ID.String(), "/documenti", "/documenti/" + d.ID.String(), "/accessi", "/accessi/elenco", "/equipe", "/perche", "/perche/altri"} {
		v.get(t, "/cartelle/"+st.ref+path).want(t, 503).lacks(t, "Bianco", "Verbale")
	}
	v.get(t, "/cartelle").want(t, 503).lacks(t, "Bianco")
}

func TestStrangersFindNothing(t *testing.T) {
	st := newStage(t)
	_, stranger := st.other(t, "mazara", "coordinator")
	si := newSite(t, st)
	for _, v := range []*visitor{si.visitor(t, stranger), si.visitor(t, st.as(t, "educator"))} {
		for _, ref := range []string{st.ref, "pantelleria~" + st.ref, newID(t).String(), "x"} {
			at := "/cartelle/" + ref
			for _, path := range []string{"", "/diario", "/diario/nuova", "/diario/" + newID(t).String(), "/documenti", "/documenti/" + newID(t).String(), "/accessi", "/accessi/elenco", "/equipe", "/perche", "/perche/altri"} {
				v.get(t, at+path).want(t, 404).lacks(t, "Bianco")
			}
			for _, path := range []string{"/apri", "/stato", "/diario", "/diario/bozza", "/documenti"} {
				v.post(t, at+path, url.Values{"motivo": {"Devo vedere"}, "passaggio": {"archivia"}}).want(t, 404)
			}
		}
	}
}

func TestGuestOnThePages(t *testing.T) {
	st := newStage(t)
	body, guest := st.other(t, "mazara", "coordinator")
	share := st.share(t, body, "identity", "documents")
	must(t, saved(st.cases.SaveNote(t.Context(), st.worker, st.ref, writing(t, "Riservata"), true)))
	v := newSite(t, st).visitor(t, guest)
	at := "/cartelle/pantelleria~" + st.ref
	v.get(t, at).want(t, 200, "Rosa Bianco", "Cartella condivisa dal Comune di pantelleria", "Perché posso vederla?", "Documenti").
		lacks(t, "Chi l'ha aperta", "/diario", "Richiesta della figlia", `name="passaggio"`)
	for _, path := range []string{"/accessi", "/accessi/elenco", "/equipe", "/responsabile", "/diario"} {
		v.get(t, at+path).want(t, 404)
	}
	v.get(t, at+"/perche").want(t, 200, "Comune di pantelleria", share.String(), "Condivisione attiva sotto un accordo", "ma la sezione non è condivisa")
	v.get(t, at+"/documenti").want(t, 200).lacks(t, "Carica il documento")
	v.post(t, at+"/stato", url.Values{"passaggio": {"archivia"}, "motivo": {"x"}}).want(t, 403)
	v.post(t, at+"/apri", url.Values{"motivo": {"Devo vedere"}}).want(t, 404)
	v.post(t, at+"/diario", url.Values{"tipo": {"nota"}}).want(t, 404)
	v.upload(t, at+"/documenti", url.Values{}, "a.txt", []byte("a")).want(t, 403)
}

// TestRestrictedCaseOnThePages wants every page of a case to say that its data is restricted, none to offer what would be refused, and
// what was written meanwhile to be kept.
func TestRestrictedCaseOnThePages(t *testing.T) {
	st := newStage(t)
	si := newSite(t, st)
	v := si.visitor(t, st.worker)
	at := "/cartelle/" + st.ref
	page := v.get(t, at).want(t, 200, `name="passaggio"`)
	st.exec(t, `create or replace function casefile.restricted_since(file uuid) returns timestamptz language sql stable as $$ select timestamptz '2026-03-02 12:00Z' $$`)
	const said = "limitato dal 02/03/2026"
	v.get(t, at).want(t, 200, said).lacks(t, `name="passaggio"`)
	v.get(t, at+"/diario").want(t, 200, said).lacks(t, "Nuova annotazione")
	v.get(t, at+"/documenti").want(t, 200, said).lacks(t, "Carica il documento")
	v.get(t, at+"/equipe").want(t, 200, said)
	v.post(t, at+"/stato", page.fill("passaggio", "prendi_in_carico")).want(t, 409, "L’uso dei dati di questa persona è limitato")
	v.get(t, at+"/diario/nuova").want(t, 409, "Uso dei dati limitato", "L’uso dei dati di questa persona è limitato")
	late := url.Values{"id": {newID(t).String()}, "tipo": {"nota"}, "visibilita": {"public"}, "data": {today().Format("2006-01-02")}, "testo": {"Tardi"}, "azione": {"controlla"}}
	v.post(t, at+"/diario", late).want(t, 409, "L’uso dei dati di questa persona è limitato", "Tardi").lacks(t, "data-draft-url")
	v.post(t, at+"/diario/bozza", late).want(t, 409, `"why":"L’uso dei dati di questa persona è limitato`)
	if err := st.own(t, st.worker).MayArrange(); err != nil {
		t.Errorf("who follows the case cannot change: %v", err)
	}
}

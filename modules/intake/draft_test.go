package intake_test

import (
	"maps"
	"net/url"
	"strings"
	"testing"

	"staffetta/internal/problem"
	"staffetta/internal/session"
	"staffetta/modules/intake"
	"staffetta/policies"
	"staffetta/tenants"
)

// typed is a form with something in every field that a draft keeps.
func typed(a answer, request string) url.Values {
	form := a.fill("channel", "phone", "interlocutor", "relative", "reason", "sent", "target", "elderly", "q", "Giovani Rosi",
		"request", request, "day", "2026-01-02", "time", "09:30", "outcome", "signposting", "signposting", "Patronato")
	form["needs"], form["flags"] = []string{"safety", "belonging"}, []string{"accompanied"}
	return form
}

// pressed is a form sent by one of its other buttons.
func pressed(form url.Values, step string) url.Values {
	sent := url.Values{"step": {step}}
	maps.Copy(sent, form)
	return sent
}

// wantTyped sees that a page shows everything that typed wrote, and who is chosen.
func wantTyped(t *testing.T, a answer, request, person string) answer {
	t.Helper()
	return a.want(t, 200, request, `<option value="phone" selected>`, `<option value="relative" selected>`, `<option value="sent" selected>`,
		`<option value="elderly" selected>`, `<option value="signposting" selected>`, `value="Patronato"`, `value="Giovani Rosi"`,
		`value="2026-01-02"`, `value="09:30"`, `value="safety" checked`, `value="belonging" checked`, `value="accompanied" checked`, `value="`+person+`" checked`)
}

// newcomer is the form of a person with a name, as the page of the registry sends it.
func newcomer(a answer, surname string) url.Values {
	return a.fill("surname", surname, "name", "Giovanni", "no_code_reason", "unknown")
}

func TestNothingTypedIsLostWhilePersonIsRegistered(t *testing.T) {
	st := newStage(t)
	si := newSite(t, st, st.as(t, "access_desk"))
	first, second := si.visit(t, "/sportello/nuovo", nil).want(t, 200), si.visit(t, "/sportello/nuovo", nil).want(t, 200)
	// two tabs, each with its own contact; nothing that is wrong yet stops the way
	one := si.visit(t, "/sportello/nuovo", pressed(typed(first, "Aiuto <b>in casa</b> 🌋"), "register")).want(t, 303)
	two := si.visit(t, "/sportello/nuovo", pressed(second.fill("request", "Trasporto", "day", "domani"), "register")).want(t, 303)
	if !strings.HasPrefix(one.to, "/persone/nuova?poi=sportello:") || one.to == two.to {
		t.Fatalf("the tabs lead to %s and %s", one.to, two.to)
	}
	page := si.visit(t, one.to, nil).want(t, 200, `name="poi" value="sportello:`)
	id := first.fill().Get("id")
	wantTyped(t, si.visit(t, "/sportello/nuovo?bozza="+id, nil), "Aiuto &lt;b&gt;in casa&lt;/b&gt; 🌋", "accompanied")
	page.want(t, 200, `href="/pantelleria/sportello/nuovo?bozza=`+id+`"`) // who registers nobody comes back, too
	si.visit(t, "/sportello", nil).want(t, 200, "Riprendi l’accesso non finito", "bozza="+id, "bozza="+second.fill().Get("id"))
	made := si.visit(t, "/persone/nuova", newcomer(page, "Rossi")).want(t, 303)
	person, ok := strings.CutPrefix(made.to, "/sportello/nuovo?bozza="+id+"&persona=")
	if !ok {
		t.Fatalf("the registration leads to %s", made.to)
	}
	back := wantTyped(t, si.visit(t, made.to, nil), "Aiuto &lt;b&gt;in casa&lt;/b&gt; 🌋", person).want(t, 200, "Rossi Giovanni")
	form := typed(back, "Aiuto in casa")
	form.Set("persona", person)
	recorded := si.visit(t, "/sportello/nuovo", form).want(t, 303)
	si.visit(t, recorded.to, nil).want(t, 200, "Giovanni Rossi", "Aiuto in casa", "Patronato")
	// what was recorded is no draft any more, in no tab
	si.visit(t, "/sportello", nil).want(t, 200).lacks(t, "bozza="+id)
	for _, again := range []answer{si.visit(t, made.to, nil), si.visit(t, "/sportello/nuovo", pressed(typed(back, "Di nuovo"), "register"))} {
		if again.want(t, 303); again.to != recorded.to {
			t.Errorf("afterwards the draft leads to %s, want %s", again.to, recorded.to)
		}
	}
	si.visit(t, "/sportello/nuovo?bozza="+second.fill().Get("id"), nil).want(t, 200, "Trasporto", `value="domani"`)
	if n := st.holding(t, "Aiuto"); n != 0 {
		t.Errorf("%d drafts still hold what was recorded", n)
	}
}

// holding counts the drafts in which a text stands.
func (st *stage) holding(t *testing.T, text string) (n int) {
	t.Helper()
	must(t, st.Owner.QueryRow(t.Context(), `select count(*) from intake.drafts where position($1 in typed) > 0`, text).Scan(&n))
	return n
}

func TestASessionThatEndsLosesNoDraft(t *testing.T) {
	st := newStage(t)
	s := st.as(t, "access_desk")
	si := newSite(t, st, s)
	form := pressed(typed(si.visit(t, "/sportello/nuovo", nil), "Aiuto in casa"), "register")
	// once while the person is asked for, once while it is registered
	page := si.visit(t, si.afterExpiry(t, s, "/sportello/nuovo", form).want(t, 303).to, nil).want(t, 200)
	made := si.afterExpiry(t, s, "/persone/nuova", newcomer(page, "Rossi")).want(t, 303)
	_, person, _ := strings.Cut(made.to, "&persona=")
	wantTyped(t, si.visit(t, made.to, nil), "Aiuto in casa", person)
}

// afterExpiry sends a form after the session has ended, signs in again and goes on as the page says.
func (si *site) afterExpiry(t *testing.T, s tenants.Scope, path string, form url.Values) answer {
	t.Helper()
	_, err := si.Owner.Exec(t.Context(), `update platform.sessions set idle_until = now() - interval '1 minute', created_at = now() - interval '2 hours'`)
	must(t, err)
	login := si.visit(t, path, form).want(t, 303)
	at, err := url.Parse(login.to)
	must(t, err)
	opened, token, err := session.NewStore(si.DB, si.Key, nil).Create(t.Context(), session.Opening{
		Tenant: s.Tenant, Account: s.Account, Purpose: tenants.Operator, Assurance: 2, Name: s.Name,
	})
	must(t, err)
	si.cookie = session.Cookie(opened, token)
	kept := si.visit(t, strings.TrimPrefix(at.Query().Get("ritorno"), "/pantelleria"), nil).want(t, 200)
	again := kept.fill()
	for _, several := range []string{"needs", "flags"} {
		if len(form[several]) > 0 {
			again[several] = form[several]
		}
	}
	return si.visit(t, path, again)
}

func TestDraftsAreTheirAuthorsAlone(t *testing.T) {
	st := newStage(t)
	ctx := t.Context()
	author, colleague, stranger := st.as(t, "access_desk"), st.as(t, "coordinator"), st.Operator(t, st.Body(t, "marsala"), "coordinator")
	d := intake.Draft{ID: newID(t), Typed: url.Values{"request": {"Riservato"}, "csrf": {"other"}}}
	if kept, err := st.intake.SaveDraft(ctx, author, d); err != nil || !kept {
		t.Fatalf("kept %v, %v", kept, err)
	}
	for name, s := range map[string]tenants.Scope{"a colleague": colleague, "another body": stranger, "no role at the desk": st.as(t, "admin_officer")} {
		_, err := st.intake.GetDraft(ctx, s, d.ID)
		wantKind(t, err, problem.NotFound)
		if drafts, err := st.intake.FindDrafts(ctx, s); err != nil || len(drafts) != 0 {
			t.Errorf("%s is shown %d drafts, %v", name, len(drafts), err)
		}
	}
	if kept, err := st.intake.SaveDraft(ctx, colleague, intake.Draft{ID: d.ID, Typed: url.Values{"request": {"Mio"}}}); err != nil || kept {
		t.Errorf("a colleague writes over the draft: %v, %v", kept, err)
	}
	must(t, st.intake.DiscardDraft(ctx, colleague, d.ID))
	mine, err := st.intake.GetDraft(ctx, author, d.ID)
	if err != nil || mine.Typed.Get("request") != "Riservato" || mine.Typed.Has("csrf") || mine.Over {
		t.Errorf("the author reads %+v, %v", mine, err)
	}
	// the wall stands in SQL, too
	var n int
	must(t, st.DB.InTx(ctx, st.deps.Policies.Confine(colleague, policies.Body), func(tx tenants.Tx) error {
		return tx.QueryRow(ctx, `select count(*) from intake.drafts`).Scan(&n)
	}))
	if n != 0 {
		t.Errorf("SQL shows a colleague %d drafts", n)
	}
	st.wantActions(t, map[string]int{"contact.draft": 1, "contact.resume": 3})
	parts, err := intake.Module().New(st.deps)
	must(t, err)
	duties, err := parts.Duties[1].Find(ctx, author)
	if err != nil || len(duties) != 1 || duties[0].Path != "/sportello/nuovo?bozza="+d.ID.String() {
		t.Errorf("duties %+v, %v", duties, err)
	}
}

// discarded says who threw a draft away, by the audit.
func (st *stage) discarded(t *testing.T, id string) (who string) {
	t.Helper()
	must(t, st.Owner.QueryRow(t.Context(), `select coalesce(string_agg(actor_name, ', '), '') from audit.events where action = 'contact.discard' and object_id = $1`, id).Scan(&who))
	return who
}

func TestWhatWasThrownAwayElsewhereIsKeptAnew(t *testing.T) {
	st := newStage(t)
	si := newSite(t, st, st.as(t, "access_desk"))
	first := si.visit(t, "/sportello/nuovo", nil).want(t, 200)
	si.visit(t, "/sportello/nuovo", pressed(typed(first, "Prima"), "register")).want(t, 303)
	at := "/sportello/nuovo?bozza=" + first.fill().Get("id")
	here, there := si.visit(t, at, nil).want(t, 200), si.visit(t, at, nil).want(t, 200)
	asked := si.visit(t, "/sportello/nuovo", pressed(typed(there, "Prima"), "discard")).want(t, 200)
	si.visit(t, "/sportello/nuovo", asked.fill()).want(t, 303)
	next := si.visit(t, "/sportello/nuovo", pressed(typed(here, "Molto testo"), "register")).want(t, 303)
	id, ok := strings.CutPrefix(next.to, "/persone/nuova?poi=sportello:")
	if !ok || id == first.fill().Get("id") {
		t.Fatalf("what was typed leads to %s", next.to)
	}
	si.visit(t, next.to, nil).want(t, 200)
	wantTyped(t, si.visit(t, "/sportello/nuovo?bozza="+id, nil), "Molto testo", "accompanied")
	if gone := si.visit(t, "/sportello/nuovo", pressed(typed(here, "Molto testo"), "discard")).want(t, 303); gone.to != "/sportello" {
		t.Errorf("who throws it away again is led to %s", gone.to)
	}
}

func TestTwoTabsOnOneDraftOverwriteNothing(t *testing.T) {
	st := newStage(t)
	si := newSite(t, st, st.as(t, "access_desk"))
	first := si.visit(t, "/sportello/nuovo", nil).want(t, 200)
	si.visit(t, "/sportello/nuovo", pressed(typed(first, "Prima"), "register")).want(t, 303)
	at := "/sportello/nuovo?bozza=" + first.fill().Get("id")
	here, there := si.visit(t, at, nil).want(t, 200), si.visit(t, at, nil).want(t, 200)
	sent := pressed(typed(there, "Di là"), "register")
	for range 2 { // twice the same is one text
		if to := si.visit(t, "/sportello/nuovo", sent).want(t, 303).to; !strings.HasSuffix(to, first.fill().Get("id")) {
			t.Errorf("what was typed there leads to %s", to)
		}
	}
	next := si.visit(t, "/sportello/nuovo", pressed(typed(here, "Di qua"), "register")).want(t, 303)
	id, ok := strings.CutPrefix(next.to, "/persone/nuova?poi=sportello:")
	if !ok || id == first.fill().Get("id") {
		t.Fatalf("what was typed here leads to %s", next.to)
	}
	wantTyped(t, si.visit(t, at, nil), "Di là", "accompanied")
	wantTyped(t, si.visit(t, "/sportello/nuovo?bozza="+id, nil), "Di qua", "accompanied")
	si.visit(t, "/sportello", nil).want(t, 200, at, "bozza="+id)
	if shown := si.visit(t, "/sportello/nuovo", pressed(typed(here, "Di qua"), "discard")).want(t, 303); shown.to != at {
		t.Errorf("before it is thrown away, the other text is not shown but %s", shown.to)
	}
}

func TestADraftIsThrownAwayOnlyWhenAsked(t *testing.T) {
	st := newStage(t)
	si := newSite(t, st, st.as(t, "access_desk"))
	empty := si.visit(t, "/sportello/nuovo", nil).want(t, 200).lacks(t, "Elimina")
	si.visit(t, "/sportello/nuovo", pressed(typed(empty, "Prima"), "register")).want(t, 303)
	at := "/sportello/nuovo?bozza=" + empty.fill().Get("id")
	asked := si.visit(t, "/sportello/nuovo", pressed(typed(si.visit(t, at, nil), "Poi"), "discard")).want(t, 200, "non si potrà recuperare", at)
	si.visit(t, at, nil).want(t, 200, "Poi", "Elimina l’accesso non finito") // typed since, and kept while it was asked
	si.visit(t, "/sportello/nuovo", asked.fill()).want(t, 303)
	si.visit(t, "/sportello", nil).want(t, 200).lacks(t, "Riprendi")
	if n := st.holding(t, "Poi"); n != 0 {
		t.Error("the draft is still there")
	}
	si.visit(t, "/sportello/nuovo", asked.fill()).want(t, 303) // twice is no second event
	id := empty.fill().Get("id")
	if who := st.discarded(t, id); who != si.name {
		t.Errorf("the audit says that %q threw the draft away", who)
	}
	for _, path := range []string{"/sportello/nuovo?bozza=x", "/sportello/nuovo?bozza=" + newID(t).String()} {
		si.visit(t, path, nil).want(t, 404)
	}
}

// A fiscal code that was typed into the search is there in the form of a new person, and in no address.
func TestATypedCodeGoesAlongToTheRegistration(t *testing.T) {
	const code = "BNCRSO80A41H501B"
	st := newStage(t)
	s := st.as(t, "access_desk")
	si := newSite(t, st, s)
	first := si.visit(t, "/sportello/nuovo", nil).want(t, 200)
	id := first.fill().Get("id")
	way := si.visit(t, "/sportello/nuovo", pressed(first.fill("request", "Aiuto in casa", "q", "bncrso 80a41h501b"), "register")).want(t, 303)
	if want := "/sportello/nuovo/persona?bozza=" + id; way.to != want {
		t.Fatalf("the registration is at %s, want %s", way.to, want)
	}
	page := si.visit(t, way.to, nil).want(t, 200, "Registra una persona", `value="`+code+`"`, `name="poi" value="sportello:`+id+`"`)
	made := si.visit(t, "/persone/nuova", page.fill("tax_code", code, "surname", "Bianco", "name", "Rosa", "accepted", "birthplace")).want(t, 303)
	if !strings.HasPrefix(made.to, "/sportello/nuovo?bozza="+id+"&persona=") {
		t.Errorf("the registration leads to %s", made.to)
	}
	si.visit(t, made.to, nil).want(t, 200, "Aiuto in casa", "Bianco Rosa")
	other := newSite(t, st, st.as(t, "access_desk"))
	other.visit(t, "/sportello/nuovo/persona", nil).want(t, 303)
	for _, path := range []string{way.to, "/sportello/nuovo/persona?bozza=" + newID(t).String()} {
		other.visit(t, path, nil).want(t, 404)
	}
}

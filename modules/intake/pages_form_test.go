package intake_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"staffetta/modules/intake"
	"staffetta/modules/kit"
)

// lacks sees that texts are not in the content of a page.
func (a answer) lacks(t *testing.T, texts ...string) answer {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(a.main(), text) {
			t.Errorf("the page shows %q:\n%s", text, a.main())
		}
	}
	return a
}

// fillForm takes the hidden values of the page and adds answers and the button that is pressed.
func (a answer) fillForm(action string, answers ...string) url.Values {
	form := url.Values{}
	for name, values := range a.fill() {
		if !strings.HasPrefix(name, "a.") {
			form[name] = values
		}
	}
	for i := 0; i+1 < len(answers); i += 2 {
		form.Add("a."+answers[i], answers[i+1])
	}
	form.Set("azione", action)
	return form
}

func TestFormThroughThePages(t *testing.T) {
	st, s, c := newDesk(t)
	si := newSite(t, st, s)
	at := "/sportello/" + c.ID.String()
	si.visit(t, at, nil).want(t, 200, "Moduli", "Nessun modulo compilato", "Compila «Primo accesso»", at+"/moduli/nuovo?modulo=FO-01")
	empty := si.visit(t, at+"/moduli/nuovo?modulo=FO-01", nil).want(t, 200, "Primo accesso", "Come è arrivata la richiesta", "Aggiorna le domande",
		`name="a.channel" type="radio" value="phone"`, "a.why_charge"). // the contact is proposed for taking in charge
		lacks(t, "a.sent_by", "Conferma e chiudi")

	// the question that depends on another appears after a round trip, and nothing is stored
	half := []string{"channel", "phone", "speaker", "user", "reason", "sent", "words", "Chiede <b>aiuto</b>"}
	asked := si.visit(t, at+"/moduli", empty.fillForm("aggiorna", half...)).want(t, 200, `name="a.sent_by"`, "Chiede &lt;b&gt;aiuto&lt;/b&gt;",
		`value="phone" checked`)
	refused := si.visit(t, at+"/moduli", asked.fillForm("conferma", half...)).want(t, 422, "Errore:", `href="#a-sent_by"`, "Rispondi a questa domanda",
		"Chiede &lt;b&gt;aiuto&lt;/b&gt;")
	si.visit(t, at+"/moduli", asked.fillForm("bozza", "channel", "pigeon", "words", "resta")).want(t, 422, "Scegli una delle risposte proposte", "resta")
	si.visit(t, at, nil).want(t, 200, "Nessun modulo compilato")

	whole := slices.Concat(half, []string{"sent_by", "La scuola", "target", "disability", "needs", "safety", "needs", "belonging", "urgent", "false", "outcome", "information", "notice_given", "true"})
	form := refused.fillForm("conferma", whole...)
	done := si.visit(t, at+"/moduli", form).want(t, 303)
	if again := si.visit(t, at+"/moduli", form).want(t, 303); again.to != done.to {
		t.Errorf("the second submit leads to %s, the first to %s", again.to, done.to)
	}
	si.visit(t, done.to, nil).want(t, 200, "Confermato", "Come è arrivata la richiesta", "Per telefono", "La scuola", "Chiede &lt;b&gt;aiuto&lt;/b&gt;",
		"Persone con disabilità", "FO-01, versione 1", s.Name, "Sì").lacks(t, "<form", "Perché proponiamo la presa in carico")
	si.visit(t, at, nil).want(t, 200, "Confermato", done.to)
	for _, path := range []string{
		"/moduli/nuovo?modulo=FO-99", "/moduli/nuovo", "/moduli/nuovo?modulo=AS-01", "/moduli/x", "/moduli/" + newID(t).String(),
	} {
		si.visit(t, at+path, nil).want(t, 404)
	}
	elsewhere := "/sportello/" + newID(t).String() + "/moduli"
	si.visit(t, elsewhere+"/nuovo?modulo=FO-01", nil).want(t, 404)
	for _, action := range []string{"aggiorna", "bozza", "conferma"} {
		si.visit(t, elsewhere, empty.fillForm(action, half...)).want(t, 404)
	}
}

func TestDraftOfAFormGoesOn(t *testing.T) {
	st, s, c := newDesk(t)
	si := newSite(t, st, s)
	at := "/sportello/" + c.ID.String() + "/moduli"
	saved := si.visit(t, at, si.visit(t, at+"/nuovo?modulo=FO-01", nil).fillForm("bozza", "channel", "phone", "words", "Prima")).want(t, 303)
	page := si.visit(t, saved.to, nil).want(t, 200, "Prima", `value="phone" checked`, `name="version" value="1"`, "Salva la bozza")
	si.visit(t, at, page.fillForm("bozza", "channel", "phone", "words", "Seconda")).want(t, 303)
	// the page that still knows version 1 shows both texts and overwrites nothing
	both := si.visit(t, at, page.fillForm("bozza", "channel", "email", "words", "Terza")).want(t, 409, "La bozza è cambiata altrove", "Risposte diverse",
		"Per telefono", "Seconda", "Terza", `name="version" value="2"`)
	si.visit(t, saved.to, nil).want(t, 200, "Seconda").lacks(t, "Terza")
	si.visit(t, at, both.fillForm("bozza", "channel", "email", "words", "Terza")).want(t, 303)
	st.reword(t, "FO-01", "Come è arrivata la richiesta", "In che modo ci contatta")
	si.visit(t, saved.to, nil).want(t, 200, "Terza", "Come è arrivata la richiesta")
	si.visit(t, at+"/nuovo?modulo=FO-01", nil).want(t, 200, "In che modo ci contatta")
	colleague := newSite(t, st, st.as(t, "access_desk"))
	colleague.visit(t, saved.to, nil).want(t, 200, "È una bozza di "+s.Name, "Terza").lacks(t, "<form")
	colleague.visit(t, at, both.fillForm("bozza", "words", "Mia")).want(t, 403)
	final := intake.FormFilling{ID: newID(t), Contact: c.ID, Key: "FO-01", Answers: told(), Final: true}
	st.save(t, s, final)
	late := page.fillForm("bozza", "words", "Tardi")
	late.Set("id", final.ID.String())
	si.visit(t, at, late).want(t, 409, "già confermato", "Vedi il modulo confermato", "Tardi")
}

func TestTermOnThePages(t *testing.T) {
	st := newStage(t)
	s := st.as(t, "access_desk")
	si := newSite(t, st, s)
	old := st.create(t, s, intake.NewContact{Details: arrival(func(d *intake.Details) { d.At = time.Date(2026, time.May, 12, 9, 0, 0, 0, time.UTC) })})
	closed := st.create(t, s, intake.NewContact{Details: arrival(nil), Closing: intake.Closing{Outcome: "information"}})
	// without the workflow, and without any form, nothing is shown
	si.visit(t, "/sportello", nil).want(t, 200).lacks(t, "Da concludere entro", "Scaduto")
	si.visit(t, "/sportello/"+old.ID.String(), nil).want(t, 200).lacks(t, "Da concludere entro", "Scaduto", "Moduli")
	st.publish(t, st.as(t, "practice_owner"), "FO-01", "WF-01", "VO-01", "WF-02", "FO-02")
	si.visit(t, "/sportello", nil).want(t, 200, "Da concludere entro", "19/05/2026", "Scaduto")
	si.visit(t, "/sportello/"+old.ID.String(), nil).want(t, 200, "Da concludere entro", "19/05/2026", "Risposta alla persona entro 5 giorni lavorativi", "Scaduto")
	si.visit(t, "/sportello/"+closed.ID.String(), nil).want(t, 200, "Moduli").lacks(t, "Da concludere entro", "Scaduto")
	fresh := st.create(t, s, intake.NewContact{Details: arrival(nil)})
	due := intake.Term{Days: 5, Working: true}.Due(time.Now())
	si.visit(t, "/sportello/"+fresh.ID.String(), nil).want(t, 200, "Da concludere entro", due.Format("02/01/2006")).lacks(t, "Scaduto")
}

// TestFormsOfTheKitAreShown renders every form of the kit, and no form is known by the program.
func TestFormsOfTheKitAreShown(t *testing.T) {
	st, s, c := newDesk(t)
	st.publish(t, st.as(t, "practice_owner"), "FO-03")
	si := newSite(t, st, s)
	editions, err := st.intake.FindFormEditions(t.Context(), s)
	must(t, err)
	if len(editions) != 3 {
		t.Fatalf("%d forms", len(editions))
	}
	for _, e := range editions {
		page := si.visit(t, "/sportello/"+c.ID.String()+"/moduli/nuovo?modulo="+e.Key, nil).want(t, 200, e.Definition.Sections[0].Label.IT)
		for _, key := range e.Definition.Visible(kit.Answers{}) {
			page.want(t, 200, `name="a.`+key+`"`)
		}
	}
}

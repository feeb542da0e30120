package intake_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"staffetta/internal/problem"
	"staffetta/modules/intake"
	"staffetta/modules/kit"
	"staffetta/tenants"
)

// TestSourcesAreThoseOfTheDesk holds the codes that forms may start from beside those of a contact.
func TestSourcesAreThoseOfTheDesk(t *testing.T) {
	for name, list := range map[string][]intake.Code{
		"contact.channel": intake.Channels, "contact.interlocutor": intake.Interlocutors, "contact.reason": intake.Reasons,
		"contact.target": intake.Targets, "contact.needs": intake.Needs, kit.FromOutcome: intake.Outcomes,
	} {
		var ids []string
		for _, code := range list {
			ids = append(ids, code.ID)
		}
		source, _ := kit.OriginOf(name)
		if diff := cmp.Diff(ids, source.Values); diff != "" {
			t.Errorf("%s (-the desk +a form):\n%s", name, diff)
		}
	}
}

// newOpenDesk is newDesk with a contact that is still open, of somebody who speaks for himself.
func newOpenDesk(t *testing.T, change func(*intake.Details)) (*stage, tenants.Scope, intake.Contact) {
	t.Helper()
	st, s, first := newDesk(t)
	return st, s, st.create(t, s, intake.NewContact{Details: arrival(func(d *intake.Details) {
		d.Person = *first.PersonID
		d.Channel, d.Interlocutor, d.Reason, d.Target, d.Request = "other_remote", "user", "spontaneous", "families", "Chiede un pasto"
		d.Needs = []string{"safety", "belonging"}
		if change != nil {
			change(d)
		}
	})})
}

func TestAFormStartsFromItsContact(t *testing.T) {
	st, s, c := newOpenDesk(t, nil)
	f := filling(t, c, kit.Answers{"channel": "phone", "urgent": false})
	f.Start = true
	made := st.save(t, s, f)
	want := kit.Answers{
		"channel": "phone", "urgent": false, // what is said in the form stays
		"speaker": "user", "reason": "spontaneous", "anonymous": false, "words": "Chiede un pasto", "target": "families",
		"needs": []string{"safety", "belonging"},
	}
	if diff := cmp.Diff(want, made.Answers); diff != "" {
		t.Errorf("the form starts with (-want +got):\n%s", diff)
	}
	if again := st.save(t, s, f); again.Version != 1 {
		t.Errorf("sent again it is version %d", again.Version)
	}
	sheet, err := st.intake.GetContact(t.Context(), s, c.ID)
	must(t, err)
	if sheet.Channel != "other_remote" || sheet.Version != c.Version {
		t.Errorf("the contact became %+v", sheet.Contact)
	}
}

func TestAFormStartsFromTheTermsOfItsContact(t *testing.T) {
	st, s, c := newDesk(t)
	st.reword(t, "FO-01", `"from":"contact.target"`, `"from":"contact.term"`)
	st.reword(t, "FO-01", `"value":"disability"`, `"value":"reason.aids"`)
	c = st.create(t, s, intake.NewContact{
		Details: arrival(func(d *intake.Details) { d.Person = *c.PersonID }), Closing: intake.Closing{Outcome: "information", Terms: kit.Answers{"reason": "reason.aids"}},
	})
	f := filling(t, c, nil)
	f.Start = true
	if made := st.save(t, s, f); made.Answers["target"] != "reason.aids" {
		t.Errorf("the form starts with %v", made.Answers)
	}
}

// TestWhatTheContactHoldsStandsInTheForm walks through the page: the values are there and marked, what changes is told apart.
func TestWhatTheContactHoldsStandsInTheForm(t *testing.T) {
	st, s, c := newOpenDesk(t, nil)
	si := newSite(t, st, s)
	at := "/sportello/" + c.ID.String()
	page := si.visit(t, at+"/moduli/nuovo?modulo=FO-01", nil).want(t, 200, `value="other_remote" checked`, `value="families" checked`,
		`value="belonging" checked`, ">Chiede un pasto</textarea>", `id="a-channel-origine"`, "Conferma e chiudi l’accesso")
	if n := strings.Count(page.main(), "Dall’accesso: puoi cambiarlo"); n != 7 {
		t.Errorf("%d answers are marked, want 7", n)
	}
	other := si.visit(t, at+"/moduli", page.fillForm("aggiorna", "channel", "phone", "words", "Chiede un pasto")).want(t, 200,
		"Nell’accesso: In altro modo a distanza", `value="phone" checked`)
	if n := strings.Count(other.main(), "Dall’accesso: puoi cambiarlo"); n != 1 {
		t.Errorf("%d answers are marked after a change, want 1", n)
	}
	saved := si.visit(t, at+"/moduli", other.fillForm("bozza", "channel", "phone", "words", "Altro")).want(t, 303)
	si.visit(t, saved.to, nil).want(t, 200, "Nell’accesso: Chiede un pasto", ">Altro</textarea>")
	si.visit(t, at, nil).want(t, 200, "In altro modo a distanza", "Chiede un pasto")
}

// confirmed are the answers to a form that close a contact with an outcome.
func confirmed(outcome string, more ...string) []string {
	return append([]string{
		"channel", "phone", "speaker", "user", "reason", "spontaneous", "anonymous", "false", "words", "Aiuto", "target", "families", "needs", "safety",
		"urgent", "false", "outcome", outcome, "notice_given", "true",
	}, more...)
}

func TestAFormClosesItsContact(t *testing.T) {
	st, s, c := newOpenDesk(t, nil)
	si := newSite(t, st, s)
	at := "/sportello/" + c.ID.String()
	page := si.visit(t, at+"/moduli/nuovo?modulo=FO-01", nil)
	si.visit(t, at+"/moduli", page.fillForm("chiudi", confirmed("signposting")...)).want(t, 422, "a-sent_to")
	si.visit(t, at, nil).want(t, 200, "Da vedere", "Nessun modulo compilato")

	form := page.fillForm("chiudi", confirmed("signposting", "sent_to", "Il patronato")...)
	for range 2 { // a second press changes nothing
		if done := si.visit(t, at+"/moduli", form).want(t, 303); done.to != at {
			t.Errorf("it leads to %s", done.to)
		}
	}
	si.visit(t, at, nil).want(t, 200, "Invio ad altro ufficio o ente", "Il patronato", "Chiuso", "Confermato")
	si.visit(t, at+"/moduli/nuovo?modulo=FO-01", nil).want(t, 200).lacks(t, "Conferma e chiudi l’accesso")
	st.wantActions(t, map[string]int{
		"contact.create": 2, "contact.close": 1, "contact.form_final": 1, "contact.read": 5,
	})
}

// TestAFormAloneClosesNothing: who confirms a form with an outcome is asked, never taken along.
func TestAFormAloneClosesNothing(t *testing.T) {
	st, s, c := newOpenDesk(t, nil)
	f := filling(t, c, told())
	f.Final = true
	st.save(t, s, f)
	sheet, err := st.intake.GetContact(t.Context(), s, c.ID)
	must(t, err)
	if sheet.State != intake.Created || sheet.Outcome != "" {
		t.Errorf("the contact is %+v", sheet.Contact)
	}
	f.Closes = c.Version // confirmed already, it closes now
	st.save(t, s, f)
	if sheet, err = st.intake.GetContact(t.Context(), s, c.ID); err != nil || sheet.State != intake.Closed || sheet.Outcome != "information" {
		t.Errorf("the contact is %+v, %v", sheet.Contact, err)
	}
}

func TestAContactThatMovedIsNotClosedByAForm(t *testing.T) {
	st, s, c := newOpenDesk(t, func(d *intake.Details) { d.Person = [16]byte{} })
	si := newSite(t, st, s)
	at := "/sportello/" + c.ID.String()
	page := si.visit(t, at+"/moduli/nuovo?modulo=FO-01", nil)
	send := func(from answer, pairs ...string) url.Values { return from.fillForm("chiudi", pairs...) }
	si.visit(t, at+"/moduli", send(page, confirmed("taking_in_charge", "why_charge", "x", "next_date", "2026-12-01")...)).
		want(t, 422, `href="#a-outcome`, "indica prima chi è la persona")
	must(t, st.intake.MarkSeen(t.Context(), s, intake.Version{ID: c.ID, Version: c.Version}))
	moved := si.visit(t, at+"/moduli", send(page, confirmed("information")...)).want(t, 409, "L’accesso è cambiato intanto", "Guarda l’accesso", at)
	si.visit(t, at, nil).want(t, 200, "Visto", "Nessun modulo compilato")
	si.visit(t, at+"/moduli", send(moved, confirmed("information")...)).want(t, 303)

	f := filling(t, c, told("outcome", "guidance"))
	f.Final, f.Closes = true, c.Version
	_, err := st.intake.SaveForm(t.Context(), s, f) // closed meanwhile, otherwise
	wantKind(t, err, problem.Conflict)
}

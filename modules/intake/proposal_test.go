package intake_test

import (
	"testing"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/casefile"
	"staffetta/modules/intake"
	"staffetta/tenants"
)

// A proposal of taking in charge stands on the desk of who may open a case, names nobody, and waits until there is a case or
// somebody sets it aside.
func TestAProposalReachesWhoMayOpenACase(t *testing.T) {
	st := newStage(t)
	st.SwitchOn(t, st.body.ID, "registry", "kit", "casefile", "intake")
	parts, err := intake.Module().New(st.deps)
	must(t, err)
	duties := modules.NewDuties(st.deps.Bodies, st.deps.Policies)
	duties.Add(intake.Module(), parts.Duties)
	desk, worker := st.as(t, "access_desk"), st.as(t, "social_worker")
	waits := func(s tenants.Scope, path string) {
		t.Helper()
		var got string
		found, err := duties.Find(t.Context(), s)
		must(t, err)
		for _, d := range found {
			if d.Label.Key == "intake.duty.proposal" {
				got = d.Path
			}
			if d.Title != "" {
				t.Errorf("the duty names %q", d.Title)
			}
		}
		if got != path {
			t.Errorf("the proposal leads to %q, want %q", got, path)
		}
	}
	propose := func(surname string) (uuid.UUID, intake.Contact) {
		person := st.person(t, desk, surname).ID
		return person, st.create(t, desk, intake.NewContact{Details: arrival(func(d *intake.Details) { d.Person = person }), Closing: intake.Closing{Outcome: intake.TakingInCharge}})
	}
	waits(worker, "")
	person, c := propose("Bianco")
	waits(worker, "/sportello/"+c.ID.String())
	waits(desk, "")
	_, other := propose("Verdi")
	waits(worker, "/sportello?mostra=proposte")
	si := newSite(t, st, worker)
	si.visit(t, "/sportello?mostra=proposte", nil).want(t, 200, c.ID.String(), other.ID.String())
	st.openCase(t, worker, person, uuid.Nil)
	waits(worker, "/sportello/"+other.ID.String())

	at := "/sportello/" + other.ID.String()
	page := si.visit(t, at, nil).want(t, 200, "Metti da parte la proposta")
	newSite(t, st, desk).visit(t, at, nil).want(t, 200).lacks(t, "Metti da parte la proposta")
	si.visit(t, at+"/proposta", page.fill("set_aside", " ")).want(t, 422, `href="#set_aside"`)
	for range 2 { // twice is once
		si.visit(t, at+"/proposta", page.fill("set_aside", "Già seguita dal consultorio")).want(t, 303)
	}
	si.visit(t, at, nil).want(t, 200, "Già seguita dal consultorio").lacks(t, "Metti da parte la proposta")
	waits(worker, "")
	wantKind(t, st.intake.SetAside(t.Context(), worker, other.ID, "Altro"), problem.Conflict)
	wantKind(t, st.intake.SetAside(t.Context(), worker, newID(t), "Altro"), problem.NotFound)
	var told int
	must(t, st.Owner.QueryRow(t.Context(), `select count(*) from audit.events where action = 'contact.set_aside' and object_id = $1`, other.ID).Scan(&told))
	if told != 1 {
		t.Errorf("the audit tells it %d times", told)
	}
}

// A case shows the contacts of its person and their confirmed forms to who reads the section of arrivals.
func TestACaseShowsContactsAndForms(t *testing.T) {
	st := newStage(t)
	st.publish(t, st.as(t, "practice_owner"), "FO-01", "FO-02", "VO-01", "WF-01", "WF-02")
	worker := st.as(t, "social_worker")
	person := st.person(t, worker, "Bianco").ID
	c := st.create(t, worker, intake.NewContact{Details: arrival(func(d *intake.Details) { d.Person, d.Request = person, "Aiuto in casa" })})
	foreign := st.create(t, worker, intake.NewContact{Details: arrival(func(d *intake.Details) { d.Request = "Altra persona" })})
	form := filling(t, c, told())
	form.Final = true
	final := st.save(t, worker, form)
	draft := st.save(t, worker, filling(t, c, told()))
	made, err := casefile.NewService(st.deps).Create(t.Context(), worker, casefile.Opening{ID: newID(t), Person: person, Area: "disabili"})
	must(t, err)
	at := "/cartelle/" + made.ID.String() + "/sportello"
	newSite(t, st, worker).visit(t, at, nil).want(t, 200, "Aiuto in casa", "/moduli/"+final.ID.String(), "Primo accesso").
		lacks(t, draft.ID.String(), foreign.ID.String(), "Altra persona")
	newSite(t, st, st.as(t, "practice_owner")).visit(t, at, nil).want(t, 404)
}

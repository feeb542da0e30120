package practice_test

import (
	"strings"
	"testing"

	"staffetta/modules/practice/release"
)

// A practice from its first words to a kit that others can read, on pages: a draft as little as it is, the faults at their
// fields, two writers, and what may tell who a person is.
func TestPracticeIsWrittenOnPages(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	st.install(t, question("QU-01", "Si chiede allo sportello"))
	si := newSite(t, st)
	owner, colleague := si.as(t, st.giving), si.as(t, st.Operator(t, st.giver, "tenant_admin"))
	reader := si.as(t, st.Operator(t, st.giver, "coordinator"))
	owner.visit(t, "/pratiche", nil).want(t, 200, "/pratiche/nuova", "Descrivi una pratica")
	if list := reader.visit(t, "/pratiche", nil).want(t, 200); strings.Contains(list.main(), "/nuova") {
		t.Error("who may not write a practice is offered to")
	}

	empty := owner.visit(t, "/pratiche/nuova", nil).want(t, 200, st.giver.Name, "Come si trasferisce")
	owner.visit(t, "/pratiche/nuova", empty.fill("key", "A B", "title.it", "", "registry.startedYear", "da poco", "results.figures", "9,4")).
		want(t, 422, "da poco", "Scrivi un numero intero", "Questa riga non si legge: 9,4")
	owner.visit(t, "/pratiche/nuova", empty.fill("key", "A B", "title.it", "")).want(t, 422, `value="A B"`, "Usa da 1 a 64 lettere")
	owner.visit(t, "/pratiche/nuova", empty.fill("key", "PROVA", "title.it", "Titolo")).want(t, 422, "PROVA") // taken
	form := empty.fill("key", "SPORTELLO", "title.it", "Uno sportello per tutti")
	made := owner.visit(t, "/pratiche/nuova", form).want(t, 303)
	if again := owner.visit(t, "/pratiche/nuova", form); again.to != made.to {
		t.Errorf("a second submit led to %s, the first to %s", again.to, made.to)
	}
	page := owner.visit(t, made.to, nil).want(t, 200, "Uno sportello per tutti", "Problema, Soluzione, Passi", made.to+"/modifica")
	if strings.Contains(page.main(), made.to+"/pubblica") {
		t.Error("a kit of a practice that says nothing is offered")
	}
	reader.visit(t, made.to+"/modifica", nil).want(t, 404)
	si.as(t, st.taking).visit(t, made.to+"/modifica", nil).want(t, 404)

	edit, other := owner.visit(t, made.to+"/modifica", nil).want(t, 200, "SPORTELLO"), colleague.visit(t, made.to+"/modifica", nil)
	written := edit.fill("characteristics.problem.it", "Troppi uffici, 347 1234567", "characteristics.problem.en", "Too many offices", "characteristics.solution.it", "Uno solo",
		"transfer.how.it", "Si legge\nSi fa", "transfer.how.en", "-\nOne does", "results.facts.it", "Attivo dal 2013")
	owner.visit(t, made.to+"/modifica", written).want(t, 303)
	owner.visit(t, made.to, nil).want(t, 200, "Troppi uffici", "Si fa", "Attivo dal 2013", made.to+"/pubblica")
	owner.visit(t, made.to+"/modifica", nil).want(t, 200, "Too many offices", "Problema: Contiene un numero di telefono")

	stale := other.fill("characteristics.problem.it", "Manca un luogo", "characteristics.solution.it", "Uno solo")
	both := colleague.visit(t, made.to+"/modifica", stale).want(t, 409, "Intanto qualcun altro", "Troppi uffici", "Manca un luogo", "Si legge")
	owner.visit(t, made.to, nil).want(t, 200, "Troppi uffici")
	colleague.visit(t, made.to+"/modifica", both.fill("characteristics.problem.it", "Manca un luogo", "transfer.how.it", "Si fa")).want(t, 303)
	owner.visit(t, made.to, nil).want(t, 200, "Manca un luogo")
	if n := st.count(t, `select count(*) from audit.events where tenant_id = $1 and action in ('practice.create', 'practice.update')`, st.giver.ID); n != 4 {
		t.Errorf("%d events of what was written", n)
	}
}

// A kit of a draft that lacks parts of its sheet does not go out, whatever way it is asked.
func TestAKitNeedsItsSheet(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	p := st.install(t, question("QU-01", "Si chiede allo sportello"))
	p.Sheet.Characteristics.Problem.IT = " "
	p, err := release.NewService(st.deps).Update(t.Context(), st.giving, p)
	fatal(t, err)
	owner := newSite(t, st).as(t, st.giving)
	at := "/pratiche/" + p.ID.String() + "/pubblica"
	check := owner.visit(t, at, owner.visit(t, at, nil).want(t, 200).fill()).want(t, 303)
	owner.visit(t, check.to, nil).want(t, 200, "La scheda non è completa", "Problema", "non si può ancora pubblicare")
	owner.visit(t, check.to+"/conferma", map[string][]string{"x": {"y"}}).want(t, 422)
	if n := st.count(t, `select count(*) from commons.kits`); n != 0 {
		t.Errorf("%d kits went out", n)
	}
}

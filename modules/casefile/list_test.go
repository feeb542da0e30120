package casefile_test

import (
	"testing"

	"github.com/google/uuid"

	"staffetta/modules/casefile"
	"staffetta/modules/registry"
	"staffetta/tenants"
)

func TestCasesOfAPerson(t *testing.T) {
	st := newStage(t)
	ctx := t.Context()
	colleague, head := st.as(t, "social_worker"), st.as(t, "coordinator")
	theirs := st.open(t, colleague, st.rosa).ID
	must(t, st.cases.Move(ctx, colleague, theirs.String(), casefile.Move{Step: "archivia", Reason: "Trasferita"}))
	other := st.person(t, st.worker, "Verdi", "Ugo")
	st.open(t, st.worker, other)
	mine := uuid.MustParse(st.ref)
	for name, c := range map[string]struct {
		as   tenants.Scope
		want []uuid.UUID
	}{
		"coordinator": {head, []uuid.UUID{theirs, mine}}, "worker": {st.worker, []uuid.UUID{mine}},
		"colleague": {colleague, []uuid.UUID{theirs}}, "another": {st.as(t, "social_worker"), nil},
	} {
		lines, _, err := st.cases.Find(ctx, c.as, casefile.Query{Person: st.rosa})
		must(t, err)
		var got []uuid.UUID
		for _, line := range lines {
			got = append(got, line.ID)
		}
		want(t, name, c.want, got)
	}

	si, at := newSite(t, st), "/cartelle?persona="+st.rosa.String()
	si.visitor(t, head).get(t, "/persone/"+st.rosa.String()).want(t, 200, "Cartelle di questa persona", `href="/pantelleria`+at+`"`)
	si.visitor(t, head).get(t, at).want(t, 200, "Cartelle di Rosa Bianco", "000001", "Chiusa", "chiusa il "+today().Format("02/01/2006"), "/cartelle/nuova?persona="+st.rosa.String()).
		lacks(t, "Verdi", "Le mie, anche chiuse")
	si.visitor(t, st.worker).get(t, at).want(t, 200, "000001").lacks(t, theirs.String(), "chiusa il")
	si.visitor(t, st.as(t, "social_worker")).get(t, at).want(t, 200, "Non ci sono cartelle di questa persona che puoi vedere").lacks(t, "000001")
	desk := si.visitor(t, st.as(t, "access_desk"))
	desk.get(t, "/persone/"+st.rosa.String()).want(t, 200, "Rosa Bianco").lacks(t, "Cartelle di questa persona")
	desk.get(t, at).want(t, 404)
	_, stranger := st.other(t, "mazara", "coordinator")
	for _, v := range []*visitor{newSite(t, st).visitor(t, stranger), si.visitor(t, st.as(t, "educator"))} {
		v.get(t, at).want(t, 404)
	}
	for _, id := range []string{"x", newID(t).String()} {
		si.visitor(t, head).get(t, "/cartelle?persona="+id).want(t, 404)
	}
}

func TestListNamesByTheAlias(t *testing.T) {
	st := newStage(t)
	p, err := st.persons.Create(t.Context(), st.worker, registry.NewPerson{ID: newID(t), Details: registry.Details{Alias: "Signora del porto", NoCodeReason: "anonymous"}})
	must(t, err)
	st.open(t, st.worker, p.ID)
	newSite(t, st).visitor(t, st.worker).get(t, "/cartelle").want(t, 200, "Signora del porto").lacks(t, "Nome non visibile")
}

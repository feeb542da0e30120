package casefile_test

import (
	"testing"

	"staffetta/modules/registry"
)

func TestHouseholdOfACase(t *testing.T) {
	st := newStage(t)
	ctx := t.Context()
	body, guest := st.other(t, "mazara", "social_worker")
	site := newSite(t, st)
	at := "/cartelle/" + st.ref + "/nucleo"
	worker := site.visitor(t, st.worker)
	worker.get(t, at).want(t, 200, "Nessun nucleo registrato", "Vedi e aggiorna il nucleo", "Recapiti")
	// the household is written down after the case was opened and shared
	v := site.visitor(t, guest)
	far := "/cartelle/pantelleria~" + st.ref + "/nucleo"
	v.get(t, far).want(t, 404)
	st.share(t, body, "identity")
	v.get(t, far).want(t, 404)

	household, err := st.persons.CreateHousehold(ctx, st.worker, registry.NewHousehold{ID: newID(t), Kind: "registry", Person: st.rosa, Joining: registry.Joining{Relation: "head", From: "2020-01-01"}})
	must(t, err)
	ugo := registry.NewMember{ID: newID(t), Household: household, Person: st.person(t, st.worker, "Verdi", "Ugo"), Joining: registry.Joining{Relation: "child", From: "2020-01-01"}}
	must(t, st.persons.AddMember(ctx, st.worker, ugo))
	must(t, st.persons.UpdateContacts(ctx, st.worker, registry.NewContacts{ID: newID(t), Person: st.rosa, ContactDetails: registry.ContactDetails{Mobile: "333 1234567"}}))
	worker.get(t, at).want(t, 200, "Ugo Verdi", "Figlio o figlia", "333 1234567", "/persone/"+ugo.Person.String())

	st.share(t, body, "household")
	page := v.get(t, far).want(t, 200, "Rosa Bianco", "Ugo Verdi", "Nucleo anagrafico", "Figlio o figlia")
	page.lacks(t, "/persone/", "Vedi e aggiorna il nucleo", "333 1234567", "Recapiti")
	want(t, "readings in the chain of the owner", 1, ask[int](t, st,
		`select count(*) from audit.events where tenant_id = $1 and account_id = $2 and sections @> '{household}'`, st.body.ID, guest.Account))

	must(t, st.persons.EndMembership(ctx, st.worker, ugo.ID, 1, "2026-01-31"))
	v.get(t, far).want(t, 200, "Rosa Bianco").lacks(t, "Ugo", "Figlio o figlia")
	st.exec(t, `delete from policies.case_grants where section = 'identity'`)
	v.get(t, far).want(t, 200, "Nome non visibile", "Intestatario").lacks(t, "Bianco")
}

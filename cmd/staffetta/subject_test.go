package main

import (
	"testing"

	"github.com/google/uuid"

	"staffetta/modules"
	"staffetta/onboarding/subject"
	"staffetta/tenants"
)

// asking is a request of Pantelleria about the data of the person of its first case, that the administrator of the body wrote down and
// nobody handles.
func (st *stage) asking(t *testing.T) string {
	t.Helper()
	s := st.castScope(t, pantelleria, "Rizzo")
	_, err := st.owner.Exec(t.Context(), `insert into onboarding.subject_requests (tenant_id, id, number, kind, person_id, subject_name, asker, identity, channel, words, received_on,
			registered_by, registered_name)
		select c.tenant_id, gen_random_uuid(), 1, 'access', c.person_id, 'Persona della cartella', 'self', 'Carta d’identità vista', 'desk', 'Vuole copia dei suoi dati', current_date, $2, $3
		from casefile.cases c where c.tenant_id = $1 and not exists (select from onboarding.subject_requests where tenant_id = $1) order by c.number limit 1`, s.Tenant, s.Account, s.Name)
	must(t, err)
	return query[string](t, st, `select id::text from onboarding.subject_requests where tenant_id = $1 order by number limit 1`, s.Tenant)
}

// copied is a copy of the data of that person, whole, which can be fetched.
func (st *stage) copied(t *testing.T) string {
	t.Helper()
	request := modules.LinkID(st.asking(t))
	officer := st.extra(t, pantelleria, "Vigna", "dpo")
	service, id := subject.NewService(st.deps), uuid.Must(uuid.NewV7())
	found, err := service.Copies(t.Context(), officer, request)
	must(t, err)
	if len(found) > 0 {
		return found[0].ID.String()
	}
	_, parts, err := service.Parts(t.Context(), officer, request)
	must(t, err)
	var choices []subject.Choice
	for _, p := range parts {
		choices = append(choices, subject.Choice{Part: p.ID, In: true})
	}
	must(t, service.MakeCopy(t.Context(), officer, request, id, choices))
	must(t, service.Write(t.Context(), tenants.Scope{Tenant: officer.Tenant, Slug: officer.Slug, Name: "sistema", RequestID: id.String()}, id))
	return id.String()
}

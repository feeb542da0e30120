package main

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"staffetta/modules/sharing/elsewhere"
	"staffetta/tenants"
)

// danger is what bodies have done with each other's cases without being shown them: all of it is about cases of Pantelleria.
type danger struct {
	emergency string // by Elena of Mazara
	ask       string // of Luca of Mazara, which waits
	hidden    string // a protection, which has ended
}

// endanger has Mazara open a case of Pantelleria in an emergency and ask for access to it, and Davide protect another one for
// a moment.
func (st *stage) endanger(t *testing.T, caseFile string) danger {
	t.Helper()
	who := func(slug, surname string) *visitor { return st.token(t, st.castScope(t, slug, surname)) }
	davide, chiara, elena, luca := who(pantelleria, "Errera"), who(pantelleria, "Valenza"), who(mazara, "Asaro"), who(mazara, "Giacalone")
	day := func(days int) string { return time.Now().AddDate(0, 0, days).Format(time.DateOnly) }
	agreement := idIn(t, chiara.call(t, 201, "POST", "/c_g315/agreements", object{
		"title": "Accordo per le emergenze", "purposes": []string{"emergency", "assessment"}, "sections": []string{"identity", "household", "contacts", "assessment"},
		"directions": []object{{"from": pantelleria, "to": mazara}}, "from": day(-1), "until": day(300), "known_elsewhere": true, "act": object{"number": "DG 17", "day": day(-20)},
	}))
	elena.step(t, "/c_f061/agreements/"+agreement, "signature", "active", object{"number": "DD 51", "day": day(-2)})
	person := newFake("Zuccarello", "Agata", "1936-02-05", "F", "")
	id := idIn(t, davide.call(t, 201, "POST", "/c_g315/persons", object{"tax_code": person.Code, "surname": person.Surname, "name": person.Name}))
	davide.call(t, 201, "POST", "/c_g315/case-files", object{"person_id": id, "area": "anziani", "summary": "Vive sola"})
	if _, err := elsewhere.New(st.deps).Publish(t.Context(), tenants.Scope{Tenant: st.castScope(t, pantelleria, "Errera").Tenant}); err != nil {
		t.Fatal(err)
	}
	var d danger
	opened := elena.call(t, 201, "POST", "/c_f061/emergency-accesses", object{"tax_code": person.Code, "body": pantelleria, "reason": "Non apre la porta: mirto"})
	d.emergency, _ = opened["share"].(string)
	d.ask = idIn(t, luca.call(t, 201, "POST", "/c_f061/access-requests", object{
		"agreement_id": agreement, "asked": pantelleria, "tax_code": person.Code, "purpose": "assessment", "legal_basis": "public_task",
		"sections": []string{"identity", "assessment"}, "reason": "Si è presentata da noi: mirto",
	}))
	d.hidden = uuid.Must(uuid.NewV7()).String()
	at := "/c_g315/case-files/" + caseFile + "/protections"
	davide.call(t, 204, "POST", at, object{"kind": "sealed", "reason": "Per un momento"}, "Idempotency-Key", d.hidden)
	davide.call(t, 204, "POST", at+"/"+d.hidden+"/end", object{"reason": "Non serve più"})
	if marks := itemsOf(t, davide.call(t, 200, "GET", at, nil)); len(marks) != 1 || idIn(t, marks[0]) != d.hidden {
		t.Fatalf("the case was protected by %v", marks)
	}
	return d
}

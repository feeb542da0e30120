package intake_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/internal/problem"
	"staffetta/modules/intake"
	"staffetta/policies"
	"staffetta/tenants"
)

func TestALifeOfAContact(t *testing.T) {
	st := newStage(t)
	ctx := t.Context()
	desk := st.as(t, "access_desk")
	n := intake.NewContact{ID: newID(t), Details: arrival(nil)}
	first := st.create(t, desk, n)
	n.Request = "Another text"
	if again := st.create(t, desk, n); again.Request != first.Request || again.State != intake.Created {
		t.Errorf("the second submit gave %+v", again)
	}
	v := intake.Version{ID: first.ID, Version: 1}
	wantKind(t, st.intake.AddAddendum(ctx, desk, intake.NewAddendum{ID: newID(t), Contact: first.ID, Text: "too early"}), problem.Conflict)
	wantKind(t, st.intake.CloseContact(ctx, desk, v, intake.Closing{Outcome: "taking_in_charge"}), problem.Invalid)
	for range 2 {
		if err := st.intake.MarkSeen(ctx, desk, v); err != nil {
			t.Fatal(err)
		}
	}
	person := st.person(t, desk, "Bianco")
	wantKind(t, st.intake.NamePerson(ctx, desk, v, person.ID), problem.Conflict) // an old version
	v.Version = 2
	wantKind(t, st.intake.NamePerson(ctx, desk, v, newID(t)), problem.NotFound)
	if err := st.intake.NamePerson(ctx, desk, v, person.ID); err != nil {
		t.Fatal(err)
	}
	v.Version = 3
	closing := intake.Closing{Outcome: "taking_in_charge"}
	for range 2 {
		if err := st.intake.CloseContact(ctx, desk, v, closing); err != nil {
			t.Fatal(err)
		}
	}
	wantKind(t, st.intake.CloseContact(ctx, desk, intake.Version{ID: first.ID, Version: 4}, intake.Closing{Outcome: "information"}), problem.Conflict)
	wantKind(t, st.intake.NamePerson(ctx, desk, intake.Version{ID: first.ID, Version: 4}, st.person(t, desk, "Neri").ID), problem.Conflict)
	addendum := intake.NewAddendum{ID: newID(t), Contact: first.ID, Text: "<i>Nota</i> 🌋"}
	for range 2 {
		if err := st.intake.AddAddendum(ctx, desk, addendum); err != nil {
			t.Fatal(err)
		}
	}
	sheet, err := st.intake.GetContact(ctx, desk, first.ID)
	if err != nil {
		t.Fatal(err)
	}
	if sheet.State != intake.Closed || sheet.Outcome != "taking_in_charge" || sheet.ClosedName != desk.Name || sheet.Person.Surname != "Bianco" ||
		len(sheet.Addenda) != 1 || sheet.Addenda[0].Text != addendum.Text {
		t.Errorf("sheet %+v", sheet)
	}
	st.wantActions(t, map[string]int{
		"contact.create": 1, "contact.see": 1, "contact.name_person": 1, "contact.close": 1, "contact.add": 1, "contact.read": 1,
	})
}

func TestAnotherBodyAndOtherRolesSeeNothing(t *testing.T) {
	st := newStage(t)
	ctx := t.Context()
	desk := st.as(t, "access_desk")
	mine := st.person(t, desk, "Bianco")
	c := st.create(t, desk, intake.NewContact{Details: arrival(func(d *intake.Details) { d.Person = mine.ID })})
	strangers := map[string]tenants.Scope{
		"another body": st.Operator(t, st.Body(t, "marsala"), "coordinator"),
		"admin":        st.as(t, "admin_officer"),
		"educator":     st.as(t, "educator"),
	}
	for name, s := range strangers {
		t.Run(name, func(t *testing.T) {
			_, err := st.intake.GetContact(ctx, s, c.ID)
			wantKind(t, err, problem.NotFound)
			v := intake.Version{ID: c.ID, Version: 1}
			wantKind(t, st.intake.CloseContact(ctx, s, v, intake.Closing{Outcome: "information"}), problem.NotFound)
			wantKind(t, st.intake.MarkSeen(ctx, s, v), problem.NotFound)
			wantKind(t, st.intake.AddAddendum(ctx, s, intake.NewAddendum{ID: newID(t), Contact: c.ID, Text: "x"}), problem.NotFound)
			_, err = st.intake.CreateContact(ctx, s, intake.NewContact{Details: arrival(func(d *intake.Details) { d.Person = mine.ID })})
			wantKind(t, err, problem.NotFound)
			found, err := st.intake.FindContacts(ctx, s, intake.Query{})
			if err != nil || len(found.Contacts) != 0 {
				t.Errorf("%d contacts, %v", len(found.Contacts), err)
			}
		})
	}
}

func TestFindContacts(t *testing.T) {
	st := newStage(t)
	ctx := t.Context()
	s := st.as(t, "social_worker")
	person := st.person(t, s, "Bianco")
	old := arrival(func(d *intake.Details) { d.At = time.Now().AddDate(0, 0, -3) })
	open := st.create(t, s, intake.NewContact{Details: old})
	st.create(t, s, intake.NewContact{Details: old, Closing: intake.Closing{Outcome: "information"}})
	today := st.create(t, s, intake.NewContact{
		Details: arrival(func(d *intake.Details) { d.Person = person.ID }), Closing: intake.Closing{Outcome: "guidance"},
	})
	desk, err := st.intake.FindContacts(ctx, s, intake.Query{Desk: true})
	if err != nil || len(desk.Contacts) != 2 || desk.Contacts[0].ID != today.ID || desk.Contacts[1].ID != open.ID {
		t.Fatalf("desk %+v, %v", desk, err)
	}
	if desk.Names[person.ID] != "Bianco Rosa" {
		t.Errorf("names %v", desk.Names)
	}
	mine, err := st.intake.FindContacts(ctx, s, intake.Query{Person: person.ID})
	if err != nil || len(mine.Contacts) != 1 || mine.Contacts[0].State != intake.Closed {
		t.Errorf("of the person %+v, %v", mine, err)
	}
	var seen int
	for q := (intake.Query{Limit: 2}); ; {
		page, err := st.intake.FindContacts(ctx, s, q)
		if err != nil {
			t.Fatal(err)
		}
		seen += len(page.Contacts)
		if q.After = page.Next; q.After == uuid.Nil {
			break
		}
	}
	if seen != 3 {
		t.Errorf("the pages hold %d contacts", seen)
	}
}

// TestCaseOfAContact opens a case from a contact and shares its section intake.
func TestCaseOfAContact(t *testing.T) {
	st := newStage(t)
	ctx := t.Context()
	s := st.as(t, "social_worker")
	person := st.person(t, s, "Bianco")
	proposal := intake.NewContact{
		Details: arrival(func(d *intake.Details) { d.Person = person.ID }), Closing: intake.Closing{Outcome: "taking_in_charge"},
	}
	c, other := st.create(t, s, proposal), st.create(t, s, proposal)
	if err := st.intake.AddAddendum(ctx, s, intake.NewAddendum{ID: newID(t), Contact: c.ID, Text: "Seguito"}); err != nil {
		t.Fatal(err)
	}
	caseID := st.openCase(t, s, person.ID, c.ID)
	sheet, err := st.intake.GetContact(ctx, s, c.ID)
	if err != nil || sheet.CaseID == nil || *sheet.CaseID != caseID || sheet.CaseNumber != "2026/1" {
		t.Fatalf("sheet %+v, %v", sheet, err)
	}
	if sheet, err := st.intake.GetContact(ctx, s, other.ID); err != nil || sheet.CaseID != nil {
		t.Errorf("the other contact belongs to %v, %v", sheet.CaseID, err)
	}
	guestBody := st.Body(t, "mazara")
	guest := st.deps.Policies.Confine(st.Operator(t, guestBody, "coordinator"), policies.Guest)
	look := func() (n, added int) {
		t.Helper()
		var b pgx.Batch
		b.Queue(`select count(*) from intake.contacts where tenant_id = $1`, st.body.ID).QueryRow(func(row pgx.Row) error { return row.Scan(&n) })
		b.Queue(`select count(*) from intake.addenda where tenant_id = $1`, st.body.ID).QueryRow(func(row pgx.Row) error { return row.Scan(&added) })
		if err := st.DB.Guest(ctx, guest, &b); err != nil {
			t.Fatal(err)
		}
		return n, added
	}
	if n, added := look(); n != 0 || added != 0 {
		t.Errorf("without a grant a guest sees %d contacts, %d addenda", n, added)
	}
	st.grant(t, caseID, guestBody)
	if n, added := look(); n != 1 || added != 1 {
		t.Errorf("under the grant a guest sees %d contacts, %d addenda", n, added)
	}
}

func TestAuditFailureServesNothing(t *testing.T) {
	st := newStage(t)
	s := st.as(t, "social_worker")
	c := st.create(t, s, intake.NewContact{Details: arrival(nil)})
	if _, err := st.Owner.Exec(t.Context(), `revoke insert on audit.events from staffetta_auditor`); err != nil {
		t.Fatal(err)
	}
	sheet, err := st.intake.GetContact(t.Context(), s, c.ID)
	wantKind(t, err, problem.Unavailable)
	if sheet.Request != "" {
		t.Error("content came with a failed audit")
	}
	_, err = st.intake.FindContacts(t.Context(), s, intake.Query{})
	wantKind(t, err, problem.Unavailable)
}

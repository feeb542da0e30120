package registry_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/internal/problem"
	"staffetta/modules/registry"
	"staffetta/policies"
	"staffetta/tenants"
)

func TestCreateTwiceMakesOne(t *testing.T) {
	st := newStage(t)
	s := st.as(t, "access_desk")
	n := registry.NewPerson{ID: newID(t), Details: rosa(), Contacts: registry.ContactDetails{Mobile: "333 1234567", Municipality: "pantelleria"}}
	first, err := st.registry.Create(t.Context(), s, n)
	if err != nil {
		t.Fatal(err)
	}
	n.Surname = "Changed"
	again, err := st.registry.Create(t.Context(), s, n)
	if err != nil || again.ID != first.ID || again.Surname != "Bianco" {
		t.Errorf("the second submit gave %+v, %v", again, err)
	}
	sheet, err := st.registry.GetSheet(t.Context(), s, n.ID)
	if err != nil {
		t.Fatal(err)
	}
	if sheet.Birthplace != "Pantelleria" || !sheet.BirthDate.Equal(born) || sheet.Current().MunicipalityCode != "G315" {
		t.Errorf("sheet %+v", sheet)
	}
	wantActions(t, st, map[string]int{"person.create": 1, "contacts.update": 1, "person.read": 1})
}

func TestNamesArePlainText(t *testing.T) {
	st := newStage(t)
	s := st.as(t, "social_worker")
	for _, surname := range []string{"<script>alert(1)</script>", "𠮷野🌋", "O'Neill \"x\" & co", "Ñandú"} {
		person := st.create(t, s, registry.Details{NoCodeReason: "unknown", Surname: surname, Name: "Zoë"})
		if person.Surname != surname {
			t.Errorf("kept %q as %q", surname, person.Surname)
		}
		found, err := st.registry.FindPersons(t.Context(), s, registry.Query{Text: surname})
		if err != nil || len(found.Persons) != 1 {
			t.Errorf("search for %q found %d, %v", surname, len(found.Persons), err)
		}
	}
	for _, hostile := range []string{"\x00", "%", "🌋", "\xff", "' or 1=1"} {
		if _, err := st.registry.FindPersons(t.Context(), s, registry.Query{Text: hostile}); err != nil {
			t.Errorf("search for %q: %v", hostile, err)
		}
	}
}

func TestAnotherBodySeesNothing(t *testing.T) {
	st := newStage(t)
	mine, other := st.as(t, "coordinator"), st.Operator(t, st.Body(t, "marsala"), "coordinator")
	person := st.create(t, mine, rosa())
	household, err := st.registry.CreateHousehold(t.Context(), mine, registry.NewHousehold{
		Kind: "registry", Person: person.ID, Joining: registry.Joining{Relation: "head"},
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = st.registry.Get(t.Context(), other, person.ID)
	wantKind(t, err, problem.NotFound)
	_, err = st.registry.GetSheet(t.Context(), other, person.ID)
	wantKind(t, err, problem.NotFound)
	_, err = st.registry.Update(t.Context(), other, person.ID, 1, rosa())
	wantKind(t, err, problem.NotFound)
	_, err = st.registry.FindHouseholds(t.Context(), other, person.ID)
	wantKind(t, err, problem.NotFound)
	err = st.registry.UpdateContacts(t.Context(), other, registry.NewContacts{ID: newID(t), Person: person.ID})
	wantKind(t, err, problem.NotFound)
	found, err := st.registry.FindPersons(t.Context(), other, registry.Query{})
	if err != nil || len(found.Persons) != 0 {
		t.Errorf("the other body lists %d persons, %v", len(found.Persons), err)
	}
	duplicates, err := st.registry.FindDuplicates(t.Context(), other, rosa())
	if err != nil || len(duplicates) != 0 {
		t.Errorf("the other body finds %d duplicates, %v", len(duplicates), err)
	}
	theirs := st.create(t, other, with(func(d *registry.Details) { d.Surname = "Bianchi" }))
	err = st.registry.AddMember(t.Context(), other, registry.NewMember{Household: household, Person: theirs.ID, Joining: registry.Joining{Relation: "child"}})
	wantKind(t, err, problem.NotFound)
	err = st.registry.AddMember(t.Context(), mine, registry.NewMember{Household: household, Person: theirs.ID, Joining: registry.Joining{Relation: "child"}})
	wantKind(t, err, problem.NotFound)
}

func TestRolesWithoutSection(t *testing.T) {
	st := newStage(t)
	person := st.create(t, st.as(t, "social_worker"), rosa())
	educator := st.as(t, "educator")
	_, err := st.registry.Get(t.Context(), educator, person.ID)
	wantKind(t, err, problem.NotFound)
	_, err = st.registry.Create(t.Context(), educator, registry.NewPerson{Details: rosa()})
	wantKind(t, err, problem.NotFound)
	found, err := st.registry.FindPersons(t.Context(), educator, registry.Query{Text: "bianco"})
	if err != nil || len(found.Persons) != 0 {
		t.Errorf("an educator finds %d persons, %v", len(found.Persons), err)
	}
	desk := st.as(t, "access_desk")
	_, err = st.registry.FindHouseholds(t.Context(), desk, person.ID)
	wantKind(t, err, problem.NotFound)
	_, err = st.registry.CreateHousehold(t.Context(), desk, registry.NewHousehold{Kind: "isee", Person: person.ID, Joining: registry.Joining{Relation: "head"}})
	wantKind(t, err, problem.NotFound)
}

func TestUpdateKeepsHistoryAndRefusesAnOldVersion(t *testing.T) {
	st := newStage(t)
	s := st.as(t, "admin_officer")
	person := st.create(t, s, rosa())
	changed := person.Details()
	changed.Surname, changed.Citizenship = "Bianco Costa", "italiana"
	updated, err := st.registry.Update(t.Context(), s, person.ID, 1, changed)
	if err != nil || updated.Version != 2 || updated.Surname != "Bianco Costa" {
		t.Fatalf("update gave %+v, %v", updated, err)
	}
	stale := person.Details()
	stale.Name = "Rosalia"
	_, err = st.registry.Update(t.Context(), s, person.ID, 1, stale)
	wantKind(t, err, problem.Conflict)
	same, err := st.registry.Update(t.Context(), s, person.ID, 2, changed)
	if err != nil || same.Version != 2 {
		t.Errorf("an update that changes nothing gave version %d, %v", same.Version, err)
	}
	sheet, err := st.registry.GetSheet(t.Context(), s, person.ID)
	if err != nil || sheet.Name != "Rosa" {
		t.Fatalf("after a refused update: %+v, %v", sheet.Person, err)
	}
	got := map[string][2]string{}
	for _, c := range sheet.Changes {
		got[c.Field] = [2]string{c.OldValue, c.NewValue}
		if c.ChangedName != s.Name {
			t.Errorf("change by %q, want %q", c.ChangedName, s.Name)
		}
	}
	want := map[string][2]string{"surname": {"Bianco", "Bianco Costa"}, "citizenship": {"", "italiana"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("history (-want +got):\n%s", diff)
	}
	found, err := st.registry.FindPersons(t.Context(), s, registry.Query{Text: "costa rosa bianco"})
	if err != nil || len(found.Persons) != 0 {
		t.Errorf("words that are no beginning found %d, %v", len(found.Persons), err)
	}
	found, err = st.registry.FindPersons(t.Context(), s, registry.Query{Text: "bianco cos"})
	if err != nil || len(found.Persons) != 1 {
		t.Errorf("the new surname found %d, %v", len(found.Persons), err)
	}
}

func TestFindPersons(t *testing.T) {
	st := newStage(t)
	s := st.as(t, "social_worker")
	st.create(t, s, rosa())
	st.create(t, s, registry.Details{NoCodeReason: "unknown", Surname: "D’Aloìa", Name: "Rosa", BirthDate: "1990-01-02"})
	st.create(t, s, registry.Details{NoCodeReason: "anonymous", Alias: "Signora del porto"})
	for text, want := range map[string][]string{
		"":                       {"Bianco Rosa", "D’Aloìa Rosa", "Signora del porto"},
		"bian":                   {"Bianco Rosa"},
		"rosa":                   {"Bianco Rosa", "D’Aloìa Rosa"},
		"rosa bianco":            {"Bianco Rosa"},
		"d'aloia r":              {"D’Aloìa Rosa"},
		"ALOIA":                  nil,
		"signora del":            {"Signora del porto"},
		rosaCode[:8]:             {"Bianco Rosa"},
		"STP123":                 nil,
		"rosa bianchi":           nil,
		"DALOIA ROSA":            {"D’Aloìa Rosa"},
		"Rosa D'Alòia":           {"D’Aloìa Rosa"},
		"d’aloia rosa":           {"D’Aloìa Rosa"},
		"rosa d aloia":           {"D’Aloìa Rosa"},
		"rosa 1985":              {"Bianco Rosa"},
		"3/4/1985":               {"Bianco Rosa"},
		"rosa 02.01.1990":        {"D’Aloìa Rosa"},
		"1990-01-02 aloia":       nil,
		"31/02/1985":             nil,
		"bianco " + rosaCode[:8]: {"Bianco Rosa"},
		"verdi " + rosaCode[:8]:  nil,
		strings.ToLower(rosaCode[:3] + " " + rosaCode[3:6] + " " + rosaCode[6:11]): {"Bianco Rosa"},
	} {
		found, err := st.registry.FindPersons(t.Context(), s, registry.Query{Text: text})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, p := range found.Persons {
			got = append(got, p.ListName())
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
	page, err := st.registry.FindPersons(t.Context(), s, registry.Query{Limit: 2})
	if err != nil || len(page.Persons) != 2 || page.Next != page.Persons[1].ID {
		t.Fatalf("first page %+v, %v", page, err)
	}
	page, err = st.registry.FindPersons(t.Context(), s, registry.Query{Limit: 2, After: page.Next})
	if err != nil || len(page.Persons) != 1 || page.Next != uuid.Nil || page.Persons[0].Alias != "Signora del porto" {
		t.Errorf("second page %+v, %v", page, err)
	}
	byDay, err := st.registry.FindPersons(t.Context(), s, registry.Query{BirthDate: born})
	if err != nil || len(byDay.Persons) != 1 {
		t.Errorf("by birth date %d, %v", len(byDay.Persons), err)
	}
}

func TestFindDuplicates(t *testing.T) {
	st := newStage(t)
	s := st.as(t, "access_desk")
	st.create(t, s, rosa())
	noCode := func(surname, name, birth string) registry.Details {
		return registry.Details{NoCodeReason: "unknown", Surname: surname, Name: name, BirthDate: birth}
	}
	for name, c := range map[string]struct {
		in   registry.Details
		want []string
	}{
		"same":                   {rosa(), []string{"code", "birth", "name"}},
		"same code, other day":   {with(func(d *registry.Details) { d.BirthDate = "1985-04-09" }), []string{"code"}},
		"same code":              {with(func(d *registry.Details) { d.Surname, d.Name = "Verdi", "Anna" }), []string{"code"}},
		"five days":              {noCode("BIANCO", "Rosa", "1985-04-08"), []string{"birth_near", "name"}},
		"six days":               {noCode("Bianco", "Rosa", "1985-04-09"), nil},
		"five days before":       {noCode("Bianco", "Rosa", "1985-03-29"), []string{"birth_near", "name"}},
		"no day":                 {noCode("bianco", "rosà", ""), []string{"birth_unknown", "name"}},
		"exchanged":              {noCode("Rosa", "Bianco", "1985-04-03"), []string{"birth", "swapped"}},
		"a letter wrong":         {noCode("Biamco", "Rosa", "1985-04-03"), []string{"birth", "surname_near"}},
		"a letter in each":       {noCode("Biancco", "Roza", "1985-04-03"), []string{"birth", "surname_near", "name_near"}},
		"exchanged and wrong":    {noCode("Rosa", "Bianca", "1985-04-03"), []string{"birth", "swapped"}},
		"a letter wrong, no day": {noCode("Biamco", "Rosa", ""), nil},
		"spelt, no day":          {noCode("Byanco", "Rossa", ""), []string{"birth_unknown", "surname_near", "name_near"}},
		"somebody else":          {noCode("Bianchi", "Rosa", "1985-04-03"), nil},
		"anonymous like nobody":  {registry.Details{NoCodeReason: "anonymous", Alias: "Bianco"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			found, err := st.registry.FindDuplicates(t.Context(), s, c.in)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, d := range found {
				got = append(got, d.Reasons...)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("reasons (-want +got):\n%s", diff)
			}
		})
	}
	// nothing stops a registration
	st.create(t, s, rosa())
	if found, err := st.registry.FindDuplicates(t.Context(), s, rosa()); err != nil || len(found) != 2 {
		t.Errorf("after the second registration %d found, %v", len(found), err)
	}
}

func TestContactsAreReplacedOnce(t *testing.T) {
	st := newStage(t)
	s := st.as(t, "access_desk")
	person := st.create(t, s, rosa())
	first := registry.NewContacts{ID: newID(t), Person: person.ID, ContactDetails: registry.ContactDetails{Phone: "0923 111111"}}
	second := registry.NewContacts{ID: newID(t), Person: person.ID, Replaces: first.ID, ContactDetails: registry.ContactDetails{Phone: "0923 222222"}}
	for _, n := range []registry.NewContacts{first, first, second, second} {
		if err := st.registry.UpdateContacts(t.Context(), s, n); err != nil {
			t.Fatal(err)
		}
	}
	late := registry.NewContacts{ID: newID(t), Person: person.ID, Replaces: first.ID, ContactDetails: registry.ContactDetails{Phone: "0923 333333"}}
	wantKind(t, st.registry.UpdateContacts(t.Context(), s, late), problem.Conflict)
	sheet, err := st.registry.GetSheet(t.Context(), s, person.ID)
	if err != nil || len(sheet.Contacts) != 2 || sheet.Current().Phone != "0923 222222" {
		t.Errorf("contacts %+v, %v", sheet.Contacts, err)
	}
	wantActions(t, st, map[string]int{"person.create": 1, "contacts.update": 2, "person.read": 1})
}

func TestHouseholdRules(t *testing.T) {
	st := newStage(t)
	s := st.as(t, "social_worker")
	mother := st.create(t, s, rosa())
	child := st.create(t, s, registry.Details{NoCodeReason: "newborn", Surname: "Bianco", Name: "Luca"})
	n := registry.NewHousehold{ID: newID(t), Kind: "registry", Person: mother.ID, Joining: registry.Joining{Relation: "head", From: "2020-01-01"}}
	for range 2 {
		if id, err := st.registry.CreateHousehold(t.Context(), s, n); err != nil || id != n.ID {
			t.Fatalf("create a household: %v, %v", id, err)
		}
	}
	join := registry.NewMember{ID: newID(t), Household: n.ID, Person: child.ID, Joining: registry.Joining{Relation: "child"}}
	for range 2 {
		if err := st.registry.AddMember(t.Context(), s, join); err != nil {
			t.Fatal(err)
		}
	}
	other := n
	other.ID = newID(t)
	_, err := st.registry.CreateHousehold(t.Context(), s, other)
	if diff := cmp.Diff([]string{"person registry.member.elsewhere"}, faultsOf(t, err)); diff != "" {
		t.Errorf("second household of the kind: %s", diff)
	}
	third := st.create(t, s, registry.Details{NoCodeReason: "unknown", Surname: "Neri", Name: "Ugo"})
	second := registry.NewMember{Household: n.ID, Person: third.ID, Joining: registry.Joining{Relation: "head"}}
	if diff := cmp.Diff([]string{"relation registry.member.second_head"}, faultsOf(t, st.registry.AddMember(t.Context(), s, second))); diff != "" {
		t.Errorf("second head: %s", diff)
	}
	second.Relation = "cousin"
	if diff := cmp.Diff([]string{"relation web.field.choice"}, faultsOf(t, st.registry.AddMember(t.Context(), s, second))); diff != "" {
		t.Errorf("unknown relation: %s", diff)
	}
	if diff := cmp.Diff([]string{"to registry.date.before_joining"}, faultsOf(t, st.registry.EndMembership(t.Context(), s, join.ID, 1, "2019-12-31"))); diff != "" {
		t.Errorf("end before the beginning: %s", diff)
	}
	households, err := st.registry.FindHouseholds(t.Context(), s, child.ID)
	if err != nil || len(households) != 1 || len(households[0].Members) != 2 || households[0].Members[0].FullName() != "Rosa Bianco" {
		t.Fatalf("households %+v, %v", households, err)
	}
	end := households[0].Members[1].ValidFrom.Format("2006-01-02")
	wantKind(t, st.registry.EndMembership(t.Context(), s, join.ID, 9, end), problem.Conflict)
	for range 2 {
		if err := st.registry.EndMembership(t.Context(), s, join.ID, 1, end); err != nil {
			t.Fatal(err)
		}
	}
	households, err = st.registry.FindHouseholds(t.Context(), s, child.ID)
	if err != nil || len(households) != 0 {
		t.Errorf("after the end: %+v, %v", households, err)
	}
	// the former member may join another household of the kind
	again := registry.NewHousehold{Kind: "registry", Person: child.ID, Joining: registry.Joining{Relation: "head"}}
	if _, err := st.registry.CreateHousehold(t.Context(), s, again); err != nil {
		t.Errorf("a new household after the end: %v", err)
	}
}

// TestGuestReadsWhatAGrantShows sets up an agreement and a share as they are stored, and reads through the guest door.
func TestGuestReadsWhatAGrantShows(t *testing.T) {
	st := newStage(t)
	ctx := t.Context()
	s := st.as(t, "coordinator")
	person := st.create(t, s, rosa())
	hidden := st.create(t, s, registry.Details{NoCodeReason: "unknown", Surname: "Neri", Name: "Ugo"})
	if err := st.registry.UpdateContacts(ctx, s, registry.NewContacts{ID: newID(t), Person: person.ID, ContactDetails: registry.ContactDetails{Phone: "0923 111111"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := st.registry.CreateHousehold(ctx, s, registry.NewHousehold{Kind: "isee", Person: person.ID, Joining: registry.Joining{Relation: "head"}}); err != nil {
		t.Fatal(err)
	}
	guestBody := st.Body(t, "mazara")
	guest := st.deps.Policies.Confine(st.Operator(t, guestBody, "social_worker"), policies.Guest)
	caseID, agreement := newID(t), newID(t)
	exec := func(sql string, args ...any) {
		t.Helper()
		if _, err := st.Owner.Exec(ctx, sql, args...); err != nil {
			t.Fatal(err)
		}
	}
	exec(`insert into policies.agreements (id, title, state, purposes, sections, valid)
		values ($1, 'Accordo', 'active', '{consulenza}', '{identity}', tstzrange(now() - interval '1 day', now() + interval '1 day'))`, agreement)
	for _, tenant := range []int32{st.body.ID, guestBody.ID} {
		exec(`insert into policies.agreements_parties (agreement_id, tenant_id, side) values ($1, $2, 'party')`, agreement, tenant)
	}
	for _, section := range []string{"identity", "contacts", "household"} {
		exec(`insert into policies.case_subjects (tenant_id, case_id, person_id, section) values ($1, $2, $3, $4)`, st.body.ID, caseID, person.ID, section)
	}
	look := func(as tenants.Scope) (seen []string) {
		t.Helper()
		var b pgx.Batch
		var p, q registry.Person
		var contacts []registry.Contacts
		var households []registry.Household
		registry.QueuePerson(&b, st.body.ID, person.ID, &p)
		registry.QueuePerson(&b, st.body.ID, hidden.ID, &q)
		registry.QueueContacts(&b, st.body.ID, person.ID, &contacts)
		registry.QueueHouseholds(&b, st.body.ID, person.ID, &households)
		if err := st.DB.Guest(ctx, as, &b); err != nil {
			t.Fatal(err)
		}
		for name, visible := range map[string]bool{
			"identity": p.ID == person.ID, "hidden": q.ID != uuid.Nil, "contacts": len(contacts) > 0, "household": len(households) > 0,
		} {
			if visible {
				seen = append(seen, name)
			}
		}
		slices.Sort(seen)
		return seen
	}
	want := func(what string, as tenants.Scope, sections ...string) {
		t.Helper()
		if diff := cmp.Diff(sections, look(as)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
	}
	want("without a grant", guest)
	grant := func(section string) {
		exec(`insert into policies.case_grants (tenant_id, id, share_id, agreement_id, case_id, section, grantee, valid)
			values ($1, $2, $2, $3, $4, $5, $6, tstzrange(now() - interval '1 hour', now() + interval '1 hour'))`,
			st.body.ID, newID(t), agreement, caseID, section, guestBody.ID)
	}
	grant("identity")
	want("identity granted", guest, "identity")
	want("no section in the scope", guest.WithSections(nil, nil))
	grant("contacts")
	grant("household")
	want("three granted", guest, "contacts", "household", "identity")
	want("only contacts in the scope", guest.WithSections([]string{"contacts"}, nil), "contacts")
	want("a third body", st.deps.Policies.Confine(st.Operator(t, st.Body(t, "terza"), "social_worker"), policies.Guest))
	exec(`update policies.agreements set state = 'suspended' where id = $1`, agreement)
	want("agreement suspended", guest)
}

func TestAuditFailureServesNothing(t *testing.T) {
	st := newStage(t)
	s := st.as(t, "social_worker")
	person := st.create(t, s, rosa())
	if _, err := st.Owner.Exec(t.Context(), `revoke insert on audit.events from staffetta_auditor`); err != nil {
		t.Fatal(err)
	}
	_, err := st.registry.Get(t.Context(), s, person.ID)
	wantKind(t, err, problem.Unavailable)
	found, err := st.registry.FindPersons(t.Context(), s, registry.Query{})
	wantKind(t, err, problem.Unavailable)
	_ = found
}

func TestNames(t *testing.T) {
	st := newStage(t)
	s := st.deps.Policies.Confine(st.as(t, "social_worker"), policies.Body)
	person := st.create(t, s, rosa())
	var names map[uuid.UUID]string
	err := st.DB.InTx(t.Context(), s, func(tx tenants.Tx) (err error) {
		names, err = registry.Names(t.Context(), tx, s.Tenant, []uuid.UUID{person.ID, newID(t)})
		return err
	})
	if diff := cmp.Diff(map[uuid.UUID]string{person.ID: "Bianco Rosa"}, names); err != nil || diff != "" {
		t.Errorf("names (-want +got): %v\n%s", err, diff)
	}
}

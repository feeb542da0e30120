package registry_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/modules/registry"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// sharedCase is a case of a body under an agreement with another, as the modules above store it.
type sharedCase struct {
	*stage
	id, agreement uuid.UUID
	person        registry.Person
	guest         tenants.Scope
}

func (st *stage) exec(t *testing.T, sql string, args ...any) {
	t.Helper()
	if _, err := st.Owner.Exec(t.Context(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

// link opens a case of a person for the registry.
func (st *stage) link(t *testing.T, person uuid.UUID) uuid.UUID {
	t.Helper()
	id := newID(t)
	s := st.deps.Policies.Confine(st.as(t, "social_worker"), policies.Body)
	if err := st.DB.InTx(t.Context(), s, func(tx tenants.Tx) error { return openCase(t, tx, s, id, person) }); err != nil {
		t.Fatal(err)
	}
	return id
}

// openCase is what the opening of a case does here, with its event.
func openCase(t *testing.T, tx tenants.Tx, s tenants.Scope, id, person uuid.UUID) error {
	t.Helper()
	return errors.Join(registry.LinkCase(t.Context(), tx, s, id, person), audit.Write(t.Context(), tx, s, audit.Event{Action: "case.create", Object: id}))
}

// share opens a case of a person and shares sections of it.
func (st *stage) share(t *testing.T, person registry.Person, sections ...string) *sharedCase {
	t.Helper()
	c := &sharedCase{stage: st, id: st.link(t, person.ID), agreement: newID(t), person: person}
	other := st.Body(t, "mazara")
	c.guest = st.deps.Policies.Confine(st.Operator(t, other, "social_worker"), policies.Guest)
	st.exec(t, `insert into policies.agreements (id, title, state, purposes, sections, valid)
		values ($1, 'Accordo', 'active', '{consulenza}', '{identity}', tstzrange(now() - interval '1 day', now() + interval '1 day'))`, c.agreement)
	for _, tenant := range []int32{st.body.ID, other.ID} {
		st.exec(t, `insert into policies.agreements_parties (agreement_id, tenant_id, side) values ($1, $2, 'party')`, c.agreement, tenant)
	}
	for _, section := range sections {
		c.grant(t, section)
	}
	return c
}

func (c *sharedCase) grant(t *testing.T, section string) {
	t.Helper()
	c.exec(t, `insert into policies.case_grants (tenant_id, id, share_id, agreement_id, case_id, section, grantee, valid)
		values ($1, $2, $2, $3, $4, $5, $6, tstzrange(now() - interval '1 hour', now() + interval '1 hour'))`,
		c.body.ID, newID(t), c.agreement, c.id, section, c.guest.Tenant)
}

// members are those whom the guest sees in the households, "?" for one without a name.
func (c *sharedCase) members(t *testing.T) string {
	t.Helper()
	var b pgx.Batch
	var households []registry.Household
	registry.QueueHouseholds(&b, c.body.ID, c.person.ID, &households)
	if err := c.DB.Guest(t.Context(), c.guest, &b); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, h := range households {
		for _, m := range h.Members {
			if m.FullName() == "" {
				names = append(names, "?")
			} else {
				names = append(names, m.FullName())
			}
		}
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// named are the persons of the body whose row the guest door gives, whatever asks for them.
func (c *sharedCase) named(t *testing.T) string {
	t.Helper()
	var b pgx.Batch
	var names []string
	b.Queue(`select p.name from registry.persons p order by p.name`).Query(func(rows pgx.Rows) (err error) {
		names, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	})
	if err := c.DB.Guest(t.Context(), c.guest, &b); err != nil {
		t.Fatal(err)
	}
	return strings.Join(names, " ")
}

func (st *stage) join(t *testing.T, household uuid.UUID, person registry.Person) registry.NewMember {
	t.Helper()
	n := registry.NewMember{ID: newID(t), Household: household, Person: person.ID, Joining: registry.Joining{Relation: "child", From: "2020-01-01"}}
	if err := st.registry.AddMember(t.Context(), st.as(t, "social_worker"), n); err != nil {
		t.Fatal(err)
	}
	return n
}

func (st *stage) leave(t *testing.T, m registry.NewMember) {
	t.Helper()
	if err := st.registry.EndMembership(t.Context(), st.as(t, "social_worker"), m.ID, 1, "2026-01-31"); err != nil {
		t.Fatal(err)
	}
}

func (st *stage) household(t *testing.T, kind string, person registry.Person) uuid.UUID {
	t.Helper()
	id, err := st.registry.CreateHousehold(t.Context(), st.as(t, "social_worker"), registry.NewHousehold{
		ID: newID(t), Kind: kind, Person: person.ID, Joining: registry.Joining{Relation: "head", From: "2020-01-01"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func (st *stage) family(t *testing.T, names ...string) []registry.Person {
	t.Helper()
	var persons []registry.Person
	for _, name := range names {
		persons = append(persons, st.create(t, st.as(t, "social_worker"), registry.Details{NoCodeReason: "unknown", Surname: "Bianco", Name: name}))
	}
	return persons
}

// equal compares one thing that a test found.
func equal(t *testing.T, what, want, got string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestGuestSeesTheHouseholdAsItIsNow(t *testing.T) {
	st := newStage(t)
	p := st.family(t, "Rosa", "Luca", "Ada", "Ugo", "Zoe")
	rosa, luca, ada, ugo, zoe := p[0], p[1], p[2], p[3], p[4]
	before := st.household(t, "isee", rosa)
	c := st.share(t, rosa, "household")
	equal(t, "when the case opens", "?", c.members(t))

	lucas := st.join(t, before, luca)
	equal(t, "the household alone", "?, ?", c.members(t))
	equal(t, "names without the identity", "", c.named(t))
	c.grant(t, "identity")
	equal(t, "with the identity", "Luca Bianco, Rosa Bianco", c.members(t))
	equal(t, "nobody else", "Luca Rosa", c.named(t))

	// a household made after the case was opened
	after := st.household(t, "registry", ada)
	equal(t, "a household of others", "Luca Rosa", c.named(t))
	rosas := st.join(t, after, rosa)
	ugos := st.join(t, after, ugo)
	equal(t, "who joined later", "Ada Luca Rosa Ugo", c.named(t))
	equal(t, "as the page reads them", "Ada Bianco, Luca Bianco, Rosa Bianco, Rosa Bianco, Ugo Bianco", c.members(t))

	st.leave(t, ugos)
	equal(t, "who left", "Ada Luca Rosa", c.named(t))
	elsewhere := st.household(t, "registry", ugo)
	st.join(t, elsewhere, zoe)
	equal(t, "who left, in another household", "Ada Luca Rosa", c.named(t))
	st.leave(t, rosas)
	equal(t, "the person of the case left", "Luca Rosa", c.named(t))
	equal(t, "its other household stays", "Luca Bianco, Rosa Bianco", c.members(t))

	st.leave(t, lucas)
	equal(t, "the last one left", "Rosa Bianco", c.members(t))
	st.join(t, before, luca)
	equal(t, "and came back", "Luca Rosa", c.named(t))
	kept := ""
	if err := st.Owner.QueryRow(t.Context(), `select string_agg(p.name, ' ' order by p.name) from policies.case_subjects s
		join registry.persons p on p.id = s.person_id where s.case_id = $1 and s.valid_to is not null`, c.id).Scan(&kept); err != nil {
		t.Fatal(err)
	}
	equal(t, "who was seen before", "Ada Ugo", kept)
}

func TestHouseholdOfOneSharedCaseShowsNoOther(t *testing.T) {
	st := newStage(t)
	p := st.family(t, "Rosa", "Luca")
	household := st.household(t, "registry", p[0])
	st.join(t, household, p[1])
	c := st.share(t, p[0], "identity")
	equal(t, "the identity alone", "Rosa", c.named(t))
	// Luca's own case is shared with the household: Luca's identity is not granted there, nor Rosa's household here
	lucas := *c
	lucas.id = st.link(t, p[1].ID)
	lucas.grant(t, "household")
	equal(t, "identity of one case, household of another", "Rosa", c.named(t))
	c.grant(t, "household")
	equal(t, "both of one case", "Luca Rosa", c.named(t))
	c.guest = c.guest.WithSections([]string{"identity"}, nil)
	equal(t, "both granted, one in the scope", "Rosa", c.named(t))
}

// TestWhoJoinsWhileACaseIsOpened lets a member join between the opening of a case and its commit: the one waits for the
// other, or neither would see the other's row and the member would be missing.
func TestWhoJoinsWhileACaseIsOpened(t *testing.T) {
	st := newStage(t)
	p := st.family(t, "Rosa", "Luca")
	household := st.household(t, "registry", p[0])
	s := st.deps.Policies.Confine(st.as(t, "social_worker"), policies.Body)
	n := registry.NewMember{ID: newID(t), Household: household, Person: p[1].ID, Joining: registry.Joining{Relation: "child"}}
	caseID, joined := newID(t), make(chan error, 1)
	err := st.DB.InTx(t.Context(), s, func(tx tenants.Tx) error {
		if err := openCase(t, tx, s, caseID, p[0].ID); err != nil {
			return err
		}
		go func() { joined <- st.registry.AddMember(t.Context(), s, n) }()
		for waiting := 0; waiting == 0; {
			select {
			case err := <-joined:
				joined <- err // it did not wait
				return nil
			default:
			}
			err := st.Owner.QueryRow(t.Context(), `select count(*) from pg_locks where locktype = 'advisory' and not granted
				and database = (select oid from pg_database where datname = current_database())`).Scan(&waiting)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := <-joined; err != nil {
		t.Fatal(err)
	}
	seen := ""
	if err := st.Owner.QueryRow(t.Context(), `select string_agg(p.name, ' ' order by p.name) from policies.case_subjects s
		join registry.persons p on p.id = s.person_id where s.case_id = $1 and s.section = 'household'`, caseID).Scan(&seen); err != nil {
		t.Fatal(err)
	}
	equal(t, "who is seen through the case", "Luca Rosa", seen)
}

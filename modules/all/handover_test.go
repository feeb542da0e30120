package all_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"staffetta/modules"
	"staffetta/modules/all"
	"staffetta/tenants"
)

// moved is what the database says of a table whose rows go along.
type moved struct {
	Name, Section                            string
	CaseColumn, PersonColumn, UsedItem, File string
	Sets                                     []string
	Merges                                   bool
}

const movedSQL = `
	select name, section, coalesce(case_column, '') as case_column, coalesce(person_column, '') as person_column, coalesce(used_item, '') as used_item,
		coalesce(file, '') as file, array(select jsonb_object_keys(sets)) as sets, merges
	from platform.handover_tables order by place`

// TestHandoverIsDeclared holds the records of the modules to what the database copies, both ways: a table that a module
// declares to go along and the database forgets would be lost with the first case that passes.
func TestHandoverIsDeclared(t *testing.T) {
	t.Parallel()
	p := newPassage(t)
	want, got := map[string]modules.Record{}, map[string]modules.Record{}
	for _, r := range records() {
		r.People, r.Withheld, r.Bytes, r.Retention, r.Codes, r.Draft = false, false, modules.Bytes{}, "", nil, "" // nothing of a handover
		if r.Handover == modules.Copy {
			want[r.Table] = r
		}
	}
	for _, m := range p.moved {
		section := strings.Trim(m.Section, "'")
		if column, ok := strings.CutPrefix(section, "t."); ok {
			section = "column:" + column
		}
		got[m.Name] = modules.Record{
			Table: m.Name, CaseColumn: m.CaseColumn, PersonColumn: m.PersonColumn, Section: section, Handover: modules.Copy, UsedItem: m.UsedItem, File: m.File,
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the records and the database do not copy the same (-records +database):\n%s", diff)
	}
}

func TestObligationsAreDeclared(t *testing.T) {
	t.Parallel()
	type stored struct {
		Key, Table     string
		Moves, Benefit bool
	}
	var want []stored
	for _, m := range all.Modules() {
		for _, o := range m.Obligations {
			want = append(want, stored{o.Key, o.Table, o.Moves, o.Benefit})
			if o.Label.It == "" || o.Label.En == "" {
				t.Errorf("the obligation %s has no label in both languages", o.Key)
			}
		}
	}
	got := collect[stored](t, newPassage(t).Owner, `select key, name as "table", owner_column is not null as moves, benefit from platform.handover_obligations order by place`)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the obligations of the modules and of the database (-modules +database):\n%s", diff)
	}
}

// passage is a case of one body with a row in every table that goes along, offered to another body.
type passage struct {
	*theater
	moved    []moved
	taker    tenants.Scope // of the receiver
	giver    tenants.Scope
	file     uuid.UUID
	share    uuid.UUID
	contract uuid.UUID // the agreement
}

func newPassage(t *testing.T) *passage {
	t.Helper()
	th := newTheater(t)
	p := &passage{theater: th, moved: collect[moved](t, th.Owner, movedSQL), share: uuid.New(), contract: uuid.New()}
	p.file = uuid.MustParse(p.text("casefile.cases", "id"))
	p.giver = p.Operator(t, p.body, "coordinator")
	p.taker = p.Operator(t, p.Body(t, "delta"), "coordinator")
	for _, sql := range p.arrangement() {
		p.exec(t, sql)
	}
	p.agree(t, p.giver.Tenant, p.taker.Tenant)
	p.offer(t, p.giver, p.taker.Tenant, p.share)
	return p
}

func (p *passage) text(table, column string) string {
	return strings.Trim(string(p.rows[table][column]), `"`)
}

func (p *passage) exec(t *testing.T, sql string, args ...any) {
	t.Helper()
	if _, err := p.Owner.Exec(context.WithoutCancel(t.Context()), sql, args...); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// arrangement makes one whole of the rows that stand apart: who the case is about, and what is signed, final and pinned. A
// module whose table goes along and whose row the maker leaves out of the case adds it here.
func (p *passage) arrangement() []string {
	person, version := p.text("registry.persons", "id"), p.text("kit.item_versions", "id")
	return []string{
		`update kit.item_versions v set origin_tenant = null, item_id = i.id, kind = i.kind, key = i.key from kit.items i where i.tenant_id = v.tenant_id`,
		fmt.Sprintf(`update casefile.cases set person_id = '%s', closed_at = null, workflow_version = '%s'`, person, version),
		fmt.Sprintf(`update registry.contacts set person_id = '%s', valid_to = null`, person),
		fmt.Sprintf(`update registry.members set person_id = '%s', valid_to = null`, person),
		`delete from policies.case_subjects`,
		fmt.Sprintf(`insert into policies.case_subjects (tenant_id, case_id, person_id, section)
			select %d, '%s', '%s', unnest(array['identity', 'contacts', 'household'])`, p.body.ID, p.file, person),
		`update casefile.notes set signed_at = now(), visibility = 'public'`,
		fmt.Sprintf(`update intake.contacts set case_id = '%s', person_id = '%s', state = 'closed', outcome = 'information', closed_at = now(), closed_name = 'X'`, p.file, person),
		fmt.Sprintf(`update intake.forms set case_id = '%s', item_version_id = '%s', state = 'final', finalised_at = now()`, p.file, version),
		fmt.Sprintf(`update assessment.assessments set item_version_id = '%s', state = 'final', finalised_at = now()`, version),
	}
}

// agree makes an agreement by which one body may pass cases to the other.
func (p *passage) agree(t *testing.T, from, to int32) {
	t.Helper()
	p.contract = uuid.New()
	p.exec(t, `insert into policies.agreements (id, title, state, purposes, sections, valid)
		values ($1, 'Accordo', 'active', '{handover}', '{identity}', tstzrange(now() - interval '1 day', now() + interval '1 year'))`, p.contract)
	p.exec(t, `insert into policies.agreements_parties (agreement_id, tenant_id, side) values ($1, $2, 'proposer'), ($1, $3, 'party')`, p.contract, from, to)
	p.exec(t, `insert into policies.agreements_edges (agreement_id, from_tenant, to_tenant) values ($1, $2, $3)`, p.contract, from, to)
}

func (p *passage) offer(t *testing.T, by tenants.Scope, to int32, share uuid.UUID) {
	t.Helper()
	if err := p.tryOffer(t, by, to, share); err != nil {
		t.Fatal(err)
	}
}

func (p *passage) tryOffer(t *testing.T, by tenants.Scope, to int32, share uuid.UUID) error {
	t.Helper()
	offer, err := json.Marshal(map[string]any{
		"id": share, "receiver_tenant": to, "agreement_id": p.contract, "purpose": "handover", "purpose_label": "Passaggio", "legal_basis": "law",
		"sections": []string{"identity"}, "answer_by": "2999-01-01T00:00:00Z", "preview": map[string]any{}, "offered_name": "A", "case_id": p.file,
		"reason": "Si è trasferita", "surname": "Bianco", "name": "Rosa",
	})
	if err == nil {
		err = p.through(t, by, `select sharing.offer_handover($1)`, string(offer))
	}
	return err
}

// through runs a statement as somebody, through the door of the own body.
func (p *passage) through(t *testing.T, s tenants.Scope, sql string, args ...any) error {
	t.Helper()
	return p.DB.InTx(context.WithoutCancel(t.Context()), s, func(tx tenants.Tx) error {
		_, err := tx.Exec(context.WithoutCancel(t.Context()), sql, args...)
		return err
	})
}

const handOverSQL = `select sharing.hand_over($1, null, '{}', 'B')`

func (p *passage) take(t *testing.T) error {
	t.Helper()
	return p.through(t, p.taker, handOverSQL, p.share)
}

// content is every row of a body in a table, by id and then by column.
func (p *passage) content(t *testing.T, table string, body int32) map[string]map[string]any {
	t.Helper()
	rows := map[string]map[string]any{}
	for _, one := range collect[struct{ Row map[string]any }](t, p.Owner, fmt.Sprintf(`select to_jsonb(t) as row from %s t where tenant_id = $1`, table), body) {
		rows[fmt.Sprint(one.Row["id"])] = one.Row
	}
	return rows
}

// Every row that goes along is there under its id, with every column but those that the migrations name.
func TestHandoverCopiesEveryDeclaredTable(t *testing.T) {
	t.Parallel()
	p := newPassage(t)
	before := map[string]map[string]map[string]any{}
	for _, m := range p.moved {
		before[m.Name] = p.content(t, m.Name, p.giver.Tenant)
		if len(before[m.Name]) == 0 {
			t.Fatalf("%s has no row of the case: arrange one", m.Name)
		}
	}
	if err := p.take(t); err != nil {
		t.Fatal(err)
	}
	for _, m := range p.moved {
		want, got := before[m.Name], p.content(t, m.Name, p.taker.Tenant)
		for _, rows := range []map[string]map[string]any{want, got} {
			for _, row := range rows {
				for _, column := range append(m.Sets, "tenant_id") {
					delete(row, column)
				}
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s did not go along whole (-giver +taker):\n%s", m.Name, diff)
		}
	}
	type state struct {
		Tenant, Origin, Transferred int32
		State, Number               string
		Open                        bool
	}
	got := collect[state](t, p.Owner, `select tenant_id as tenant, coalesce(origin_tenant, 0) as origin, coalesce(transferred_to, 0) as transferred,
		state, number, closed_at is null as open from casefile.cases where id = $1 order by tenant_id`, p.file)
	want := []state{
		{p.giver.Tenant, 0, p.taker.Tenant, "transferred", got[0].Number, false},
		{p.taker.Tenant, p.giver.Tenant, 0, fmt.Sprint(before["casefile.cases"][p.file.String()]["state"]), got[1].Number, true},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the case at both bodies (-want +got):\n%s", diff)
	}
	if !strings.HasSuffix(got[1].Number, "/000001") {
		t.Errorf("the case is numbered %s where it went", got[1].Number)
	}
}

// state is a fingerprint of everything that the bodies have.
func (p *passage) state(t *testing.T) map[string]string {
	t.Helper()
	prints := map[string]string{}
	for _, one := range p.tables.tables(own, between, audited) {
		rows := collect[struct{ Print string }](t, p.Owner, fmt.Sprintf(`select coalesce(md5(string_agg(t::text, ';' order by t::text)), '') as print from %s t`, one.Name))
		prints[one.Name] = rows[0].Print
	}
	return prints
}

// written are the tables that a handover writes: the declared ones and what it makes of the case and of its shares.
func (p *passage) written() []string {
	names := []string{"casefile.counters", "policies.case_subjects", "sharing.shares", "sharing.shares_handovers"}
	for _, m := range p.moved {
		names = append(names, m.Name)
	}
	return names
}

// A handover that fails after the rows of any table leaves everything as it was, and so does one whose program is killed there.
func TestHandoverIsAllOrNothing(t *testing.T) {
	t.Parallel()
	p := newPassage(t)
	p.exec(t, `create function public.breaks() returns trigger language plpgsql as $$ begin raise exception 'broken here' using errcode = 'XX001'; end $$`)
	p.exec(t, `create function public.waits() returns trigger language plpgsql as $$ begin perform pg_advisory_xact_lock(4711); return null; end $$`)
	before := p.state(t)
	for _, name := range p.written() {
		p.exec(t, fmt.Sprintf(`create trigger breaks after insert or update on %s for each row execute function public.breaks()`, name))
		var refusal *pgconn.PgError
		if err := p.take(t); !errors.As(err, &refusal) || refusal.Code != "XX001" {
			t.Errorf("broken at %s: %v", name, err)
		}
		p.exec(t, `drop trigger breaks on `+name)
		if diff := cmp.Diff(before, p.state(t)); diff != "" {
			t.Errorf("broken at %s, it left something behind:\n%s", name, diff)
		}
		p.exec(t, fmt.Sprintf(`create trigger waits after insert or update on %s for each row execute function public.waits()`, name))
		p.killed(t, name)
		p.exec(t, `drop trigger waits on `+name)
		if diff := cmp.Diff(before, p.state(t)); diff != "" {
			t.Errorf("killed at %s, it left something behind:\n%s", name, diff)
		}
	}
	if err := p.take(t); err != nil {
		t.Errorf("after all failures it cannot be taken: %v", err)
	}
}

// What is written into a case while it passes either goes along or is refused: nothing is signed into the body that lost it.
func TestAHandoverWaitsForWhoWritesAndIsWaitedFor(t *testing.T) {
	t.Parallel()
	p := newPassage(t)
	early, late := uuid.New(), uuid.New()
	write := func(note uuid.UUID) string {
		return fmt.Sprintf(`insert into casefile.notes (tenant_id, id, case_id, section, kind, visibility, happened_on, body, author_tenant, author_account, author_name, signed_at)
			values (%d, '%s', '%s', 'diary', 'nota', 'public', current_date, 'Firmata', %[1]d, '%s', 'A', now())`, p.giver.Tenant, note, p.file, p.giver.Account)
	}
	writer, err := p.Owner.Begin(t.Context())
	if err == nil {
		_, err = writer.Exec(t.Context(), write(early))
	}
	if err != nil {
		t.Fatal(err)
	}
	p.exec(t, `create function public.waits() returns trigger language plpgsql as $$ begin perform pg_advisory_xact_lock(4711); return null; end $$`)
	p.exec(t, `create trigger waits after insert on assessment.assessments for each row execute function public.waits()`)
	holder, err := p.Owner.Begin(t.Context())
	if err == nil {
		_, err = holder.Exec(t.Context(), `select pg_advisory_xact_lock(4711)`)
	}
	if err != nil {
		t.Fatal(err)
	}
	taken, written := make(chan error, 1), make(chan error, 1)
	go func() { taken <- p.take(t) }()
	p.waitFor(t, holder, `l.locktype in ('tuple', 'transactionid')`)
	if err := writer.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.waitFor(t, holder, `l.locktype = 'advisory'`)
	go func() {
		written <- p.through(t, p.giver.WithSections([]string{"diary"}, []string{"diary"}), write(late))
	}()
	p.waitFor(t, holder, `l.locktype in ('tuple', 'transactionid')`)
	if err := holder.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-taken; err != nil {
		t.Fatal(err)
	}
	if err := <-written; refusedBy(err) != "transferred" {
		t.Errorf("a note that came too late: %v", err)
	}
	if p.content(t, "casefile.notes", p.taker.Tenant)[early.String()] == nil {
		t.Error("a note that was signed in time stayed behind")
	}
}

// waitFor looks until somebody in the database waits for such a lock.
func (p *passage) waitFor(t *testing.T, holder pgx.Tx, which string) {
	t.Helper()
	for waiting := false; !waiting; {
		// A transaction keeps what it saw of the activity when it first looked, and the connections of that moment.
		if _, err := holder.Exec(t.Context(), `select pg_stat_clear_snapshot()`); err != nil {
			t.Fatal(err)
		}
		err := holder.QueryRow(t.Context(), `select exists (select 1 from pg_locks l join pg_stat_activity a on a.pid = l.pid
			where a.datname = current_database() and not l.granted and `+which+`)`).Scan(&waiting)
		if err != nil {
			t.Fatal(err)
		}
	}
}

// killed takes the case until the trigger waits, and then lets the connection go as a killed program does.
func (p *passage) killed(t *testing.T, name string) {
	t.Helper()
	holder, err := p.Owner.Begin(t.Context())
	if err == nil {
		_, err = holder.Exec(t.Context(), `select pg_advisory_xact_lock(4711)`)
	}
	if err != nil {
		t.Fatal(err)
	}
	ctx, kill := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- p.DB.InTx(ctx, p.taker, func(tx tenants.Tx) error {
			_, err := tx.Exec(ctx, handOverSQL, p.share)
			return err
		})
	}()
	for waiting := false; !waiting; {
		err := holder.QueryRow(t.Context(), `select exists (select 1 from pg_locks l join pg_database d on d.oid = l.database
			where d.datname = current_database() and l.locktype = 'advisory' and not l.granted)`).Scan(&waiting)
		select {
		case early := <-ended:
			t.Fatalf("it ended before %s was written: %v", name, early)
		default:
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	kill()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("killed at %s: %v", name, err)
	}
	if err := holder.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestHandoverIsTakenOnce(t *testing.T) {
	t.Parallel()
	p := newPassage(t)
	var wait sync.WaitGroup
	results := make([]error, 50)
	for i := range results {
		wait.Go(func() { results[i] = p.take(t) })
	}
	wait.Wait()
	codes := map[string]int{}
	for _, err := range results {
		var refusal *pgconn.PgError
		switch {
		case err == nil:
			codes["taken"]++
		case errors.As(err, &refusal):
			codes[refusal.Code]++
		default:
			t.Error(err)
		}
	}
	if diff := cmp.Diff(map[string]int{"taken": 1, "55000": 49}, codes); diff != "" {
		t.Errorf("fifty take it at once (-want +got):\n%s", diff)
	}
}

func TestNobodyButTheReceiverTakesACase(t *testing.T) {
	t.Parallel()
	p := newPassage(t)
	third := p.Operator(t, p.Body(t, "epsilon"), "coordinator")
	before := p.state(t)
	refused := func(what, code string, err error) {
		t.Helper()
		var refusal *pgconn.PgError
		if !errors.As(err, &refusal) || refusal.Code != code {
			t.Errorf("%s: %v, want %s", what, err, code)
		}
	}
	refused("the giving body", denied, p.through(t, p.giver, handOverSQL, p.share))
	refused("a third body", "P0002", p.through(t, third, handOverSQL, p.share))
	refused("a foreign id", "P0002", p.through(t, p.taker, handOverSQL, uuid.New()))
	refused("the preview of a third body", "P0002", p.through(t, third, `select sharing.preview_handover($1)`, p.share))
	refused("a person of another body", "23514", p.through(t, p.taker, `select sharing.hand_over($1, $2, '{}', 'B')`, p.share, p.text("registry.persons", "id")))
	refused("the copying itself", denied, p.through(t, p.taker, `select policies.copy_case($1, $2, $3, '{}', $3, $3, 'x')`, p.giver.Tenant, p.taker.Tenant, p.file))
	for name, change := range map[string][2]string{
		"lapsed":              {`update sharing.shares set answer_by = now() - interval '1 hour' where id = $1`, "55000"},
		"withdrawn":           {`update sharing.shares set state = 'withdrawn' where id = $1`, "55000"},
		"refused":             {`update sharing.shares set state = 'refused' where id = $1`, "55000"},
		"another kind":        {`update sharing.shares set kind = 'consultation' where id = $1`, "55000"},
		"suspended agreement": {`update policies.agreements set state = 'suspended' where id = (select agreement_id from sharing.shares where id = $1)`, "23514"},
		"wrong direction":     {`update policies.agreements_edges set from_tenant = to_tenant, to_tenant = from_tenant where agreement_id = (select agreement_id from sharing.shares where id = $1)`, "23514"},
		"another purpose":     {`update policies.agreements set purposes = '{advice}' where id = (select agreement_id from sharing.shares where id = $1)`, "23514"},
		"closed case":         {`update casefile.cases set closed_at = now() where $1::uuid is not null`, "55000"},
	} {
		tx, err := p.Owner.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		_, err = tx.Exec(t.Context(), change[0], p.share)
		if err == nil {
			_, err = tx.Exec(t.Context(), `select set_config('app.tenant', $1, true), set_config('app.account', $2, true)`, fmt.Sprint(p.taker.Tenant), p.taker.Account.String())
		}
		if err == nil {
			_, err = tx.Exec(t.Context(), handOverSQL, p.share)
		}
		refused(name, change[1], err)
		_ = tx.Rollback(t.Context())
	}
	if diff := cmp.Diff(before, p.state(t)); diff != "" {
		t.Errorf("a refused handover left something behind:\n%s", diff)
	}
}

// Whatever is open and goes along needs somebody who answers for it, and what stays needs the word of who gives it.
func TestOpenObligationsRefuseAHandover(t *testing.T) {
	t.Parallel()
	p := newPassage(t)
	contact, note := p.text("intake.contacts", "id"), uuid.New()
	p.exec(t, `update intake.contacts set state = 'seen', outcome = '', closed_at = null, closed_name = '' where id = $1`, contact)
	if err := p.take(t); refusedBy(err) != "owners" {
		t.Errorf("an open contact goes to nobody: %v", err)
	}
	third := p.Operator(t, p.Body(t, "epsilon"), "coordinator")
	take := func(owner tenants.Scope) error {
		owners, err := json.Marshal(map[string]string{contact: owner.Account.String()})
		if err != nil {
			return err
		}
		return p.through(t, p.taker, `select sharing.hand_over($1, null, $2, 'B')`, p.share, string(owners))
	}
	if err := take(third); refusedBy(err) != "owners" {
		t.Errorf("an open contact goes to somebody of another body: %v", err)
	}
	p.exec(t, `insert into casefile.notes (tenant_id, id, case_id, section, kind, visibility, happened_on, body, author_tenant, author_account, author_name)
		values ($1, $2, $3, 'diary', 'nota', 'public', current_date, 'Bozza', $1, $4, 'A')`, p.giver.Tenant, note, p.file, p.giver.Account)
	if err := take(p.taker); refusedBy(err) != "kept" {
		t.Errorf("a draft is left behind without a word: %v", err)
	}
	p.exec(t, `update sharing.shares_handovers set kept = array[$2::uuid] where share_id = $1`, p.share, note)
	if err := take(p.taker); err != nil {
		t.Fatal(err)
	}
	if p.content(t, "casefile.notes", p.taker.Tenant)[note.String()] != nil {
		t.Error("an unsigned draft went along")
	}
	got := p.content(t, "intake.contacts", p.taker.Tenant)[contact]
	if got["operator_account"] != p.taker.Account.String() || got["state"] != "seen" {
		t.Errorf("the open contact at its new body is %v", got)
	}
	if old := p.content(t, "intake.contacts", p.giver.Tenant)[contact]; old["state"] != "closed" || old["outcome"] != "signposting" {
		t.Errorf("the contact that went is still open where it was: %v", old)
	}
}

// refusedBy is the constraint that a step named.
func refusedBy(err error) string {
	if refusal, ok := errors.AsType[*pgconn.PgError](err); ok {
		return refusal.ConstraintName
	}
	return ""
}

// A case that passed is written by nobody; one that comes back goes on under its number.
func TestATransferredCaseIsReadOnlyAndComesBack(t *testing.T) {
	t.Parallel()
	p := newPassage(t)
	number := p.content(t, "casefile.cases", p.giver.Tenant)[p.file.String()]["number"]
	if err := p.take(t); err != nil {
		t.Fatal(err)
	}
	worker := p.giver.WithSections([]string{"diary"}, []string{"diary"})
	write := `insert into casefile.notes (tenant_id, id, case_id, section, kind, visibility, happened_on, body, author_tenant, author_account, author_name)
		values ($1, $2, $3, 'diary', 'nota', 'public', current_date, 'Tardi', $1, $4, 'A')`
	if err := p.through(t, worker, write, p.giver.Tenant, uuid.New(), p.file, p.giver.Account); refusedBy(err) != "transferred" {
		t.Errorf("a note is written into a case that passed: %v", err)
	}
	if err := p.through(t, worker, `update casefile.cases set closed_at = null, transferred_to = null where tenant_id = $1 and id = $2`, p.giver.Tenant, p.file); err != nil {
		t.Fatal(err)
	}
	if p.content(t, "casefile.cases", p.giver.Tenant)[p.file.String()]["transferred_to"] == nil {
		t.Error("a case that passed was taken back by an update")
	}
	late := uuid.New()
	if err := p.through(t, p.taker.WithSections([]string{"diary"}, []string{"diary"}), write, p.taker.Tenant, late, p.file, p.taker.Account); err != nil {
		t.Fatal(err)
	}
	p.exec(t, `update casefile.notes set signed_at = now() where id = $1`, late)
	changed := map[string]string{"intake.contacts": "operator_name", "casefile.marks": "ended_name", "ledger.exemptions": "ended_name"}
	for table, column := range changed {
		p.exec(t, `update `+table+` set `+column+` = 'Chi segue' where tenant_id = $1`, p.taker.Tenant)
	}
	back := uuid.New()
	p.agree(t, p.taker.Tenant, p.giver.Tenant)
	p.offer(t, p.taker, p.giver.Tenant, back)
	if err := p.through(t, p.giver, handOverSQL, back); err != nil {
		t.Fatal(err)
	}
	again := p.content(t, "casefile.cases", p.giver.Tenant)[p.file.String()]
	if again["number"] != number || again["closed_at"] != nil || again["transferred_to"] != nil || again["state"] == "transferred" {
		t.Errorf("the case that came back is %v", again)
	}
	for table, column := range changed {
		rows := p.content(t, table, p.giver.Tenant)
		for id, row := range rows {
			if row[column] != "Chi segue" {
				t.Errorf("%s of %s is not as it became: %v", column, id, row[column])
			}
		}
		if len(rows) == 0 {
			t.Errorf("no row of %s came back", table)
		}
	}
	if p.content(t, "casefile.notes", p.giver.Tenant)[late.String()] == nil {
		t.Error("what was written at the other body did not come back")
	}
	if got := slices.Sorted(maps.Keys(p.content(t, "kit.item_versions", p.giver.Tenant))); len(got) != 1 {
		t.Errorf("the versions came back twice: %v", got)
	}
}

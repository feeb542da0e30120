package sharing_test

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"staffetta/internal/problem"
	"staffetta/modules/casefile"
	"staffetta/modules/sharing"
	"staffetta/modules/sharing/share"
	"staffetta/policies"
	"staffetta/tenants"
)

// The oracle decides what an actor sees without Casbin and without PostgreSQL: from the table of roles and sections of
// docs/GLOSSARY.md, written here a second time, and from what the test did.

var everySection = []string{
	"identity", "household", "contacts", "intake", "assessment", "icf", "plan", "interventions", "school", "diary", "documents", "judicial", "health",
}

// mayRead is the role template: role, relation, sections.
var mayRead = map[string]map[policies.Relation][]string{
	"access_desk": {policies.Body: {"identity", "contacts", "intake"}},
	"social_worker": {
		policies.Body: {"identity", "household", "contacts", "intake"}, policies.Assigned: everySection, policies.Team: everySection,
		policies.Emergency: everySection, policies.Guest: everySection,
	},
	"educator": {
		policies.Assigned: {"identity", "household", "contacts", "assessment", "plan", "school", "diary", "documents"},
		policies.Team:     {"identity", "household", "contacts", "assessment", "plan", "school", "diary", "documents"},
	},
	"psychologist": {
		policies.Assigned: {"identity", "household", "contacts", "assessment", "icf", "plan", "diary", "documents"},
		policies.Team:     {"identity", "household", "contacts", "assessment", "icf", "plan", "diary", "documents"},
	},
	"coordinator":   {policies.Body: everySection, policies.Assigned: everySection, policies.Team: everySection, policies.Guest: everySection},
	"admin_officer": {policies.Body: {"identity", "contacts", "interventions"}},
	"uvm_member":    {policies.Assigned: {"identity", "assessment", "icf", "plan", "health"}},
	"dpo":           {},
	"tenant_admin":  {},
}

// mayOpen says in which relations a role opens a case at all.
var mayOpen = map[string][]policies.Relation{
	"social_worker": {policies.Assigned, policies.Team, policies.Emergency, policies.Guest},
	"educator":      {policies.Assigned, policies.Team}, "psychologist": {policies.Assigned, policies.Team},
	"coordinator": {policies.Body, policies.Guest}, "uvm_member": {policies.Assigned},
}

// guestWrites are the sections in which a role template that opens shared cases may write there.
var guestWrites = []string{"assessment", "interventions", "school", "diary", "documents"}

// record is a row of a case that a query may return.
type record struct {
	id, file, author uuid.UUID
	tenant           int32
	section          string
	open             bool // signed and not private
}

// world is what is fixed: bodies, people, cases and their rows.
type world struct {
	*stage
	bodies  []tenants.Tenant
	workers []tenants.Scope // one per body, who holds its cases
	heads   []tenants.Scope
	people  []tenants.Scope // actors; their roles and offices are drawn
	files   []casefile.CaseFile
	rows    []record
}

// history is what one run of the property did, as the oracle remembers it.
type history struct {
	shares   []pastShare
	parts    map[uuid.UUID]string    // own case → part of the actor's assignment
	openings map[uuid.UUID]time.Time // own case → end of an opening with a reason
	at       time.Time
}

type pastShare struct {
	file     uuid.UUID
	receiver int32
	sections []string
	writable []string // of them, in joint care
	to       sharing.Addressee
	live     bool // accepted and not ended, under an agreement that is active at the end
	until    time.Time
}

func newWorld(t *testing.T) *world {
	w := &world{stage: newStage(t)}
	for _, slug := range []string{"c_e974", "c_f061", "c_g315"} {
		body := w.body(slug)
		w.bodies = append(w.bodies, body)
		w.workers = append(w.workers, w.Operator(t, body, "social_worker"))
		w.heads = append(w.heads, w.Operator(t, body, "coordinator"))
		w.people = append(w.people, w.Operator(t, body, "social_worker"), w.Operator(t, body, "coordinator", "educator"))
	}
	for _, worker := range w.workers {
		for range 2 {
			w.addFile(worker)
		}
	}
	return w
}

func (w *world) addFile(worker tenants.Scope) {
	ctx := context.Background()
	file := w.openCase(worker, "Rosa", "Bianco")
	w.files = append(w.files, file)
	for _, section := range []string{"diary", "school", "interventions", "judicial"} {
		w.note(worker, file, section, "public", true)
	}
	w.note(worker, file, "school", "private", true)
	w.note(worker, file, "school", "public", false)
	w.exec(`insert into casefile.documents (tenant_id, id, case_id, section, title, file_name, media_type, size, sha256, author_tenant, author_account, author_name)
		values ($1, $2, $3, 'health', 'Certificato', 'c.pdf', 'application/pdf', 1, repeat('1', 64), $1, $4, 'X')`, worker.Tenant, newID(), file.ID, worker.Account)
	found, err := w.Owner.Query(ctx, `
		select n.id, n.case_id, n.author_account, n.tenant_id, n.section::text, n.signed_at is not null and n.visibility = 'public' from casefile.notes n where n.case_id = $1
		union all select d.id, d.case_id, d.author_account, d.tenant_id, d.section::text, true from casefile.documents d where d.case_id = $1
		union all select c.person_id, c.id, c.opened_by, c.tenant_id, 'identity', true from casefile.cases c where c.id = $1`, file.ID)
	w.must(err)
	rows, err := pgx.CollectRows(found, func(row pgx.CollectableRow) (record, error) {
		var r record
		return r, row.Scan(&r.id, &r.file, &r.author, &r.tenant, &r.section, &r.open)
	})
	w.must(err)
	w.rows = append(w.rows, rows...)
}

func (w *world) clear() {
	w.setClock(0)
	for _, table := range []string{
		"policies.case_grants", "sharing.shares_parties", "sharing.shares_details", "sharing.shares", "policies.agreements_edges", "policies.agreements_parties",
		"policies.agreements_states", "policies.agreements", "policies.case_openings",
	} {
		w.exec(`delete from ` + table)
	}
	w.exec(`delete from casefile.assignments where account_id = any ($1)`, w.accounts())
	w.exec(`update casefile.assignments set part = 'manager'`)
}

func (w *world) accounts() []uuid.UUID {
	var ids []uuid.UUID
	for _, p := range w.people {
		ids = append(ids, p.Account)
	}
	return ids
}

// common are those of a that are in b.
// shown is what bodies show each other: the diary and what a court orders never are, by the program's own purposes.
var shown = without(everySection, "diary", "judicial")

func without(all []string, some ...string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(one string) bool { return slices.Contains(some, one) })
}

func common(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(one string) bool { return !slices.Contains(b, one) })
}

func subset[T any](rt *rapid.T, label string, all []T, least int) []T {
	return rapid.Custom(func(rt *rapid.T) []T {
		kept := rapid.Permutation(all).Draw(rt, "order")
		return kept[:rapid.IntRange(least, len(all)).Draw(rt, "size")]
	}).Draw(rt, label)
}

func (w *world) drawActor(rt *rapid.T) tenants.Scope {
	actor := rapid.SampledFrom(w.people).Draw(rt, "actor")
	actor.Roles = rapid.SliceOfNDistinct(rapid.SampledFrom([]string{
		"social_worker", "coordinator", "educator", "psychologist", "access_desk", "admin_officer", "uvm_member", "dpo", "tenant_admin",
	}), 1, 2, rapid.ID[string]).Draw(rt, "roles")
	if rapid.IntRange(0, 2).Draw(rt, "reads") > 0 { // else hardly any draw would open a shared case
		actor.Roles = append([]string{rapid.SampledFrom([]string{"social_worker", "coordinator"}).Draw(rt, "reader")}, actor.Roles[1:]...)
	}
	actor.Offices = subset(rt, "offices", []int32{1, 2}, 0)
	return actor
}

// act does random things through the services and remembers them.
func (w *world) act(rt *rapid.T, actor tenants.Scope) history {
	h := history{parts: map[uuid.UUID]string{}, openings: map[uuid.UUID]time.Time{}}
	for range rapid.IntRange(1, 2).Draw(rt, "agreements") {
		w.actUnderAgreement(rt, actor, &h)
	}
	for _, file := range w.files {
		if file.Tenant == actor.Tenant {
			w.relate(rt, actor, file, &h)
		}
	}
	ahead := rapid.SampledFrom([]time.Duration{0, time.Minute, 2 * time.Hour, 4 * time.Hour, 6 * 24 * time.Hour, 21 * 24 * time.Hour, 60 * 24 * time.Hour}).Draw(rt, "instant")
	h.at = time.Now().Add(ahead)
	w.setClock(ahead)
	return h
}

func (w *world) actUnderAgreement(rt *rapid.T, actor tenants.Scope, h *history) {
	ctx := context.Background()
	to := slices.IndexFunc(w.bodies, func(b tenants.Tenant) bool { return b.ID == actor.Tenant })
	if rapid.IntRange(0, 3).Draw(rt, "elsewhere") == 0 {
		to = (to + 1) % len(w.bodies)
	}
	from := (to + rapid.IntRange(1, len(w.bodies)-1).Draw(rt, "from")) % len(w.bodies)
	days := rapid.IntRange(3, 40).Draw(rt, "agreement days")
	needed := rapid.SampledFrom([]string{"identity", "assessment"}).Draw(rt, "needed")
	carried := append(common(subset(rt, "carried", shown, 3), without(shown, needed)), needed)
	a := w.agree(w.heads[from], w.heads[to], func(p *policies.Proposal) {
		p.Sections, p.To, p.Purposes = carried, time.Now().AddDate(0, 0, days), []string{"assessment", "shared_care"}
		p.Writable = common(carried, rapid.SampledFrom([][]string{guestWrites, guestWrites, guestWrites[:2], nil}).Draw(rt, "writable under it"))
		if len(p.Writable) == 0 {
			p.Purposes = p.Purposes[:1] // joint care needs a section to write in
		}
	})
	at := len(h.shares)
	for range rapid.IntRange(0, 4).Draw(rt, "shares") {
		w.share(rt, actor, a, [2]int{from, to}, h)
	}
	target := rapid.SampledFrom([]string{policies.AgreementActive, policies.AgreementActive, policies.AgreementActive, policies.AgreementSuspended, policies.AgreementEnded}).Draw(rt, "agreement state")
	if target != policies.AgreementActive {
		_, err := w.sharing.Agreements.MoveAgreement(ctx, w.heads[from], a.ID, target, w.seen(w.heads[from], a.ID, target))
		w.must(err)
		for i := range h.shares[at:] {
			h.shares[at+i].live = false
		}
	}
}

// share offers a share and takes it to a random state.
func (w *world) share(rt *rapid.T, actor tenants.Scope, a policies.Agreement, way [2]int, h *history) {
	ctx := context.Background()
	file := w.files[way[0]*2+rapid.IntRange(0, 1).Draw(rt, "case")]
	last := time.Now().AddDate(0, 0, rapid.IntRange(1, 30).Draw(rt, "days"))
	if !last.AddDate(0, 0, 2).Before(a.To) {
		last = time.Now().AddDate(0, 0, 1)
	}
	offer := sharing.Offer{
		ID: newID(), Kind: share.Consultation, Agreement: a.ID, Receiver: w.bodies[way[1]].ID, Purpose: "assessment", Sections: subset(rt, "sections", a.Sections, 1),
		ExtraReason: "Così vuole il caso", LegalBasis: "law", Until: last, Reason: "Per la prova",
	}
	if cared := common(offer.Sections, a.Writable); len(cared) > 0 && rapid.IntRange(0, 3).Draw(rt, "joint care") > 0 {
		offer.Kind, offer.Purpose, offer.Writable = share.JointCare, "shared_care", subset(rt, "writable", cared, 1)
	}
	s, err := w.sharing.Offers.Offer(ctx, w.workers[way[0]], file.ID.String(), offer)
	w.must(err)
	past := pastShare{file: file.ID, receiver: s.Receiver, sections: s.Sections, writable: s.Writable, until: s.Until}
	switch rapid.SampledFrom([]string{"accept", "accept", "accept", "accept", "accept", "accept", "offer", "refuse", "withdraw", "revoke", "close"}).Draw(rt, "step") {
	case "accept":
		past.live, past.to = true, w.accept(rt, actor, s, way[1])
	case "refuse":
		_, err = w.sharing.Shares.End(ctx, w.heads[way[1]], s.ID, share.Refuse, sharing.Ending{Words: "Non serve"})
	case "withdraw":
		_, err = w.sharing.Shares.End(ctx, w.workers[way[0]], s.ID, share.Withdraw, sharing.Ending{})
	case "revoke":
		w.accept(rt, actor, s, way[1])
		_, err = w.sharing.Shares.End(ctx, w.workers[way[0]], s.ID, share.Revoke, sharing.Ending{Words: "Non serve"})
	case "close":
		w.accept(rt, actor, s, way[1])
		_, err = w.sharing.Shares.End(ctx, w.heads[way[1]], s.ID, share.Close, sharing.Ending{Words: "Parere dato"})
	}
	w.must(err)
	h.shares = append(h.shares, past)
}

// accept accepts a share for everybody, for one person or for one office.
func (w *world) accept(rt *rapid.T, actor tenants.Scope, s sharing.Share, to int) sharing.Addressee {
	var addressee sharing.Addressee
	switch rapid.SampledFrom([]string{"all", "all", "all", "actor", "actor", "other", "office"}).Draw(rt, "addressee") {
	case "actor":
		if actor.Tenant == s.Receiver {
			addressee.Account = actor.Account
		}
	case "other":
		addressee.Account = w.workers[to].Account
	case "office":
		addressee.Office = rapid.Int32Range(1, 2).Draw(rt, "office")
	}
	_, err := w.sharing.Shares.Accept(context.Background(), w.heads[to], s.ID, addressee)
	w.must(err)
	return addressee
}

// relate ties the actor to a case of its own body, or does not.
func (w *world) relate(rt *rapid.T, actor tenants.Scope, file casefile.CaseFile, h *history) {
	if part := rapid.SampledFrom([]string{"", "", "manager", "team"}).Draw(rt, "part"); part != "" {
		if part == "manager" { // a case has one; the worker that holds it becomes one of the team
			w.exec(`update casefile.assignments set part = 'team' where case_id = $1`, file.ID)
		}
		w.exec(`insert into casefile.assignments (tenant_id, id, case_id, account_id, account_name, part, assigned_by) values ($1, $2, $3, $4, 'X', $5, $4)`,
			actor.Tenant, newID(), file.ID, actor.Account, part)
		h.parts[file.ID] = part
	}
	if rapid.SampledFrom([]bool{false, false, true}).Draw(rt, "opening") {
		w.exec(`insert into policies.case_openings (tenant_id, id, case_id, account_id, reason, valid)
			values ($1, $2, $3, $4, 'Per la prova', tstzrange(now(), now() + interval '3 hours'))`, actor.Tenant, newID(), file.ID, actor.Account)
		h.openings[file.ID] = time.Now().Add(3 * time.Hour)
	}
}

// sections is the union of what the roles read in a relation.
func sections(roles []string, relation policies.Relation) []string {
	var read []string
	for _, role := range roles {
		read = append(read, mayRead[role][relation]...)
	}
	return read
}

func opens(roles []string, relation policies.Relation) bool {
	return slices.ContainsFunc(roles, func(role string) bool { return slices.Contains(mayOpen[role], relation) })
}

// relation is the closest one in which the actor opens a case of its body, or "".
func (h history) relation(actor tenants.Scope, file uuid.UUID) policies.Relation {
	var near []policies.Relation
	switch h.parts[file] {
	case "manager":
		near = append(near, policies.Assigned)
	case "team":
		near = append(near, policies.Team)
	}
	near = append(near, policies.Body)
	if end, ok := h.openings[file]; ok && h.at.Before(end) {
		near = append(near, policies.Emergency)
	}
	for _, relation := range near {
		if opens(actor.Roles, relation) {
			return relation
		}
	}
	return ""
}

// granted is the union of the sections that live shares of a case show to the actor, and of those in which they let it
// write.
func (h history) granted(actor tenants.Scope, file uuid.UUID) (shown, written []string) {
	for _, s := range h.shares {
		addressed := (s.to.Account == uuid.Nil || s.to.Account == actor.Account) && (s.to.Office == 0 || slices.Contains(actor.Offices, s.to.Office))
		if s.file == file && s.receiver == actor.Tenant && s.live && h.at.Before(s.until) && addressed {
			shown, written = append(shown, s.sections...), append(written, s.writable...)
		}
	}
	return shown, written
}

// shown is what granted shows.
func (h history) shown(actor tenants.Scope, file uuid.UUID) []string {
	shown, _ := h.granted(actor, file)
	return shown
}

// writes tells whether the actor writes a section of another body's case.
func (h history) writes(actor tenants.Scope, file uuid.UUID, section string) bool {
	_, written := h.granted(actor, file)
	return opens(actor.Roles, policies.Guest) && slices.Contains(guestWrites, section) && slices.Contains(written, section)
}

// wants lists the rows of a case that the actor sees having opened it, and whether it opens.
func (w *world) wants(h history, actor tenants.Scope, file casefile.CaseFile) ([]uuid.UUID, bool) {
	var read []string
	own := file.Tenant == actor.Tenant
	if own {
		relation := h.relation(actor, file.ID)
		if relation == "" {
			return nil, false
		}
		read = sections(actor.Roles, relation)
	} else {
		byRole := sections(actor.Roles, policies.Guest)
		for _, section := range h.shown(actor, file.ID) {
			if slices.Contains(byRole, section) {
				read = append(read, section)
			}
		}
		if len(read) == 0 || !opens(actor.Roles, policies.Guest) {
			return nil, false
		}
	}
	var ids []uuid.UUID
	for _, r := range w.rows {
		if r.file == file.ID && slices.Contains(read, r.section) && (r.open || own && r.author == actor.Account) {
			ids = append(ids, r.id)
		}
	}
	return sorted(ids), true
}

// wantsRaw lists the rows that a door shows to a query without any condition.
func (w *world) wantsRaw(h history, actor tenants.Scope, guest bool) []uuid.UUID {
	var ids []uuid.UUID
	for _, r := range w.rows {
		var seen bool
		if guest {
			seen = r.tenant != actor.Tenant && r.open && slices.Contains(sections(actor.Roles, policies.Guest), r.section) && slices.Contains(h.shown(actor, r.file), r.section)
		} else {
			seen = r.tenant == actor.Tenant && slices.Contains(sections(actor.Roles, policies.Body), r.section) && (r.open || r.author == actor.Account)
		}
		if seen {
			ids = append(ids, r.id)
		}
	}
	return sorted(ids)
}

func (w *world) wantsHeaders(h history, actor tenants.Scope) []uuid.UUID {
	var ids []uuid.UUID
	for _, file := range w.files {
		if file.Tenant != actor.Tenant && len(h.shown(actor, file.ID)) > 0 {
			ids = append(ids, file.ID)
		}
	}
	return sorted(ids)
}

func sorted(ids []uuid.UUID) []uuid.UUID {
	if len(ids) == 0 {
		return nil
	}
	slices.SortFunc(ids, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
	return slices.Compact(ids)
}

const rawSQL = `select id from casefile.notes union all select id from casefile.documents union all select id from registry.persons`

func queueIDs(b *pgx.Batch, ids *[]uuid.UUID, sql string, args ...any) {
	b.Queue(sql, args...).Query(func(rows pgx.Rows) (err error) {
		*ids, err = pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
		return err
	})
}

// got is what the program returns for wants.
func (w *world) got(actor tenants.Scope, file casefile.CaseFile) ([]uuid.UUID, bool) {
	ctx := context.Background()
	ref := file.ID.String()
	if file.Tenant != actor.Tenant {
		owner, err := w.deps.Bodies.ByID(file.Tenant)
		w.must(err)
		ref = owner.Slug + "~" + ref
	}
	a, err := w.cases.Open(ctx, actor, ref, "")
	if errors.Is(err, casefile.ErrReason) || problem.Is(err, problem.NotFound) {
		return nil, false
	}
	w.must(err)
	var b pgx.Batch
	var ids []uuid.UUID
	queueIDs(&b, &ids, `select id from casefile.notes where tenant_id = $1 and case_id = $2
		union all select id from casefile.documents where tenant_id = $1 and case_id = $2
		union all select id from registry.persons where tenant_id = $1 and id = $3`, file.Tenant, file.ID, file.Person)
	w.must(a.Read(ctx, &b))
	return sorted(ids), true
}

// gotWritten tries to write a note into a section through the guest's door, and takes it back.
func (w *world) gotWritten(actor tenants.Scope, file casefile.CaseFile, section string) bool {
	ctx, undone := context.Background(), errors.New("undone")
	err := w.DB.GuestTx(ctx, w.deps.Policies.Confine(actor, policies.Guest), func(tx tenants.Tx) error {
		_, err := tx.Exec(ctx, `insert into casefile.notes (tenant_id, id, case_id, section, kind, visibility, happened_on, body, author_tenant, author_account, author_name)
			values ($1, $2, $3, $4, 'nota', 'public', current_date, 'x', $5, $6, 'X')`, file.Tenant, newID(), file.ID, section, actor.Tenant, actor.Account)
		return cmp.Or(err, undone)
	})
	if written := errors.Is(err, undone); written || sqlState(err) == "42501" {
		return written
	}
	w.t.Fatalf("a note is refused by something else than the walls: %v", err)
	return false
}

// tryWriting tries every section of a case that was ever shared with the actor's body, and one of any other case. It tells
// how many were written.
func (w *world) tryWriting(rt *rapid.T, h history, actor tenants.Scope, file casefile.CaseFile) (written int) {
	tried := []string{rapid.SampledFrom(everySection).Draw(rt, "written section")}
	if slices.ContainsFunc(h.shares, func(s pastShare) bool { return s.file == file.ID && s.receiver == actor.Tenant }) {
		tried = everySection
	}
	for _, section := range tried {
		want, got := h.writes(actor, file.ID, section), w.gotWritten(actor, file, section)
		if want != got {
			rt.Fatalf("%s of case %s of body %d: writes is %t for roles %v of body %d, want %t", section, file.Number, file.Tenant, got, actor.Roles, actor.Tenant, want)
		}
		if got {
			written++
		}
	}
	return written
}

func (w *world) gotRaw(actor tenants.Scope, guest bool, sql string) []uuid.UUID {
	var b pgx.Batch
	var ids []uuid.UUID
	queueIDs(&b, &ids, sql)
	if guest {
		w.must(w.DB.Guest(context.Background(), w.deps.Policies.Confine(actor, policies.Guest), &b))
	} else {
		w.must(w.DB.Read(context.Background(), w.deps.Policies.Confine(actor, policies.Body), &b))
	}
	return sorted(ids)
}

func (w *world) gotShared(actor tenants.Scope) []uuid.UUID {
	found, _, err := w.sharing.Shares.FindShared(context.Background(), actor, share.Place{})
	w.must(err)
	var ids []uuid.UUID
	for _, c := range found {
		ids = append(ids, c.Case)
	}
	return sorted(ids)
}

func TestRowsReturnedAreThoseOfTheOracle(t *testing.T) {
	// The least number of runs that counts as a proof; a larger -rapid.checks stands.
	if checks := flag.Lookup("rapid.checks"); checks != nil && checks.Value.String() == checks.DefValue {
		if err := flag.Set("rapid.checks", "220"); err != nil {
			t.Fatal(err)
		}
	}
	if err := flag.Set("rapid.nofailfile", "true"); err != nil { // a failure is reproduced by its seed
		t.Fatal(err)
	}
	w := newWorld(t)
	var opened, foreign, shut, written int
	rapid.Check(t, func(rt *rapid.T) {
		w.clear()
		actor := w.drawActor(rt)
		h := w.act(rt, actor)
		var shared []uuid.UUID
		for _, file := range w.files {
			want, opens := w.wants(h, actor, file)
			got, open := w.got(actor, file)
			if opens != open {
				rt.Fatalf("case %s of body %d: opens is %t for roles %v of body %d, want %t", file.Number, file.Tenant, open, actor.Roles, actor.Tenant, opens)
			}
			if diff := gocmp.Diff(want, got); diff != "" {
				rt.Fatalf("case %s of body %d for roles %v of body %d (-want +got):\n%s", file.Number, file.Tenant, actor.Roles, actor.Tenant, diff)
			}
			if file.Tenant != actor.Tenant {
				written += w.tryWriting(rt, h, actor, file)
			}
			switch {
			case !open:
				shut++
			case file.Tenant != actor.Tenant:
				foreign++
				shared = append(shared, file.ID)
			default:
				opened++
			}
		}
		for name, pair := range map[string][2][]uuid.UUID{
			"list of shared cases":   {sorted(shared), w.gotShared(actor)},
			"guest's door, all rows": {w.wantsRaw(h, actor, true), w.gotRaw(actor, true, rawSQL)},
			"guest's door, headers":  {w.wantsHeaders(h, actor), w.gotRaw(actor, true, `select id from casefile.cases`)},
			"body's door, all rows":  {w.wantsRaw(h, actor, false), w.gotRaw(actor, false, rawSQL)},
		} {
			if diff := gocmp.Diff(pair[0], pair[1]); diff != "" {
				rt.Fatalf("%s for roles %v, offices %v (-want +got):\n%s", name, actor.Roles, actor.Offices, diff)
			}
		}
	})
	t.Logf("%d own and %d foreign cases opened, %d did not, %d sections of foreign ones were written", opened, foreign, shut, written)
	if opened == 0 || foreign == 0 || shut == 0 || written == 0 {
		t.Error("the property was not tried on both doors")
	}
}

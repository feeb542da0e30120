package sharing_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/internal/testdb"
	"staffetta/modules"
	"staffetta/modules/casefile"
	"staffetta/modules/kit"
	"staffetta/modules/moduletest"
	"staffetta/modules/registry"
	"staffetta/modules/sharing"
	"staffetta/modules/sharing/share"
	"staffetta/policies"
	"staffetta/tenants"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// stage is the program around the module, over a database of its own.
type stage struct {
	*moduletest.Stage
	t       testing.TB
	deps    modules.Deps
	cases   *casefile.Service
	sharing *sharing.Service
}

func list() []modules.Module {
	return []modules.Module{registry.Module(), kit.Module(), casefile.Module(), sharing.Module()}
}

func newStage(t testing.TB) *stage {
	t.Helper()
	s := &stage{Stage: moduletest.NewStage(t, list()...), t: t}
	s.deps = s.Deps
	s.cases, s.sharing = casefile.NewService(s.deps), sharing.NewService(s.deps)
	return s
}

func (s *stage) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *stage) exec(sql string, args ...any) {
	s.t.Helper()
	if _, err := s.Owner.Exec(context.Background(), sql, args...); err != nil {
		s.t.Fatalf("%s: %v", sql, err)
	}
}

func (s *stage) count(sql string, args ...any) (n int) {
	s.t.Helper()
	s.must(s.Owner.QueryRow(context.Background(), sql, args...).Scan(&n))
	return n
}

// setClock makes the database's clock run ahead.
func (s *stage) setClock(ahead time.Duration) {
	s.t.Helper()
	s.exec(`create or replace function app.now() returns timestamptz language sql stable parallel safe as
		'select statement_timestamp() + interval ''` + pgInterval(ahead) + `'''`)
}

func pgInterval(d time.Duration) string { return d.Round(time.Second).String() }

// body makes a live body with the module switched on.
func (s *stage) body(slug string) tenants.Tenant {
	s.t.Helper()
	return s.On(s.t, slug, sharing.ID)
}

// pair is two bodies with an agreement from the first to the second, their people and a case of the first.
type pair struct {
	*stage
	owner, receiver tenants.Tenant
	worker, head    tenants.Scope // social worker and coordinator of the owner
	decider, reader tenants.Scope // coordinator and social worker of the receiver
	agreement       policies.Agreement
	file            casefile.CaseFile
	until           time.Time
}

func newPair(t testing.TB) *pair {
	t.Helper()
	p := &pair{stage: newStage(t)}
	p.owner, p.receiver = p.body("c_g315"), p.body("c_f061")
	p.worker, p.head = p.Operator(t, p.owner, "social_worker"), p.Operator(t, p.owner, "coordinator")
	p.decider, p.reader = p.Operator(t, p.receiver, "coordinator"), p.Operator(t, p.receiver, "social_worker")
	p.agreement = p.agree(p.head, p.decider, func(*policies.Proposal) {})
	p.file = p.openCase(p.worker, "Rosa", "Bianco")
	p.until = language.Day(time.Now()).AddDate(0, 0, 20)
	return p
}

// agree makes an agreement between two bodies, signed by both, that lets the first show cases to the second.
func (s *stage) agree(a, b tenants.Scope, change func(*policies.Proposal)) policies.Agreement {
	s.t.Helper()
	made := s.propose(a, b, change)
	signed, err := s.sharing.Agreements.SignAgreement(context.Background(), b, made.ID, policies.Act{Number: "12/2026", Day: time.Now()}, s.seen(b, made.ID, policies.AgreementActive))
	s.must(err)
	return signed
}

func (s *stage) propose(a, b tenants.Scope, change func(*policies.Proposal)) policies.Agreement {
	s.t.Helper()
	p := policies.Proposal{
		ID: newID(), Title: "Accordo di rete", Parties: []int32{a.Tenant, b.Tenant}, Edges: []policies.Edge{{From: a.Tenant, To: b.Tenant}},
		Purposes: []string{"advice", "assessment"}, Sections: []string{"identity", "household", "contacts", "assessment", "plan", "documents"},
		From: time.Now().Add(-time.Hour), To: time.Now().AddDate(1, 0, 0), Act: policies.Act{Number: "7/2026", Day: time.Now()},
	}
	change(&p)
	made, err := s.sharing.Agreements.ProposeAgreement(context.Background(), a, p)
	s.must(err)
	return made
}

// seen is the consent of who has read what a step of an agreement would do; an empty one where it is not theirs.
func (s *stage) seen(actor tenants.Scope, id uuid.UUID, target string) modules.Consent {
	s.t.Helper()
	a, err := s.sharing.Agreements.GetAgreement(context.Background(), actor, id)
	if problem.Is(err, problem.NotFound) {
		return modules.Consent{}
	}
	s.must(err)
	step, err := s.sharing.Agreements.GetStep(context.Background(), actor, a, target)
	s.must(err)
	return modules.Consent{Mark: step.Mark, Acknowledged: true}
}

func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }

// openCase registers a person and opens a case for it, with notes of the diary and a document.
func (s *stage) openCase(worker tenants.Scope, name, surname string) casefile.CaseFile {
	s.t.Helper()
	ctx := context.Background()
	person, err := registry.NewService(s.deps).Create(ctx, worker, registry.NewPerson{ID: newID(), Details: registry.Details{
		NoCodeReason: "unknown", Name: name, Surname: surname,
	}})
	s.must(err)
	file, err := s.cases.Create(ctx, worker, casefile.Opening{ID: newID(), Person: person.ID, Area: "disabili"})
	s.must(err)
	s.note(worker, file, "diary", "public", true)
	s.exec(`insert into casefile.documents (tenant_id, id, case_id, section, title, file_name, media_type, size, sha256, author_tenant, author_account, author_name)
		values ($1, $2, $3, 'documents', 'Verbale', 'v.pdf', 'application/pdf', 1, repeat('0', 64), $1, $4, 'X')`, worker.Tenant, newID(), file.ID, worker.Account)
	return file
}

// note writes a note of a section into a case, behind the walls.
func (s *stage) note(author tenants.Scope, file casefile.CaseFile, section, visibility string, signed bool) uuid.UUID {
	s.t.Helper()
	id := newID()
	s.exec(`insert into casefile.notes (tenant_id, id, case_id, section, kind, visibility, happened_on, body, author_tenant, author_account, author_name, signed_at)
		values ($1, $2, $3, $4, 'nota', $5, current_date, 'Segreto del diario', $1, $6, $7, case when $8 then now() end)`,
		author.Tenant, id, file.ID, section, visibility, author.Account, author.Name, signed)
	return id
}

// offer is a proposal that passes.
func (p *pair) offer() sharing.Offer {
	return sharing.Offer{
		ID: newID(), Kind: share.Consultation, Agreement: p.agreement.ID, Receiver: p.receiver.ID, Purpose: "assessment", Sections: []string{"identity", "assessment"},
		LegalBasis: "public_task", Until: p.until, Reason: "Valutazione con il vostro servizio",
	}
}

func (p *pair) offered() sharing.Share {
	p.t.Helper()
	made, err := p.sharing.Offers.Offer(context.Background(), p.worker, p.file.ID.String(), p.offer())
	p.must(err)
	return made
}

func (p *pair) accepted() sharing.Share {
	p.t.Helper()
	made, err := p.sharing.Shares.Accept(context.Background(), p.decider, p.offered().ID, sharing.Addressee{})
	p.must(err)
	return made
}

// ref names the case as the receiver does.
func (p *pair) ref() string { return p.owner.Slug + "~" + p.file.ID.String() }

// reads tells which sections the actor reads in the shared case; none where it does not open.
func (p *pair) reads(actor tenants.Scope) []string {
	p.t.Helper()
	a, err := p.cases.Open(context.Background(), actor, p.ref(), "")
	if problem.Is(err, problem.NotFound) {
		return nil
	}
	p.must(err)
	return a.Scope.Sections()
}

func (p *pair) wants(t testing.TB, err error, kind problem.Kind, field string) {
	t.Helper()
	if !problem.Is(err, kind) {
		t.Fatalf("got %v, want %s", err, kind)
	}
	if fields := problem.Of(err).Fields; field != "" && !slices.ContainsFunc(fields, func(f problem.Field) bool { return f.Name == field }) {
		t.Errorf("the fields at fault are %v, want %s", fields, field)
	}
}

// guestRows counts what a query of the receiver's guest door returns, with every section its role opens.
func (p *pair) guestRows(actor tenants.Scope, sql string) (n int) {
	p.t.Helper()
	var batch pgx.Batch
	batch.Queue(sql).QueryRow(func(row pgx.Row) error { return row.Scan(&n) })
	p.must(p.DB.Guest(context.Background(), p.deps.Policies.Confine(actor, policies.Guest), &batch))
	return n
}

// connect opens a connection of a serving role.
func (s *stage) connect(role string) *pgx.Conn {
	s.t.Helper()
	conn, err := pgx.Connect(context.Background(), s.URL(role))
	s.must(err)
	s.t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

package post_test

import (
	"bytes"
	"context"
	"log/slog"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/jobs"
	"staffetta/internal/language"
	"staffetta/internal/mail/smtptest"
	"staffetta/internal/problem"
	"staffetta/internal/testdb"
	"staffetta/modules"
	"staffetta/modules/casefile"
	"staffetta/modules/intake"
	"staffetta/modules/kit"
	"staffetta/modules/ledger"
	"staffetta/modules/moduletest"
	"staffetta/modules/post"
	"staffetta/modules/practice"
	"staffetta/modules/registry"
	"staffetta/modules/sharing"
	"staffetta/policies"
	"staffetta/tenants"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// The markers must stand in no mail and in no log. The bodies are named for what they do.
const (
	ownerSlug, receiverSlug = "antiviolenza_uno", "tutela_minori_due"
	personName, personSur   = "Zefirina", "Marcatore"
	base                    = "https://staffetta.example"
)

// stage is two bodies with an agreement, a mail server, and the service between.
type stage struct {
	*moduletest.Stage
	t               testing.TB
	deps            modules.Deps
	cases           *casefile.Service
	sharing         *sharing.Service
	post            *post.Service
	server          *smtptest.Server
	log             *logbook
	owner, receiver tenants.Tenant
	worker, head    tenants.Scope // social worker and coordinator of the owner
	colleague       tenants.Scope // another social worker of the owner
	dpo             tenants.Scope
	decider, reader tenants.Scope // coordinator and social worker of the receiver
}

type logbook struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write meets io.Writer.
func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func list() []modules.Module {
	return []modules.Module{registry.Module(), kit.Module(), casefile.Module(), intake.Module(), practice.Module(), sharing.Module(), ledger.Module(), post.Module()}
}

func newStage(t testing.TB) *stage {
	t.Helper()
	s := &stage{Stage: moduletest.NewStage(t, list()...), t: t, server: smtptest.Start(t), log: &logbook{}}
	s.owner, s.receiver = s.On(t, ownerSlug, casefile.ID, sharing.ID), s.On(t, receiverSlug, casefile.ID, sharing.ID)
	log := slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	queue, err := jobs.NewQueue(log)
	s.must(err)
	words, err := language.NewCatalogue(post.Module().Messages)
	s.must(err)
	duties := modules.NewDuties(s.Deps.Bodies, s.Deps.Policies)
	s.deps = s.Deps
	s.deps.Jobs, s.deps.Platform.Log, s.deps.Platform.Duties = queue, log, duties
	s.deps.Platform.Mail = modules.Correspondence{Post: post.NewOutbox(s.Key), Mailer: s.server.Sender(), Base: base, Words: words}
	for _, m := range list() {
		parts, err := m.New(s.deps)
		s.must(err)
		duties.Add(m, parts.Duties)
	}
	s.cases, s.sharing, s.post = casefile.NewService(s.deps), sharing.NewService(s.deps), post.NewService(s.deps)
	s.people()
	return s
}

func (s *stage) people() {
	s.worker, s.head = s.Operator(s.t, s.owner, "social_worker"), s.Operator(s.t, s.owner, "coordinator")
	s.colleague, s.dpo = s.Operator(s.t, s.owner, "social_worker"), s.Operator(s.t, s.owner, "dpo")
	s.decider, s.reader = s.Operator(s.t, s.receiver, "coordinator"), s.Operator(s.t, s.receiver, "social_worker")
}

func (s *stage) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *stage) wants(err error, kind problem.Kind) {
	s.t.Helper()
	if !problem.Is(err, kind) {
		s.t.Errorf("got %v, want %s", err, kind)
	}
}

func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }

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
		'select statement_timestamp() + interval ''` + ahead.Round(time.Second).String() + `'''`)
}

// run does what the job does.
func (s *stage) run() {
	s.t.Helper()
	s.must(s.post.Run(context.Background()))
}

// later runs now, and again when what waits for more of the same has waited.
func (s *stage) later(ahead time.Duration) {
	s.t.Helper()
	s.run()
	s.setClock(ahead)
	s.run()
}

// got are the letters that an address got.
func (s *stage) got(address string) (letters []smtptest.Taken) {
	for _, letter := range s.server.Taken() {
		if letter.To == address {
			letters = append(letters, letter)
		}
	}
	return letters
}

// wantsLetters compares how many letters an address got.
func (s *stage) wantsLetters(what, address string, want int) {
	s.t.Helper()
	if got := s.got(address); len(got) != want {
		s.t.Errorf("%s: %s got %d letters, want %d", what, address, len(got), want)
	}
}

var link = regexp.MustCompile(base + `/piattaforma/avviso/conferma/([0-9a-z-]+)`)

// subscribe sets an address and opens the link that is sent there.
func (s *stage) subscribe(who tenants.Scope, email, rhythm string) {
	s.t.Helper()
	ctx := context.Background()
	a, err := s.post.Get(ctx, who)
	s.must(err)
	s.must(s.set(ctx, who, post.Wish{Email: email, Rhythm: rhythm, Version: a.Version}))
	s.must(s.post.Deliver(ctx))
	s.must(s.post.Confirm(ctx, s.token(email)))
}

// token is that of the last link sent to an address.
func (s *stage) token(email string) string {
	s.t.Helper()
	letters := s.got(email)
	if len(letters) == 0 {
		s.t.Fatalf("%s got no link", email)
	}
	found := link.FindStringSubmatch(letters[len(letters)-1].Content)
	if found == nil {
		s.t.Fatalf("no link in\n%s", letters[len(letters)-1].Content)
	}
	return found[1]
}

// openCase opens a case of somebody.
func (s *stage) openCase() casefile.CaseFile {
	s.t.Helper()
	ctx := context.Background()
	person, err := registry.NewService(s.deps).Create(ctx, s.worker, registry.NewPerson{ID: newID(), Details: registry.Details{
		NoCodeReason: "unknown", Name: personName, Surname: personSur,
	}})
	s.must(err)
	file, err := s.cases.Create(ctx, s.worker, casefile.Opening{ID: newID(), Person: person.ID, Area: "disabili"})
	s.must(err)
	return file
}

// offer offers parts of a case to the receiver, under an agreement that it makes first.
func (s *stage) offer(file casefile.CaseFile) sharing.Share {
	s.t.Helper()
	ctx := context.Background()
	agreement, err := s.sharing.Agreements.ProposeAgreement(ctx, s.head, policies.Proposal{
		ID: newID(), Title: "Accordo di rete", Parties: []int32{s.owner.ID, s.receiver.ID}, Edges: []policies.Edge{{From: s.owner.ID, To: s.receiver.ID}},
		Purposes: []string{"assessment"}, Sections: []string{"identity", "assessment"},
		From: time.Now().Add(-time.Hour), To: time.Now().AddDate(1, 0, 0), Act: policies.Act{Number: "7/2026", Day: time.Now()},
	})
	s.must(err)
	step, err := s.sharing.Agreements.GetStep(ctx, s.decider, agreement, policies.AgreementActive)
	s.must(err)
	_, err = s.sharing.Agreements.SignAgreement(ctx, s.decider, agreement.ID, policies.Act{Number: "12/2026", Day: time.Now()}, modules.Consent{Mark: step.Mark, Acknowledged: true})
	s.must(err)
	made, err := s.sharing.Offers.Offer(ctx, s.worker, file.ID.String(), sharing.Offer{
		ID: newID(), Kind: "consultation", Agreement: agreement.ID, Receiver: s.receiver.ID, Purpose: "assessment", Sections: []string{"identity", "assessment"},
		LegalBasis: "public_task", Until: time.Now().AddDate(0, 0, 20), Reason: "Valutazione con il vostro servizio",
	})
	s.must(err)
	return made
}

// notify tells somebody something in the program, as modules do.
func (s *stage) notify(who tenants.Scope, path string) {
	s.t.Helper()
	s.exec(`insert into casefile.notices (tenant_id, id, account_id, topic, path, actor_name, reference) values ($1, $2, $3, 'case.assigned', $4, $5, 'CS-2026-000001')`,
		who.Tenant, newID(), who.Account, path, personName+" "+personSur)
}

// silent fails for every marker in what was said.
func (s *stage) silent(what, text string) {
	s.t.Helper()
	for _, marker := range []string{
		ownerSlug, receiverSlug, personName, personSur, "antiviolenza", "minori", "CS-2026", "cartelle", "condivisioni", s.worker.Name, s.head.Name, "Valutazione con", "Accordo",
	} {
		if strings.Contains(strings.ToLower(text), strings.ToLower(marker)) {
			s.t.Errorf("%s says %q:\n%s", what, marker, text)
		}
	}
}

// set changes an address, whether a link is sent or not.
func (s *stage) set(ctx context.Context, who tenants.Scope, w post.Wish) error {
	s.t.Helper()
	_, err := s.post.Set(ctx, who, w)
	return err
}

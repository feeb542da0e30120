package ledger_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/internal/problem"
	"staffetta/internal/testdb"
	"staffetta/modules"
	"staffetta/modules/casefile"
	"staffetta/modules/intake"
	"staffetta/modules/kit"
	"staffetta/modules/ledger"
	"staffetta/modules/moduletest"
	"staffetta/modules/registry"
	"staffetta/modules/sharing"
	"staffetta/policies"
	"staffetta/tenants"
	"staffetta/tenants/taxcode"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// stage is two bodies with an agreement, and the case of Rosa Bianco, who signs in as a citizen, at the first.
type stage struct {
	*moduletest.Stage
	t               testing.TB
	deps            modules.Deps
	cases           *casefile.Service
	ledger          *ledger.Service
	sharing         *sharing.Service
	owner, receiver tenants.Tenant
	worker, head    tenants.Scope
	dpo, guest      tenants.Scope
	rosa            tenants.Scope // a citizen
	person          uuid.UUID
	file            casefile.CaseFile
}

func list() []modules.Module {
	return []modules.Module{registry.Module(), kit.Module(), casefile.Module(), intake.Module(), sharing.Module(), ledger.Module(), staff}
}

func newStage(t testing.TB) *stage {
	t.Helper()
	s := &stage{Stage: moduletest.NewStage(t, list()...), t: t}
	s.deps = s.Deps
	s.owner, s.receiver = s.On(t, "c_g315", sharing.ID), s.On(t, "c_f061", sharing.ID)
	s.cases, s.ledger, s.sharing = casefile.NewService(s.deps), ledger.NewService(s.deps), sharing.NewService(s.deps)
	s.worker, s.head, s.dpo = s.Operator(t, s.owner, "social_worker"), s.Operator(t, s.owner, "coordinator"), s.Operator(t, s.owner, "dpo")
	s.guest = s.Operator(t, s.receiver, "coordinator")
	s.rosa = s.citizen(s.owner, code)
	s.person, s.file = s.open(s.worker, code)
	return s
}

var code = taxcode.Build("Bianco", "Rosa", time.Date(1958, 6, 28, 0, 0, 0, 0, time.UTC), "F", "G315")

func (s *stage) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }

// citizen is who signs in with a fiscal code at a body, for their own purpose.
func (s *stage) citizen(body tenants.Tenant, code string) tenants.Scope {
	s.t.Helper()
	ctx := context.Background()
	scope := tenants.Scope{Tenant: body.ID, Slug: body.Slug, Name: "Rosa Bianco", Purpose: tenants.Citizen, Assurance: 2, Language: "it", RequestID: uuid.NewString()}
	s.must(s.DB.Platform(ctx, func(tx tenants.Tx) (err error) {
		scope.Account, err = tenants.EnsureAccount(ctx, tx, s.Key, code)
		return err
	}))
	return scope
}

// open registers a person and opens a case for it.
func (s *stage) open(worker tenants.Scope, code string) (uuid.UUID, casefile.CaseFile) {
	s.t.Helper()
	ctx := context.Background()
	person, err := registry.NewService(s.deps).Create(ctx, worker, registry.NewPerson{ID: newID(), Details: registry.Details{
		TaxCode: code, Name: "Rosa", Surname: "Bianco",
	}})
	s.must(err)
	file, err := s.cases.Create(ctx, worker, casefile.Opening{ID: newID(), Person: person.ID, Area: "disabili"})
	s.must(err)
	return person.ID, file
}

// share shows Rosa's case to the other body, under a signed agreement.
func (s *stage) share() sharing.Share {
	s.t.Helper()
	ctx := context.Background()
	agreement, err := s.sharing.Agreements.ProposeAgreement(ctx, s.head, policies.Proposal{
		ID: newID(), Title: "Accordo di rete", Parties: []int32{s.owner.ID, s.receiver.ID}, Edges: []policies.Edge{{From: s.owner.ID, To: s.receiver.ID}},
		Purposes: []string{"assessment"}, Sections: []string{"identity", "assessment"},
		From: time.Now().Add(-time.Hour), To: time.Now().AddDate(1, 0, 0), Act: policies.Act{Number: "7/2026", Day: time.Now()},
	})
	s.must(err)
	step, err := s.sharing.Agreements.GetStep(ctx, s.guest, agreement, policies.AgreementActive)
	s.must(err)
	_, err = s.sharing.Agreements.SignAgreement(ctx, s.guest, agreement.ID, policies.Act{Number: "12/2026", Day: time.Now()}, modules.Consent{Mark: step.Mark, Acknowledged: true})
	s.must(err)
	offered, err := s.sharing.Offers.Offer(ctx, s.worker, s.file.ID.String(), sharing.Offer{
		ID: newID(), Kind: "consultation", Agreement: agreement.ID, Receiver: s.receiver.ID, Purpose: "assessment", Sections: []string{"identity", "assessment"},
		LegalBasis: "public_task", Until: time.Now().AddDate(0, 0, 20), Reason: "Valutazione con il vostro servizio",
	})
	s.must(err)
	made, err := s.sharing.Shares.Accept(ctx, s.guest, offered.ID, sharing.Addressee{})
	s.must(err)
	return made
}

// read opens Rosa's case as the actor names it.
func (s *stage) read(actor tenants.Scope) {
	s.t.Helper()
	ref := s.file.ID.String()
	if actor.Tenant != s.owner.ID {
		ref = s.owner.Slug + "~" + ref
	}
	a, err := s.cases.Open(context.Background(), actor, ref, "")
	s.must(err)
	s.must(a.Read(context.Background(), &pgx.Batch{}))
}

// own is what a citizen sees.
func (s *stage) own(citizen tenants.Scope) []ledger.OwnAccess {
	s.t.Helper()
	found, err := s.ledger.FindOwn(context.Background(), citizen, time.Time{})
	s.must(err)
	return found.Accesses
}

func (s *stage) wants(err error, kind problem.Kind) {
	s.t.Helper()
	if !problem.Is(err, kind) {
		s.t.Errorf("got %v, want %s", err, kind)
	}
}

// Package ask is how a body asks another one for access to a case that it believes the other follows. The other body looks for the person among its own and answers with an ordinary share, or says no; a no tells
// nothing. It must not tell the asking body whether there is a case.
package ask

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/casefile"
	"staffetta/modules/kit"
	"staffetta/modules/registry"
	"staffetta/modules/sharing/agreement"
	"staffetta/modules/sharing/form"
	"staffetta/modules/sharing/offer"
	"staffetta/modules/sharing/setting"
	"staffetta/modules/sharing/share"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
	"staffetta/tenants/taxcode"
)

// The states of an ask; Lapsed follows from the clock.
const (
	Open      = "open"
	Answered  = "answered"
	Refused   = "refused"
	Withdrawn = "withdrawn"
	Lapsed    = "lapsed"
)

// Ask is a question of one body to another, for a case that it may follow (it: richiesta di accesso).
type Ask struct {
	ID           uuid.UUID
	State        string
	Asker, Asked int32
	Agreement    uuid.UUID
	TaxCode      string // with Reason, only for who reads the identity of persons
	Purpose      string
	LegalBasis   string
	Sections     []string
	Reason       string
	AnswerBy     time.Time
	By           string
	At           time.Time
	Account      uuid.UUID // of who asked
	Ended        time.Time // when it was answered, refused or taken back
	Share        uuid.UUID // the answer; uuid.Nil until then
}

// Standing is the state at an instant, the clock included.
func (a Ask) Standing(now time.Time) string {
	if a.State == Open && !now.Before(a.AnswerBy) {
		return Lapsed
	}
	return a.State
}

// Service holds the rules of asks.
type Service struct {
	deps     modules.Deps
	items    *kit.Items
	purposes *offer.Offers
	cases    *casefile.Service
	persons  *registry.Service
}

// New makes the service over the program's parts.
func New(deps modules.Deps, purposes *offer.Offers) *Service {
	return &Service{deps: deps, items: kit.NewItems(deps), purposes: purposes, cases: casefile.NewService(deps), persons: registry.NewService(deps)}
}

// FindPartners lists the bodies that may show cases to the actor's under a live agreement.
func (s *Service) FindPartners(ctx context.Context, scope tenants.Scope) ([]agreement.Partner, error) {
	return agreement.FindPartners(ctx, s.deps, scope, func(p agreement.Partner) bool { return p.Agreement.Shows(p.Body.ID, scope.Tenant) })
}

// CodeOf is the fiscal code of a registered person, for an ask about them; "" for who reads no identity, and for nobody. The reading
// is in the audit.
func (s *Service) CodeOf(ctx context.Context, scope tenants.Scope, person uuid.UUID) (string, error) {
	if !s.deps.Permits(scope, "person:read") {
		return "", nil
	}
	known, err := s.persons.Get(ctx, scope, person)
	if problem.Is(err, problem.NotFound) {
		return "", nil
	}
	return known.TaxCode, err
}

// Ask asks. It looks for nothing: not even whether the other body could answer. A second call with the same id asks nothing
// again. Errors: problem.Invalid by field; problem.TooMany for who has asked too often, asks and questions who follows a person
// counted together.
func (s *Service) Ask(ctx context.Context, scope tenants.Scope, a Ask) (Ask, error) {
	made, err := s.Get(ctx, scope, a.ID)
	switch {
	case err == nil && made.Asker == scope.Tenant:
		return made, nil // the form was submitted before
	case err != nil && !problem.Is(err, problem.NotFound):
		return Ask{}, err
	}
	partners, err := s.FindPartners(ctx, scope)
	if err != nil {
		return Ask{}, err
	}
	if a, err = check(a, partners); err != nil {
		return Ask{}, err
	}
	a.By = scope.Name
	settings, err := setting.Read(ctx, s.items, scope)
	if err != nil {
		return Ask{}, err
	}
	a.AnswerBy = form.EndOfDay(time.Now().In(language.Rome).AddDate(0, 0, settings.AnswerDays))
	err = s.deps.DB.InTx(ctx, scope, func(tx tenants.Tx) error {
		told, err := audit.WriteTold(ctx, tx, scope, audit.Event{Action: "ask.open", Object: a.ID, Sections: a.Sections})
		if err != nil {
			return err
		}
		return openAsk(ctx, tx, a, told)
	})
	if problem.Is(err, problem.TooMany) {
		return Ask{}, errors.Join(err, s.noteExcess(ctx, scope, a.Agreement))
	}
	if err != nil {
		return Ask{}, err
	}
	return s.Get(ctx, scope, a.ID)
}

// noteExcess counts what was asked in vain, for who is told of those who ask too much.
func (s *Service) noteExcess(ctx context.Context, scope tenants.Scope, agreement uuid.UUID) error {
	return s.deps.DB.InTx(ctx, scope, func(tx tenants.Tx) error {
		told, err := audit.WriteTold(ctx, tx, scope, audit.Event{Action: "ask.limit", Object: agreement})
		if err != nil {
			return err
		}
		return noteExcess(ctx, tx, agreement, told)
	})
}

// check refuses by field what no ask may be.
func check(a Ask, partners []agreement.Partner) (Ask, error) {
	var fields problem.Fields
	at := slices.IndexFunc(partners, func(p agreement.Partner) bool { return p.Agreement.ID == a.Agreement && p.Body.ID == a.Asked })
	if at < 0 {
		fields.Add("ente", "sharing.error.agreement")
		return a, fields.Err()
	}
	code, err := taxcode.Parse(a.TaxCode)
	if err != nil || code.Kind() != taxcode.Person {
		fields.Add("codice", form.CodeFault(a.TaxCode))
	}
	a.TaxCode, a.Reason = code.String(), strings.TrimSpace(a.Reason)
	if !slices.Contains(partners[at].Agreement.Purposes, a.Purpose) {
		fields.Add("scopo", "sharing.error.purpose")
	}
	fields.Require("base", a.LegalBasis)
	fields.OneOf("base", a.LegalBasis, share.LegalBases...)
	if len(a.Sections) == 0 {
		fields.Add("sezioni", "sharing.error.no_section")
	}
	if len(share.Without(a.Sections, partners[at].Agreement.Sections)) > 0 {
		fields.Add("sezioni", "sharing.error.section")
	}
	if len([]rune(a.Reason)) < share.LeastWords {
		fields.Add("motivo", "sharing.error.reason")
	}
	fields.MaxLength("motivo", a.Reason, share.MaxWords)
	return a, fields.Err()
}

// Find lists the asks of the actor's body, on either side, the latest first.
func (s *Service) Find(ctx context.Context, scope tenants.Scope) ([]Ask, error) {
	found, err := s.find(ctx, s.deps.Policies.Confine(scope, policies.Body), uuid.Nil)
	if err != nil {
		return nil, err
	}
	event := audit.Event{Action: "ask.list"}
	if slices.ContainsFunc(found, Ask.Named) {
		event.Sections = []string{section}
	}
	return found, s.deps.Audit.Record(ctx, scope, event)
}

// section is that of the person of an ask.
const section = "identity"

// Named tells whether it says whose case is asked for.
func (a Ask) Named() bool { return a.TaxCode != "" }

// Get returns an ask of the actor's body, or problem.NotFound. The reading is in the audit.
func (s *Service) Get(ctx context.Context, scope tenants.Scope, id uuid.UUID) (Ask, error) {
	found, err := s.find(ctx, s.deps.Policies.Confine(scope, policies.Body), id)
	if err == nil && len(found) == 0 {
		err = problem.Missing()
	}
	if err != nil {
		return Ask{}, err
	}
	event := audit.Event{Action: "ask.read", Object: id}
	if found[0].Named() {
		event.Sections = []string{section}
	}
	return found[0], s.deps.Audit.Record(ctx, scope, event)
}

// End refuses an ask that the actor's body was asked, or takes back one of its own: target is Refused or Withdrawn. What is
// said with a refusal stays with the body. Errors: problem.NotFound, problem.Forbidden, problem.Conflict; problem.Invalid.
func (s *Service) End(ctx context.Context, scope tenants.Scope, id uuid.UUID, target, words string) error {
	words = strings.TrimSpace(words)
	var fields problem.Fields
	fields.MaxLength("motivo", words, share.MaxWords)
	if err := fields.Err(); err != nil {
		return err
	}
	actions := map[string]string{Refused: "ask.refuse", Withdrawn: "ask.withdraw"}
	return s.deps.DB.InTx(ctx, scope, func(tx tenants.Tx) error {
		told, err := audit.WriteTold(ctx, tx, scope, audit.Event{Action: actions[target], Object: id})
		if err != nil {
			return err
		}
		return endAsk(ctx, tx, ending{id, target, words, scope.Name}, told)
	})
}

// ending is what the database takes of the end of an ask.
type ending struct {
	id                   uuid.UUID
	target, words, actor string
}

// newsDays is for how many days the desk tells who asked how the ask ended.
const newsDays = 7

// findOver are the actor's own asks that ended lately: a refused one for some days, an answered one until the share is seen.
func (s *Service) findOver(ctx context.Context, scope tenants.Scope) ([]modules.Duty, error) {
	found, err := s.find(ctx, scope, uuid.Nil)
	if err != nil {
		return nil, err
	}
	seen, err := s.findSeen(ctx, scope)
	var duties []modules.Duty
	for _, a := range found {
		if a.Asker != scope.Tenant || a.Account != scope.Account || a.State != Answered && a.State != Refused ||
			time.Since(a.Ended) > newsDays*24*time.Hour || slices.Contains(seen, a.Share) {
			continue
		}
		duties = append(duties, modules.Duty{
			Label: language.M("sharing.duty.ask_" + a.State), Title: s.deps.Bodies.Name(a.Asked), Path: "/rete/accesso/" + a.ID.String(), Since: a.Ended,
		})
	}
	return duties, err
}

// topic is by which duties about asks begin.
const topic = "sharing.asks"

// Duties are the asks that wait for the actor's body, and for who asked how their own ended.
func (s *Service) Duties() []modules.DutySource {
	return []modules.DutySource{
		{Permission: share.MayDecide, Topics: []string{topic}, Find: s.findWaiting},
		{Permission: share.MayOffer, Topics: []string{topic, share.Topic}, Find: s.findOver},
	}
}

func (s *Service) findWaiting(ctx context.Context, scope tenants.Scope) ([]modules.Duty, error) {
	found, err := s.find(ctx, scope, uuid.Nil)
	if err != nil {
		return nil, err
	}
	var duties []modules.Duty
	for _, a := range found {
		if a.Asked == scope.Tenant && a.Standing(time.Now()) == Open {
			duties = append(duties, modules.Duty{
				Label: language.M("sharing.duty.ask"), Title: s.deps.Bodies.Name(a.Asker), Path: "/rete/accesso/" + a.ID.String(), Due: form.LastDay(a.AnswerBy), Since: a.At,
			})
		}
	}
	return duties, nil
}

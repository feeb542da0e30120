// Package elsewhere answers whether another body follows a person already, by keyed tokens that a job writes for the open
// cases of each body: nobody learns a name, a case or a code, only which body to ask. It must never stop what somebody does at
// the access desk, and must not read the content of a case.
package elsewhere

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/sharing/share"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
	"staffetta/tenants/taxcode"
)

// MayAsk is the permission to ask.
const MayAsk = "known_elsewhere:ask"

// Service asks and publishes.
type Service struct {
	deps modules.Deps
}

// New makes the service over the program's parts.
func New(deps modules.Deps) *Service { return &Service{deps: deps} }

// Known is a body that follows the person, and the agreement under which it says so (it: già noto altrove).
type Known struct {
	Body      int32
	Agreement uuid.UUID
}

// Answer is what is known elsewhere. It is empty for a person that nobody follows, for one who is protected and for one
// without a full fiscal code: these are not told apart.
type Answer struct {
	Bodies  []Known // each once, by name
	All     []Known // under every agreement
	Limited bool    // too much was asked; nothing is answered for a while
}

// Question is about whom is asked: a full fiscal code and, where the body has registered the person, who it is there.
type Question struct {
	TaxCode string
	Person  uuid.UUID
}

// Ask tells which bodies follow a person, under the live agreements that allow the question. Each question is in the audit of
// the actor's body before it is answered. Error: problem.Invalid for what is no code.
func (s *Service) Ask(ctx context.Context, scope tenants.Scope, q Question) (Answer, error) {
	code, err := taxcode.Parse(q.TaxCode)
	if err != nil {
		var fields problem.Fields
		fields.Add("codice", "sharing.error.tax_code")
		return Answer{}, fields.Err()
	}
	if code.Kind() != taxcode.Person {
		return Answer{}, nil
	}
	var answer Answer
	err = s.deps.DB.InTx(ctx, scope, func(tx tenants.Tx) error {
		keys, err := s.findKeys(ctx, tx, scope)
		if err != nil || len(keys) == 0 {
			return err
		}
		questions := make([]asked, len(keys))
		for i, key := range keys {
			questions[i] = asked{agreement: key.agreement, token: key.token(code), person: q.Person}
		}
		if err := askBodies(ctx, tx, scope, questions); err != nil {
			return err
		}
		for _, one := range questions {
			answer.add(one.agreement, one.heard)
		}
		return nil
	})
	if err != nil {
		return Answer{}, err
	}
	answer.Bodies = slices.DeleteFunc(answer.Bodies, func(k Known) bool { return !s.isLive(k.Body) })
	slices.SortFunc(answer.Bodies, func(a, b Known) int {
		return cmp.Compare(s.deps.Bodies.Name(a.Body), s.deps.Bodies.Name(b.Body))
	})
	answer.All = slices.Clone(answer.Bodies)
	answer.Bodies = slices.CompactFunc(answer.Bodies, func(a, b Known) bool { return a.Body == b.Body })
	return answer, nil
}

// asked is a question under one agreement, and what is heard of the bodies.
type asked struct {
	agreement uuid.UUID
	token     []byte
	person    uuid.UUID
	heard     []heard
}

// event is what the audit says of it.
func (q asked) event() audit.Event {
	event := audit.Event{Action: "known.ask", Object: q.agreement}
	if q.person != uuid.Nil {
		event.Payload = map[string]any{"person": q.person}
	}
	return event
}

// add takes what the bodies of an agreement answered.
func (a *Answer) add(agreement uuid.UUID, found []heard) {
	for _, one := range found {
		a.Limited = a.Limited || one.known == nil
		if one.known != nil && *one.known {
			a.Bodies = append(a.Bodies, Known{Body: one.body, Agreement: agreement})
		}
	}
}

// Token is the token of a code under an agreement that the actor's body is a party of. Error: problem.NotFound where the
// agreement has no key.
func (s *Service) Token(ctx context.Context, tx tenants.Tx, agreement uuid.UUID, code taxcode.Code) ([]byte, error) {
	sealed, err := findSealed(ctx, tx, []uuid.UUID{agreement}, true)
	if err != nil {
		return nil, err
	}
	keys, err := s.open(sealed)
	if err == nil && len(keys) == 0 {
		err = problem.Missing()
	}
	if err != nil {
		return nil, err
	}
	return keys[0].token(code), nil
}

// findKeys opens the keys in use of the live agreements under which the actor's body may ask somebody.
func (s *Service) findKeys(ctx context.Context, tx tenants.Tx, scope tenants.Scope) ([]key, error) {
	agreements, err := policies.FindAgreements(ctx, tx, scope)
	if err != nil {
		return nil, err
	}
	var open []uuid.UUID
	for _, a := range agreements {
		shown := slices.ContainsFunc(a.Edges, func(e policies.Edge) bool { return e.To == scope.Tenant })
		if a.Asks.Known && a.Live(time.Now()) && shown {
			open = append(open, a.ID)
		}
	}
	if len(open) == 0 {
		return nil, nil
	}
	sealed, err := findSealed(ctx, tx, open, true)
	if err != nil {
		return nil, err
	}
	return s.open(sealed)
}

func (s *Service) isLive(id int32) bool {
	body, err := s.deps.Bodies.ByID(id)
	return err == nil && body.State == tenants.Active
}

// Hints is what pages say where somebody meets a person; who may ask for access is led there.
func (s *Service) Hints() []modules.HintSource {
	return []modules.HintSource{{Permission: MayAsk, Find: s.hint}}
}

func (s *Service) hint(ctx context.Context, scope tenants.Scope, about modules.Hinted) ([]modules.Hint, error) {
	if about.TaxCode == "" {
		return nil, nil
	}
	hints, shown, err := s.hintShown(ctx, scope, about)
	if err != nil {
		return nil, err
	}
	answer, err := s.Ask(ctx, scope, Question{TaxCode: about.TaxCode, Person: about.Person})
	switch {
	case problem.Is(err, problem.Invalid):
		return hints, nil // a code of another kind
	case err != nil:
		return nil, err
	case answer.Limited:
		return append(hints, modules.Hint{Label: language.M("sharing.known.limited")}), nil
	}
	mayAsk := s.deps.Permits(scope, share.MayOffer)
	for _, known := range answer.Bodies {
		if slices.Contains(shown, known.Body) {
			continue // nothing is left to ask
		}
		hint := modules.Hint{Label: language.M("sharing.known.hint", "body", s.deps.Bodies.Name(known.Body))}
		if mayAsk {
			hint.Path, hint.Go = "/rete/accesso/nuova?ente="+known.Agreement.String()+"~"+s.deps.Bodies.Slug(known.Body)+"&noto=1", language.M("sharing.known.ask")
			if about.Person != uuid.Nil { // by which the page finds the code, which stands in no address
				hint.Path += "&persona=" + about.Person.String()
			}
		}
		hints = append(hints, hint)
	}
	return hints, nil
}

// Excess is that somebody asked more than people do.
type Excess struct {
	Agreement uuid.UUID
	Body      int32
	Account   uuid.UUID // only to its own body
	Name      string    // of the account, likewise
	Hour      time.Time
	Asked     int
}

// FindExcesses lists, for every body of an agreement, who asked too much under it in the last week.
func (s *Service) FindExcesses(ctx context.Context, scope tenants.Scope) (found []Excess, err error) {
	err = s.deps.DB.InTx(ctx, scope, func(tx tenants.Tx) error {
		found, err = findExcesses(ctx, tx)
		return err
	})
	return found, err
}

// Duties tell who oversees shares that somebody asks too much.
func (s *Service) Duties(mayOversee string) []modules.DutySource {
	return []modules.DutySource{{Permission: mayOversee, Find: func(ctx context.Context, scope tenants.Scope) ([]modules.Duty, error) {
		found, err := s.FindExcesses(ctx, scope)
		if err != nil || len(found) == 0 {
			return nil, err
		}
		return []modules.Duty{{Label: language.M("sharing.duty.excess", "n", len(found)), Path: "/rete/gia-noto"}}, nil
	}}}
}

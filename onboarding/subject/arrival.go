package subject

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Arrival is a request as somebody registers it.
type Arrival struct {
	ID         uuid.UUID // made when the form was rendered, so that a second submit changes nothing
	Kind       string
	Subject    Named
	Asker      string
	AskerName  string // where somebody asks for another one
	Identity   string
	Channel    string
	Words      string
	ReceivedOn time.Time
}

// Named is the person whose data it is about, as the request names them.
type Named struct {
	Person        uuid.UUID // of the registry, where the actor came from their page
	TaxCode       string
	Surname, Name string
	Born          time.Time // zero where it is not said
}

func (n Named) called() string { return strings.TrimSpace(n.Surname + " " + n.Name) }

// Register writes a request down. Nobody of the registry need be known to be meant: then it says so, and somebody says it later. Errors:
// problem.Invalid by field.
func (v *Service) Register(ctx context.Context, s tenants.Scope, a Arrival) error {
	a = a.trimmed()
	if err := a.check(); err != nil {
		return err
	}
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		person, err := findPerson(ctx, tx, a.Subject)
		if err != nil {
			return err
		}
		made, err := insertRequest(ctx, tx, s, a, person)
		if err != nil || !made {
			return err
		}
		if err := insertStep(ctx, tx, s, a.ID, Step{Kind: "register"}); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "subject_request.register", Object: a.ID, Payload: map[string]any{
			"kind": a.Kind, "received_on": a.ReceivedOn.Format(time.DateOnly), "known": person != nil,
		}})
	})
}

// Name says whom a request is about that named nobody of the registry. Errors: problem.Invalid by field, problem.NotFound, problem.Conflict.
func (v *Service) Name(ctx context.Context, s tenants.Scope, id uuid.UUID, n Named) error {
	n = n.trimmed()
	return v.change(ctx, s, id, func(tx tenants.Tx, r Request) (Step, error) {
		if r.Person != nil {
			return Step{}, problem.New(problem.Conflict, "onboarding.subject.error.named")
		}
		person, err := findPerson(ctx, tx, n)
		if err != nil {
			return Step{}, err
		}
		if person == nil {
			var wrong problem.Fields
			wrong.Add("codice", "onboarding.subject.error.nobody")
			return Step{}, wrong.Err()
		}
		return Step{Kind: "name"}, namePerson(ctx, tx, id, *person)
	})
}

func (n Named) trimmed() Named {
	n.TaxCode = strings.ToUpper(strings.TrimSpace(n.TaxCode))
	n.Surname, n.Name = strings.TrimSpace(n.Surname), strings.TrimSpace(n.Name)
	return n
}

func (a Arrival) trimmed() Arrival {
	a.Subject = a.Subject.trimmed()
	a.AskerName, a.Identity, a.Words = strings.TrimSpace(a.AskerName), strings.TrimSpace(a.Identity), strings.TrimSpace(a.Words)
	return a
}

func (a Arrival) check() error {
	var wrong problem.Fields
	for _, choice := range []struct {
		field, value string
		accepted     []string
	}{{"che", a.Kind, Kinds}, {"chi", a.Asker, Askers}, {"canale", a.Channel, Channels}} {
		wrong.Require(choice.field, choice.value)
		wrong.OneOf(choice.field, choice.value, choice.accepted...)
	}
	for _, text := range []struct {
		field, value string
		limit        int
	}{{"cognome", a.Subject.Surname, 100}, {"nome", a.Subject.Name, 99}} {
		wrong.Require(text.field, text.value)
		wrong.Legible(text.field, text.value)
		wrong.MaxLength(text.field, text.value, text.limit)
	}
	wrong.MaxLength("codice", a.Subject.TaxCode, 16)
	if a.Asker == "guardian" || a.Asker == "delegate" {
		wrong.Require("richiedente", a.AskerName)
	}
	wrong.Legible("richiedente", a.AskerName)
	wrong.MaxLength("richiedente", a.AskerName, 200)
	checkWords(&wrong, "identita", a.Identity, 300)
	checkWords(&wrong, "testo", a.Words, 4000)
	switch {
	case a.ReceivedOn.IsZero():
		wrong.Add("arrivo", "web.field.required")
	case a.ReceivedOn.After(language.Day(time.Now())):
		wrong.Add("arrivo", "onboarding.subject.error.future")
	}
	return wrong.Err()
}

// findPerson is whom of the registry is meant, or nil. Two who are called the same are problem.Invalid: a request must not open the data
// of another one.
func findPerson(ctx context.Context, tx tenants.Tx, n Named) (*uuid.UUID, error) {
	found, err := findSubjects(ctx, tx, n)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	if len(found) > 1 {
		var wrong problem.Fields
		wrong.Add("codice", "onboarding.subject.error.several")
		return nil, wrong.Err()
	}
	return &found[0], nil
}

// Prefill is the person of the registry from whose page a request is begun, as far as the actor sees them; nobody for anybody else.
func (v *Service) Prefill(ctx context.Context, s tenants.Scope, person uuid.UUID) (n Named, err error) {
	err = v.deps.DB.InTx(ctx, v.deps.Policies.Confine(s, policies.Body), func(tx tenants.Tx) error {
		n, err = getNamed(ctx, tx, person)
		return err
	})
	return n, err
}

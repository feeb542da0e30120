package ask

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"staffetta/modules/casefile"
	"staffetta/modules/registry"
	"staffetta/modules/sharing/offer"
	"staffetta/tenants"
)

// Reply is a case of the asked body by which an ask can be answered.
type Reply struct {
	Case    uuid.UUID
	Number  string
	Manager string // who holds the case
	Path    string // of the page that offers it; "" for who may not open the case
}

// FindReplies lists the open cases of the asked body that are about the person of an ask, those first that the actor may
// offer. Who reads no identity finds none.
func (s *Service) FindReplies(ctx context.Context, scope tenants.Scope, a Ask) ([]Reply, error) {
	if a.Asked != scope.Tenant || !a.Named() {
		return nil, nil
	}
	found, err := s.persons.FindPersons(ctx, scope, registry.Query{Text: a.TaxCode})
	if err != nil {
		return nil, err
	}
	var replies []Reply
	for _, person := range found.Persons {
		if person.TaxCode != a.TaxCode {
			continue
		}
		of, err := s.repliesOf(ctx, scope, a, person.ID)
		if err != nil {
			return nil, err
		}
		replies = append(replies, of...)
	}
	slices.SortStableFunc(replies, func(x, y Reply) int {
		return map[bool]int{true: 1}[x.Path == ""] - map[bool]int{true: 1}[y.Path == ""]
	})
	return replies, nil
}

// repliesOf lists the open cases of a person. A fiscal code has one person, or two until they are merged.
func (s *Service) repliesOf(ctx context.Context, scope tenants.Scope, a Ask, person uuid.UUID) ([]Reply, error) {
	lines, err := s.cases.FindOfPerson(ctx, scope, person)
	if err != nil || len(lines) == 0 {
		return nil, err
	}
	opens, _, err := s.cases.Find(ctx, scope, casefile.Query{Person: person})
	if err != nil {
		return nil, err
	}
	path, err := s.replyPath(ctx, scope, a)
	if err != nil {
		return nil, err
	}
	var replies []Reply
	for _, line := range lines {
		one := Reply{Case: line.ID, Number: line.Number, Manager: line.Manager}
		if slices.ContainsFunc(opens, func(l casefile.Line) bool { return l.ID == line.ID }) {
			one.Path = path(line.ID.String())
		}
		replies = append(replies, one)
	}
	return replies, nil
}

// replyPath makes the address at which a case is offered with what was asked.
func (s *Service) replyPath(ctx context.Context, scope tenants.Scope, a Ask) (func(ref string) string, error) {
	purposes, err := s.purposes.FindPurposes(ctx, scope)
	if err != nil {
		return nil, err
	}
	partners, err := s.purposes.FindPartners(ctx, scope)
	if err != nil {
		return nil, err
	}
	purpose, _ := purposes.Get(a.Purpose, "")
	at := slices.IndexFunc(partners, func(p offer.Partner) bool { return p.Agreement.ID == a.Agreement && p.Body.ID == a.Asker })
	if at < 0 {
		return func(ref string) string { return "/cartelle/" + ref + "/condividi" }, nil
	}
	return func(ref string) string { return offer.Address(ref, partners[at], purpose, a.Sections) }, nil
}

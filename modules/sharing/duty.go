package sharing

import (
	"context"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/tenants"
)

// soon is for how many days ahead the desk tells that a share ends.
const soon = 7

// duties are what the module asks of who decides, signs, and works with shares.
func (s *Service) duties() []modules.DutySource {
	return []modules.DutySource{
		{Permission: decideShares, Find: s.findOffers},
		{Permission: signAgreements, Find: s.findSignatures},
		{Permission: readShares, Find: s.findEnding},
		{Permission: readShares, Find: s.findNews},
		{Permission: overseeShares, Find: s.findOverrides},
	}
}

// pile is several shares that await the same: how many, and the one that ends first.
type pile struct {
	Count int
	First uuid.UUID
	Other int32 // the body on the other side of the first
	Until time.Time
}

// duty leads to the one share, or to the list of several.
func (s *Service) duty(p pile, key, list string) []modules.Duty {
	var due time.Time
	if !p.Until.IsZero() {
		due = lastDay(p.Until)
	}
	switch p.Count {
	case 0:
		return nil
	case 1:
		return []modules.Duty{{
			Label: language.M(key, "n", 1), Title: s.deps.Bodies.Name(p.Other), Path: "/condivisioni/" + p.First.String(), Due: due,
		}}
	}
	return []modules.Duty{{Label: language.M(key, "n", p.Count), Path: list, Due: due}}
}

// findOffers are the shares that other bodies offer and that the actor's body has to decide about.
func (s *Service) findOffers(ctx context.Context, scope tenants.Scope) ([]modules.Duty, error) {
	waiting, err := s.pileOffered(ctx, scope)
	return s.duty(waiting, "sharing.duty.decide", "/rete/richieste"), err
}

// findEnding are the live shares that end soon: received ones that are for the actor and sent ones that it offered, or all
// for who oversees them.
func (s *Service) findEnding(ctx context.Context, scope tenants.Scope) ([]modules.Duty, error) {
	received, sent, err := s.pileEnding(ctx, scope, endOfDay(time.Now().In(rome).AddDate(0, 0, soon)), s.oversees(scope))
	return append(
		s.duty(received, "sharing.duty.ending_received", "/rete/richieste"),
		s.duty(sent, "sharing.duty.ending_sent", "/rete/richieste?inviate=1")...,
	), err
}

// findNews are the shares of the actor in which somebody else took a step that the actor has not seen.
func (s *Service) findNews(ctx context.Context, scope tenants.Scope) ([]modules.Duty, error) {
	received, sent, err := s.pileNews(ctx, scope)
	return append(
		s.duty(received, "sharing.duty.news", "/rete/richieste"),
		s.duty(sent, "sharing.duty.news", "/rete/richieste?inviate=1")...,
	), err
}

// findOverrides are the own body's shares without a legal basis that the actor, who oversees shares, has not looked at.
func (s *Service) findOverrides(ctx context.Context, scope tenants.Scope) ([]modules.Duty, error) {
	found, err := s.pileOverrides(ctx, scope)
	return s.duty(found, "sharing.duty.override", "/rete/richieste?inviate=1"), err
}

// findSignatures are the agreements that lack the signature of the actor's body.
func (s *Service) findSignatures(ctx context.Context, scope tenants.Scope) ([]modules.Duty, error) {
	agreements, err := s.FindAgreements(ctx, scope)
	if err != nil {
		return nil, err
	}
	n, one := 0, modules.Duty{Path: "/rete"}
	for _, a := range agreements {
		if a.Awaits(scope.Tenant) {
			n++
			one.Title, one.Path = a.Title, "/rete/accordi/"+a.ID.String()
		}
	}
	if n == 0 {
		return nil, nil
	}
	if n > 1 {
		one = modules.Duty{Path: "/rete"}
	}
	one.Label = language.M("sharing.duty.sign", "n", n)
	return []modules.Duty{one}, nil
}

package share

import (
	"context"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/sharing/form"
	"staffetta/tenants"
)

// soon is for how many days ahead the desk tells that a share ends.
const soon = 7

// Duties are what shares ask of who decides and works with them.
func (s *Shares) Duties() []modules.DutySource {
	return []modules.DutySource{
		{Permission: MayDecide, Find: s.findOffers},
		{Permission: MayRead, Find: s.findEnding},
		{Permission: MayRead, Find: s.findNews},
		{Permission: MayOversee, Find: s.findOverrides},
	}
}

// pile is several shares that await the same: how many, and the one that ends first.
type pile struct {
	Count int
	First uuid.UUID
	Other int32 // the body on the other side of the first
	Until time.Time
	Since time.Time // when the newest began
}

// duty leads to the one share, or to the list of several.
func (s *Shares) duty(p pile, key, list string) []modules.Duty {
	var due time.Time
	if !p.Until.IsZero() {
		due = form.LastDay(p.Until)
	}
	switch p.Count {
	case 0:
		return nil
	case 1:
		return []modules.Duty{{
			Label: language.M(key, "n", 1), Title: s.deps.Bodies.Name(p.Other), Path: "/condivisioni/" + p.First.String(), Due: due, Since: p.Since,
		}}
	}
	return []modules.Duty{{Label: language.M(key, "n", p.Count), Path: list, Due: due, Since: p.Since}}
}

// findOffers are the shares that other bodies offer and that the actor's body has to decide about.
func (s *Shares) findOffers(ctx context.Context, scope tenants.Scope) ([]modules.Duty, error) {
	waiting, err := s.pileOffered(ctx, scope)
	return s.duty(waiting, "sharing.duty.decide", "/rete/richieste"), err
}

// findEnding are the live shares that end soon: received ones that are for the actor and sent ones that it offered, or all
// for who oversees them.
func (s *Shares) findEnding(ctx context.Context, scope tenants.Scope) ([]modules.Duty, error) {
	received, sent, err := s.pileEnding(ctx, scope, form.EndOfDay(time.Now().In(language.Rome).AddDate(0, 0, soon)), s.oversees(scope))
	return append(
		s.duty(received, "sharing.duty.ending_received", "/rete/richieste"),
		s.duty(sent, "sharing.duty.ending_sent", "/rete/richieste?inviate=1")...,
	), err
}

// findNews are the shares of the actor in which somebody else took a step that the actor has not seen.
func (s *Shares) findNews(ctx context.Context, scope tenants.Scope) ([]modules.Duty, error) {
	received, sent, err := s.pileNews(ctx, scope)
	return append(
		s.duty(received, "sharing.duty.news_received", "/rete/richieste"),
		s.duty(sent, "sharing.duty.news_sent", "/rete/richieste?inviate=1")...,
	), err
}

// findOverrides are the own body's shares without a legal basis that the actor, who oversees shares, has not looked at.
func (s *Shares) findOverrides(ctx context.Context, scope tenants.Scope) ([]modules.Duty, error) {
	found, err := s.pileOverrides(ctx, scope)
	return s.duty(found, "sharing.duty.override", "/rete/richieste?inviate=1"), err
}

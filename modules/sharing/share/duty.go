package share

import (
	"context"
	"time"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/sharing/form"
	"staffetta/modules/sharing/setting"
	"staffetta/tenants"
)

// onePath is above the pages of shares.
const onePath = "/condivisioni/"

// Topic is by which duties about shares begin.
const Topic = "sharing.shares"

// Duties are what shares ask of who decides and works with them.
func (s *Shares) Duties() []modules.DutySource {
	return []modules.DutySource{
		{Permission: MayDecide, Topics: []string{Topic}, Find: s.findOffers},
		{Permission: MayRead, Topics: []string{Topic}, Find: s.findEnding},
		{Permission: MayRead, Topics: []string{Topic}, Find: s.findNews},
		{Permission: MayOversee, Topics: []string{Topic}, Find: s.findOverrides},
	}
}

// findOffers are the shares that other bodies offer and that the actor's body has to decide about.
func (s *Shares) findOffers(ctx context.Context, scope tenants.Scope) ([]modules.Duty, error) {
	waiting, err := s.pileOffered(ctx, scope)
	return waiting.Duties("sharing.duty.decide", onePath, "/rete/richieste"), err
}

// findEnding are the live shares that end soon: received ones that are for the actor and sent ones that it offered, or all
// for who oversees them.
func (s *Shares) findEnding(ctx context.Context, scope tenants.Scope) ([]modules.Duty, error) {
	soon, err := s.soon(ctx, scope)
	if err != nil {
		return nil, err
	}
	received, sent, err := s.pileEnding(ctx, scope, soon, s.oversees(scope))
	return append(
		received.Duties("sharing.duty.ending_received", onePath, "/rete/richieste"),
		sent.Duties("sharing.duty.ending_sent", onePath, "/rete/richieste?inviate=1")...,
	), err
}

// soon is the instant until which the desk tells that a share ends or awaits an answer.
func (s *Shares) soon(ctx context.Context, scope tenants.Scope) (time.Time, error) {
	settings, err := setting.Read(ctx, s.items, scope)
	return form.EndOfDay(time.Now().In(language.Rome).AddDate(0, 0, settings.WarningDays)), err
}

// findNews are the shares of the actor in which somebody else took a step that the actor has not seen.
func (s *Shares) findNews(ctx context.Context, scope tenants.Scope) ([]modules.Duty, error) {
	received, sent, err := s.pileNews(ctx, scope)
	return append(
		received.Duties("sharing.duty.news_received", onePath, "/rete/richieste"),
		sent.Duties("sharing.duty.news_sent", onePath, "/rete/richieste?inviate=1")...,
	), err
}

// findOverrides are the own body's shares without a legal basis that the actor, who oversees shares, has not looked at.
func (s *Shares) findOverrides(ctx context.Context, scope tenants.Scope) ([]modules.Duty, error) {
	found, err := s.pileOverrides(ctx, scope)
	return found.Duties("sharing.duty.override", onePath, "/rete/richieste?inviate=1"), err
}

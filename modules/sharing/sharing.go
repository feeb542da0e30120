// Package sharing lets a body show parts of a case to another one: under the agreements of package agreement, in the networks
// of package network, by the offers of package offer, as the shares of package share. It must not read the content of a
// case: package casefile opens it.
package sharing

import (
	"context"
	"embed"
	"io/fs"
	"slices"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/casefile"
	"staffetta/modules/sharing/agreement"
	"staffetta/modules/sharing/ask"
	"staffetta/modules/sharing/draft"
	"staffetta/modules/sharing/elsewhere"
	"staffetta/modules/sharing/emergency"
	"staffetta/modules/sharing/handover"
	"staffetta/modules/sharing/moving"
	"staffetta/modules/sharing/network"
	"staffetta/modules/sharing/offer"
	"staffetta/modules/sharing/share"
	"staffetta/tenants"
)

//go:embed migrations/*.sql templates/*.html messages/*.json
var files embed.FS

// What callers name of the parts.
type (
	// Offer is a share as the worker of the owner writes it.
	Offer = offer.Offer
	// Amendment is a change of a live share.
	Amendment = offer.Amendment
	// Addressee narrows an accepted share.
	Addressee = share.Addressee
	// Ending is what somebody says with a step.
	Ending = share.Ending
	// Place is the place in the list of shared cases after which the next page begins.
	Place = share.Place
	// Preview is what a receiver knows before it accepts.
	Preview = share.Preview
	// Share is access of another body to sections of a case.
	Share = share.Share
)

// Service holds the rules of shares, of their offers, and of the agreements that they stand on.
type Service struct {
	*agreement.Service
	*offer.Offers
	*share.Shares

	Elsewhere   *elsewhere.Service
	Emergencies *emergency.Service
	Asks        *ask.Service

	deps      modules.Deps
	networks  *network.Service
	drafts    *draft.Service
	handovers *handover.Service
	moving    *moving.Service
}

// NewService makes the service over the program's parts.
func NewService(deps modules.Deps) *Service {
	cases := casefile.NewService(deps)
	shares := share.New(deps, cases)
	s := &Service{Shares: shares, Offers: offer.New(deps, cases, shares), Elsewhere: elsewhere.New(deps), deps: deps, networks: network.NewService(deps)}
	s.Service = agreement.NewService(deps, s.terms)
	s.Asks = ask.New(deps, s.Offers)
	s.Emergencies = emergency.New(deps, s.Elsewhere, s.Offers, s.Shares)
	s.drafts = draft.NewService(deps, s.Service)
	signer := moving.NewSigner(deps)
	s.handovers = handover.NewService(deps, shares, s.handoverPurposes, signer)
	s.moving = moving.NewService(deps, signer, s.handovers)
	return s
}

// terms are the purposes of the body as an agreement names them, and what it never shows.
func (s *Service) terms(ctx context.Context, scope tenants.Scope) (agreement.Terms, error) {
	known, err := s.FindPurposes(ctx, scope)
	named := make([]agreement.Purpose, len(known.All))
	for i, one := range known.All {
		named[i] = agreement.Purpose{
			Key: one.Key, Emergency: slices.Contains(one.Kinds, share.BreakGlass), Label: language.Text{It: one.Label.IT, En: one.Label.EN},
			Sections: share.Without(one.Sections, known.Never), Shares: slices.ContainsFunc(one.Kinds, share.KnownKind),
			Writes: !slices.ContainsFunc(one.Kinds, func(kind string) bool { return kind != share.JointCare }),
		}
	}
	return agreement.Terms{Purposes: named, Never: known.Never}, err
}

// handoverPurposes are those of the body for which cases are handed over.
func (s *Service) handoverPurposes(ctx context.Context, scope tenants.Scope) ([]handover.Purpose, error) {
	known, err := s.FindPurposes(ctx, scope)
	var named []handover.Purpose
	for _, one := range known.Of(handover.Kind) {
		named = append(named, handover.Purpose{Key: one.Key, Label: language.Text{It: one.Label.IT, En: one.Label.EN}})
	}
	return named, err
}

// Handovers are the handovers of cases.
func (s *Service) Handovers() *handover.Service { return s.handovers }

// Moving are the changes of residence.
func (s *Service) Moving() *moving.Service { return s.moving }

func sub(dir string) fs.FS {
	part, err := fs.Sub(files, dir)
	if err != nil {
		panic(err) // the directory is embedded above
	}
	return part
}

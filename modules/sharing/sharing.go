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

// What other packages name of the parts.
type (
	// Offer is a share as the worker of the owner writes it.
	Offer = offer.Offer
	// Addressee narrows an accepted share.
	Addressee = share.Addressee
	// Ending is what somebody says with a step.
	Ending = share.Ending
	// Place is the place in the list of shared cases after which the next page begins.
	Place = share.Place
	// Share is access of another body to sections of a case.
	Share = share.Share
)

// Service is the rules of sharing, by their parts.
type Service struct {
	Agreements  *agreement.Service
	Asks        *ask.Service
	Drafts      *draft.Service
	Elsewhere   *elsewhere.Service
	Emergencies *emergency.Service
	Handovers   *handover.Service
	Moving      *moving.Service
	Networks    *network.Service
	Offers      *offer.Offers
	Shares      *share.Shares
}

// NewService makes the service over the program's parts.
func NewService(deps modules.Deps) *Service {
	cases, signer := casefile.NewService(deps), moving.NewSigner(deps)
	s := &Service{Elsewhere: elsewhere.New(deps), Networks: network.NewService(deps), Shares: share.New(deps, cases)}
	s.Offers = offer.New(deps, cases, s.Shares)
	s.Agreements = agreement.NewService(deps, s.terms)
	s.Drafts = draft.NewService(deps, s.Agreements)
	s.Asks = ask.New(deps, s.Offers)
	s.Emergencies = emergency.New(deps, s.Elsewhere, s.Shares)
	s.Handovers = handover.NewService(deps, s.Shares, s.handoverPurposes, signer)
	s.Moving = moving.NewService(deps, signer, s.Handovers)
	return s
}

// terms are the purposes of the body as an agreement names them, and what it never shows.
func (s *Service) terms(ctx context.Context, scope tenants.Scope) (agreement.Terms, error) {
	known, err := s.Offers.FindPurposes(ctx, scope)
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
	known, err := s.Offers.FindPurposes(ctx, scope)
	var named []handover.Purpose
	for _, one := range known.Of(handover.Kind) {
		named = append(named, handover.Purpose{Key: one.Key, Label: language.Text{It: one.Label.IT, En: one.Label.EN}})
	}
	return named, err
}

func sub(dir string) fs.FS {
	part, err := fs.Sub(files, dir)
	if err != nil {
		panic(err) // the directory is embedded above
	}
	return part
}

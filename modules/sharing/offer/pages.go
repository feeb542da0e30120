package offer

import (
	"staffetta/modules"
	"staffetta/modules/sharing/share"
)

type pages struct {
	service *Offers
}

// Pages are the pages that offer and amend.
func Pages(s *Offers) []modules.Page {
	p := &pages{service: s}
	return []modules.Page{
		{Pattern: "GET /condivisioni/{id}/modifica", Permission: share.MayOffer, Handle: p.showAmendment},
		{Pattern: "POST /condivisioni/{id}/modifica", Permission: share.MayOffer, Handle: p.amend},
		{Pattern: "GET /cartelle/{case}/condividi", Permission: share.MayOffer, Case: &modules.CaseNav{Label: "sharing.offer.nav", Order: 70, Own: true}, Handle: p.startOffer},
		{Pattern: "POST /cartelle/{case}/condividi", Permission: share.MayOffer, Handle: p.stepOffer},
	}
}

package sharing

import (
	"slices"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/sharing/agreement"
	"staffetta/modules/sharing/deed"
	"staffetta/modules/sharing/draft"
	"staffetta/modules/sharing/elsewhere"
	"staffetta/modules/sharing/emergency"
	"staffetta/modules/sharing/farewell"
	"staffetta/modules/sharing/handover"
	"staffetta/modules/sharing/network"
	"staffetta/modules/sharing/offer"
	"staffetta/modules/sharing/share"
	"staffetta/policies"
)

// ID is the module's name.
const ID = share.ModuleID

// Module is the manifest.
func Module() modules.Module {
	return modules.Module{
		ID:         ID,
		Title:      language.Text{It: "Rete e condivisioni", En: "Network and shares"},
		About:      language.Text{It: "Lavorare con altri enti: accordi, cartelle condivise per un tempo, passaggi di competenza.", En: "Work with other bodies: agreements, case files shared for a time, handovers."},
		Requires:   []modules.ID{"registry", "kit", "casefile"},
		Migrations: sub("migrations"),
		Templates:  sub("templates"),
		Messages:   sub("messages"),
		Help:       help,
		Permissions: []policies.Permission{
			{Object: "share", Verb: "offer", Label: language.Text{It: "Proporre una condivisione e revocarla", En: "Offer a share and revoke it"}},
			{Object: "share", Verb: "override", Label: language.Text{It: "Proporre una condivisione senza base giuridica, con un motivo", En: "Offer a share without a legal basis, with a reason"}},
			{Object: "share", Verb: "decide", Label: language.Text{It: "Accettare o rifiutare una condivisione", En: "Accept or refuse a share"}},
			{Object: "share", Verb: "close", Label: language.Text{It: "Chiudere una condivisione", En: "Close a share"}},
			{Object: "share", Verb: "read", Label: language.Text{It: "Vedere le condivisioni", En: "See shares"}},
			{Object: "share", Verb: "oversee", Label: language.Text{It: "Vedere i metadati di tutte le condivisioni", En: "See the metadata of all shares"}},
			{Object: "shared_case", Verb: "read", Label: language.Text{It: "Vedere le cartelle condivise da altri enti", En: "See the cases that other bodies share"}},
			{Object: "case", Verb: "hand_over", Label: language.Text{It: "Proporre il passaggio di una cartella a un altro ente", En: "Offer to hand a case over to another body"}},
			{Object: "case", Verb: "take_over", Label: language.Text{It: "Prendere una cartella da un altro ente", En: "Take a case over from another body"}},
			{Object: "known_elsewhere", Verb: "ask", Label: language.Text{It: "Chiedere se una persona è già seguita altrove", En: "Ask whether another body follows a person"}},
			{Object: "emergency", Verb: "open", Label: language.Text{It: "Aprire in emergenza una cartella di un altro ente", En: "Open another body's case file in an emergency"}},
			{Object: "emergency", Verb: "review", Label: language.Text{It: "Valutare gli accessi in emergenza", En: "Review emergency accesses"}},
			{Object: "agreement", Verb: "read", Label: language.Text{It: "Vedere gli accordi", En: "See agreements"}},
			{Object: "agreement", Verb: "write", Label: language.Text{It: "Proporre, firmare e sospendere accordi", En: "Propose, sign and suspend agreements"}},
		},
		Grants: []policies.RoleGrant{
			{Role: "access_desk", Permissions: []string{elsewhere.MayAsk}},
			{Role: "social_worker", Permissions: []string{emergency.MayBreak, elsewhere.MayAsk, share.MayOffer, share.MayClose, share.MayRead, share.MayReadShared, agreement.Read}},
			{Role: "coordinator", Permissions: []string{emergency.MayBreak, emergency.MayReview, elsewhere.MayAsk, handover.Give, handover.Take, share.MayOffer, share.MayOverride, share.MayDecide, share.MayClose, share.MayRead, share.MayOversee, share.MayReadShared, agreement.Read, agreement.Write}},
			{Role: "dpo", Permissions: []string{share.MayRead, share.MayOversee, agreement.Read}},
			{Role: "tenant_admin", Permissions: []string{agreement.Read, agreement.Write}},
			{Role: "lead_contact", Permissions: []string{agreement.Read, agreement.Write}},
		},
		Kinds:      kinds(),
		Events:     events,
		Treatments: treatments,
		Records: []modules.Record{
			{Table: "sharing.shares", Handover: modules.Stay},
			{Table: "sharing.shares_details", CaseColumn: "case_id", Handover: modules.Stay, Retention: "case", Codes: map[string]modules.Wording{"extra": {Of: policies.SectionLabel}}},
			{Table: "sharing.shares_parties", Handover: modules.Stay},
			{Table: "sharing.sights", Handover: modules.Stay},
			{Table: "sharing.agreement_drafts", Handover: modules.Stay},
			{Table: "sharing.networks", Handover: modules.Stay},
			{Table: "sharing.networks_parties", Handover: modules.Stay},
			{Table: "sharing.shares_amendments", Handover: modules.Stay},
			{Table: "sharing.shares_handovers", Handover: modules.Stay},
			{Table: "sharing.relocations", Handover: modules.Stay},
			{Table: "sharing.emergencies", Handover: modules.Stay},
			{Table: "sharing.asks", Handover: modules.Stay},
			{Table: "sharing.asks_persons", Handover: modules.Stay},
			{Table: "sharing.asks_parties", Handover: modules.Stay},
			{Table: "sharing.asks_refusals", Handover: modules.Stay},
			{Table: "sharing.shares_reviews", Handover: modules.Stay},
		},
		New: func(deps modules.Deps) (modules.Parts, error) {
			s := NewService(deps)
			deeds := deed.NewService(deps, s.Agreements)
			return s.withElsewhere(modules.Parts{
				Pages:      slices.Concat((&pages{deps: deps, service: s}).all(), agreement.Pages(s.Agreements), draft.Pages(s.Drafts), deed.Pages(deeds), network.Pages(s.Networks), handover.Pages(s.Handovers), offer.Pages(s.Offers), share.Pages(s.Shares)),
				Operations: slices.Concat(agreement.Operations(s.Agreements), draft.Operations(s.Drafts), deed.Operations(deeds), network.Operations(s.Networks), handover.Operations(s.Handovers), offer.Operations(s.Offers), share.Operations(s.Shares)),
				Duties:     slices.Concat(agreement.Duties(s.Agreements), network.Duties(s.Networks), handover.Duties(s.Handovers), s.Shares.Duties()),
				Reach:      countReach(deps),
				Shares:     tellShares(deps),
				Uses:       uses(deps),
				Checks:     network.Checks(s.Networks),
				Farewells:  []modules.Farewell{farewell.Farewell(deps)},
			}), nil
		},
	}
}

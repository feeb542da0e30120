package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"staffetta/cmd/staffetta/population"
	"staffetta/modules"
	"staffetta/modules/assessment"
	"staffetta/modules/casefile"
	"staffetta/modules/kit"
	"staffetta/modules/sharing"
	"staffetta/modules/sharing/draft"
	"staffetta/modules/sharing/network"
	"staffetta/modules/sharing/share"
	"staffetta/policies"
	"staffetta/tenants"
)

// pastCases is how many cases each body has had in the months before: more than a list shows at once.
const pastCases = 60

// overCases is how many cases of Pantelleria have passed their term, so that a disposal can be tried.
const overCases = 3

// fillMonths gives the bodies some months of work in the hands of the cast, and Pantelleria cases of long ago.
func (j *journey) fillMonths(ctx context.Context) error {
	items := kit.NewItems(j.p.deps)
	var homes []population.Home
	for _, c := range []crew{j.marsala, j.pantelleria, j.mazara} {
		body, err := j.p.deps.Bodies.ByID(c.worker.Tenant)
		if err != nil {
			return err
		}
		instruments, err := items.Published(ctx, c.worker, kit.KindAssessment)
		if err != nil {
			return err
		}
		home := population.Home{
			Body: body, Coordinator: c.coordinator, Desk: c.desk, Workers: []tenants.Scope{c.worker, c.worker, c.worker, c.coordinator},
			Instruments: instruments, Cases: pastCases,
		}
		if body.Slug == pantelleria {
			home.Over = overCases
		}
		homes = append(homes, home)
	}
	_, err := population.Settle(ctx, population.Target{DB: j.p.deps.DB, Files: j.p.deps.Platform.Files}, population.Past{Homes: homes, Seed: 1, Today: time.Now()})
	return err
}

// pact is an agreement of the demo, the proposer first.
type pact struct {
	name, title string
	parties     []crew
	signed      bool   // by all; else the others have yet to sign
	role        string // of data protection, of each party
	network     uuid.UUID
	asks        policies.Asking
}

// agreeAll signs an agreement of the three bodies and proposes another one, which waits.
func (j *journey) agreeAll(ctx context.Context) error {
	all := pact{
		name: "agreement of three", title: "Continuità di cura fra Marsala, Pantelleria e Mazara del Vallo", parties: []crew{j.marsala, j.pantelleria, j.mazara},
		signed: true, role: policies.JointController, network: idOf("network"), asks: policies.Asking{Known: true, BreakGlass: true},
	}
	waiting := pact{name: "agreement that waits", title: "Vita indipendente: valutazioni in comune", parties: []crew{j.mazara, j.marsala}}
	return errors.Join(j.sign(ctx, all), j.sign(ctx, waiting))
}

// joinNetwork founds the network of the three bodies, which the others join.
func (j *journey) joinNetwork(ctx context.Context) error {
	service, now := network.NewService(j.p.deps), time.Now()
	n, err := service.Found(ctx, j.marsala.coordinator, network.Founding{
		ID: idOf("network"), Title: "Rete dei servizi sociali del Belice e delle isole",
		Members: []int32{j.marsala.worker.Tenant, j.pantelleria.worker.Tenant, j.mazara.worker.Tenant}, Act: act(31, now.AddDate(0, -2, 0)),
	})
	if err != nil {
		return err
	}
	for i, c := range []crew{j.pantelleria, j.mazara} {
		if !n.Awaits(c.worker.Tenant) {
			continue
		}
		if _, err := service.Join(ctx, c.coordinator, n.ID, act(54+11*i, now.AddDate(0, -1, -10+i))); err != nil {
			return err
		}
	}
	return nil
}

// draftRenewal leaves a renewal of the agreement of the three half written.
func (j *journey) draftRenewal(ctx context.Context) error {
	_, err := draft.NewService(j.p.deps, sharing.NewService(j.p.deps).Agreements).Renew(ctx, j.marsala.coordinator, idOf("draft"), idOf("agreement of three"))
	return err
}

// sign proposes the agreement in all directions and lets the other parties sign it.
func (j *journey) sign(ctx context.Context, p pact) error {
	service, now := sharing.NewService(j.p.deps), time.Now()
	proposal := policies.Proposal{
		ID: idOf(p.name), Title: p.title, Purposes: []string{"advice", "assessment", "service", "shared_care", "move"},
		Sections: []string{"identity", "household", "contacts", "assessment", "icf", "plan", "interventions", "documents"},
		Writable: []string{"assessment", "interventions", "documents"}, Asks: p.asks, From: now, To: now.AddDate(2, 0, 0), Act: act(42, now.AddDate(0, -1, 0)), Roles: map[int32]string{}, Network: p.network,
	}
	if p.asks.BreakGlass {
		proposal.Purposes = append(proposal.Purposes, "emergency")
	}
	for i, from := range p.parties {
		proposal.Parties = append(proposal.Parties, from.worker.Tenant)
		proposal.Roles[from.worker.Tenant] = p.role
		for k, to := range p.parties {
			if i != k {
				proposal.Edges = append(proposal.Edges, policies.Edge{From: from.worker.Tenant, To: to.worker.Tenant})
			}
		}
	}
	agreement, err := service.Agreements.ProposeAgreement(ctx, p.parties[0].coordinator, proposal)
	if err != nil || !p.signed {
		return err
	}
	for i, other := range p.parties[1:] {
		if !agreement.Awaits(other.worker.Tenant) {
			continue
		}
		step, err := service.Agreements.GetStep(ctx, other.coordinator, agreement, policies.AgreementActive)
		if err != nil {
			return err
		}
		seen := modules.Consent{Mark: step.Mark, Acknowledged: true}
		if agreement, err = service.Agreements.SignAgreement(ctx, other.coordinator, agreement.ID, act(108+17*i, now.AddDate(0, 0, -20+i)), seen); err != nil {
			return err
		}
	}
	return nil
}

func act(number int, on time.Time) policies.Act {
	return policies.Act{Number: fmt.Sprintf("%d/%d", number, on.Year()), Day: on}
}

// exchange is a share of the demo between two bodies, and the state that it comes to.
type exchange struct {
	from, to      string // slugs
	nth           int    // of the owner's cases that were assessed
	purpose       string
	state         string
	reason, words string // of who offers, of who ends it
}

func (x exchange) id() uuid.UUID { return idOf(fmt.Sprintf("share %s %s %d", x.from, x.to, x.nth)) }

func (x exchange) kind() string {
	if x.purpose == "service" {
		return share.ServiceRequest
	}
	return share.Consultation
}

// ending is what is said at the end: of a service request also what came of it.
func (x exchange) ending() sharing.Ending {
	said := sharing.Ending{Words: x.words}
	if x.kind() == share.ServiceRequest {
		said.Outcome = share.Outcomes[0]
	}
	return said
}

// exchanges are the shares beside that of the journey. The last one only has to be offered: it marks that all is done.
var exchanges = []exchange{
	{marsala, pantelleria, 0, "assessment", share.Active, "Segue un periodo a Pantelleria, dai familiari: valutiamo insieme.", ""},
	{marsala, mazara, 1, "advice", share.Refused, "Chiediamo un parere sull'ultima valutazione.", "Al momento non abbiamo disponibilità; possiamo riparlarne fra un mese."},
	{pantelleria, marsala, 0, "assessment", share.Revoked, "Valutazione in comune con il centro di Marsala.", "La persona ha cambiato idea e preferisce restare a Pantelleria."},
	{pantelleria, marsala, 1, "advice", share.Closed, "Parere sul punteggio: è sceso in due mesi.", "Parere dato per iscritto: si ripete la valutazione fra trenta giorni."},
	{mazara, marsala, 0, "assessment", share.Active, "Frequenta il centro di Marsala tre giorni la settimana.", ""},
	{mazara, marsala, 2, "service", share.Closed, "Accompagnamento al centro di Marsala per la prima visita.", "Accompagnamento fatto, la famiglia prosegue da sola."},
	{mazara, pantelleria, 1, "advice", share.Offered, "Parere sulle attività da proporre a casa.", ""},
	{pantelleria, mazara, 2, "assessment", share.Offered, "Rientro a casa dopo il ricovero: valutiamo insieme.", ""},
	{marsala, mazara, 2, "assessment", share.Offered, "La persona si trasferisce da un familiare a Mazara.", ""},
}

// exchange shares some of the cases of the months before.
func (j *journey) exchange(ctx context.Context) error {
	crews := map[string]crew{marsala: j.marsala, pantelleria: j.pantelleria, mazara: j.mazara}
	assessed := map[string][]uuid.UUID{}
	for slug, c := range crews {
		cases, err := j.assessedCases(ctx, c.worker, 3)
		if err != nil {
			return err
		}
		assessed[slug] = cases
	}
	service := sharing.NewService(j.p.deps)
	for _, x := range exchanges {
		sections, days := []string{"identity", "assessment"}, 80
		switch x.purpose {
		case "advice":
			sections, days = []string{"assessment"}, 25
		case "service":
			sections = []string{"identity", "contacts"}
		}
		offered, err := service.Offers.Offer(ctx, crews[x.from].worker, assessed[x.from][x.nth].String(), sharing.Offer{
			ID: x.id(), Kind: x.kind(), Agreement: idOf("agreement of three"), Receiver: crews[x.to].worker.Tenant, Purpose: x.purpose, Sections: sections,
			LegalBasis: "public_task", Until: time.Now().AddDate(0, 0, days-7*x.nth), Reason: x.reason,
		})
		if err != nil {
			return err
		}
		if err := x.bring(ctx, service, offered, crews[x.from], crews[x.to]); err != nil {
			return err
		}
	}
	return nil
}

// bring takes a share from where it is to the state that it comes to.
func (x exchange) bring(ctx context.Context, service *sharing.Service, s sharing.Share, from, to crew) (err error) {
	if s.State == share.Offered && x.state == share.Refused {
		_, err = service.Shares.End(ctx, to.coordinator, s.ID, share.Refuse, sharing.Ending{Words: x.words})
		return err
	}
	if s.State == share.Offered && x.state != share.Offered {
		if s, err = service.Shares.Accept(ctx, to.coordinator, s.ID, sharing.Addressee{}); err != nil {
			return err
		}
	}
	if s.State == share.Active && x.state == share.Revoked {
		_, err = service.Shares.End(ctx, from.coordinator, s.ID, share.Revoke, sharing.Ending{Words: x.words})
	}
	if s.State == share.Active && x.state == share.Closed {
		_, err = service.Shares.End(ctx, to.coordinator, s.ID, share.Close, x.ending())
	}
	return err
}

// assessedCases are the worker's latest cases in which something was measured.
func (j *journey) assessedCases(ctx context.Context, worker tenants.Scope, n int) (found []uuid.UUID, err error) {
	service := assessment.NewService(j.p.deps)
	lines, _, err := casefile.NewService(j.p.deps).Find(ctx, worker, casefile.Query{})
	if err != nil {
		return nil, err
	}
	for _, line := range lines {
		if line.ID == j.caseID {
			continue
		}
		a, err := service.Open(ctx, worker, line.ID.String())
		if err != nil {
			return nil, err
		}
		measured, _, err := service.Find(ctx, a, casefile.Cursor{})
		if err != nil {
			return nil, err
		}
		if len(measured) > 0 && measured[0].Final() {
			found = append(found, line.ID)
		}
		if len(found) == n {
			return found, nil
		}
	}
	return nil, fmt.Errorf("%s has worked on only %d cases that were assessed", worker.Name, len(found))
}

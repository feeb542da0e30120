package main

import (
	"context"
	"time"

	"github.com/google/uuid"

	"staffetta/modules/casefile"
	"staffetta/modules/sharing"
	"staffetta/modules/sharing/ask"
	"staffetta/modules/sharing/elsewhere"
	"staffetta/modules/sharing/emergency"
	"staffetta/modules/sharing/share"
	"staffetta/tenants"
)

// What bodies do together beyond showing each other a case: follow one, ask for work, ask for access, open one in an emergency.

// The cases that serve it, counted among a worker's as exchanges count them.
const (
	nthSought = firstPassed + 1 + iota
	nthFollowed
	nthRequested
	nthEndangered
	nthHidden
)

// joinForces takes the steps that no other step has to wait for.
func (j *journey) joinForces(ctx context.Context) error {
	for _, step := range []func(context.Context) error{j.hideCase, j.publishTokens, j.followTogether, j.requestService, j.breakGlasses, j.askAccess} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// nthCase is a case of a worker, with its person.
func (j *journey) nthCase(ctx context.Context, worker tenants.Scope, nth int) (*casefile.Access, error) {
	cases, err := j.assessedCases(ctx, worker, nth+1)
	if err != nil {
		return nil, err
	}
	return casefile.NewService(j.p.deps).Open(ctx, worker, cases[nth].String(), "identity")
}

// hideCase protects a case of Marsala: nobody finds it from outside.
func (j *journey) hideCase(ctx context.Context) error {
	a, err := j.nthCase(ctx, j.marsala.worker, nthHidden)
	if err != nil {
		return err
	}
	return casefile.NewService(j.p.deps).Protect(ctx, j.marsala.worker, a.Ref, casefile.Mark{
		ID: idOf("protection"), Kind: "violence", Reason: "Ospite in una struttura a indirizzo riservato.",
	})
}

// publishTokens writes at once what the clock would have written within a minute.
func (j *journey) publishTokens(ctx context.Context) error {
	service := elsewhere.New(j.p.deps)
	for _, c := range []crew{j.marsala, j.pantelleria, j.mazara} {
		if _, err := service.Publish(ctx, tenants.Scope{Tenant: c.worker.Tenant, RequestID: uuid.NewString()}); err != nil {
			return err
		}
	}
	return nil
}

// followTogether has Marsala and Pantelleria follow a case together; Pantelleria has written its part.
func (j *journey) followTogether(ctx context.Context) error {
	service, cases := sharing.NewService(j.p.deps), casefile.NewService(j.p.deps)
	a, err := j.nthCase(ctx, j.marsala.worker, nthFollowed)
	if err != nil {
		return err
	}
	offered, err := service.Offers.Offer(ctx, j.marsala.worker, a.Ref, sharing.Offer{
		ID: idOf("joint care"), Kind: share.JointCare, Agreement: idOf("agreement of three"), Receiver: j.pantelleria.worker.Tenant, Purpose: "shared_care",
		Sections: []string{"identity", "contacts", "assessment", "interventions"}, Writable: []string{"assessment", "interventions"},
		LegalBasis: "public_task", Until: time.Now().AddDate(0, 6, 0), Reason: "Vive metà dell'anno a Pantelleria: la seguiamo insieme.",
	})
	if err != nil {
		return err
	}
	if offered.State == share.Offered {
		if _, err := service.Shares.Accept(ctx, j.pantelleria.coordinator, offered.ID, sharing.Addressee{}); err != nil {
			return err
		}
	}
	_, err = cases.SaveNote(ctx, j.pantelleria.worker, marsala+"~"+a.Ref, casefile.Writing{
		ID: idOf("note of the other body"), Kind: "foglio_amministrativo", Visibility: "public", HappenedOn: workday(offered.Offered.At),
		Body: "Attivata l'assistenza domiciliare a Pantelleria: due mattine la settimana, fino al rientro a Marsala.",
	}, true)
	return err
}

// requestService has Marsala ask Mazara to act, which has not yet said what came of it.
func (j *journey) requestService(ctx context.Context) error {
	service := sharing.NewService(j.p.deps)
	a, err := j.nthCase(ctx, j.marsala.worker, nthRequested)
	if err != nil {
		return err
	}
	offered, err := service.Offers.Offer(ctx, j.marsala.worker, a.Ref, sharing.Offer{
		ID: idOf("service request"), Kind: share.ServiceRequest, Agreement: idOf("agreement of three"), Receiver: j.mazara.worker.Tenant, Purpose: "service",
		Sections: []string{"identity", "contacts"}, LegalBasis: "public_task", Until: time.Now().AddDate(0, 2, 0), Reason: "Trasporto al centro di Mazara, due volte la settimana.",
	})
	if err != nil || offered.State != share.Offered {
		return err
	}
	_, err = service.Shares.Accept(ctx, j.mazara.coordinator, offered.ID, sharing.Addressee{})
	return err
}

// breakGlasses opens two cases in an emergency: one was reviewed, the other waits for it.
func (j *journey) breakGlasses(ctx context.Context) error {
	service := sharing.NewService(j.p.deps).Emergencies
	for _, one := range []struct {
		name       string
		from, to   crew
		reason     string
		isReviewed bool
	}{
		{"emergency that was reviewed", j.marsala, j.pantelleria, "Trovata sola in stazione, non ricorda dove abita.", true},
		{"emergency to review", j.mazara, j.marsala, "Il 118 chiede chi la segue: non risponde al telefono da ieri.", false},
	} {
		a, err := j.nthCase(ctx, one.to.worker, nthEndangered)
		if err != nil {
			return err
		}
		id := idOf(one.name)
		if _, err := service.Open(ctx, one.from.worker, emergency.Request{ID: id, TaxCode: a.Person.TaxCode, Reason: one.reason, Body: one.to.worker.Tenant}); err != nil {
			return err
		}
		if !one.isReviewed {
			continue
		}
		seen, _, err := service.Get(ctx, one.to.coordinator, id)
		if err != nil || seen.Verdict != "" {
			return err
		}
		if err := service.Review(ctx, one.to.coordinator, id, emergency.Justified, "Sentita la collega: era una vera emergenza."); err != nil {
			return err
		}
	}
	return nil
}

// askAccess has Mazara ask Marsala for access to a case that it believes Marsala has.
func (j *journey) askAccess(ctx context.Context) error {
	a, err := j.nthCase(ctx, j.marsala.worker, nthSought)
	if err != nil {
		return err
	}
	_, err = sharing.NewService(j.p.deps).Asks.Ask(ctx, j.mazara.worker, ask.Ask{
		ID: idOf("ask"), Agreement: idOf("agreement of three"), Asked: j.marsala.worker.Tenant, TaxCode: a.Person.TaxCode, Purpose: "assessment",
		LegalBasis: "public_task", Sections: []string{"identity", "assessment"}, Reason: "Si è presentata al nostro sportello: dice di essere seguita da voi.",
	})
	return err
}

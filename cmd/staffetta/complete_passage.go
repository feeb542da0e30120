package main

import (
	"context"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules/sharing"
	"staffetta/modules/sharing/handover"
)

// passage is a handover of the demo.
type passage struct {
	name, from, to string
	reason         string
	taken          bool
}

var passages = []passage{
	{"handover that was taken", pantelleria, marsala, "Si è trasferita a Marsala, dalla figlia.", true},
	{"handover that waits", marsala, mazara, "Torna a vivere a Mazara del Vallo da dicembre.", false},
}

// passOn hands over a case that is not shared, and offers another one.
func (j *journey) passOn(ctx context.Context) error {
	crews := map[string]crew{marsala: j.marsala, pantelleria: j.pantelleria, mazara: j.mazara}
	for _, p := range passages {
		if err := j.pass(ctx, p, crews[p.from], crews[p.to]); err != nil {
			return err
		}
	}
	return nil
}

// pass does nothing where the handover is there already.
func (j *journey) pass(ctx context.Context, p passage, from, to crew) error {
	service, id := sharing.NewService(j.p.deps).Handovers, idOf(p.name)
	if _, err := service.Get(ctx, from.coordinator, id); !problem.Is(err, problem.NotFound) {
		return err
	}
	cases, err := j.assessedCases(ctx, from.worker, firstPassed+1)
	if err != nil {
		return err
	}
	_, err = service.Offer(ctx, from.coordinator, cases[firstPassed].String(), handover.Offer{
		ID: id, Agreement: idOf("agreement of three"), Receiver: to.worker.Tenant, LegalBasis: "law", AnswerBy: time.Now().AddDate(0, 0, 20), Reason: p.reason, Kept: true,
	})
	if err != nil || !p.taken {
		return err
	}
	_, err = service.Accept(ctx, to.coordinator, id, handover.Taking{Manager: to.worker.Account, Owners: map[uuid.UUID]uuid.UUID{}})
	return err
}

// firstPassed is the first of the assessed cases that no exchange shares.
const firstPassed = 3

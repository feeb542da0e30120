package board

import (
	"context"
	"time"

	"staffetta/modules/practice/adoption"
	"staffetta/tenants"
)

// Quiet is for how many days a body does not remind the other one of the same adoption again.
const Quiet = 7

// Reminded is the event of the journal by which one body reminds the other (it: sollecito).
const Reminded = "reminded"

// Await is what the gate of the present stage waits for.
type Await struct {
	Own    []Condition // of the reader's side, or of either
	Others []Condition // of the other side, or of either
}

// Shared tells whether the other body can do as well all that awaits the own one.
func (a Await) Shared() bool {
	for _, c := range a.Own {
		if c.Side != "" {
			return false
		}
	}
	return true
}

// Awaits tells for whom the adoption waits. Until the start every condition waits for somebody; those of afterwards have their day,
// and are duties by it.
func (b Board) Awaits(now time.Time) Await {
	var a Await
	if b.Adoption.Stage > adoption.StageGoLive || b.Adoption.State == "ended" || b.Adoption.Side == adoption.Lead {
		return a
	}
	for _, c := range b.Gate(b.Adoption.Stage, now).Lacking() {
		if c.Side == "" || c.Side == b.Adoption.Side {
			a.Own = append(a.Own, c)
		}
		if c.Side != b.Adoption.Side {
			a.Others = append(a.Others, c)
		}
	}
	return a
}

// Other is the body on the other side of the adoption; 0 where it is not in this installation.
func (b Board) Other() int32 {
	if b.Adoption.Side == adoption.Ceding {
		return b.Adoption.Reusing
	}
	return b.Adoption.Ceding
}

// RemindedAt is when a body reminded the other one last; zero for never.
func (b Board) RemindedAt(tenant int32) time.Time {
	for _, entry := range b.Adoption.Journal {
		if entry.Event == Reminded && entry.Tenant == tenant {
			return entry.At
		}
	}
	return time.Time{}
}

// Remindable tells whether the reader's body may remind the other one now.
func (b Board) Remindable(s tenants.Scope, now time.Time) bool {
	return b.Other() != 0 && len(b.Awaits(now).Others) > 0 && now.After(b.RemindedAt(s.Tenant).AddDate(0, 0, Quiet))
}

// Gates returns the boards of adoptions as far as gates look at them, but their sheets, in the order given.
func (v *Service) Gates(ctx context.Context, s tenants.Scope, list []adoption.Adoption) (boards []Board, err error) {
	if len(list) == 0 {
		return nil, nil
	}
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		boards, err = readGates(ctx, tx, list, nil)
		return err
	})
	return boards, err
}

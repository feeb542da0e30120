package population

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"staffetta/tenants"
)

// circle is many bodies that show cases to each other under one agreement.
type circle struct {
	bodies []*body
	seed   *seed
	each   int // shares of an ordered pair of bodies
}

// newCircle takes the last bodies of the population, so that the others are as without it.
func newCircle(bodies []*body, size, shares int) circle {
	bodies = bodies[len(bodies)-size:]
	return circle{bodies, newSeed(bodies[0].seed.number, fmt.Sprintf("circle of %d", size)), (shares + size*(size-1) - 1) / (size * (size - 1))}
}

func (c circle) agreement() uuid.UUID { return c.seed.id("agreement", 0, epoch) }

// agree makes the agreement, signed by all, unless it is there.
func (c circle) agree(ctx context.Context, db *tenants.DB, sections []string) error {
	_, err := pact{id: c.agreement(), title: fmt.Sprintf("Rete di %d Comuni", len(c.bodies)), bodies: c.bodies}.agree(ctx, db, sections)
	return err
}

// show lets the body at a place show cases to each other one. A case may be shown to several. It tells how many were
// shown now.
func (c circle) show(ctx context.Context, db *tenants.DB, sections []string, at int) (shown int, err error) {
	from := c.bodies[at]
	var cases []candidate
	err = db.InTx(ctx, from.scope(sections), func(tx tenants.Tx) (err error) {
		cases, err = from.findCandidates(ctx, tx, c.each*len(c.bodies))
		return err
	})
	if err != nil {
		return 0, wrap("find cases to show", err)
	}
	for i, to := range c.bodies {
		if to == from || len(cases) == 0 {
			continue
		}
		n := neighbours{from, to, newSeed(from.seed.number, from.municipality.Belfiore+">>"+to.municipality.Belfiore)}
		there, err := n.hasShown(ctx, db, sections)
		if err != nil {
			return shown, err
		}
		if there {
			continue
		}
		part := make([]candidate, 0, c.each)
		for k := range min(c.each, len(cases)) {
			part = append(part, cases[(i*c.each+k)%len(cases)])
		}
		if err := n.showThose(ctx, db, sections, c.agreement(), part); err != nil {
			return shown, err
		}
		shown += len(part)
	}
	return shown, nil
}

// hasShown tells whether an earlier run has shown the first case.
func (n neighbours) hasShown(ctx context.Context, db *tenants.DB, sections []string) (there bool, err error) {
	err = db.InTx(ctx, n.from.scope(sections), func(tx tenants.Tx) error {
		return tx.QueryRow(ctx, `select exists (select 1 from sharing.shares where id = $1)`, n.seed.id("share", 0, epoch)).Scan(&there)
	})
	return there, wrap("look whether cases were shown", err)
}

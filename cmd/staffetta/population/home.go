package population

import (
	"context"
	"fmt"
	"time"

	"staffetta/modules/kit"
	"staffetta/policies"
	"staffetta/tenants"
	"staffetta/tenants/register"
)

// Home is a body that is there already, with its own people and instruments.
type Home struct {
	Body              tenants.Tenant
	Coordinator, Desk tenants.Scope
	Workers           []tenants.Scope // hold the cases in turn
	Instruments       []kit.Version   // published in the body
	Cases             int
	Over              int // cases that were closed so long ago that nobody need keep them any more
}

// overYears is how long ago a case was opened that nobody need keep any more.
const overYears = 12

// months is the span of the work in a home: some months until a day, with drafts, open arrivals and documents.
func months(today time.Time, cases int) span {
	return span{begin: today.AddDate(0, -5, 0), end: today, today: today, notes: 6, assessments: 2, visits: cases, documents: true}
}

// Past says which homes are filled with the work of some months, until the day before today.
type Past struct {
	Homes []Home
	Seed  uint64
	Today time.Time
}

// Settle fills the homes of a past. A home that has a case already is left as
// it is. The same seed makes the same rows on the same day. Errors: of the database; an instrument that cannot be
// read; a body that is not in the register.
func Settle(ctx context.Context, t Target, p Past) (Report, error) {
	began := time.Now()
	var report Report
	for _, h := range p.Homes {
		b, err := h.body(p.Seed, day(p.Today))
		if err != nil {
			return report, fmt.Errorf("settle %s: %w", h.Body.Slug, err)
		}
		worked, err := b.hasCases(ctx, t.DB)
		if err != nil {
			return report, err
		}
		if worked {
			report.Skipped++
			continue
		}
		if err := newContents(b).write(ctx, t, policies.SectionIDs()); err != nil {
			return report, fmt.Errorf("settle %s: %w", b.slug, err)
		}
		report.Filled++
	}
	report.Took = time.Since(began)
	return report, nil
}

func (h Home) body(seed uint64, today time.Time) (*body, error) {
	m, err := register.ByBelfiore(h.Body.Belfiore)
	if err != nil {
		return nil, err
	}
	s := newSeed(seed, m.Belfiore)
	b := &body{
		municipality: m, id: h.Body.ID, slug: h.Body.Slug, cases: h.Cases, over: h.Over, span: months(today, h.Cases), seed: s, crowd: newCrowd(s, m, today),
		staff: staff{coordinator: employ(h.Coordinator), desk: employ(h.Desk)},
	}
	for _, w := range h.Workers {
		b.workers = append(b.workers, employ(w))
	}
	for _, v := range h.Instruments {
		scale, err := score(kit.Source{Kind: v.Kind, Key: v.Key, Title: kit.Text{IT: v.Title.It, EN: v.Title.En}, Content: v.Content})
		if err != nil {
			return nil, fmt.Errorf("instrument %s: %w", v.Key, err)
		}
		b.instruments = append(b.instruments, instrument{scale, v.ID})
	}
	return b, nil
}

func employ(s tenants.Scope) worker { return worker{called: s.Name, account: s.Account} }

// hasCases tells whether somebody has worked in the body.
func (b *body) hasCases(ctx context.Context, db *tenants.DB) (has bool, err error) {
	err = db.InTx(ctx, b.scope(nil), func(tx tenants.Tx) error {
		return tx.QueryRow(ctx, `select exists (select 1 from casefile.cases where tenant_id = $1)`, b.id).Scan(&has)
	})
	if err != nil {
		return false, fmt.Errorf("look whether %s has cases: %w", b.slug, err)
	}
	return has, nil
}

// Package population fills a database with invented people for tests and benches: bodies that are real municipalities,
// their staff, persons with valid codes, families, cases with all that belongs to them, agreements and shares. The same
// seed makes the same rows. It goes through the ordinary doors, as every body itself. It must never run where real
// people are in the data: the program calls it for its demo and for the command of that name alone.
package population

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"staffetta/modules"
	"staffetta/policies"
	"staffetta/tenants"
	"staffetta/tenants/register"
)

// Plan says how much is made.
type Plan struct {
	Tenants  int // bodies, at most as many as there are municipalities
	Cases    int // of each body
	Circle   int // how many of the bodies show cases to each other under one agreement; 0 for none
	Shares   int // live ones in the circle, at least
	Large    int // cases of one body more, that has many; 0 for none
	Seed     uint64
	Progress io.Writer // nil for silence
}

// Target is where it is made.
type Target struct {
	DB      *tenants.DB
	Sealer  tenants.Sealer
	Modules []string      // switched on for every body that is founded
	Files   modules.Files // only Settle writes documents
	// Analyze lets the planner know what is there; nil where the data stay small.
	Analyze func(context.Context) error
}

// Report says what was done.
type Report struct {
	Filled, Skipped int    // bodies
	Pairs           int    // of neighbours that began to show cases to each other
	Shares          int    // new ones in the circle
	Largest         string // slug of the body with the most cases
	Took            time.Duration
}

// streams is how many bodies are written at once.
const streams = 2

// Fill makes the population. Bodies that an earlier run filled with the same seed are left as they are, and
// municipalities that are on the platform for other reasons are passed over. Errors: of the database; a plan that asks
// for nothing or for more bodies than there are municipalities.
func Fill(ctx context.Context, t Target, p Plan) (Report, error) {
	began := time.Now()
	scale, err := newScale()
	if err != nil {
		return Report{}, err
	}
	if p.Tenants < 1 || p.Cases < 1 {
		return Report{}, errors.New("at least one body and one case are needed")
	}
	if p.Circle == 1 || p.Circle < 0 || p.Circle > p.Tenants || p.Shares < 0 {
		return Report{}, errors.New("a circle has two bodies at least, and no more than the population")
	}
	f := &filling{target: t, plan: p, began: began, sections: policies.SectionIDs()}
	if err := f.choose(ctx, scale); err != nil {
		return Report{}, err
	}
	if err := f.fillAll(ctx); err != nil {
		return Report{}, err
	}
	if len(f.bodies) > 1 {
		if err := f.each(ctx, "pairs of bodies share cases", len(f.bodies), f.share); err != nil {
			return Report{}, err
		}
	}
	if p.Circle > 0 {
		if err := f.close(ctx, newCircle(f.bodies, p.Circle, p.Shares)); err != nil {
			return Report{}, err
		}
	}
	return Report{Filled: int(f.filled.Load()), Skipped: len(f.bodies) - int(f.filled.Load()), Pairs: int(f.pairs.Load()), Shares: int(f.shares.Load()), Largest: f.bodies[len(f.bodies)-1].slug, Took: time.Since(began)}, nil
}

// filling is one run.
type filling struct {
	target                Target
	plan                  Plan
	began                 time.Time
	sections              []string
	bodies                []*body
	filled, pairs, shares atomic.Int64

	telling sync.Mutex
	told    time.Time
}

// choose finds or founds the bodies, the most populous municipalities first.
func (f *filling) choose(ctx context.Context, scale scale) error {
	all := slices.Clone(register.All())
	slices.SortStableFunc(all, func(a, b register.Municipality) int { return cmp.Compare(b.Population, a.Population) })
	wanted := f.plan.Tenants
	if f.plan.Large > 0 {
		wanted++
	}
	for _, m := range all {
		if len(f.bodies) == wanted {
			return nil
		}
		plan := f.plan
		if len(f.bodies) == f.plan.Tenants {
			plan.Cases = plan.Large
		}
		b := newBody(m, plan, scale)
		taken, err := f.settle(ctx, b)
		if err != nil {
			return fmt.Errorf("found %s: %w", b.slug, err)
		}
		if !taken {
			f.bodies = append(f.bodies, b)
		}
		f.tell("bodies founded", len(f.bodies), wanted)
	}
	if len(f.bodies) < wanted {
		return fmt.Errorf("only %d municipalities are free", len(f.bodies))
	}
	return nil
}

// settle gives the body its number; taken if the municipality is here for other reasons.
func (f *filling) settle(ctx context.Context, b *body) (taken bool, err error) {
	err = f.target.DB.Platform(ctx, func(tx tenants.Tx) error {
		there, err := b.founded(ctx, tx)
		if err != nil {
			return err
		}
		if there {
			return b.recognise(ctx, tx, f.target.Sealer)
		}
		return b.found(ctx, tx, f.target)
	})
	if errors.Is(err, tenants.ErrTaken) {
		return true, nil
	}
	return false, err
}

// each runs do for every place in a few streams and tells how far it is.
func (f *filling) each(ctx context.Context, what string, n int, do func(ctx context.Context, at int) error) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(streams)
	var done atomic.Int64
	for at := range n {
		group.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := do(ctx, at); err != nil {
				return err
			}
			f.tell(what, int(done.Add(1)), n)
			return nil
		})
	}
	return group.Wait()
}

// fillAll fills the large body when the planner knows the others: a connection keeps the plans with which it checks foreign
// keys, and one made for empty tables reads every person of the body for each row that names one.
func (f *filling) fillAll(ctx context.Context) error {
	if err := f.each(ctx, "bodies filled", f.plan.Tenants, f.fill); err != nil {
		return err
	}
	if f.plan.Large == 0 {
		return nil
	}
	if f.target.Analyze != nil {
		if err := f.target.Analyze(ctx); err != nil {
			return err
		}
	}
	return f.fill(ctx, f.plan.Tenants)
}

func (f *filling) fill(ctx context.Context, at int) error {
	b := f.bodies[at]
	filled, err := b.isFilled(ctx, f.target.DB)
	if err != nil || filled {
		return err
	}
	if err := newContents(b).write(ctx, f.target, f.sections); err != nil {
		return fmt.Errorf("fill %s: %w", b.slug, err)
	}
	f.filled.Add(1)
	return nil
}

// share lets a body show cases to the next one; the last shows them to the first.
func (f *filling) share(ctx context.Context, at int) error {
	n := newNeighbours(f.bodies[at], f.bodies[(at+1)%len(f.bodies)])
	made, err := n.agree(ctx, f.target.DB, f.sections)
	if err != nil || !made {
		return err
	}
	if err := n.show(ctx, f.target.DB, f.sections); err != nil {
		return err
	}
	f.pairs.Add(1)
	return nil
}

// close lets the bodies of a circle show cases to each other.
func (f *filling) close(ctx context.Context, c circle) error {
	if err := c.agree(ctx, f.target.DB, f.sections); err != nil {
		return err
	}
	return f.each(ctx, "bodies show cases to the others of their circle", len(c.bodies), func(ctx context.Context, at int) error {
		shown, err := c.show(ctx, f.target.DB, f.sections, at)
		f.shares.Add(int64(shown))
		return err
	})
}

// tell writes a line at most every two seconds, and at the end.
func (f *filling) tell(what string, done, all int) {
	f.telling.Lock()
	defer f.telling.Unlock()
	if f.plan.Progress == nil || done < all && time.Since(f.told) < 2*time.Second {
		return
	}
	f.told = time.Now()
	fmt.Fprintf(f.plan.Progress, "%s: %d of %d  (%.0f s)\n", what, done, all, time.Since(f.began).Seconds())
}

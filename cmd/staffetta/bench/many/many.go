// Package many measures what does not depend on how many bodies there are, with ten of them and with all municipalities: the start of
// the program, a login, pages; and how long it takes to make them. Both installations run side by side and are asked in turns. It must
// not be imported by anything that serves.
package many

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"staffetta/tenants/register"
)

// few is how many bodies the smaller installation is given.
const few = 10

// Options say what is measured.
type Options struct {
	Program string // the built binary of staffetta
	Dir     string // data of two installations, made anew
	Starts  int
	Logins  int
	Asks    int // of every page
	Log     io.Writer
}

// Pair is one figure with few bodies and with all.
type Pair struct {
	What      string
	Few, Many time.Duration // medians; of starts, which other work of the machine disturbs, the fastest
	High      time.Duration // 95th percentile with all
}

// Ratio is how much longer it takes with all.
func (p Pair) Ratio() float64 { return float64(p.Many) / float64(p.Few) }

// Result is what a run came to.
type Result struct {
	Bodies        int
	Made          time.Duration // by the command, with its start
	Start, Login  Pair
	Pages         []Pair
	Resident, Few int64 // memory of the two programs, bytes
}

// Page is one of the pages by what it is called.
func (r Result) Page(what string) Pair {
	return r.Pages[slices.IndexFunc(r.Pages, func(p Pair) bool { return p.What == what })]
}

// Slowest is the largest ratio of the pages on which people find their way; a search has more to look through.
func (r Result) Slowest() float64 {
	return max(r.Page(Home).Ratio(), r.Page(Desk).Ratio(), r.Page(Console).Ratio())
}

const starting = "start of the program"

// mostFound is how often a search is measured: an address may search 120 times a minute.
const mostFound = 100

// The pages that are asked for, by what they are called.
const (
	Home    = "first page of the platform"
	Find    = "search of a body"
	Desk    = "list of cases"
	Console = "console"
)

// Run measures.
func Run(ctx context.Context, o Options) (_ Result, err error) {
	var r Result
	if err := os.RemoveAll(o.Dir); err != nil {
		return r, fmt.Errorf("clear the folder: %w", err)
	}
	small, large := &installation{Options: o, dir: filepath.Join(o.Dir, "few")}, &installation{Options: o, dir: filepath.Join(o.Dir, "many")}
	defer func() { err = errors.Join(err, small.close(), large.close()) }()
	for _, i := range []*installation{small, large} {
		if err := i.open(ctx); err != nil {
			return r, err
		}
	}
	all := register.All()
	if _, err := small.onboard(ctx, all[:few]); err != nil {
		return r, err
	}
	if r.Made, err = large.onboard(ctx, all); err != nil {
		return r, err
	}
	r.Bodies = len(all)
	both := [2]*installation{small, large}
	if r.Start, err = turns(starting, o.Starts, both, func(i *installation) (time.Duration, error) { return i.start(ctx) }); err != nil {
		return r, err
	}
	if r.Login, err = turns("login", o.Logins, both, func(i *installation) (time.Duration, error) { return i.login(ctx, administrator) }); err != nil {
		return r, err
	}
	if err := r.pages(ctx, both); err != nil {
		return r, err
	}
	r.Few, r.Resident = small.resident(), large.resident()
	fmt.Fprintln(o.Log, r)
	return r, nil
}

// pages asks for each page in turns, as somebody who has signed in.
func (r *Result) pages(ctx context.Context, both [2]*installation) error {
	for _, page := range []struct {
		what, path string
		person     person
	}{
		{Home, "/", administrator}, {Find, "/?ente=san+pietro", administrator}, {Desk, "/" + body + "/cartelle", worker}, {Console, "/" + body + "/console", administrator},
	} {
		for _, i := range both {
			if _, err := i.login(ctx, page.person); err != nil {
				return err
			}
		}
		times := both[0].Asks
		if page.what == Find {
			times = min(times, mostFound)
		}
		pair, err := turns(page.what, times, both, func(i *installation) (time.Duration, error) { return i.ask(ctx, page.path) })
		if err != nil {
			return err
		}
		r.Pages = append(r.Pages, pair)
	}
	return nil
}

// turns measures both again and again, one after the other; the first time warms up and does not count.
func turns(what string, times int, both [2]*installation, measure func(*installation) (time.Duration, error)) (Pair, error) {
	var took [2][]time.Duration
	for n := range times + 1 {
		for k, i := range both {
			one, err := measure(i)
			if err != nil {
				return Pair{}, fmt.Errorf("%s: %w", what, err)
			}
			if n > 0 {
				took[k] = append(took[k], one)
			}
		}
	}
	slices.Sort(took[0])
	slices.Sort(took[1])
	place := times / 2
	if what == starting {
		place = 0
	}
	return Pair{what, took[0][place], took[1][place], took[1][times*95/100]}, nil
}

// String is the result as the documentation has it.
func (r Result) String() string {
	var out strings.Builder
	fmt.Fprintf(&out, "\nMaking %d bodies, with an administrator each, took %.1f s. With them, beside %d, in turns: the fastest start of the program %.2f s (%.2f); medians: ",
		r.Bodies, r.Made.Seconds(), few, r.Start.Many.Seconds(), r.Start.Few.Seconds())
	var medians []string
	for _, p := range append([]Pair{r.Login}, r.Pages...) {
		medians = append(medians, fmt.Sprintf("%s %.1f ms (%.1f)", p.What, p.Many.Seconds()*1e3, p.Few.Seconds()*1e3))
	}
	out.WriteString(strings.Join(medians, ", "))
	fmt.Fprintf(&out, "; memory %.0f MB (%.0f).\n", float64(r.Resident)/1e6, float64(r.Few)/1e6)
	return out.String()
}

// Package bench measures the running program beside the least that could answer the same: the query in pgbench, and a
// bare handler with the same query and the same audit. Everything that is compared runs in turns within one run, since
// the speed of a machine swings from minute to minute. It must not be imported by anything that serves.
package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"reflect"
	"slices"
	"time"

	"staffetta/cmd/staffetta/bench/many"
	"staffetta/cmd/staffetta/bench/yardstick"
	"staffetta/migrations"
)

// sample is what one turn of a contender came to. CPU is per request.
type sample struct {
	perSecond             float64
	programCPU, engineCPU time.Duration
	p50, p95              time.Duration
}

// contender is something that answers the list.
type contender struct {
	name    string
	turn    func(ctx context.Context, c *contender) (sample, error)
	samples []sample
}

// The contenders by name, as the table has them.
const (
	ownList    = "own list, through the API"
	bareList50 = "own list, bare handler with audit"
	unaudited  = "own list, bare handler without audit"
	sqlOnly    = "own list, SQL in pgbench"
	sharedList = "shared list (guest), through the API"
	ownCase    = "own case, through the API"
	sharedCase = "shared case (guest), through the API"
)

// Run measures and returns the report.
func Run(ctx context.Context, o Options) (_ *Report, err error) {
	bodies, err := many.Run(ctx, many.Options{Program: o.Program, Dir: filepath.Join(o.Dir, "bodies"), Starts: 7, Logins: 20, Asks: 200, Log: o.Log})
	if err != nil {
		return nil, err
	}
	st, err := open(ctx, o)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, st.close()) }()
	if err := st.compare(ctx); err != nil {
		return nil, err
	}
	contenders, err := st.contenders(ctx)
	if err != nil {
		return nil, err
	}
	if err := st.turns(ctx, contenders); err != nil {
		return nil, err
	}
	r := &Report{Options: o, contenders: contenders, Bodies: bodies}
	if err := st.decisions(ctx, r); err != nil {
		return nil, err
	}
	if err := st.pages(ctx, r); err != nil {
		return nil, err
	}
	if err := st.circles(ctx, r); err != nil {
		return nil, err
	}
	if err := st.practices(ctx, r); err != nil {
		return nil, err
	}
	if r.Resident, r.Peak, err = process(st.program.Process.Pid).resident(); err != nil {
		return nil, err
	}
	return r, st.describe(ctx, r)
}

// turns measures contenders one after the other, round after round, each time in another order.
func (st *stage) turns(ctx context.Context, contenders []contender) error {
	for round := range st.Rounds + 1 { // the first warms up and does not count
		for i := range contenders {
			c := &contenders[(i+round)%len(contenders)]
			s, err := c.turn(ctx, c)
			if err != nil {
				return fmt.Errorf("%s: %w", c.name, err)
			}
			fmt.Fprintf(st.Log, "round %d  %-40s %8.0f/s  %5d µs %5d µs\n", round, c.name, s.perSecond, s.programCPU.Microseconds(), s.engineCPU.Microseconds())
			if round > 0 {
				c.samples = append(c.samples, s)
			}
		}
	}
	return nil
}

// contenders are made once; each turn goes over all workers.
func (st *stage) contenders(ctx context.Context) ([]contender, error) {
	passwords, err := migrations.Setup(ctx, st.database.OwnerURL(), st.key)
	if err != nil {
		return nil, err
	}
	url := st.database.URL("staffetta_app", passwords["app"], "staffetta")
	var own, shared, bare, quiet []request
	for _, w := range st.workers {
		own = append(own, newRequest("/api/v1/"+w.slug+"/case-files", w.cookie))
		shared = append(shared, newRequest("/api/v1/"+w.slug+"/shared-case-files", w.cookie))
		bare = append(bare, newRequest(fmt.Sprintf("/list/%d/%s", w.tenant, w.account), ""))
		quiet = append(quiet, newRequest(fmt.Sprintf("/unaudited/%d/%s", w.tenant, w.account), ""))
	}
	program, yardstick := process(st.program.Process.Pid), process(st.bare.Process.Pid)
	return []contender{
		{name: ownList, turn: st.overHTTP(st.addr, program, own)},
		{name: bareList50, turn: st.overHTTP(st.bareAddr, yardstick, bare)},
		{name: unaudited, turn: st.overHTTP(st.bareAddr, yardstick, quiet)},
		{name: sqlOnly, turn: func(ctx context.Context, _ *contender) (sample, error) { return st.overPgbench(ctx, url) }},
		{name: sharedList, turn: st.overHTTP(st.addr, program, shared)},
	}, nil
}

// overHTTP measures one turn of a handler with the CPU times of its process and of the database.
func (st *stage) overHTTP(addr string, p process, requests []request) func(context.Context, *contender) (sample, error) {
	return func(ctx context.Context, _ *contender) (s sample, err error) {
		program, engine, err := times(p, st.engine)
		if err != nil {
			return s, err
		}
		load, err := closedLoop(ctx, addr, requests, st.Clients, st.Length)
		if err != nil {
			return s, err
		}
		program2, engine2, err := times(p, st.engine)
		n := time.Duration(len(load.latencies))
		return sample{
			perSecond: load.perSecond(), p50: load.quantile(0.5), p95: load.quantile(0.95),
			programCPU: (program2 - program) / n, engineCPU: (engine2 - engine) / n,
		}, err
	}
}

func times(p, engine process) (program, database time.Duration, err error) {
	if program, err = p.cpu(); err != nil {
		return 0, 0, err
	}
	database, err = engine.family()
	return program, database, err
}

func (st *stage) overPgbench(ctx context.Context, url string) (s sample, err error) {
	before, err := st.engine.family()
	if err != nil {
		return s, err
	}
	if s.perSecond, err = st.pgbench(ctx, url); err != nil {
		return s, err
	}
	select { // the server has to notice that its backends have ended
	case <-ctx.Done():
	case <-time.After(500 * time.Millisecond):
	}
	after, err := st.engine.family()
	s.engineCPU = time.Duration(float64(after-before) / (s.perSecond * st.Length.Seconds()))
	return s, err
}

// compare checks that the API and the yardstick answer the same, so that a change of the query is noticed.
func (st *stage) compare(ctx context.Context) error {
	for _, w := range st.workers[:min(len(st.workers), 5)] {
		api, err := fetchList(ctx, "http://"+st.addr+"/api/v1/"+w.slug+"/case-files", w.cookie)
		if err != nil {
			return err
		}
		bare, err := fetchList(ctx, fmt.Sprintf("http://%s/list/%d/%s", st.bareAddr, w.tenant, w.account), "")
		if err != nil {
			return err
		}
		if len(api.Items) == 0 || !reflect.DeepEqual(api, bare) {
			return fmt.Errorf("API and yardstick list different cases for an operator of %s: %d and %d", w.slug, len(api.Items), len(bare.Items))
		}
	}
	return nil
}

func fetchList(ctx context.Context, url, cookie string) (found yardstick.List, err error) {
	body, _, err := fetch(ctx, url, cookie)
	if err != nil {
		return yardstick.List{}, err
	}
	return found, json.Unmarshal(body, &found)
}

// fetch gets an address as it comes over the wire, compressed where the server compresses.
func fetch(ctx context.Context, url, cookie string, header ...string) (body []byte, told http.Header, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, nil, err
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	if cookie != "" {
		r.Header.Set("Cookie", cookie)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, nil, err
	}
	defer answer.Body.Close()
	if body, err = io.ReadAll(answer.Body); err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("GET %s answered %s: %.200s", filepath.Base(url), answer.Status, body)
	}
	return body, answer.Header, err
}

// median of what f tells of the samples.
func (c contender) median(f func(sample) float64) float64 {
	values := make([]float64, len(c.samples))
	for i, s := range c.samples {
		values[i] = f(s)
	}
	slices.Sort(values)
	return values[len(values)/2]
}

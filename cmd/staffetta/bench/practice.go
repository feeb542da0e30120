package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/cmd/staffetta/population/spread"
)

const (
	// upgrades is how often the large kit is tried, applied and taken back.
	upgrades = 5
	// searchRate is how many searches of the catalogue are asked for in a second.
	searchRate = 20
	// patience bounds a campaign.
	patience = 20 * time.Minute
)

// adopted is what the practices of the population came to.
type adopted struct {
	practices, items, cases, adopters int
	search                            latency
	plan, apply, undo                 span
	campaign                          time.Duration
	program, engine                   time.Duration // CPU of one adopter of the campaign
	upgraded, failed                  int
}

// String is the paragraph of the report.
func (a adopted) String() string {
	each := func(what string, s span) string {
		return fmt.Sprintf("%s %s (%.0f CPU ms of the program, %.0f of the database)", what, millis(s.took), micros(s.program)/1e3, micros(s.engine)/1e3)
	}
	return fmt.Sprintf("\nPractices: a search among %d of them: %s. A kit of %d items at a body of %d cases: %s, %s, %s. "+
		"A campaign over %d adopters took %.1f s, %.0f CPU ms of the program and %.0f of the database for each.\n",
		a.practices, a.search, a.items, a.cases, each("dry run", a.plan), each("applying", a.apply), each("going back", a.undo),
		a.adopters, a.campaign.Seconds(), micros(a.program)/1e3, micros(a.engine)/1e3)
}

// span is how long something took that was done some times, with its CPU times, as medians.
type span struct {
	took, program, engine time.Duration
	all                   []timed
}

type timed struct{ took, program, engine time.Duration }

// practices measures searching the catalogue, applying a large kit, and a campaign over many adopters.
func (st *stage) practices(ctx context.Context, r *Report) error {
	a := &r.Adopted
	if err := st.owner.QueryRow(ctx, `select count(*) from commons.offers`).Scan(&a.practices); err != nil {
		return fmt.Errorf("count the practices: %w", err)
	}
	searchers, err := st.searchers(ctx)
	if err != nil {
		return err
	}
	var requests []request
	for i, word := range slices.Concat(spread.Words, spread.Words) {
		query := url.Values{"q": {word}}
		if i >= len(spread.Words) {
			query.Set("area", "disabili")
		}
		o := searchers[i%len(searchers)]
		requests = append(requests, newRequest("/api/v1/"+o.slug+"/offers?"+query.Encode(), o.cookie))
	}
	if a.search, err = st.underLoad(ctx, requests, searchRate); err != nil {
		return fmt.Errorf("search the catalogue: %w", err)
	}
	if err := st.applyLarge(ctx, a); err != nil {
		return fmt.Errorf("apply a large kit: %w", err)
	}
	if err := st.leadCampaign(ctx, a); err != nil {
		return fmt.Errorf("lead a campaign: %w", err)
	}
	return nil
}

// searchers signs coordinators in, who look for practices.
func (st *stage) searchers(ctx context.Context) ([]operator, error) {
	rows, err := st.owner.Query(ctx, `select t.id, t.slug, m.account_id, m.display_name from platform.tenants t
		join platform.memberships m on m.tenant_id = t.id and m.role = 'coordinator' and m.valid_to is null where t.kind = 'municipality' order by t.id desc limit 20`)
	if err != nil {
		return nil, fmt.Errorf("find coordinators: %w", err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (o operator, err error) {
		return o, row.Scan(&o.tenant, &o.slug, &o.account, &o.name)
	})
	if err != nil {
		return nil, fmt.Errorf("find coordinators: %w", err)
	}
	return all, st.openSessions(ctx, all)
}

// admin signs an administrator of a body in.
func (st *stage) admin(ctx context.Context, tenant int32) (operator, error) {
	o := operator{tenant: tenant}
	err := st.owner.QueryRow(ctx, `select t.slug, m.account_id, m.display_name from platform.tenants t
		join platform.memberships m on m.tenant_id = t.id and m.role = 'tenant_admin' and m.valid_to is null where t.id = $1 order by m.id limit 1`, tenant).
		Scan(&o.slug, &o.account, &o.name)
	if err != nil {
		return o, fmt.Errorf("find an administrator of body %d: %w", tenant, err)
	}
	one := []operator{o}
	err = st.openSessions(ctx, one)
	return one[0], err
}

// applyLarge tries the second release of the large kit, applies it and goes back, again and again.
func (st *stage) applyLarge(ctx context.Context, a *adopted) error {
	var of uuid.UUID
	var tenant int32
	err := st.owner.QueryRow(ctx, `
		select a.id, r.tenant_id, (select count(*) from commons.kit_items i where i.kit_id = a.kit_id), (select count(*) from casefile.cases c where c.tenant_id = r.tenant_id)
		from practice.adoptions a join practice.adoptions_parties r on r.adoption_id = a.id and r.side = 'reusing'
		join commons.practices p on p.id = a.practice_id and p.key like $1 order by a.created_at desc limit 1`, spread.Large+"-%").
		Scan(&of, &tenant, &a.items, &a.cases)
	if err != nil {
		return fmt.Errorf("find the adoption: %w", err)
	}
	admin, err := st.admin(ctx, tenant)
	if err != nil {
		return err
	}
	at := "/api/v1/" + admin.slug + "/adoptions/" + of.String()
	for range upgrades + 1 { // the first warms up and does not count
		var plan struct {
			Digest                    string
			Changed, Merged, Conflict int
		}
		if err := st.timed(ctx, &a.plan, call{http.MethodGet, at + "/plan", admin.cookie, nil}, &plan); err != nil {
			return err
		}
		if plan.Changed+plan.Merged == 0 || plan.Conflict > 0 {
			return fmt.Errorf("the dry run changes %d, merges %d and asks about %d", plan.Changed, plan.Merged, plan.Conflict)
		}
		var done struct{ ID string }
		if err := st.timed(ctx, &a.apply, call{http.MethodPost, at + "/apply", admin.cookie, acknowledge(plan.Digest)}, &done); err != nil {
			return err
		}
		back := at + "/applications/" + done.ID + "/undo"
		if err := st.call(ctx, call{http.MethodGet, back, admin.cookie, nil}, &plan); err != nil {
			return err
		}
		if err := st.timed(ctx, &a.undo, call{http.MethodPost, back, admin.cookie, acknowledge(plan.Digest)}, nil); err != nil {
			return err
		}
	}
	a.plan.settle()
	a.apply.settle()
	a.undo.settle()
	return nil
}

// acknowledge says that a dry run was read, with who gains and who loses by it.
func acknowledge(digest string) map[string]any {
	return map[string]any{"digest": digest, "acknowledged": true}
}

// settle takes the medians of all but the first.
func (s *span) settle() {
	median := func(of func(timed) time.Duration) time.Duration {
		var values []time.Duration
		for _, one := range s.all[1:] {
			values = append(values, of(one))
		}
		slices.Sort(values)
		return values[len(values)/2]
	}
	s.took = median(func(t timed) time.Duration { return t.took })
	s.program = median(func(t timed) time.Duration { return t.program })
	s.engine = median(func(t timed) time.Duration { return t.engine })
}

// call is a request to the API.
type call struct {
	method, path, cookie string
	body                 any
}

// timed calls the API and notes how long it took.
func (st *stage) timed(ctx context.Context, into *span, c call, answer any) error {
	program, engine, err := times(process(st.program.Process.Pid), st.engine)
	if err != nil {
		return err
	}
	begun := time.Now()
	if err := st.call(ctx, c, answer); err != nil {
		return err
	}
	took := time.Since(begun)
	programAfter, engineAfter, err := times(process(st.program.Process.Pid), st.engine)
	into.all = append(into.all, timed{took, programAfter - program, engineAfter - engine})
	return err
}

// call sends a request as a page of the same site would.
func (st *stage) call(ctx context.Context, c call, answer any) error {
	var body io.Reader
	if c.method != http.MethodGet {
		if c.body == nil {
			c.body = map[string]any{}
		}
		raw, err := json.Marshal(c.body)
		if err != nil {
			return err
		}
		body = bytes.NewReader(raw)
	}
	r, err := http.NewRequestWithContext(ctx, c.method, "http://"+st.addr+c.path, body)
	if err != nil {
		return err
	}
	r.Header.Set("Cookie", c.cookie)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer got.Body.Close()
	raw, err := io.ReadAll(got.Body)
	if err == nil && got.StatusCode >= http.StatusBadRequest {
		err = fmt.Errorf("%s %s answered %s: %.300s", c.method, c.path, got.Status, raw)
	}
	if err != nil || answer == nil {
		return err
	}
	return json.Unmarshal(raw, answer)
}

// seen is a campaign as the API tells it.
type seen struct {
	ID     string
	Done   bool
	Bodies int
	Counts []struct {
		State, Reason string
		Bodies        int
	}
}

func (s seen) count(state string) (bodies int) {
	for _, one := range s.Counts {
		if one.State == state {
			bodies += one.Bodies
		}
	}
	return bodies
}

// leadCampaign brings the newest release of the small kit to all adopters, one of which has an item that cannot be read.
func (st *stage) leadCampaign(ctx context.Context, a *adopted) (err error) {
	var practice uuid.UUID
	var leader, broken int32
	err = st.owner.QueryRow(ctx, `
		select p.id, p.tenant_id, min(r.tenant_id), count(*) from commons.practices p join practice.adoptions a on a.practice_id = p.id
		join practice.adoptions_parties r on r.adoption_id = a.id and r.side = 'reusing' where p.key = $1 group by p.id, p.tenant_id order by 4 desc limit 1`, spread.Small).
		Scan(&practice, &leader, &broken, &a.adopters)
	if err != nil {
		return fmt.Errorf("find the adopters: %w", err)
	}
	admin, err := st.admin(ctx, leader)
	if err != nil {
		return err
	}
	mend, err := st.spoil(ctx, broken)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, mend(context.WithoutCancel(ctx))) }()
	program, engine, err := times(process(st.program.Process.Pid), st.engine)
	if err != nil {
		return err
	}
	begun := time.Now()
	var c seen
	start := call{http.MethodPost, "/api/v1/" + admin.slug + "/upgrade-campaigns", admin.cookie, map[string]any{"practice": practice}}
	if err := st.call(ctx, start, &c); err != nil {
		return err
	}
	if c, err = st.follow(ctx, admin, c.ID); err != nil {
		return err
	}
	a.campaign = time.Since(begun)
	programAfter, engineAfter, err := times(process(st.program.Process.Pid), st.engine)
	n := time.Duration(c.Bodies)
	a.program, a.engine, a.upgraded, a.failed = (programAfter-program)/n, (engineAfter-engine)/n, c.count("applied"), c.count("failed")
	return err
}

// follow waits until nothing waits in a campaign any more.
func (st *stage) follow(ctx context.Context, o operator, id string) (c seen, err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	tick := time.NewTicker(500 * time.Millisecond)
	defer tick.Stop()
	for !c.Done {
		select {
		case <-ctx.Done():
			return c, fmt.Errorf("the campaign does not end: %+v", c.Counts)
		case <-tick.C:
		}
		if err := st.call(ctx, call{http.MethodGet, "/api/v1/" + o.slug + "/upgrade-campaigns/" + id, o.cookie, nil}, &c); err != nil {
			return c, err
		}
	}
	return c, nil
}

// spoil makes an item of a body unreadable, as a hand in the database would, and returns what mends it.
func (st *stage) spoil(ctx context.Context, tenant int32) (mend func(context.Context) error, err error) {
	var id uuid.UUID
	var content string
	err = st.owner.QueryRow(ctx, `select v.id, v.content from kit.items i join kit.item_versions v on v.tenant_id = i.tenant_id and v.id = i.version_id
		where i.tenant_id = $1 and i.key = 'CA-001'`, tenant).Scan(&id, &content)
	if err != nil {
		return nil, fmt.Errorf("find an item to spoil: %w", err)
	}
	write := func(ctx context.Context, text string) error {
		_, err := st.owner.Exec(ctx, `update kit.item_versions set content = $3, sha256 = encode(sha256(convert_to($3, 'UTF8')), 'hex') where tenant_id = $1 and id = $2`, tenant, id, text)
		return err
	}
	return func(ctx context.Context) error { return write(ctx, content) }, write(ctx, content[:len(content)-1])
}

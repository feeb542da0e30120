package bench

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/tenants"
)

// circleRate is how many pages of the network are asked for in a second.
const circleRate = 20

// circle is what the network of the population came to.
type circle struct {
	bodies, shares int
	inbox, explain latency
	suspended      time.Duration // until the agreement of all shares was suspended
}

// shown is a case that a body of the circle shows to another one.
type shown struct {
	coordinator operator // of the owner
	file        uuid.UUID
	guest       operator // coordinator of the receiver
}

// circles measures the inbox of the network and the explanations of its shares, and suspends its agreement once.
func (st *stage) circles(ctx context.Context, r *Report) error {
	agreement, err := st.findCircle(ctx, &r.Circle)
	if err != nil {
		return err
	}
	cases, err := st.findShown(ctx, agreement)
	if err != nil {
		return err
	}
	pair, err := st.sharedBesideOwn(ctx, cases)
	if err != nil {
		return err
	}
	r.contenders = append(r.contenders, pair...)
	var inbox, explain []request
	for i, c := range cases {
		prefix := "/" + c.coordinator.slug
		inbox = append(inbox, newRequest(prefix+"/rete/richieste"+[]string{"", "?inviate=1", "?scadenza=1"}[i%3], c.coordinator.cookie))
		explain = append(explain, newRequest(fmt.Sprintf("/api/v1%s/explain?case=%s&section=assessment&action=read&body=%s", prefix, c.file, c.guest.slug), c.coordinator.cookie))
	}
	if r.Circle.inbox, err = st.underLoad(ctx, inbox, circleRate); err != nil {
		return err
	}
	if r.Circle.explain, err = st.underLoad(ctx, explain, circleRate); err != nil {
		return err
	}
	r.Circle.suspended, err = st.suspend(ctx, agreement, cases[0])
	return err
}

// sharedBesideOwn lets the same social workers open a case of their own and one of another body, in turns.
func (st *stage) sharedBesideOwn(ctx context.Context, cases []shown) ([]contender, error) {
	received := map[int32][]shown{}
	for _, c := range cases {
		received[c.guest.tenant] = append(received[c.guest.tenant], c)
	}
	var own, foreign []request
	for i, w := range st.workers {
		if shown := received[w.tenant]; len(shown) > 0 {
			c := shown[i%len(shown)]
			own = append(own, newRequest("/api/v1/"+w.slug+"/case-files/"+w.file.String(), w.cookie))
			foreign = append(foreign, newRequest(fmt.Sprintf("/api/v1/%s/case-files/%s~%s", w.slug, c.coordinator.slug, c.file), w.cookie))
		}
	}
	program := process(st.program.Process.Pid)
	pair := []contender{
		{name: ownCase, turn: st.overHTTP(st.addr, program, own)},
		{name: sharedCase, turn: st.overHTTP(st.addr, program, foreign)},
	}
	return pair, st.turns(ctx, pair)
}

func (st *stage) findCircle(ctx context.Context, c *circle) (agreement uuid.UUID, err error) {
	err = st.owner.QueryRow(ctx, `
		select a.id, (select count(*) from policies.agreements_parties p where p.agreement_id = a.id),
			(select count(*) from sharing.shares s where s.agreement_id = a.id and s.state = 'active')
		from policies.agreements a where a.title like 'Rete di % Comuni' order by 2 desc limit 1`).Scan(&agreement, &c.bodies, &c.shares)
	if err != nil {
		return agreement, fmt.Errorf("find the network of the population: %w", err)
	}
	return agreement, nil
}

// findShown finds about twenty cases of every owner that only this agreement shows, and signs the coordinators of both sides in.
func (st *stage) findShown(ctx context.Context, agreement uuid.UUID) ([]shown, error) {
	coordinators, err := st.findCoordinators(ctx, agreement)
	if err != nil {
		return nil, err
	}
	rows, err := st.owner.Query(ctx, `
		select x.owner_tenant, x.receiver_tenant, x.case_id from (
			select s.owner_tenant, s.receiver_tenant, d.case_id, row_number() over (partition by s.owner_tenant order by s.receiver_tenant, s.id) as place,
				greatest(count(*) over (partition by s.owner_tenant) / 20, 1) as each
			from sharing.shares s join sharing.shares_details d on d.share_id = s.id where s.agreement_id = $1 and s.state = 'active'
				and not exists (select 1 from sharing.shares_details o join sharing.shares n on n.id = o.share_id
					where o.owner_tenant = s.owner_tenant and o.case_id = d.case_id and n.receiver_tenant = s.receiver_tenant and n.agreement_id <> $1)) x
		where x.place % x.each = 0 order by x.place, x.owner_tenant`, agreement)
	if err != nil {
		return nil, fmt.Errorf("find shared cases: %w", err)
	}
	cases, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (c shown, err error) {
		var from, to int32
		err = row.Scan(&from, &to, &c.file)
		c.coordinator, c.guest = coordinators[from], coordinators[to]
		return c, err
	})
	if err == nil && len(cases) == 0 {
		err = errors.New("no case is shared in the network of the population")
	}
	return cases, err
}

func (st *stage) findCoordinators(ctx context.Context, agreement uuid.UUID) (map[int32]operator, error) {
	rows, err := st.owner.Query(ctx, `
		select t.id, t.slug, m.account_id, m.display_name from policies.agreements_parties p join platform.tenants t on t.id = p.tenant_id
		join platform.memberships m on m.tenant_id = t.id and m.role = 'coordinator' and m.valid_to is null
		where p.agreement_id = $1`, agreement)
	if err != nil {
		return nil, fmt.Errorf("find the coordinators of the network: %w", err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (o operator, err error) {
		return o, row.Scan(&o.tenant, &o.slug, &o.account, &o.name)
	})
	if err != nil {
		return nil, err
	}
	if err := st.openSessions(ctx, all); err != nil {
		return nil, err
	}
	found := map[int32]operator{}
	for _, o := range all {
		found[o.tenant] = o
	}
	return found, nil
}

// suspend lets the owner of a case suspend the agreement of all shares, checks that the receiver is refused at the next
// request, and resumes it.
func (st *stage) suspend(ctx context.Context, agreement uuid.UUID, c shown) (took time.Duration, err error) {
	address := fmt.Sprintf("http://%s/api/v1/%s/case-files/%s~%s", st.addr, c.guest.slug, c.coordinator.slug, c.file)
	if status, err := status(ctx, address, c.guest.cookie); err != nil || status != http.StatusOK {
		return 0, errors.Join(err, fmt.Errorf("a shared case answers %d", status))
	}
	begun := time.Now()
	if err := st.change(ctx, agreement, c.coordinator, "suspended"); err != nil {
		return 0, err
	}
	took = time.Since(begun)
	refused, err := status(ctx, address, c.guest.cookie)
	if err == nil && refused != http.StatusNotFound {
		err = fmt.Errorf("a case under a suspended agreement answers %d", refused)
	}
	return took, errors.Join(err, st.change(ctx, agreement, c.coordinator, "active"))
}

func (st *stage) change(ctx context.Context, agreement uuid.UUID, by operator, state string) error {
	s := tenants.Scope{
		Tenant: by.tenant, Slug: by.slug, Account: by.account, Name: by.name, Roles: []string{"coordinator"},
		Purpose: tenants.Operator, Assurance: 2, Language: "it", RequestID: "bench",
	}
	return st.db.InTx(ctx, s, func(tx tenants.Tx) error {
		_, err := tx.Exec(ctx, `select policies.change_agreement($1, $2)`, agreement, state)
		return err
	})
}

func status(ctx context.Context, address, cookie string) (int, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return 0, err
	}
	r.Header.Set("Cookie", cookie)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, err
	}
	return answer.StatusCode, answer.Body.Close()
}

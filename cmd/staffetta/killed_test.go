package main

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
)

// offerAnother opens a case of the journey's person anew at Pantelleria and offers it to Mazara.
func (tr *trip) offerAnother(t *testing.T) (handover string) {
	t.Helper()
	file := idIn(t, tr.davide.call(t, 201, "POST", "/c_g315/case-files", object{"person_id": tr.relative, "area": "adulti", "summary": "Si trasferisce"}))
	tr.davide.call(t, 201, "POST", "/c_g315/case-files/"+file+"/notes", object{
		"kind": "nota", "happened_on": time.Now().Format(time.DateOnly), "body": "Va ad abitare a Mazara", "sign": true,
	})
	return idIn(t, tr.chiara.call(t, 201, "POST", "/c_g315/case-files/"+file+"/handovers", object{
		"agreement": tr.agreement, "to": mazara, "legal_basis": "law", "answer_by": time.Now().AddDate(0, 0, 10).Format(time.DateOnly), "reason": tr.reason, "kept": true,
	}))
}

// possessions counts what a body holds of all that goes along with a case, and how the handover stands.
func (st *stage) possessions(t *testing.T, slug, handover string) map[string]int {
	t.Helper()
	counts := map[string]int{
		"offered": query[int](t, st, `select count(*) from sharing.shares where id = $1 and state = 'offered'`, handover),
		"events":  query[int](t, st, `select count(*) from audit.events where share_id = $1 and action not like '%.read'`, handover),
	}
	tables, err := st.owner.Query(t.Context(), `select name::text from platform.handover_tables`)
	must(t, err)
	names, err := pgx.CollectRows(tables, pgx.RowTo[string])
	must(t, err)
	for _, name := range names {
		counts[name] = query[int](t, st, `select count(*) from `+name+` x join platform.tenants t on t.id = x.tenant_id where t.slug = $1`, slug)
	}
	return counts
}

// trap is where a program is held while it writes, until it is killed.
type trap struct {
	lock  string // what stops it
	waits string // of pg_locks: it is stopped
	table string // which it has written by then
}

func atTable(name string) trap {
	return trap{`lock table ` + name + ` in share row exclusive mode`, `relation = '` + name + `'::regclass`, name}
}

// heldAt lets a request run into a trap, and kills the program while it waits there.
func (st *stage) heldAt(t *testing.T, c *child, at trap, ask func() error) {
	t.Helper()
	lock, err := st.owner.Begin(t.Context())
	must(t, err)
	defer func() { _ = lock.Rollback(context.WithoutCancel(t.Context())) }() // nothing where it was given back
	_, err = lock.Exec(t.Context(), at.lock)
	must(t, err)
	ended := make(chan error, 1)
	go func() { ended <- ask() }()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	wait := func(what, sql string, want int) int {
		for {
			var pid int
			must(t, st.owner.QueryRow(ctx, `select coalesce((`+sql+`), 0)`).Scan(&pid))
			if pid == want || want < 0 && pid != 0 {
				return pid
			}
			select {
			case <-tick.C:
			case err := <-ended:
				t.Fatalf("%s: the request ended before: %v", what, err)
			case <-ctx.Done():
				t.Fatalf("%s does not come", what)
			}
		}
	}
	wait("waiting for "+at.table, `select min(pid) from pg_locks where not granted and `+at.waits, -1)
	c.kill(t)
	if err := <-ended; err == nil {
		t.Errorf("a program that was killed at %s answers", at.table)
	}
	must(t, lock.Rollback(ctx))
	wait("the end of the transaction", `select min(pid) from pg_locks where relation = '`+at.table+`'::regclass and mode = 'RowExclusiveLock'`, 0)
}

// beside starts the program over the database of the stage, in a process of its own.
func (st *stage) beside(t *testing.T) *child {
	t.Helper()
	addr, err := freeAddr()
	must(t, err)
	return launch(t, t.TempDir(), addr, "DATABASE_URL="+st.database.ownerURL, "STAFFETTA_KEY_FILE="+st.keyFile(t))
}

// at is the same visitor of a program elsewhere.
func (v *visitor) at(c *child) *visitor {
	there := *v
	there.base = "http://" + c.addr
	return &there
}

// dare posts to the API of a program that may die meanwhile.
func (v *visitor) dare(t *testing.T, path, body string) error {
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, v.base+"/api/v1"+path, strings.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+v.bearer)
	r.Header.Set("Content-Type", "application/json")
	answer, err := v.client.Do(r)
	if err == nil {
		err = answer.Body.Close()
	}
	return err
}

// A program that dies in the middle of a handover has handed over nothing, wherever it was; the next one hands over once.
func TestADeadProgramHandsOverNothing(t *testing.T) {
	tr := travel(t)
	handover := tr.offerAnother(t)
	path := "/c_f061/handovers/" + handover + "/acceptance"
	before := tr.st.possessions(t, "c_f061", handover)
	for _, table := range []string{"casefile.cases", "casefile.notes", "sharing.shares_handovers", "audit.events"} {
		c := tr.st.beside(t)
		tr.st.heldAt(t, c, atTable(table), func() error { return tr.elena.at(c).dare(t, path, `{}`) })
		if diff := cmp.Diff(before, tr.st.possessions(t, "c_f061", handover)); diff != "" {
			t.Errorf("killed while it wrote %s (-before +after):\n%s", table, diff)
		}
	}
	c := tr.st.beside(t)
	defer c.stop()
	elena := tr.elena.at(c)
	elena.call(t, 200, "POST", path, object{})
	elena.call(t, 409, "POST", path, object{})
	after := tr.st.possessions(t, "c_f061", handover)
	if after["offered"] != 0 || after["casefile.cases"] != before["casefile.cases"]+1 || after["casefile.notes"] != before["casefile.notes"]+1 {
		t.Errorf("handed over, from %v to %v", before, after)
	}
}

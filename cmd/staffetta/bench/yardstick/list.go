// Package yardstick answers the list of cases with as little as possible around the query. `make bench` holds the program
// against it; it checks nothing of who asks and must never serve anybody.
package yardstick

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// ListSQL is the list of assigned cases as module casefile asks for it; $1 is the body, $2 the account.
const ListSQL = `
	select c.id, c.number, c.state_label, c.area, c.opened_at, c.closed_at, coalesce(p.surname, ''), coalesce(p.name, ''),
		coalesce(m.account_name, '')
	from (
		select c.id, c.number, c.state_label, c.area, c.opened_at, c.closed_at, c.person_id
		from casefile.assignments a join casefile.cases c on c.tenant_id = a.tenant_id and c.id = a.case_id
		where a.tenant_id = $1 and a.account_id = $2 and a.valid_to is null
			and (c.closed_at is null or false) and (c.opened_at, c.id) < ('infinity'::timestamptz, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid)
		order by c.opened_at desc, c.id desc limit 51) c
	left join registry.persons p on p.tenant_id = $1 and p.id = c.person_id
	left join casefile.assignments m on m.tenant_id = $1 and m.case_id = c.id and m.valid_to is null and m.part = 'manager'
	order by c.opened_at desc, c.id desc`

// Line is a case as the API lists it.
type Line struct {
	ID       uuid.UUID `json:"id"`
	Number   string    `json:"number"`
	Label    string    `json:"state_label"`
	Surname  string    `json:"surname,omitempty"`
	Name     string    `json:"name,omitempty"`
	Area     string    `json:"area,omitempty"`
	Manager  string    `json:"manager,omitempty"`
	OpenedAt time.Time `json:"opened_at"`
}

// List is the answer of the API and of the yardstick.
type List struct {
	Items []Line `json:"items"`
}

// Handler answers with the same list as the API, with net/http, the query and, if asked, the audit and nothing else: no
// session, no permission, no limits, no checks. It trusts the address for who asks, so that it may run in a bench only.
func Handler(db *tenants.DB, recorder *audit.Recorder) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /list/{tenant}/{account}", func(w http.ResponseWriter, r *http.Request) { bareList(w, r, db, recorder) })
	mux.HandleFunc("GET /unaudited/{tenant}/{account}", func(w http.ResponseWriter, r *http.Request) { bareList(w, r, db, nil) })
	return mux
}

func bareList(w http.ResponseWriter, r *http.Request, db *tenants.DB, recorder *audit.Recorder) {
	found, err := bareFind(r, db, recorder)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(found) // whoever asked has gone
}

func bareFind(r *http.Request, db *tenants.DB, recorder *audit.Recorder) (List, error) {
	tenant, err := strconv.ParseInt(r.PathValue("tenant"), 10, 32)
	if err != nil {
		return List{}, fmt.Errorf("read the body: %w", err)
	}
	s := tenants.Scope{Tenant: int32(tenant), Purpose: tenants.Operator, Assurance: 2, Name: "Bench", RequestID: "bench"}
	if s.Account, err = uuid.Parse(r.PathValue("account")); err != nil {
		return List{}, fmt.Errorf("read the account: %w", err)
	}
	found, err := bareQuery(r.Context(), db, s.WithSections(policies.SectionIDs(), policies.SectionIDs()))
	if err != nil || recorder == nil {
		return found, err
	}
	event := audit.Event{Action: "case.list", Relation: string(policies.Assigned), Sections: []string{"identity"}}
	for _, l := range found.Items {
		event.Cases = append(event.Cases, l.ID)
	}
	return found, recorder.Record(r.Context(), s, event)
}

func bareQuery(ctx context.Context, db *tenants.DB, s tenants.Scope) (found List, err error) {
	var batch pgx.Batch
	batch.Queue(ListSQL, s.Tenant, s.Account).Query(func(rows pgx.Rows) (err error) {
		found.Items, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (Line, error) {
			var l Line
			var ended *time.Time
			return l, row.Scan(&l.ID, &l.Number, &l.Label, &l.Area, &l.OpenedAt, &ended, &l.Surname, &l.Name, &l.Manager)
		})
		return err
	})
	if err := db.Read(ctx, s, &batch); err != nil {
		return List{}, err
	}
	found.Items = found.Items[:min(len(found.Items), 50)]
	return found, nil
}

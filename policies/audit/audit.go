// Package audit writes down every read and every change: who, for what, under
// which relation and share, never content. Events are inserted unchained; a sealer
// chains them afterwards (docs/ARCHITECTURE.md, "The audit"). It must not decide
// anything.
package audit

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"

	"staffetta/internal/problem"
	"staffetta/tenants"
)

// Event is one read or change (it: evento del registro). Payload holds ids, numbers and the actor's stated
// reason, never the content of a case.
type Event struct {
	Action   string // object.verb, as case.read
	Tenant   int32  // the body whose chain it joins; 0 for the actor's own
	Relation string
	Object   uuid.UUID
	Case     uuid.UUID
	Sections []string
	Share    uuid.UUID
	Cases    []uuid.UUID // what a list showed; kept sorted, each once
	Payload  map[string]any
}

// row is an event as it is stored.
type row struct {
	Event
	scope   tenants.Scope
	id      uuid.UUID
	at      time.Time
	payload []byte
	hash    []byte
}

func newRow(s tenants.Scope, e Event, at time.Time) (row, error) {
	if e.Tenant == 0 {
		e.Tenant = s.Tenant
	}
	if e.Sections == nil {
		e.Sections = []string{}
	}
	id, err := uuid.NewV7()
	if err != nil {
		return row{}, fmt.Errorf("make an event id: %w", err)
	}
	payload, err := json.Marshal(e.Payload)
	if err != nil {
		return row{}, fmt.Errorf("write an event's payload: %w", err)
	}
	if e.Payload == nil {
		payload = []byte("{}")
	}
	e.Cases = slices.Compact(slices.SortedFunc(slices.Values(e.Cases), func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) }))
	hash := sha256.Sum256(payload)
	return row{Event: e, scope: s, id: id, at: at.UTC().Truncate(time.Microsecond), payload: payload, hash: hash[:]}, nil
}

const insertSQL = `
	insert into audit.events (tenant_id, id, at, actor_tenant, account_id, actor_name, assurance, purpose, request_id,
		action, relation, object_id, case_id, sections, share_id, payload, payload_hash, cases)
	values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`

func (r row) args() []any {
	return []any{
		r.Tenant, r.id, r.at, r.scope.Tenant, null(r.scope.Account), r.scope.Name, r.scope.Assurance, string(r.scope.Purpose),
		r.scope.RequestID, r.Action, r.Relation, null(r.Object), null(r.Case), r.Sections, null(r.Share), r.payload, r.hash, r.Cases,
	}
}

func null(id uuid.UUID) *uuid.UUID {
	if id == uuid.Nil {
		return nil
	}
	return &id
}

// ReadingSQL tells in SQL of an event e whether something was read or opened; anything else is a change. A part of an
// object that is read on its own has a verb that ends so: contact.form_read.
const ReadingSQL = `(split_part(e.action, '.', 2) in ('read', 'open', 'list', 'search', 'export') or right(e.action, 5) = '_read')`

// Write inserts the event of a change in the transaction of the change. The event
// joins the chain of the transaction's own body.
func Write(ctx context.Context, tx tenants.Tx, s tenants.Scope, e Event) error {
	r, err := newRow(s, e, time.Now())
	if err != nil {
		return err
	}
	return insertRow(ctx, tx, r)
}

// insertRow writes one event. Where the database has no room for it, the change that it is about is not made, and its
// problem.Unavailable says so.
func insertRow(ctx context.Context, tx tenants.Tx, r row) error {
	_, err := tx.Exec(ctx, insertSQL, r.args()...)
	return refused(r.Action, err)
}

func refused(action string, err error) error {
	if err == nil {
		return nil
	}
	err = fmt.Errorf("write audit event %s: %w", action, err)
	var refusal *pgconn.PgError
	if errors.As(err, &refusal) && slices.Contains(outOfRoom, refusal.Code[:2]) {
		return problem.New(problem.Unavailable, "web.error.audit_change").Wrap(err)
	}
	return err
}

// outOfRoom are the classes of SQLSTATE that say what lies outside of the database: insufficient resources, system error.
var outOfRoom = []string{"53", "58"}

package audit

import (
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgtype"
)

// insertEventsSQL writes any number of events. An array of arrays must be rectangular, so that the sections of each
// event come as one text.
const insertEventsSQL = `
	insert into audit.events (tenant_id, id, at, actor_tenant, account_id, actor_name, assurance, purpose, request_id,
		action, relation, object_id, case_id, sections, share_id, payload, payload_hash)
	select u.tenant_id, u.id, u.at, u.actor_tenant, u.account_id, u.actor_name, u.assurance, u.purpose, u.request_id,
		u.action, u.relation, u.object_id, u.case_id, string_to_array(u.sections, ','), u.share_id, u.payload::jsonb, u.payload_hash
	from unnest($1::int[], $2::uuid[], $3::timestamptz[], $4::int[], $5::uuid[], $6::text[], $7::int[], $8::text[], $9::text[],
		$10::text[], $11::text[], $12::uuid[], $13::uuid[], $14::text[], $15::uuid[], $16::text[], $17::bytea[])
		as u (tenant_id, id, at, actor_tenant, account_id, actor_name, assurance, purpose, request_id,
			action, relation, object_id, case_id, sections, share_id, payload, payload_hash)`

// insertCasesSQL writes the cases that lists showed, each once for an event.
const insertCasesSQL = `
	insert into audit.event_cases (tenant_id, event_id, at, case_id)
	select distinct u.tenant_id, u.event_id, u.at, u.case_id
	from unnest($1::int[], $2::uuid[], $3::timestamptz[], $4::uuid[]) as u (tenant_id, event_id, at, case_id)`

// stored is an id as the driver encodes it at once, null for none. For uuid.UUID it would try its text first, at many
// times the price, and lists have many ids.
func stored(id uuid.UUID) pgtype.UUID { return pgtype.UUID{Bytes: id, Valid: id != uuid.Nil} }

// eventColumns holds events by column, as insertEventsSQL takes them.
type eventColumns struct {
	tenants, actorTenants, assurances      []int32
	ids, accounts, objects, cases, shares  []pgtype.UUID
	at                                     []time.Time
	names, purposes, requests              []string
	actions, relations, sections, payloads []string
	hashes                                 [][]byte
}

func (c *eventColumns) add(r row) {
	c.tenants, c.actorTenants = append(c.tenants, r.Tenant), append(c.actorTenants, r.scope.Tenant)
	c.assurances = append(c.assurances, int32(r.scope.Assurance))
	c.ids, c.at = append(c.ids, stored(r.id)), append(c.at, r.at)
	c.accounts, c.objects = append(c.accounts, stored(r.scope.Account)), append(c.objects, stored(r.Object))
	c.cases, c.shares = append(c.cases, stored(r.Case)), append(c.shares, stored(r.Share))
	c.names, c.purposes = append(c.names, r.scope.Name), append(c.purposes, string(r.scope.Purpose))
	c.requests = append(c.requests, r.scope.RequestID)
	c.actions, c.relations = append(c.actions, r.Action), append(c.relations, r.Relation)
	c.sections, c.payloads = append(c.sections, strings.Join(r.Sections, ",")), append(c.payloads, string(r.payload))
	c.hashes = append(c.hashes, r.hash)
}

func (c *eventColumns) args() []any {
	return []any{
		c.tenants, c.ids, c.at, c.actorTenants, c.accounts, c.names, c.assurances, c.purposes, c.requests,
		c.actions, c.relations, c.objects, c.cases, c.sections, c.shares, c.payloads, c.hashes,
	}
}

// caseColumns holds the cases of lists by column, as insertCasesSQL takes them.
type caseColumns struct {
	tenants       []int32
	events, cases []pgtype.UUID
	at            []time.Time
}

func (c *caseColumns) add(r row) {
	for _, id := range r.Cases {
		c.tenants, c.events = append(c.tenants, r.Tenant), append(c.events, stored(r.id))
		c.at, c.cases = append(c.at, r.at), append(c.cases, pgtype.UUID{Bytes: id, Valid: true})
	}
}

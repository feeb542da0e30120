package audit

import (
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgtype"
)

// insertEventsSQL writes any number of events. An array of arrays must be rectangular, so that the sections and the
// cases of each event come as one text.
const insertEventsSQL = `
	insert into audit.events (tenant_id, id, at, actor_tenant, account_id, actor_name, assurance, purpose, request_id,
		action, relation, object_id, case_id, sections, share_id, payload, payload_hash, cases)
	select u.tenant_id, u.id, u.at, u.actor_tenant, u.account_id, u.actor_name, u.assurance, u.purpose, u.request_id,
		u.action, u.relation, u.object_id, u.case_id, string_to_array(u.sections, ','), u.share_id, u.payload::jsonb, u.payload_hash,
		string_to_array(nullif(u.cases, ''), ',')::uuid[]
	from unnest($1::int[], $2::uuid[], $3::timestamptz[], $4::int[], $5::uuid[], $6::text[], $7::int[], $8::text[], $9::text[],
		$10::text[], $11::text[], $12::uuid[], $13::uuid[], $14::text[], $15::uuid[], $16::text[], $17::bytea[], $18::text[])
		as u (tenant_id, id, at, actor_tenant, account_id, actor_name, assurance, purpose, request_id,
			action, relation, object_id, case_id, sections, share_id, payload, payload_hash, cases)`

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
	lists                                  []string
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
	c.hashes, c.lists = append(c.hashes, r.hash), append(c.lists, joined(r.Cases))
}

func (c *eventColumns) args() []any {
	return []any{
		c.tenants, c.ids, c.at, c.actorTenants, c.accounts, c.names, c.assurances, c.purposes, c.requests,
		c.actions, c.relations, c.objects, c.cases, c.sections, c.shares, c.payloads, c.hashes, c.lists,
	}
}

// joined writes ids as one text.
func joined(ids []uuid.UUID) string {
	text := make([]byte, 0, 37*len(ids))
	for i, id := range ids {
		if i > 0 {
			text = append(text, ',')
		}
		text = append(text, id.String()...)
	}
	return string(text)
}

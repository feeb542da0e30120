package all_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"testing"

	"github.com/google/uuid"

	"staffetta/modules"
	"staffetta/modules/all"
	"staffetta/onboarding/leaving"
	"staffetta/tenants"
)

// kept are tables that keep rows of a body that left, with why; of the audit the contents are gone.
var kept = map[string]string{
	"audit.chain": "sequence and hashes", "audit.events": "what happened, without contents", "audit.keys": "the public halves, by which its countersignatures are checked",
	"audit.roots": "the proof", "audit.countersignatures": "the proof", "audit.terms": "up to where contents were dropped",
	"commons.practices": "what it published, without persons", "commons.signers": "by which what it published is checked",
}

// leaver is a theater with what a program needs to let a body go.
type leaver struct {
	*theater
	deps    modules.Deps
	service *leaving.Service
	id      uuid.UUID
}

func newLeaver(t *testing.T) *leaver {
	t.Helper()
	l := &leaver{theater: newTheater(t), id: uuid.New()}
	bodies, err := tenants.NewDirectory(t.Context(), l.DB)
	if err != nil {
		t.Fatal(err)
	}
	docs := disk(t)
	l.deps = modules.Deps{DB: l.DB, Bodies: bodies, Platform: modules.Platform{Modules: all.Modules(), Folders: docs, Files: docs, Console: modules.NewConsole(bodies, nil)}}
	for _, m := range all.Modules() {
		if m.ID == "sharing" || m.ID == "practice" {
			parts, err := m.New(l.deps)
			if err != nil {
				t.Fatal(err)
			}
			l.deps.Platform.Console.Add(m, modules.Parts{Farewells: parts.Farewells})
		}
	}
	l.service = leaving.NewService(l.deps)
	l.run(t, `insert into policies.agreements_parties (agreement_id, tenant_id, side) select id, $1, 'party' from policies.agreements`, l.partner.ID)
	l.run(t, `insert into sharing.shares_parties (share_id, tenant_id, side) select id, $1, 'receiver' from sharing.shares on conflict do nothing`, l.partner.ID)
	l.run(t, `update sharing.shares set state = 'active', valid_to = now() + interval '1 day', preview = '{"age": 80}'`)
	l.run(t, `delete from onboarding.leavings`)
	l.run(t, `update onboarding.holds set until = '2020-01-01'`) // one in force keeps the body
	l.run(t, `insert into onboarding.leavings (tenant_id, id, state, reason, waiver, asked_by, asked_name, decided_by, decided_name, decided_at, due_at)
		values ($1, $2, 'agreed', 'unione', 'non serve', gen_random_uuid(), 'Anna', gen_random_uuid(), 'Bruno', now(), now())`, l.body.ID, l.id)
	return l
}

func (l *leaver) close(t *testing.T) error {
	t.Helper()
	return l.service.Close(t.Context(), tenants.Scope{Tenant: l.body.ID, Slug: l.body.Slug, Name: "sistema"}, l.id)
}

// TestABodyLeaves makes one row of every table for a body and lets it leave: the catalogue's tables have nothing of it any more but
// the proof and what is published, no serving role reads anything else of it, and the other body keeps what it has.
func TestABodyLeaves(t *testing.T) {
	t.Parallel()
	l := newLeaver(t)
	sum, err := l.deps.Platform.Files.Put(t.Context(), l.body.ID, []byte("relazione"))
	if err != nil {
		t.Fatal(err)
	}
	if err := l.close(t); err != nil {
		t.Fatal(err)
	}
	for _, one := range l.tables.tables(own, between, commons, platform, audited) {
		if !one.has("tenant_id") || kept[one.Name] != "" || one.family() == between {
			continue
		}
		if n := l.count(t, one.Name, l.body.ID); n > 0 {
			t.Errorf("%s has %d rows of it", one.Name, n)
		}
	}
	l.wantUnread(t)
	l.wantProof(t)
	if _, err := l.deps.Platform.Files.Get(t.Context(), l.body.ID, sum); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a document is there: %v", err)
	}
	l.run(t, `insert into platform.tenants (slug, name, kind) values ($1, 'Chi torna', 'other')`, l.body.Slug)
	if body, err := l.deps.Bodies.ByID(l.body.ID); err != nil || body.State != tenants.Closed {
		t.Errorf("the body is %s, %v", body.State, err)
	}
	if err := l.close(t); err != nil {
		t.Errorf("again: %v", err)
	}
}

// wantUnread reads every table as every serving role, as the body itself with every section and as anybody else: own tables show
// nothing of it, and tables of several bodies only what another body is party to.
func (l *leaver) wantUnread(t *testing.T) {
	t.Helper()
	me := fmt.Sprint(l.body.ID)
	for _, one := range l.tables.tables(own) {
		for _, role := range []string{"app", "guest", "report"} {
			for _, who := range append(l.strangers(role), l.as(role, &me)) {
				sql := fmt.Sprintf(`select from %s where tenant_id = %s`, one.Name, me)
				if n, refused := who.try(t, sql); n > 0 {
					t.Errorf("%s reads %d rows of %s (%s)", who, n, one.Name, refused)
				}
			}
		}
	}
}

// wantProof wants the audit to hold, without contents, and to say at its end that the body left.
func (l *leaver) wantProof(t *testing.T) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	var contents, last int
	err := l.Owner.QueryRow(ctx, `select count(*) filter (where payload is not null and action <> 'body.leave'), count(*) filter (where action = 'body.leave' and payload ? 'manifest')
		from audit.events where tenant_id = $1`, l.body.ID).Scan(&contents, &last)
	if err != nil || contents > 0 || last != 1 {
		t.Errorf("%d events have contents, %d say that it left: %v", contents, last, err)
	}
	var ended, told string
	err = l.Owner.QueryRow(ctx, `select (select string_agg(distinct state, ' ') from policies.agreements) || ', ' || (select string_agg(state || ' ' || preview, ' ') from sharing.shares)`).Scan(&ended)
	if err != nil || ended != "ended, revoked {}" {
		t.Errorf("agreements and shares are %s, %v", ended, err)
	}
	err = l.Owner.QueryRow(ctx, `select string_agg(action, ' ' order by action) from audit.events where tenant_id = $1 and action ~ '^(agreement|share)'`, l.partner.ID).Scan(&told)
	if err != nil || told != "agreement.end share.revoke" {
		t.Errorf("the partner was told %q, %v", told, err)
	}
}

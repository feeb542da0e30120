package all_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"staffetta/internal/files"
	"staffetta/internal/seal"
	"staffetta/internal/testdb"
	"staffetta/modules/all"
	"staffetta/onboarding/archive"
	"staffetta/policies"
	"staffetta/tenants"
)

// sealAll gives the sealed columns of the one row of each table what the key can open.
func (th *theater) sealAll(t *testing.T) {
	t.Helper()
	sealed := map[string]map[string]string{"audit.keys": {"sealed": "audit key {number} of body {tenant_id}"}}
	for _, r := range records() {
		sealed[r.Table] = r.Bytes.Sealed
	}
	for table, columns := range sealed {
		for column, template := range columns {
			for name, raw := range th.rows[table] {
				template = strings.ReplaceAll(template, "{"+name+"}", strings.Trim(string(raw), `"`))
			}
			value, err := th.Key.Seal([]byte("segreto di "+table), []byte(template))
			if err != nil {
				t.Fatal(err)
			}
			extra := ""
			if table == "post.addresses" {
				extra = ", confirmed_at = now()"
			}
			th.run(t, fmt.Sprintf(`update %s set %s = $2%s where tenant_id = $1`, table, column, extra), th.body.ID, value)
		}
	}
}

func (th *theater) run(t *testing.T, sql string, args ...any) {
	t.Helper()
	if _, err := th.Owner.Exec(context.WithoutCancel(t.Context()), sql, args...); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// agreed is a body whose people agreed to an export.
func agreed(t *testing.T, d *testdb.Database, body int32) {
	t.Helper()
	_, err := d.Owner.Exec(t.Context(), `insert into onboarding.exports (tenant_id, id, state, receiver, recipient, reason, asked_by, asked_name, decided_by)
		values ($1, $2, 'agreed', 'Altro gestore', 'age1' || repeat('q', 58), 'prova', gen_random_uuid(), 'Anna', gen_random_uuid())
		on conflict (tenant_id) where state in ('asked', 'agreed') do update set state = 'agreed', decided_by = excluded.decided_by`, body, uuid.New())
	if err != nil {
		t.Fatal(err)
	}
}

// house is an installation: a database, a key and documents.
type house struct {
	*testdb.Database
	key  *seal.Key
	docs *files.Disk
}

// written is the archive of a body.
func (h house) written(t *testing.T, body tenants.Tenant) ([]byte, archive.Manifest) {
	t.Helper()
	agreed(t, h.Database, body.ID)
	var out bytes.Buffer
	var manifest archive.Manifest
	s := policies.ForJob(tenants.Scope{Tenant: body.ID}, policies.SectionIDs()...)
	err := h.DB.Report(t.Context(), s, func(tx tenants.Tx) (err error) {
		manifest, _, err = archive.Write(t.Context(), &out, archive.Source{
			Tx: tx, Body: archive.Body{ID: body.ID, Slug: body.Slug, Name: body.Name}, Modules: all.Modules(), Files: h.docs, Key: h.key,
		})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), manifest
}

// read reads an archive, as the owner.
func (h house) read(t *testing.T, content []byte, migrations map[string]int64) error {
	t.Helper()
	tx, err := h.Owner.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback(context.WithoutCancel(t.Context()))
	_, err = archive.Read(t.Context(), bytes.NewReader(content), int64(len(content)), archive.Target{
		Tx: tx, Migrations: migrations, Modules: all.Modules(), Files: h.docs, Key: h.key,
	})
	if err != nil {
		return err
	}
	return tx.Commit(t.Context())
}

func disk(t *testing.T) *files.Disk {
	t.Helper()
	d, err := files.NewDisk(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestAnArchiveHasEveryTable makes one row of every table for a body: all go along or are declared to stay behind, what is
// read into an empty installation with another key is the same, and what is exported there again has the same digests.
func TestAnArchiveHasEveryTable(t *testing.T) {
	t.Parallel()
	th := newTheater(t)
	th.sealAll(t)
	here := house{th.Database, th.Key, disk(t)}
	sum, err := here.docs.Put(t.Context(), th.body.ID, []byte("relazione"))
	if err != nil {
		t.Fatal(err)
	}
	th.run(t, `update casefile.documents set sha256 = $1 where tenant_id = $2`, sum, th.body.ID)
	th.run(t, `update commons.kits set signer = (select public from commons.signers), manifest = '{}', signature = decode(repeat('00', 64), 'hex')`)
	th.run(t, `update audit.countersignatures set tenant_id = $1, body = $2`, th.partner.ID, th.body.ID)
	th.run(t, `insert into audit.keys (tenant_id, number, public, sealed) select $1, c.key_number, 'p', 's' from audit.countersignatures c`, th.partner.ID)
	content, first := here.written(t, th.body)
	have := map[string]int64{}
	for _, table := range first.Tables {
		have[table.Name] = table.Rows
	}
	left := map[string]bool{}
	for _, o := range first.NotCarried {
		left[o.Table] = true
	}
	for _, one := range th.tables.tables(own, between, audited, commons) {
		if have[one.Name] == 0 && !left[one.Name] {
			t.Errorf("of %s nothing goes along", one.Name)
		}
	}
	key, _, err := seal.New()
	if err != nil {
		t.Fatal(err)
	}
	there := house{testdb.Plain(t, lines()...), key, disk(t)}
	if err := there.read(t, content, first.Migrations); err != nil {
		t.Fatal(err)
	}
	if got, err := there.docs.Get(t.Context(), th.body.ID, sum); err != nil || string(got) != "relazione" {
		t.Errorf("the document came as %q, %v", got, err)
	}
	_, second := there.written(t, th.body)
	if diff := cmp.Diff(comparable(first), comparable(second)); diff != "" {
		t.Errorf("exported again (-first +second):\n%s", diff)
	}
	if err := there.read(t, content, first.Migrations); err == nil || !strings.Contains(err.Error(), archive.ErrOccupied.Error()) {
		t.Errorf("read in twice: %v", err)
	}
}

// comparable is a manifest without what must differ: the instant, and the audit, which goes on.
func comparable(m archive.Manifest) string {
	m.Tables = slices.DeleteFunc(slices.Clone(m.Tables), func(t archive.Table) bool { return t.Name == "audit.events" })
	raw, _ := json.MarshalIndent(struct {
		Tables    []archive.Table
		Documents []archive.Document
		Left      []archive.Omission
	}{m.Tables, m.Documents, m.NotCarried}, "", " ")
	return string(raw)
}

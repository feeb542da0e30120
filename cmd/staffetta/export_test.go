package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"staffetta/cmd/staffetta/terminal"
	"staffetta/modules"
	"staffetta/onboarding/archive"
	"staffetta/onboarding/export"
	"staffetta/onboarding/leaving"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// grown are tables that differ after a body has moved, with why.
var grown = map[string]string{
	"audit.events": "that the body came, and that it was exported",
	"audit.chain":  "the links of those events",
	"audit.roots":  "days that had no root yet",
}

// receiver is somebody with a key, who gets archives into a folder.
type receiver struct{ dir, key, public string }

func newReceiver(t *testing.T) receiver {
	t.Helper()
	file, public, err := export.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	r := receiver{dir: t.TempDir(), public: public}
	r.key = filepath.Join(r.dir, "chiave")
	if err := os.WriteFile(r.key, []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	return r
}

// export has a program export a body.
func (r receiver) export(t *testing.T, p *Program, slug, name string) (string, archive.Manifest) {
	t.Helper()
	path := filepath.Join(r.dir, name)
	m, err := terminal.BodyExport{Body: slug, To: r.public, File: path}.Do(t.Context(), silent(t), p.deps, p.database.ownerURL)
	if err != nil {
		t.Fatal(err)
	}
	return path, m
}

// read has a program import what the receiver got.
func (r receiver) read(t *testing.T, p *Program, path string) error {
	t.Helper()
	_, err := terminal.BodyImport{File: path, Key: r.key}.Do(t.Context(), silent(t), p.deps, p.database.ownerURL)
	return err
}

// silent is a terminal that nobody reads.
func silent(t *testing.T) terminal.Terminal {
	t.Helper()
	nobody, err := terminal.New(io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	return nobody
}

// TestABodyMovesToAnotherInstallation exports every body of the complete demo and reads it into an installation of its own, with
// another key: the same rows, documents and people, and an audit that holds.
func TestABodyMovesToAnotherInstallation(t *testing.T) {
	st, r := wanted(t, completed), newReceiver(t)
	colleague := map[string]uuid.UUID{marsala: st.castScope(t, pantelleria, "Errera").Account, pantelleria: st.castScope(t, marsala, "Lombardo").Account}
	for _, slug := range []string{marsala, pantelleria} {
		path, first := r.export(t, st.Program, slug, slug+".zip.age")
		if first.Rows() < 1000 || len(first.Documents) < 3 {
			t.Fatalf("%s has only %d rows and %d documents", slug, first.Rows(), len(first.Documents))
		}
		st := emptyProgram(t)
		if err := r.read(t, st, path); err != nil {
			t.Fatalf("import %s: %v", slug, err)
		}
		if err := st.deps.Bodies.Reload(t.Context()); err != nil {
			t.Fatal(err)
		}
		_, second := r.export(t, st, slug, slug+"-again.zip.age")
		for _, m := range []*archive.Manifest{&first, &second} {
			m.Tables = slices.DeleteFunc(m.Tables, func(one archive.Table) bool { return grown[one.Name] != "" })
			m.At = first.At
		}
		if diff := cmp.Diff(first, second); diff != "" {
			t.Errorf("%s exported again (-first +second):\n%s", slug, diff)
		}
		var known bool
		mustDo(t, st.deps.DB.Platform(t.Context(), func(tx tenants.Tx) error {
			return tx.QueryRow(t.Context(), `select exists (select from platform.accounts a where a.id = $1)`, colleague[slug]).Scan(&known)
		}))
		if known {
			t.Errorf("%s takes the tax code of who works elsewhere along", slug)
		}
		_, faults, err := audit.Verify(t.Context(), st.deps.DB)
		if err != nil || len(faults) > 0 {
			t.Errorf("the audit of %s: %v, %v", slug, faults, err)
		}
		s, err := st.scopeOf(t.Context(), slug, "social_worker")
		if err != nil {
			t.Fatal(err)
		}
		var roles []tenants.Membership
		err = st.deps.DB.Platform(t.Context(), func(tx tenants.Tx) (err error) {
			roles, err = tenants.FindMemberships(t.Context(), tx, s.Tenant, s.Account)
			return err
		})
		if err != nil || len(roles) == 0 {
			t.Errorf("the social worker of %s has the roles %v there: %v", slug, roles, err)
		}
	}
}

// emptyProgram is an installation with nobody in it.
func emptyProgram(t *testing.T) *Program {
	t.Helper()
	dir, err := stageDir()
	if err != nil {
		t.Fatal(err)
	}
	config, err := Config{Addr: "127.0.0.1:0", Data: filepath.Join(dir, "data")}.complete()
	if err != nil {
		t.Fatal(err)
	}
	p, err := NewProgram(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(context.Background()); err != nil {
			t.Error(err)
		}
		_ = os.RemoveAll(dir)
	})
	return p
}

// TestAnArchiveIsReadByNobodyElse keeps who has another key, a changed file or none out.
func TestAnArchiveIsReadByNobodyElse(t *testing.T) {
	st, r, other := wanted(t, completed), newReceiver(t), newReceiver(t)
	path, _ := r.export(t, st.Program, marsala, "uno.zip.age")
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(raw), "LEGGIMI") {
		t.Error("the archive can be read as it is")
	}
	if err := other.read(t, st.Program, path); err == nil {
		t.Error("another key opens it")
	}
	if err := r.read(t, st.Program, path); err == nil || !strings.Contains(err.Error(), archive.ErrOccupied.Error()) {
		t.Errorf("read into an installation with bodies: %v", err)
	}
	raw[len(raw)/2] ^= 1
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := r.read(t, emptyProgram(t), path); err == nil {
		t.Error("a changed archive is read")
	}
}

// takenOut is an export of Pantelleria that two people made, and that can be fetched.
func (st *stage) takenOut(t *testing.T) string {
	t.Helper()
	admin, officer := st.castScope(t, pantelleria, "Rizzo"), st.extra(t, pantelleria, "Vigna", "dpo")
	exports, id, to := export.NewService(st.deps), uuid.Must(uuid.NewV7()), newReceiver(t)
	err := exports.Ask(t.Context(), admin, export.Request{ID: id, Receiver: "Comune di Trapani", Recipient: to.public, Reason: "Cambio di gestore"})
	if err == nil {
		err = exports.Agree(t.Context(), officer, id, to.public)
	}
	if err == nil {
		err = exports.Make(t.Context(), tenants.Scope{Tenant: admin.Tenant, Slug: admin.Slug, Name: "sistema", RequestID: id.String()}, id)
	}
	if err != nil {
		t.Fatal(err)
	}
	return id.String()
}

// departing is a question whether Pantelleria leaves, which nobody has agreed to.
func (st *stage) departing(t *testing.T) string {
	t.Helper()
	admin, leavings, id := st.castScope(t, pantelleria, "Rizzo"), leaving.NewService(st.deps), uuid.Must(uuid.NewV7())
	o, err := leavings.Get(t.Context(), admin)
	if l := o.Current(); l != nil {
		return l.ID.String()
	}
	if err == nil {
		err = leavings.Ask(t.Context(), admin, leaving.Request{ID: id, Reason: "Cambio di gestore", Waiver: "Prova"}, modules.Consent{Mark: o.Mark, Acknowledged: true})
	}
	if err != nil {
		t.Fatal(err)
	}
	return id.String()
}

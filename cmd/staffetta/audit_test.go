package main

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"staffetta/cmd/staffetta/upkeep"
	"staffetta/policies/audit"
	"staffetta/tenants/taxcode"
)

// alone is a program that a test may break.
func alone(t *testing.T) *stage {
	t.Helper()
	st, err := openStage(demoStart)
	if err != nil {
		t.Fatalf("start the program: %v", err)
	}
	return st
}

func (st *stage) exec(t *testing.T, sql string) {
	t.Helper()
	if _, err := st.owner.Exec(t.Context(), sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

const (
	hiddenNote = "Parole del diario: rosmarino"
	unaudited  = "Non è stato possibile registrare l’accesso"
)

// TestAFullDiskOfTheAuditStopsCaseContent has the audit refuse every event, as a full disk does, and then take them again.
func TestAFullDiskOfTheAuditStopsCaseContent(t *testing.T) {
	st := alone(t)
	who := st.castScope(t, marsala, "Lombardo")
	sara, program := st.signIn(t, who), st.token(t, who)
	person := idIn(t, program.call(t, 201, "POST", "/c_e974/persons", object{
		"surname": "Saltalamacchia", "name": "Ninfa", "tax_code": taxcode.Build("Saltalamacchia", "Ninfa", time.Date(1951, 7, 9, 0, 0, 0, 0, time.UTC), "F", "E974"),
	}))
	ref := idIn(t, program.call(t, 201, "POST", "/c_e974/case-files", object{"person_id": person, "area": "disabili", "summary": "Sintesi"}))
	today := time.Now().Format(time.DateOnly)
	program.call(t, 201, "POST", "/c_e974/case-files/"+ref+"/notes", object{"kind": "nota", "happened_on": today, "body": hiddenNote, "sign": true})
	read := []string{"/c_e974/cartelle", "/c_e974/cartelle/" + ref, "/c_e974/cartelle/" + ref + "/diario", "/c_e974/persone/" + person, "/c_e974/persone?q=Ninfa"}
	asked := []string{"/c_e974/case-files", "/c_e974/case-files/" + ref, "/c_e974/case-files/" + ref + "/notes", "/c_e974/persons/" + person}
	for _, path := range read {
		if answer := sara.get(t, path); answer.Status != http.StatusOK || !strings.Contains(answer.Body, "Saltalamacchia") && !strings.Contains(answer.Body, "rosmarino") {
			t.Fatalf("%s answers %d: %s", path, answer.Status, answer.Body)
		}
	}
	notes := func() int { return query[int](t, st, `select count(*) from casefile.notes`) }
	events := func() int { return query[int](t, st, `select count(*) from audit.events`) }
	heldNotes, heldEvents := notes(), events()
	st.exec(t, `create function public.full_disk() returns trigger language plpgsql as $$ begin
		raise exception 'could not extend file: No space left on device' using errcode = 'disk_full'; end $$;
		create trigger full_disk before insert on audit.events for each row execute function public.full_disk()`)
	for _, path := range read {
		st.wantStopped(t, path, sara.get(t, path), unaudited)
	}
	for _, path := range asked {
		st.wantStopped(t, path, program.send(t, "GET", "/api/v1"+path, nil, "Accept-Language", "it"), unaudited)
	}
	key := uuid.Must(uuid.NewV7()).String()
	again := func() reply {
		return program.send(t, "POST", "/api/v1/c_e974/case-files/"+ref+"/notes",
			strings.NewReader(`{"kind": "nota", "happened_on": "`+today+`", "body": "`+hiddenNote+`", "sign": true}`),
			"Content-Type", "application/json", "Idempotency-Key", key, "Accept-Language", "it")
	}
	st.wantStopped(t, "a note", again(), "Non è stato possibile registrare")
	form := url.Values{"id": {uuid.Must(uuid.NewV7()).String()}, "kind": {"nota"}, "happened_on": {today}, "body": {hiddenNote}}
	st.wantStopped(t, "a note on the page", sara.post(t, "/c_e974/cartelle/"+ref+"/diario", form), "Non è stato possibile registrare")
	if n, m := notes(), events(); n != heldNotes || m != heldEvents {
		t.Errorf("while nothing could be recorded, %d notes and %d events came", n-heldNotes, m-heldEvents)
	}
	if answer := st.guest().get(t, "/"); answer.Status != http.StatusOK {
		t.Errorf("the public page answers %d", answer.Status)
	}
	st.exec(t, `drop trigger full_disk on audit.events`)
	for _, path := range read {
		if answer := sara.get(t, path); answer.Status != http.StatusOK {
			t.Errorf("afterwards %s answers %d", path, answer.Status)
		}
	}
	if answer := again(); answer.Status != http.StatusCreated {
		t.Errorf("afterwards the same note answers %d: %s", answer.Status, answer.Body)
	}
	if n := notes(); n != heldNotes+1 {
		t.Errorf("afterwards there are %d notes, want one more than %d", n, heldNotes)
	}
	if n := events(); n < heldEvents+len(read)+1 {
		t.Errorf("afterwards %d events came, want at least one for each page and the note", n-heldEvents)
	}
	st.wantSealed(t)
}

// wantStopped wants an answer to say why there is nothing, and to hold nothing.
func (st *stage) wantStopped(t *testing.T, what string, answer reply, says string) {
	t.Helper()
	if answer.Status != http.StatusServiceUnavailable || !strings.Contains(answer.Body, says) {
		t.Errorf("%s answers %d and does not say that nothing could be recorded: %.600s", what, answer.Status, answer.Body)
	}
	for _, secret := range []string{"Saltalamacchia", "rosmarino", "No space left"} {
		if strings.Contains(answer.Body, secret) {
			t.Errorf("%s holds %q", what, secret)
		}
	}
}

// wantSealed waits until the program's own sealer has come to every event, and verifies.
func (st *stage) wantSealed(t *testing.T) {
	t.Helper()
	within, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for query[int](t, st, `select count(*) from audit.events e where not exists (select from audit.chain c where c.tenant_id = e.tenant_id and c.event_id = e.id)`) > 0 {
		if within.Err() != nil {
			t.Fatal("events stay unsealed for a minute")
		}
	}
	if checked, faults, err := audit.Verify(t.Context(), st.deps.DB); err != nil || checked == 0 || len(faults) > 0 {
		t.Errorf("Verify = %d, %v, %v", checked, faults, err)
	}
}

// TestAuditCommands exports from a program with days behind it, and verifies with the delivered program where there is no database.
func TestAuditCommands(t *testing.T) {
	st := alone(t)
	st.wantSealed(t)
	st.exec(t, `create or replace function app.now() returns timestamptz language sql stable parallel safe as
		$$ select statement_timestamp() + interval '1 day' $$`)
	body := query[int32](t, st, `select id from platform.tenants where slug = $1`, marsala)
	if _, err := audit.Seal(t.Context(), st.deps.DB); err != nil {
		t.Fatal(err)
	}
	within, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for query[int](t, st, `select count(*) from audit.roots where tenant_id = $1`, body) == 0 && within.Err() == nil {
	}
	for round := range 2 { // the job of the platform enqueues the jobs of the bodies, once
		care := upkeep.Upkeep{DB: st.deps.DB, Queue: st.deps.Jobs}
		if err := care.AskCountersigners(t.Context()); err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
	}
	for query[int](t, st, `select count(*) from audit.countersignatures where body = $1`, body) == 0 {
		if within.Err() != nil {
			t.Fatal("nobody countersigns")
		}
	}
	dir := t.TempDir()
	write := func(name string, fn func(*os.File) error) string {
		path := filepath.Join(dir, name)
		file, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := fn(file); err != nil {
			t.Fatal(err)
		}
		if err := file.Close(); err != nil {
			t.Fatal(err)
		}
		return path
	}
	whole := write("export", func(f *os.File) error { return audit.Export(t.Context(), st.deps.DB, body, f) })
	keys := write("keys", func(f *os.File) error { return audit.ExportKeys(t.Context(), st.deps.DB, f) })
	content, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	changed := write("changed", func(f *os.File) error {
		_, err := f.WriteString(strings.Replace(string(content), `\"action\" : \"`, `\"action\" : \"x`, 1))
		return err
	})
	for _, c := range []struct {
		says string
		fine bool
		args []string
	}{
		{" 0 faults", true, []string{"--file", whole}},
		{" 0 faults", true, []string{"--file", whole, "--keys", keys}},
		{"changed event", false, []string{"--file", changed, "--keys", keys}},
		{"it is no key", false, []string{"--file", whole, "--keys", whole}},
		{"--keys goes with --file", false, []string{"--keys", keys}},
	} {
		command := exec.CommandContext(t.Context(), built(t), append([]string{"audit", "verify"}, c.args...)...)
		command.Env = clean("STAFFETTA_DATA=" + filepath.Join(dir, "nothing"))
		printed, err := command.CombinedOutput()
		if (err == nil) != c.fine || !strings.Contains(string(printed), c.says) {
			t.Errorf("verify %v: %v\n%s\nwant %q", c.args, err, printed, c.says)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "nothing")); err == nil {
		t.Error("verifying a file made a database")
	}
}

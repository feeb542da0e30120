package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"staffetta/internal/postgres"
)

// smallDisk mounts a disk of a few megabytes for PostgreSQL and moves the events of the audit there. The test is skipped,
// with the reason, where it may not mount.
func (st *stage) smallDisk(t *testing.T) {
	t.Helper()
	place, at := filepath.Join(st.dir, "small"), syscall.Stat_t{}
	if err := errors.Join(os.Mkdir(place, 0o700), syscall.Stat(filepath.Join(st.dir, "data", "data"), &at)); err != nil {
		t.Skipf("nothing can be put beside the database: %v", err)
	}
	if err := syscall.Mount("tmpfs", place, "tmpfs", 0, fmt.Sprintf("size=6m,mode=0700,uid=%d,gid=%d", at.Uid, at.Gid)); err != nil {
		t.Skipf("this test may not mount a disk: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(place, 0); err != nil {
			t.Errorf("take the small disk away: %v", err)
		}
	})
	st.asSuperuser(t, `create tablespace small owner `+postgres.Owner+` location '`+place+`'`)
	t.Cleanup(func() {
		st.moveEvents(t, "pg_default")
		st.execLate(t, `drop table if exists public.ballast`)
		st.execLate(t, `drop tablespace small`)
	})
	st.moveEvents(t, "small")
	st.exec(t, `create table public.ballast (x text) tablespace small`)
}

// asSuperuser runs what the program itself may not, on the test's own server.
func (st *stage) asSuperuser(t *testing.T, sql string) {
	t.Helper()
	passwords := map[string]string{}
	text, err := os.ReadFile(filepath.Join(st.dir, "data", "passwords.json"))
	if err = errors.Join(err, json.Unmarshal(text, &passwords)); err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(t.Context(), st.database.server.URL("postgres", passwords["postgres"], postgres.Database))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), sql); err != nil {
		t.Fatal(err)
	}
}

// execLate is exec for what is done when the test's context has ended.
func (st *stage) execLate(t *testing.T, sql string) {
	t.Helper()
	if _, err := st.owner.Exec(context.WithoutCancel(t.Context()), sql); err != nil {
		t.Errorf("%s: %v", sql, err)
	}
}

// moveEvents moves every part of audit.events.
func (st *stage) moveEvents(t *testing.T, tablespace string) {
	t.Helper()
	rows, err := st.owner.Query(context.WithoutCancel(t.Context()), `select i.inhrelid::regclass::text from pg_inherits i where i.inhparent = 'audit.events'::regclass`)
	if err != nil {
		t.Fatal(err)
	}
	parts, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range parts {
		st.execLate(t, `alter table `+part+` set tablespace `+tablespace)
	}
}

// fill puts ballast on the small disk until there is no room for a page.
func (st *stage) fill(t *testing.T) {
	t.Helper()
	for rows := 1024; rows > 0; {
		_, err := st.owner.Exec(t.Context(), `insert into public.ballast select repeat('x', 1900) from generate_series(1, $1::int)`, rows)
		var full *pgconn.PgError
		switch {
		case errors.As(err, &full) && full.Code == "53100":
			rows /= 2
		case err != nil:
			t.Fatalf("fill the small disk: %v", err)
		}
	}
}

// TestTheAuditOnADiskThatIsFull fills the disk on which the audit stands: content is refused in words, nothing is lost, and
// it goes on once there is room.
func TestTheAuditOnADiskThatIsFull(t *testing.T) {
	st := alone(t)
	st.smallDisk(t)
	who := st.castScope(t, marsala, "Lombardo")
	program := st.token(t, who)
	person := idIn(t, program.call(t, 201, "POST", "/c_e974/persons", object{"surname": "Saltalamacchia", "name": "Ninfa", "no_code_reason": "unknown"}))
	ref := idIn(t, program.call(t, 201, "POST", "/c_e974/case-files", object{"person_id": person, "area": "disabili", "summary": "Sintesi"}))
	sara := st.signIn(t, who)
	path := "/c_e974/cartelle/" + ref
	if answer := sara.get(t, path); answer.Status != http.StatusOK {
		t.Fatalf("the case answers %d", answer.Status)
	}
	events := func() int { return query[int](t, st, `select count(*) from audit.events`) }
	st.fill(t)
	served, before := 0, events()
	for ; served < 200; served++ { // the last page of the events has room for some
		if answer := sara.get(t, path); answer.Status != http.StatusOK {
			break
		}
	}
	if n := events() - before; n != served {
		t.Errorf("%d pages were served and %d events came", served, n)
	}
	st.wantStopped(t, path, sara.get(t, path), unaudited)
	held, notes := events(), query[int](t, st, `select count(*) from casefile.notes`)
	note := `{"kind": "nota", "happened_on": "` + time.Now().Format(time.DateOnly) + `", "body": "` + hiddenNote + `", "sign": true}`
	write := func() reply {
		return program.send(t, "POST", "/api/v1/c_e974/case-files/"+ref+"/notes", strings.NewReader(note), "Content-Type", "application/json", "Accept-Language", "it")
	}
	st.wantStopped(t, "a note", write(), "Non è stato possibile registrare")
	if n, m := events(), query[int](t, st, `select count(*) from casefile.notes`); n != held || m != notes {
		t.Errorf("on a full disk %d events and %d notes came", n-held, m-notes)
	}
	st.exec(t, `drop table public.ballast`)
	if answer := sara.get(t, path); answer.Status != http.StatusOK {
		t.Errorf("with room again the case answers %d", answer.Status)
	}
	if answer := write(); answer.Status != http.StatusCreated {
		t.Errorf("with room again a note answers %d: %s", answer.Status, answer.Body)
	}
	if n := events(); n < held+2 {
		t.Errorf("with room again %d events came", n-held)
	}
	st.wantSealed(t)
}

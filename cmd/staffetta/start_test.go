package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"staffetta/internal/seal"
)

// binary is the built program, as it is delivered.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := stageDir()
	if err != nil {
		return "", err
	}
	builtIn = dir
	path := filepath.Join(dir, "staffetta")
	printed, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build the program: %w\n%s", err, printed)
	}
	return path, nil
})

// builtIn is the directory of the binary, removed at the end.
var builtIn string

func built(t *testing.T) string {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func TestUnsafeStartsAreRefused(t *testing.T) {
	production := map[string]string{"STAFFETTA_PRODUCTION": "true", "STAFFETTA_BASE_URL": "https://servizi.example.it", "STAFFETTA_ADDR": "127.0.0.1:0"}
	key, text, err := seal.New()
	if err != nil || key == nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		also map[string]string
		says string
	}{
		"the demo in production":   {map[string]string{"STAFFETTA_DEMO": "start", "STAFFETTA_KEY": text}, "STAFFETTA_DEMO is set"},
		"no key":                   {nil, "no master key"},
		"an empty key":             {map[string]string{"STAFFETTA_KEY": "", "STAFFETTA_KEY_FILE": ""}, "no master key"},
		"a key file that is not":   {map[string]string{"STAFFETTA_KEY_FILE": "/nowhere/master.key"}, "/nowhere/master.key"},
		"production by a word":     {map[string]string{"STAFFETTA_PRODUCTION": "yes"}, "STAFFETTA_PRODUCTION cannot be read"},
		"a proxy by its name":      {map[string]string{"STAFFETTA_PROXIES": "proxy.example.it", "STAFFETTA_KEY": text}, "STAFFETTA_PROXIES cannot be read"},
		"a key that is none":       {map[string]string{"STAFFETTA_KEY": "segreto"}, "key"},
		"no public address":        {map[string]string{"STAFFETTA_BASE_URL": "", "STAFFETTA_KEY": text}, "STAFFETTA_BASE_URL"},
		"a public address by http": {map[string]string{"STAFFETTA_BASE_URL": "http://servizi.example.it", "STAFFETTA_KEY": text}, "must begin with https://"},
		"the demo for the network": {map[string]string{"STAFFETTA_PRODUCTION": "false", "STAFFETTA_DEMO": "start", "STAFFETTA_ADDR": "0.0.0.0:8080"}, "loopback address only"},
		"mail in the clear":        {map[string]string{"STAFFETTA_KEY": text, "STAFFETTA_SMTP_HOST": "posta.example.it", "STAFFETTA_SMTP_TLS": "none", "STAFFETTA_SMTP_FROM": "a@example.it"}, "STAFFETTA_SMTP_TLS is none"},
		"an address that is none":  {map[string]string{"STAFFETTA_ADDR": "qui", "STAFFETTA_KEY": text}, "is not host:port"},
		"a demo that nobody wrote": {map[string]string{"STAFFETTA_PRODUCTION": "false", "STAFFETTA_DEMO": "grande", "STAFFETTA_ADDR": "127.0.0.1:0"}, "is neither start nor complete"},
	} {
		t.Run(name, func(t *testing.T) {
			data := filepath.Join(t.TempDir(), "data")
			command := exec.CommandContext(t.Context(), built(t), "serve")
			command.Env = clean("STAFFETTA_DATA=" + data)
			for _, more := range []map[string]string{production, c.also} {
				for name, value := range more {
					command.Env = append(command.Env, name+"="+value)
				}
			}
			printed, err := command.CombinedOutput()
			var exit *exec.ExitError
			if !errors.As(err, &exit) || exit.ExitCode() <= 0 {
				t.Fatalf("it starts, or ends otherwise than by itself: %v\n%s", err, printed)
			}
			if !strings.Contains(string(printed), c.says) {
				t.Errorf("it says %q, want %q", printed, c.says)
			}
			if _, err := os.Stat(filepath.Join(data, "postgres")); err == nil {
				t.Error("a database was made before the refusal")
			}
		})
	}
}

// clean is the environment without what configures the program.
func clean(more ...string) []string {
	var kept []string
	for _, one := range os.Environ() {
		if !strings.HasPrefix(one, "STAFFETTA_") || strings.HasPrefix(one, "STAFFETTA_PG_") {
			kept = append(kept, one)
		}
	}
	return append(kept, more...)
}

// child is the program in a process of its own, that can be killed.
type child struct {
	data, addr string
	command    *exec.Cmd
	log        *strings.Builder
}

// launch starts the program over a data directory, with what else is set, and waits until it serves.
func launch(t *testing.T, data, addr string, also ...string) *child {
	t.Helper()
	c := &child{data: data, addr: addr, log: &strings.Builder{}}
	c.command = exec.Command(built(t), "serve")
	c.command.Env = clean(append(also, "STAFFETTA_DATA="+data, "STAFFETTA_ADDR="+addr, "STAFFETTA_DEMO=start")...)
	c.command.Stderr = c.log
	out, err := c.command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if err := c.command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.stop() })
	ready := make(chan bool, 1)
	go func() {
		lines, told := bufio.NewScanner(out), false
		for lines.Scan() {
			if !told && strings.Contains(lines.Text(), "ready in") {
				told = true
				ready <- true
			}
		}
		ready <- false
	}()
	select {
	case up := <-ready:
		if !up {
			t.Fatalf("the program ended:\n%s", c.log)
		}
	case <-time.After(3 * time.Minute):
		t.Fatalf("the program does not start:\n%s", c.log)
	}
	t.Logf("started in %.1f s", time.Since(began).Seconds())
	return c
}

// stop asks the program to end and waits for it.
func (c *child) stop() {
	if c.command.ProcessState == nil {
		_ = c.command.Process.Signal(syscall.SIGTERM) // it may have ended by itself
		_ = c.command.Wait()
	}
}

// kill ends the program as a power cut would.
func (c *child) kill(t *testing.T) {
	t.Helper()
	if err := c.command.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = c.command.Wait() // killed is what it says
}

// postmaster is the process of the database.
func (c *child) postmaster(t *testing.T) int {
	t.Helper()
	var pid int
	found := false
	err := filepath.WalkDir(c.data, func(path string, _ os.DirEntry, err error) error {
		if err == nil && filepath.Base(path) == "postmaster.pid" {
			content, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			_, err = fmt.Sscan(string(content), &pid)
			found = err == nil
			return err
		}
		return nil
	})
	if err != nil || !found {
		t.Fatalf("no process of the database is known: %v", err)
	}
	return pid
}

// writer writes persons through the API until the program does not answer any more.
type writer struct {
	base, bearer string
	mu           sync.Mutex
	acknowledged []string
}

func (w *writer) write(ctx context.Context, n int) {
	client := &http.Client{Timeout: 20 * time.Second}
	for i := 0; ctx.Err() == nil; i++ {
		id := uuid.Must(uuid.NewV7()).String()
		body := fmt.Sprintf(`{"surname":"Scritto %d","name":"Numero %d","no_code_reason":"unknown"}`, n, i)
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, w.base+"/api/v1/c_f061/persons", strings.NewReader(body))
		if err != nil {
			return
		}
		r.Header.Set("Authorization", "Bearer "+w.bearer)
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Idempotency-Key", id)
		answer, err := client.Do(r)
		if err != nil {
			return
		}
		_, _ = io.Copy(io.Discard, answer.Body) // the status is the acknowledgement
		_ = answer.Body.Close()
		if answer.StatusCode != http.StatusCreated {
			return
		}
		w.mu.Lock()
		w.acknowledged = append(w.acknowledged, id)
		w.mu.Unlock()
	}
}

func (w *writer) count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.acknowledged)
}

// during runs the writers, strikes once some writes are acknowledged and waits for all.
func (w *writer) during(t *testing.T, strike func()) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	before := w.count()
	var work sync.WaitGroup
	for n := range 4 {
		work.Go(func() { w.write(ctx, n) })
	}
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for w.count() < before+40 {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("only %d writes were acknowledged", w.count()-before)
		}
	}
	strike()
	cancel()
	work.Wait()
}

// behind looks behind a running program: another one in this process, over the same
// database, which serves nobody.
func (c *child) behind(t *testing.T, look func(*stage)) {
	t.Helper()
	config, err := Config{Addr: c.addr, Data: c.data, Demo: demoStart}.complete()
	if err != nil {
		t.Fatal(err)
	}
	program, err := NewProgram(t.Context(), config)
	if err != nil {
		t.Fatalf("look behind the program: %v", err)
	}
	st := &stage{Program: program, URL: config.BaseURL}
	st.owner, err = pgxpool.New(t.Context(), program.database.ownerURL)
	if err == nil {
		look(st)
		st.owner.Close()
	}
	if err := errors.Join(err, program.Close(context.WithoutCancel(t.Context()))); err != nil {
		t.Fatal(err)
	}
}

// wantAll wants every acknowledged write to be there.
func (w *writer) wantAll(t *testing.T, c *child) {
	t.Helper()
	c.behind(t, func(st *stage) {
		found := query[int](t, st, `select count(*) from registry.persons where id = any($1::uuid[])`, w.acknowledged)
		if found != len(w.acknowledged) {
			t.Errorf("%d of %d acknowledged writes are there", found, len(w.acknowledged))
		}
		t.Logf("%d acknowledged writes, all there", len(w.acknowledged))
	})
}

// madeAt is when the data directory of the database was made.
func madeAt(t *testing.T, data string) time.Time {
	t.Helper()
	info, err := os.Stat(filepath.Join(data, "data", "PG_VERSION"))
	if err != nil {
		t.Fatal(err)
	}
	return info.ModTime()
}

// A command that looks after an installation makes none where there is none.
func TestACommandMakesNoOtherInstallation(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	for _, arguments := range [][]string{{"check"}, {"kit", "export", "cid", "1.0.0", "kit"}, {"audit", "keys"}} {
		command := exec.CommandContext(t.Context(), built(t), arguments...)
		command.Env = clean("STAFFETTA_DATA="+data, "LC_ALL=it_IT.UTF-8")
		printed, err := command.CombinedOutput()
		if _, ended := errors.AsType[*exec.ExitError](err); !ended || !strings.Contains(string(printed), "nessuna installazione in "+data) {
			t.Errorf("%v: %v, %s", arguments, err, printed)
		}
		if _, err := os.Stat(data); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%v makes %s", arguments, data)
		}
	}
}

func TestAKeyIsMadeForProduction(t *testing.T) {
	path := filepath.Join(t.TempDir(), "master.key")
	run := func() error { return exec.CommandContext(t.Context(), built(t), "key", "new", path).Run() }
	must(t, run())
	info, err := os.Stat(path)
	must(t, err)
	if info.Mode() != 0o600 {
		t.Errorf("others may read the key: %v", info.Mode())
	}
	if _, _, err := seal.FromFile(path, false); err != nil {
		t.Error(err)
	}
	if run() == nil {
		t.Error("a key that is there is made anew")
	}
}

func TestNothingAcknowledgedIsLost(t *testing.T) {
	dir, err := stageDir()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	data := filepath.Join(dir, "data")
	addr, err := freeAddr()
	if err != nil {
		t.Fatal(err)
	}
	c := launch(t, data, addr)
	made := madeAt(t, data)
	w := &writer{base: "http://" + addr}
	c.behind(t, func(st *stage) { w.bearer = st.token(t, st.castScope(t, mazara, "Giacalone")).bearer })

	w.during(t, func() { c.kill(t) })
	c = launch(t, data, addr)
	w.wantAll(t, c)

	w.during(t, func() {
		if err := syscall.Kill(c.postmaster(t), syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
	})
	c.stop()
	c = launch(t, data, addr)
	w.wantAll(t, c)
	if again := madeAt(t, data); !again.Equal(made) {
		t.Errorf("the data directory was made at %s, and again at %s", made, again)
	}
	c.stop()
}

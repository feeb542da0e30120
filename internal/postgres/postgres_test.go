package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// childDir makes the test binary a program that runs a server in that directory until it is killed.
const childDir = "POSTGRES_TEST_CHILD_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		if _, err := Start(context.Background(), Options{Dir: dir}); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Println("ready")
		select {}
	}
	os.Exit(m.Run())
}

// openDir is a temporary directory that the account PostgreSQL drops to can reach, unlike t.TempDir.
func openDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "staffetta-postgres-") //nolint:usetesting // closed to other accounts
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func testContext(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// start runs a server for the test. Durable servers are asked for by the tests about durability.
func start(t *testing.T, o Options) *Server {
	t.Helper()
	o.Log = slog.New(slog.NewTextHandler(t.Output(), nil))
	s, err := Start(testContext(t), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(t, s) })
	return s
}

func stop(t *testing.T, s *Server) {
	t.Helper()
	if err := s.Stop(context.Background()); err != nil {
		t.Errorf("stop: %v", err)
	}
}

func connect(t *testing.T, dsn string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(testContext(t), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

func execute(t *testing.T, conn *pgx.Conn, sql string) {
	t.Helper()
	if _, err := conn.Exec(testContext(t), sql); err != nil {
		t.Fatal(err)
	}
}

func one[T any](t *testing.T, conn *pgx.Conn, sql string) T {
	t.Helper()
	var value T
	if err := conn.QueryRow(testContext(t), sql).Scan(&value); err != nil {
		t.Fatal(err)
	}
	return value
}

// until polls a condition; the test fails when it does not come true.
func until(t *testing.T, what string, condition func() bool) {
	t.Helper()
	ctx := testContext(t)
	for !condition() {
		if pause(ctx, pollEvery) != nil {
			t.Fatalf("in vain waited until %s", what)
		}
	}
}

// serverPID is the postmaster's process id; 0 when none is ready.
func serverPID(s *Server) int {
	pid, status := s.postmaster()
	if status != "ready" {
		return 0
	}
	return pid
}

func TestColdAndWarmStart(t *testing.T) {
	dir := filepath.Join(openDir(t), "new", "state")
	first := start(t, Options{Dir: dir})
	if err := os.Chmod(filepath.Dir(dir), 0o755); err != nil {
		t.Fatal(err)
	}
	conn := connect(t, first.OwnerURL())
	execute(t, conn, "create table t as select 7 as n")
	got := map[string]string{}
	for _, name := range []string{
		"listen_addresses", "fsync", "jit", "shared_buffers", "max_connections", "wal_level",
		"data_checksums", "server_encoding", "lc_collate", "log_min_messages",
	} {
		got[name] = one[string](t, conn, "show "+name)
	}
	want := map[string]string{
		"listen_addresses": "", "fsync": "on", "jit": "off", "shared_buffers": "256MB",
		"max_connections": "100", "wal_level": "replica", "data_checksums": "on", "server_encoding": "UTF8",
		"lc_collate": "C.UTF-8", "log_min_messages": "log",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("settings (-want +got):\n%s", diff)
	}
	stop(t, first)
	if _, err := pgx.Connect(testContext(t), first.OwnerURL()); err == nil {
		t.Error("the server answers after stop")
	}
	second := start(t, Options{Dir: dir, Settings: map[string]string{"jit": "on"}})
	conn = connect(t, second.OwnerURL())
	if n := one[int](t, conn, "select n from t"); n != 7 {
		t.Errorf("after a warm start n = %d, want 7", n)
	}
	if jit := one[string](t, conn, "show jit"); jit != "on" {
		t.Errorf("the caller's setting is ignored: jit %s", jit)
	}
}

// TestRunningServer asks several things of one server, in any order.
func TestRunningServer(t *testing.T) {
	s := start(t, Options{Dir: openDir(t), Throwaway: true})
	for name, test := range map[string]func(*testing.T, *Server){
		"throwaway gives durability away":          testThrowaway,
		"nobody enters without password":           testNobodyEntersWithoutPassword,
		"the owner is no superuser":                testOwnerIsNoSuperuser,
		"files are closed":                         testFilesAreClosed,
		"a password is made once and kept":         testPasswordIsMadeOnceAndKept,
		"the passwords file opens":                 testPasswordsFile,
		"a second program joins and does not stop": testSecondProgramJoinsAndDoesNotStop,
	} {
		t.Run(name, func(t *testing.T) { test(t, s) })
	}
}

func testThrowaway(t *testing.T, s *Server) {
	conn := connect(t, s.OwnerURL())
	for _, name := range []string{"fsync", "full_page_writes", "synchronous_commit"} {
		if value := one[string](t, conn, "show "+name); value != "off" {
			t.Errorf("%s = %s, want off", name, value)
		}
	}
}

func testNobodyEntersWithoutPassword(t *testing.T, s *Server) {
	for _, c := range []struct{ role, password string }{
		{superuser, ""}, {Owner, ""}, {superuser, "postgres"}, {superuser, s.passwords.get(Owner)}, {"nobody", ""},
	} {
		// Without the file a missing password is a missing password.
		t.Setenv("PGPASSFILE", filepath.Join(openDir(t), "none"))
		conn, err := pgx.Connect(testContext(t), s.URL(c.role, c.password, Database))
		if err == nil {
			_ = conn.Close(context.Background())
			t.Errorf("role %s entered with password %q", c.role, c.password)
			continue
		}
		var refused *pgconn.PgError
		if !errors.As(err, &refused) || refused.Code[:2] != "28" {
			t.Errorf("role %s: %v, want a refused authentication", c.role, err)
		}
	}
	connect(t, s.URL(superuser, s.passwords.get(superuser), "postgres")) // the refusals are not for a dead server
}

func testOwnerIsNoSuperuser(t *testing.T, s *Server) {
	conn := connect(t, s.OwnerURL())
	type role struct{ Rolsuper, Rolbypassrls, Rolreplication, Rolcreaterole, Rolcreatedb bool }
	rows, err := conn.Query(testContext(t),
		"select rolsuper, rolbypassrls, rolreplication, rolcreaterole, rolcreatedb from pg_roles where rolname = current_user")
	if err != nil {
		t.Fatal(err)
	}
	got, err := pgx.CollectOneRow(rows, pgx.RowToStructByName[role])
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(role{Rolcreaterole: true, Rolcreatedb: true}, got); diff != "" {
		t.Errorf("owner (-want +got):\n%s", diff)
	}
	if owner := one[string](t, conn, "select pg_get_userbyid(datdba)::text from pg_database where datname = current_database()"); owner != Owner {
		t.Errorf("the database belongs to %s", owner)
	}
	execute(t, conn, "create role staffetta_app login")
	execute(t, conn, "create schema casefile")
	execute(t, conn, "create database copy")
}

func testFilesAreClosed(t *testing.T, s *Server) {
	dir := s.options.Dir
	for name, want := range map[string]fs.FileMode{"passwords.json": 0o600, "postgres.log": 0o600, "run": 0o700, "data": 0o700} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != want {
			t.Errorf("%s has mode %v, want %v", name, info.Mode().Perm(), want)
		}
	}
	info, err := os.Stat(fmt.Sprintf("/proc/%d", serverPID(s)))
	if err != nil {
		t.Fatal(err)
	}
	if uid, _ := ownerOf(info); uid == 0 {
		t.Error("postgresql runs as root")
	}
}

func testPasswordIsMadeOnceAndKept(t *testing.T, s *Server) {
	dir := s.options.Dir
	first, err := s.Password("staffetta_app")
	if err != nil {
		t.Fatal(err)
	}
	if other, err := s.Password("staffetta_guest"); err != nil || other == first || len(first) < 32 {
		t.Errorf("passwords %q and %q, %v", first, other, err)
	}
	if _, err := s.Password(superuser); err == nil {
		t.Error("the superuser's password was handed out")
	}
	joined := start(t, Options{Dir: dir})
	if again, err := joined.Password("staffetta_app"); err != nil || again != first {
		t.Errorf("another program gets %q, %v, want %q", again, err, first)
	}
	if _, err := joined.Password("staffetta_worker"); err == nil {
		t.Error("a program that does not run the server made a password")
	}
}

func testSecondProgramJoinsAndDoesNotStop(t *testing.T, s *Server) {
	dir := s.options.Dir
	pid := serverPID(s)
	joined := start(t, Options{Dir: dir})
	connect(t, joined.OwnerURL())
	stop(t, joined)
	stop(t, joined) // once more does no harm
	connect(t, s.OwnerURL())
	if now := serverPID(s); now != pid {
		t.Errorf("process %d became %d", pid, now)
	}
}

func TestLostPasswordsAreSetAnew(t *testing.T) {
	dir := openDir(t)
	s := start(t, Options{Dir: dir, Throwaway: true})
	execute(t, connect(t, s.OwnerURL()), "create table kept ()")
	stop(t, s)
	if err := os.Remove(filepath.Join(dir, "passwords.json")); err != nil {
		t.Fatal(err)
	}
	execute(t, connect(t, start(t, Options{Dir: dir, Throwaway: true}).OwnerURL()), "select from kept")
}

func TestCommittedRowsSurviveKillOfPostgres(t *testing.T) {
	s := start(t, Options{Dir: openDir(t)})
	conn := connect(t, s.OwnerURL())
	execute(t, conn, "create table t (n int)")
	for round := 1; round <= 3; round++ {
		execute(t, conn, "insert into t select generate_series(1, 10000)")
		pid := serverPID(s)
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		until(t, "postgresql is up again", func() bool {
			now := serverPID(s)
			return now != 0 && now != pid && s.login(testContext(t)) == nil
		})
		conn = connect(t, s.OwnerURL())
		if n := one[int](t, conn, "select count(*) from t"); n != round*10000 {
			t.Fatalf("%d rows after kill %d, want %d", n, round, round*10000)
		}
	}
}

func TestCommittedRowsSurviveKillOfProgram(t *testing.T) {
	dir := openDir(t)
	program := exec.Command(os.Args[0])
	program.Env = append(os.Environ(), childDir+"="+dir)
	program.Stderr = t.Output()
	out, err := program.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := out.Read(make([]byte, 16)); err != nil {
		t.Fatal(err)
	}
	joined := start(t, Options{Dir: dir})
	execute(t, connect(t, joined.OwnerURL()), "create table t as select generate_series(1, 1000)")
	orphan := serverPID(joined)
	if err := program.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = program.Wait()
	s := start(t, Options{Dir: dir}) // at once, while the old server is ending
	if n := one[int](t, connect(t, s.OwnerURL()), "select count(*) from t"); n != 1000 {
		t.Errorf("%d rows, want 1000", n)
	}
	until(t, "the old server is gone", func() bool { return !s.serves(orphan) })
}

// leaveOrphan starts a server that nobody watches, as a program leaves it that dies without its death signal.
func leaveOrphan(t *testing.T, dir string) *process {
	t.Helper()
	s := start(t, Options{Dir: dir, Throwaway: true})
	execute(t, connect(t, s.OwnerURL()), "create table kept ()")
	stop(t, s)
	p, err := s.launch()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.await(testContext(t), p); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestOrphanIsAdopted(t *testing.T) {
	dir := openDir(t)
	orphan := leaveOrphan(t, dir)
	s := start(t, Options{Dir: dir, Throwaway: true})
	if pid := serverPID(s); pid != orphan.pid {
		t.Errorf("process %d runs, want the orphan %d", pid, orphan.pid)
	}
	execute(t, connect(t, s.OwnerURL()), "select from kept")
	if err := orphan.signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	until(t, "an adopted server is started again", func() bool { pid := serverPID(s); return pid != 0 && pid != orphan.pid })
	stop(t, s)
	if _, status := s.postmaster(); status != "" {
		t.Errorf("after stop the server is %s", status)
	}
}

func TestEndingOrphanIsWaitedFor(t *testing.T) {
	dir := openDir(t)
	orphan := leaveOrphan(t, dir)
	if err := orphan.signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	s := start(t, Options{Dir: dir, Throwaway: true})
	until(t, "a server of our own runs", func() bool { pid := serverPID(s); return pid != 0 && pid != orphan.pid })
	execute(t, connect(t, s.OwnerURL()), "select from kept")
}

// startDuring starts a server that PostgreSQL first refuses with some words, then lets the obstacle go.
func startDuring(t *testing.T, dir, refusal string, letGo func() error) *Server {
	t.Helper()
	ctx := testContext(t)
	go func() {
		said := func() bool {
			text, err := os.ReadFile(filepath.Join(dir, "postgres.log"))
			return err == nil && strings.Contains(string(text), refusal)
		}
		for !said() && ctx.Err() == nil {
			_ = pause(ctx, pollEvery) // its error ends the loop
		}
		if err := letGo(); err != nil {
			t.Error(err)
		}
	}()
	return start(t, Options{Dir: dir, Throwaway: true})
}

func TestMemoryOfAKilledServerIsWaitedFor(t *testing.T) {
	dir := openDir(t)
	orphan := leaveOrphan(t, dir)
	passwords, err := loadPasswords(dir)
	if err != nil {
		t.Fatal(err)
	}
	conn := connect(t, (&Server{socketDir: filepath.Join(dir, "run"), passwords: passwords}).OwnerURL())
	backend := one[int](t, conn, "select pg_backend_pid()")
	if err := syscall.Kill(backend, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	if err := orphan.signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	<-orphan.exited
	s := startDuring(t, dir, "is still in use", func() error { return syscall.Kill(backend, syscall.SIGCONT) })
	execute(t, connect(t, s.OwnerURL()), "select from kept")
}

func TestLockFileOfADyingProcessIsWaitedFor(t *testing.T) {
	dir := openDir(t)
	s := start(t, Options{Dir: dir, Throwaway: true})
	stop(t, s)
	other := exec.Command("sleep", "60") // of the server's user, so that PostgreSQL must take it for a postmaster
	other.Dir = "/"
	other.SysProcAttr = s.account.attributes()
	other.SysProcAttr.Pdeathsig = 0
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	lock := fmt.Sprintf("%d\n%s\n1\n5432\n%s\n\n\nready\n", other.Process.Pid, s.dataDir(), s.socketDir)
	if err := os.WriteFile(filepath.Join(s.dataDir(), "postmaster.pid"), []byte(lock), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.account.take(filepath.Join(s.dataDir(), "postmaster.pid")); err != nil {
		t.Fatal(err)
	}
	s = startDuring(t, dir, "already exists", func() error {
		if err := other.Process.Kill(); err != nil {
			return err
		}
		_ = other.Wait() // it was killed
		return nil
	})
	connect(t, s.OwnerURL())
}

func TestForeignProcessIsNoOrphan(t *testing.T) {
	data := fakeData(t, "15")
	s := &Server{options: Options{Dir: filepath.Dir(data)}}
	stale := fmt.Sprintf("%d\n%s\n1\n5432\n%s\n\n\nready\n", os.Getpid(), s.dataDir(), s.socketDir)
	file := filepath.Join(s.dataDir(), "postmaster.pid")
	if err := os.WriteFile(file, []byte(stale), 0o600); err != nil {
		t.Fatal(err)
	}
	if pid, status := s.postmaster(); status != "" {
		t.Errorf("process %d, which is this test, passes for a server that is %s", pid, status)
	}
}

// picture is every file below a directory with its size and time.
func picture(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := os.Lstat(path)
		if err == nil {
			files[path] = fmt.Sprint(info.Mode(), info.Size(), info.ModTime())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestOtherVersionIsRefusedAndUntouched(t *testing.T) {
	dir := openDir(t)
	stop(t, start(t, Options{Dir: dir, Throwaway: true}))
	data := filepath.Join(dir, "data")
	if err := os.WriteFile(filepath.Join(data, "PG_VERSION"), []byte("8\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	before := picture(t, data)
	_, err := Start(testContext(t), Options{Dir: dir})
	if !errors.Is(err, ErrVersionMismatch) || !strings.Contains(err.Error(), "needs PostgreSQL 8") {
		t.Errorf("error %v, want a version mismatch that names 8", err)
	}
	if diff := cmp.Diff(before, picture(t, data)); diff != "" {
		t.Errorf("the data directory was touched:\n%s", diff)
	}
}

func TestInterruptedCreationStartsOver(t *testing.T) {
	dir := openDir(t)
	draft := filepath.Join(dir, "data.init")
	if err := os.MkdirAll(filepath.Join(draft, "base"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(draft, "PG_VERSION"), []byte("15\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	connect(t, start(t, Options{Dir: dir, Throwaway: true}).OwnerURL())
	if exists(draft) {
		t.Error("the interrupted creation is still there")
	}
}

func TestStopWithoutPatience(t *testing.T) {
	dir := openDir(t)
	s := start(t, Options{Dir: dir})
	execute(t, connect(t, s.OwnerURL()), "create table kept ()")
	pid := serverPID(s)
	if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil { // it cannot end in order
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Kill(pid, syscall.SIGCONT) })                                        // or nothing could end it but force
	until(t, "it stands still", func() bool { return strings.Contains(statusOf(t, pid), "State:\tT") }) // a later signal would overtake the stop
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Stop(ctx) }()
	until(t, "it is asked to end", func() bool { return pending(t, pid, syscall.SIGINT) })
	if pending(t, pid, syscall.SIGQUIT) {
		t.Error("there was no time to end in order")
	}
	cancel()
	until(t, "it is told to end at once", func() bool { return pending(t, pid, syscall.SIGQUIT) })
	if err := syscall.Kill(pid, syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if s.serves(pid) {
		t.Error("the server still runs")
	}
	execute(t, connect(t, start(t, Options{Dir: dir}).OwnerURL()), "select from kept")
}

// statusOf is what the kernel says of a process.
func statusOf(t *testing.T, pid int) string {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// pending tells whether a signal waits for a stopped process.
func pending(t *testing.T, pid int, signal syscall.Signal) bool {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "\nShdPnd:\t")
	mask, err := strconv.ParseUint(rest[:16], 16, 64)
	if err != nil {
		t.Fatal(err)
	}
	return mask&(1<<(signal-1)) != 0
}

func TestDirectoryWithoutDatabaseIsNotFilled(t *testing.T) {
	dir := openDir(t)
	if err := os.Mkdir(filepath.Join(dir, "data"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(filepath.Join(dir, "data"), 65534, 65534); err != nil && os.Geteuid() == 0 {
		t.Fatal(err)
	}
	if _, err := Start(testContext(t), Options{Dir: dir}); err == nil || !strings.Contains(err.Error(), "holds no PostgreSQL database") {
		t.Errorf("error %v", err)
	}
	if files := picture(t, filepath.Join(dir, "data")); len(files) != 1 {
		t.Errorf("something was written: %v", files)
	}
}

func TestLongStatePath(t *testing.T) {
	dir := filepath.Join(openDir(t), strings.Repeat("comune-di-", 12))
	s := start(t, Options{Dir: dir, Throwaway: true})
	connect(t, s.OwnerURL())
	if strings.HasPrefix(s.socketDir, dir) {
		t.Errorf("socket directory %s", s.socketDir)
	}
	if info, err := os.Stat(s.socketDir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("socket directory %v, %v", info, err)
	}
	stop(t, s)
	if exists(s.socketDir) {
		t.Error("the short socket directory is left behind")
	}
}

func TestFailedStartTellsWhyAndLeavesNothingRunning(t *testing.T) {
	dir := openDir(t)
	o := Options{Dir: dir, Throwaway: true, Settings: map[string]string{"max_connections": "none"}}
	if _, err := Start(testContext(t), o); err == nil || !strings.Contains(err.Error(), "max_connections") {
		t.Errorf("error %v does not tell what PostgreSQL said", err)
	}
	connect(t, start(t, Options{Dir: dir, Throwaway: true}).OwnerURL()) // the directory is free and whole
}

func TestURLIsQuoted(t *testing.T) {
	s := &Server{socketDir: "/srv/run"}
	config, err := pgx.ParseConfig(s.URL("röle", "p@ss:/?#", "data base"))
	if err != nil {
		t.Fatal(err)
	}
	got := []string{config.Host, config.User, config.Password, config.Database}
	if diff := cmp.Diff([]string{"/srv/run", "röle", "p@ss:/?#", "data base"}, got); diff != "" {
		t.Errorf("parsed (-want +got):\n%s", diff)
	}
	if u, err := url.Parse(s.URL("a", "b", "c")); err != nil || u.Query().Get("host") != "/srv/run" {
		t.Errorf("url %v, %v", u, err)
	}
}

func testPasswordsFile(t *testing.T, s *Server) {
	dir := s.options.Dir
	text, err := os.ReadFile(filepath.Join(dir, "passwords.json"))
	if err != nil {
		t.Fatal(err)
	}
	var stored map[string]string
	if err := json.Unmarshal(text, &stored); err != nil {
		t.Fatal(err)
	}
	connect(t, s.URL(Owner, stored[Owner], Database))
}

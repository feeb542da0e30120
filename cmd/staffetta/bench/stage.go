package bench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/cmd/staffetta/bench/yardstick"
	"staffetta/internal/postgres"
	"staffetta/internal/seal"
	"staffetta/internal/session"
	"staffetta/tenants"
)

// Options say what is measured.
type Options struct {
	Program string // the built binary of staffetta
	Dir     string // data of the bench's own, kept between runs
	Tenants int
	Cases   int
	Circle  int           // bodies that show cases to each other under one agreement
	Shares  int           // live ones among them
	Large   int           // cases of one body more, which adopts a large kit
	Spread  int           // practices in the catalogue
	Adopt   int           // bodies that a campaign is for
	Clients int           // connections of a closed loop
	Rounds  int           // of every contender, in turn
	Length  time.Duration // of a contender's turn
	Log     io.Writer
}

// operator is a social worker who is signed in.
type operator struct {
	tenant  int32
	slug    string
	account uuid.UUID
	name    string
	cookie  string
	file    uuid.UUID // a case that is assigned to the operator
}

// stage is the database with its population and the two programs that are compared.
type stage struct {
	Options
	database *postgres.Server
	engine   process // of the database
	key      *seal.Key
	db       *tenants.DB
	owner    *pgx.Conn
	addr     string // of the program
	program  *exec.Cmd
	bareAddr string
	bare     *exec.Cmd
	workers  []operator
}

// open starts everything and makes the population if it is not there.
func open(ctx context.Context, o Options) (_ *stage, err error) {
	st := &stage{Options: o}
	defer func() {
		if err != nil {
			err = errors.Join(err, st.close())
		}
	}()
	if err := os.MkdirAll(o.Dir, 0o755); err != nil {
		return nil, fmt.Errorf("make the folder of the bench: %w", err)
	}
	if st.database, err = postgres.Start(ctx, postgres.Options{Dir: o.Dir, Log: slog.New(slog.DiscardHandler)}); err != nil {
		return nil, err
	}
	if st.engine, err = postmaster(o.Dir); err != nil {
		return nil, err
	}
	if err := st.populate(ctx); err != nil {
		return nil, err
	}
	if st.db, err = yardstick.OpenDoors(ctx, st.database.OwnerURL(), st.keyFile()); err != nil {
		return nil, err
	}
	if st.key, _, err = seal.FromFile(st.keyFile(), false); err != nil {
		return nil, err
	}
	if st.owner, err = pgx.Connect(ctx, st.database.OwnerURL()); err != nil {
		return nil, fmt.Errorf("connect as the owner: %w", err)
	}
	if err := st.signIn(ctx); err != nil {
		return nil, err
	}
	if err := st.serve(ctx); err != nil {
		return nil, err
	}
	return st, st.serveBare(ctx)
}

func (st *stage) keyFile() string { return filepath.Join(st.Dir, "master.key") }

// command runs a binary over the bench's database, with its log in a file.
func (st *stage) command(ctx context.Context, name string, args ...string) (*exec.Cmd, error) {
	log, err := os.OpenFile(filepath.Join(st.Dir, filepath.Base(name)+".log"), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open a log: %w", err)
	}
	defer log.Close() // the process has its own
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.Stderr = log
	for _, pair := range os.Environ() {
		if !strings.HasPrefix(pair, "STAFFETTA_") && !strings.HasPrefix(pair, "DATABASE_URL=") {
			cmd.Env = append(cmd.Env, pair)
		}
	}
	cmd.Env = append(cmd.Env, "DATABASE_URL="+st.database.OwnerURL(), "STAFFETTA_DATA="+st.Dir, "STAFFETTA_KEY_FILE="+st.keyFile())
	return cmd, nil
}

// populate lets the program fill the database; what is there stays.
func (st *stage) populate(ctx context.Context) error {
	cmd, err := st.command(ctx, st.Program, "demo", "--tenants", strconv.Itoa(st.Tenants), "--cases", strconv.Itoa(st.Cases),
		"--circle", strconv.Itoa(st.Circle), "--shares", strconv.Itoa(st.Shares),
		"--large", strconv.Itoa(st.Large), "--spread", strconv.Itoa(st.Spread), "--adopt", strconv.Itoa(st.Adopt))
	if err != nil {
		return err
	}
	cmd.Stdout, cmd.Stderr = st.Log, st.Log
	cmd.Env = append(cmd.Env, "STAFFETTA_DEMO=start", "STAFFETTA_LOG_LEVEL=WARN")
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("fill the database: %w", err)
	}
	return nil
}

// signIn opens a session for every social worker of the population: the API counts requests by account.
func (st *stage) signIn(ctx context.Context) error {
	rows, err := st.owner.Query(ctx, `
		select t.id, t.slug, m.account_id, m.display_name,
			(select a.case_id from casefile.assignments a where a.tenant_id = t.id and a.account_id = m.account_id and a.valid_to is null order by a.id limit 1)
		from platform.tenants t join platform.memberships m on m.tenant_id = t.id
		where m.role = 'social_worker' and t.kind = 'municipality' and m.valid_to is null
			and exists (select 1 from casefile.assignments a where a.tenant_id = t.id and a.account_id = m.account_id and a.valid_to is null)
		order by m.account_id limit 4000`)
	if err != nil {
		return fmt.Errorf("find the workers: %w", err)
	}
	st.workers, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (operator, error) {
		var w operator
		return w, row.Scan(&w.tenant, &w.slug, &w.account, &w.name, &w.file)
	})
	if err != nil {
		return fmt.Errorf("find the workers: %w", err)
	}
	if len(st.workers) == 0 {
		return errors.New("nobody of the population holds a case")
	}
	return st.openSessions(ctx, st.workers)
}

// openSessions signs operators in.
func (st *stage) openSessions(ctx context.Context, operators []operator) error {
	store := session.NewStore(st.db, st.key, time.Now)
	for i := range operators {
		o := &operators[i]
		s, token, err := store.Create(ctx, session.Opening{
			Tenant: o.tenant, Account: o.account, Purpose: tenants.Operator, Assurance: 2, Provider: "demo", Name: o.name,
		})
		if err != nil {
			return err
		}
		o.cookie = session.CookieName(s.Tenant, s.Purpose) + "=" + token
	}
	return nil
}

// serve starts the program as it is started for people.
func (st *stage) serve(ctx context.Context) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("find a free port: %w", err)
	}
	st.addr = listener.Addr().String()
	if err := listener.Close(); err != nil {
		return err
	}
	if st.program, err = st.command(ctx, st.Program, "serve"); err != nil {
		return err
	}
	st.program.Env = append(st.program.Env, "STAFFETTA_ADDR="+st.addr, "STAFFETTA_DEMO=start")
	if err := st.program.Start(); err != nil {
		return fmt.Errorf("start the program: %w", err)
	}
	for range 600 {
		if _, _, err := fetch(ctx, "http://"+st.addr+"/api/v1/status", ""); err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
	return errors.New("the program does not answer; see its log in " + st.Dir)
}

// serveBare builds and starts the yardstick.
func (st *stage) serveBare(ctx context.Context) error {
	binary := filepath.Join(st.Dir, "bare")
	if output, err := exec.CommandContext(ctx, "go", "build", "-o", binary, "staffetta/cmd/staffetta/bench/bare").CombinedOutput(); err != nil {
		return fmt.Errorf("build the yardstick: %w: %.400s", err, output)
	}
	var err error
	if st.bare, err = st.command(ctx, binary); err != nil {
		return err
	}
	said, err := st.bare.StdoutPipe()
	if err != nil {
		return err
	}
	if err := st.bare.Start(); err != nil {
		return fmt.Errorf("start the yardstick: %w", err)
	}
	address, err := bufio.NewReader(said).ReadString('\n')
	if err != nil {
		return fmt.Errorf("the yardstick does not listen: %w", err)
	}
	st.bareAddr = strings.TrimSpace(address)
	return nil
}

// close stops what open started.
func (st *stage) close() error {
	var errs []error
	for _, cmd := range []*exec.Cmd{st.program, st.bare} {
		if cmd != nil && cmd.Process != nil {
			errs = append(errs, cmd.Process.Signal(syscall.SIGTERM))
			_ = cmd.Wait() // it was told to end
		}
	}
	if st.owner != nil {
		errs = append(errs, st.owner.Close(context.Background()))
	}
	if st.db != nil {
		st.db.Close()
	}
	if st.database != nil {
		errs = append(errs, st.database.Stop(context.Background()))
	}
	return errors.Join(errs...)
}

// Package postgres runs the program's own PostgreSQL server when no DATABASE_URL is given: it finds the
// binaries, creates the database once, starts it on a private unix socket, starts it again when it falls, and
// stops it with the program.
//
// It must never delete, re-initialise or upgrade a data directory, never open a TCP port, and never hand out a
// superuser connection: the program works as the role staffetta_owner. It knows nothing of schemas and
// migrations.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// Owner is the login role that owns the database: CREATEROLE and CREATEDB, never superuser.
const Owner = "staffetta_owner"

// Database is the name of the program's database.
const Database = "staffetta"

const (
	superuser = "postgres"
	pollEvery = 15 * time.Millisecond
)

// Options say where a server lives and how it runs.
type Options struct {
	// Dir is the state directory, which holds data/, run/ (the socket), passwords.json and postgres.log.
	Dir string
	// Throwaway gives durability away for speed (fsync and its companions off). For tests and benches only.
	Throwaway bool
	// Log receives one line for each start, unexpected end and stop. Nil discards them.
	Log *slog.Logger
	// Settings are PostgreSQL settings that win over the built-in ones.
	Settings map[string]string
}

// Server is a running PostgreSQL server on a private unix socket.
type Server struct {
	options   Options
	log       *slog.Logger
	account   account
	binaries  Binaries
	socketDir string
	passwords *passwords
	lock      *os.File // nil when another program runs the server and this one only uses it

	running context.Context // ends when Stop is called
	end     context.CancelFunc
	hurry   chan struct{} // closed when Stop may not wait for a clean end
	hurried sync.Once
	done    chan struct{} // closed when the last process has ended
	stopErr error
}

// Start brings the server of a state directory up and returns when its owner can log in: it creates the database
// the first time, adopts a server left behind by a killed program, and keeps the server alive until Stop. When
// another live program already runs the server of this directory, Start connects to that one, and Stop leaves it
// alone. Errors name the directory, version or user that stands in the way; data is never touched by them.
// The context bounds the start only.
func Start(ctx context.Context, o Options) (*Server, error) {
	s, err := newServer(o)
	if err != nil {
		return nil, err
	}
	for {
		s.lock, err = tryLock(filepath.Join(s.options.Dir, "lock"))
		if err != nil {
			return nil, err
		}
		if s.lock != nil {
			return s.own(ctx)
		}
		joined, err := s.join(ctx)
		if err != nil {
			return nil, err
		}
		if joined {
			return s, nil
		}
		if err := pause(ctx, pollEvery); err != nil {
			return nil, fmt.Errorf("wait for the postgresql of another program in %s: %w", s.options.Dir, err)
		}
	}
}

// OwnerURL is the connection string of the role Owner to the program's database.
func (s *Server) OwnerURL() string {
	return s.URL(Owner, s.passwords.get(Owner), Database)
}

// Password is the password kept for a login role in the state directory; the first call for a role makes a
// random one and stores it before returning. Giving it to the role (ALTER ROLE) is the caller's part. A program
// that uses the server of another one gets the passwords made there and makes none.
func (s *Server) Password(role string) (string, error) {
	if role == superuser {
		return "", errors.New("the superuser's password is not handed out")
	}
	if s.lock != nil {
		return s.passwords.ensure(role)
	}
	stored, err := loadPasswords(s.options.Dir)
	if err != nil {
		return "", err
	}
	if password := stored.get(role); password != "" {
		return password, nil
	}
	return "", fmt.Errorf("no password is stored for role %s: the program that runs the server makes it", role)
}

// Stop ends the server in order (SIGINT) and waits for it; after 30 seconds, or when the context ends, it does
// so at once (SIGQUIT), which makes the next start recover, without loss unless Throwaway. A second call waits too.
func (s *Server) Stop(ctx context.Context) error {
	s.end()
	select {
	case <-s.done:
	case <-ctx.Done():
		s.hurried.Do(func() { close(s.hurry) })
		<-s.done
	}
	return s.stopErr
}

// URL is the connection string of a role to a database of this server, over the unix socket.
func (s *Server) URL(user, password, database string) string {
	query := url.Values{"host": {s.socketDir}, "port": {socketPort}, "sslmode": {"disable"}}
	u := url.URL{Scheme: "postgres", User: url.UserPassword(user, password), Path: "/" + database, RawQuery: query.Encode()}
	return u.String()
}

func newServer(o Options) (*Server, error) {
	if o.Dir == "" {
		return nil, errors.New("start postgresql: no state directory given")
	}
	dir, err := filepath.Abs(o.Dir)
	if err != nil {
		return nil, fmt.Errorf("resolve state directory: %w", err)
	}
	o.Dir = dir
	if err := makeStateDir(dir); err != nil {
		return nil, err
	}
	s := &Server{options: o, log: o.Log, hurry: make(chan struct{}), done: make(chan struct{})}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	s.running, s.end = context.WithCancel(context.Background())
	s.account, err = chooseAccount(s.dataDir())
	s.socketDir = chooseSocketDir(dir, s.account)
	return s, err
}

// own runs the server as the holder of the lock.
func (s *Server) own(ctx context.Context) (*Server, error) {
	began := time.Now()
	process, err := s.prepareAndBring(ctx)
	if err != nil {
		return nil, errors.Join(err, s.release())
	}
	go s.supervise(process)
	s.log.Info("postgresql is ready", "dir", s.options.Dir, "version", s.binaries.Version, "binaries", s.binaries.Dir,
		"pid", process.pid, "took", time.Since(began).Round(time.Millisecond))
	return s, nil
}

func (s *Server) prepareAndBring(ctx context.Context) (*process, error) {
	var err error
	if s.binaries, err = Locate(s.dataDir()); err != nil {
		return nil, err
	}
	if err := s.probe(ctx); err != nil {
		return nil, err
	}
	if err := s.prepareCluster(ctx); err != nil {
		return nil, err
	}
	if err := makeSocketDir(s.socketDir, s.account); err != nil {
		return nil, err
	}
	return s.bring(ctx)
}

// join uses the server that another live program runs, once it is ready.
func (s *Server) join(ctx context.Context) (bool, error) {
	if _, status := s.postmaster(); status != "ready" {
		return false, nil
	}
	var err error
	if s.passwords, err = loadPasswords(s.options.Dir); err != nil {
		return false, err
	}
	if err := s.login(ctx); err != nil {
		return false, fatalLogin(err)
	}
	s.log.Info("using the postgresql that another program runs", "dir", s.options.Dir)
	go func() {
		<-s.running.Done()
		close(s.done)
	}()
	return true, nil
}

// login proves that the owner gets in.
func (s *Server) login(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, s.OwnerURL())
	if err != nil {
		return fmt.Errorf("log in as %s: %w", Owner, err)
	}
	return conn.Close(ctx)
}

func (s *Server) dataDir() string { return filepath.Join(s.options.Dir, "data") }

// release gives the directory back to whoever starts next.
func (s *Server) release() error {
	removeSocketDir(s.socketDir, s.options.Dir)
	if err := s.lock.Close(); err != nil {
		return fmt.Errorf("release state directory: %w", err)
	}
	return nil
}

// pause waits, or returns the context's error.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

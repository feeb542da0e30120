package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

const (
	longestBackoff = 5 * time.Second
	// handover bounds how long a start waits for the last processes of a killed server to let go of its memory.
	handover = 10 * time.Second
)

var errExited = errors.New("postgresql ended before it was ready")

// bring adopts a live orphan or starts a server, and returns when the owner can log in.
func (s *Server) bring(ctx context.Context) (*process, error) {
	p := s.orphan()
	for deadline := time.Now().Add(handover); ; {
		if p == nil {
			var err error
			if p, err = s.launch(); err != nil {
				return nil, err
			}
		}
		err := s.await(ctx, p)
		if err == nil {
			return p, nil
		}
		if !errors.Is(err, errExited) {
			return nil, errors.Join(err, s.abandon(p))
		}
		said := s.said(p)
		if !p.adopted && (!stillHeld(said) || time.Now().After(deadline)) {
			return nil, fmt.Errorf("%w: %s", err, said)
		}
		if err := pause(ctx, pollEvery); err != nil {
			return nil, err
		}
		p = nil
	}
}

// abandon ends a process of ours that did not come up; somebody else's is left as it is.
func (s *Server) abandon(p *process) error {
	if p.adopted {
		return nil
	}
	return p.stop(s.hurry)
}

// await polls a process until the owner can log in, it ends, or the context ends.
func (s *Server) await(ctx context.Context, p *process) error {
	ticker := time.NewTicker(pollEvery)
	defer ticker.Stop()
	for {
		if pid, status := s.postmaster(); pid == p.pid && status == "ready" {
			err := s.login(ctx)
			if err == nil || fatalLogin(err) != nil {
				return err
			}
		}
		select {
		case <-p.exited:
			return errExited
		case <-ctx.Done():
			return fmt.Errorf("wait for postgresql: %w", ctx.Err())
		case <-ticker.C:
		}
	}
}

// supervise keeps the server alive until Stop, then ends it.
func (s *Server) supervise(p *process) {
	defer close(s.done)
	for p != nil {
		select {
		case <-s.running.Done():
			s.stopErr = errors.Join(p.stop(s.hurry), s.release())
			s.log.Info("postgresql is stopped", "dir", s.options.Dir)
			return
		case <-p.exited:
			s.log.Warn("postgresql ended unexpectedly and is started again", "dir", s.options.Dir, "pid", p.pid, "log", s.logPath())
			p = s.revive()
		}
	}
	s.stopErr = s.release()
}

// revive tries until the server is up again; nil when Stop came first.
func (s *Server) revive() *process {
	for delay := pollEvery; ; delay = min(2*delay, longestBackoff) {
		p, err := s.bring(s.running)
		if err == nil {
			return p
		}
		if s.running.Err() != nil {
			return nil
		}
		s.log.Error("postgresql does not start", "err", err, "again_in", delay)
		if pause(s.running, delay) != nil {
			return nil
		}
	}
}

// stillHeld recognises a start refused because processes of the former server are still ending.
func stillHeld(said string) bool {
	return strings.Contains(said, "is still in use") || strings.Contains(said, `lock file "postmaster.pid" already exists`)
}

// fatalLogin is the error of a login that waiting does not mend: a wrong password, or a missing role or database.
func fatalLogin(err error) error {
	var refused *pgconn.PgError
	if errors.As(err, &refused) && (strings.HasPrefix(refused.Code, "28") || refused.Code == "3D000") {
		return err
	}
	return nil
}

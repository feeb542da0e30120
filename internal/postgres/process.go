package postgres

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const (
	patience   = 30 * time.Second // for an orderly end
	largestLog = 16 << 20         // bytes of postgres.log before a start turns it over
)

// process is a postmaster: our child, or one left behind by a killed program.
type process struct {
	pid     int
	adopted bool
	logFrom int64         // where its part of postgres.log begins
	exited  chan struct{} // closed when it has ended
}

// launch starts postgres. The goroutine keeps its thread until the end, because the death signal is tied to it.
func (s *Server) launch() (*process, error) {
	log, err := s.openLog()
	if err != nil {
		return nil, err
	}
	defer log.Close()
	info, err := log.Stat()
	if err != nil {
		return nil, fmt.Errorf("open the server's log: %w", err)
	}
	p := &process{logFrom: info.Size(), exited: make(chan struct{})}
	cmd := s.command("postgres", s.serverArgs()...)
	cmd.Stdout, cmd.Stderr = log, log
	started := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		if err != nil {
			started <- fmt.Errorf("start postgresql: %w", err)
			return
		}
		p.pid = cmd.Process.Pid
		started <- nil
		_ = cmd.Wait() // how it ended is in its log
		close(p.exited)
	}()
	return p, <-started
}

// orphan is the live postmaster of a program that is gone; nil when there is none.
func (s *Server) orphan() *process {
	pid, status := s.postmaster()
	if status == "" {
		return nil
	}
	p := &process{pid: pid, adopted: true, exited: make(chan struct{})}
	go func() {
		ticker := time.NewTicker(pollEvery)
		defer ticker.Stop()
		for s.serves(pid) {
			<-ticker.C
		}
		close(p.exited)
	}()
	return p
}

// postmaster reads postmaster.pid: the live server's process id and state (starting, ready, stopping), or an empty
// state when no live process serves the data directory.
func (s *Server) postmaster() (int, string) {
	text, err := os.ReadFile(filepath.Join(s.dataDir(), "postmaster.pid"))
	if err != nil {
		return 0, ""
	}
	lines := strings.Split(string(text), "\n")
	pid, err := strconv.Atoi(lines[0])
	if err != nil || !s.serves(pid) {
		return 0, ""
	}
	if len(lines) < 8 {
		return pid, "starting"
	}
	return pid, strings.TrimSpace(lines[7])
}

// serves tells whether a live process works inside the data directory, as a postmaster does: after a reboot its
// number may be anybody's.
func (s *Server) serves(pid int) bool {
	data, err := os.Stat(s.dataDir())
	if err != nil {
		return false
	}
	cwd, err := os.Stat(fmt.Sprintf("/proc/%d/cwd", pid))
	return err == nil && os.SameFile(data, cwd)
}

// stop ends the process in order, at once when that takes too long or hurry is closed, and by force when even that
// is in vain; it waits for the end.
func (p *process) stop(hurry <-chan struct{}) error {
	if err := p.signal(syscall.SIGINT); err != nil {
		return err
	}
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-p.exited:
		return nil
	case <-timer.C:
	case <-hurry:
	}
	if err := p.signal(syscall.SIGQUIT); err != nil {
		return err
	}
	timer.Reset(patience)
	select {
	case <-p.exited:
		return nil
	case <-timer.C: // stopped by a debugger, or stuck in the disk
	}
	if err := p.signal(syscall.SIGKILL); err != nil {
		return err
	}
	<-p.exited
	return nil
}

func (p *process) signal(signal syscall.Signal) error {
	select {
	case <-p.exited:
		return nil
	default:
	}
	if err := syscall.Kill(p.pid, signal); err != nil && !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("signal postgresql: %w", err)
	}
	return nil
}

// run executes a short-lived program and returns what it printed; the context ends it.
func (s *Server) run(ctx context.Context, cmd *exec.Cmd) (string, error) {
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	runtime.LockOSThread() // the death signal is tied to the thread
	defer runtime.UnlockOSThread()
	if err := cmd.Start(); err != nil {
		return "", fmt.Errorf("run %s: %w", filepath.Base(cmd.Path), err)
	}
	finish := context.AfterFunc(ctx, func() { _ = cmd.Process.Signal(syscall.SIGINT) })
	defer finish()
	if err := cmd.Wait(); err != nil {
		return out.String(), errors.Join(ctx.Err(), fmt.Errorf("run %s: %w", filepath.Base(cmd.Path), err))
	}
	return out.String(), nil
}

func (s *Server) logPath() string { return filepath.Join(s.options.Dir, "postgres.log") }

func (s *Server) openLog() (*os.File, error) {
	if info, err := os.Stat(s.logPath()); err == nil && info.Size() > largestLog {
		if err := os.Rename(s.logPath(), s.logPath()+".1"); err != nil {
			return nil, fmt.Errorf("turn over the server's log: %w", err)
		}
	}
	log, err := os.OpenFile(s.logPath(), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the server's log: %w", err)
	}
	return log, nil
}

// said is what the process wrote to the log, the last 2000 bytes of it.
func (s *Server) said(p *process) string {
	text, err := os.ReadFile(s.logPath())
	if err != nil || int64(len(text)) < p.logFrom {
		return ""
	}
	text = text[p.logFrom:]
	if len(text) > 2000 {
		text = text[len(text)-2000:]
	}
	return strings.TrimSpace(string(text))
}

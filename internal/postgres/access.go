package postgres

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// account is the user PostgreSQL runs as.
type account struct {
	uid, gid uint32
	name     string
	drop     bool // the program is root, PostgreSQL refuses to be
}

// chooseAccount takes the program's own user. Root drops to the owner of an existing data directory, else to
// postgres, else to nobody.
func chooseAccount(dataDir string) (account, error) {
	owner, existing := pathOwner(dataDir)
	if uid := uint32(os.Geteuid()); uid != 0 {
		if existing && owner != uid {
			return account{}, fmt.Errorf("the data in %s belongs to user %s, the program runs as %s: run it as that user",
				dataDir, userName(owner), userName(uid))
		}
		return account{uid: uid, gid: uint32(os.Getegid()), name: userName(uid)}, nil
	}
	if existing && owner != 0 {
		return lookUp(userName(owner))
	}
	if existing {
		return account{}, fmt.Errorf("the data in %s belongs to root, whom PostgreSQL refuses: give it to its former owner with chown -R", dataDir)
	}
	a, err := lookUp("postgres")
	if err != nil {
		a, err = lookUp("nobody")
	}
	return a, err
}

// lookUp finds an account to drop to; a bare number stands for itself.
func lookUp(name string) (account, error) {
	u, err := user.Lookup(name)
	if err != nil {
		uid, numberErr := strconv.ParseUint(name, 10, 32)
		if numberErr != nil {
			return account{}, fmt.Errorf("find a user for PostgreSQL: %w", err)
		}
		return account{uid: uint32(uid), gid: uint32(uid), name: name, drop: true}, nil
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return account{}, fmt.Errorf("read the id of user %s: %w", name, err)
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return account{}, fmt.Errorf("read the group of user %s: %w", name, err)
	}
	return account{uid: uint32(uid), gid: uint32(gid), name: name, drop: true}, nil
}

// take makes the account the owner of a file or directory.
func (a account) take(path string) error {
	if !a.drop {
		return nil
	}
	if err := os.Chown(path, int(a.uid), int(a.gid)); err != nil {
		return fmt.Errorf("give %s to user %s: %w", path, a.name, err)
	}
	return nil
}

// attributes start a process as the account, in a group of its own (Ctrl-C is the program's), and end it in order
// when the thread that started it dies: that thread must be locked and wait.
func (a account) attributes() *syscall.SysProcAttr {
	attributes := &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGINT}
	if a.drop {
		attributes.Credential = &syscall.Credential{Uid: a.uid, Gid: a.gid}
	}
	return attributes
}

// probe runs the binary as the account inside the state directory, which fails where either is out of its reach.
func (s *Server) probe(ctx context.Context) error {
	out, err := s.run(ctx, s.command("postgres", "--version"))
	if err == nil {
		return nil
	}
	if !errors.Is(err, fs.ErrPermission) {
		return s.explain("try PostgreSQL as user "+s.account.name, out, err)
	}
	for _, path := range []string{s.options.Dir, filepath.Join(s.binaries.Dir, "postgres")} {
		if dir := s.account.closedDir(path); dir != "" {
			return fmt.Errorf("user %s, as whom PostgreSQL runs, cannot reach %s: directory %s is closed to it. Open it with chmod o+x, or use STAFFETTA_DATA and STAFFETTA_PG_BINDIR to move: %w",
				s.account.name, path, dir, err)
		}
	}
	return fmt.Errorf("user %s, as whom PostgreSQL runs, cannot use %s in %s: %w", s.account.name, s.binaries.Dir, s.options.Dir, err)
}

// closedDir is the first directory on the way to a path (itself included) that the account may not pass by its mode.
func (a account) closedDir(path string) string {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	way := upwards(path)
	for _, dir := range slices.Backward(way) {
		info, err := os.Stat(dir)
		if err == nil && !a.passes(info) {
			return dir
		}
	}
	return ""
}

func (a account) passes(info os.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return true
	}
	bit := os.FileMode(0o001)
	switch {
	case stat.Uid == a.uid:
		bit = 0o100
	case stat.Gid == a.gid:
		bit = 0o010
	}
	return info.Mode().Perm()&bit != 0
}

// explain adds what to do to a failure of PostgreSQL's own programs.
func (s *Server) explain(what, output string, err error) error {
	output = strings.TrimSpace(output)
	if strings.Contains(output, "could not look up effective user ID") {
		return fmt.Errorf("%s: user id %d has no entry in /etc/passwd, which PostgreSQL needs: add one: %w", what, s.account.uid, err)
	}
	return fmt.Errorf("%s: %w: %s", what, err, output)
}

// command prepares one of PostgreSQL's programs, run as the account inside the state directory.
func (s *Server) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(s.binaries.Dir, name), args...) //nolint:noctx // a server outlives the context of its start
	cmd.Dir = s.options.Dir                                           // initdb fails where its user cannot read the working directory
	cmd.Env = environment()
	cmd.SysProcAttr = s.account.attributes()
	return cmd
}

// environment is all that PostgreSQL's programs see: no PG* variable of the caller may change what they do.
func environment() []string {
	return []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8", "TZ=UTC"}
}

func pathOwner(path string) (uint32, bool) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, false
	}
	return ownerOf(info)
}

func ownerOf(info os.FileInfo) (uint32, bool) {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, false
	}
	return stat.Uid, true
}

func userName(uid uint32) string {
	id := strconv.FormatUint(uint64(uid), 10)
	if u, err := user.LookupId(id); err == nil {
		return u.Username
	}
	return id
}

package postgres

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"syscall"
)

const (
	socketPort = "5432"
	// longestSocketPath is what sun_path holds (108 bytes with the closing zero).
	longestSocketPath = 107
)

// StateDir is where the program keeps its state: STAFFETTA_DATA, or /var/lib/staffetta for root, or
// $XDG_STATE_HOME/staffetta (~/.local/state/staffetta) for a user. It fails for a user without a home.
func StateDir() (string, error) {
	if dir := os.Getenv("STAFFETTA_DATA"); dir != "" {
		return filepath.Abs(dir)
	}
	if os.Geteuid() == 0 {
		return "/var/lib/staffetta", nil
	}
	// The XDG base directory specification: a relative path is to be ignored.
	if dir := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "staffetta"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("find a place for the data (set STAFFETTA_DATA): %w", err)
	}
	return filepath.Join(home, ".local", "state", "staffetta"), nil
}

// Installed tells whether a state directory holds a database already.
func Installed(dir string) bool { return exists(filepath.Join(dir, "data")) }

// makeStateDir creates the state directory where there is none. Root's must let the server's account through.
func makeStateDir(dir string) error {
	if exists(dir) {
		return nil
	}
	mode := os.FileMode(0o700)
	if os.Geteuid() == 0 {
		mode = 0o711
	}
	if err := os.MkdirAll(dir, mode); err != nil {
		return fmt.Errorf("create state directory: %w", err)
	}
	if err := os.Chmod(dir, mode); err != nil { // whatever the umask is
		return fmt.Errorf("create state directory: %w", err)
	}
	return nil
}

// tryLock takes the file lock that makes one program the holder of a state directory; nil when another has it.
// The kernel frees it when the holder dies, however it dies.
func tryLock(path string) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock state directory: %w", err)
	}
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil {
		return file, nil
	}
	if errors.Is(err, syscall.EWOULDBLOCK) {
		err = nil
	}
	return nil, errors.Join(err, file.Close())
}

// plainPath holds what both PostgreSQL's setting (a comma separated list) and a connection string take literally.
var plainPath = regexp.MustCompile(`^[A-Za-z0-9/._-]+$`)

// chooseSocketDir is run/ in the state directory, or a short name made from its path when that cannot hold a socket.
func chooseSocketDir(stateDir string, a account) string {
	dir := filepath.Join(stateDir, "run")
	socket := filepath.Join(dir, ".s.PGSQL."+socketPort)
	if len(socket) <= longestSocketPath && plainPath.MatchString(dir) {
		return dir
	}
	base := "/tmp"
	if os.Geteuid() == 0 && exists("/run") {
		base = "/run"
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%d:%s", a.uid, stateDir))
	return filepath.Join(base, fmt.Sprintf("staffetta-%x", sum[:8]))
}

// makeSocketDir creates the socket directory 0700 for the server's account, or accepts the one it made before.
// Anybody may create names in /tmp, so one that belongs to somebody else is refused.
func makeSocketDir(dir string, a account) error {
	err := os.Mkdir(dir, 0o700)
	if err == nil {
		return a.take(dir)
	}
	if !errors.Is(err, os.ErrExist) {
		return fmt.Errorf("create socket directory: %w", err)
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return fmt.Errorf("look at socket directory: %w", err)
	}
	if owner, known := ownerOf(info); !info.IsDir() || !known || owner != a.uid {
		return fmt.Errorf("socket directory %s does not belong to user %s: remove it", dir, a.name)
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		return fmt.Errorf("close socket directory: %w", err)
	}
	return nil
}

// removeSocketDir tidies a socket directory outside the state directory away, when it is empty.
func removeSocketDir(dir, stateDir string) {
	if filepath.Dir(dir) != stateDir {
		_ = os.Remove(dir) // left over files are not ours to judge
	}
}

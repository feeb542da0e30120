package main

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"staffetta/tenants/taxcode"
)

// fake is somebody whom the service is about in a test, as the scripts know them.
type fake struct {
	Code       string `json:"code"`
	Surname    string `json:"surname"`
	Name       string `json:"name"`
	Birth      string `json:"birth"`
	Birthplace string `json:"birthplace"`
	Mobile     string `json:"mobile"`
}

func newFake(surname, name, born, sex, mobile string) fake {
	day, err := time.Parse(time.DateOnly, born)
	if err != nil {
		panic(err) // written below
	}
	return fake{taxcode.Build(surname, name, day, sex, "G315"), surname, name, day.Format("02/01/2006"), "Pantelleria", mobile}
}

var (
	rosalia = newFake("Oliveri", "Rosalia", "1951-07-09", "F", "333 1234567")
	// neighbour is served where a practice has just been adopted.
	neighbour = newFake("Bianchi", "Maria", "1960-01-01", "F", "333 7654321")
	son       = newFake("Pavia", "Salvatore", "1978-03-02", "M", "")
)

// diaryMarker is what stands in a diary and must be found nowhere else.
const diaryMarker = "Segreto del diario: zafferano e capperi"

// browse runs a script of the directory browser against a program; given is handed
// over as JSON. What it prints is the test's log.
func browse(t *testing.T, st *stage, script string, given any) {
	t.Helper()
	needBrowser(t)
	handed, err := json.Marshal(given)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, "node", filepath.Join("browser", script))
	command.Env = append(os.Environ(), "STAFFETTA_URL="+st.URL, "STAFFETTA_GIVEN="+string(handed), "STAFFETTA_ARTIFACTS="+t.ArtifactDir())
	printed, err := command.CombinedOutput()
	t.Logf("%s", printed)
	if err != nil {
		t.Logf("failures in the log: %q", failedStatus.FindAllString(st.logged(t), 5))
		t.Fatalf("browser/%s: %v", script, err)
	}
}

// needBrowser fails when the tools of browser tests are missing.
func needBrowser(t *testing.T) {
	t.Helper()
	chromium := os.Getenv("CHROMIUM")
	if chromium == "" {
		chromium = "/usr/bin/chromium"
	}
	if _, err := os.Stat(chromium); err != nil {
		t.Fatal("Chromium is missing: run `make test`, which installs it, or set CHROMIUM")
	}
	if _, err := exec.LookPath("node"); err != nil {
		t.Fatal("Node.js is missing: install Node.js 20 or later and run `make test`")
	}
	if _, err := os.Stat("../../node_modules/playwright-core"); err != nil {
		t.Fatal("the npm packages are missing: run `make test`, which installs them")
	}
}

// stretch is a part of the way that several tests stand on: it is walked once.
type stretch struct {
	once   sync.Once
	passed bool
}

// walk walks the stretch, or fails when that did not succeed before.
func (s *stretch) walk(t *testing.T, steps func()) {
	t.Helper()
	s.once.Do(func() {
		steps()
		s.passed = true
	})
	if !s.passed {
		t.Fatal("the journey failed before")
	}
}

// walked is a program after the journey in browsers that run scripts, or do not. Each
// journey has a program of its own, so that it begins where a newcomer does.
func walked(t *testing.T, scripts bool) *stage {
	t.Helper()
	way, st := &unscripted, unscriptedSite
	if scripts {
		way, st = &scripted, scriptedSite
	}
	visited := wanted(t, st)
	way.walk(t, func() {
		visited.enters(t, scripts)
		browse(t, visited, "journey.mjs", map[string]any{"scripts": scripts, "rosalia": rosalia, "son": son, "marker": diaryMarker})
	})
	return visited
}

// enters has Pantelleria enter in browsers, and brings it live.
func (st *stage) enters(t *testing.T, scripts bool) {
	t.Helper()
	browse(t, st, "entry.mjs", map[string]any{"scripts": scripts})
	st.goesLive(t, pantelleria)
}

var scripted, unscripted stretch

// shared is the program after the journey without scripts: a case of Pantelleria is shared.
func shared(t *testing.T) *stage {
	t.Helper()
	return walked(t, false)
}

func TestJourneyInABrowser(t *testing.T) {
	t.Parallel()
	walked(t, true).wantCleanLog(t, writtenOnTheWay()...)
}

func TestJourneyWithoutScripts(t *testing.T) {
	t.Parallel()
	walked(t, false).wantCleanLog(t, writtenOnTheWay()...)
}

// longestAdoption is how long an adoption may take the people who do it, from its first page to the first case served, in minutes.
const longestAdoption = 30

func TestJourneyOfAWholeAdoption(t *testing.T) {
	t.Parallel()
	browse(t, walked(t, true), "adoption.mjs", map[string]any{"limit": longestAdoption, "person": neighbour})
}

// writtenOnTheWay is what people write into forms on the journey.
func writtenOnTheWay() []string {
	return []string{diaryMarker, rosalia.Surname, son.Surname, "Chiede un aiuto in casa", "comune.example"}
}

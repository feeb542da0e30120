package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// mostTyped is how many fields people fill in by hand until a municipality that nobody knew has served somebody.
const mostTyped = 60

// newcomerParts are what is done until then, each in fresh browsers: whoever has its turn finds what the others have left.
var newcomerParts = []string{"begun", "two at once", "confirmed", "proven", "set up", "peopled", "adopted", "informed", "live", "served"}

// TestJourneyOfANewcomer brings in a municipality that the program has never seen, by the pages: from the public one to the first case
// that is served with a kit of another body. The program is restarted after each part.
func TestJourneyOfANewcomer(t *testing.T) {
	t.Parallel()
	st := alone(t)
	tally := filepath.Join(t.TempDir(), "tally.json")
	mustDo(t, os.WriteFile(tally, []byte(`{"fields": 0, "pages": 0}`), 0o600))
	st.newcomes(t, tally, "published")
	for _, part := range newcomerParts {
		st.restart(t)
		st.newcomes(t, tally, part)
	}
	var counted struct{ Fields, Pages int }
	text, err := os.ReadFile(tally)
	mustDo(t, err)
	mustDo(t, json.Unmarshal(text, &counted))
	t.Logf("%d fields are typed on %d pages", counted.Fields, counted.Pages)
	if counted.Fields == 0 || counted.Fields > mostTyped {
		t.Errorf("%d fields are typed, want at most %d", counted.Fields, mostTyped)
	}
	st.wantCleanLog(t, neighbour.Surname, "comune.example", "contrassegno")
}

func TestJourneyOfANewcomerWithoutScripts(t *testing.T) {
	t.Parallel()
	st := shared(t)
	st.newcomes(t, "", newcomerParts...)
	st.wantCleanLog(t, neighbour.Surname, "comune.example", "contrassegno")
}

// newcomes has people do parts of the way. What they type is added up in the file tally; without one they have no scripts.
func (st *stage) newcomes(t *testing.T, tally string, parts ...string) {
	t.Helper()
	codes := map[string]string{}
	for _, person := range cast {
		codes[person.Name+" "+person.Surname] = person.code()
	}
	browse(t, st, "newcomer.mjs", map[string]any{"parts": parts, "scripts": tally != "", "codes": codes, "person": neighbour, "tally": tally})
}

package description

import (
	"encoding/json"
	"testing"

	"staffetta/internal/problem"
	"staffetta/modules/kit"
	"staffetta/modules/practice/release"
	"staffetta/modules/practice/sheet"
)

// What a page shows of a practice is the practice again: who saves without a change changes nothing.
func TestAPageHoldsAPractice(t *testing.T) {
	t.Parallel()
	cid, err := release.CID()
	if err != nil {
		t.Fatal(err)
	}
	cid.Practice.Sheet.Characteristics.Needs[1].EN = "" // one line without English
	again, err := read(values(cid.Practice), cid.Practice)
	if err != nil {
		t.Fatal(err)
	}
	was, _ := json.Marshal(cid.Practice)
	is, _ := json.Marshal(again)
	if string(was) != string(is) {
		t.Errorf("was %s\nis  %s", was, is)
	}
}

func TestReadTellsWhatIsWrong(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ field, text, want string }{
		"a year":            {"registry.startedYear", "da poco", "practice.write.error.number"},
		"an amount":         {"registry.project.funding", "molto", "practice.write.error.amount"},
		"English alone":     {"characteristics.problem.en", "A problem", "practice.write.error.italian"},
		"more English":      {"transfer.how.en", "One\nTwo", "practice.write.error.lines"},
		"a value of nobody": {"results.figures", "9,4", "practice.write.error.figures"},
	} {
		typed := values(release.Practice{})
		typed.Set(test.field, test.text)
		_, err := read(typed, release.Practice{})
		if fields := problem.Of(err).Fields; len(fields) != 1 || fields[0].Message.Key != test.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestEvidenceKeepsItsKeys(t *testing.T) {
	t.Parallel()
	before := release.Practice{}
	before.Sheet.Results.Evidence = []sheet.Evidence{
		{Key: "service", Kind: "fact", Label: kit.Text{IT: "Attivo dal 2013"}}, {Key: "fact_1", Kind: "lesson", Label: kit.Text{IT: "Si impara"}},
	}
	typed := values(before)
	typed.Set("results.facts.it", "Attivo dal 2013\nTre Comuni")
	after, err := read(typed, before)
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]string{}
	for _, one := range after.Sheet.Results.Evidence {
		keys[one.Label.IT] = one.Key
	}
	if keys["Attivo dal 2013"] != "service" || keys["Si impara"] != "fact_1" || keys["Tre Comuni"] != "fact_2" {
		t.Errorf("keys %v", keys)
	}
}

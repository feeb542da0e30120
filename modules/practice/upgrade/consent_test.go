package upgrade

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"staffetta/internal/language"
	"staffetta/internal/merge"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/policies"
)

// showing is the kind of notes, each member of which shows something to two people.
func showing(t *testing.T) *modules.Kinds {
	t.Helper()
	note, _, _ := notes(t).Get("note")
	note.Shows = func(_ string, content []byte) ([]modules.Shown, error) {
		var members map[string]string
		err := json.Unmarshal(content, &members)
		shown := modules.Shown{Who: language.Text{It: "Chi legge"}, Role: "reader", Bond: policies.Body}
		for name, value := range members {
			shown.May = append(shown.May, name+":"+value)
		}
		slices.Sort(shown.May)
		return []modules.Shown{shown}, err
	}
	note.Rules = func(string, []byte) ([]policies.Rule, error) { return nil, nil }
	kinds, err := modules.NewKinds([]modules.Module{{ID: "note", Kinds: []modules.Kind{note}}})
	if err != nil {
		t.Fatal(err)
	}
	return kinds
}

// reading makes a trial what somebody reads who has kept some answers.
func (t trial) reading(tt *testing.T, kept map[string]Decision) trial {
	tt.Helper()
	t.kinds, t.plan.Kept, t.plan.people = showing(tt), kept, modules.People{"reader": {"": 2}}
	made := t
	t.plan.from = &made
	if err := t.plan.show(); err != nil {
		tt.Fatal(err)
	}
	return t
}

func drawContent(rt *rapid.T, name string) string {
	if rapid.IntRange(0, 4).Draw(rt, name) == 0 {
		return ""
	}
	value := rapid.SampledFrom([]string{"1", "2", "3"})
	return fmt.Sprintf(`{"a":%q,"b":%q}`, value.Draw(rt, name+" a"), value.Draw(rt, name+" b"))
}

func drawDecision(rt *rapid.T, name string) Decision {
	d := Decision{Answer: rapid.SampledFrom([]Answer{"", KeepOurs, TakeKit, Unite}).Draw(rt, name), Reason: "Così serve", Fields: map[string]merge.Answer{}}
	for _, at := range []string{"a", "b", "content.a", "content.b", "/a", "/b"} {
		side := rapid.SampledFrom([]merge.Side{merge.Ours, merge.Theirs, merge.Value}).Draw(rt, name+at)
		d.Fields[at] = merge.Answer{Side: side}
		if side == merge.Value {
			d.Fields[at] = merge.Answer{Side: side, Value: json.RawMessage(`"9"`)}
		}
	}
	return d
}

// Whatever somebody has kept and then decides: what applying writes shows nobody anything that the plan did not say, and takes
// from nobody without it; and nothing of what is there changes without an acknowledgement.
func TestNobodySeesMoreThanWasRead(t *testing.T) {
	applied, refused, asked := 0, 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		o := one{base: drawContent(rt, "base"), ours: drawContent(rt, "ours"), theirs: drawContent(rt, "theirs"), practice: thisPractice}
		o.state = rapid.SampledFrom([]kit.State{kit.Published, kit.Retired}).Draw(rt, "state")
		o.decision = rapid.SampledFrom([]string{"", left}).Draw(rt, "decision")
		kept := map[string]Decision{}
		if rapid.Bool().Draw(rt, "kept") {
			kept["note/N"] = drawDecision(rt, "kept answer")
		}
		tr := o.trial(t).reading(t, kept)
		a := applying{trial: tr, seen: tr.plan.Digest(), acknowledged: true, decisions: map[string]Decision{"note/N": drawDecision(rt, "answer")}}
		if a.checkDecisions() != nil {
			return
		}
		var err error
		a.told, err = a.consents()
		if problem.Is(err, problem.Invalid) {
			refused++
			return
		}
		settlements, failed := a.settle()
		if err != nil || failed != nil {
			return
		}
		applied++
		for _, one := range settlements {
			for _, change := range seen(t, tr.kinds, one) {
				if !slices.Contains(tr.plan.shown().of("note/N"), change) {
					rt.Fatalf("%+v: nobody has read that %+v", one.line.Outcome, change)
				}
				a.acknowledged = false
				if _, err := a.consents(); err == nil && one.found.inUse() != nil {
					rt.Fatalf("%+v: %+v without an acknowledgement", one.line.Outcome, change)
				}
				asked++
			}
		}
	})
	if applied == 0 || refused == 0 || asked == 0 {
		t.Errorf("%d applied, %d refused, %d asked", applied, refused, asked)
	}
}

// seen are the gains and losses by what is written, found without a plan.
func seen(t *testing.T, kinds *modules.Kinds, one settled) (changes []modules.SightChange) {
	t.Helper()
	kind, _, _ := kinds.Get("note")
	var may [2][]string
	for i, content := range [][]byte{one.found.inUse(), one.made.inUse()} {
		if content != nil {
			shown, err := kind.Shows("N", content)
			if err != nil {
				t.Fatal(err)
			}
			may[i] = shown[0].May
		}
	}
	for i, gained := range []bool{false, true} {
		for _, name := range may[i] {
			if !slices.Contains(may[1-i], name) {
				changes = append(changes, modules.SightChange{Gained: gained, Sight: modules.Sight{Who: "Nota", Bond: policies.Body, Action: name, Cases: 2}})
			}
		}
	}
	return changes
}

// Another title alone changes no sight, and is a change of the rules that somebody has to be let make.
func TestAnotherTitleOfARoleIsAChangeOfRules(t *testing.T) {
	o := one{base: start, ours: start, theirs: start, title: "Nota", practice: thisPractice}
	tr := o.trial(t)
	tr.plan.Lines = nil
	theirs := note(start, "Altro titolo")
	if err := tr.judgeAll([]kit.Source{theirs}); err != nil {
		t.Fatal(err)
	}
	tr.kinds = showing(t)
	made := tr
	tr.plan.from = &made
	got, err := tr.plan.Consent(nil)
	if err != nil || !slices.Equal(got.Rules, []string{"note/N"}) || len(got.Sights) > 0 || got.Needed() {
		t.Errorf("%+v, %v", got, err)
	}
}

package upgrade

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/kit"
)

const (
	asked = `{"sections":[{"key":"s","label":{"it":"S"},"items":[
		{"key":"who","label":{"it":"Chi"},"type":"choice","options":[{"value":"a","label":{"it":"A"}},{"value":"b","label":{"it":"B"}},{"value":"c","label":{"it":"C"}}]},
		{"key":"what","label":{"it":"Che cosa"},"type":"text"},{"key":"long","label":{"it":"Racconto"},"type":"text","maxLength":200}]}]}`
	asks = `{"changes":[{"key":"who","way":"map","from":"who","values":[{"value":"b","to":"a"}]}],
		"sections":[{"key":"s","label":{"it":"S"},"items":[
		{"key":"who","label":{"it":"Chi"},"type":"choice","options":[{"value":"a","label":{"it":"A"}},{"value":"d","label":{"it":"D"}}]},
		{"key":"long","label":{"it":"Racconto"},"type":"text","maxLength":100}]}]}`
)

// The dry run counts the open records whose answers would have no place: by value where there are values to choose from, and
// without a number where fewer than five would be told.
func TestStoredAnswersWithoutAPlaceAreCounted(t *testing.T) {
	old, now := uuid.New(), uuid.New()
	versions := map[uuid.UUID]kit.Version{old: {Kind: kit.KindForm, Content: []byte(asked)}, now: {Kind: kit.KindForm, Content: []byte(asks)}}
	form, ok := kit.FormIn(kit.KindForm, []byte(asks))
	if !ok {
		t.Fatal("the form cannot be read")
	}
	got := carried(form, []byte(asks), versions, []modules.StoredAnswers{
		{Version: old, Open: true, Records: 12},
		{Version: old, Records: 30},
		{Version: now, Open: true, Records: 7},
		{Version: old, Open: true, Question: "who", Value: "a", Records: 3},
		{Version: old, Open: true, Question: "who", Value: "b", Records: 2},
		{Version: old, Open: true, Question: "who", Value: "c", Records: 6},
		{Version: old, Open: true, Question: "what", Records: 4},
		{Version: old, Open: true, Question: "long", Records: 1},
		{Version: now, Open: true, Question: "who", Value: "d", Records: 7},
	})
	type told struct {
		Key, Value string
		Narrow     bool
		Shown      int // -1 where it is protected
	}
	var lost []told
	for _, one := range got.Lost {
		n, shown := one.Told()
		if !shown {
			n = -1
		}
		lost = append(lost, told{one.Question.Key, one.Value, one.Narrow, n})
	}
	want := []told{{"who", "c", false, 6}, {"what", "", false, -1}, {"long", "", true, -1}}
	if diff := cmp.Diff(want, lost); diff != "" || got.Open != 12 || got.Closed != 30 {
		t.Errorf("%d open, %d closed, lost (-want +got):\n%s", got.Open, got.Closed, diff)
	}
	if same := carried(form, []byte(asks), map[uuid.UUID]kit.Version{now: versions[now]}, []modules.StoredAnswers{{Version: now, Open: true, Records: 7}}); same != nil {
		t.Errorf("records that are asked the same are told: %+v", same)
	}
}

// Who would leave answers without a place says that they have read it, but not where the body keeps its own version.
func TestLeavingAnswersWantsAnAcknowledgement(t *testing.T) {
	line := Line{Kind: kit.KindForm, Key: "FO-01", Outcome: Conflict, Carried: &Carrying{Open: 1, Lost: []LostAnswers{{Records: 1}}}}
	a := applying{trial: trial{plan: Plan{Lines: []Line{line}}}, decisions: map[string]Decision{line.Place(): {Answer: TakeKit}}}
	if _, err := a.consents(); !problem.Is(err, problem.Invalid) {
		t.Errorf("without an acknowledgement it gives %v", err)
	}
	a.acknowledged = true
	if _, err := a.consents(); !problem.Is(err, problem.Invalid) {
		t.Errorf("with one of nobody knows what it gives %v", err)
	}
	a.seen = a.plan.Digest()
	if _, err := a.consents(); err != nil {
		t.Errorf("with one it gives %v", err)
	}
	a.acknowledged, a.decisions[line.Place()] = false, Decision{Answer: KeepOurs}
	if _, err := a.consents(); err != nil {
		t.Errorf("where the own version is kept it gives %v", err)
	}
}

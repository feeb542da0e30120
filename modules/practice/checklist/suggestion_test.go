package checklist_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"staffetta/modules/kit"
	"staffetta/modules/practice/board"
	"staffetta/modules/practice/checklist"
)

func TestAnswersThatTheBoardKnows(t *testing.T) {
	t.Parallel()
	b := board.Board{
		Programme: board.Programme{
			Courses: []board.Course{{Key: "TR-01"}, {Key: "TR-08", Coaching: true}}, Indicators: []board.Indicator{{Key: "KP-01"}, {Key: "KP-02"}},
		},
		Statements: []board.Statement{{Kind: board.Session, Key: "TR-01"}, {Kind: board.Baseline, Key: "KP-01"}},
	}
	for name, c := range map[string]struct {
		items []string
		want  checklist.Suggestion
		ok    bool
	}{
		"held":             {[]string{"TR-01"}, checklist.Suggestion{Value: board.Yes, From: "sessions", Done: 1, Of: 1}, true},
		"half held":        {[]string{"TR-01", "TR-08"}, checklist.Suggestion{Value: board.Partly, From: "sessions", Done: 1, Of: 2}, true},
		"half measured":    {[]string{"KP-01", "KP-02"}, checklist.Suggestion{Value: board.Partly, From: "baselines", Done: 1, Of: 2}, true},
		"not measured":     {[]string{"KP-02"}, checklist.Suggestion{Value: board.No, From: "baselines", Of: 1}, true},
		"something else":   {[]string{"AA-01"}, checklist.Suggestion{}, false},
		"of two kinds":     {[]string{"TR-01", "KP-01"}, checklist.Suggestion{}, false},
		"about no item":    {nil, checklist.Suggestion{}, false},
		"an unknown label": {[]string{kit.KindAct}, checklist.Suggestion{}, false},
	} {
		got, ok := checklist.Suggest(b, board.Question{Items: c.items})
		if diff := cmp.Diff(c.want, got); diff != "" || ok != c.ok {
			t.Errorf("%s: %t (-want +got):\n%s", name, ok, diff)
		}
	}
}

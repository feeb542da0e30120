package member

import (
	"testing"

	"staffetta/internal/problem"
)

// What is no day is refused at its field: a role would be without the end that somebody meant.
func TestWhatIsNoDayIsRefused(t *testing.T) {
	t.Parallel()
	g, err := Gift{}.between("", "2026-12-31")
	if err != nil || !g.From.IsZero() || g.To.Day() != 31 {
		t.Errorf("%+v, %v", g, err)
	}
	for _, text := range []string{"31/12/2026", "2026-02-30", "presto"} {
		_, err := Gift{}.between(text, text)
		if !problem.Is(err, problem.Invalid) || len(problem.Of(err).Fields) != 2 {
			t.Errorf("%q is taken for a day: %v", text, err)
		}
	}
}

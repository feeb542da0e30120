package modules_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/modules"
)

// One thing is led to, several are where they are listed, and of nothing nobody is told.
func TestPileLeadsToTheOneOrToTheList(t *testing.T) {
	t.Parallel()
	due, since := time.Date(2026, 3, 5, 0, 0, 0, 0, time.UTC), time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	pile := func(count int) modules.Pile {
		return modules.Pile{Count: count, First: uuid.Max, Title: "Comune", Due: due, Since: since}
	}
	for name, c := range map[string]struct {
		pile modules.Pile
		want []modules.Duty
	}{
		"nothing": {pile(0), nil},
		"one":     {pile(1), []modules.Duty{{Label: language.M("k", "n", 1), Title: "Comune", Path: "/one/" + uuid.Max.String(), Due: due, Since: since}}},
		"several": {pile(3), []modules.Duty{{Label: language.M("k", "n", 3), Path: "/list", Due: due, Since: since}}},
	} {
		if diff := cmp.Diff(c.want, c.pile.Duties("k", "/one/", "/list")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

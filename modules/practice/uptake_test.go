package practice_test

import (
	"strings"
	"testing"
)

// Items of which nothing can be told are one line, whose details name them.
func TestItemsWithFewAdoptersStandFolded(t *testing.T) {
	t.Parallel()
	g := newGivingBack(t, asked("QU-02", "Due?", "Due"))
	page := newSite(t, g.stage).as(t, g.giving).visit(t, "/pratiche/"+g.practice.ID.String()+"/riuso", nil)
	main := page.want(t, 200, "2 componenti con meno di 3 enti per ogni scelta").main()
	if strings.Contains(main, "<table") || strings.Count(main, "<li>QU-0") != 2 {
		t.Errorf("the rows stand one by one:\n%s", main)
	}
}

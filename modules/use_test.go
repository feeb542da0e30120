package modules_test

import (
	"testing"

	"staffetta/modules"
)

// What was made in two places with one item is told of that item.
func TestUseKeepsItsItem(t *testing.T) {
	sum := modules.Use{}.Add(modules.Use{Key: "FO-01", Records: 2, People: 1}).Add(modules.Use{Key: "FO-01", Records: 3, People: 2})
	if sum.Key != "FO-01" || sum.Records != 5 || sum.People != 2 {
		t.Errorf("the sum is %+v", sum)
	}
}

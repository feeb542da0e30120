package modules

import (
	"slices"
	"testing"
)

// What is needed comes before advice, in the order in which it can be done.
func TestByNeed(t *testing.T) {
	t.Parallel()
	standing := func(title string, state CheckState, required bool) Standing {
		return Standing{Check: Check{Title: title, Required: required}, Finding: Finding{State: state}}
	}
	all := []Standing{
		standing("network", Unmet, false), standing("address", Unmet, true), standing("logo", Met, false), standing("guide", Wrong, false), standing("officer", Unmet, true),
	}
	ByNeed(all)
	var got []string
	for _, one := range all {
		got = append(got, one.Title)
	}
	if want := []string{"guide", "address", "officer", "network", "logo"}; !slices.Equal(got, want) {
		t.Errorf("in the order %v, want %v", got, want)
	}
}

package register

import "testing"

func TestSuggest(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]struct {
		name string
		near bool
	}{
		"favinana": {"Favignana", true}, "Favignna": {"Favignana", true}, "castelvetrno": {"Castelvetrano", true}, "Favignana": {"Favignana", false},
		"D 423": {"Erice", false}, "081 008": {"Erice", false}, "marsalla": {"Marsala", true},
	} {
		found, near := Suggest(query, 10)
		if len(found) == 0 || found[0].Name != want.name || near != want.near {
			t.Errorf("%q suggests %v (near: %t)", query, found, near)
		}
	}
	for _, query := range []string{"", "qxz", "questononesiste", "xyzw"} {
		if found, near := Suggest(query, 10); len(found) > 0 || near {
			t.Errorf("%q suggests %v", query, found)
		}
	}
	if found, _ := Suggest("favinana", 0); found != nil {
		t.Error("none are wanted")
	}
}

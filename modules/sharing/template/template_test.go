package template

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What a test of a template computes is what an offer asks of several templates together: the first of two purposes with one key
// counts, and what one closes is closed.
func TestTemplatesAreReadTogether(t *testing.T) {
	t.Parallel()
	purposes, err := Gather(
		[]byte(`{"purposes":[{"key":"a","label":{"it":"A"},"kinds":["consultation"],"sections":["identity","plan","diary"]}],"never":["diary"]}`),
		[]byte(`{"purposes":[{"key":"a","kinds":["handover"],"sections":["health"]},{"key":"b","kinds":["handover"],"sections":["plan"]}],"never":["plan"]}`),
	)
	if err != nil {
		t.Fatal(err)
	}
	first, known := purposes.Get("a", "consultation")
	if diff := cmp.Diff([]string{"identity"}, purposes.Shows(first)); diff != "" || !known {
		t.Errorf("known %v (-want +got):\n%s", known, diff)
	}
	if _, served := purposes.Get("a", "handover"); served {
		t.Error("the second purpose with the key counts")
	}
	result := purposes.prove(Test{Given: Given{Purpose: "a"}, Expected: Outcome{Sections: []string{"identity"}, Never: []string{"plan", "diary"}}})
	if !result.Passed() {
		t.Errorf("the joined templates show %+v", result)
	}
	if got := purposes.Of("handover"); len(got) != 1 || got[0].Key != "b" {
		t.Errorf("handovers serve %+v", got)
	}
	if _, err := Gather([]byte(`[]`)); err == nil || len(Validate([]byte(`[]`))) != 1 || Prove([]byte(`[]`)) != nil {
		t.Error("what is no template was read")
	}
	named := terms([]string{"plan", "identity"})[0]
	if named.Code != "identity" || named.Name.IT == "" {
		t.Errorf("sections are read as %+v", named)
	}
}

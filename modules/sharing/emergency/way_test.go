package emergency

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"staffetta/modules/sharing/offer"
	"staffetta/policies"
)

// What opens in an emergency is what both signed, what the purpose needs, and nothing that the body never shows.
func TestWhatOpensInAnEmergency(t *testing.T) {
	t.Parallel()
	needs := func(key, kind string, sections ...string) offer.Purpose {
		return offer.Purpose{Key: key, Kinds: []string{kind}, Sections: sections}
	}
	signed := func(breaks bool, purpose string, sections ...string) policies.Agreement {
		return policies.Agreement{Asks: policies.Asking{Known: true, BreakGlass: breaks}, Purposes: []string{purpose}, Sections: sections}
	}
	known := offer.Purposes{All: []offer.Purpose{needs("advice", "consultation", "plan"), needs("danger", "break_glass", "contacts", "identity", "health")}, Never: []string{"health"}}
	for name, c := range map[string]struct {
		agreement policies.Agreement
		purposes  offer.Purposes
		want      []string // in the order in which people read a case; nil where nothing opens
	}{
		"the least set, in order":           {signed(true, "danger", "identity", "contacts", "plan"), known, []string{"identity", "contacts"}},
		"what the agreement leaves":         {signed(true, "danger", "contacts", "plan"), known, []string{"contacts"}},
		"nothing that is never shown":       {signed(true, "danger", "identity", "health"), known, []string{"identity"}},
		"only what is never shown":          {signed(true, "danger", "health"), known, nil},
		"an agreement without emergencies":  {signed(false, "danger", "identity", "contacts"), known, nil},
		"an agreement without the purpose":  {signed(true, "advice", "identity", "contacts", "plan"), known, nil},
		"a body without such a purpose":     {signed(true, "danger", "identity", "contacts"), offer.Purposes{All: known.All[:1]}, nil},
		"an agreement without its sections": {signed(true, "danger", "plan"), known, nil},
	} {
		way, opens := wayUnder(c.agreement, c.purposes, 7)
		if diff := cmp.Diff(c.want, way.Sections); diff != "" || opens != (c.want != nil) {
			t.Errorf("%s: opens %t (-want +got):\n%s", name, opens, diff)
		}
		if opens && (way.Body != 7 || way.Purpose.Key != "danger") {
			t.Errorf("%s: %+v", name, way)
		}
	}
}

package tenants_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"staffetta/internal/testdb"
	"staffetta/tenants"
)

// TestTheListOfBodies asks for live bodies by place and by name, and for those that share their modules.
func TestTheListOfBodies(t *testing.T) {
	t.Parallel()
	d := testdb.New(t)
	if _, err := d.Owner.Exec(t.Context(), `
		with made as (insert into platform.tenants (slug, name, kind, state, belfiore) values
			('bb', 'Comune di Bronte', 'municipality', 'active', 'B202'), ('aa', 'Comune di Aci Bonaccorsi', 'municipality', 'active', 'A025'),
			('oo', 'Ambito di Bronte', 'district', 'active', 'B202'), ('nn', 'Comune di Nicolosi', 'municipality', 'entering', 'F890') returning id, slug)
		insert into platform.modules (tenant_id, module, active) select id, m, slug <> 'oo' or m = 'guide' from made, unnest(array['guide', 'kit']) m`); err != nil {
		t.Fatal(err)
	}
	list, err := tenants.NewDirectory(t.Context(), d.DB)
	if err != nil {
		t.Fatal(err)
	}
	names := func(all []tenants.Tenant) (slugs []string) {
		for _, b := range all {
			slugs = append(slugs, fmt.Sprint(b.Slug, " ", b.Has("guide"), b.Has("kit")))
		}
		return slugs
	}
	if diff := cmp.Diff([]string{"oo true false", "aa true true", "bb true true"}, names(list.Active())); diff != "" {
		t.Errorf("live bodies (-want +got):\n%s", diff)
	}
	for search, want := range map[string][]string{"BRONTE": {"oo true false", "bb true true"}, "comune bro": {"bb true true"}, "nicolosi": nil, "br": nil, "b2 02": {"oo true false", "bb true true"}, "bb": {"bb true true"}, "Bronte": {"oo true false", "bb true true"}, "": {"oo true false", "aa true true"}} {
		if got := names(list.Find(search, 2)); !slices.Equal(got, want) {
			t.Errorf("%q finds %v, want %v", search, got, want)
		}
	}
	for _, whole := range []string{"Nicolosi", "comune  di nicolosi", "F 890", "nn"} {
		if got := names(list.FindOnTrial(whole, 2)); !slices.Equal(got, []string{"nn true true"}) {
			t.Errorf("on trial %q finds %v", whole, got)
		}
	}
	for _, part := range []string{"", "n", "nico", "comune di", "comune nicolosi", "bronte"} {
		if got := names(list.FindOnTrial(part, 2)); got != nil {
			t.Errorf("on trial %q finds %v", part, got)
		}
	}
	if body, err := list.Municipality("B202"); err != nil || body.Slug != "bb" {
		t.Errorf("the municipality of B202 is %s, %v", body.Slug, err)
	}
	if _, err := list.Municipality("F890"); err == nil {
		t.Error("a body on trial is found by its place")
	}
	if body, _, err := list.BySlug("nn"); err != nil || body.State != tenants.Entering || list.Name(body.ID) != "Comune di Nicolosi" {
		t.Errorf("by its slug: %+v, %v", body, err)
	}
}

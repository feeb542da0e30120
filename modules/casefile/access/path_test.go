package access_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"staffetta/modules/casefile/access"
)

func TestStepsByRole(t *testing.T) {
	path, err := access.OwnPath()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		state string
		roles []string
		want  []string
	}{
		{"aperto", []string{"social_worker"}, []string{"prendi_in_carico", "archivia"}},
		{"in_carico", []string{"access_desk", "coordinator"}, []string{"sospendi", "chiudi"}},
		{"sospeso", []string{"social_worker"}, []string{"riprendi"}},
		{"chiuso", []string{"social_worker", "coordinator"}, nil},
		{"aperto", []string{"educator", "psychologist", "admin_officer"}, nil},
		{"aperto", nil, nil},
		{"altro", []string{"coordinator"}, nil},
	} {
		var got, reasoned []string
		for _, step := range path.Steps(c.state, c.roles) {
			got = append(got, step.Key)
			if len(step.Requires) > 0 {
				reasoned = append(reasoned, step.Key)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s as %v (-want +got):\n%s", c.state, c.roles, diff)
		}
		if c.state == "in_carico" && len(reasoned) != 2 {
			t.Errorf("steps that ask for a reason: %v", reasoned)
		}
	}
	if path.Start() != "aperto" || !path.Final("chiuso") || path.Final("sospeso") {
		t.Error("the path begins or ends elsewhere")
	}
	if got := path.Label("sconosciuto"); got.It != "sconosciuto" {
		t.Errorf("an unknown state is called %v", got)
	}
}

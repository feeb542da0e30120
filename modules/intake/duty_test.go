package intake_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"staffetta/modules"
	"staffetta/modules/intake"
	"staffetta/tenants"
)

// What is past its term is counted apart from what soon will be: with the working days of the term, and no name.
func TestDutiesOfTheDesk(t *testing.T) {
	st := newStage(t)
	desk := st.as(t, "access_desk")
	bodies, err := tenants.NewDirectory(t.Context(), st.DB)
	must(t, err)
	must(t, st.DB.Platform(t.Context(), func(tx tenants.Tx) error { return tenants.SwitchModule(t.Context(), tx, st.body.ID, "intake", true) }))
	must(t, bodies.Reload(t.Context()))
	parts, err := intake.Module().New(st.deps)
	must(t, err)
	duties := modules.NewDuties(bodies, st.deps.Policies)
	duties.Add(intake.Module(), parts.Duties)
	find := func(s tenants.Scope) []modules.Duty {
		found, err := duties.Find(t.Context(), s)
		must(t, err)
		return found
	}

	// Arrivals on each of the last forty days; the oracle asks the term of each.
	rome, err := time.LoadLocation("Europe/Rome")
	must(t, err)
	now := time.Now().In(rome)
	today := now.Format(time.DateOnly)
	term := intake.Term{Days: 5, Working: true}
	var late, soon []string
	for days := range 40 {
		at := time.Date(now.Year(), now.Month(), now.Day()-days, 0, 0, 30, 0, rome)
		st.create(t, desk, intake.NewContact{Details: arrival(func(d *intake.Details) { d.At = at })})
		switch due := term.Due(at).Format(time.DateOnly); {
		case due < today:
			late = append(late, due)
		case due <= now.AddDate(0, 0, 2).Format(time.DateOnly):
			soon = append(soon, due)
		}
	}
	if found := find(desk); len(found) != 0 {
		t.Errorf("a body without a term has duties: %+v", found)
	}
	st.publish(t, st.as(t, "practice_owner"), "FO-01", "WF-01", "VO-01", "WF-02", "FO-02")
	var want []string
	for key, dues := range map[string][]string{"intake.duty.late": late, "intake.duty.soon": soon} {
		if len(dues) > 0 {
			want = append(want, fmt.Sprint(slices.Min(dues), " ", key, " ", len(dues)))
		}
	}
	slices.Sort(want)
	var got []string
	for _, d := range find(desk) {
		got = append(got, fmt.Sprint(d.Due.Format(time.DateOnly), " ", d.Label.Key, " ", d.Label.Args["n"]))
		if d.Title != "" || d.Path != "/sportello" {
			t.Errorf("the duty is %+v", d)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" || len(late) < 20 {
		t.Errorf("duties (-want +got), %d late:\n%s", len(late), diff)
	}
	if found := find(st.as(t, "educator")); len(found) != 0 {
		t.Errorf("who does not write contacts has duties: %+v", found)
	}
}

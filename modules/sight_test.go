package modules_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"staffetta/internal/testdb"
	"staffetta/modules"
	"staffetta/policies"
)

func TestMain(m *testing.M) { testdb.Main(m) }

var (
	ada  = modules.Viewer{Account: uuid.UUID{1}, Name: "Ada", Roles: []string{"educator"}}
	bea  = modules.Viewer{Account: uuid.UUID{2}, Name: "Bea", Roles: []string{"social_worker"}}
	carl = modules.Viewer{Account: uuid.UUID{3}, Name: "Carlo", Roles: []string{"tenant_admin"}}
)

// reaches are 100 cases of a body, of which Ada holds five and has part in two, Bea holds one, and two shared ones.
func reaches() []modules.Reach {
	own := []policies.Relation{policies.Body, policies.Emergency}
	return []modules.Reach{
		{Account: ada.Account, Relations: append([]policies.Relation{policies.Assigned}, own...), Cases: 5},
		{Account: ada.Account, Relations: append([]policies.Relation{policies.Team}, own...), Cases: 2},
		{Account: bea.Account, Relations: append([]policies.Relation{policies.Assigned}, own...), Cases: 1},
		{Relations: own, Cases: 100},
		{Relations: []policies.Relation{policies.Guest}, Section: "plan", Cases: 2},
		{Relations: []policies.Relation{policies.Guest}, Section: "diary", Cases: 3, Writable: 1},
	}
}

// said writes changes down by group.
func said(changes []modules.SightChange) []string {
	var lines []string
	for _, g := range modules.GroupSights(changes) {
		sign := map[bool]string{true: "+", false: "-"}[g.Gained]
		reason := map[bool]string{true: " with a reason"}[g.WithReason]
		lines = append(lines, fmt.Sprintf("%s%s %s%s %d r:%s w:%s", sign, g.Who, g.Bond, reason, g.Cases, strings.Join(g.Reads, ","), strings.Join(g.Writes, ",")))
	}
	return lines
}

func TestWhoGainsAndWhoLoses(t *testing.T) {
	engine, err := policies.NewEngine(t.Context(), testdb.New(t).DB, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	all := func(rules *policies.Rules, people ...modules.Viewer) (sights []modules.Sight) {
		for _, one := range people {
			sights = append(sights, modules.SightsOf(rules, 7, one, reaches())...)
		}
		return sights
	}
	cases := map[string]struct {
		rules []policies.Rule
		want  []string
	}{
		"nothing": {},
		"a section more for educators": {
			[]policies.Rule{{Role: "educator", Relation: policies.Assigned, Object: "health", Action: policies.Read, Effect: policies.Allow}},
			[]string{"+Ada assigned 5 r:health w:"},
		},
		"a section that no relation opens": {
			[]policies.Rule{{Role: "educator", Relation: policies.Body, Object: "health", Action: policies.Read, Effect: policies.Allow}}, nil,
		},
		"every case of the body": {
			[]policies.Rule{
				{Role: "educator", Relation: policies.Body, Object: "case", Action: "open", Effect: policies.Allow},
				{Role: "educator", Relation: policies.Body, Object: "diary", Action: policies.Read, Effect: policies.Allow},
			},
			[]string{"+Ada body 93 r:diary w:"},
		},
		"no team any more": {
			[]policies.Rule{{Role: "educator", Relation: policies.Team, Object: "case", Action: "open", Effect: policies.Deny}},
			[]string{"-Ada team 2 r:identity,household,contacts,assessment,plan,school,diary,documents w:"},
		},
		"no writing for guests": {
			[]policies.Rule{{Role: "social_worker", Relation: policies.Guest, Object: "diary", Action: policies.Write, Effect: policies.Deny}},
			[]string{"-Bea guest 1 r: w:diary"},
		},
		"no opening with a reason, no guests": {
			[]policies.Rule{
				{Role: "social_worker", Relation: policies.Emergency, Object: "case", Action: "open", Effect: policies.Deny},
				{Role: "social_worker", Relation: policies.Guest, Object: "plan", Action: policies.Read, Effect: policies.Deny},
			},
			[]string{
				"-Bea body with a reason 99 r:identity,household,contacts,intake,assessment,icf,plan,interventions,school,diary,documents,judicial,health w:",
				"-Bea guest 2 r:plan w:",
			},
		},
	}
	for name, c := range cases {
		got := said(modules.CompareSights(all(engine.Now(), ada, bea, carl), all(engine.With(7, c.rules), ada, bea, carl)))
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	promoted := ada
	promoted.Roles = []string{"coordinator"}
	got := said(modules.CompareSights(all(engine.Now(), ada), all(engine.Now(), promoted)))
	if len(got) < 4 || !strings.HasPrefix(got[0], "+Ada assigned 5 r:intake,icf,interventions,judicial,health") {
		t.Errorf("another role: %v", got)
	}
}

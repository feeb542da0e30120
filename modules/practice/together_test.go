package practice_test

import (
	"testing"

	"staffetta/internal/jobs"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/campaign"
	"staffetta/modules/practice/upgrade"
	"staffetta/policies"
)

// ruling is a sharing template with one purpose.
func ruling(key, purpose string, never []string, kinds []string, sections ...string) kit.Source {
	return source(kit.KindSharingTemplate, key, map[string]any{
		"never": append([]string{}, never...), "purposes": []map[string]any{{
			"key": purpose, "label": map[string]string{"it": "Parere"}, "kinds": kinds, "sections": sections, "action": "read", "maxDays": 30,
			"why": map[string]string{"it": "Serve"}, "law": "L. 328/2000",
		}},
	})
}

var consultation = []string{"consultation"}

// A sharing template that the body has not had shows other bodies what none has shown them: it wants the acknowledgement like any
// other, by the service and on the page, and so does going back.
func TestANewSharingTemplateWantsTheAcknowledgement(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	p := st.install(t, ruling("PO-09", "service", nil, []string{"break_glass"}, "health", "judicial", "diary"))
	st.publish(t, p, "1.0.0")
	a := st.start(t, p)
	plan := st.plan(t, a)
	if len(plan.Sights) != 1 || plan.Sights[0].New || !plan.Seen() {
		t.Fatalf("the plan shows %+v", plan.Sights)
	}
	_, err := st.upgrades.Apply(t.Context(), st.taking, a.ID, upgrade.Choice{Seen: plan.Digest()})
	if !problem.Is(err, problem.Invalid) || problem.Of(err).Fields[0].Name != modules.ConsentField {
		t.Fatalf("applied unread: %v", err)
	}
	taker := newSite(t, st).as(t, st.taking)
	at := "/adozioni/" + a.ID.String()
	page := taker.visit(t, at+"/prova", nil).want(t, 200, "Per accessi in emergenza", policies.SectionLabel("judicial").It, "Passaggio di competenza")
	taker.visit(t, at+"/applica", page.fill()).want(t, 422)
	taker.visit(t, at+"/applica", page.fill("visto", "si")).want(t, 303)
	runs, err := st.upgrades.Runs(t.Context(), st.taking, a.ID)
	fatal(t, err)
	if _, err := st.upgrades.Undo(t.Context(), st.taking, a.ID, upgrade.Back{Run: runs[0].ID}); !problem.Is(err, problem.Invalid) {
		t.Errorf("undone unread: %v", err)
	}
	back, err := st.upgrades.PlanUndo(t.Context(), st.taking, a.ID, runs[0].ID)
	fatal(t, err)
	_, err = st.upgrades.Undo(t.Context(), st.taking, a.ID, upgrade.Back{Run: runs[0].ID, Seen: back.Digest(), Acknowledged: true})
	fatal(t, err)
}

// What the body's own template hides changes nothing; what it no longer hides does.
func TestTheBodysOwnTemplateCountsInTheDryRun(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	p := st.install(t, ruling("PO-09", "service", []string{"diary"}, consultation, "plan"))
	st.publish(t, p, "1.0.0")
	a := st.start(t, p)
	st.edit(t, st.taking, ruling("AA-00", "service", []string{"diary"}, consultation, "identity"))
	if plan := st.plan(t, a); len(plan.Sights) != 0 {
		t.Errorf("what is hidden is told: %+v", plan.Sights)
	}
	_, err := st.upgrades.Apply(t.Context(), st.taking, a.ID, upgrade.Choice{})
	fatal(t, err)
	told, err := st.items.Effect(t.Context(), st.taking, kit.EffectOf{Kind: kit.KindSharingTemplate, Key: "AA-00", Action: "retire"})
	fatal(t, err)
	if len(told.Changes) != 2 || !told.Told {
		t.Errorf("taking it out of use is told as %+v", told)
	}
}

// A campaign applies no change of what other bodies see by itself, whatever it is in.
func TestACampaignStopsAtSharingTemplates(t *testing.T) {
	t.Parallel()
	before := ruling("PO-09", "service", []string{"diary"}, consultation, "plan")
	for name, after := range map[string]kit.Source{
		"never":      ruling("PO-09", "service", []string{}, consultation, "plan"),
		"kinds":      ruling("PO-09", "service", []string{"diary"}, []string{"consultation", "break_glass", "handover"}, "plan"),
		"a new item": ruling("PO-10", "other", nil, consultation, "health"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			st := newStage(t)
			queue, err := jobs.NewQueue(nil)
			fatal(t, err)
			st.deps.Jobs = queue
			tr := &tour{stage: st, campaigns: campaign.NewService(st.deps), adopters: map[string]adopter{}}
			tr.practice = st.install(t, before)
			st.publish(t, tr.practice, "1.0.0")
			tr.adopt(t, "a_auto")
			tr.automatic(t, "a_auto")
			st.edit(t, st.giving, after)
			st.publish(t, tr.practice, "1.1.0")
			c := tr.begin(t)
			tr.lead(t, c)
			fatal(t, tr.run(t.Context(), c, "a_auto"))
			if got := tr.standing(t, "a_auto"); got != "prepared sight" {
				t.Errorf("the upgrade is %q", got)
			}
		})
	}
}

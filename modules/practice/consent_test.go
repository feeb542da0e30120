package practice_test

import (
	"testing"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/upgrade"
	"staffetta/policies"
)

// described is the role of educator with a description.
func described(text string, sections ...string) kit.Source {
	return source(kit.KindRole, "RU-01", map[string]any{
		"description": map[string]string{"it": text}, "assigned": map[string]any{"may": []string{"open"}, "reads": sections},
	})
}

// Who has read what their kept answer does, and answers otherwise, reads again: by the service, and on the page, which tells that
// only who looks after the rules can apply a role.
func TestOtherAnswersAreReadAgain(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	st.Operator(t, st.taker, policies.ItemRole("RU-01"))
	p := st.install(t, described("Chi segue", "diary"))
	st.publish(t, p, "1.0.0")
	a := st.start(t, p)
	_, err := st.upgrades.Apply(t.Context(), st.taking, a.ID, upgrade.Choice{})
	fatal(t, err)
	st.edit(t, st.taking, described("Chi segue da noi", "diary"))
	st.edit(t, st.giving, described("Chi accompagna", "diary", "health"))
	st.publish(t, p, "1.1.0")
	ours := map[string]upgrade.Decision{"role/RU-01": {Answer: upgrade.KeepOurs, Reason: "Ci basta il diario"}}
	_, err = st.upgrades.Keep(t.Context(), st.taking, a.ID, upgrade.Choice{Decisions: ours})
	fatal(t, err)
	plan := st.plan(t, a)
	if len(plan.Sights) > 0 || plan.Seen() {
		t.Fatalf("who keeps their own changes what is seen: %+v", plan.Sights)
	}
	taken := upgrade.Choice{Seen: plan.Digest(), Acknowledged: true, Decisions: map[string]upgrade.Decision{"role/RU-01": {Answer: upgrade.TakeKit}}}
	_, err = st.upgrades.Apply(t.Context(), st.taking, a.ID, taken)
	if !problem.Is(err, problem.Invalid) || problem.Of(err).Fields[0].Name != modules.ConsentField {
		t.Fatalf("what nobody has read is written: %v", err)
	}
	_, err = st.upgrades.Keep(t.Context(), st.taking, a.ID, upgrade.Choice{Decisions: ours}) // what was refused is kept, and would be read now
	fatal(t, err)
	taker := newSite(t, st).as(t, st.taking)
	at := "/adozioni/" + a.ID.String()
	page := taker.visit(t, at+"/prova", nil).want(t, 200)
	before := st.state(t)
	page = taker.visit(t, at+"/applica", page.fill("answer.role/RU-01", "kit", "visto", "si")).want(t, 422, "leggi di nuovo", policies.SectionLabel("health").It, "Il kit porta ruoli (RU-01)")
	if st.state(t) != before {
		t.Error("the page writes what nobody has read")
	}
	taker.visit(t, at+"/applica", page.fill("answer.role/RU-01", "kit", "visto", "si")).want(t, 303)
	if after := st.plan(t, a); after.Changes() != 0 || after.Barred {
		t.Errorf("applied, there is still %+v", after.Lines)
	}
}

// What the body gave up and takes from the kit after all is shown before, as what it would be.
func TestWhatIsTakenAfterAllIsShown(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	template := func(sections ...string) kit.Source {
		return source(kit.KindRole, "RU-01", map[string]any{"description": map[string]string{"it": "Chi"}, "assigned": map[string]any{"may": []string{"open"}, "reads": sections}})
	}
	p := st.install(t, template("diary"))
	st.publish(t, p, "1.0.0")
	a := st.start(t, p)
	_, err := st.upgrades.Apply(t.Context(), st.taking, a.ID, upgrade.Choice{})
	fatal(t, err)
	item, err := st.items.Item(t.Context(), st.taking, kit.KindRole, "RU-01")
	fatal(t, err)
	fatal(t, st.items.Retire(t.Context(), st.taking, kit.Step{Kind: item.Kind, Key: item.Key, Revision: item.Revision, Reason: "Non serve più"}))
	st.Operator(t, st.taker, policies.ItemRole("RU-01")) // whoever holds it by mistake sees it come back
	st.edit(t, st.giving, template("diary", "health"))
	st.publish(t, p, "1.1.0")
	plan := st.plan(t, a)
	if len(plan.Sights) != 1 || !plan.Sights[0].Unasked || plan.Seen() {
		t.Fatalf("the plan shows %+v", plan.Sights)
	}
	take := upgrade.Choice{Seen: plan.Digest(), Decisions: map[string]upgrade.Decision{"role/RU-01": {Answer: upgrade.TakeKit}}}
	if _, err := st.upgrades.Apply(t.Context(), st.taking, a.ID, take); !problem.Is(err, problem.Invalid) {
		t.Errorf("taken after all without an acknowledgement: %v", err)
	}
	take.Acknowledged = true
	_, err = st.upgrades.Apply(t.Context(), st.taking, a.ID, take)
	fatal(t, err)
}

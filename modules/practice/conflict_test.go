package practice_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules/kit"
	"staffetta/modules/practice/adoption"
	"staffetta/modules/practice/upgrade"
	"staffetta/tenants"
)

// torn is an adoption whose body and whose kit changed the same items.
func (st *stage) torn(t *testing.T, keys ...string) adoption.Adoption {
	t.Helper()
	var sources []kit.Source
	for _, key := range keys {
		sources = append(sources, question(key, "Si apre il lunedì mattina"))
	}
	p := st.install(t, sources...)
	st.publish(t, p, "1.0.0")
	a := st.start(t, p)
	_, err := st.upgrades.Apply(t.Context(), st.taking, a.ID, upgrade.Choice{})
	fatal(t, err)
	for _, key := range keys {
		st.edit(t, st.taking, question(key, "Si apre il martedì mattina"))
		st.edit(t, st.giving, question(key, "Si apre il lunedì mattina e il giovedì"))
	}
	st.publish(t, p, "1.1.0")
	return a
}

func (st *stage) plan(t *testing.T, a adoption.Adoption) upgrade.Plan {
	t.Helper()
	plan, err := st.upgrades.Plan(t.Context(), st.taking, a.ID, uuid.Nil)
	fatal(t, err)
	return plan
}

// conflictDuties are the conflicts that somebody of a body is asked to decide: how many, and where.
func (st *stage) conflictDuties(t *testing.T, s tenants.Scope) map[string]any {
	t.Helper()
	duties, err := st.adoptions.FindDuties(t.Context(), s)
	fatal(t, err)
	asked := map[string]any{}
	for _, duty := range duties {
		if duty.Label.Key == "practice.duty.conflicts" {
			asked[duty.Path] = duty.Label.Args["n"]
		}
	}
	return asked
}

func (st *stage) wantDuties(t *testing.T, when string, want map[string]any) {
	t.Helper()
	if diff := cmp.Diff(want, st.conflictDuties(t, st.taking)); diff != "" {
		t.Fatalf("%s, what is to decide (-want +got):\n%s", when, diff)
	}
}

// A clash becomes a thing to do, which is over when it is answered, when the kit is applied and when the upgrade is given up.
func TestAClashBecomesADuty(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	a := st.torn(t, "QU-01", "QU-02")
	plan := st.plan(t, a)
	at := "/adozioni/" + a.ID.String() + "/prova?kit=" + plan.Kit.String()
	st.wantDuties(t, "after a dry run", map[string]any{})
	before := st.state(t)
	ours := func(keys ...string) map[string]upgrade.Decision {
		all := map[string]upgrade.Decision{}
		for _, key := range keys {
			all["question/"+key] = upgrade.Decision{Answer: upgrade.KeepOurs, Reason: "da noi è diverso"}
		}
		return all
	}
	keep := func(c upgrade.Choice) {
		t.Helper()
		_, err := st.upgrades.Keep(t.Context(), st.taking, a.ID, c)
		fatal(t, err)
	}
	keep(upgrade.Choice{Seen: plan.Digest()})
	st.wantDuties(t, "begun", map[string]any{at: 2})
	keep(upgrade.Choice{Decisions: map[string]upgrade.Decision{"question/QU-01": {Answer: upgrade.KeepOurs}}})
	st.wantDuties(t, "answered without a reason", map[string]any{at: 2})
	keep(upgrade.Choice{Decisions: ours("QU-01")})
	st.wantDuties(t, "answered one", map[string]any{at: 1})
	if kept := st.plan(t, a); kept.Answered() != 1 || kept.Kept["question/QU-01"].By != st.taking.Name || kept.Kept["question/QU-01"].Reason != "da noi è diverso" {
		t.Errorf("kept: %+v", kept.Kept)
	}
	keep(upgrade.Choice{Decisions: ours("QU-02")})
	st.wantDuties(t, "answered both", map[string]any{})
	if diff := cmp.Diff(before, st.state(t)); diff != "" {
		t.Errorf("answering changed the items:\n%s", diff)
	}

	fatal(t, st.upgrades.GiveUp(t.Context(), st.taking, a.ID))
	if again := st.plan(t, a); again.Begun || len(again.Kept) > 0 {
		t.Errorf("given up, the answers are %+v", again.Kept)
	}
	wantKind(t, st.upgrades.GiveUp(t.Context(), st.taking, a.ID), problem.Conflict)
	keep(upgrade.Choice{Decisions: ours("QU-01")})
	st.wantDuties(t, "taken up again", map[string]any{at: 1})
	fatal(t, st.upgrades.GiveUp(t.Context(), st.taking, a.ID))
	st.wantDuties(t, "given up", map[string]any{})
	keep(upgrade.Choice{})
	_, err := st.upgrades.Apply(t.Context(), st.taking, a.ID, upgrade.Choice{Decisions: ours("QU-01", "QU-02")})
	fatal(t, err)
	st.wantDuties(t, "applied", map[string]any{})
	if n := st.count(t, `select count(*) from audit.events where tenant_id = $1 and action in ('upgrade.answer', 'upgrade.give_up')`, st.taker.ID); n != 8 {
		t.Errorf("%d audit events", n)
	}
}

// An answer holds for the conflict that was read, and for the body that gave it.
func TestAKeptAnswerHoldsForWhatWasRead(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	a := st.torn(t, "QU-01")
	read := st.plan(t, a)
	answer := upgrade.Choice{Seen: read.Digest(), Decisions: map[string]upgrade.Decision{"question/QU-01": {Answer: upgrade.TakeKit}}}
	_, err := st.upgrades.Keep(t.Context(), st.taking, a.ID, answer)
	fatal(t, err)
	_, err = st.upgrades.Keep(t.Context(), st.taking, a.ID, answer)
	wantKind(t, err, problem.Conflict) // somebody has answered since it was read
	_, err = st.upgrades.Apply(t.Context(), st.taking, a.ID, answer)
	wantKind(t, err, problem.Conflict)
	for _, other := range []tenants.Scope{st.giving, st.third} {
		_, err = st.upgrades.Keep(t.Context(), other, a.ID, upgrade.Choice{})
		wantKind(t, err, problem.NotFound)
		wantKind(t, st.upgrades.GiveUp(t.Context(), other, a.ID), problem.NotFound)
		if asked := st.conflictDuties(t, other); len(asked) > 0 {
			t.Errorf("%s is asked %v", other.Slug, asked)
		}
	}
	long := upgrade.Choice{Decisions: map[string]upgrade.Decision{"question/QU-01": {Answer: upgrade.KeepOurs, Reason: strings.Repeat("è", 501)}}}
	_, err = st.upgrades.Keep(t.Context(), st.taking, a.ID, long)
	wantKind(t, err, problem.Invalid)
	st.edit(t, st.taking, question("QU-01", "Si apre il sabato"))
	if now := st.plan(t, a); len(now.Kept) > 0 || len(now.Conflicts()) != 1 {
		t.Errorf("the answer to another conflict is %+v", now.Kept)
	}
}

// Answers with which a kit cannot be applied are kept, whoever gives them; what cannot be kept is told with what lacks.
func TestRefusedAnswersAreKept(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	a := st.torn(t, "QU-01", "QU-02")
	apply := func(decisions map[string]upgrade.Decision) *problem.Error {
		_, err := st.upgrades.Apply(t.Context(), st.taking, a.ID, upgrade.Choice{Decisions: decisions})
		wantKind(t, err, problem.Invalid)
		return problem.Of(err)
	}
	_ = apply(nil)
	if plan := st.plan(t, a); plan.Begun {
		t.Error("who answers nothing begins to answer")
	}
	_ = apply(map[string]upgrade.Decision{"question/QU-01": {Answer: upgrade.TakeKit}})
	if plan := st.plan(t, a); plan.Answered() != 1 || plan.Kept["question/QU-01"].Answer != upgrade.TakeKit {
		t.Errorf("kept: %+v", plan.Kept)
	}
	wrong := apply(map[string]upgrade.Decision{"question/QU-02": {Reason: strings.Repeat("è", 501)}})
	said := map[string]int{}
	for _, field := range wrong.Fields {
		said[field.Name]++
	}
	if diff := cmp.Diff(map[string]int{"question/QU-01": 1, "question/QU-02": 1}, said); diff != "" {
		t.Errorf("the fields at fault: %s", diff)
	}
	if plan := st.plan(t, a); plan.Answered() != 1 || plan.Kept["question/QU-02"].Reason != "" {
		t.Errorf("a reason that is too long leaves %+v", plan.Kept)
	}
}

// On the page answers are kept, and a union of both texts is proposed.
func TestConflictsAreAnsweredInTurn(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	a := st.torn(t, "QU-01", "QU-02")
	taker := newSite(t, st).as(t, st.taking)
	at := "/adozioni/" + a.ID.String()
	page := taker.visit(t, at+"/prova", nil).want(t, 200, "0 conflitti su 2 hanno una risposta", "Risposta › in italiano", "Il nostro", "Dal kit",
		"Si apre il martedì mattina e il giovedì</textarea>", "Unisci così")
	if strings.Contains(page.main(), "answer.it</") || strings.Contains(page.main(), "{&#34;") {
		t.Errorf("the page tells places or values as the program does:\n%s", page.main())
	}
	if strings.Contains(taker.visit(t, "/adozioni", nil).main(), "Decidi") {
		t.Error("the adoptions ask to decide what nobody has begun")
	}
	form := page.fill("answer.question/QU-01", "merge", "field.question/QU-01#content.answer.it", "value", "value.question/QU-01#content.answer.it", "Martedì e giovedì", "salva", "conflitto-2")
	saved := taker.visit(t, at+"/applica", form).want(t, 303)
	if !strings.HasSuffix(saved.to, "#conflitto-2") {
		t.Errorf("saving leads to %s", saved.to)
	}
	taker.visit(t, at+"/applica", form).want(t, 409) // it was answered since
	taker.visit(t, "/adozioni", nil).want(t, 200, "Decidi un conflitto dell&#39;aggiornamento al kit 1.1.0", at+"/prova?kit=")
	page = taker.visit(t, at+"/prova", nil).want(t, 200, "1 conflitto su 2 ha una risposta", "Unisci ("+st.taking.Name+")", "Martedì e giovedì</textarea>", `href="#conflitto-2"`, "/rinuncia")
	taker.visit(t, at+"/rinuncia", nil).want(t, 200, "I componenti dell&#39;ente restano come sono")
	form = page.fill("answer.question/QU-02", "merge", "field.question/QU-02#content.answer.it", "value", "value.question/QU-02#content.answer.it", "Si apre il martedì mattina e il giovedì")
	for _, choice := range []string{"answer.question/QU-01", "field.question/QU-01#content.answer.it"} {
		if form.Get(choice) == "" {
			t.Errorf("the page forgot %s", choice)
		}
	}
	form.Set("value.question/QU-01#content.answer.it", "Martedì e giovedì")
	taker.visit(t, at+"/applica", form).want(t, 303)
	for key, want := range map[string]string{"QU-01": "Martedì e giovedì", "QU-02": "Si apre il martedì mattina e il giovedì"} {
		version, err := st.items.Get(t.Context(), st.taking, kit.KindQuestion, key)
		fatal(t, err)
		if !strings.Contains(string(version.Content), want) {
			t.Errorf("%s holds %s", key, version.Content)
		}
	}
	taker.visit(t, at+"/rinuncia", nil).want(t, 303)
}

// Giving up on the page leaves everything as it is.
func TestGivingUpOnThePage(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	a := st.torn(t, "QU-01")
	taker := newSite(t, st).as(t, st.taking)
	at := "/adozioni/" + a.ID.String()
	page := taker.visit(t, at+"/prova", nil)
	taker.visit(t, at+"/applica", page.fill("salva", "conflitto-1")).want(t, 303)
	before := st.state(t)
	taker.visit(t, at+"/rinuncia", page.fill("x", "y")).want(t, 303)
	st.wantDuties(t, "given up on the page", map[string]any{})
	if st.state(t) != before {
		t.Error("giving up changed something")
	}
	taker.visit(t, at+"/rinuncia", page.fill("x", "y")).want(t, 409, "nessun aggiornamento in corso")
}

// A colleague's draft, or a plan that is another one by now, refuses a kit and loses no answer.
func TestARefusedUpgradeKeepsItsAnswers(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	p := st.install(t, question("QU-01", "Uno"), question("QU-02", "Due"))
	st.publish(t, p, "1.0.0")
	a := st.start(t, p)
	_, err := st.upgrades.Apply(t.Context(), st.taking, a.ID, upgrade.Choice{})
	fatal(t, err)
	st.edit(t, st.taking, question("QU-01", "Nostro"))
	st.edit(t, st.giving, question("QU-01", "Uno e mezzo"))
	st.edit(t, st.giving, question("QU-02", "Due e mezzo"))
	st.publish(t, p, "1.1.0")
	read := st.plan(t, a)
	item, err := st.items.Item(t.Context(), st.taking, kit.KindQuestion, "QU-02")
	fatal(t, err)
	_, err = st.items.SaveDraft(t.Context(), st.taking, kit.Edit{Source: item.Source(), Revision: item.Revision})
	fatal(t, err)
	ours := map[string]upgrade.Decision{"question/QU-01": {Answer: upgrade.KeepOurs, Reason: "Si dice così"}}
	for _, seen := range []string{read.Digest(), ""} {
		_, err = st.upgrades.Apply(t.Context(), st.taking, a.ID, upgrade.Choice{Seen: seen, Decisions: ours})
		wantKind(t, err, problem.Conflict)
		if kept := st.plan(t, a).Kept["question/QU-01"]; kept.Reason != "Si dice così" {
			t.Errorf("seen %q: kept %+v", seen, kept)
		}
		_, err = st.Owner.Exec(t.Context(), `delete from practice.conflicts`)
		fatal(t, err)
	}
}

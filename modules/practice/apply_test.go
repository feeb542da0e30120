package practice_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/adoption"
	"staffetta/modules/practice/catalogue"
	"staffetta/modules/practice/release"
	"staffetta/modules/practice/upgrade"
	"staffetta/tenants"
)

// outcomes is a dry run by item key.
func (st *stage) outcomes(t *testing.T, a adoption.Adoption) map[string]upgrade.Outcome {
	t.Helper()
	plan, err := st.upgrades.Plan(t.Context(), st.taking, a.ID, uuid.Nil)
	fatal(t, err)
	all := map[string]upgrade.Outcome{}
	for _, line := range plan.Lines {
		all[line.Key] = line.Outcome
	}
	return all
}

func (st *stage) wantOutcomes(t *testing.T, a adoption.Adoption, want map[string]upgrade.Outcome) {
	t.Helper()
	if diff := cmp.Diff(want, st.outcomes(t, a)); diff != "" {
		t.Fatalf("dry run (-want +got):\n%s", diff)
	}
}

func TestDryRunThenApplyThenSame(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	p := st.install(t, question("QU-01", "Uno"), question("QU-02", "Due"))
	st.publish(t, p, "1.0.0")
	a := st.start(t, p)
	before := st.state(t)
	st.wantOutcomes(t, a, map[string]upgrade.Outcome{"QU-01": upgrade.New, "QU-02": upgrade.New})
	if st.state(t) != before {
		t.Error("the dry run changed something")
	}
	run, err := st.upgrades.Apply(t.Context(), st.taking, a.ID, upgrade.Choice{})
	fatal(t, err)
	if !run.Changed || run.Counts[upgrade.New] != 2 {
		t.Errorf("run: %+v", run)
	}
	item, err := st.items.Item(t.Context(), st.taking, kit.KindQuestion, "QU-01")
	fatal(t, err)
	if item.State != kit.Published || item.Adaptation != kit.Adopted || item.Origin.Practice != p.ID || item.Origin.Version != "1.0.0" ||
		string(item.Origin.Base) != string(item.Current.Content) || item.Current.Author != st.taking.Name {
		t.Errorf("item: %+v", item)
	}
	st.wantOutcomes(t, a, map[string]upgrade.Outcome{"QU-01": upgrade.Same, "QU-02": upgrade.Same})
	after := st.state(t)
	run, err = st.upgrades.Apply(t.Context(), st.taking, a.ID, upgrade.Choice{})
	fatal(t, err)
	if run.Changed || st.state(t) != after {
		t.Error("applying the same kit twice changed something")
	}
	moved, err := st.adoptions.GetAdoption(t.Context(), st.giving, a.ID)
	fatal(t, err)
	if moved.Stage != adoption.StageInterest || moved.Side != adoption.Ceding || len(moved.Journal) != 2 {
		t.Errorf("the ceding body sees %+v", moved)
	}
	if n := st.count(t, `select count(*) from audit.events where tenant_id = $1 and action = 'adoption.apply'`, st.taker.ID); n != 1 {
		t.Errorf("%d audit events", n)
	}
}

func TestANewReleaseChangesAndConflicts(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	p := st.install(t, question("QU-01", "Uno"), question("QU-02", "Due"), question("QU-03", "Tre"), question("QU-04", "Quattro"))
	st.publish(t, p, "1.0.0")
	a := st.start(t, p)
	_, err := st.upgrades.Apply(t.Context(), st.taking, a.ID, upgrade.Choice{})
	fatal(t, err)

	st.edit(t, st.taking, question("QU-02", "Due nostro"))
	st.edit(t, st.taking, question("QU-03", "Tre nostro"))
	st.edit(t, st.giving, question("QU-01", "Uno nuovo"))
	st.edit(t, st.giving, question("QU-03", "Tre nuovo"))
	st.publish(t, p, "1.1.0")
	st.wantOutcomes(t, a, map[string]upgrade.Outcome{
		"QU-01": upgrade.Changed, "QU-02": upgrade.Same, "QU-03": upgrade.Conflict, "QU-04": upgrade.Same,
	})
	before := st.state(t)
	_, err = st.upgrades.Apply(t.Context(), st.taking, a.ID, upgrade.Choice{})
	wantKind(t, err, problem.Invalid)
	_, err = st.upgrades.Apply(t.Context(), st.taking, a.ID, upgrade.Choice{Decisions: map[string]upgrade.Decision{"question/QU-03": {Answer: upgrade.KeepOurs}}})
	wantKind(t, err, problem.Invalid)
	if st.state(t) != before {
		t.Fatal("a refused application changed something")
	}
	_, err = st.upgrades.Apply(t.Context(), st.taking, a.ID, upgrade.Choice{Decisions: map[string]upgrade.Decision{
		"question/QU-03": {Answer: upgrade.KeepOurs, Reason: "da noi è diverso"},
	}})
	fatal(t, err)
	for key, want := range map[string]string{"QU-01": "Uno nuovo", "QU-02": "Due nostro", "QU-03": "Tre nostro", "QU-04": "Quattro"} {
		version, err := st.items.Get(t.Context(), st.taking, kit.KindQuestion, key)
		fatal(t, err)
		if !strings.Contains(string(version.Content), `"`+want+`"`) {
			t.Errorf("%s holds %s", key, version.Content)
		}
	}
	kept, err := st.items.Item(t.Context(), st.taking, kit.KindQuestion, "QU-03")
	fatal(t, err)
	if kept.Adaptation != kit.Adapted || kept.Reason != "da noi è diverso" || kept.Origin.Version != "1.1.0" {
		t.Errorf("kept: %+v", kept)
	}
	st.wantOutcomes(t, a, map[string]upgrade.Outcome{
		"QU-01": upgrade.Same, "QU-02": upgrade.Same, "QU-03": upgrade.Same, "QU-04": upgrade.Same,
	})
	if n := st.count(t, `select count(*) from practice.application_items where tenant_id = $1 and key = 'QU-03' and outcome = 'conflict'
		and answer = 'ours' and found <> made`, st.taker.ID); n != 1 {
		t.Errorf("%d records of the conflict", n)
	}
}

func TestLocalItemsAreNeverTakenOver(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	p := st.install(t, question("QU-01", "Uno"), question("QU-02", "Due"), question("QU-03", "Tre"))
	st.publish(t, p, "1.0.0")
	st.edit(t, st.taking, question("QU-01", "Il nostro"))
	st.edit(t, st.taking, question("QU-02", "Due"))
	_, err := st.items.SaveDraft(t.Context(), st.taking, kit.Edit{Source: question("QU-03", "Una bozza")})
	fatal(t, err)
	a := st.start(t, p)
	st.wantOutcomes(t, a, map[string]upgrade.Outcome{"QU-01": upgrade.Conflict, "QU-02": upgrade.Same, "QU-03": upgrade.Conflict})
	_, err = st.upgrades.Apply(t.Context(), st.taking, a.ID, upgrade.Choice{Decisions: map[string]upgrade.Decision{
		"question/QU-01": {Answer: upgrade.TakeKit}, "question/QU-03": {Answer: upgrade.TakeKit},
	}})
	fatal(t, err)
	taken, err := st.items.Item(t.Context(), st.taking, kit.KindQuestion, "QU-01")
	fatal(t, err)
	history, err := st.items.History(t.Context(), st.taking, taken.ID)
	fatal(t, err)
	if taken.Current.Number != 2 || len(history) != 2 || taken.Adaptation != kit.Adopted {
		t.Errorf("taken: %+v", taken)
	}
	draft, err := st.items.Item(t.Context(), st.taking, kit.KindQuestion, "QU-03")
	fatal(t, err)
	if !strings.Contains(string(draft.Draft), "Una bozza") || !strings.Contains(string(draft.Current.Content), "Tre") {
		t.Errorf("the local draft was lost: %s", draft.Draft)
	}
	same, err := st.items.Item(t.Context(), st.taking, kit.KindQuestion, "QU-02")
	fatal(t, err)
	if same.Current.Number != 1 || same.Origin.Practice != p.ID {
		t.Errorf("the equal item: %+v", same)
	}
}

// What another practice brought, and the body keeps, stays that practice's, through going back too; what the two kits hold is not
// asked again.
func TestAnItemOfAnotherPracticeStaysIts(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	first := st.install(t, question("QU-01", "Della prima"))
	st.publish(t, first, "1.0.0")
	_, err := st.upgrades.Apply(t.Context(), st.taking, st.start(t, first).ID, upgrade.Choice{})
	fatal(t, err)
	st.giver, st.giving = st.other, st.third
	second := st.install(t, question("QU-01", "Della seconda"), question("QU-02", "Due"))
	st.publish(t, second, "1.0.0")
	a := st.start(t, second)
	st.wantOutcomes(t, a, map[string]upgrade.Outcome{"QU-01": upgrade.Conflict, "QU-02": upgrade.New})
	held := func() kit.Item {
		item, err := st.items.Item(t.Context(), st.taking, kit.KindQuestion, "QU-01")
		fatal(t, err)
		item.Revision, item.UpdatedAt = 0, time.Time{}
		return item
	}
	before := held()
	stays := func(when string) {
		t.Helper()
		item := held()
		if diff := cmp.Diff(before, item); diff != "" || item.Origin.Practice != first.ID {
			t.Errorf("%s, the item of another practice is not as it was (-want +got):\n%s", when, diff)
		}
	}
	run, err := st.upgrades.Apply(t.Context(), st.taking, a.ID, upgrade.Choice{Decisions: map[string]upgrade.Decision{
		"question/QU-01": {Answer: upgrade.KeepOurs, Reason: "Teniamo la prima"},
	}})
	fatal(t, err)
	stays("kept")
	st.wantOutcomes(t, a, map[string]upgrade.Outcome{"QU-01": upgrade.Same, "QU-02": upgrade.Same})
	_, err = st.upgrades.Undo(t.Context(), st.taking, a.ID, upgrade.Back{Run: run.ID})
	fatal(t, err)
	if gone, err := st.items.Item(t.Context(), st.taking, kit.KindQuestion, "QU-02"); err != nil || gone.State != kit.Retired {
		t.Errorf("gone back, the other item is %s, %v", gone.State, err)
	}
	stays("gone back")
}

func TestApplyIsAllOrNothing(t *testing.T) {
	t.Parallel()
	for name, arrange := range map[string]func(t *testing.T, st *stage){
		"the database fails at the last item": func(t *testing.T, st *stage) {
			_, err := st.Owner.Exec(t.Context(), `
				create function public.fail() returns trigger language plpgsql as $$ begin raise exception 'planted'; end $$;
				create trigger fail before insert on kit.item_versions for each row when (new.key = 'QU-99') execute function public.fail()`)
			fatal(t, err)
		},
		"the audit cannot be written": func(t *testing.T, st *stage) {
			_, err := st.Owner.Exec(t.Context(), `
				create function public.fail() returns trigger language plpgsql as $$ begin raise exception 'planted'; end $$;
				create trigger fail before insert on audit.events for each row when (new.action = 'adoption.apply') execute function public.fail()`)
			fatal(t, err)
		},
		"a content of the kit was altered": func(t *testing.T, st *stage) {
			_, err := st.Owner.Exec(t.Context(), `
				update commons.kit_items set content = replace(content, 'Ultimo', 'Finale'),
					sha256 = encode(sha256(convert_to(replace(content, 'Ultimo', 'Finale'), 'UTF8')), 'hex') where key = 'QU-99'`)
			fatal(t, err)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			st := newStage(t)
			p := st.install(t, question("QU-01", "Uno"), question("QU-02", "Due"), question("QU-99", "Ultimo"))
			st.publish(t, p, "1.0.0")
			a := st.start(t, p)
			before := st.state(t)
			arrange(t, st)
			if _, err := st.upgrades.Apply(t.Context(), st.taking, a.ID, upgrade.Choice{}); err == nil {
				t.Fatal("the application succeeded")
			}
			if diff := cmp.Diff(before, st.state(t)); diff != "" {
				t.Errorf("something was left behind:\n%s", diff)
			}
		})
	}
}

func TestMissingModulesRefuse(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	cid, err := release.CID()
	fatal(t, err)
	p, err := release.InstallSource(t.Context(), st.deps, st.giving, cid)
	fatal(t, err)
	st.publish(t, p, "1.0.0")
	a := st.start(t, p)
	switchTo := func(active bool) {
		fatal(t, st.DB.Platform(t.Context(), func(tx tenants.Tx) error {
			return tenants.SwitchModule(t.Context(), tx, st.taker.ID, "assessment", active)
		}))
		fatal(t, st.deps.Bodies.Reload(t.Context()))
	}
	switchTo(false)
	plan, err := st.upgrades.Plan(t.Context(), st.taking, a.ID, uuid.Nil)
	fatal(t, err)
	if diff := cmp.Diff([]modules.ID{"assessment"}, plan.MissingModules); diff != "" || len(plan.MissingRoles) == 0 {
		t.Errorf("missing: %s, roles %v", diff, plan.MissingRoles)
	}
	before := st.state(t)
	_, err = st.upgrades.Apply(t.Context(), st.taking, a.ID, upgrade.Choice{})
	wantKind(t, err, problem.Conflict)
	if st.state(t) != before {
		t.Error("a refused application changed something")
	}
	switchTo(true)
	plan, err = st.upgrades.Plan(t.Context(), st.taking, a.ID, uuid.Nil)
	fatal(t, err)
	run, err := st.upgrades.Apply(t.Context(), st.taking, a.ID, upgrade.Choice{Seen: plan.Digest(), Acknowledged: true})
	fatal(t, err)
	if run.Counts[upgrade.New] != len(cid.Items) {
		t.Errorf("applied %v of %d", run.Counts, len(cid.Items))
	}
}

func TestOnlyPartiesSeeAnAdoption(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	p := st.install(t, question("QU-01", "Uno"))
	st.publish(t, p, "1.0.0")
	a := st.start(t, p)
	again := st.start(t, p)
	if again.ID != a.ID {
		t.Error("a body adopts a practice twice")
	}
	_, err := st.adoptions.GetAdoption(t.Context(), st.third, a.ID)
	wantKind(t, err, problem.NotFound)
	_, err = st.upgrades.Plan(t.Context(), st.third, a.ID, uuid.Nil)
	wantKind(t, err, problem.NotFound)
	_, err = st.upgrades.Plan(t.Context(), st.giving, a.ID, uuid.Nil)
	wantKind(t, err, problem.NotFound)
	_, err = st.upgrades.Apply(t.Context(), st.giving, a.ID, upgrade.Choice{})
	wantKind(t, err, problem.NotFound)
	_, err = st.adoptions.Start(t.Context(), st.giving, uuid.New(), p.ID)
	wantKind(t, err, problem.Conflict)
	_, err = st.adoptions.Start(t.Context(), st.taking, uuid.New(), uuid.New())
	wantKind(t, err, problem.NotFound)
	for s, want := range map[*tenants.Scope]int{&st.giving: 1, &st.taking: 1, &st.third: 0} {
		seen, _, err := st.adoptions.FindAdoptions(t.Context(), *s, "")
		fatal(t, err)
		if len(seen) != want {
			t.Errorf("%s sees %d adoptions, want %d", s.Slug, len(seen), want)
		}
	}
	found, err := st.catalogue.FindOffers(t.Context(), st.third, catalogue.Search{})
	fatal(t, err)
	if len(found.Offers) != 1 || found.Offers[0].Adopters != 1 {
		t.Errorf("offers: %+v", found.Offers)
	}
	for name, sql := range map[string]string{
		"a stranger moves it":       `select practice.move_adoption('` + a.ID.String() + `', (select kit_id from (select '` + a.Kit.String() + `'::uuid kit_id) k), 'moved', '', '')`,
		"a stranger becomes party":  `insert into practice.adoptions_parties values ('` + a.ID.String() + `', app.tenant(), 'lead')`,
		"a stranger writes journal": `insert into practice.adoptions_journal (adoption_id, stage, event) values ('` + a.ID.String() + `', 1, 'moved')`,
	} {
		err := st.DB.InTx(t.Context(), st.third, func(tx tenants.Tx) error {
			_, err := tx.Exec(t.Context(), sql)
			return err
		})
		if err == nil {
			t.Errorf("%s: allowed", name)
		}
	}
}

// Functions that pass the walls take the body from the transaction alone: none has an argument for it.
func TestDefinerFunctionsTakeNoBody(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	rows, err := st.Owner.Query(t.Context(), `select p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')', p.prosecdef, p.proconfig is not null,
			has_function_privilege('public', p.oid, 'execute')
		from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname in ('practice', 'kit') and p.prosecdef order by 1`)
	fatal(t, err)
	defer rows.Close()
	var found []string
	for rows.Next() {
		var name string
		var definer, path, public bool
		fatal(t, rows.Scan(&name, &definer, &path, &public))
		found = append(found, name)
		if !definer || !path || public || strings.Contains(name, "tenant integer") {
			t.Errorf("%s: definer %v, search_path %v, public %v", name, definer, path, public)
		}
	}
	want := []string{
		"adoption_standing(adoption uuid)",
		"adoptions_behind(kit uuid)",
		"adoptions_of_tenant()",
		"campaign_counts(campaign uuid)",
		"campaign_waiting(campaign uuid, lost interval)",
		"close_need(need uuid, outcome text)",
		"close_proposal(proposal uuid, seen integer, outcome text, author text, words text, number integer)",
		"credit_proposals(kit uuid)",
		"discuss_proposal(proposal uuid, message uuid, author text, words text)",
		"install_kit(statement text, sheet text, contents text[], seal bytea, public_key bytea)",
		"item_uptake(practice uuid)",
		"led_of_tenant()",
		"measurers()",
		"move_adoption(adoption uuid, kit uuid, happened text, author text, why text)",
		"name_lead(adoption uuid, seen integer, lead integer, author text, why text)",
		"note_alarms(adoption uuid, causes jsonb)",
		"note_in_journal(adoption uuid, note uuid, author text, text text)",
		"own_stage(adoption uuid, stage integer, name text, due date)",
		"part()",
		"proposals_of_tenant()",
		"publish_kit(kit uuid)",
		"publish_need(need uuid)",
		"publish_use(adoption uuid, figures jsonb)",
		"read_answer(proposal uuid)",
		"remind_other(adoption uuid, seen integer, author text, quiet integer)",
		"reused_of_tenant()",
		"send_proposal(proposal uuid, seen integer, author text)",
		"sign_kit(kit uuid, statement text, seal bytea, public_key bytea)",
		"some_address(addresses text[])",
		"some_registered(surnames text[], names text[])",
		"start_adoption(adoption uuid, kit uuid, author text)",
		"start_campaign(campaign uuid, practice uuid, author text)",
		"state_on_board(adoption uuid, statement jsonb)",
		"steer_campaign(campaign uuid, step text)",
		"step_adoption(adoption uuid, seen integer, target integer, author text, why text)",
		"taken(practice uuid)",
		"upgradable()",
		"withdraw_statement(adoption uuid, statement uuid)",
		"working_side(adoption uuid)",
		"write_proposal(proposal uuid, seen integer, written jsonb)",
	}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Errorf("functions (-want +got):\n%s", diff)
	}
}

// What the body does not use, and somebody is changing again, is not taken from the kit over that work.
func TestWhatIsDroppedIsNotTakenOverADraft(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	p := st.install(t, question("QU-01", "Uno"))
	st.publish(t, p, "1.0.0")
	a := st.start(t, p)
	_, err := st.upgrades.Apply(t.Context(), st.taking, a.ID, upgrade.Choice{})
	fatal(t, err)
	item, err := st.items.Item(t.Context(), st.taking, kit.KindQuestion, "QU-01")
	fatal(t, err)
	ours := question("QU-01", "Nostro")
	ours.Title.IT = "Il nostro titolo"
	_, err = st.items.SaveDraft(t.Context(), st.taking, kit.Edit{Source: ours, Revision: item.Revision})
	fatal(t, err)
	st.retire(t, st.taking, "QU-01")
	st.edit(t, st.giving, question("QU-01", "Del kit"))
	st.publish(t, p, "1.1.0")
	st.wantOutcomes(t, a, map[string]upgrade.Outcome{"QU-01": upgrade.Dropped})
	before := st.everything(t)
	take := upgrade.Choice{Decisions: map[string]upgrade.Decision{"question/QU-01": {Answer: upgrade.TakeKit}}}
	_, err = st.upgrades.Apply(t.Context(), st.taking, a.ID, take)
	if !problem.Is(err, problem.Conflict) || problem.Of(err).Message.Key != "practice.error.drafts" {
		t.Errorf("taken over a draft: %v", err)
	}
	st.wantUntouched(t, "over a draft", before)
}

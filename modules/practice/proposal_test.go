package practice_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"staffetta/internal/merge"
	"staffetta/internal/problem"
	"staffetta/modules/kit"
	"staffetta/modules/practice/adoption"
	"staffetta/modules/practice/archive"
	"staffetta/modules/practice/ledger"
	"staffetta/modules/practice/news"
	"staffetta/modules/practice/proposal"
	"staffetta/modules/practice/release"
	"staffetta/modules/practice/upgrade"
	"staffetta/tenants"
)

// The places of a question in which the tests propose something.
const (
	questionPlace = "content.question.it"
	answerPlace   = "content.answer.it"
)

// asked is a question of which both texts can be told apart.
func asked(key, question, answer string) kit.Source {
	return source(kit.KindQuestion, key, map[string]any{
		"question": map[string]string{"it": question}, "answer": map[string]string{"it": answer}, "audience": "citizen",
	})
}

// givingBack is a stage on which the taker has applied a kit with a question.
type givingBack struct {
	*stage
	practice  release.Practice
	adoption  adoption.Adoption
	proposals *proposal.Service
}

func newGivingBack(t *testing.T, items ...kit.Source) *givingBack {
	t.Helper()
	g := &givingBack{stage: newStage(t)}
	g.proposals = proposal.NewService(g.deps)
	g.practice = g.install(t, append(items, asked("QU-01", "Che cosa serve?", "Un modulo"))...)
	g.publish(t, g.practice, "1.0.0")
	g.adoption = g.start(t, g.practice)
	_, err := g.upgrades.Apply(t.Context(), g.taking, g.adoption.ID, upgrade.Choice{Seen: g.plan(t, g.adoption).Digest(), Acknowledged: true})
	fatal(t, err)
	return g
}

// draft is a draft about the question, with the taker's text in it.
func (g *givingBack) draft(t *testing.T, question, answer string, places ...string) proposal.Proposal {
	t.Helper()
	g.edit(t, g.taking, asked("QU-01", question, answer))
	p, err := g.proposals.Save(t.Context(), g.taking, g.writing(places...))
	fatal(t, err)
	return p
}

func (g *givingBack) writing(places ...string) proposal.Writing {
	return proposal.Writing{
		ID: uuid.Must(uuid.NewV7()), Adoption: g.adoption.ID, Kind: kit.KindQuestion, Key: "QU-01", Places: places, Reason: "Si capisce meglio", Evidence: "Prima chiamavano tutti",
	}
}

// sent is a proposal that the giver can see.
func (g *givingBack) sent(t *testing.T, question, answer string, places ...string) proposal.Proposal {
	t.Helper()
	p := g.draft(t, question, answer, places...)
	p, err := g.proposals.Send(t.Context(), g.taking, p.ID, p.Revision)
	fatal(t, err)
	return p
}

func (g *givingBack) content(t *testing.T, s tenants.Scope) string {
	t.Helper()
	item, err := g.items.Item(t.Context(), s, kit.KindQuestion, "QU-01")
	fatal(t, err)
	return string(item.Current.Content)
}

// From the change in one body to the next kit of the other: with credit, and without a conflict for who proposed it.
func TestAnImprovementGoesBack(t *testing.T) {
	t.Parallel()
	g := newGivingBack(t)
	ctx := t.Context()
	p := g.draft(t, "Che cosa ti serve?", "Un modulo firmato, allo sportello di Pantelleria", questionPlace)
	if _, err := g.proposals.Get(ctx, g.giving, p.ID); !problem.Is(err, problem.NotFound) {
		t.Errorf("the ceding body reads a draft: %v", err)
	}
	p, err := g.proposals.Send(ctx, g.taking, p.ID, p.Revision)
	fatal(t, err)
	got, err := g.proposals.Get(ctx, g.giving, p.ID)
	fatal(t, err)
	if strings.Contains(string(got.Item.Content), "Pantelleria") || !strings.Contains(string(got.Item.Content), "ti serve") {
		t.Errorf("the ceding body got %s", got.Item.Content)
	}
	for _, scope := range []tenants.Scope{g.third} {
		found, _, err := g.proposals.Find(ctx, scope, "")
		fatal(t, err)
		if _, err := g.proposals.Get(ctx, scope, p.ID); len(found) > 0 || !problem.Is(err, problem.NotFound) {
			t.Errorf("a stranger sees %v, %v", found, err)
		}
	}
	g.edit(t, g.giving, asked("QU-01", "Che cosa serve?", "Un modulo e un documento")) // the giver moves on meanwhile
	trial, err := g.proposals.Try(ctx, g.giving, p.ID, nil)
	fatal(t, err)
	if len(trial.Open) > 0 || len(trial.Changes) != 1 || trial.Changes[0].Path != questionPlace {
		t.Errorf("trial: %+v", trial)
	}
	_, err = g.proposals.Accept(ctx, g.giving, p.ID, proposal.Acceptance{Seen: p.Revision, Note: "Grazie"})
	fatal(t, err)
	if d := cmp.Diff(`{"answer":{"it":"Un modulo e un documento"},"audience":"citizen","question":{"it":"Che cosa ti serve?"}}`, g.content(t, g.giving)); d != "" {
		t.Errorf("the item of the ceding body (-want +got):\n%s", d)
	}
	g.publish(t, g.practice, "1.1.0")
	credits := g.credits(t)
	if len(credits) != 1 || !strings.Contains(credits[0], `"body":"`+g.taker.Name+`"`) || !strings.Contains(credits[0], `"release":"1.1.0"`) || !strings.Contains(credits[0], "Si capisce meglio") {
		t.Errorf("credits: %v", credits)
	}
	plan, err := g.upgrades.Plan(ctx, g.taking, g.adoption.ID, uuid.Nil)
	fatal(t, err)
	// The own answer differs from the newer one of the ceding body: only that is asked.
	if line := plan.Lines[0]; line.Outcome != upgrade.Conflict || len(line.Open) != 1 || line.Open[0].Path != answerPlace {
		t.Errorf("the taker's plan: %+v", plan.Lines[0])
	}
	g.publish(t, g.practice, "1.2.0")
	if again := g.credits(t); !slices.Equal(again, credits) {
		t.Errorf("a later kit credits %v", again)
	}
}

// credits are those of the newest kit, in the manifest of its signed file.
func (g *givingBack) credits(t *testing.T) (all []string) {
	t.Helper()
	published, err := g.catalogue.GetPublished(t.Context(), g.taking, g.practice.ID)
	fatal(t, err)
	var k archive.Kit
	fatal(t, g.DB.InTx(t.Context(), g.taking, func(tx tenants.Tx) error {
		k, err = release.ReadPublished(t.Context(), tx, published.Newest.Kit)
		return err
	}))
	var sheet struct{ Credits []json.RawMessage }
	var manifest struct{ Sheet json.RawMessage }
	fatal(t, json.Unmarshal(k.Statement, &manifest))
	fatal(t, json.Unmarshal(manifest.Sheet, &sheet))
	if !k.Signed() || len(sheet.Credits) != len(published.Newest.Sheet.Credits) {
		t.Errorf("the manifest has %d credits, the catalogue %d", len(sheet.Credits), len(published.Newest.Sheet.Credits))
	}
	for _, one := range sheet.Credits {
		all = append(all, string(one))
	}
	return all
}

// What was proposed and accepted whole is the same in the next kit.
func TestTheProposerTakesTheNewKitWithoutAQuestion(t *testing.T) {
	t.Parallel()
	g := newGivingBack(t)
	p := g.sent(t, "Che cosa ti serve?", "Niente", questionPlace, answerPlace)
	_, err := g.proposals.Accept(t.Context(), g.giving, p.ID, proposal.Acceptance{Seen: p.Revision})
	fatal(t, err)
	g.publish(t, g.practice, "1.1.0")
	plan, err := g.upgrades.Plan(t.Context(), g.taking, g.adoption.ID, uuid.Nil)
	fatal(t, err)
	if line := plan.Lines[0]; line.Outcome != upgrade.Same || line.Adapted {
		t.Errorf("the plan says %+v", line)
	}
}

func TestATitleThatWasAcceptedIsInTheNextKit(t *testing.T) {
	t.Parallel()
	g := newGivingBack(t)
	renamed := asked("QU-01", "Che cosa serve?", "Un modulo")
	renamed.Title.IT = "Che cosa portare"
	g.edit(t, g.taking, renamed)
	w := g.writing("title.it")
	p, err := g.proposals.Save(t.Context(), g.taking, w)
	fatal(t, err)
	p, err = g.proposals.Send(t.Context(), g.taking, p.ID, p.Revision)
	fatal(t, err)
	_, err = g.proposals.Accept(t.Context(), g.giving, p.ID, proposal.Acceptance{Seen: p.Revision})
	fatal(t, err)
	g.publish(t, g.practice, "1.1.0")
	if got := g.text(t, `select string_agg(i.title_it, ',') from commons.kit_items i join commons.kits k on k.id = i.kit_id where k.release = '1.1.0'`); got != "Che cosa portare" {
		t.Errorf("the kit says %q", got)
	}
}

func (st *stage) text(t *testing.T, sql string, args ...any) string {
	t.Helper()
	var text string
	fatal(t, st.Owner.QueryRow(t.Context(), sql, args...).Scan(&text))
	return text
}

func TestADraftSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	g := newGivingBack(t)
	ctx := t.Context()
	if _, err := g.proposals.Save(ctx, g.taking, g.writing(questionPlace)); !problem.Is(err, problem.NotFound) {
		t.Errorf("what nobody changed was proposed: %v", err)
	}
	g.edit(t, g.taking, asked("QU-01", "Che cosa ti serve?", "Un modulo"))
	for name, test := range map[string]struct {
		change func(*proposal.Writing)
		field  string
	}{
		"nothing":     {func(w *proposal.Writing) { w.Places = nil }, "places"},
		"elsewhere":   {func(w *proposal.Writing) { w.Places = []string{answerPlace} }, "places"},
		"no reason":   {func(w *proposal.Writing) { w.Reason = " " }, "reason"},
		"long reason": {func(w *proposal.Writing) { w.Reason = strings.Repeat("è", 501) }, "reason"},
		"a script":    {func(w *proposal.Writing) { w.Link = "javascript:alert(1)" }, "link"},
	} {
		w := g.writing(questionPlace)
		test.change(&w)
		_, err := g.proposals.Save(ctx, g.taking, w)
		if fields := problem.Of(err).Fields; !problem.Is(err, problem.Invalid) || len(fields) != 1 || fields[0].Name != test.field {
			t.Errorf("%s: %v", name, err)
		}
	}
	w := g.writing(questionPlace)
	first, err := g.proposals.Save(ctx, g.taking, w)
	fatal(t, err)
	again, err := g.proposals.Save(ctx, g.taking, w)
	fatal(t, err)
	if again.Revision != first.Revision || g.count(t, `select count(*) from audit.events where action = 'proposal.write'`) != 1 {
		t.Errorf("the same draft twice: %+v", again)
	}
	if _, err := g.proposals.Save(ctx, g.taking, g.writing(questionPlace)); !problem.Is(err, problem.Conflict) {
		t.Errorf("a second proposal about the item: %v", err)
	}
	w.Revision, w.Reason = first.Revision, "Altro"
	changed, err := g.proposals.Save(ctx, g.taking, w)
	fatal(t, err)
	if _, err := g.proposals.Save(ctx, g.taking, w); changed.Reason != "Altro" || !problem.Is(err, problem.Conflict) {
		t.Errorf("an old form changed the draft: %v", err)
	}
	if _, err := g.proposals.Send(ctx, g.taking, w.ID, first.Revision); !problem.Is(err, problem.Conflict) {
		t.Errorf("something was sent that nobody saw: %v", err)
	}
	for _, s := range []tenants.Scope{g.giving, g.third} {
		w := g.writing(questionPlace)
		if _, err := g.proposals.Save(ctx, s, w); !problem.Is(err, problem.NotFound) {
			t.Errorf("somebody else proposes: %v", err)
		}
		if _, err := g.proposals.Send(ctx, s, first.ID, changed.Revision); !problem.Is(err, problem.NotFound) {
			t.Errorf("somebody else sends: %v", err)
		}
	}
}

// What refers to an item that the kit has not cannot be taken over by the ceding body.
func TestAProposalRefersToNothingThatTheKitHasNot(t *testing.T) {
	t.Parallel()
	checklist := checked()[1:]
	g := newGivingBack(t, checklist...)
	var content map[string]any
	fatal(t, json.Unmarshal(checklist[0].Content, &content))
	content["questions"].([]any)[1].(map[string]any)["items"] = []string{"TR-99"}
	g.edit(t, g.taking, source(kit.KindChecklist, "TE-01", content))
	w := g.writing()
	w.Kind, w.Key = kit.KindChecklist, "TE-01"
	one, err := g.proposals.GetCandidate(t.Context(), g.taking, g.adoption.ID, w.Kind, w.Key)
	fatal(t, err)
	for _, c := range one.Changes {
		w.Places = append(w.Places, c.Path)
	}
	_, err = g.proposals.Save(t.Context(), g.taking, w)
	if fields := problem.Of(err).Fields; !problem.Is(err, problem.Invalid) || len(fields) == 0 || fields[0].Message.Key != "practice.proposal.error.refers" {
		t.Errorf("a proposal leads out of the kit: %v", err)
	}
}

// Nothing that may tell who a person is leaves the body, in no text of a proposal, message or answer.
func TestNoPersonLeavesWithAProposal(t *testing.T) {
	t.Parallel()
	g := newGivingBack(t)
	ctx := t.Context()
	const phone = "Chiama il 347 1234567"
	p := g.draft(t, "Che cosa ti serve?", phone, questionPlace, answerPlace)
	_, err := g.proposals.Send(ctx, g.taking, p.ID, p.Revision)
	if fields := problem.Of(err).Fields; !problem.Is(err, problem.Invalid) || len(fields) != 1 || fields[0].Name != answerPlace {
		t.Fatalf("sent with a telephone number: %v", err)
	}
	w := g.writing(questionPlace)
	w.ID, w.Revision, w.Evidence = p.ID, p.Revision, "Lo ha detto Rosa Lo Bianco"
	p, err = g.proposals.Save(ctx, g.taking, w)
	fatal(t, err)
	g.register(t, g.taking, "Lo Bianco", "Rosa")
	if _, err := g.proposals.Send(ctx, g.taking, p.ID, p.Revision); !problem.Is(err, problem.Invalid) {
		t.Fatalf("sent with a registered name: %v", err)
	}
	w.Revision, w.Evidence = p.Revision, "Lo hanno detto in tanti"
	p, err = g.proposals.Save(ctx, g.taking, w)
	fatal(t, err)
	p, err = g.proposals.Send(ctx, g.taking, p.ID, p.Revision)
	fatal(t, err)
	for name, say := range map[string]func() error{
		"message": func() error {
			_, err := g.proposals.Discuss(ctx, g.giving, p.ID, proposal.Message{ID: uuid.Must(uuid.NewV7()), Text: phone})
			return err
		},
		"refusal": func() error { _, err := g.proposals.Decline(ctx, g.giving, p.ID, p.Revision, phone); return err },
		"acceptance": func() error {
			_, err := g.proposals.Accept(ctx, g.giving, p.ID, proposal.Acceptance{Seen: p.Revision, Note: phone})
			return err
		},
	} {
		if err := say(); !problem.Is(err, problem.Invalid) {
			t.Errorf("a %s with a telephone number: %v", name, err)
		}
	}
}

// What both bodies changed is answered, and never decided by the program.
func TestAcceptingAsksWhereBothChanged(t *testing.T) {
	t.Parallel()
	g := newGivingBack(t)
	ctx := t.Context()
	p := g.sent(t, "Che cosa ti serve?", "Proposto", questionPlace, answerPlace)
	g.edit(t, g.giving, asked("QU-01", "Che cosa serve?", "Il nostro"))
	trial, err := g.proposals.Try(ctx, g.giving, p.ID, nil)
	fatal(t, err)
	if len(trial.Open) != 1 || trial.Open[0].Path != answerPlace || string(trial.Open[0].Ours) != `"Il nostro"` || string(trial.Open[0].Theirs) != `"Proposto"` {
		t.Fatalf("conflicts: %+v", trial.Open)
	}
	accept := func(answers map[string]merge.Answer) error {
		_, err := g.proposals.Accept(ctx, g.giving, p.ID, proposal.Acceptance{Seen: p.Revision, Fields: answers})
		return err
	}
	err = accept(nil)
	if fields := problem.Of(err).Fields; !problem.Is(err, problem.Invalid) || len(fields) != 1 || fields[0].Name != answerPlace {
		t.Fatalf("accepted without an answer: %v", err)
	}
	fatal(t, accept(map[string]merge.Answer{answerPlace: {Side: merge.Value, Value: json.RawMessage(`"Tutti e due"`)}}))
	if got := g.content(t, g.giving); !strings.Contains(got, "Tutti e due") || !strings.Contains(got, "ti serve") {
		t.Errorf("the item is %s", got)
	}
}

func TestAcceptingTwiceAtOnceHappensOnce(t *testing.T) {
	t.Parallel()
	g := newGivingBack(t)
	p := g.sent(t, "Che cosa ti serve?", "Niente", questionPlace, answerPlace)
	const at = 8
	errs := make([]error, at)
	var together sync.WaitGroup
	for i := range at {
		together.Go(func() {
			if i%2 == 0 {
				_, errs[i] = g.proposals.Accept(t.Context(), g.giving, p.ID, proposal.Acceptance{Seen: p.Revision})
			} else {
				_, errs[i] = g.proposals.Decline(t.Context(), g.giving, p.ID, p.Revision, "No")
			}
		})
	}
	together.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
		} else if !problem.Is(err, problem.Conflict) {
			t.Errorf("the others are told: %v", err)
		}
	}
	ended := g.count(t, `select count(*) from audit.events where action in ('proposal.accept', 'proposal.decline')`)
	if won != 1 || ended != 1 {
		t.Errorf("%d answers hold, %d are in the audit", won, ended)
	}
	versions := g.count(t, `select count(*) from kit.item_versions where tenant_id = $1`, g.giver.ID)
	accepted := g.count(t, `select count(*) from practice.proposals where state = 'accepted'`)
	if versions != 1+accepted {
		t.Errorf("%d versions of the item, %d accepted", versions, accepted)
	}
}

func TestWhatCannotBeAcceptedSaysWhy(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	for name, prepare := range map[string]func(*testing.T, *givingBack, kit.Item){
		"drafted": func(t *testing.T, g *givingBack, item kit.Item) {
			source := asked("QU-01", "In corso", "In corso")
			_, err := g.items.SaveDraft(ctx, g.giving, kit.Edit{Source: source, Revision: item.Revision})
			fatal(t, err)
		},
		"gone": func(t *testing.T, g *givingBack, item kit.Item) {
			fatal(t, g.items.Retire(ctx, g.giving, kit.Step{Kind: item.Kind, Key: item.Key, Revision: item.Revision, Reason: "Basta"}))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGivingBack(t)
			p := g.sent(t, "Che cosa ti serve?", "Un modulo", questionPlace)
			item, err := g.items.Item(t.Context(), g.giving, kit.KindQuestion, "QU-01")
			fatal(t, err)
			ctx = t.Context()
			prepare(t, g, item)
			trial, err := g.proposals.Try(t.Context(), g.giving, p.ID, nil)
			fatal(t, err)
			_, err = g.proposals.Accept(t.Context(), g.giving, p.ID, proposal.Acceptance{Seen: p.Revision})
			if want := "practice.proposal.error." + name; trial.Blocked != want || problem.Of(err).Message.Key != want {
				t.Errorf("blocked by %q, refused with %v", trial.Blocked, err)
			}
		})
	}
}

// Each step is for one side and one state: every other is refused, by the database too.
func TestStepsOfAProposal(t *testing.T) {
	t.Parallel()
	g := newGivingBack(t)
	ctx := t.Context()
	p := g.sent(t, "Che cosa ti serve?", "Un modulo", questionPlace)
	word := proposal.Message{ID: uuid.Must(uuid.NewV7()), Text: "Perché?"}
	for range 2 {
		got, err := g.proposals.Discuss(ctx, g.giving, p.ID, word)
		fatal(t, err)
		if len(got.Messages) != 1 || got.State != proposal.Discussed {
			t.Errorf("discussed: %+v", got)
		}
	}
	for name, test := range map[string]struct {
		do   func() error
		want problem.Kind
	}{
		"a stranger discusses": {func() error { _, err := g.proposals.Discuss(ctx, g.third, p.ID, word); return err }, problem.NotFound},
		"the proposer accepts": {func() error {
			_, err := g.proposals.Accept(ctx, g.taking, p.ID, proposal.Acceptance{Seen: 3})
			return err
		}, problem.NotFound},
		"the proposer tries":        {func() error { _, err := g.proposals.Try(ctx, g.taking, p.ID, nil); return err }, problem.NotFound},
		"the proposer declines":     {func() error { _, err := g.proposals.Decline(ctx, g.taking, p.ID, 3, "No"); return err }, problem.NotFound},
		"the ceding body withdraws": {func() error { _, err := g.proposals.Withdraw(ctx, g.giving, p.ID, 3); return err }, problem.NotFound},
		"declined without a reason": {func() error { _, err := g.proposals.Decline(ctx, g.giving, p.ID, 3, " "); return err }, problem.Invalid},
		"an old form":               {func() error { _, err := g.proposals.Decline(ctx, g.giving, p.ID, p.Revision, "No"); return err }, problem.Conflict},
		"no words": {func() error {
			_, err := g.proposals.Discuss(ctx, g.taking, p.ID, proposal.Message{ID: uuid.New()})
			return err
		}, problem.Invalid},
	} {
		if err := test.do(); !problem.Is(err, test.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	g.refuseStrangers(t, p.ID)
	p, err := g.proposals.Decline(ctx, g.giving, p.ID, 3, "Non da noi")
	fatal(t, err)
	if p.State != proposal.Declined || p.Answer != "Non da noi" {
		t.Errorf("declined: %+v", p)
	}
	if _, err := g.proposals.Accept(ctx, g.giving, p.ID, proposal.Acceptance{Seen: p.Revision}); !problem.Is(err, problem.Conflict) {
		t.Errorf("accepted after all: %v", err)
	}
	for range 2 {
		fatal(t, g.proposals.Read(ctx, g.taking, p.ID))
	}
	if n := g.count(t, `select count(*) from audit.events where action = 'proposal.read'`); n != 1 {
		t.Errorf("read %d times", n)
	}
}

// refuseStrangers sees that the functions of the database know who acts, and that nobody writes the rows.
func (g *givingBack) refuseStrangers(t *testing.T, id uuid.UUID) {
	t.Helper()
	ctx := t.Context()
	for _, sql := range []string{
		`select practice.write_proposal($1, 2, '{}')`, `select practice.send_proposal($1, 2, 'x')`, `select practice.discuss_proposal($1, $1, 'x', 'x')`,
		`select practice.close_proposal($1, 3, 'accepted', 'x', '', 2)`, `select practice.read_answer($1)`,
	} {
		err := g.DB.InTx(ctx, g.third, func(tx tenants.Tx) error {
			_, err := tx.Exec(ctx, sql, id)
			return err
		})
		if err == nil || !strings.Contains(err.Error(), "no such proposal") {
			t.Errorf("%s: %v", sql, err)
		}
	}
	for _, s := range []tenants.Scope{g.taking, g.giving} {
		err := g.DB.InTx(ctx, s, func(tx tenants.Tx) error {
			_, err := tx.Exec(ctx, `update practice.proposals set reason = 'x' where id = $1`, id)
			return err
		})
		if err == nil {
			t.Error("a body writes the row itself")
		}
	}
}

func TestWhatWasWithdrawnIsOver(t *testing.T) {
	t.Parallel()
	g := newGivingBack(t)
	ctx := t.Context()
	other := g.sent(t, "Altro?", "Un modulo", questionPlace)
	_, err := g.proposals.Withdraw(ctx, g.taking, other.ID, other.Revision)
	fatal(t, err)
	if _, err := g.proposals.Accept(ctx, g.giving, other.ID, proposal.Acceptance{Seen: other.Revision + 1}); !problem.Is(err, problem.Conflict) {
		t.Errorf("a withdrawn proposal was accepted: %v", err)
	}
	thrown := g.draft(t, "Ancora?", "Un modulo", questionPlace)
	_, err = g.proposals.Withdraw(ctx, g.taking, thrown.ID, thrown.Revision)
	fatal(t, err)
	if _, err := g.proposals.Get(ctx, g.giving, thrown.ID); !problem.Is(err, problem.NotFound) {
		t.Errorf("the ceding body reads a draft that was thrown away: %v", err)
	}
}

// What was declined, withdrawn or accepted takes no more words and no other end, and whoever comes later is told that it is closed.
func TestAClosedProposalStaysClosed(t *testing.T) {
	t.Parallel()
	g := newGivingBack(t)
	ctx := t.Context()
	for _, end := range []struct {
		state proposal.State
		by    func(p proposal.Proposal) (proposal.Proposal, error)
	}{
		{proposal.Declined, func(p proposal.Proposal) (proposal.Proposal, error) {
			return g.proposals.Decline(ctx, g.giving, p.ID, p.Revision, "Non da noi")
		}},
		{proposal.Withdrawn, func(p proposal.Proposal) (proposal.Proposal, error) {
			return g.proposals.Withdraw(ctx, g.taking, p.ID, p.Revision)
		}},
		{proposal.Accepted, func(p proposal.Proposal) (proposal.Proposal, error) {
			return g.proposals.Accept(ctx, g.giving, p.ID, proposal.Acceptance{Seen: p.Revision})
		}},
	} {
		p, err := end.by(g.sent(t, "Che cosa ti serve, "+string(end.state)+"?", "Un modulo", questionPlace))
		fatal(t, err)
		before := g.everything(t)
		word := proposal.Message{ID: uuid.Must(uuid.NewV7()), Text: "Perché?"}
		for name, later := range map[string]func() (proposal.Proposal, error){
			"the proposer writes":    func() (proposal.Proposal, error) { return g.proposals.Discuss(ctx, g.taking, p.ID, word) },
			"the ceding body writes": func() (proposal.Proposal, error) { return g.proposals.Discuss(ctx, g.giving, p.ID, word) },
			"accepted": func() (proposal.Proposal, error) {
				return g.proposals.Accept(ctx, g.giving, p.ID, proposal.Acceptance{Seen: p.Revision})
			},
			"declined":  func() (proposal.Proposal, error) { return g.proposals.Decline(ctx, g.giving, p.ID, p.Revision, "No") },
			"withdrawn": func() (proposal.Proposal, error) { return g.proposals.Withdraw(ctx, g.taking, p.ID, p.Revision) },
		} {
			if _, err := later(); !problem.Is(err, problem.Conflict) || problem.Of(err).Message.Key != "practice.proposal.error.closed" {
				t.Errorf("%s, and then %s: %v", end.state, name, err)
			}
		}
		if got, err := g.proposals.Get(ctx, g.taking, p.ID); err != nil || got.State != end.state {
			t.Errorf("%s is %s: %v", end.state, got.State, err)
		}
		g.wantUntouched(t, string(end.state), before)
	}
}

// A body that hands on what it took over itself accepts a proposal about it: the item is adapted there, for that reason, and
// still comes from where it came.
func TestAnAcceptedItemKeepsWhereItCameFrom(t *testing.T) {
	t.Parallel()
	g := newGivingBack(t)
	ctx := t.Context()
	from := g.practice.ID
	g.giving, g.taking, g.giver, g.taker = g.taking, g.third, g.taker, g.other
	g.practice = g.install(t, question("QU-09", "Nostra"))
	g.publish(t, g.practice, "1.0.0")
	g.adoption = g.start(t, g.practice)
	_, err := g.upgrades.Apply(ctx, g.taking, g.adoption.ID, upgrade.Choice{})
	fatal(t, err)
	p := g.sent(t, "Che cosa ti serve?", "Un modulo", questionPlace)
	_, err = g.proposals.Accept(ctx, g.giving, p.ID, proposal.Acceptance{Seen: p.Revision})
	fatal(t, err)
	item, err := g.items.Item(ctx, g.giving, kit.KindQuestion, "QU-01")
	fatal(t, err)
	reason := "Proposta di " + g.taker.Name + ": Si capisce meglio"
	if item.Origin.Practice != from || item.Adaptation != kit.Adapted || item.Reason != reason || item.Current.Reason != reason {
		t.Errorf("the item is %s for %q from %s, its version for %q", item.Adaptation, item.Reason, item.Origin.Practice, item.Current.Reason)
	}
}

// Who has to act is told, and nobody else.
func TestDutiesOfAProposal(t *testing.T) {
	t.Parallel()
	g := newGivingBack(t)
	ctx := t.Context()
	want := func(when string, s tenants.Scope, keys ...string) {
		t.Helper()
		var got []string
		for _, source := range slices.Concat(g.proposals.Duties(), news.NewService(g.deps).Duties()) {
			duties, err := source.Find(ctx, s)
			fatal(t, err)
			for _, duty := range duties {
				got = append(got, duty.Label.Key)
			}
		}
		if !slices.Equal(got, keys) {
			t.Errorf("%s: %v, want %v", when, got, keys)
		}
	}
	p := g.draft(t, "Che cosa ti serve?", "Un modulo", questionPlace)
	want("a draft", g.giving)
	p, err := g.proposals.Send(ctx, g.taking, p.ID, p.Revision)
	fatal(t, err)
	want("sent, the proposer", g.taking)
	want("sent", g.giving, "practice.duty.answer")
	want("sent, a stranger", g.third)
	p, err = g.proposals.Discuss(ctx, g.giving, p.ID, proposal.Message{ID: uuid.Must(uuid.NewV7()), Text: "Perché?"})
	fatal(t, err)
	want("asked back", g.giving)
	want("asked back, the proposer", g.taking, "practice.duty.reply")
	_, err = g.proposals.Accept(ctx, g.giving, p.ID, proposal.Acceptance{Seen: p.Revision})
	fatal(t, err)
	want("accepted", g.giving)
	want("accepted, the proposer", g.taking, "practice.duty.answered")
	fatal(t, g.proposals.Read(ctx, g.taking, p.ID))
	want("read", g.taking)
	g.publish(t, g.practice, "1.1.0")
	want("a newer kit", g.taking, "practice.duty.news")
	want("a newer kit, its own body", g.giving)
	want("a newer kit, a stranger", g.third)
	fatal(t, news.NewService(g.deps).Read(ctx, g.taking, g.adoption.ID))
	want("news read", g.taking)
	g.publish(t, g.practice, "1.2.0")
	want("a newer kit again", g.taking, "practice.duty.news")
	_, err = g.upgrades.Apply(ctx, g.taking, g.adoption.ID, upgrade.Choice{})
	fatal(t, err)
	g.publish(t, g.practice, "1.1.1")
	want("an older number is no news", g.taking)
}

func TestChangeListSaysWhatChangedAndToWhomItIsOwed(t *testing.T) {
	t.Parallel()
	g := newGivingBack(t, asked("QU-02", "Due?", "Due"), asked("QU-03", "Tre?", "Tre"))
	ctx := t.Context()
	p := g.sent(t, "Che cosa ti serve?", "Un modulo", questionPlace)
	_, err := g.proposals.Accept(ctx, g.giving, p.ID, proposal.Acceptance{Seen: p.Revision})
	fatal(t, err)
	g.edit(t, g.giving, asked("QU-02", "Due?", "Due e mezzo"))
	g.edit(t, g.giving, asked("QU-04", "Quattro?", "Quattro"))
	g.publishBut(t, "1.1.0", "QU-03")
	service := news.NewService(g.deps)
	list, err := service.GetChanges(ctx, g.third, g.practice.ID, "", "")
	fatal(t, err)
	var got []string
	for _, one := range list.Items {
		line := one.Key + " " + one.What
		for _, c := range one.Places {
			line += fmt.Sprintf(" %s:%s>%s", c.Path, c.Was, c.Is)
		}
		for _, c := range one.Credits {
			line += " " + c.Body
		}
		got = append(got, line)
	}
	want := []string{
		`QU-01 changed content.question.it:"Che cosa serve?">"Che cosa ti serve?" ` + g.taker.Name, `QU-02 changed content.answer.it:"Due">"Due e mezzo"`,
		"QU-04 added", "QU-03 removed",
	}
	if d := cmp.Diff(want, got); d != "" || list.From != "1.0.0" {
		t.Errorf("from %s (-want +got):\n%s", list.From, d)
	}
	for _, releases := range [][2]string{{"1.1.0", "1.0.0"}, {"1.0.0", "1.0.0"}, {"9.0.0", ""}, {"", "9.0.0"}} {
		if _, err := service.GetChanges(ctx, g.third, g.practice.ID, releases[0], releases[1]); !problem.Is(err, problem.NotFound) {
			t.Errorf("from %s to %s: %v", releases[0], releases[1], err)
		}
	}
	for _, s := range []tenants.Scope{g.giving, g.third} {
		if _, err := service.Get(ctx, s, g.adoption.ID); !problem.Is(err, problem.NotFound) {
			t.Errorf("the news of another body: %v", err)
		}
	}
}

// publishBut releases all of the giver's items but one.
func (g *givingBack) publishBut(t *testing.T, number, without string) {
	t.Helper()
	items, err := g.items.Find(t.Context(), g.giving, "")
	fatal(t, err)
	c := release.Composition{Kit: uuid.Must(uuid.NewV7()), Practice: g.practice.ID, Release: number}
	for _, item := range items {
		if item.Key != without {
			c.Versions = append(c.Versions, item.Current.ID)
		}
	}
	_, err = g.releases.Compose(t.Context(), g.giving, c)
	fatal(t, err)
	_, err = g.releases.Publish(t.Context(), g.giving, c.Kit)
	fatal(t, err)
}

// The ceding body learns how many bodies did what with its items, and nothing where there are fewer than three.
func TestUptakeIsCountsAlone(t *testing.T) {
	t.Parallel()
	g := newGivingBack(t, asked("QU-02", "Due?", "Due"))
	ctx := t.Context()
	ledgers := ledger.NewService(g.deps)
	counts := func() (line string) {
		t.Helper()
		_, found, err := ledgers.FindUptake(ctx, g.giving, g.practice.ID)
		fatal(t, err)
		for _, u := range found {
			line += u.Key
			for _, n := range []*int{u.Adopted, u.Adapted, u.Dropped} {
				if n == nil {
					line += " few"
				} else {
					line += fmt.Sprint(" ", *n)
				}
			}
			line += "; "
		}
		return line
	}
	if got := counts(); got != "QU-01 few few few; QU-02 few few few; " {
		t.Errorf("one adopter: %s", got)
	}
	g.edit(t, g.taking, asked("QU-02", "Due?", "Il nostro"))
	for _, slug := range []string{"uno", "due", "tre"} {
		body := g.Body(t, slug)
		fatal(t, g.deps.Bodies.Reload(ctx))
		s := g.Operator(t, body, "practice_owner")
		a, err := g.adoptions.Start(ctx, s, uuid.Must(uuid.NewV7()), g.practice.ID)
		fatal(t, err)
		_, err = g.upgrades.Apply(ctx, s, a.ID, upgrade.Choice{})
		fatal(t, err)
		if slug != "tre" {
			g.edit(t, s, asked("QU-02", "Due?", "Il nostro"))
		}
	}
	if got := counts(); got != "QU-01 4 few few; QU-02 few 3 few; " {
		t.Errorf("four adopters: %s", got)
	}
	for _, s := range []tenants.Scope{g.taking, g.third} {
		if _, _, err := ledgers.FindUptake(ctx, s, g.practice.ID); !problem.Is(err, problem.NotFound) {
			t.Errorf("another body counts: %v", err)
		}
		fatal(t, g.DB.InTx(ctx, s, func(tx tenants.Tx) error {
			var n int
			err := tx.QueryRow(ctx, `select count(*) from practice.item_uptake($1)`, g.practice.ID).Scan(&n)
			if n != 0 {
				t.Errorf("the function tells another body %d items", n)
			}
			return err
		}))
	}
}

// Nobody writes a credit by hand.
func TestCreditsAreNotWritten(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	p := st.install(t, question("QU-01", "Uno"))
	sheet := `{"credits":[{"kind":"question","key":"QU-01","title":{"it":"x"},"body":"Noi","reason":{"it":"x"},"release":"1.0.0"}],` + string(marshal(t, p.Sheet))[1:]
	var err error
	p.Sheet, err = release.ParseSheet([]byte(sheet))
	fatal(t, err)
	_, err = st.releases.Update(t.Context(), st.giving, p)
	wantKind(t, err, problem.Invalid)
}

func marshal(t *testing.T, v any) []byte {
	t.Helper()
	raw, err := json.Marshal(v)
	fatal(t, err)
	return raw
}

package practice_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules/kit"
	"staffetta/modules/practice/adoption"
	"staffetta/modules/practice/board"
	"staffetta/modules/practice/catalogue"
	"staffetta/modules/practice/fit"
	"staffetta/modules/practice/ledger"
	"staffetta/modules/practice/need"
	"staffetta/modules/practice/outcome"
	"staffetta/modules/practice/personal"
	"staffetta/modules/practice/upgrade"
	"staffetta/modules/practice/use"
)

// What a body takes out of use is dropped, with its reason, wherever anybody looks.
func TestARetiredItemIsDropped(t *testing.T) {
	t.Parallel()
	st, a, _ := begun(t)
	_, err := st.upgrades.Apply(t.Context(), st.taking, a.ID, upgrade.Choice{})
	fatal(t, err)
	item, err := st.items.Item(t.Context(), st.taking, kit.KindTraining, "TR-01")
	fatal(t, err)
	fatal(t, st.items.Retire(t.Context(), st.taking, kit.Step{Kind: item.Kind, Key: item.Key, Revision: item.Revision, Reason: "Lo fa la regione"}))
	for _, s := range []struct {
		name  string
		board func() (board.Board, error)
	}{
		{"reusing", func() (board.Board, error) { return board.NewService(st.deps).Get(t.Context(), st.taking, a.ID) }},
		{"ceding", func() (board.Board, error) { return board.NewService(st.deps).Get(t.Context(), st.giving, a.ID) }},
	} {
		b, err := s.board()
		fatal(t, err)
		if want := (board.Standing{Items: 3, Adopted: 2, Dropped: 1, DroppedKeys: []string{"TR-01"}}); !cmp.Equal(b.Standing, want) {
			t.Errorf("%s: %+v, want %+v", s.name, b.Standing, want)
		}
		for _, c := range b.Gate(6, time.Now()).Conditions {
			for _, missing := range c.Missing {
				t.Errorf("%s: gate 6 asks for %v of %s", s.name, missing, c.Key)
			}
		}
	}
	l, err := ledger.NewService(st.deps).Get(t.Context(), st.taking, a.ID)
	fatal(t, err)
	for _, line := range l.Lines {
		if dropped := line.Key == "TR-01"; dropped != (line.Decision == kit.Dropped) || dropped && line.Reason != "Lo fa la regione" {
			t.Errorf("the ledger has %s %s %q", line.Key, line.Decision, line.Reason)
		}
	}
	m, err := use.NewService(st.deps).Measure(t.Context(), st.taking, a.ID)
	fatal(t, err)
	for _, line := range m.Lines {
		if line.Key == "TR-01" {
			t.Errorf("its use is measured: %+v", line)
		}
	}
	// What comes back is as a run decided it.
	st.edit(t, st.taking, item.Source())
	b, err := board.NewService(st.deps).Get(t.Context(), st.taking, a.ID)
	fatal(t, err)
	if b.Standing.Dropped != 0 || b.Standing.Adopted != 3 {
		t.Errorf("after its return: %+v", b.Standing)
	}
}

// Who gives a whole kit back is told of nothing any more, and the adoption ends when the body says so.
func TestWhoGaveEverythingBackEnds(t *testing.T) {
	t.Parallel()
	st, a, _ := begun(t)
	run, err := st.upgrades.Apply(t.Context(), st.taking, a.ID, upgrade.Choice{})
	fatal(t, err)
	o := outcome.NewService(st.deps)
	fatal(t, o.MeasureAll(t.Context(), st.taking))
	_, err = st.Owner.Exec(t.Context(), `insert into practice.adoptions_alarms (adoption_id, cause, count, since) values ($1, 'unused', 2, app.now())`, a.ID)
	fatal(t, err)
	_, err = st.upgrades.Undo(t.Context(), st.taking, a.ID, upgrade.Back{Run: run.ID})
	fatal(t, err)
	fatal(t, o.MeasureAll(t.Context(), st.taking))
	if n := st.count(t, `select count(*) from practice.adoptions_alarms where settled_at is null`); n != 0 {
		t.Errorf("%d alarms about nothing", n)
	}
	st.ends(t, o, a)
}

// Who never applied anything may say so too.
func TestWhoAppliedNothingEnds(t *testing.T) {
	t.Parallel()
	st, a, _ := begun(t)
	st.ends(t, outcome.NewService(st.deps), a)
}

// ends gives an adoption up and looks at it two days later.
func (st *stage) ends(t *testing.T, o *outcome.Service, a adoption.Adoption) {
	t.Helper()
	euro, people := 0.0, 0
	fatal(t, board.NewService(st.deps).State(t.Context(), st.taking, a.ID, board.Statement{
		ID: uuid.Must(uuid.NewV7()), Kind: board.Review, Value: "ended", Day: time.Now(), Amount: &euro, People: &people,
	}))
	_, err := st.Owner.Exec(t.Context(), `create or replace function app.now() returns timestamptz language sql stable parallel safe as
		$$ select statement_timestamp() + interval '2 days' $$`)
	fatal(t, err)
	fatal(t, o.MeasureAll(t.Context(), st.taking))
	got, err := st.adoptions.GetAdoption(t.Context(), st.taking, a.ID)
	fatal(t, err)
	if got.State != "ended" {
		t.Fatalf("the adoption is %s", got.State)
	}
	// It may begin again, and the page offers it.
	newSite(t, st).as(t, st.taking).visit(t, "/adozioni", nil).want(t, 200, "/adozioni/nuova?pratica="+a.Practice.String())
}

// What ranks practices and what explains one of them read the same contents.
func TestRankingReadsWhatNamesServices(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	p := st.install(t, question("QU-01", "Uno"))
	st.publish(t, p, "1.0.0")
	_, err := st.Owner.Exec(t.Context(), `update commons.kit_items i set content = n.content, sha256 = encode(sha256(convert_to(n.content, 'UTF8')), 'hex')
		from (select kit_id, replace(content, '"question"', '"services":["SV-77"],"question"') as content from commons.kit_items) n where n.kit_id = i.kit_id`)
	fatal(t, err)
	found, err := st.catalogue.FindOffers(t.Context(), st.taking, catalogue.Search{})
	fatal(t, err)
	parts, err := st.catalogue.FindParts(t.Context(), st.taking, found.Offers)
	fatal(t, err)
	published, err := st.catalogue.GetPublished(t.Context(), st.taking, p.ID)
	fatal(t, err)
	body := fit.Body{Tenant: st.taker}
	ranked, explained := fit.Find(st.deps.Platform, body, parts[published.Newest.Kit]), fit.Find(st.deps.Platform, body, published.Items)
	if !cmp.Equal(ranked, explained) || len(explained.Services) != 1 {
		t.Errorf("ranked with %+v, explained with %+v", ranked, explained)
	}
}

// A need is held against the registry as a kit is, and goes out as it was checked.
func TestANeedGoesOutAsItWasChecked(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	st.register(t, st.taking, "Lo Bianco", "Rosa")
	reader := st.Operator(t, st.taker, "practice_owner", "social_worker")
	n := need.NewService(st.deps)
	one, err := n.Create(t.Context(), st.taking, need.PracticeNeed{ID: uuid.Must(uuid.NewV7()), Title: "Uno sportello", Purpose: "Serve alla famiglia di Rosa Lo Bianco"})
	fatal(t, err)
	_, err = n.Publish(t.Context(), reader, one.ID)
	wantKind(t, err, problem.Invalid)
	if f := problem.Of(err).Fields; len(f) != 1 || f[0].Name != "purpose" || f[0].Message.Key != "practice.finding."+personal.Name {
		t.Errorf("places: %+v", f)
	}
	taker := newSite(t, st).as(t, st.taking)
	taker.visit(t, "/fabbisogni/"+one.ID.String()+"/pubblica", map[string][]string{"x": {"y"}}).want(t, 422, general)
	one.Purpose = "Serve"
	one, err = n.Update(t.Context(), st.taking, one)
	fatal(t, err)
	gate, err := st.Owner.Begin(t.Context())
	fatal(t, err)
	defer func() { _ = gate.Rollback(context.WithoutCancel(t.Context())) }()
	var holder int
	fatal(t, gate.QueryRow(t.Context(), `select pg_backend_pid() from practice.needs for update`).Scan(&holder))
	published := make(chan error, 1)
	go func() {
		_, err := n.Publish(t.Context(), st.taking, one.ID)
		published <- err
	}()
	st.waits(t, holder, published)
	_, err = gate.Exec(t.Context(), `update practice.needs set purpose = 'chiama il 347 1234567', version = version + 1`)
	fatal(t, err)
	fatal(t, gate.Commit(t.Context()))
	wantKind(t, <-published, problem.Conflict)
	if n := st.count(t, `select count(*) from commons.needs`); n != 0 {
		t.Errorf("%d needs went out", n)
	}
}

// What is published stays checked when it is changed.
func TestAPublishedNeedIsCheckedAnew(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	st.register(t, st.taking, "Lo Bianco", "Rosa")
	n := need.NewService(st.deps)
	one, err := n.Create(t.Context(), st.taking, need.PracticeNeed{ID: uuid.Must(uuid.NewV7()), Title: "Uno sportello", Purpose: "Serve"})
	fatal(t, err)
	one, err = n.Publish(t.Context(), st.taking, one.ID)
	fatal(t, err)
	one.Audience = "Rosa Lo Bianco"
	_, err = n.Update(t.Context(), st.taking, one)
	wantKind(t, err, problem.Invalid)
	if n := st.count(t, `select count(*) from commons.needs where audience <> ''`); n != 0 {
		t.Error("the name went out")
	}
}

// The owner and the licence of an item are written, and stay where nobody names them; the code of a practice never changes.
func TestWhatIsSentIsWrittenOrRefused(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	p := st.install(t, question("QU-01", "Nulla"))
	item, err := st.items.Item(t.Context(), st.giving, kit.KindQuestion, "QU-01")
	fatal(t, err)
	edit := kit.Edit{Source: item.Source(), Revision: item.Revision}
	edit.Owner, edit.Licence = "Comune di Altro", ""
	_, err = st.items.SaveDraft(t.Context(), st.giving, edit)
	fatal(t, err)
	item, err = st.items.Item(t.Context(), st.giving, kit.KindQuestion, "QU-01")
	fatal(t, err)
	if item.Owner != "Comune di Altro" || item.Licence != "CC-BY-4.0" {
		t.Errorf("owner %q, licence %q", item.Owner, item.Licence)
	}
	p.Key = "ALTRA"
	_, err = st.releases.Update(t.Context(), st.giving, p)
	wantKind(t, err, problem.Invalid)
	if f := problem.Of(err).Fields; len(f) != 1 || f[0].Name != "key" {
		t.Errorf("places: %+v", f)
	}
}

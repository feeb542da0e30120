package casefile_test

import (
	"errors"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"

	"staffetta/internal/problem"
	"staffetta/modules/casefile"
	"staffetta/modules/casefile/diary"
	"staffetta/policies"
	"staffetta/tenants"
)

func writing(t *testing.T, body string) casefile.Writing {
	t.Helper()
	return casefile.Writing{ID: newID(t), Kind: "nota", Visibility: "public", HappenedOn: today(), Body: body}
}

func saved(_ diary.Note, err error) error { return err }

// diary lists the texts that somebody reads.
func (st *stage) diary(t *testing.T, s tenants.Scope, ref string) (texts []string) {
	t.Helper()
	a, err := st.cases.OpenDiary(t.Context(), s, ref)
	must(t, err)
	notes, _, err := st.cases.FindNotes(t.Context(), a, casefile.Cursor{})
	must(t, err)
	for _, n := range notes {
		texts = append(texts, n.Body)
	}
	return texts
}

func TestDraftsAndPrivateNotesAreTheirAuthors(t *testing.T) {
	st := newStage(t)
	ctx := t.Context()
	colleague := st.as(t, "social_worker")
	st.onTeam(t, colleague)
	w := writing(t, "Bozza")
	note, err := st.cases.SaveNote(ctx, st.worker, st.ref, w, false)
	must(t, err)
	want(t, "the author's diary", []string{"Bozza"}, st.diary(t, st.worker, st.ref))
	want(t, "the team's diary", nil, st.diary(t, colleague, st.ref))
	_, err = st.cases.GetNote(ctx, st.access(t, colleague, "diary"), note.ID)
	wantKind(t, err, problem.NotFound)
	wantKind(t, saved(st.cases.SaveNote(ctx, colleague, st.ref, w, true)), problem.NotFound)

	w.Version, w.Body, w.Visibility = note.Version, "Solo per me", "private"
	note, err = st.cases.SaveNote(ctx, st.worker, st.ref, w, true)
	must(t, err)
	if !note.Signed() || note.Version != 2 {
		t.Errorf("signed %v", note)
	}
	body, guest := st.other(t, "mazara", "coordinator")
	st.share(t, body, "diary")
	for name, s := range map[string]tenants.Scope{"team": colleague, "coordinator": st.as(t, "coordinator")} {
		want(t, "the private note for the "+name, nil, st.diary(t, s, st.ref))
	}
	want(t, "the private note for a guest", nil, st.diary(t, guest, "pantelleria~"+st.ref))
	want(t, "the private note for its author", []string{"Solo per me"}, st.diary(t, st.worker, st.ref))
	must(t, saved(st.cases.SaveNote(ctx, st.worker, st.ref, writing(t, "Per tutti"), true)))
	want(t, "the team's diary", []string{"Per tutti"}, st.diary(t, colleague, st.ref))
	want(t, "the guest's diary", []string{"Per tutti"}, st.diary(t, guest, "pantelleria~"+st.ref))
}

func TestSignedNoteIsLocked(t *testing.T) {
	st := newStage(t)
	ctx := t.Context()
	w := writing(t, "Detto e firmato")
	caused := st.events(t, func() { must(t, saved(st.cases.SaveNote(ctx, st.worker, st.ref, w, true))) })
	want(t, "events", map[string]int{"case.read": 1, "note.sign": 1}, caused)
	caused = st.events(t, func() { must(t, saved(st.cases.SaveNote(ctx, st.worker, st.ref, w, true))) })
	want(t, "events of the second submit", map[string]int{"case.read": 1}, caused)
	want(t, "notes", 1, ask[int](t, st, `select count(*) from casefile.notes`))
	changed := w
	changed.Body, changed.Version = "Un'altra cosa", 1
	wantKind(t, saved(st.cases.SaveNote(ctx, st.worker, st.ref, changed, true)), problem.Conflict)
	wantKind(t, saved(st.cases.SaveNote(ctx, st.worker, st.ref, w, false)), problem.Conflict)
	wantKind(t, saved(st.cases.SaveNote(ctx, st.as(t, "coordinator"), st.ref, changed, true)), problem.Conflict)

	confined := st.deps.Policies.Confine(st.worker, policies.Assigned)
	must(t, st.DB.InTx(ctx, confined, func(tx tenants.Tx) error {
		tag, err := tx.Exec(ctx, `update casefile.notes set body = 'Manomessa' where id = $1`, w.ID)
		want(t, "signed rows that the author changes", 0, tag.RowsAffected())
		return err
	}))
	for _, sql := range []string{`delete from casefile.notes`, `truncate casefile.notes`} {
		err := st.DB.InTx(ctx, confined, func(tx tenants.Tx) error { _, err := tx.Exec(ctx, sql); return err })
		var denied *pgconn.PgError
		if !errors.As(err, &denied) || denied.Code != "42501" {
			t.Errorf("%s: %v", sql, err)
		}
	}
	// nor does a draft change hands
	draft := writing(t, "Bozza")
	must(t, saved(st.cases.SaveNote(ctx, st.worker, st.ref, draft, false)))
	err := st.DB.InTx(ctx, confined, func(tx tenants.Tx) error {
		_, err := tx.Exec(ctx, `update casefile.notes set author_account = $2 where id = $1`, draft.ID, newID(t))
		return err
	})
	if err == nil {
		t.Error("a draft was given to somebody else")
	}
	want(t, "text", "Detto e firmato", ask[string](t, st, `select body from casefile.notes where id = $1`, w.ID))
}

func TestDraftChangedElsewhere(t *testing.T) {
	st := newStage(t)
	ctx := t.Context()
	w := writing(t, "Uno")
	first, err := st.cases.SaveNote(ctx, st.worker, st.ref, w, false)
	must(t, err)
	again, err := st.cases.SaveNote(ctx, st.worker, st.ref, w, false)
	must(t, err)
	want(t, "version after the second submit", first.Version, again.Version)
	here := w
	here.Version, here.Body = 1, "Due"
	second, err := st.cases.SaveNote(ctx, st.worker, st.ref, here, false)
	must(t, err)
	want(t, "version", 2, second.Version)
	for name, stale := range map[string]casefile.Writing{
		"the form of version 1":     {Version: 1, Body: "Tre"},
		"the very first form again": {Version: 0, Body: "Uno"},
	} {
		stale.ID, stale.Kind, stale.Visibility, stale.HappenedOn = w.ID, w.Kind, w.Visibility, w.HappenedOn
		if err := saved(st.cases.SaveNote(ctx, st.worker, st.ref, stale, true)); !problem.Is(err, problem.Conflict) {
			t.Errorf("%s: %v", name, err)
		}
	}
	want(t, "text", "Due", ask[string](t, st, `select body from casefile.notes where id = $1`, w.ID))
}

func TestSameNoteSentAtOnce(t *testing.T) {
	st := newStage(t)
	w := writing(t, "Una volta sola")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if err := saved(st.cases.SaveNote(t.Context(), st.worker, st.ref, w, true)); err != nil {
				t.Errorf("save: %v", err)
			}
		})
	}
	wg.Wait()
	want(t, "notes", 1, ask[int](t, st, `select count(*) from casefile.notes`))
	want(t, "signatures in the audit", 1, ask[int](t, st, `select count(*) from audit.events where action = 'note.sign'`))
}

func TestCorrections(t *testing.T) {
	st := newStage(t)
	ctx := t.Context()
	signed, err := st.cases.SaveNote(ctx, st.worker, st.ref, writing(t, "Con un errore"), true)
	must(t, err)
	draft, err := st.cases.SaveNote(ctx, st.worker, st.ref, writing(t, "Bozza"), false)
	must(t, err)
	elsewhere := st.open(t, st.worker, st.rosa).ID.String()
	correct := func(ref string, original uuid.UUID) error {
		w := writing(t, "Correzione")
		w.AddendumTo = original
		return saved(st.cases.SaveNote(ctx, st.worker, ref, w, true))
	}
	must(t, correct(st.ref, signed.ID))
	wantKind(t, correct(elsewhere, signed.ID), problem.NotFound)
	wantKind(t, correct(st.ref, draft.ID), problem.NotFound)
	wantKind(t, correct(st.ref, newID(t)), problem.NotFound)
	// the id of a note opens nothing in another case
	a, err := st.cases.Open(ctx, st.worker, elsewhere, "diary")
	must(t, err)
	_, err = st.cases.GetNote(ctx, a, signed.ID)
	wantKind(t, err, problem.NotFound)
	moved := writing(t, "Con un errore")
	moved.ID = signed.ID
	wantKind(t, saved(st.cases.SaveNote(ctx, st.worker, elsewhere, moved, true)), problem.NotFound)
	want(t, "corrections", 1, ask[int](t, st, `select count(*) from casefile.notes where addendum_to is not null`))
}

func TestNoteSections(t *testing.T) {
	st := newStage(t)
	ctx := t.Context()
	educator := st.as(t, "educator")
	st.onTeam(t, educator)
	for _, kind := range []string{"nota", "provvedimenti_tribunale", "scuola"} {
		w := writing(t, kind)
		w.Kind = kind
		must(t, saved(st.cases.SaveNote(ctx, st.worker, st.ref, w, true)))
	}
	want(t, "the educator's diary", []string{"scuola", "nota"}, st.diary(t, educator, st.ref))
	want(t, "sections in the audit", []string{"diary", "school"},
		ask[[]string](t, st, `select sections from audit.events where action = 'case.read' and account_id = $1 order by at desc limit 1`, educator.Account))
	wantKind(t, saved(st.cases.SaveNote(ctx, educator, st.ref, writing(t, "Nell'équipe si legge"), false)), problem.Forbidden)
	bad := writing(t, "x")
	bad.Kind = "verbale"
	wantField(t, saved(st.cases.SaveNote(ctx, st.worker, st.ref, bad, false)), "tipo")
	wantKind(t, saved(st.cases.SaveNote(ctx, st.as(t, "social_worker"), st.ref, bad, false)), problem.NotFound) // and not what is wrong with it
}

func TestDiaryInPages(t *testing.T) {
	st := newStage(t)
	for range 53 {
		must(t, saved(st.cases.SaveNote(t.Context(), st.worker, st.ref, writing(t, "Nota"), true)))
	}
	a := st.access(t, st.worker, "diary")
	first, next, err := st.cases.FindNotes(t.Context(), a, casefile.Cursor{})
	must(t, err)
	rest, end, err := st.cases.FindNotes(t.Context(), a, casefile.ParseCursor(next.String()))
	must(t, err)
	if len(first) != 50 || len(rest) != 3 || !end.IsZero() {
		t.Errorf("pages of %d and %d, end %v", len(first), len(rest), end)
	}
}

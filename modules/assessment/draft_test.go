package assessment_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"staffetta/modules"
	"staffetta/modules/casefile"
)

// Notes and assessments that were begun stand in one list, the oldest first, and the latest of each on the desk.
func TestDraftsStandWithThoseOfOthers(t *testing.T) {
	st := newStage(t)
	ctx := t.Context()
	duties := modules.NewDuties(st.deps.Bodies, st.deps.Policies)
	st.deps.Platform.Duties = duties
	for _, m := range st.List {
		parts, err := m.New(st.deps)
		must(t, err)
		duties.AddDrafts(m, parts.Drafts)
	}
	si := newSite(t, st, st.worker)
	first, err := st.service.SaveDraft(ctx, st.worker, st.ref, barthel(t, best()))
	must(t, err)
	_, err = casefile.NewService(st.deps).SaveNote(ctx, st.worker, st.ref, casefile.Writing{ID: newID(t), Kind: "colloquio", Visibility: "public", HappenedOn: first.DoneOn, Body: "x"}, false)
	must(t, err)
	_, err = st.service.SaveDraft(ctx, st.worker, st.ref, barthel(t, best()))
	must(t, err)
	st.finalise(t, barthel(t, best()))
	_, err = st.service.SaveDraft(ctx, st.as(t, "coordinator"), st.ref, barthel(t, best()))
	must(t, err)

	at := "/cartelle/" + st.ref + "/valutazioni/" + first.ID.String()
	page := si.visit(t, "/scrivania/bozze", nil).want(t, 200, `href="/pantelleria`+at+`"`, "Bianco Rosa")
	var got []string
	for line := range strings.SplitSeq(page.main(), "</a>") {
		if _, title, ok := strings.Cut(line, `">`); ok && strings.Contains(line, `<th scope="row">`) {
			got = append(got, title[strings.LastIndex(title, ">")+1:])
		}
	}
	wanted := []string{"Valutazione: Indice di Barthel (Shah)", "Annotazione: Colloquio", "Valutazione: Indice di Barthel (Shah)"}
	if diff := cmp.Diff(wanted, got); diff != "" {
		t.Errorf("drafts (-want +got):\n%s", diff)
	}
	desk := si.visit(t, "/scrivania", nil).want(t, 200, "Tutte le bozze (3)", `href="/pantelleria`+at+`"`)
	if n := strings.Count(desk.main(), "Riprendi la bozza nella cartella"); n != 3 {
		t.Errorf("the desk shows %d drafts", n)
	}

	found, err := st.service.FindDrafts(ctx, st.worker, modules.DraftQuery{})
	must(t, err)
	rest, err := st.service.FindDrafts(ctx, st.worker, modules.DraftQuery{Since: found.List[0].Since, ID: found.List[0].ID})
	must(t, err)
	if len(found.List) != 2 || len(rest.List) != 1 || rest.Total != 2 || rest.List[0].ID == first.ID {
		t.Errorf("of %+v the next are %+v", found, rest)
	}
	for _, sql := range []string{
		`update casefile.assignments set part = 'team'`, // an educator on a team reads assessments, and writes none
		`update casefile.assignments set part = 'manager', valid_to = now()`,
	} {
		_, err := st.Owner.Exec(ctx, sql)
		must(t, err)
		educator := st.worker
		educator.Roles = []string{"educator"}
		if found, err = st.service.FindDrafts(ctx, educator, modules.DraftQuery{}); err != nil || len(found.List) > 0 || found.Total > 0 {
			t.Errorf("after %s: %+v, %v", sql, found, err)
		}
	}
}

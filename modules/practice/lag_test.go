package practice_test

import (
	"strings"
	"testing"

	"staffetta/modules"
	"staffetta/modules/practice/board"
)

// A kit that is applied first proposes the stages that it has met, and moves none.
func TestAnAppliedKitProposesItsStages(t *testing.T) {
	t.Parallel()
	st, a, at := begun(t)
	taker := newSite(t, st).as(t, st.taking)
	if before := taker.visit(t, at, nil).want(t, 200); strings.Contains(before.body, "Il kit è più avanti") {
		t.Error("a kit that nobody applied is ahead")
	}
	plan := taker.visit(t, at+"/prova", nil).want(t, 200)
	taker.visit(t, at+"/applica", plan.fill("visto", "si")).want(t, 303)
	page := taker.visit(t, at, nil).want(t, 200, "Il kit è più avanti del percorso", "le fasi 4, 5:", "Atto dell&#39;ente cedente")
	if st.stageOf(t, a) != 1 || strings.Contains(page.main(), "/avanza") {
		t.Fatal("applying moved the adoption, or offers it through a shut gate")
	}

	boards := board.NewService(st.deps)
	fatal(t, boards.State(t.Context(), st.taking, a.ID, board.Statement{ID: modules.FormID(""), Kind: board.Interest, Note: "Per l'isola"}))
	for _, key := range []string{"TE-01/owner", "TE-01/course"} {
		fatal(t, boards.State(t.Context(), st.taking, a.ID, board.Statement{ID: modules.FormID(""), Kind: board.Response, Key: key, Value: board.Yes}))
	}
	page = taker.visit(t, at, nil).want(t, 200, "Passa a «3. Accordo»", "Passa solo a «2. Analisi")
	taker.visit(t, at+"/avanza", page.fill("target", "2")).want(t, 303)
	if got := st.stageOf(t, a); got != 2 {
		t.Errorf("one press moved it to %d", got)
	}
}

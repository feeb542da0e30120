package practice_test

import (
	"html"
	"slices"
	"strings"
	"testing"

	"staffetta/modules/kit"
	"staffetta/modules/practice/practicetest"
)

// Workflows of a kit are drawn on the public sheet of the practice and on the board of an adoption, each with the same in words, and
// ids of its own.
func TestWorkflowsOfAKitAreDrawn(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	examples, err := practicetest.Items(st.deps.Platform.Kinds)
	fatal(t, err)
	items := []kit.Source{question("QU-01", "A chi?")}
	for i, one := range examples[kit.KindWorkflow] {
		one.Key = []string{"WF-A", "WF-B"}[i]
		items = append(items, one)
	}
	p := st.install(t, items...)
	st.publish(t, p, "1.0.0")
	a := st.start(t, p)
	si := newSite(t, st)
	for path, who := range map[string]visitor{"/buone-pratiche/" + p.ID.String(): {site: si}, "/adozioni/" + a.ID.String(): si.as(t, st.taking)} {
		page := who.visit(t, path, nil).want(t, 200, "Come si lavora")
		for _, one := range items[1:] {
			page.want(t, 200, html.EscapeString(one.Key+" "+one.Title.IT), `id="disegno-`+one.Key+`-testo"`, `id="stati-`+one.Key+`"`, `id="passaggi-`+one.Key+`"`)
			flow, err := kit.ParseWorkflow(one.Content)
			fatal(t, err)
			if unsaid := slices.IndexFunc(flow.States, func(s kit.WorkflowState) bool { return strings.Count(page.main(), html.EscapeString(s.Label.IT)) < 2 }); unsaid >= 0 {
				t.Errorf("%s: the state %s is not both drawn and written", path, flow.States[unsaid].Label.IT)
			}
		}
	}
}

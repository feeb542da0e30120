package practice_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/cid"
	"staffetta/modules/practice/proposal"
)

// sharedTemplate is the sharing template of the CID without the acts that it names, and without its tests.
func sharedTemplate(t *testing.T) kit.Source {
	t.Helper()
	items, err := cid.Items()
	fatal(t, err)
	at := slices.IndexFunc(items, func(one kit.Source) bool { return one.Kind == kit.KindSharingTemplate })
	var content map[string]any
	fatal(t, json.Unmarshal(items[at].Content, &content))
	delete(content, "acts")
	delete(content, "tests") // of the sections, which are changed below
	raw, err := json.Marshal(content)
	fatal(t, err)
	items[at].Content = raw
	return items[at]
}

// widened is a proposal by which a purpose shows one section more.
func (g *givingBack) widened(t *testing.T) proposal.Proposal {
	t.Helper()
	item, err := g.items.Item(t.Context(), g.taking, kit.KindSharingTemplate, "PO-01")
	fatal(t, err)
	source := item.Source()
	source.Content = bytes.Replace(source.Content, []byte(`"sections":["assessment","plan"]`), []byte(`"sections":["assessment","icf","plan"]`), 1)
	g.edit(t, g.taking, source)
	found, err := g.proposals.FindCandidates(t.Context(), g.taking, g.adoption.ID)
	fatal(t, err)
	w := proposal.Writing{ID: uuid.Must(uuid.NewV7()), Adoption: g.adoption.ID, Kind: source.Kind, Key: source.Key, Reason: "Serve anche il profilo ICF"}
	for _, change := range found[0].Changes {
		w.Places = append(w.Places, change.Path)
	}
	p, err := g.proposals.Save(t.Context(), g.taking, w)
	fatal(t, err)
	p, err = g.proposals.Send(t.Context(), g.taking, p.ID, p.Revision)
	fatal(t, err)
	return p
}

// Nobody accepts another body's words on who sees what without having read who gains and who loses by them.
func TestAnAcceptedProposalIsReadFirst(t *testing.T) {
	t.Parallel()
	g := newGivingBack(t, sharedTemplate(t))
	p := g.widened(t)
	a := proposal.Acceptance{Seen: p.Revision}
	accept := func(want problem.Kind) {
		t.Helper()
		_, err := g.proposals.Accept(t.Context(), g.giving, p.ID, a)
		wantKind(t, err, want)
	}
	accept(problem.Invalid)
	a.Consent = modules.Consent{Mark: "another", Acknowledged: true}
	accept(problem.Conflict)
	trial, err := g.proposals.Try(t.Context(), g.giving, p.ID, nil)
	fatal(t, err)
	if !trial.Effect.Told {
		t.Fatal("nothing is told of who sees more")
	}
	a.Consent.Mark = trial.Effect.Mark
	_, err = g.proposals.Accept(t.Context(), g.giving, p.ID, a)
	fatal(t, err)
}

// The page shows it, and asks.
func TestThePageOfAnAcceptanceTellsWhoGains(t *testing.T) {
	t.Parallel()
	g := newGivingBack(t, sharedTemplate(t))
	p := g.widened(t)
	giver := newSite(t, g.stage).as(t, g.giving)
	at := "/proposte/" + p.ID.String() + "/accetta"
	page := giver.visit(t, at, nil).want(t, 200, "Chi guadagna e chi perde")
	giver.visit(t, at, page.fill()).want(t, 422)
	giver.visit(t, at, page.fill("visto", "si", "segno", "another")).want(t, 409)
	giver.visit(t, at, page.fill("visto", "si")).want(t, 303)
}

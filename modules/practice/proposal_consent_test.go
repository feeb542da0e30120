package practice_test

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"testing"

	"github.com/google/uuid"

	"staffetta/internal/merge"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/cid"
	"staffetta/modules/practice/proposal"
	"staffetta/tenants"
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

// Where answers to conflicts decide who gains, the API tells the mark of what they come to before anybody accepts.
func TestTheMarkOfAnsweredConflictsIsToldBefore(t *testing.T) {
	t.Parallel()
	g := newGivingBack(t, sharedTemplate(t))
	lasting := func(s tenants.Scope, days string) kit.Source {
		item, err := g.items.Item(t.Context(), s, kit.KindSharingTemplate, "PO-01")
		fatal(t, err)
		source, seen := item.Source(), false
		source.Content = regexp.MustCompile(`"maxDays":\d+`).ReplaceAllFunc(source.Content, func(found []byte) []byte {
			if seen {
				return found
			}
			seen = true
			return []byte(`"maxDays":` + days)
		})
		return source
	}
	g.edit(t, g.taking, lasting(g.taking, "11"))
	found, err := g.proposals.FindCandidates(t.Context(), g.taking, g.adoption.ID)
	fatal(t, err)
	w := proposal.Writing{ID: uuid.Must(uuid.NewV7()), Adoption: g.adoption.ID, Kind: kit.KindSharingTemplate, Key: "PO-01", Reason: "Servono undici giorni"}
	for _, change := range found[0].Changes {
		w.Places = append(w.Places, change.Path)
	}
	p, err := g.proposals.Save(t.Context(), g.taking, w)
	fatal(t, err)
	p, err = g.proposals.Send(t.Context(), g.taking, p.ID, p.Revision)
	fatal(t, err)
	g.edit(t, g.giving, lasting(g.giving, "13"))

	giver := newSite(t, g.stage).api(t, g.giving)
	at := "/improvement-proposals/" + p.ID.String()
	type told struct {
		Told      bool
		Mark      string
		Conflicts []struct{ Path string }
	}
	try := func(answers ...map[string]any) (got told) {
		t.Helper()
		response := giver.post(t, at+"/trial", map[string]any{"answers": append([]map[string]any{}, answers...)})
		if response.Code != 200 {
			t.Fatalf("the trial answers %d %s", response.Code, response.Body)
		}
		fatal(t, json.Unmarshal(response.Body.Bytes(), &got))
		return got
	}
	before := try()
	if len(before.Conflicts) != 1 || before.Told {
		t.Fatalf("without answers: %+v", before)
	}
	answer := map[string]any{"path": before.Conflicts[0].Path, "take": "proposed"}
	after := try(answer)
	if len(after.Conflicts) != 0 || !after.Told || after.Mark == before.Mark {
		t.Fatalf("answered: %+v, before %+v", after, before)
	}
	accept := proposal.Acceptance{
		Seen: p.Revision, Fields: map[string]merge.Answer{before.Conflicts[0].Path: {Side: merge.Theirs}}, Consent: modules.Consent{Mark: before.Mark, Acknowledged: true},
	}
	if _, err = g.proposals.Accept(t.Context(), g.giving, p.ID, accept); err == nil {
		t.Fatal("accepted with the mark of something else")
	}
	accept.Consent.Mark = after.Mark
	_, err = g.proposals.Accept(t.Context(), g.giving, p.ID, accept)
	fatal(t, err)
}

package casefile_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"staffetta/internal/problem"
	"staffetta/modules/casefile"
	"staffetta/modules/kit"
)

// typedPath is a workflow with a step that asks for a field of each type.
const typedPath = `{"subject":"case",
 "fields":[{"key":"applied_on","label":{"it":"Data dell'istanza"},"type":"date"},{"key":"hours","label":{"it":"Ore alla settimana"},"type":"number"},
  {"key":"officer","label":{"it":"Responsabile del procedimento"},"type":"account"},{"key":"notice","label":{"it":"Comunicazione di avvio"},"type":"document"},
  {"key":"wishes","label":{"it":"Desideri"},"type":"longtext"},{"key":"cause","label":{"it":"Causa"},"type":"choice","vocabulary":"VO-90"},{"key":"why","label":{"it":"Motivo"},"type":"text"}],
 "states":[{"key":"new","label":{"it":"Nuova"},"initial":true},{"key":"begun","label":{"it":"Avviata"}},{"key":"done","label":{"it":"Finita"},"final":true}],
 "transitions":[{"key":"start","from":"new","to":"begun","label":{"it":"Avvia"},"roles":["social_worker"],"requires":["applied_on","hours","officer","notice","wishes","cause"]},
  {"key":"end","from":"begun","to":"done","label":{"it":"Concludi"},"roles":["social_worker"],"requires":["why"]}]}`

// publish makes an item one of the body.
func (st *stage) publish(t *testing.T, kind, key, content string) {
	t.Helper()
	items, owner := kit.NewItems(st.deps), st.as(t, "practice_owner")
	source := kit.Source{Kind: kind, Key: key, Title: kit.Text{IT: "Componente " + key}, Owner: "Comune", Licence: "CC-BY-4.0", Content: []byte(content)}
	item, err := items.SaveDraft(t.Context(), owner, kit.Edit{Source: source})
	must(t, err)
	_, err = items.Publish(t.Context(), owner, kit.Step{Kind: kind, Key: key, Revision: item.Revision, Reason: "Prima versione"})
	must(t, err)
}

// typed is a case of Rosa on the typed path.
func (st *stage) typed(t *testing.T) string {
	t.Helper()
	st.publish(t, kit.KindVocabulary, "VO-90", `{"values":[{"key":"sent","label":{"it":"Inviata dalla scuola"}},{"key":"other","label":{"it":"Altro"}}]}`)
	st.publish(t, kit.KindWorkflow, "WF-90", typedPath)
	c, err := st.cases.Create(t.Context(), st.worker, casefile.Opening{ID: newID(t), Person: st.rosa, Workflow: "WF-90"})
	must(t, err)
	return c.ID.String()
}

// Each field of a step has its own control, is refused at its place with the others kept, and is told afterwards, on the page and
// in the API, to who reads the diary.
func TestAStepAsksForTypedFields(t *testing.T) {
	st := newStage(t)
	ref := st.typed(t)
	v, at := newSite(t, st).visitor(t, st.worker), "/cartelle/"+ref
	page := v.get(t, at).want(t, 200, "Data dell'istanza", `name="a.applied_on"`, `type="date"`, `name="a.hours"`, `name="a.officer"`, st.worker.Name, "protocollo", `name="a.wishes"`, "<textarea", "Inviata dalla scuola")
	given := []string{
		"passaggio", "start", "a.applied_on", "2026-11-03", "a.hours", "1,5", "a.officer", st.worker.Account.String(), "a.notice", "Prot. 12/2026", "a.wishes", "Vivere con gli amici\n" + rude,
		"a.cause", "sent",
	}
	v.post(t, at+"/stato", page.fill(append(given, "a.hours", "molte", "a.notice", " ")...)).
		want(t, 422, `href="#start-a-hours"`, `href="#start-a-notice"`, "molte", "Vivere con gli amici", `value="2026-11-03"`).lacks(t, `href="#start-a-wishes"`)
	v.post(t, at+"/stato", page.fill(given...)).want(t, 303)
	v.get(t, at).want(t, 200, "Nuova → Avviata", "Data dell'istanza: 03/11/2026", "Ore alla settimana: 1,5", "Responsabile del procedimento: "+st.worker.Name,
		"Comunicazione di avvio: Prot. 12/2026", "Desideri: Vivere con gli amici", rude, "Causa: Inviata dalla scuola", `name="a.why"`)

	api := st.client(t, st.worker)
	refused(t, api, "POST /case-files/"+ref+"/steps", problem.Invalid, map[string]any{"step": "end", "answers": map[string]any{"why": 3}})
	call[struct{}](t, api, "POST /case-files/"+ref+"/steps", 204, map[string]any{"step": "end", "reason": "Obiettivi raggiunti"}) // the only words that it asks for
	steps := call[list[casefile.StepBody]](t, api, "GET /case-files/"+ref+"/steps", 200).Items
	if len(steps) != 2 || steps[0].ToLabel != "Finita" || steps[0].Reason != "" {
		t.Fatalf("the steps are %+v", steps)
	}
	want := []casefile.GivenBody{{Key: "why", Label: "Motivo", Value: "Obiettivi raggiunti", Text: "Obiettivi raggiunti"}}
	if diff := cmp.Diff(want, steps[0].Given); diff != "" {
		t.Errorf("given to the last step (-want +got):\n%s", diff)
	}
	if first := steps[1].Given; len(first) != 6 || first[1].Value != 1.5 || first[2].Text != st.worker.Name || first[5].Value != "sent" {
		t.Errorf("given to the first step %+v", first)
	}
	for _, step := range call[list[casefile.StepBody]](t, st.client(t, st.officer(t)), "GET /case-files/"+ref+"/steps", 200).Items {
		if len(step.Given) > 0 || step.Reason != "" || step.ToLabel == "" {
			t.Errorf("an officer reads %+v", step)
		}
	}
}

// What was written as one text before steps had fields is read as it was.
func TestOldWordsOfAStepStay(t *testing.T) {
	st := newStage(t)
	st.paused(t, "Ricovero in clinica")
	st.exec(t, `update casefile.reasons set body = 'Data: 3 novembre' || chr(10) || 'Altre parole', given = '[]' where case_id = $1 and id <> case_id`, st.ref)
	newSite(t, st).visitor(t, st.worker).get(t, "/cartelle/"+st.ref).want(t, 200, "Data: 3 novembre", "Altre parole")
	steps := call[list[casefile.StepBody]](t, st.client(t, st.worker), "GET /case-files/"+st.ref+"/steps", 200).Items
	if len(steps) != 2 || steps[0].Reason != "Data: 3 novembre\nAltre parole" || len(steps[0].Given) != 0 {
		t.Errorf("the steps are %+v", steps)
	}
}

package main

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"staffetta/modules/kit"
)

// kindSite is the program in which a body changes an item of every live kind.
var kindSite = sync.OnceValues(opened(demoStart))

// usages are how a changed item of each live kind shows in what people of the body then do.
var usages = map[string]func(c *changer, t *testing.T){
	kit.KindService: (*changer).service, kit.KindForm: (*changer).form, kit.KindAssessment: (*changer).assessment, kit.KindWorkflow: (*changer).workflow,
	kit.KindVocabulary: (*changer).vocabulary, kit.KindRole: (*changer).role, kit.KindSharingTemplate: (*changer).sharing, kit.KindIndicator: (*changer).indicator,
	"sharing-settings": (*changer).terms, "guide-settings": (*changer).welcome, "intake-settings": (*changer).notice,
}

// TestEveryLiveKindIsUsed publishes a change of an item of each kind that is configuration, and finds it in the work: a kind that
// is only stored fails here.
func TestEveryLiveKindIsUsed(t *testing.T) {
	t.Parallel()
	c := newChanger(t)
	live := map[string]bool{}
	for _, kind := range c.st.deps.Platform.Kinds.All() {
		if !kind.Live {
			continue
		}
		live[kind.ID] = true
		if usages[kind.ID] == nil {
			t.Errorf("nobody shows that a changed %s changes the work: say so in usages", kind.ID)
			continue
		}
		if !t.Run(kind.ID, func(t *testing.T) { usages[kind.ID](c, t) }) {
			return // what it left is no ground for the others
		}
	}
	for kind := range usages {
		if !live[kind] {
			t.Errorf("%s is no live kind", kind)
		}
	}
	c.st.wantAudited(t)
}

// changer is Marsala: an administrator who changes items, and a social worker with a case who finds them changed.
type changer struct {
	*trip
	*runner
	sara, pages               *visitor // by token, and in the browser
	person, contact, caseFile string
}

func newChanger(t *testing.T) *changer {
	t.Helper()
	return newChangerFor(t, neighbour)
}

// newChangerFor opens the case of somebody.
func newChangerFor(t *testing.T, who fake) *changer {
	t.Helper()
	tr := trip{st: wanted(t, kindSite)}
	worker := tr.st.castScope(t, marsala, "Lombardo")
	c := &changer{
		trip: &tr, runner: &runner{visitor: tr.st.token(t, tr.st.castScope(t, marsala, "Todaro")), slug: marsala},
		sara: tr.st.token(t, worker), pages: tr.st.signIn(t, worker),
	}
	c.person = idIn(t, c.sara.call(t, 201, "POST", "/c_e974/persons", object{"tax_code": who.Code, "surname": who.Surname, "name": who.Name}))
	c.contact = idIn(t, c.sara.call(t, 201, "POST", "/c_e974/contacts", object{
		"channel": "in_person", "interlocutor": "user", "reason": "spontaneous", "person_id": c.person, "request": "Un aiuto a casa", "target": "disability", "outcome": "taking_in_charge",
	}))
	c.caseFile = c.open(t, "")
	return c
}

// open opens a case along a workflow.
func (c *changer) open(t *testing.T, workflow string) string {
	t.Helper()
	return idIn(t, c.sara.call(t, 201, "POST", "/c_e974/case-files", object{"person_id": c.person, "area": "disabili", "workflow": workflow}))
}

// put publishes a new item.
func (c *changer) put(t *testing.T, kind, key, title string, content object) {
	t.Helper()
	drafted := c.runner.call(t, 200, "PUT", c.at(kind, key)+"/draft", object{
		"title": object{"it": title}, "owner": "Comune di Marsala", "licence": "CC-BY-4.0", "content": content,
	}, "If-Match", "0")
	c.publish(t, kind, key, drafted)
}

// turns sees that a page says something only after a change.
func (c *changer) turns(t *testing.T, who *visitor, path, words string, change func()) {
	t.Helper()
	if says(t, who, path, words) {
		t.Errorf("%s says %q before anything changes", path, words)
	}
	if change(); !says(t, who, path, words) {
		t.Errorf("after the change %s does not say %q", path, words)
	}
}

func says(t *testing.T, who *visitor, path, words string) bool {
	t.Helper()
	answer := who.get(t, path)
	if answer.Status != http.StatusOK {
		t.Fatalf("%s answers %d", path, answer.Status)
	}
	return strings.Contains(html.UnescapeString(answer.Body), words)
}

// within is an entry of a list of a content.
func within(content object, list string, at int) object { return content[list].([]any)[at].(object) }

const hearsay = "Per passaparola"

func (c *changer) service(t *testing.T) {
	c.turns(t, c.st.guest(), "/c_e974/servizi", hearsay, func() {
		c.edit(t, kit.KindService, "SV-01", func(content object) { content["summary"] = object{"it": hearsay} })
	})
}

func (c *changer) form(t *testing.T) {
	at, answers := "/c_e974/contacts/"+c.contact+"/forms", object{"form": "FO-01", "answers": object{"channel": "hearsay"}}
	c.sara.call(t, http.StatusUnprocessableEntity, "POST", at, answers)
	c.turns(t, c.pages, "/c_e974/sportello/"+c.contact+"/moduli/nuovo?modulo=FO-01", hearsay, func() {
		c.edit(t, kit.KindForm, "FO-01", func(content object) {
			question := within(within(content, "sections", 0), "items", 0)
			question["options"] = append(question["options"].([]any), object{"value": "hearsay", "label": object{"it": hearsay}})
		})
	})
	c.sara.call(t, 201, "POST", at, answers)
}

func (c *changer) assessment(t *testing.T) {
	c.turns(t, c.pages, "/c_e974/cartelle/"+c.caseFile+"/valutazioni/nuova?strumento=AS-01", hearsay, func() {
		c.edit(t, kit.KindAssessment, "AS-01", func(content object) {
			within(within(content, "sections", 0), "items", 0)["label"] = object{"it": hearsay}
		})
	})
}

// pathOf is a workflow with one step, for a role, that wants a term of a vocabulary.
func pathOf(vocabulary, role string) object {
	return object{
		"subject": "case",
		"fields":  []object{{"key": "cause", "label": object{"it": "Causa"}, "type": "choice", "vocabulary": vocabulary}},
		"states": []object{
			{"key": "begun", "label": object{"it": "Cominciata"}, "initial": true}, {"key": "over", "label": object{"it": "Finita"}, "final": true},
		},
		"transitions": []object{{"key": "end", "from": "begun", "to": "over", "label": object{"it": "Finisci"}, "roles": []string{role}, "requires": []string{"cause"}}},
	}
}

func (c *changer) workflow(t *testing.T) {
	c.put(t, kit.KindVocabulary, "VO-90", "Cause", object{"values": []object{{"key": "other", "label": object{"it": "Altro"}}}})
	c.turns(t, c.pages, "/c_e974/cartelle/nuova?persona="+c.person, "Percorso breve", func() {
		c.put(t, kit.KindWorkflow, "WF-90", "Percorso breve", pathOf("VO-90", "social_worker"))
	})
	before, end := c.open(t, "WF-90"), object{"step": "end", "answers": object{"cause": "other"}}
	c.edit(t, kit.KindWorkflow, "WF-90", func(content object) { within(content, "transitions", 0)["roles"] = []string{"coordinator"} })
	after := c.open(t, "WF-90")
	if says(t, c.pages, "/c_e974/cartelle/"+after, "Finisci") {
		t.Error("a step for others is offered")
	}
	c.sara.call(t, http.StatusNotFound, "POST", "/c_e974/case-files/"+after+"/steps", end)
	c.sara.call(t, http.StatusNoContent, "POST", "/c_e974/case-files/"+before+"/steps", end) // pinned to what it began with
}

func (c *changer) vocabulary(t *testing.T) {
	c.put(t, kit.KindVocabulary, "VO-91", "Cause", object{"values": []object{
		{"key": "other", "label": object{"it": "Altro"}}, {"key": "former", "label": object{"it": "Di una volta"}, "to": "2020-12-31"},
	}})
	c.put(t, kit.KindWorkflow, "WF-91", "Percorso con causa", pathOf("VO-91", "social_worker"))
	of := c.open(t, "WF-91")
	at, page := "/c_e974/case-files/"+of+"/steps", "/c_e974/cartelle/"+of
	if says(t, c.pages, page, "Di una volta") {
		t.Error("a term of the past is offered")
	}
	for _, wrong := range []object{{}, {"cause": "former"}, {"cause": "hearsay"}} {
		c.sara.call(t, http.StatusUnprocessableEntity, "POST", at, object{"step": "end", "answers": wrong})
	}
	c.turns(t, c.pages, page, hearsay, func() {
		c.edit(t, kit.KindVocabulary, "VO-91", func(content object) {
			content["values"] = append(content["values"].([]any), object{"key": "hearsay", "label": object{"it": hearsay}})
		})
	})
	if missed := c.pages.post(t, page+"/stato", url.Values{"passaggio": {"end"}}); missed.Status != http.StatusUnprocessableEntity || !strings.Contains(missed.Body, `href="#end-a-cause`) {
		t.Errorf("without a term the step answers %d", missed.Status)
	}
	if done := c.pages.post(t, page+"/stato", url.Values{"passaggio": {"end"}, "a.cause": {"hearsay"}}); done.Status != http.StatusSeeOther {
		t.Fatalf("with the new term the step answers %d", done.Status)
	}
	if !says(t, c.pages, page, "Causa: "+hearsay) {
		t.Error("the case does not say which term was chosen")
	}
}

func (c *changer) role(t *testing.T) {
	content := func(module, permission string) object {
		return object{
			"description": object{"it": "Chi aiuta"}, "permissions": object{module: []string{permission}},
			"assigned": object{"may": []string{"open"}, "reads": []string{"identity"}},
		}
	}
	c.put(t, kit.KindRole, "RU-91", "Chi aiuta", content("casefile", "desk:read"))
	helper := c.st.extra(t, marsala, "Aiuto", "plan_office")
	pages := c.st.signIn(t, helper)
	open := func(path string, want int) {
		t.Helper()
		if got := pages.get(t, "/c_e974"+path); got.Status != want {
			t.Errorf("%s answers %d, want %d", path, got.Status, want)
		}
	}
	open("/scrivania", http.StatusNotFound)
	c.runner.call(t, 201, "POST", "/c_e974/memberships", object{"account": helper.Account.String(), "role": "item:RU-91"})
	pages = c.st.signIn(t, helper)
	open("/scrivania", http.StatusOK)
	open("/sportello", http.StatusNotFound)
	c.edit(t, kit.KindRole, "RU-91", func(old object) { old["permissions"] = content("intake", "contact:read")["permissions"] })
	open("/scrivania", http.StatusNotFound)
	open("/sportello", http.StatusOK)
}

var proposedSection = regexp.MustCompile(`name="sezioni" type="checkbox" value="([a-z_]+)" checked`)

func (c *changer) sharing(t *testing.T) {
	paolo, elena := c.st.token(t, c.st.castScope(t, marsala, "Genna")), c.st.token(t, c.st.castScope(t, mazara, "Asaro"))
	day := func(days int) string { return time.Now().AddDate(0, 0, days).Format(time.DateOnly) }
	agreement := idIn(t, paolo.call(t, 201, "POST", "/c_e974/agreements", object{
		"title": "Valutiamo insieme", "purposes": []string{"assessment"}, "sections": []string{"identity", "assessment", "plan"},
		"directions": []object{{"from": marsala, "to": mazara}}, "from": day(-1), "until": day(300), "act": object{"number": "DG 7", "day": day(-20)},
	}))
	elena.step(t, "/c_f061/agreements/"+agreement, "signature", "active", object{"number": "DD 31", "day": day(-2)})
	page := "/c_e974/cartelle/" + c.caseFile + "/condividi"
	proposed := func() []string {
		next := c.pages.post(t, page, url.Values{"passo": {"1"}, "destinatario": {agreement + "~" + mazara}, "scopo": {"consultation~assessment"}, "azione": {"avanti"}})
		if next.Status != http.StatusSeeOther {
			t.Fatalf("the first step answers %d", next.Status)
		}
		var sections []string
		for _, found := range proposedSection.FindAllStringSubmatch(c.pages.get(t, next.to()).Body, -1) {
			sections = append(sections, found[1])
		}
		return sections
	}
	if got := strings.Join(proposed(), " "); got != "identity assessment plan" {
		t.Errorf("for the purpose are proposed %q", got)
	}
	c.turns(t, c.pages, page, hearsay, func() {
		c.edit(t, kit.KindSharingTemplate, "PO-01", func(content object) {
			for _, one := range content["purposes"].([]any) {
				if purpose := one.(object); purpose["key"] == "assessment" {
					purpose["label"], purpose["sections"] = object{"it": hearsay}, []string{"identity"}
				}
			}
		})
	})
	if got := strings.Join(proposed(), " "); got != "identity" {
		t.Errorf("with the changed template are proposed %q", got)
	}
}

// terms: an offer that names no day stands as long as the settings say, and as before when they go back to what they were.
func (c *changer) terms(t *testing.T) {
	agreements := itemsOf(t, c.sara.call(t, 200, "GET", "/c_e974/agreements", nil))
	days := func() int {
		offered := c.sara.call(t, 201, "POST", "/c_e974/case-files/"+c.caseFile+"/shares", object{
			"agreement_id": agreements[0]["id"], "receiver": mazara, "purpose": "assessment", "sections": []string{"identity"}, "legal_basis": "public_task",
			"until": time.Now().AddDate(0, 0, 80).Format(time.DateOnly), "reason": "Per valutare insieme che cosa serve a casa",
		})
		by, err := time.Parse(time.RFC3339, offered["answer_by"].(string))
		if err != nil {
			t.Fatal(err)
		}
		return int(time.Until(by).Hours() / 24)
	}
	before := days()
	c.edit(t, "sharing-settings", kit.SettingsKey, func(content object) { content["answerDays"] = 30 })
	if after := days(); before != 10 || after != 30 {
		t.Errorf("an offer stands %d days, then %d", before, after)
	}
}

func (c *changer) welcome(t *testing.T) {
	c.turns(t, c.st.guest(), "/c_e974/servizi", "Benvenuti allo sportello", func() {
		c.edit(t, "guide-settings", kit.SettingsKey, func(content object) { content["welcome"] = "Benvenuti allo sportello" })
	})
}

// notice: an open contact of today is told of on the desk once that tells a month ahead.
func (c *changer) notice(t *testing.T) {
	c.sara.call(t, 201, "POST", "/c_e974/contacts", object{"channel": "phone", "interlocutor": "user", "reason": "spontaneous", "request": "Chiede orari"})
	c.turns(t, c.pages, "/c_e974/scrivania", "da concludere", func() {
		c.edit(t, "intake-settings", kit.SettingsKey, func(content object) { content["warningDays"] = 30 })
	})
}

// indicator: who adopted the practice is asked for the numbers of its newest formula.
func (c *changer) indicator(t *testing.T) {
	c.release(t, "1.0.0")
	m := c.second(t)
	rita := c.st.signIn(t, c.st.castScope(t, mazara, "Bono"))
	c.turns(t, rita, "/c_f061/adozioni/"+m.adoption+"/riscontri/nuovo?tipo=baseline&voce=KP-03", hearsay, func() {
		c.edit(t, kit.KindIndicator, "KP-03", func(content object) { within(content, "measures", 0)["label"] = object{"it": hearsay} })
		c.release(t, "1.1.0")
		m.upgrade(t, "1.1.0")
	})
}

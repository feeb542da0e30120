package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"staffetta/modules/kit"
	"staffetta/modules/practice/cid"
)

// relaySite is the program of the relay: its bodies change what other tests look for.
var relaySite = sync.OnceValues(opened(demoStart))

// TestRelayOfAKit goes the whole way of a practice through the API: a body publishes its kit, two others adopt it and adapt
// it each in its own way, the kit moves on twice, both follow with what they changed, and one goes back and forward again.
func TestRelayOfAKit(t *testing.T) {
	tr := trip{st: wanted(t, relaySite)}
	tr.release(t, "1.0.0")
	tr.enter(t)
	tr.adopt(t)
	p := &runner{visitor: tr.anna, slug: pantelleria, adoption: tr.adoption}
	m := tr.second(t)
	g := &runner{visitor: tr.giulia, slug: marsala}
	p.adapt(t)
	m.adapt(t)

	g.edit(t, "service", "SV-01", func(content object) {
		content["summary"] = object{"it": "Un colloquio per capire insieme da dove cominciare."}
		content["description"] = object{"it": "Allo sportello trovi ascolto, in presenza o in videochiamata."}
	})
	tr.release(t, "1.1.0")
	p.upgrade(t, "1.1.0", "service/SV-01")
	p.holds(t, "service", "SV-01", "summary", "Lo sportello dell'isola.")
	p.holds(t, "service", "SV-01", "description", "Allo sportello trovi ascolto, in presenza o in videochiamata.")
	m.upgrade(t, "1.1.0")
	m.holds(t, "service", "SV-01", "summary", "Un colloquio per capire insieme da dove cominciare.")

	form := tr.begin(t)
	g.renew(t, "2.0.0", "FO-01", func(content object) {
		content["intro"] = object{"it": "Si compila insieme, in dieci minuti."}
	})
	tr.release(t, "2.0.0")
	p.carries(t, "form/FO-01", 1)
	p.upgrade(t, "2.0.0")
	tr.goOn(t, form)
	m.upgrade(t, "2.0.0", "form/FO-01")
	m.holds(t, "form", "FO-01", "intro", "Si compila insieme, anche per telefono.")

	before := p.content(t, "form", "FO-01")
	p.goBack(t)
	p.holds(t, "form", "FO-01", "intro", "Si compila insieme alla persona, con le sue parole. Si chiede solo quello che serve: le domande facoltative si possono lasciare vuote.")
	p.holds(t, "service", "SV-01", "summary", "Lo sportello dell'isola.")
	p.upgrade(t, "2.0.0")
	if again := p.content(t, "form", "FO-01"); again["intro"].(object)["it"] != before["intro"].(object)["it"] {
		t.Errorf("forward again the form begins with %v", again["intro"])
	}
	tr.stands(t, form)

	proposal := m.propose(t, g, "form", "FO-01")
	tr.release(t, "2.1.0")
	if credited := m.call(t, 200, "GET", proposal, nil)["credited"]; credited != "2.1.0" {
		t.Errorf("the first kit to name the credit is %v", credited)
	}
	p.hearsOf(t, "form/FO-01")
	p.upgrade(t, "2.1.0")
	p.holds(t, "form", "FO-01", "intro", "Si compila insieme, anche per telefono.")
	tr.st.wantAudited(t)
}

// relayedSite is the program in which people go that way by the pages.
var relayedSite = sync.OnceValues(opened(demoStart))

func TestJourneyRelay(t *testing.T) {
	t.Parallel()
	st := wanted(t, relayedSite)
	st.enters(t, true)
	browse(t, st, "relay.mjs", map[string]any{})
	st.wantCleanLog(t, "Un aiuto per la mamma")
}

// runner is a body in the relay, by somebody who configures it.
type runner struct {
	*visitor
	slug, adoption, run string
}

// second lets Mazara adopt the kit too.
func (tr *trip) second(t *testing.T) *runner {
	t.Helper()
	rita := tr.st.token(t, tr.st.castScope(t, mazara, "Bono"))
	m := &runner{visitor: rita, slug: mazara, adoption: idIn(t, rita.call(t, 201, "POST", "/c_f061/adoptions", object{"practice": tr.practice}))}
	m.upgrade(t, "1.0.0")
	return m
}

// adapt changes what came with the kit, each body something else.
func (r *runner) adapt(t *testing.T) {
	t.Helper()
	if r.slug == pantelleria {
		r.edit(t, "service", "SV-01", func(content object) { content["summary"] = object{"it": "Lo sportello dell'isola."} })
		return
	}
	r.edit(t, "form", "FO-01", func(content object) { content["intro"] = object{"it": "Si compila insieme, anche per telefono."} })
	item := r.call(t, 200, "GET", r.at("indicator", "KP-08"), nil)
	r.call(t, 200, "POST", r.at("indicator", "KP-08")+"/retire", object{"reason": "Da noi non serve"}, "If-Match", revision(item))
}

func (r *runner) at(kind, key string) string { return "/" + r.slug + "/items/" + kind + "/" + key }

func revision(item object) string { return strconv.Itoa(int(item["revision"].(float64))) }

// edit changes an item and publishes it.
func (r *runner) edit(t *testing.T, kind, key string, change func(content object)) {
	t.Helper()
	item := r.call(t, 200, "GET", r.at(kind, key), nil)
	content := item["content"].(object)
	change(content)
	drafted := r.call(t, 200, "PUT", r.at(kind, key)+"/draft", object{
		"title": item["title"], "owner": item["owner"], "licence": item["licence"], "content": content,
	}, "If-Match", revision(item))
	r.publish(t, kind, key, drafted)
}

// publish makes the draft of an item its next version, once who gains and who loses by it has been read.
func (r *runner) publish(t *testing.T, kind, key string, drafted object) {
	t.Helper()
	effect := r.call(t, 200, "GET", r.at(kind, key)+"/effect", nil)
	r.call(t, 200, "POST", r.at(kind, key)+"/publish", object{"reason": "Come serve da noi", "mark": effect["mark"], "acknowledged": effect["told"]}, "If-Match", revision(drafted))
}

func (r *runner) content(t *testing.T, kind, key string) object {
	t.Helper()
	content, _ := r.call(t, 200, "GET", r.at(kind, key), nil)["content"].(object)
	return content
}

// holds sees what an item says in Italian.
func (r *runner) holds(t *testing.T, kind, key, field, want string) {
	t.Helper()
	if got := r.content(t, kind, key)[field].(object)["it"]; got != want {
		t.Errorf("%s: %s %s says %q in %s, want %q", r.slug, kind, key, got, field, want)
	}
}

// upgrade applies the newest kit after its dry run; where both changed the same place, in the items that are expected and in no
// others, the body keeps its own place and takes all others from the kit.
func (r *runner) upgrade(t *testing.T, release string, conflicts ...string) {
	t.Helper()
	at := "/" + r.slug + "/adoptions/" + r.adoption
	plan := r.call(t, 200, "GET", at+"/plan", nil)
	decisions := keepOurs(plan)
	if plan["release"] != release || len(decisions) != len(conflicts) {
		t.Fatalf("%s: the dry run of %v has the conflicts %v, want %v in %s", r.slug, plan["release"], decisions, conflicts, release)
	}
	for i, item := range conflicts {
		if decisions[i]["item"] != item {
			t.Errorf("%s: a conflict in %v, want %s", r.slug, decisions[i]["item"], item)
		}
	}
	if len(conflicts) > 0 {
		r.call(t, http.StatusUnprocessableEntity, "POST", at+"/apply", object{"digest": plan["digest"]})
	}
	done := r.call(t, 200, "POST", at+"/apply", object{"digest": plan["digest"], "decisions": decisions, "acknowledged": true})
	if done["changed"] != true || done["release"] != release {
		t.Fatalf("%s: applying %s did %v", r.slug, release, done)
	}
	r.run = idIn(t, done)
}

// keepOurs answers the conflicts of a dry run, each place with what the body has.
func keepOurs(plan object) []object {
	decisions := []object{}
	for _, one := range plan["lines"].([]any) {
		line := one.(object)
		if line["outcome"] != "conflict" {
			continue
		}
		fields := []object{}
		for _, c := range line["conflicts"].([]any) {
			fields = append(fields, object{"path": c.(object)["path"], "take": "ours"})
		}
		decisions = append(decisions, object{
			"item": line["kind"].(string) + "/" + line["key"].(string), "answer": "merge", "reason": "Da noi è così", "fields": fields,
		})
	}
	return decisions
}

// goBack takes the last kit back.
func (r *runner) goBack(t *testing.T) {
	t.Helper()
	at := "/" + r.slug + "/adoptions/" + r.adoption + "/applications/" + r.run + "/undo"
	plan := r.call(t, 200, "GET", at, nil)
	if done := r.call(t, 200, "POST", at, object{"digest": plan["digest"]}); done["restored"] == 0.0 {
		t.Fatalf("%s: going back restores nothing: %v", r.slug, done)
	}
}

// renew makes an item what a release of the kit's sources has, with a change of its own.
func (r *runner) renew(t *testing.T, release, key string, change func(content object)) {
	t.Helper()
	items, err := cid.ItemsOf(release)
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(items, func(one kit.Source) bool { return one.Key == key })
	r.edit(t, items[at].Kind, key, func(content object) {
		clear(content)
		if err := json.Unmarshal(items[at].Content, &content); err != nil {
			t.Fatal(err)
		}
		change(content)
	})
}

// begin leaves a first access unfinished in Pantelleria, and returns where it stands.
func (tr *trip) begin(t *testing.T) string {
	t.Helper()
	contact := idIn(t, tr.davide.call(t, 201, "POST", "/c_g315/contacts", object{
		"channel": "in_person", "interlocutor": "user", "reason": "spontaneous", "request": "Un aiuto a casa", "target": "disability", "outcome": "information",
	}))
	at := "/c_g315/contacts/" + contact + "/forms"
	return at + "/" + idIn(t, tr.davide.call(t, 201, "POST", at, object{
		"form": "FO-01", "answers": object{"channel": "other_remote", "speaker": "institution", "words": "Un aiuto a casa"},
	}))
}

// carries sees that the dry run tells how many open forms go on, and that none of their answers is without a place.
func (r *runner) carries(t *testing.T, place string, open int) {
	t.Helper()
	for _, one := range r.call(t, 200, "GET", "/"+r.slug+"/adoptions/"+r.adoption+"/plan", nil)["lines"].([]any) {
		line := one.(object)
		if line["kind"].(string)+"/"+line["key"].(string) != place {
			continue
		}
		answers, _ := line["answers"].(object)
		if answers == nil || answers["open"] != float64(open) || len(answers["lost"].([]any)) > 0 {
			t.Errorf("%s: of the answers to %s the dry run tells %v", r.slug, place, answers)
		}
		return
	}
	t.Errorf("%s: the dry run has no %s", r.slug, place)
}

// goOn takes the unfinished form over to the new questions.
func (tr *trip) goOn(t *testing.T, form string) {
	t.Helper()
	before := tr.davide.call(t, 200, "GET", form, nil)
	if before["newer_item_version_id"] == nil || before["answers"].(object)["words"] != "Un aiuto a casa" {
		t.Errorf("before it goes on the form is %v", before)
	}
	tr.davide.call(t, 200, "POST", form+"/carry", nil, "If-Match", "1")
	tr.stands(t, form)
}

// stands sees the answers among the new questions, whatever became of the kit since.
func (tr *trip) stands(t *testing.T, form string) {
	t.Helper()
	after := tr.davide.call(t, 200, "GET", form, nil)
	want := object{"channel": "online", "speaker": "body", "request": "Un aiuto a casa"}
	if diff := cmp.Diff(want, after["answers"].(object)); diff != "" || len(after["earlier"].([]any)) > 0 {
		t.Errorf("the answers (-want +got):\n%s\nwithout a place: %v", diff, after["earlier"])
	}
}

// propose gives a change of an item back, which the ceding body accepts, and returns where the proposal stands.
func (r *runner) propose(t *testing.T, ceding *runner, kind, key string) string {
	t.Helper()
	places := []any{}
	for _, one := range itemsOf(t, r.call(t, 200, "GET", "/"+r.slug+"/adoptions/"+r.adoption+"/proposable-items", nil)) {
		if one["key"] == key {
			for _, change := range one["changes"].([]any) {
				places = append(places, change.(object)["path"])
			}
		}
	}
	p := r.call(t, 201, "POST", "/"+r.slug+"/adoptions/"+r.adoption+"/improvement-proposals", object{
		"kind": kind, "key": key, "places": places, "reason": "Molti telefonano", "evidence": "Sei moduli su dieci si compilano al telefono",
	})
	at := "/improvement-proposals/" + idIn(t, p)
	r.call(t, 200, "POST", "/"+r.slug+at+"/sending", nil, "If-Match", revision(p))
	trial := ceding.call(t, 200, "GET", "/"+ceding.slug+at+"/trial", nil)
	answers := []object{}
	for _, c := range trial["conflicts"].([]any) {
		answers = append(answers, object{"path": c.(object)["path"], "take": "proposed"})
	}
	done := ceding.call(t, 200, "POST", "/"+ceding.slug+at+"/acceptance", object{"answers": answers, "note": "Grazie"}, "If-Match", revision(trial))
	if done["state"] != "accepted" {
		t.Fatalf("the proposal is %v", done)
	}
	return "/" + r.slug + at
}

// hearsOf sees that an item is among what the newest kit changed, as adopters are told.
func (r *runner) hearsOf(t *testing.T, place string) {
	t.Helper()
	if told := fmt.Sprint(r.call(t, 200, "GET", "/"+r.slug+"/adoptions/"+r.adoption+"/news", nil)); !strings.Contains(told, place[strings.Index(place, "/")+1:]) {
		t.Errorf("%s is not told of %s: %s", r.slug, place, told)
	}
}

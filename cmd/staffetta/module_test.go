package main

import (
	"net/http"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"staffetta/modules"
	"staffetta/policies"
)

// A body turns each module off and on again. While it is off none of its addresses answers and no menu leads there, and those of
// others answer as before; afterwards all that was there is there.
func TestAModuleIsTurnedOffAndOn(t *testing.T) {
	tr := travel(t)
	p := prober{trip: tr, who: tr.st.actors(t, pantelleria), ids: tr.idsOf(t)}
	before, one := map[called]int{}, map[modules.ID]called{}
	colleagues := map[modules.ID]*visitor{} // what one account asks in a minute is limited
	for _, m := range tr.st.deps.Platform.Modules {
		if m.Essential {
			continue
		}
		colleagues[m.ID] = tr.st.token(t, tr.st.extra(t, pantelleria, string(m.ID), allRoles()...))
		p.who.tokens = colleagues[m.ID]
		for _, c := range everyRoute(tr.st) {
			if c.method == http.MethodGet && !c.platform && c.module != "" && c.permission != policies.Public {
				before[c] = p.status(t, c)
				one[c.module] = c
			}
		}
	}
	rows := tr.fingerprint(t) // after the first look of each, which is noted
	for _, m := range tr.st.deps.Platform.Modules {
		if m.Essential {
			continue
		}
		p.who.tokens = colleagues[m.ID]
		gone := p.turn(t, m.ID, false)
		home := p.who.pages.get(t, "/"+pantelleria+"/persone").Body
		for c := range before {
			if gone[c.module] {
				p.wantGone(t, c, home)
			}
		}
		for module, c := range one {
			if now := p.status(t, c); !gone[module] && now != before[c] {
				t.Errorf("without %s, %s answers %d, before %d", m.ID, c, now, before[c])
			}
		}
		for _, other := range tr.st.deps.Platform.Modules { // each after what it requires
			if gone[other.ID] {
				p.turn(t, other.ID, true)
			}
		}
		for c, was := range before {
			if !gone[c.module] {
				continue
			}
			if now := p.status(t, c); now != was {
				t.Errorf("after %s, %s answers %d, before %d", m.ID, c, now, was)
			}
		}
	}
	if after := tr.fingerprint(t); after != rows {
		t.Errorf("what is there has changed (-before +after):\n%s", gocmp.Diff(rows, after))
	}
}

// prober asks for addresses of Pantelleria as somebody who may see them all.
type prober struct {
	*trip
	who actors
	ids map[string]string
}

func (p prober) status(t *testing.T, c called) int {
	t.Helper()
	return c.send(t, p.who.of(c), c.path(t, pantelleria, p.ids), p.trip).Status
}

// wantGone wants that an address does not answer, and that no menu leads there. Where the day begins, the first page of the menu is.
func (p prober) wantGone(t *testing.T, c called, menu string) {
	t.Helper()
	answer, want := c.send(t, p.who.of(c), c.path(t, pantelleria, p.ids), p.trip), http.StatusNotFound
	if c.pattern == "/scrivania" {
		want = http.StatusSeeOther
	}
	if answer.Status != want {
		t.Errorf("%s of module %s, which is off, answers %d", c, c.module, answer.Status)
	}
	if told := strings.Contains(answer.Body, "L’ente ha spento questa parte del programma"); want == http.StatusNotFound && !c.api && told != (p.who.of(c) == p.who.pages) {
		t.Errorf("%s of module %s, which is off, says so: %v", c, c.module, told)
	}
	if want == http.StatusNotFound && !c.api && strings.Contains(menu, `href="/`+pantelleria+c.pattern+`"`) {
		t.Errorf("the menu leads to %s of module %s, which is off", c.pattern, c.module)
	}
}

// turn turns a module on or off, having read what that does, and returns all that changed.
func (p prober) turn(t *testing.T, id modules.ID, on bool) map[modules.ID]bool {
	t.Helper()
	at, state := "/c_g315/modules/"+string(id), "false"
	if on {
		state = "true"
	}
	change := p.who.tokens.call(t, 200, "GET", at+"/change?on="+state, nil)
	p.who.tokens.call(t, 204, "PUT", at, object{"on": on, "reason": "Prova", "acknowledged": true, "mark": change["mark"]})
	changed := map[modules.ID]bool{}
	for _, one := range change["modules"].([]any) {
		changed[modules.ID(one.(string))] = true
	}
	return changed
}

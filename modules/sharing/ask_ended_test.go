package sharing_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"staffetta/modules"
	"staffetta/modules/sharing"
	"staffetta/policies"
	"staffetta/tenants"
)

// Once an ask is taken back, refused or lapsed, the asked body no longer reads whose case it was about: what it did stays in its
// audit. Who asked goes on reading what they wrote.
func TestAnEndedAskNamesNobodyToTheAsked(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(k *known, path string){
		"withdrawn": func(k *known, path string) {
			if got := k.serve(k.reader, "POST", path+"/ritira", url.Values{}); got.redirect != path {
				k.t.Fatalf("withdraw: %d %v", got.status, got.err)
			}
		},
		"refused": func(k *known, path string) {
			if got := k.serve(k.head, "POST", path+"/rifiuta", url.Values{"motivo": {"Non la seguiamo"}}); got.redirect != path {
				k.t.Fatalf("refuse: %d %v", got.status, got.err)
			}
		},
		"lapsed": func(k *known, _ string) { k.setClock(12 * 24 * time.Hour) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := newKnown(t)
			path := k.asked(codeRosa)
			if markup := k.get(k.head, path); !strings.Contains(markup, codeRosa) {
				t.Fatalf("who is asked does not read whose case it is about:\n%s", markup)
			}
			before := k.count(`select count(*) from audit.events where tenant_id = $1 and action = 'ask.read' and sections::text = '{identity}'`, k.owner.ID)
			end(k, path)
			k.namesInAsk("the asked body", k.head, path, false)
			k.namesInAsk("who asked", k.reader, path, true)
			if after := k.count(`select count(*) from audit.events where tenant_id = $1 and action = 'ask.read' and sections::text = '{identity}'`, k.owner.ID); before != 1 || after != before {
				t.Errorf("%d readings of the identity before, %d after", before, after)
			}
		})
	}
}

// namesInAsk tells whether a body reads the person of its one ask, on its pages and past the program.
func (k *known) namesInAsk(who string, actor tenants.Scope, path string, want bool) {
	k.t.Helper()
	found, err := k.sharing.Asks.Find(k.t.Context(), actor)
	k.must(err)
	if len(found) != 1 || found[0].Named() != want {
		k.t.Errorf("%s: the ask names somebody: %t, want %t", who, found[0].Named(), want)
	}
	markup := k.get(actor, path) + k.get(actor, "/rete/accesso")
	for _, secret := range []string{codeRosa, "La seguiamo da oggi"} {
		if strings.Contains(markup, secret) != want {
			k.t.Errorf("%s reads %q: %t", who, secret, !want)
		}
	}
	if n := k.countAs(k.deps.Policies.Confine(actor, policies.Body), `select count(*) from sharing.asks_persons`); (n == 1) != want {
		k.t.Errorf("%s reads %d rows past the program", who, n)
	}
}

// What answered an ask stays readable at both bodies: the share is about that person.
func TestAnAnsweredAskStaysNamed(t *testing.T) {
	t.Parallel()
	k := newKnown(t)
	path := k.asked(codeRosa)
	k.offered()
	k.namesInAsk("the asked body", k.head, path, true)
	k.namesInAsk("who asked", k.reader, path, true)
}

// A case that is protected after it was shown is found by its share alone, by those whom the share is for: where somebody meets
// the person again no page names the body any more, as for a person whom nobody follows elsewhere.
func TestAT10WhoIsProtectedLaterIsHintedAtNoMore(t *testing.T) {
	t.Parallel()
	k := newKnown(t)
	k.asked(codeRosa)
	made := k.offered()
	_, err := k.sharing.Shares.Accept(t.Context(), k.decider, made.ID, sharing.Addressee{})
	k.must(err)
	k.publish()
	hints := func() (keys []string) {
		t.Helper()
		found, err := k.sharing.Elsewhere.Hints()[0].Find(t.Context(), k.reader, modules.Hinted{TaxCode: codeRosa})
		k.must(err)
		for _, h := range found {
			keys = append(keys, h.Label.Key)
		}
		return keys
	}
	if got := hints(); len(got) != 1 || got[0] != "sharing.known.shown" {
		t.Fatalf("before, the page says %v", got)
	}
	mark := newID()
	k.protect(k.file.ID.String(), mark, "sealed")
	if got := hints(); len(got) != 0 {
		t.Errorf("protected, the page says %v", got)
	}
	if got := k.reads(k.reader); len(got) == 0 {
		t.Error("the share that its owner gave shows the case no longer")
	}
	k.must(k.cases.Release(t.Context(), k.worker, k.file.ID.String(), mark, "Non serve più"))
	if got := hints(); len(got) != 1 {
		t.Errorf("not protected any more, the page says %v", got)
	}
	mother := k.mother()
	k.home(mother.Person, k.file.Person)
	mark = newID()
	k.protect(mother.ID.String(), mark, "violence")
	if got := hints(); len(got) != 0 {
		t.Errorf("who lives with somebody protected is named: %v", got)
	}
	k.must(k.cases.Release(t.Context(), k.worker, mother.ID.String(), mark, "Non serve più"))
	for who, c := range map[string]struct {
		actor tenants.Scope
		want  int
	}{"the receiver": {k.reader, 1}, "the owner": {k.worker, 0}, "a third body": {k.Operator(t, k.body("c_e974"), "social_worker"), 0}} {
		if n := k.countAs(c.actor, `select count(*) from sharing.findable_shares(array['`+made.ID.String()+`']::uuid[])`); n != c.want {
			t.Errorf("%s is told of %d shares, want %d", who, n, c.want)
		}
	}
}

package sharing_test

import (
	"context"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"staffetta/internal/problem"
	"staffetta/modules/registry"
	"staffetta/modules/sharing"
	"staffetta/modules/sharing/ask"
	"staffetta/modules/sharing/share"
	"staffetta/policies"
	"staffetta/tenants"
)

// asked asks through the pages and returns where the ask is shown.
func (k *known) asked(code string) string {
	k.t.Helper()
	form := carry(k.get(k.reader, "/rete/accesso/nuova"), url.Values{
		"ente": {k.agreement.ID.String() + "~" + k.owner.Slug}, "codice": {code}, "scopo": {"assessment"}, "base": {"public_task"},
		"sezioni": {"identity", "assessment"}, "motivo": {"La seguiamo da oggi"},
	})
	got := k.serve(k.reader, "POST", "/rete/accesso/nuova", form)
	if !strings.HasPrefix(got.redirect, "/rete/accesso/") {
		k.t.Fatalf("ask: %d %v\n%s", got.status, got.err, got.markup)
	}
	if again := k.serve(k.reader, "POST", "/rete/accesso/nuova", form); again.redirect != got.redirect {
		k.t.Errorf("sent twice: %q, then %q", got.redirect, again.redirect)
	}
	return got.redirect
}

// shown is the page of an ask for who asked, without what they typed.
func (k *known) shown(path, code string) string {
	return strings.ReplaceAll(strings.ReplaceAll(k.get(k.reader, path), strings.TrimPrefix(path, "/rete/accesso/"), "ID"), code, "CODE")
}

// Who asks learns nothing by a no: it is the same for somebody whom the other body follows and for somebody whom it does not.
func TestAskIsRefusedWithoutTelling(t *testing.T) {
	t.Parallel()
	k := newKnown(t)
	follows, unknown := k.asked(codeRosa), k.asked(codeAda)
	if a, b := k.shown(follows, codeRosa), k.shown(unknown, codeAda); a != b {
		t.Errorf("while it waits, the asks differ:\n%s\n%s", a, b)
	}
	for path, words := range map[string]string{follows: "La seguiamo ma non condividiamo", unknown: "Qui non c'è"} {
		if got := k.serve(k.reader, "POST", path+"/rifiuta", url.Values{}); got.status != http.StatusNotFound && got.status != http.StatusForbidden {
			t.Errorf("who asked refuses: %d", got.status)
		}
		if got := k.serve(k.head, "POST", path+"/rifiuta", url.Values{"motivo": {words}}); got.redirect != path {
			t.Fatalf("refuse: %d %v", got.status, got.err)
		}
		if got := k.serve(k.head, "POST", path+"/rifiuta", url.Values{}); got.status != http.StatusConflict {
			t.Errorf("refused twice: %d", got.status)
		}
	}
	a, b := k.shown(follows, codeRosa), k.shown(unknown, codeAda)
	if a != b || !strings.Contains(a, "Rifiutata") {
		t.Errorf("refused, the asks differ:\n%s\n%s", a, b)
	}
	for _, secret := range []string{"non condividiamo", k.head.Name, k.file.Number} {
		if strings.Contains(a+b, secret) {
			t.Errorf("who asked reads %q", secret)
		}
	}
	if n := k.countAs(k.reader, `select count(*) from sharing.asks_refusals`); n != 0 {
		t.Errorf("who asked sees %d refusals", n)
	}
	if n := k.countAs(k.reader, `select count(*) from audit.events where action = 'ask.refuse' and (account_id is not null or actor_name <> '')`); n != 0 {
		t.Errorf("who refused is told in the chain of who asked")
	}
	if n := k.count(`select count(*) from audit.events where action = 'ask.refuse'`); n != 4 {
		t.Errorf("%d refusals in both chains, want 4", n)
	}
	stranger := k.Operator(t, k.body("c_e974"), "coordinator", "social_worker")
	if got := k.serve(stranger, "GET", follows, nil); got.status != http.StatusNotFound {
		t.Errorf("a third body sees the ask: %d", got.status)
	}
}

// Whose case is asked for is for who reads the identity of persons, at either body: not for who oversees.
func TestWhoseCaseIsAskedForIsIdentity(t *testing.T) {
	t.Parallel()
	k := newKnown(t)
	path := k.asked(codeRosa)
	for who, c := range map[string]struct {
		body tenants.Tenant
		role string
		sees bool
	}{
		"the asking DPO": {k.receiver, "dpo", false}, "the asked DPO": {k.owner, "dpo", false},
		"a worker of the asking body": {k.receiver, "social_worker", true}, "a coordinator of the asked body": {k.owner, "coordinator", true},
	} {
		actor := k.Operator(t, c.body, c.role)
		markup := k.get(actor, path)
		for _, secret := range []string{codeRosa, "La seguiamo da oggi"} {
			if strings.Contains(markup, secret) != c.sees {
				t.Errorf("%s reads %q: %t", who, secret, !c.sees)
			}
		}
		if !strings.Contains(markup, "In attesa") {
			t.Errorf("%s does not see the ask", who)
		}
		confined := k.deps.Policies.Confine(actor, policies.Body)
		if n := k.countAs(confined, `select count(*) from sharing.asks_persons`); (n == 1) != c.sees {
			t.Errorf("%s reads %d rows past the program", who, n)
		}
		if n := k.countAs(confined, `select count(*) from sharing.asks a where a::text like '%`+codeRosa+`%'`); n != 0 {
			t.Errorf("%s finds the code in the ask itself", who)
		}
		want := map[bool]string{true: "{identity}", false: "{}"}[c.sees]
		if n := k.count(`select count(*) from audit.events where action = 'ask.read' and account_id = $1 and sections::text = $2`, actor.Account, want); n != 1 {
			t.Errorf("%s: %d readings are in the audit with the sections %s", who, n, want)
		}
	}
}

// An ordinary share of a case of the person answers the ask.
func TestAskIsAnsweredByAShare(t *testing.T) {
	t.Parallel()
	k := newKnown(t)
	path, other := k.asked(codeRosa), k.asked(codeAda)
	made := k.offered()
	if markup := k.get(k.reader, path); !strings.Contains(markup, "/condivisioni/"+made.ID.String()) || !strings.Contains(markup, "Risposta data") {
		t.Errorf("the ask does not lead to its answer:\n%s", markup)
	}
	if markup := k.get(k.reader, other); strings.Contains(markup, "/condivisioni/") {
		t.Error("the ask for somebody else is answered too")
	}
	if got := k.reads(k.reader); got != nil {
		t.Errorf("before the answer is accepted, the case opens: %v", got)
	}
	k.setClock(12 * 24 * time.Hour)
	if got := k.serve(k.head, "POST", other+"/rifiuta", url.Values{}); got.status != http.StatusConflict {
		t.Errorf("an ask that has lapsed is refused: %d", got.status)
	}
}

// Who is asked answers from the ask itself, with what was asked and nothing more; who does not follow the person learns who does.
func TestAskLeadsToItsAnswer(t *testing.T) {
	t.Parallel()
	k := newKnown(t)
	path := k.asked(codeRosa)
	page := k.get(k.worker, path)
	link := regexp.MustCompile(`href="/ente(/cartelle/` + k.file.ID.String() + `/condividi\?[^"]*)"`).FindStringSubmatch(page)
	if link == nil {
		t.Fatalf("no way to answer:\n%s", page)
	}
	at := "/cartelle/" + k.file.ID.String() + "/condividi"
	first := k.get(k.worker, html.UnescapeString(link[1]))
	for _, want := range []string{k.agreement.ID.String() + `~c_f061" checked`, `value="consultation~assessment" checked`} {
		if !strings.Contains(first, want) {
			t.Errorf("the first step does not propose %q:\n%s", want, first)
		}
	}
	second := k.walk(k.worker, at, carry(first, url.Values{"destinatario": {k.agreement.ID.String() + "~c_f061"}, "scopo": {"consultation~assessment"}}))
	if got := checkedSections(second.markup); !slices.Equal(got, []string{"identity", "assessment"}) {
		t.Errorf("the sections proposed are %v, not those that were asked", got)
	}
	colleague := k.Operator(t, k.owner, "social_worker")
	if page := k.get(colleague, path); !strings.Contains(page, "seguita da "+k.worker.Name) || strings.Contains(page, "/condividi") {
		t.Errorf("a colleague does not learn who can answer:\n%s", page)
	}
	if page := k.get(k.worker, k.asked(codeAda)); !strings.Contains(page, "Nessuna cartella aperta") || strings.Contains(page, "/condividi") {
		t.Errorf("for somebody unknown the page says\n%s", page)
	}
	if page := k.get(k.reader, path); strings.Contains(page, "/condividi") || strings.Contains(page, k.worker.Name) {
		t.Error("who asked learns who follows the person")
	}
}

// Who asked is told on the desk how it ended; who signs agreements, that another body signed or suspends one; who had looked at
// a share, that it ended.
func TestWhoAskedIsToldTheEnd(t *testing.T) {
	t.Parallel()
	k, ctx := newKnown(t), context.Background()
	parts, err := sharing.Module().New(k.deps)
	k.must(err)
	told := func(actor tenants.Scope) (keys []string) {
		t.Helper()
		for _, source := range parts.Duties {
			if !k.deps.Permits(actor, source.Permission) {
				continue
			}
			duties, err := source.Find(ctx, actor)
			k.must(err)
			for _, d := range duties {
				keys = append(keys, d.Label.Key)
			}
		}
		return keys
	}
	wants := func(actor tenants.Scope, key string, want bool) {
		t.Helper()
		if got := told(actor); slices.Contains(got, key) != want {
			t.Errorf("%s is told %v: %s, want %t", actor.Name, got, key, want)
		}
	}
	wants(k.head, "sharing.duty.signed", true)
	wants(k.decider, "sharing.duty.signed", false)
	refused := k.asked(codeAda)
	k.asked(codeRosa)
	k.serve(k.head, "POST", refused+"/rifiuta", url.Values{})
	made := k.offered()
	for _, key := range []string{"sharing.duty.ask_refused", "sharing.duty.ask_answered"} {
		wants(k.reader, key, true)
		wants(k.Operator(t, k.receiver, "social_worker"), key, false)
	}
	_, err = k.sharing.Shares.Accept(ctx, k.decider, made.ID, sharing.Addressee{})
	k.must(err)
	k.get(k.reader, "/condivisioni/"+made.ID.String())
	wants(k.reader, "sharing.duty.ask_answered", false)
	_, err = k.sharing.Shares.End(ctx, k.worker, made.ID, share.Revoke, sharing.Ending{Words: "Non serve più"})
	k.must(err)
	wants(k.reader, "sharing.duty.news_received", true)
	wants(k.Operator(t, k.receiver, "social_worker"), "sharing.duty.news_received", false)
	_, err = k.sharing.Agreements.MoveAgreement(ctx, k.head, k.agreement.ID, policies.AgreementSuspended, k.seen(k.head, k.agreement.ID, policies.AgreementSuspended))
	k.must(err)
	wants(k.decider, "sharing.duty.suspended", true)
	wants(k.head, "sharing.duty.suspended", false)
}

// checkedSections lists the sections that a step proposes.
func checkedSections(markup string) (ids []string) {
	for _, m := range regexp.MustCompile(`value="([a-z]+)" checked`).FindAllStringSubmatch(markup, -1) {
		ids = append(ids, m[1])
	}
	return ids
}

func TestAskWantsAnAgreement(t *testing.T) {
	t.Parallel()
	k := newKnown(t)
	a := ask.Ask{
		ID: newID(), Agreement: k.agreement.ID, Asked: k.owner.ID, TaxCode: codeRosa, Purpose: "assessment", LegalBasis: "law",
		Sections: []string{"identity"}, Reason: "La seguiamo da oggi",
	}
	for field, change := range map[string]func(*ask.Ask){
		"ente": func(a *ask.Ask) { a.Agreement = newID() }, "codice": func(a *ask.Ask) { a.TaxCode = "BNC" }, "scopo": func(a *ask.Ask) { a.Purpose = "curiosity" },
		"base": func(a *ask.Ask) { a.LegalBasis = "" }, "sezioni": func(a *ask.Ask) { a.Sections = []string{"judicial"} }, "motivo": func(a *ask.Ask) { a.Reason = "Eh" },
	} {
		wrong := a
		change(&wrong)
		_, err := k.sharing.Asks.Ask(t.Context(), k.reader, wrong)
		k.wants(t, err, problem.Invalid, field)
	}
	back := a
	back.Asked = k.receiver.ID
	_, err := k.sharing.Asks.Ask(t.Context(), k.worker, back)
	k.wants(t, err, problem.Invalid, "ente")
	if n := k.count(`select count(*) from sharing.asks`); n != 0 {
		t.Errorf("%d asks are left", n)
	}
}

// An ask that the database would refuse is refused before, by its field; and only under what is signed and live.
func TestAskIsRefusedByItsField(t *testing.T) {
	t.Parallel()
	k, ctx := newKnown(t), context.Background()
	right := ask.Ask{
		ID: newID(), Agreement: k.agreement.ID, Asked: k.owner.ID, TaxCode: codeRosa, Purpose: "assessment", LegalBasis: "law",
		Sections: []string{"identity"}, Reason: "La seguiamo da oggi",
	}
	refused := func(field string, actor tenants.Scope, change func(*ask.Ask)) {
		t.Helper()
		wrong := right
		change(&wrong)
		_, err := k.sharing.Asks.Ask(ctx, actor, wrong)
		k.wants(t, err, problem.Invalid, field)
	}
	refused("codice", k.reader, func(a *ask.Ask) { a.TaxCode = "12345678903" }) // of a company
	refused("sezioni", k.reader, func(a *ask.Ask) { a.Sections = nil })
	refused("motivo", k.reader, func(a *ask.Ask) { a.Reason = strings.Repeat("a", 1001) })
	_, err := k.sharing.Agreements.MoveAgreement(ctx, k.head, k.agreement.ID, policies.AgreementSuspended, k.seen(k.head, k.agreement.ID, policies.AgreementSuspended))
	k.must(err)
	refused("ente", k.reader, func(*ask.Ask) {})
	_, err = k.sharing.Agreements.MoveAgreement(ctx, k.head, k.agreement.ID, policies.AgreementActive, k.seen(k.head, k.agreement.ID, policies.AgreementActive))
	k.must(err)
	k.exec(`update platform.tenants set state = 'suspended' where id = $1`, k.owner.ID)
	k.must(k.deps.Bodies.Reload(ctx))
	refused("ente", k.reader, func(*ask.Ask) {})
	k.exec(`update platform.tenants set state = 'active' where id = $1`, k.owner.ID)
	k.must(k.deps.Bodies.Reload(ctx))
	made, err := k.sharing.Asks.Ask(ctx, k.reader, right)
	k.must(err)
	refused("ente", k.head, func(*ask.Ask) {}) // the id is of what another body asked
	k.wants(t, k.sharing.Asks.End(ctx, k.head, made.ID, ask.Refused, strings.Repeat("a", 1001)), problem.Invalid, "motivo")
	k.wants(t, k.sharing.Asks.End(ctx, k.head, made.ID, ask.Withdrawn, ""), problem.Forbidden, "")
	k.wants(t, k.sharing.Asks.End(ctx, k.reader, made.ID, ask.Refused, ""), problem.Forbidden, "")
	k.wants(t, k.sharing.Asks.End(ctx, k.Operator(t, k.body("c_e974"), "coordinator"), made.ID, ask.Refused, ""), problem.NotFound, "")
	k.must(k.sharing.Asks.End(ctx, k.reader, made.ID, ask.Withdrawn, ""))
	if n := k.count(`select count(distinct tenant_id) from audit.events where action = 'ask.withdraw' and object_id = $1`, made.ID); n != 2 {
		t.Errorf("that it was taken back is in %d chains, want both", n)
	}
}

// Who decides at the asked body is told of an ask, until it is answered or lapses.
func TestAnAskAwaitsWhoIsAsked(t *testing.T) {
	t.Parallel()
	k := newKnown(t)
	waits := func(actor tenants.Scope) (paths []string) {
		for _, source := range k.sharing.Asks.Duties() {
			duties, err := source.Find(t.Context(), actor)
			k.must(err)
			for _, d := range duties {
				paths = append(paths, d.Path)
			}
		}
		return paths
	}
	path := k.asked(codeRosa)
	if got := waits(k.head); len(got) != 1 || got[0] != path {
		t.Errorf("the asked body is told of %v", got)
	}
	if got := waits(k.decider); len(got) != 0 {
		t.Errorf("the asking body is told of %v", got)
	}
	k.get(k.head, "/rete/accesso") // in the audit with the identity, and once it names nobody without
	if got := k.serve(k.head, "POST", path+"/rifiuta", url.Values{}); got.redirect != path {
		t.Fatalf("refuse: %d %v", got.status, got.err)
	}
	if got := waits(k.head); len(got) != 0 {
		t.Errorf("once it is refused, the asked body is told of %v", got)
	}
	k.get(k.head, "/rete/accesso")
	if n := k.count(`select count(*) from audit.events where action = 'ask.list' and account_id = $1 and sections::text = '{identity}'`, k.head.Account); n != 1 {
		t.Errorf("%d readings of the list are in the audit, want 1", n)
	}
	now := time.Now()
	for _, c := range []struct {
		state string
		by    time.Time
		want  string
	}{{ask.Open, now.Add(time.Second), ask.Open}, {ask.Open, now, ask.Lapsed}, {ask.Answered, now, ask.Answered}, {ask.Refused, now, ask.Refused}} {
		if got := (ask.Ask{State: c.state, AnswerBy: c.by}).Standing(now); got != c.want {
			t.Errorf("%s stands as %s, want %s", c.state, got, c.want)
		}
	}
}

// Who asks too often asks nothing more for a while, and is told of to both bodies, as who asks too often who follows a person.
func TestTooManyAsksAreRefused(t *testing.T) {
	t.Parallel()
	k := newKnown(t)
	k.asked(codeAda)
	if n := k.count(`select asked from policies.known_questions where account_id = $1 and agreement_id = $2`, k.reader.Account, k.agreement.ID); n != 1 {
		t.Errorf("an ask sent twice counts as %d questions, want 1", n)
	}
	k.exec(`update policies.known_questions set asked = 60, hour = date_trunc('hour', app.now())`)
	form := carry(k.get(k.reader, "/rete/accesso/nuova"), url.Values{
		"ente": {k.agreement.ID.String() + "~" + k.owner.Slug}, "codice": {codeRosa}, "scopo": {"assessment"}, "base": {"public_task"},
		"sezioni": {"identity", "assessment"}, "motivo": {"La seguiamo da oggi"},
	})
	got := k.serve(k.reader, "POST", "/rete/accesso/nuova", form)
	if got.status != http.StatusTooManyRequests || !strings.Contains(got.markup, "Hai chiesto molte volte") || !strings.Contains(got.markup, "La seguiamo da oggi") {
		t.Errorf("the 61st ask of an hour: %d %v\n%s", got.status, got.err, got.markup)
	}
	if n := k.count(`select count(*) from sharing.asks`); n != 1 {
		t.Errorf("%d asks, want that of before", n)
	}
	if n := k.count(`select count(*) from audit.events where action = 'ask.limit' and account_id = $1`, k.reader.Account); n != 1 {
		t.Errorf("%d events of it, want 1", n)
	}
	found, err := k.sharing.Elsewhere.FindExcesses(t.Context(), k.Operator(t, k.owner, "dpo"))
	if err != nil || len(found) != 1 || found[0].Asked != 61 {
		t.Errorf("the owner is told of %v, %v", found, err)
	}
	k.setClock(time.Hour)
	k.asked(codeRosa)
}

// Who is led from the page of a person to an ask finds the code there; when the case is shown, the same page opens it.
func TestThePageOfAPersonLeadsThroughTheAskIntoTheCase(t *testing.T) {
	t.Parallel()
	k := newKnown(t)
	k.withRegistry()
	here, err := registry.NewService(k.deps).Create(t.Context(), k.reader, registry.NewPerson{ID: newID(), Details: registry.Details{TaxCode: codeRosa, Name: "Rosa", Surname: "Bianco"}})
	k.must(err)
	at, opens := "/persone/"+here.ID.String(), `href="/ente/cartelle/`+k.ref()+`"`
	way := regexp.MustCompile(`href="/ente(/rete/accesso/nuova[^"]*)"`).FindStringSubmatch(k.get(k.reader, at))
	if way == nil || strings.Contains(way[1], codeRosa) {
		t.Fatalf("the way to the ask is %q", way)
	}
	if form := k.get(k.reader, html.UnescapeString(way[1])); !strings.Contains(form, `value="`+codeRosa+`"`) {
		t.Errorf("the code has to be typed again:\n%s", form)
	}
	if form := k.get(k.reader, "/rete/accesso/nuova?persona="+newID().String()); strings.Contains(form, codeRosa) {
		t.Error("a person that nobody knows has a code")
	}
	k.asked(codeRosa)
	made := k.offered()
	if page := k.get(k.reader, at); strings.Contains(page, opens) {
		t.Error("a case that is only offered is said to open")
	}
	_, err = k.sharing.Shares.Accept(t.Context(), k.decider, made.ID, sharing.Addressee{Account: k.reader.Account})
	k.must(err)
	before := k.count(`select count(*) from audit.events where action = 'case.read'`)
	if page := k.get(k.reader, at); !strings.Contains(page, opens) || !strings.Contains(page, "Apri la cartella condivisa") || strings.Contains(page, "/rete/accesso/nuova") {
		t.Errorf("the page does not lead into the case, or asks again:\n%s", page)
	}
	if after := k.count(`select count(*) from audit.events where action = 'case.read'`); after != before {
		t.Error("a way into a case is written down as a reading of it")
	}
	listed := `select count(*) from audit.events where tenant_id = $1 and action = 'shared_case.list' and account_id = $2 and $3 = any (cases)`
	for _, body := range []int32{k.owner.ID, k.receiver.ID} {
		if n := k.count(listed, body, k.reader.Account, k.file.ID); n != 1 {
			t.Errorf("that the case is shown stands %d times in the chain of body %d", n, body)
		}
	}
	colleague := k.Operator(t, k.receiver, "social_worker")
	for who, actor := range map[string]tenants.Scope{"a colleague for whom it is not": colleague, "who opens no case": k.Operator(t, k.receiver, "access_desk")} {
		if page := k.get(actor, at); strings.Contains(page, opens) {
			t.Errorf("%s is led into the case", who)
		}
	}
	_, err = k.sharing.Agreements.MoveAgreement(t.Context(), k.head, k.agreement.ID, policies.AgreementSuspended, k.seen(k.head, k.agreement.ID, policies.AgreementSuspended))
	k.must(err)
	if page := k.get(k.reader, at); strings.Contains(page, opens) {
		t.Error("under a suspended agreement the page leads into the case")
	}
}

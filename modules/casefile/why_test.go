package casefile_test

import (
	"fmt"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"staffetta/internal/problem"
	"staffetta/modules/casefile/why"
	"staffetta/policies"
	"staffetta/tenants"
)

// TestExplanationOfThePastIsTheDecisionOfThen does at random what opens and closes a case to two people, one of the body and
// one of another, opens the case as they do after each step, and asks for all of it when it is over.
func TestExplanationOfThePastIsTheDecisionOfThen(t *testing.T) {
	st := newStage(t)
	other, guest := st.other(t, "mazara", "social_worker")
	serial := 0
	rapid.Check(t, func(r *rapid.T) {
		serial++
		p := newPast(t, st, other, guest)
		for range rapid.IntRange(1, 7).Draw(r, "steps") {
			p.step(t, r)
			p.keep(t)
		}
		p.compare(t, r)
	})
}

// past is one case with what was decided about it when.
type past struct {
	*stage
	other         tenants.Tenant
	guest, member tenants.Scope
	id            uuid.UUID
	agreement     uuid.UUID
	at            []time.Time
	decided       []map[string]bool
}

// questions are the sections that are asked for.
var questions = []string{"identity", "diary", "health"}

func newPast(t *testing.T, st *stage, other tenants.Tenant, guest tenants.Scope) *past {
	st.exec(t, `delete from platform.policy_rules`)
	must(t, st.deps.Policies.Reload(t.Context()))
	p := &past{stage: st, other: other, guest: guest, member: st.as(t, "educator"), id: st.open(t, st.worker, st.rosa).ID, agreement: newID(t)}
	st.exec(t, `insert into policies.agreements (id, title, state, purposes, sections, valid)
		values ($1, 'Presa in carico comune', 'proposed', '{cura}', '{diary}', tstzrange(now() - interval '1 day', now() + interval '1 day'))`, p.agreement)
	st.exec(t, `insert into policies.agreements_parties (agreement_id, tenant_id, side) values ($1, $2, 'proposer'), ($1, $3, 'party')`, p.agreement, st.body.ID, other.ID)
	st.exec(t, `insert into audit.events (tenant_id, id, actor_tenant, account_id, actor_name, action, case_id, payload, payload_hash)
		values ($1, gen_random_uuid(), $2, $3, 'Ospite', 'case.read', $4, '{}', sha256('{}'))`, st.body.ID, other.ID, guest.Account, p.id)
	return p
}

// step does one of the things that open or close the case to somebody.
func (p *past) step(t *testing.T, r *rapid.T) {
	section := rapid.SampledFrom(questions).Draw(r, "section")
	role := rapid.SampledFrom([]string{"educator", "social_worker", "coordinator"}).Draw(r, "role")
	switch rapid.IntRange(0, 10).Draw(r, "what") {
	case 0, 1:
		p.exec(t, `insert into casefile.assignments (tenant_id, id, case_id, account_id, account_name, part, assigned_by) values ($1, gen_random_uuid(), $2, $3, 'Ada', 'team', $3)
			on conflict do nothing`, p.body.ID, p.id, p.member.Account)
	case 2:
		p.exec(t, `update casefile.assignments set valid_to = app.now() where tenant_id = $1 and case_id = $2 and account_id = $3 and valid_to is null`, p.body.ID, p.id, p.member.Account)
	case 3:
		p.exec(t, `insert into policies.case_openings (tenant_id, id, case_id, account_id, reason, valid)
			values ($1, gen_random_uuid(), $2, $3, 'Chiamata urgente', tstzrange(app.now(), app.now() + interval '3 hours'))`, p.body.ID, p.id, p.member.Account)
	case 4:
		p.exec(t, `update policies.case_openings set valid = tstzrange(lower(valid), greatest(lower(valid), app.now())) where tenant_id = $1 and case_id = $2 and upper(valid) > app.now()`, p.body.ID, p.id)
	case 5:
		relation := rapid.SampledFrom([]policies.Relation{policies.Team, policies.Body, policies.Guest}).Draw(r, "relation")
		p.exec(t, `insert into platform.policy_rules (tenant_id, role, relation, object, action, effect) values ($1, $2, $3, $4, $5, 'deny') on conflict do nothing`,
			rapid.SampledFrom([]int32{p.body.ID, p.other.ID}).Draw(r, "body"), role, relation, section, rapid.SampledFrom([]string{policies.Read, policies.Write}).Draw(r, "action"))
	case 6:
		p.exec(t, `delete from platform.policy_rules where role = $1`, role)
	case 7:
		p.exec(t, `insert into platform.memberships (id, tenant_id, account_id, role, display_name, valid_from) values (gen_random_uuid(), $1, $2, $3, 'Ada', current_date) on conflict do nothing`,
			p.body.ID, p.member.Account, role)
	case 8:
		p.exec(t, `update policies.agreements set state = $2 where id = $1`, p.agreement, rapid.SampledFrom([]string{"active", "active", "suspended"}).Draw(r, "state"))
	case 9:
		if rapid.Bool().Draw(r, "ends") {
			p.exec(t, `update policies.case_grants set valid = tstzrange(lower(valid), greatest(lower(valid), app.now())) where tenant_id = $1 and case_id = $2 and section = $3 and upper(valid) > app.now()`,
				p.body.ID, p.id, section)
			return
		}
		p.exec(t, `insert into policies.case_grants (tenant_id, id, share_id, agreement_id, case_id, section, grantee, can_write, valid)
			values ($1, gen_random_uuid(), gen_random_uuid(), $2, $3, $4, $5, $6, tstzrange(app.now(), app.now() + interval '1 hour'))`,
			p.body.ID, p.agreement, p.id, section, p.other.ID, rapid.Bool().Draw(r, "writes"))
	case 10:
		p.exec(t, `update casefile.cases set closed_at = coalesce(closed_at, app.now()) where tenant_id = $1 and id = $2`, p.body.ID, p.id)
	}
}

// keep opens the case as both do now, and writes down what came of it.
func (p *past) keep(t *testing.T) {
	must(t, p.deps.Policies.Reload(t.Context()))
	p.member.Roles = ask[[]string](t, p.stage, `select array_agg(role) from platform.memberships where tenant_id = $1 and account_id = $2`, p.body.ID, p.member.Account)
	decided := map[string]bool{}
	for _, section := range questions {
		for who, ref := range map[*tenants.Scope]string{&p.member: p.id.String(), &p.guest: p.body.Slug + "~" + p.id.String()} {
			_, err := p.cases.Open(t.Context(), *who, ref, section)
			decided[fmt.Sprint(who.Tenant, section, policies.Read)] = err == nil
			_, err = p.cases.OpenToWrite(t.Context(), *who, ref, section)
			decided[fmt.Sprint(who.Tenant, section, policies.Write)] = err == nil
		}
	}
	p.at, p.decided = append(p.at, ask[time.Time](t, p.stage, `select clock_timestamp()`)), append(p.decided, decided)
}

func (p *past) compare(t *testing.T, r *rapid.T) {
	for i, at := range p.at {
		for _, section := range questions {
			for _, who := range []tenants.Scope{p.member, p.guest} {
				for _, action := range []string{policies.Read, policies.Write} {
					q := why.Question{Case: p.id.String(), Account: who.Account, Body: who.Tenant, Section: section, Action: action, From: at, To: at}
					e, err := p.cases.ExplainPast(t.Context(), p.worker, q)
					must(t, err)
					was := p.decided[i][fmt.Sprint(who.Tenant, section, action)]
					if len(e.Answers) != 1 || e.Answers[0].Allowed != was {
						r.Fatalf("after step %d, %s %s by %d: the answer is %+v, it was %v", i, action, section, who.Tenant, e.Answers, was)
					}
				}
			}
		}
	}
}

// TestExplanationOfADay tells the turns of one day.
func TestExplanationOfADay(t *testing.T) {
	st := newStage(t)
	member := st.as(t, "educator")
	noon := time.Now().Add(-3 * time.Hour).Truncate(time.Second)
	st.exec(t, `update casefile.cases set opened_at = $2 where id = $1`, st.ref, noon.Add(-time.Hour))
	st.exec(t, `update platform.membership_periods set known_from = $2::timestamptz, valid_from = current_date - 9 where account_id = $1`, member.Account, noon.Add(-30*time.Minute))
	st.exec(t, `update platform.policy_bases set since = $1`, noon.AddDate(0, 0, -1))
	st.exec(t, `insert into casefile.assignments (tenant_id, id, case_id, account_id, account_name, part, assigned_by, valid_from, valid_to)
		values ($1, gen_random_uuid(), $2, $3, 'Ada', 'team', $3, $4, $5)`, st.body.ID, st.ref, member.Account, noon, noon.Add(time.Hour))
	st.exec(t, `insert into platform.policy_periods (tenant_id, role, relation, object, action, effect, valid_from, valid_to)
		values ($1, 'educator', 'team', 'diary', 'read', 'deny', $2, null)`, st.body.ID, noon.Add(30*time.Minute))
	q := why.Question{Case: st.ref, Account: member.Account, Section: "diary", Action: policies.Read, From: noon.Add(-2 * time.Hour), To: noon.Add(2 * time.Hour)}
	e, err := st.cases.ExplainPast(t.Context(), st.worker, q)
	must(t, err)
	var got []string
	for _, a := range e.Answers {
		got = append(got, fmt.Sprint(a.From.Sub(noon), " ", a.Ground, " ", a.Relation, " ", a.Rule.Effect, " ", a.Own))
	}
	want(t, "the day", []string{
		"-2h0m0s no_case   false", "-1h0m0s no_role   false", "-30m0s not_opened   false", "0s rule team allow false", "30m0s denied team deny true", "1h0m0s not_opened   false",
	}, got)
	want(t, "number", true, e.Number != "" && e.Who == member.Name)
}

// TestWhoMayAsk keeps explanations to who may see the accesses of a case.
func TestWhoMayAsk(t *testing.T) {
	st := newStage(t)
	other, guest := st.other(t, "mazara", "social_worker")
	now := time.Now()
	q := why.Question{Case: st.ref, Account: st.worker.Account, Section: "diary", Action: policies.Read, From: now, To: now}
	asks := func(s tenants.Scope, q why.Question) error {
		_, err := st.cases.ExplainPast(t.Context(), s, q)
		return err
	}
	for role, allowed := range map[string]bool{"dpo": true, "coordinator": true, "tenant_admin": false, "access_desk": false, "educator": false, "provider": false} {
		if err := asks(st.as(t, role), q); (err == nil) != allowed {
			t.Errorf("%s: %v", role, err)
		}
	}
	wantKind(t, asks(guest, q), problem.NotFound)
	dpo := st.as(t, "dpo")
	missing := q
	missing.Case = newID(t).String()
	wantKind(t, asks(dpo, missing), problem.NotFound)
	wantKind(t, asks(st.Operator(t, other, "dpo"), q), problem.NotFound) // of another body
	stranger := q
	stranger.Account, stranger.Body = guest.Account, other.ID
	wantKind(t, asks(dpo, stranger), problem.NotFound) // never acted on the case
	stranger.Body = 0
	wantKind(t, asks(dpo, stranger), problem.NotFound) // never belonged to the body
	for name, bad := range map[string]func(*why.Question){
		"sezione": func(q *why.Question) { q.Section = "moon" }, "azione": func(q *why.Question) { q.Action = "open" }, "chi": func(q *why.Question) { q.Account = uuid.Nil },
		"giorno": func(q *why.Question) { q.From, q.To = now.AddDate(0, 0, 2), now.AddDate(0, 0, 3) },
	} {
		wrong := q
		bad(&wrong)
		wantField(t, asks(dpo, wrong), name)
	}
	events := st.events(t, func() { must(t, asks(dpo, q)) })
	want(t, "events", map[string]int{"explanation.read": 1}, events)
	// Whoever of a body could read, without naming anybody.
	anybody := q
	anybody.Account, anybody.Body = uuid.Nil, other.ID
	e, err := st.cases.ExplainPast(t.Context(), dpo, anybody)
	must(t, err)
	want(t, "without a share", why.NotShared, e.Answers[0].Ground)
	share := st.share(t, other, "diary")
	anybody.From, anybody.To = time.Now(), time.Now()
	e, err = st.cases.ExplainPast(t.Context(), dpo, anybody)
	must(t, err)
	want(t, "with one", true, e.Answers[0].Allowed && e.Answers[0].Share == share && slices.Equal(e.Answers[0].Roles, []string{"social_worker", "coordinator"}))
}

// TestWhoOfAnOfficeCould tells person by person who of an own office could, while they were in it.
func TestWhoOfAnOfficeCould(t *testing.T) {
	st := newStage(t)
	_, guest := st.other(t, "mazara", "social_worker")
	st.exec(t, `insert into platform.offices (tenant_id, id, name) values ($1, 3, 'Segretariato'), ($1, 4, 'Minori')`, st.body.ID)
	bea, carlo, dina := st.as(t, "educator"), st.as(t, "educator"), st.as(t, "social_worker")
	for account, office := range map[uuid.UUID]int{bea.Account: 3, carlo.Account: 3, dina.Account: 4} {
		st.exec(t, `update platform.memberships set office_id = $2 where account_id = $1`, account, office)
	}
	in := func(account uuid.UUID) {
		st.exec(t, `insert into casefile.assignments (tenant_id, id, case_id, account_id, account_name, part, assigned_by) values ($1, gen_random_uuid(), $2, $3, 'Bea', 'team', $3)`,
			st.body.ID, st.ref, account)
	}
	dpo := st.as(t, "dpo")
	could := func(change func(*why.Question)) []string {
		t.Helper()
		at := ask[time.Time](t, st, `select clock_timestamp()`)
		q := why.Question{Case: st.ref, Section: "diary", Action: policies.Read, From: at, To: at}
		change(&q)
		e, err := st.cases.ExplainPast(t.Context(), dpo, q)
		must(t, err)
		var names []string
		for _, a := range e.Answers {
			names = append(names, a.Who+" "+a.Ground+" "+string(a.Relation))
		}
		return names
	}
	of := func(office int32) func(*why.Question) { return func(q *why.Question) { q.Office = office } }
	want(t, "nobody yet", []string{" nobody "}, could(of(3)))
	in(bea.Account)
	in(dina.Account)
	want(t, "one of the office", []string{bea.Name + " rule team"}, could(of(3)))
	want(t, "an office that is none", []string{" nobody "}, could(of(9)))
	everybody := could(func(q *why.Question) { q.Anybody = true })
	for name, is := range map[string]bool{bea.Name + " rule team": true, dina.Name + " rule team": true, st.worker.Name + " rule assigned": true} {
		if slices.Contains(everybody, name) != is {
			t.Errorf("%q among everybody: %v", name, everybody)
		}
	}
	for _, one := range everybody {
		if one == carlo.Name+" rule team" || one == guest.Name+" rule guest" {
			t.Errorf("everybody of the body names %q", one)
		}
	}
	// What is older than anything the program remembers is answered as well.
	first := time.Date(1990, 1, 1, 12, 0, 0, 0, time.UTC)
	want(t, "before there was anything", []string{" nobody "}, could(func(q *why.Question) { q.Office, q.From, q.To = 3, first, first }))
	want(t, "a day before there was anything", []string{" nobody "}, could(func(q *why.Question) { q.Office, q.From, q.To = 3, first, first.Add(12*time.Hour) }))
	want(t, "one person before there was anything", []string{" no_case "}, could(func(q *why.Question) { q.Account, q.From, q.To = bea.Account, first, first }))
	// Who has left the office is not in it, and whoever still works on the case still could.
	st.exec(t, `update platform.memberships set office_id = 4 where account_id = $1`, bea.Account)
	want(t, "after one left", []string{" nobody "}, could(of(3)))
	now := time.Now()
	for _, q := range []why.Question{{Office: 3, Account: bea.Account}, {Office: 3, Body: guest.Tenant}, {Anybody: true, Body: guest.Tenant}} {
		q.Case, q.Section, q.Action, q.From, q.To = st.ref, "diary", policies.Read, now, now
		_, err := st.cases.ExplainPast(t.Context(), dpo, q)
		wantField(t, err, "chi")
	}
	day := now.In(rome).Format(time.DateOnly)
	v, at := newSite(t, st).visitor(t, dpo), "/console/accessi/"+st.ref
	v.get(t, at).want(t, 200, "Chiunque dell’ufficio Minori", fmt.Sprintf(`value="%d~ufficio-4"`, st.body.ID), "Chiunque del "+st.body.Name)
	v.get(t, at+fmt.Sprintf("?chi=%d~ufficio-4&sezione=diary&azione=read&giorno=%s", st.body.ID, day)).want(t, 200, bea.Name, dina.Name, "Lo permetteva il ruolo")
	instant := url.Values{"chi": {fmt.Sprintf("%d~ufficio-4", st.body.ID)}, "sezione": {"diary"}, "azione": {"read"}, "istante": {now.Format(time.RFC3339Nano)}}
	v.get(t, at+"?"+instant.Encode()).want(t, 200, bea.Name, `value="`+day+`"`)
	v.get(t, at+fmt.Sprintf("?chi=%d~ufficio-9&sezione=diary&azione=read&giorno=%s", st.body.ID, day)).want(t, 200, "Nessuno di loro poteva")
}

func TestAskingOnThePages(t *testing.T) {
	st := newStage(t)
	other, guest := st.other(t, "mazara", "social_worker")
	share := st.share(t, other, "diary")
	_, err := st.cases.Open(t.Context(), guest, st.body.Slug+"~"+st.ref, "diary")
	must(t, err)
	site := newSite(t, st)
	v, at := site.visitor(t, st.worker), "/cartelle/"+st.ref+"/perche"
	v.get(t, at).want(t, 200, at+"/altri")
	v.get(t, at+"/altri").want(t, 200, guest.Name+", Comune di mazara", "Chiunque del Comune di mazara", st.worker.Name)
	day := time.Now().In(rome).Format(time.DateOnly)
	of := func(body int32, account uuid.UUID, section string) string {
		return fmt.Sprintf("?chi=%d~%s&sezione=%s&azione=read&giorno=%s", body, account, section, day)
	}
	v.get(t, at+"/altri"+of(st.body.ID, st.worker.Account, "diary")).want(t, 200, "Lo permetteva il ruolo", "Regola del programma per: Assistente sociale", "La cartella non c’era ancora")
	v.get(t, at+"/altri"+of(other.ID, guest.Account, "diary")).want(t, 200, "Lo permetteva una condivisione", "/condivisioni/"+share.String(), "Presa in carico comune")
	v.get(t, at+"/altri"+of(other.ID, guest.Account, "health")).want(t, 200, "Nessuna condivisione mostrava questa sezione").lacks(t, share.String())
	v.get(t, at+"/altri?chi=&sezione=diary&azione=read&giorno="+day).want(t, 422)
	v.get(t, at+"/altri?chi=1~x&sezione=diary&azione=read&giorno=2999-01-01").want(t, 422, "Scegli un giorno che sia già cominciato.")
	site.visitor(t, guest).get(t, at+"/altri").want(t, 404)
	site.visitor(t, st.as(t, "dpo")).get(t, "/console/accessi/"+st.ref+of(other.ID, guest.Account, "diary")).want(t, 200, "Lo permetteva una condivisione").lacks(t, "Bianco", "Rosa")
	site.visitor(t, st.as(t, "dpo")).get(t, "/console/accessi/"+newID(t).String()).want(t, 404)
	site.visitor(t, st.worker).get(t, "/console/accessi/"+st.ref).want(t, 404)
}

package casefile_test

import (
	"net/url"
	"testing"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules/casefile"
	"staffetta/modules/casefile/notice"
	"staffetta/modules/casefile/team"
	"staffetta/policies"
	"staffetta/tenants"
)

// relation is how somebody stands to Rosa's case, "" for who cannot open it.
func (st *stage) relation(t *testing.T, s tenants.Scope) policies.Relation {
	t.Helper()
	a, err := st.cases.Open(t.Context(), s, st.ref, "")
	if err != nil {
		return ""
	}
	return a.Relation
}

// parts lists who has or had which part in Rosa's case, as somebody sees it.
func (st *stage) parts(t *testing.T, s tenants.Scope) (parts []string) {
	t.Helper()
	found, err := st.cases.FindAssignments(t.Context(), st.own(t, s))
	must(t, err)
	for _, m := range found {
		line := m.Part + " " + m.Name + " by " + m.By + ": " + m.Reason
		if !m.Lasts() {
			line += " until " + m.EndedBy
		}
		if m.From.IsZero() || !m.Lasts() && m.To.Before(m.From) {
			t.Errorf("%s: from %v to %v", line, m.From, m.To)
		}
		parts = append(parts, line)
	}
	return parts
}

func to(s tenants.Scope, reason string) team.Assigning {
	return team.Assigning{Account: s.Account, Reason: reason}
}

func assigned(_ bool, err error) error { return err }

func TestAssign(t *testing.T) {
	st := newStage(t)
	ctx := t.Context()
	head, next := st.as(t, "coordinator"), st.as(t, "social_worker")
	must(t, assigned(st.cases.AddToTeam(ctx, st.worker, st.ref, to(next, "Affiancamento"))))
	want(t, "on the team", policies.Team, st.relation(t, next))
	var changes []bool
	caused := st.events(t, func() {
		for range 2 { // whoever holds the case already keeps it
			changed, err := st.cases.Assign(ctx, head, st.ref, team.Assigning{Account: next.Account, Reason: " Maternità ", Seen: st.worker.Account})
			must(t, err)
			changes = append(changes, changed)
		}
	})
	want(t, "events", map[string]int{"case.read": 2, "case.assign": 1}, caused)
	want(t, "what changed", []bool{true, false}, changes)
	want(t, "the new manager", policies.Assigned, st.relation(t, next))
	want(t, "the former one", "", st.relation(t, st.worker))
	want(t, "parts", []string{
		"manager " + next.Name + " by " + head.Name + ": Maternità",
		"manager " + st.worker.Name + " by " + st.worker.Name + ":  until " + head.Name,
		"team " + next.Name + " by " + st.worker.Name + ": Affiancamento until " + head.Name,
	}, st.parts(t, next))
	lines, _, err := st.cases.Find(ctx, next, casefile.Query{})
	must(t, err)
	want(t, "manager in the list", next.Name, lines[0].Manager)

	third := st.as(t, "educator")
	_, err = st.cases.Assign(ctx, head, st.ref, team.Assigning{Account: third.Account, Reason: "x", Seen: st.worker.Account})
	wantKind(t, err, problem.Conflict)
	want(t, "manager", policies.Assigned, st.relation(t, next))
	notices, err := notice.Find(ctx, st.DB, next)
	must(t, err)
	want(t, "notices", []string{"case.assigned", "case.joined"}, []string{notices[0].Topic, notices[1].Topic})
	want(t, "where the notice leads", "/cartelle/"+st.ref, notices[0].Path)
	want(t, "the reason in the audit", "Maternità", ask[string](t, st, `select payload ->> 'reason' from audit.events where action = 'case.assign'`))
}

func TestWhoMayAssign(t *testing.T) {
	st := newStage(t)
	ctx := t.Context()
	colleague, educator, head := st.as(t, "social_worker"), st.as(t, "educator"), st.as(t, "coordinator")
	member := st.as(t, "social_worker")
	st.onTeam(t, member)
	guestBody, guest := st.other(t, "mazara", "coordinator")
	st.share(t, guestBody, "identity")
	must(t, st.cases.OpenWithReason(ctx, colleague, st.ref, "Sostituzione"))
	for name, c := range map[string]struct {
		as            tenants.Scope
		ref           string
		assign, place problem.Kind // 0 for who may
	}{
		"coordinator":   {head, st.ref, 0, 0},
		"manager":       {st.worker, st.ref, problem.Forbidden, 0},
		"team":          {member, st.ref, problem.Forbidden, problem.Forbidden},
		"with a reason": {colleague, st.ref, problem.Forbidden, problem.Forbidden},
		"outside":       {st.as(t, "social_worker"), st.ref, problem.NotFound, problem.NotFound},
		"educator":      {educator, st.ref, problem.NotFound, problem.NotFound},
		"administrator": {st.as(t, "tenant_admin"), st.ref, problem.NotFound, problem.NotFound},
		"guest":         {guest, "pantelleria~" + st.ref, problem.NotFound, problem.NotFound},
		"stranger":      {guest, st.ref, problem.NotFound, problem.NotFound},
	} {
		nobody := team.Assigning{Reason: "x"} // refused as input only to who may
		for what, got := range map[string]struct {
			err  error
			kind problem.Kind
		}{
			"assigns":        {assigned(st.cases.Assign(ctx, c.as, c.ref, nobody)), c.assign},
			"adds":           {assigned(st.cases.AddToTeam(ctx, c.as, c.ref, nobody)), c.place},
			"removes nobody": {st.cases.RemoveFromTeam(ctx, c.as, c.ref, newID(t)), c.place},
		} {
			kind := got.kind
			if kind == 0 && what == "removes nobody" {
				kind = problem.NotFound
			} else if kind == 0 {
				kind = problem.Invalid
			}
			if !problem.Is(got.err, kind) {
				t.Errorf("%s %s: %v, want kind %v", name, what, got.err, kind)
			}
		}
	}
	for name, n := range map[string]team.Assigning{
		"nobody": {Reason: "x"}, "an unknown account": {Account: newID(t), Reason: "x"}, "of another body": to(guest, "x"),
		"who never works on cases": to(st.as(t, "admin_officer"), "x"),
	} {
		if err := assigned(st.cases.Assign(ctx, head, st.ref, n)); !problem.Is(err, problem.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
		wantField(t, assigned(st.cases.AddToTeam(ctx, head, st.ref, n)), "componente")
	}
	wantField(t, assigned(st.cases.Assign(ctx, head, st.ref, to(educator, "  "))), "motivo")
	must(t, st.cases.Move(ctx, st.worker, st.ref, casefile.Move{Step: "archivia", Reason: "x"}))
	wantKind(t, assigned(st.cases.Assign(ctx, head, st.ref, to(educator, "x"))), problem.Conflict)
	want(t, "live parts", 2, ask[int](t, st, `select count(*) from casefile.assignments where valid_to is null`))
}

func TestTeam(t *testing.T) {
	st := newStage(t)
	ctx := t.Context()
	educator := st.as(t, "educator")
	want(t, "before", "", st.relation(t, educator))
	caused := st.events(t, func() {
		for i, who := range []tenants.Scope{educator, educator, st.worker} { // the manager is on it already
			changed, err := st.cases.AddToTeam(ctx, st.worker, st.ref, to(who, "Educativa"))
			must(t, err)
			want(t, "something changed", i == 0, changed)
		}
	})
	want(t, "events", map[string]int{"case.read": 3, "case.join": 1}, caused)
	want(t, "on the team", policies.Team, st.relation(t, educator))
	place := ask[uuid.UUID](t, st, `select id from casefile.assignments where part = 'team'`)
	manager := ask[uuid.UUID](t, st, `select id from casefile.assignments where part = 'manager' and case_id = $1`, st.ref)
	wantKind(t, st.cases.RemoveFromTeam(ctx, st.worker, st.ref, manager), problem.NotFound)
	elsewhere := st.open(t, st.worker, st.rosa).ID.String()
	wantKind(t, st.cases.RemoveFromTeam(ctx, st.worker, elsewhere, place), problem.NotFound)
	caused = st.events(t, func() {
		for range 2 {
			must(t, st.cases.RemoveFromTeam(ctx, st.worker, st.ref, place))
		}
	})
	want(t, "events", map[string]int{"case.read": 2, "case.leave": 1}, caused)
	want(t, "after", "", st.relation(t, educator))
	must(t, assigned(st.cases.AddToTeam(ctx, st.worker, st.ref, to(educator, "Di nuovo"))))
	want(t, "again", policies.Team, st.relation(t, educator))
}

func TestManyAssignAtOnce(t *testing.T) {
	st := newStage(t)
	head := st.as(t, "coordinator")
	const n = 8
	answers, start := make(chan error, n), make(chan struct{})
	for range n {
		next := st.as(t, "social_worker")
		go func() {
			<-start
			answers <- assigned(st.cases.Assign(t.Context(), head, st.ref, team.Assigning{Account: next.Account, Reason: "x", Seen: st.worker.Account}))
		}()
	}
	close(start)
	var won int
	for range n {
		err := <-answers
		if err == nil {
			won++
		} else {
			wantKind(t, err, problem.Conflict)
		}
	}
	want(t, "winners", 1, won)
	want(t, "managers", 1, ask[int](t, st, `select count(*) from casefile.assignments where part = 'manager' and valid_to is null`))
}

func TestOpenedForAnother(t *testing.T) {
	st := newStage(t)
	head := st.as(t, "coordinator")
	_, err := st.cases.Create(t.Context(), head, casefile.Opening{ID: newID(t), Person: st.rosa, Manager: st.worker.Account})
	must(t, err)
	notices, err := notice.Find(t.Context(), st.DB, st.worker)
	must(t, err)
	want(t, "notices", 1, len(notices))
	want(t, "topic and actor", "case.assigned "+head.Name, notices[0].Topic+" "+notices[0].Actor)
}

func TestTeamOnThePages(t *testing.T) {
	st := newStage(t)
	si := newSite(t, st)
	educator, next := st.as(t, "educator"), st.as(t, "social_worker")
	v, head, at := si.visitor(t, st.worker), si.visitor(t, st.as(t, "coordinator")), "/cartelle/"+st.ref
	day := today().Format("02/01/2006")
	v.get(t, at).want(t, 200, "Responsabile", st.worker.Name+", dal "+day, `href="/pantelleria`+at+`/equipe"`)
	page := v.get(t, at+"/equipe").want(t, 200, st.worker.Name+", dal "+day, "Nessun altro lavora", educator.Name+", Educatore").lacks(t, "Passa a un altro", "Chi c'era prima")
	v.post(t, at+"/equipe", page.fill("motivo", rude)).want(t, 422, `href="#componente"`, rude)
	v.follow(t, v.post(t, at+"/equipe", page.fill("componente", educator.Account.String(), "motivo", rude))).want(t, 200, "Persona aggiunta all'équipe")
	v.get(t, at+"/equipe").want(t, 200, educator.Name+", dal "+day, rude, "Togli")
	for _, who := range []tenants.Scope{educator, st.worker} {
		v.follow(t, v.post(t, at+"/equipe", page.fill("componente", who.Account.String(), "motivo", "x"))).want(t, 200, "lavora già alla cartella: non è cambiato nulla").lacks(t, "Persona aggiunta")
	}
	v.get(t, at).want(t, 200, educator.Name+", dal "+day)
	e := si.visitor(t, educator)
	e.get(t, at+"/equipe").want(t, 200, educator.Name).lacks(t, "Togli", "Aggiungi", "Passa a")
	v.get(t, at+"/responsabile").want(t, 403)
	v.post(t, at+"/responsabile", url.Values{"responsabile": {next.Account.String()}, "motivo": {"x"}}).want(t, 403)

	place := ask[string](t, st, `select id::text from casefile.assignments where part = 'team'`)
	e.post(t, at+"/equipe/togli", url.Values{"assegnazione": {place}}).want(t, 403)
	v.post(t, at+"/equipe/togli", url.Values{"assegnazione": {"x"}}).want(t, 404)
	v.post(t, at+"/equipe/togli", url.Values{"assegnazione": {place}}).want(t, 303)
	v.get(t, at+"/equipe").want(t, 200, "Nessun altro lavora", "Chi c'era prima", educator.Name)
	e.get(t, at).want(t, 404)

	hand := head.get(t, at+"/responsabile").want(t, 200, st.worker.Name, "Nuovo responsabile")
	head.post(t, at+"/responsabile", hand.fill("responsabile", "", "motivo", "")).want(t, 422, `href="#responsabile"`, `href="#motivo"`)
	for _, says := range []string{"La cartella ha un nuovo responsabile", "è già responsabile della cartella: non è cambiato nulla"} {
		head.follow(t, head.post(t, at+"/responsabile", hand.fill("responsabile", next.Account.String(), "motivo", "Ferie"))).want(t, 200, says)
	}
	late := head.post(t, at+"/responsabile", hand.fill("responsabile", educator.Account.String(), "motivo", "Altro")).want(t, 409, "il responsabile è cambiato", next.Name)
	head.post(t, at+"/responsabile", late.fill("responsabile", st.worker.Account.String(), "motivo", "Di nuovo")).want(t, 303)
	v.get(t, "/scrivania").want(t, 200, "assegnata a te")
	v.get(t, at+"/accessi/elenco").want(t, 200, "Ha passato la cartella")
}

func TestAssignByTheAPI(t *testing.T) {
	st := newStage(t)
	educator, head := st.as(t, "educator"), st.as(t, "coordinator")
	api, at := st.client(t, head), "/case-files/"+st.ref
	workers := call[list[team.WorkerBody]](t, api, "GET /case-workers", 200).Items
	want(t, "workers", 3, len(workers))
	body := map[string]any{"part": "team", "account_id": educator.Account, "reason": "Educativa"}
	call[struct{}](t, api, "POST "+at+"/assignments", 204, body)
	parts := call[list[team.AssignmentBody]](t, api, "GET "+at+"/assignments", 200).Items
	want(t, "parts", []string{"manager", "team"}, []string{parts[0].Part, parts[1].Part})
	call[struct{}](t, api, "POST "+at+"/assignments/"+parts[1].ID+"/end", 204)
	refused(t, api, "POST "+at+"/assignments/"+parts[0].ID+"/end", problem.NotFound)
	body["part"], body["instead_of"] = "manager", educator.Account
	refused(t, api, "POST "+at+"/assignments", problem.Conflict, body)
	body["instead_of"] = st.worker.Account
	call[struct{}](t, api, "POST "+at+"/assignments", 204, body)
	want(t, "the new manager", policies.Assigned, st.relation(t, educator))
	outside := st.client(t, st.worker) // who holds it no longer
	refused(t, outside, "GET "+at+"/assignments", problem.NotFound)
	refused(t, outside, "POST "+at+"/assignments", problem.NotFound, body)
	guestBody, guest := st.other(t, "mazara", "coordinator")
	st.share(t, guestBody, "identity")
	refused(t, st.client(t, guest), "GET /case-files/pantelleria~"+st.ref+"/assignments", problem.NotFound)
}

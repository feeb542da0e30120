package casefile_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/uuid"

	"staffetta/modules"
	"staffetta/modules/casefile"
	"staffetta/tenants"
)

// begins saves a draft in a case.
func (st *stage) begins(t *testing.T, s tenants.Scope, ref, kind string) uuid.UUID {
	t.Helper()
	w := writing(t, "Bozza")
	w.Kind = kind
	n, err := st.cases.SaveNote(t.Context(), s, ref, w, false)
	must(t, err)
	return n.ID
}

// withDuties makes the stage gather what the module asks and has.
func (st *stage) withDuties(t *testing.T) modules.DraftSource {
	t.Helper()
	st.deps.Platform.Duties = modules.NewDuties(st.deps.Bodies, st.deps.Policies)
	parts, err := casefile.Module().New(st.deps)
	must(t, err)
	st.deps.Platform.Duties.AddDrafts(casefile.Module(), parts.Drafts)
	return parts.Drafts[0]
}

func TestDrafts(t *testing.T) {
	st := newStage(t)
	ctx := t.Context()
	source := st.withDuties(t)
	numbers := func(what string, s tenants.Scope, q modules.DraftQuery, total int, wanted ...string) {
		t.Helper()
		found, err := source.Find(ctx, s, q)
		must(t, err)
		var got []string
		for _, d := range found.List {
			got = append(got, d.Number[5:]+" "+d.Title.It)
		}
		want(t, what, wanted, got)
		want(t, what+", in all", total, found.Total)
	}
	latest, oldest := modules.DraftQuery{Latest: true}, modules.DraftQuery{}
	numbers("nothing begun", st.worker, latest, 0)
	second := st.open(t, st.worker, st.rosa).ID.String()
	first := st.begins(t, st.worker, st.ref, "colloquio")
	st.begins(t, st.worker, second, "nota")
	colleague := st.as(t, "social_worker")
	st.onTeam(t, colleague)
	st.begins(t, colleague, st.ref, "scuola")
	numbers("the own ones, the latest first", st.worker, latest, 2, "000002 Nota", "000001 Colloquio")
	numbers("the own ones, the oldest first", st.worker, oldest, 2, "000001 Colloquio", "000002 Nota")
	found, err := source.Find(ctx, st.worker, oldest)
	must(t, err)
	want(t, "path", "/cartelle/"+st.ref+"/diario/"+first.String(), found.List[0].Path)
	numbers("after the first", st.worker, modules.DraftQuery{Since: found.List[0].Since, ID: found.List[0].ID}, 2, "000002 Nota")
	numbers("of a team", colleague, latest, 1, "000001 Scuola")

	must(t, st.cases.Move(ctx, st.worker, second, casefile.Move{Step: "archivia", Reason: "x"}))
	numbers("of open cases", st.worker, oldest, 1, "000001 Colloquio")
	st.exec(t, `update casefile.assignments set valid_to = now() where account_id = $1`, st.worker.Account)
	numbers("of cases that one still works on", st.worker, latest, 0)

	educator := st.as(t, "educator") // who leads a case writes the diary, on a team it is only read
	st.exec(t, `insert into casefile.assignments (tenant_id, id, case_id, account_id, account_name, part, assigned_by) values ($1, $2, $3, $4, 'E', 'manager', $4)`,
		st.body.ID, newID(t), st.ref, educator.Account)
	st.begins(t, educator, st.ref, "nota")
	numbers("of a case that one leads", educator, oldest, 1, "000001 Nota")
	st.exec(t, `update casefile.assignments set part = 'team' where account_id = $1`, educator.Account)
	numbers("where one may only read", educator, oldest, 0)
	numbers("of another body", st.elsewhere(t), oldest, 0)
}

// elsewhere is the same account in another body.
func (st *stage) elsewhere(t *testing.T) tenants.Scope {
	t.Helper()
	_, s := st.other(t, "mazara", "social_worker")
	s.Account = st.worker.Account
	return s
}

func TestHeld(t *testing.T) {
	st := newStage(t)
	for role, c := range map[string]struct{ held, not string }{
		"social_worker": {"manager diary,team judicial", "body diary"},
		"educator":      {"manager school", "team diary,manager judicial"},
		"coordinator":   {"body diary,body assessment", "manager nothing"},
		"uvm_member":    {"", "manager assessment"},
	} {
		_, held := st.cases.Held(st.as(t, role))
		all := "," + strings.Join(held, ",") + ","
		for one := range strings.SplitSeq(c.held, ",") {
			if one != "" && !strings.Contains(all, ","+one+",") {
				t.Errorf("%s lacks %q in %v", role, one, held)
			}
		}
		for one := range strings.SplitSeq(c.not, ",") {
			if strings.Contains(all, ","+one+",") {
				t.Errorf("%s holds %q", role, one)
			}
		}
	}
	s, held := st.cases.Held(st.as(t, "access_desk"))
	if len(held) > 0 || s.Reads("identity") {
		t.Errorf("who opens no case holds %v and reads %v", held, s.Sections())
	}
}

func TestDraftsOnThePages(t *testing.T) {
	st := newStage(t)
	st.withDuties(t)
	v := newSite(t, st).visitor(t, st.worker)
	v.get(t, "/scrivania").want(t, 200, "Niente da fare ora").lacks(t, "Tutte le bozze")
	quiet := st.events(t, func() { v.get(t, "/scrivania/bozze").want(t, 200, "Nessuna bozza", "Torna alla scrivania") })
	want(t, "a list of nobody in the audit", 0, len(quiet))

	st.begins(t, st.worker, st.ref, "relazione")
	v.get(t, "/scrivania").want(t, 200, "Tutte le bozze (1)")
	st.exec(t, `insert into casefile.notes (tenant_id, id, case_id, section, kind, visibility, happened_on, body, author_tenant, author_account, author_name, created_at, updated_at)
		select n.tenant_id, ('00000000-0000-7000-8000-' || lpad(g::text, 12, '0'))::uuid, n.case_id, n.section, 'nota', 'public', n.happened_on, 'Bozza', n.tenant_id, n.author_account,
			n.author_name, n.created_at - interval '1 day', n.updated_at - interval '1 day' from casefile.notes n, generate_series(1, 50) g`)
	desk := v.get(t, "/scrivania").want(t, 200, `href="/pantelleria/scrivania/bozze">Tutte le bozze (51)`, "Annotazione: Relazione", "Annotazione: Nota").lacks(t, "Niente da fare ora")
	want(t, "drafts on the desk", 5, strings.Count(desk.main(), "Riprendi la bozza nella cartella"))

	number := ask[string](t, st, `select number from casefile.cases where id = $1`, st.ref)
	page := v.get(t, "/scrivania/bozze").want(t, 200, "Le mie bozze", "Bianco Rosa", "Cartella "+number, "Iniziata il "+today().AddDate(0, 0, -1).Format("02/01/2006"), `rel="next"`).lacks(t, "Relazione")
	want(t, "drafts on the first page", 50, strings.Count(page.main(), "Annotazione: Nota</a>"))
	sections := ask[[]string](t, st, `select sections from audit.events where action = 'case.list' and account_id = $1 and cases = array[$2::uuid] order by at desc limit 1`, st.worker.Account, st.ref)
	want(t, "sections in the audit", []string{"identity"}, sections)
	_, next, _ := strings.Cut(page.main(), `href="/pantelleria/scrivania/bozze?`)
	next, _, _ = strings.Cut(next, `"`)
	v.get(t, "/scrivania/bozze?"+next).want(t, 200, "Annotazione: Relazione").lacks(t, "Annotazione: Nota", `rel="next"`)
	v.get(t, "/scrivania/bozze?dopo=x&id=y").want(t, 200, "Annotazione: Nota")

	// who has left the case finds neither the draft nor the name
	must(t, assigned(st.cases.Assign(t.Context(), st.as(t, "coordinator"), st.ref, to(st.as(t, "social_worker"), "Ferie"))))
	v.get(t, "/scrivania/bozze").want(t, 200, "Nessuna bozza").lacks(t, "Bianco")
	v.get(t, "/scrivania").want(t, 200).lacks(t, "Riprendi", "Tutte le bozze", "Bianco")
}

// A module that is off, and a permission that one lacks, hide what was begun.
func TestDraftsOfWhoMay(t *testing.T) {
	st := newStage(t)
	st.withDuties(t)
	newSite(t, st)
	st.begins(t, st.worker, st.ref, "nota")
	count := func(what string, s tenants.Scope, wanted int) {
		t.Helper()
		found, err := st.deps.Platform.Duties.FindDrafts(t.Context(), s, modules.DraftQuery{})
		must(t, err)
		want(t, what, wanted, len(found.List))
	}
	count("the author's", st.worker, 1)
	st.deps.Platform.Duties.AddDrafts(casefile.Module(), []modules.DraftSource{{
		Permission: "case:create",
		Find: func(context.Context, tenants.Scope, modules.DraftQuery) (modules.Drafts, error) {
			return modules.Drafts{List: make([]modules.Draft, 1)}, nil
		},
	}})
	count("with the permission", st.worker, 2)
	count("without the permission", st.as(t, "educator"), 0)
	must(t, st.DB.Platform(t.Context(), func(tx tenants.Tx) error { return tenants.SwitchModule(t.Context(), tx, st.body.ID, "casefile", false) }))
	must(t, st.deps.Bodies.Reload(t.Context()))
	count("of a module that is off", st.worker, 0)
}

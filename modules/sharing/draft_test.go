package sharing_test

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"staffetta/internal/problem"
	"staffetta/modules/sharing/draft"
	"staffetta/modules/sharing/network"
	"staffetta/policies"
	"staffetta/tenants"
)

// draft writes an agreement of the pair through the pages up to its summary, whose draft it returns.
func (s *site) draft(title string, first url.Values) string {
	s.t.Helper()
	today, later := time.Now().Format(time.DateOnly), time.Now().AddDate(1, 0, 0).Format(time.DateOnly)
	at := ""
	for _, one := range []struct {
		step   string
		values url.Values
	}{
		{"enti", url.Values{"titolo": {title}, "ente": {"c_f061"}}},
		{"enti", url.Values{"titolo": {title}, "ente": {"c_f061"}, "ruolo": {"c_g315:controller", "c_f061:controller"}}},
		{"direzioni", url.Values{"verso": {"c_g315>c_f061"}}},
		{"contenuti", url.Values{"scopi": {"assessment"}, "sezioni": {"identity", "assessment", "plan"}}},
		{"date", url.Values{"atto_numero": {"12"}, "atto_data": {today}, "dal": {today}, "al": {later}}},
	} {
		page := "/rete/accordi/nuovo?cerca=F061"
		if at != "" {
			page = at + "/" + one.step
		}
		markup := s.get(s.head, page)
		action := strings.TrimPrefix(strings.SplitN(strings.SplitN(markup, `action="`, 2)[1], `"`, 2)[0], "/ente")
		values := one.values
		if one.step == "enti" {
			maps.Copy(values, first)
		}
		got := s.serve(s.head, "POST", action, carry(markup, values))
		if got.redirect == "" {
			s.t.Fatalf("%s: %d %v\n%s", one.step, got.status, got.err, got.markup)
		}
		at = action[:strings.LastIndex(action, "/")]
	}
	return at
}

func (s *site) propose(title string, first url.Values) answer {
	s.t.Helper()
	at := s.draft(title, first)
	markup := s.get(s.head, at+"/riepilogo")
	if strings.Contains(markup, "errori-") || !strings.Contains(markup, title) {
		s.t.Errorf("the summary is\n%s", markup)
	}
	made, again := s.serve(s.head, "POST", at+"/riepilogo", carry(markup, nil)), s.serve(s.head, "POST", at+"/riepilogo", carry(markup, nil))
	if made.redirect == "" || again.redirect != made.redirect {
		s.t.Fatalf("propose: %d %v, again %d %v\n%s", made.status, made.err, again.status, again.err, made.markup)
	}
	return made
}

// Each step says all that is wrong with it at its fields, keeps it all the same, and does not lead on.
func TestStepsOfAnAgreement(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	markup := s.get(s.head, "/rete/accordi/nuovo")
	action := strings.TrimPrefix(strings.SplitN(strings.SplitN(markup, `action="`, 2)[1], `"`, 2)[0], "/ente")
	at := action[:strings.LastIndex(action, "/")]
	wrong := func(step string, values url.Values, targets ...string) string {
		t.Helper()
		got := s.serve(s.head, "POST", at+"/"+step, carry(markup, values))
		if got.status != http.StatusUnprocessableEntity {
			t.Fatalf("%s: %d %v %q", step, got.status, got.err, got.redirect)
		}
		for _, target := range targets {
			if !strings.Contains(got.markup, `href="#`+target+`"`) {
				t.Errorf("%s: the error at %s is not in the summary:\n%s", step, target, got.markup)
			}
		}
		markup = got.markup
		return got.markup
	}
	wrong("enti", url.Values{"titolo": {"Ac"}}, "titolo", "ente-1")
	wrong("enti", url.Values{"titolo": {"Ac"}, "ente": {"c_f061"}, "ruolo": {"c_g315:joint_controller", "c_f061:processor"}}, "titolo", "ruolo-1")
	markup = s.get(s.head, at+"/enti")
	if !strings.Contains(markup, `value="Ac"`) || !strings.Contains(markup, `value="c_f061:processor" selected`) {
		t.Errorf("what was wrong was not kept:\n%s", markup)
	}
	wrong("direzioni", url.Values{"verso": {"c_g315>c_g315", "c_e974>c_g315"}}, "verso")
	wrong("contenuti", nil, "scopi-1", "sezioni")
	if kept := wrong("contenuti", url.Values{"scrittura": {"plan"}}, "scopi-1"); !strings.Contains(kept, `id="sezioni-plan" name="sezioni" value="plan" checked`) {
		t.Error("who may write may not read")
	}
	wrong("date", url.Values{"dal": {"2026-02-31"}, "al": {"2020-01-01"}}, "dal", "al", "atto_numero", "atto_data")
	summary := s.get(s.head, at+"/riepilogo")
	if !strings.Contains(summary, "Enti e ruoli: ") || !strings.Contains(summary, "Durata e atto: ") {
		t.Errorf("the summary does not say what is missing:\n%s", summary)
	}
	if got := s.serve(s.head, "POST", at+"/riepilogo", carry(summary, nil)); got.status != http.StatusUnprocessableEntity {
		t.Errorf("a draft with errors is proposed: %d %v", got.status, got.err)
	}
	if got := s.serve(s.head, "GET", at, nil); got.redirect != at+"/enti" {
		t.Errorf("the draft goes on at %q", got.redirect)
	}
}

// A purpose brings the sections that it needs, once; an agreement under which it could never be used is not proposed.
func TestPurposesOfAnAgreementAreServed(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	at := s.draft("Accordo con scopi", url.Values{})
	save := func(values url.Values) answer {
		t.Helper()
		return s.serve(s.head, "POST", at+"/contenuti", carry(s.get(s.head, at+"/contenuti"), values))
	}
	chosen := url.Values{"scopi": {"service", "shared_care"}, "sezioni": {"documents"}}
	if got := save(chosen); got.redirect != at+"/contenuti" {
		t.Fatalf("new purposes lead to %q, %d %v", got.redirect, got.status, got.err)
	}
	markup := s.get(s.head, at+"/contenuti")
	for _, section := range []string{"documents", "identity", "contacts", "plan"} {
		if !strings.Contains(markup, `name="sezioni" value="`+section+`" checked`) {
			t.Errorf("%s is not proposed", section)
		}
	}
	if strings.Contains(markup, `name="sezioni" value="health" checked`) || strings.Contains(markup, `name="scrittura" value="plan" checked`) {
		t.Errorf("more than the purposes need is proposed:\n%s", markup)
	}
	got := save(chosen)
	if got.status != http.StatusUnprocessableEntity || !strings.Contains(got.markup, "Intervento nel territorio dell&#39;altro ente” non si potrebbe mai usare") {
		t.Errorf("an agreement that serves no request: %d %q\n%s", got.status, got.redirect, got.markup)
	}
	if summary := s.get(s.head, at+"/riepilogo"); !strings.Contains(summary, "non si potrebbe mai usare") {
		t.Errorf("the summary does not warn:\n%s", summary)
	}
	unwritten := url.Values{"scopi": {"service", "shared_care"}, "sezioni": {"identity", "contacts"}}
	if got := save(unwritten); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.markup, "segna in Scrittura") {
		t.Errorf("joint care in which nobody writes: %d %q", got.status, got.redirect)
	}
	unwritten["scrittura"] = []string{"contacts"}
	if got := save(unwritten); got.redirect != at+"/date" {
		t.Errorf("an agreement that serves its purposes leads to %q, %d\n%s", got.redirect, got.status, got.markup)
	}
}

func TestNetworkAddsItsBodies(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	u := &union{pair: s.pair, networks: network.NewService(s.deps), third: s.Operator(t, s.body("c_e974"), "coordinator")}
	n := u.joined()
	at := s.draft("Accordo della rete", url.Values{})
	got := s.serve(s.head, "POST", at+"/enti", carry(s.get(s.head, at+"/enti"), url.Values{"titolo": {"Accordo della rete"}, "rete": {n.ID.String()}, "azione": {"rete"}}))
	if got.redirect != at+"/enti" {
		t.Fatalf("add all members: %d %v", got.status, got.err)
	}
	markup := s.get(s.head, at+"/direzioni")
	for _, way := range []string{"c_e974&gt;c_g315", "c_f061&gt;c_e974"} {
		if !strings.Contains(markup, `value="`+way+`"`) {
			t.Errorf("the matrix has no %s:\n%s", way, markup)
		}
	}
}

// A draft belongs to its body: others do not see it by the pages, the service or the database.
func TestDraftIsTheBodysOwn(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ctx, at := context.Background(), s.draft("Bozza riservata", url.Values{})
	if markup := s.get(s.head, "/rete"); !strings.Contains(markup, "Bozza riservata") || !strings.Contains(markup, at) {
		t.Error("the own body does not find its draft")
	}
	if markup := s.get(s.decider, "/rete"); strings.Contains(markup, "Bozza riservata") {
		t.Error("the other party reads of a draft")
	}
	for _, call := range []struct{ method, path string }{
		{"GET", at}, {"GET", at + "/enti"}, {"GET", at + "/riepilogo"}, {"POST", at + "/enti"}, {"POST", at + "/riepilogo"}, {"GET", at + "/scarta"}, {"POST", at + "/scarta"},
	} {
		if got := s.serve(s.decider, call.method, call.path, url.Values{"titolo": {"Mia"}, "version": {"1"}}); got.status != http.StatusNotFound {
			t.Errorf("%s %s of another body: %d %q", call.method, call.path, got.status, got.redirect)
		}
	}
	for _, sql := range []string{`select count(*) from sharing.agreement_drafts`, `with w as (update sharing.agreement_drafts set state = 'discarded' returning 1) select count(*) from w`} {
		var n int
		s.must(s.DB.InTx(ctx, s.decider, func(tx tenants.Tx) error { return tx.QueryRow(ctx, sql).Scan(&n) }))
		if n != 0 {
			t.Errorf("%s: %d of another body's drafts", sql, n)
		}
	}
	if got := s.serve(s.head, "POST", at+"/scarta", nil); got.redirect != "/rete" {
		t.Fatalf("discard: %d %v", got.status, got.err)
	}
	if got := s.serve(s.head, "GET", at, nil); got.status != http.StatusNotFound || strings.Contains(s.get(s.head, "/rete"), "Bozza riservata") {
		t.Errorf("a discarded draft is still there: %d", got.status)
	}
}

// Two colleagues on one draft overwrite nothing unknowingly.
func TestTwoOnOneDraft(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	at := s.draft("Titolo comune", url.Values{})
	mine, theirs := s.get(s.head, at+"/enti"), s.get(s.head, at+"/enti")
	values := url.Values{"ente": {"c_f061"}, "ruolo": {"c_g315:controller", "c_f061:controller"}, "titolo": {"Titolo della collega"}}
	if got := s.serve(s.head, "POST", at+"/enti", carry(theirs, values)); got.redirect == "" {
		t.Fatalf("the first: %d %v", got.status, got.err)
	}
	values.Set("titolo", "Titolo mio")
	got := s.serve(s.head, "POST", at+"/enti", carry(mine, values))
	if got.status != http.StatusConflict || !strings.Contains(got.markup, "Titolo della collega") || !strings.Contains(got.markup, `value="Titolo mio"`) {
		t.Fatalf("the second: %d %v\n%s", got.status, got.err, got.markup)
	}
	if markup := s.get(s.head, at+"/enti"); !strings.Contains(markup, "Titolo della collega") {
		t.Error("the second has overwritten the first")
	}
	if got := s.serve(s.head, "POST", at+"/enti", carry(got.markup, values)); got.redirect == "" {
		t.Errorf("knowingly: %d %v", got.status, got.err)
	}
	old := s.get(s.head, at+"/riepilogo")
	s.serve(s.head, "POST", at+"/enti", carry(s.get(s.head, at+"/enti"), url.Values{"titolo": {"Cambiato"}, "ente": {"c_f061"}, "ruolo": values["ruolo"]}))
	if got := s.serve(s.head, "POST", at+"/riepilogo", carry(old, nil)); got.status != http.StatusConflict {
		t.Errorf("what was not read is signed: %d %q", got.status, got.redirect)
	}
}

// A renewal begins with all that was agreed, for the period that follows, and either agreement leads to the other.
func TestRenewal(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ctx, drafts := context.Background(), draft.NewService(s.deps, s.sharing.Agreements)
	a := s.agree(s.head, s.decider, func(p *policies.Proposal) { p.Title, p.Writable = "Accordo da rinnovare", []string{"plan"} })
	if _, err := drafts.Renew(ctx, s.Operator(t, s.body("c_e974"), "coordinator"), newID(), a.ID); !problem.Is(err, problem.NotFound) {
		t.Errorf("a stranger renews: %v", err)
	}
	proposed := s.stage.propose(s.head, s.decider, func(*policies.Proposal) {})
	_, err := drafts.Renew(ctx, s.head, newID(), proposed.ID)
	s.wants(t, err, problem.Conflict, "")
	id := newID()
	for range 2 {
		d, err := drafts.Renew(ctx, s.decider, id, a.ID)
		s.must(err)
		if d.Title != a.Title || !slices.Equal(d.Sections, a.Sections) || !slices.Equal(d.Writable, a.Writable) || cmp.Diff(d.Edges, a.Edges) != "" ||
			d.From != a.To.In(rome(t)).Add(-time.Second).AddDate(0, 0, 1).Format(time.DateOnly) || d.Until <= d.From || d.ActNumber != "" || d.Version != 1 {
			t.Errorf("the renewal begins as %+v", d)
		}
	}
	at := "/rete/bozze/" + id.String()
	if got := s.serve(s.decider, "POST", at+"/date", carry(s.get(s.decider, at+"/date"), url.Values{
		"dal": {time.Now().AddDate(1, 0, 0).Format(time.DateOnly)}, "al": {time.Now().AddDate(2, 0, 0).Format(time.DateOnly)}, "atto_numero": {"9"}, "atto_data": {time.Now().Format(time.DateOnly)},
	})); got.redirect != at+"/riepilogo" {
		t.Fatalf("dates: %d %v %q", got.status, got.err, got.redirect)
	}
	made := s.serve(s.decider, "POST", at+"/riepilogo", carry(s.get(s.decider, at+"/riepilogo"), nil))
	if made.redirect != "/rete/accordi/"+id.String() {
		t.Fatalf("propose: %d %v %q\n%s", made.status, made.err, made.redirect, made.markup)
	}
	if markup := s.get(s.head, "/rete/accordi/"+a.ID.String()); !strings.Contains(markup, "Rinnovato da") || !strings.Contains(markup, id.String()) {
		t.Error("the old agreement does not lead to the new one")
	}
	if markup := s.get(s.head, made.redirect); !strings.Contains(markup, "Rinnova") || !strings.Contains(markup, a.ID.String()) {
		t.Error("the new agreement does not lead to the old one")
	}
	foreign := s.agree(s.Operator(t, s.body("c_d423"), "coordinator"), s.Operator(t, s.body("c_a176"), "coordinator"), func(*policies.Proposal) {})
	d, err := drafts.Get(ctx, s.decider, id)
	s.must(err)
	d.ID, d.Version, d.Renews = newID(), 0, foreign.ID
	d, err = drafts.Save(ctx, s.decider, d)
	s.must(err)
	_, err = drafts.Propose(ctx, s.decider, d.ID, d.Version)
	s.wants(t, err, problem.Invalid, "renews_id")
}

// A draft and its agreement are one: neither is proposed without the other.
func TestDraftIsProposedWhole(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ctx, drafts := context.Background(), draft.NewService(s.deps, s.sharing.Agreements)
	at := s.draft("Tutto o niente", url.Values{})
	found, err := drafts.Find(ctx, s.head)
	s.must(err)
	d := found[0]
	s.exec(`create function public.refuse() returns trigger language plpgsql as 'begin raise exception ''no room''; end'`)
	s.exec(`create trigger refuse before insert on policies.agreements for each row execute function public.refuse()`)
	if _, err := drafts.Propose(ctx, s.head, d.ID, d.Version); err == nil {
		t.Fatal("the agreement was proposed")
	}
	s.exec(`drop trigger refuse on policies.agreements`)
	if d, err = drafts.Get(ctx, s.head, d.ID); err != nil || d.State != draft.Open {
		t.Errorf("the draft is %s: %v", d.State, err)
	}
	a, err := drafts.Propose(ctx, s.head, d.ID, d.Version)
	s.must(err)
	if got := s.serve(s.head, "GET", at+"/enti", nil); got.redirect != "/rete/accordi/"+a.ID.String() {
		t.Errorf("the draft leads to %q", got.redirect)
	}
	d.Version++
	d.Title = "Cambiato dopo"
	_, err = drafts.Save(ctx, s.head, d)
	s.wants(t, err, problem.Conflict, "")
}

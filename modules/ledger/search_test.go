package ledger_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/internal/problem"
	"staffetta/modules/casefile"
	"staffetta/modules/ledger"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// found searches as the officer; every line is given as one text.
func (s *stage) found(change func(*ledger.Search)) []string {
	s.t.Helper()
	q := ledger.LastWeek(time.Now())
	change(&q)
	lines, _, err := s.ledger.Find(s.t.Context(), s.dpo, q, casefile.Cursor{})
	s.must(err)
	texts := make([]string, len(lines))
	for i, l := range lines {
		texts[i] = fmt.Sprintf("%s %s %s %s", l.Action, l.Actor, l.Number, l.Reason)
	}
	return texts
}

func TestTheOfficerFindsWithoutContent(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	share := s.share()
	other := s.Operator(t, s.owner, "social_worker")
	s.must(s.cases.OpenWithReason(t.Context(), other, s.file.ID.String(), "Sostituzione della collega"))
	s.read(s.guest)
	s.own(s.rosa)
	for name, c := range map[string]struct {
		change func(*ledger.Search)
		want   string
	}{
		"by actor":         {func(q *ledger.Search) { q.Actor = strings.ToUpper(other.Name) }, "case.open " + other.Name + " " + s.file.Number + " Sostituzione della collega"},
		"by action":        {func(q *ledger.Search) { q.Action = "case.open" }, "case.open " + other.Name},
		"by case":          {func(q *ledger.Search) { q.Number = s.file.Number }, "case.create " + s.worker.Name + " " + s.file.Number},
		"by share":         {func(q *ledger.Search) { q.Share = share.ID }, "case.read " + s.guest.Name + " " + s.file.Number},
		"by another body":  {func(q *ledger.Search) { q.Body = s.receiver.ID }, "case.read " + s.guest.Name},
		"what citizens do": {func(q *ledger.Search) { q.Action = "accesses.read" }, "accesses.read  "},
	} {
		lines := s.found(c.change)
		if !strings.Contains(strings.Join(lines, "\n"), c.want) {
			t.Errorf("%s: no %q in %q", name, c.want, lines)
		}
		if strings.Contains(strings.Join(lines, "\n"), "Bianco") || strings.Contains(strings.Join(lines, "\n"), "Valutazione con il vostro servizio") {
			t.Errorf("%s: the officer reads who the service is about, or what a worker wrote: %q", name, lines)
		}
	}
	for name, change := range map[string]func(*ledger.Search){
		"a citizen's name": func(q *ledger.Search) { q.Actor = "Rosa Bianco" }, "another number": func(q *ledger.Search) { q.Number = "1999/1" },
		"another share": func(q *ledger.Search) { q.Share = newID() }, "another year": func(q *ledger.Search) { q.From, q.To = q.From.AddDate(-2, 0, 0), q.To.AddDate(-2, 0, 0) },
	} {
		if lines := s.found(change); len(lines) != 0 {
			t.Errorf("%s: %q", name, lines)
		}
	}
	searched := s.found(func(q *ledger.Search) { q.Action = "audit.search" })
	if len(searched) < 9 {
		t.Errorf("of the searches only %d are events", len(searched))
	}
	away, _, err := s.ledger.Find(t.Context(), s.Operator(t, s.receiver, "dpo"), ledger.LastWeek(time.Now()), casefile.Cursor{})
	s.must(err)
	for _, l := range away {
		if l.Actor == s.worker.Name && l.Action == "case.create" {
			t.Error("the officer of another body reads this audit")
		}
	}
}

func TestSearchGoesOnFromItsCursor(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	for range 120 {
		s.must(s.deps.Audit.Record(t.Context(), s.worker, audit.Event{Action: "case.list"}))
	}
	seen, after := map[uuid.UUID]bool{}, casefile.Cursor{}
	q := ledger.LastWeek(time.Now())
	q.Action = "case.list"
	for pages := 0; ; pages++ {
		lines, next, err := s.ledger.Find(t.Context(), s.dpo, q, after)
		s.must(err)
		for _, l := range lines {
			if seen[l.ID] {
				t.Fatal("an event comes twice")
			}
			seen[l.ID] = true
		}
		if after = next; after.IsZero() || pages > 5 {
			break
		}
	}
	if len(seen) != 120 {
		t.Errorf("%d events were found, want 120", len(seen))
	}
	lines, err := s.ledger.Export(t.Context(), s.dpo, q)
	s.must(err)
	if len(lines) != 120 || len(s.found(func(q *ledger.Search) { q.Action = "audit.export" })) != 1 {
		t.Errorf("%d events are exported, or the export is no event", len(lines))
	}
}

func TestSearchesThatAreRefused(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	for name, change := range map[string]func(*ledger.Search){
		"no day":          func(q *ledger.Search) { q.From = time.Time{} },
		"backwards":       func(q *ledger.Search) { q.To = q.From.AddDate(0, 0, -1) },
		"too many days":   func(q *ledger.Search) { q.From = q.To.AddDate(-2, 0, 0) },
		"a name too long": func(q *ledger.Search) { q.Actor = strings.Repeat("a", 200) },
	} {
		q := ledger.LastWeek(time.Now())
		change(&q)
		if _, _, err := s.ledger.Find(t.Context(), s.dpo, q, casefile.Cursor{}); !problem.Is(err, problem.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Who may search is the officer alone: no role that configures or works on cases.
func TestTheOfficerAloneSearches(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	for role, want := range map[string]bool{"dpo": true, "tenant_admin": false, "coordinator": false, "social_worker": false, "access_desk": false} {
		scope := tenants.Scope{Tenant: s.owner.ID, Roles: []string{role}, Purpose: tenants.Operator}
		for _, permission := range []string{"audit:search", "contest:answer"} {
			if allowed, _ := s.deps.Policies.Permits(scope, permission); allowed != want {
				t.Errorf("%s holds %s: %t", role, permission, allowed)
			}
		}
	}
}

// The register leads to who could do what with a case, for who may ask that of every case of the body.
func TestTheRegisterLeadsToWhoCould(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	opened, err := s.cases.Open(t.Context(), s.worker, s.file.ID.String(), "diary")
	s.must(err)
	s.must(opened.Read(t.Context(), &pgx.Batch{}))
	parts, err := ledger.Module().New(s.deps)
	s.must(err)
	shown := func() string {
		for _, page := range parts.Pages {
			if page.Pattern == "GET /console/registro" {
				view, err := page.Handle(httptest.NewRequest(http.MethodGet, "/console/registro", nil), s.dpo)
				s.must(err)
				return fmt.Sprintf("%+v", view.Data)
			}
		}
		return ""
	}
	path := "/console/accessi/" + s.file.ID.String()
	if got := shown(); !strings.Contains(got, path) || !strings.Contains(got, s.file.Number) {
		t.Errorf("no way to %s", path)
	}
	lines, _, err := s.ledger.Find(t.Context(), s.dpo, ledger.LastWeek(time.Now()), casefile.Cursor{})
	s.must(err)
	at := slices.IndexFunc(lines, func(l ledger.Line) bool { return l.Action == "case.read" && len(l.Sections) > 0 })
	if at < 0 {
		t.Fatalf("nobody has read: %+v", lines)
	}
	asked := path + "?azione=read&chi=" + fmt.Sprint(s.owner.ID) + "~" + s.worker.Account.String() + "&istante=" + url.QueryEscape(lines[at].At.UTC().Format(time.RFC3339Nano)) + "&sezione=" + lines[at].Sections[0]
	if got := shown(); !strings.Contains(got, asked) {
		t.Errorf("the line does not ask %s: %s", asked, got)
	}
	answer, err := s.cases.ExplainPast(t.Context(), s.dpo, casefile.Question{
		Case: s.file.ID.String(), Section: lines[at].Sections[0], Action: policies.Read, Body: s.owner.ID, Account: s.worker.Account, From: lines[at].At, To: lines[at].At,
	})
	s.must(err)
	if len(answer.Answers) != 1 || !answer.Answers[0].Allowed {
		t.Errorf("who has read could, at that instant: %+v", answer.Answers)
	}
	_, err = s.Owner.Exec(t.Context(), `insert into platform.policy_rules (tenant_id, role, relation, object, action, effect)
		values ($1, 'dpo', 'body', 'case_access', 'oversee', 'deny')`, s.owner.ID)
	s.must(err)
	s.must(s.deps.Policies.Reload(t.Context()))
	if got := shown(); strings.Contains(got, "/console/accessi/") || !strings.Contains(got, s.file.Number) {
		t.Error("who may not ask is led there")
	}
}

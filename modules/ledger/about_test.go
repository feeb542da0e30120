package ledger_test

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/ledger"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// staff is the permission of the console, which is no module of the list, to read who works at the body.
var staff = modules.Module{
	ID: "staff", Permissions: []policies.Permission{{Object: "member", Verb: "read"}},
	Grants: []policies.RoleGrant{{Role: "dpo", Permissions: []string{"member:read"}}},
}

// about is what the page and the table say of changes of the configuration, as lines.
func (s *stage) about(who tenants.Scope, asked url.Values) (page, saved []string) {
	s.t.Helper()
	parts, err := ledger.Module().New(s.deps)
	s.must(err)
	for _, p := range parts.Pages {
		if p.Pattern != "GET /console/registro" && p.Pattern != "GET /console/registro/esporta" {
			continue
		}
		view, err := p.Handle(httptest.NewRequest(http.MethodGet, "/console/registro?"+asked.Encode(), nil), who)
		s.must(err)
		if view.File == nil {
			page = strings.Split(fmt.Sprintf("%+v", view.Data), "{Cells:")
			continue
		}
		reader := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(view.File.Content), "\ufeff")))
		reader.Comma = ';'
		rows, err := reader.ReadAll()
		s.must(err)
		for _, row := range rows {
			saved = append(saved, strings.Join(row, " | "))
		}
	}
	return page, saved
}

// The register says which role of whom, which module and which component, and why; it names nobody who never worked at the body, and
// nobody at all to who may not see who works there. What a spreadsheet would compute is text in the table.
func TestTheRegisterSaysOnWhat(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.share()
	s.read(s.guest) // so that the audit of the body knows their name, as of who acted
	left, item := s.Operator(t, s.owner, "coordinator"), newID()
	_, err := s.Owner.Exec(t.Context(), `update platform.memberships set valid_from = valid_from - 9, valid_to = app.now()::date - 1 where account_id = $1`, left.Account)
	s.must(err)
	_, err = s.Owner.Exec(t.Context(), `insert into kit.items (tenant_id, id, kind, key, title_it) values ($1, $2, $3, 'barthel', '=Barthel()')`, s.owner.ID, item, kit.KindAssessment)
	s.must(err)
	for _, e := range []audit.Event{
		{Action: "role.give", Object: s.worker.Account, Payload: map[string]any{"role": "social_worker"}},
		{Action: "role.take", Object: left.Account, Payload: map[string]any{"role": "coordinator", "reason": "Cambia ufficio"}},
		{Action: "role.refuse", Object: s.guest.Account, Payload: map[string]any{"roles": []string{"dpo", "tenant_admin"}}},
		{Action: "module.switch", Payload: map[string]any{"modules": []string{"sharing", "gone"}, "on": true, "reason": "@Accordo firmato"}},
		{Action: "item.publish", Object: item, Payload: map[string]any{"reason": "Nuova edizione"}},
		{Action: "rule.apply", Payload: map[string]any{"rules": []string{"access_desk body case open deny"}, "reason": "Meno accessi"}},
	} {
		s.must(s.deps.Audit.Record(t.Context(), s.Operator(t, s.owner, "tenant_admin"), e))
	}
	page, saved := s.about(s.dpo, nil)
	for action, want := range map[string][]string{
		"role.give": {"Assistente sociale · " + s.worker.Name}, "role.take": {"Coordinatore · " + left.Name, "Cambia ufficio"}, "role.refuse": {"DPO / RPD · Amministratore"},
		"module.switch": {"Rete e condivisioni · gone · ledger.about.on.true", "@Accordo firmato"}, "item.publish": {"=Barthel()", "Nuova edizione"},
		"rule.apply": {"access_desk body case open deny", "Meno accessi"},
	} {
		for what, lines := range map[string][]string{"page": page, "table": saved} {
			at := slices.IndexFunc(lines, func(line string) bool { return strings.Contains(line, want[0]) })
			if at < 0 || !strings.Contains(lines[at], want[len(want)-1]) {
				t.Errorf("%s: the %s does not say %q:\n%s", action, what, want, strings.Join(lines, "\n"))
			}
		}
	}
	if all := strings.Join(append(page, saved...), "\n"); strings.Contains(all, "Amministratore · "+s.guest.Name) {
		t.Error("somebody of another body is named")
	}
	for _, want := range []string{"'=Barthel()", "'@Accordo firmato"} {
		if !strings.Contains(strings.Join(saved, "\n"), want) {
			t.Errorf("a spreadsheet computes %s", want)
		}
	}
	page, saved = s.about(s.Operator(t, s.owner, "coordinator"), nil)
	if all := strings.Join(append(page, saved...), "\n"); !strings.Contains(all, "Coordinatore") || strings.Contains(all, "· "+left.Name) {
		t.Error("who may not see who works at the body is told")
	}
}

// A number that no case has is told from a case of which nothing is in these days.
func TestTheRegisterSaysThatThereIsNoCase(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	for number, want := range map[string]bool{s.file.Number: true, "1999/1": false} {
		if known, err := s.ledger.KnowsCase(t.Context(), s.dpo, number); err != nil || known != want {
			t.Errorf("%s is known: %v, %v", number, known, err)
		}
		if known, err := s.ledger.KnowsCase(t.Context(), s.guest, number); err != nil || known {
			t.Errorf("another body knows %s: %v, %v", number, known, err)
		}
	}
	for number, want := range map[string]bool{s.file.Number: false, "1999/1": true} {
		page, _ := s.about(s.dpo, url.Values{"cartella": {number}, "azione": {"case.close"}})
		if got := strings.Contains(strings.Join(page, ""), "ledger.search.no_case"); got != want {
			t.Errorf("the page says that %s does not exist: %v", number, got)
		}
	}
}

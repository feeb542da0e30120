package sharing_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/moduletest"
	"staffetta/modules/sharing/role"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// drafted saves a content as the draft of a role item and returns the step that publishes it, with what is to be read before.
func (s *stage) drafted(who tenants.Scope, item kit.Source) (kit.Step, modules.Effect) {
	s.t.Helper()
	ctx, items := s.t.Context(), kit.NewItems(s.deps)
	present, err := items.Item(ctx, who, item.Kind, item.Key)
	if err != nil && !problem.Is(err, problem.NotFound) {
		s.t.Fatal(err)
	}
	saved, err := items.SaveDraft(ctx, who, kit.Edit{Source: item, Revision: present.Revision})
	s.must(err)
	step := kit.Step{Kind: item.Kind, Key: item.Key, Revision: saved.Revision, Reason: "Lo chiede il servizio"}
	if step.Revision != present.Revision+1 {
		s.t.Fatalf("the draft is at revision %d", step.Revision)
	}
	return step, s.effect(who, step, false)
}

func (s *stage) effect(who tenants.Scope, step kit.Step, retire bool) modules.Effect {
	s.t.Helper()
	e, err := kit.NewItems(s.deps).Effect(s.t.Context(), who, kit.EffectOf{Kind: step.Kind, Key: step.Key, Action: map[bool]string{true: "retire"}[retire]})
	s.must(err)
	return e
}

// told are changes in a line each.
func told(changes []modules.SightChange) []string {
	lines := []string{}
	for _, c := range changes {
		lines = append(lines, strings.Join([]string{map[bool]string{true: "+", false: "-"}[c.Gained] + c.Who, string(c.Bond), c.Section, c.Action}, " "))
	}
	slices.Sort(lines)
	return lines
}

// Who publishes a role item, or retires it, has read who gains and who loses, by name; without it, and with what was read before
// something changed, nothing is written. The history of the rules tells it afterwards.
func TestWhoPublishesARoleHasReadWhoGains(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	here := s.body("c_g315")
	admin, owner, worker := s.Operator(t, here, "tenant_admin"), s.Operator(t, here, "practice_owner"), s.Operator(t, here, "plan_office")
	items := kit.NewItems(s.deps)
	item := roleItem("RU-01", deskRole)
	step, _ := s.drafted(owner, item)
	if _, err := items.Publish(t.Context(), owner, step); !problem.Is(err, problem.Forbidden) {
		t.Fatalf("who may not change the rules publishes a role: %v", err)
	}
	first := s.effect(admin, step, false)
	if !first.Told || len(first.Changes) != 0 {
		t.Errorf("a role that nobody holds yet: %+v", first)
	}
	for name, consent := range map[string]modules.Consent{"unread": {Mark: first.Mark}, "unmarked": {Acknowledged: true}} {
		step.Consent = consent
		if _, err := items.Publish(t.Context(), admin, step); !problem.Is(err, map[string]problem.Kind{"unread": problem.Invalid, "unmarked": problem.Conflict}[name]) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := s.rightsOf(here, "item:RU-01"); len(got) > 0 {
		t.Fatalf("refused, the role has %v", got)
	}
	step.Consent = modules.Consent{Mark: first.Mark, Acknowledged: true}
	_, err := items.Publish(t.Context(), admin, step)
	s.must(err)
	s.give(admin, worker, "RU-01")
	s.wantRoleHistory(admin, worker, item)
}

// wantRoleHistory publishes a second version that a person gains by, and a third as the first was.
func (s *stage) wantRoleHistory(admin, worker tenants.Scope, item kit.Source) {
	s.t.Helper()
	items := kit.NewItems(s.deps)
	item.Content = []byte(strings.Replace(deskRole, `"casefile": ["case:read"]`, `"casefile": ["case:read", "case:create"]`, 1))
	step, effect := s.drafted(admin, item)
	if d := gocmp.Diff([]string{"+" + worker.Name + "   case:create"}, told(effect.Changes)); d != "" {
		s.t.Errorf("who gains (-want +got):\n%s", d)
	}
	late := s.Operator(s.t, tenants.Tenant{ID: admin.Tenant, Slug: admin.Slug}, "plan_office")
	s.give(admin, late, "RU-01")
	step.Consent = modules.Consent{Mark: effect.Mark, Acknowledged: true}
	if _, err := items.Publish(s.t.Context(), admin, step); !modules.IsStale(err) {
		s.t.Errorf("somebody else gains than was read: %v", err)
	}
	step.Consent.Mark = s.effect(admin, step, false).Mark
	_, err := items.Publish(s.t.Context(), admin, step)
	s.must(err)
	_, err = items.Restore(s.t.Context(), admin, kit.Restoring{Kind: item.Kind, Key: item.Key, Number: 1, Revision: step.Revision + 1})
	s.must(err)
	step.Revision += 2
	back := s.effect(admin, step, false)
	if lines := told(back.Changes); len(lines) != 2 || !strings.HasPrefix(lines[0], "-") {
		s.t.Errorf("who loses by the version before: %v", lines)
	}
	step.Consent = modules.Consent{Mark: back.Mark}
	if _, err := items.Publish(s.t.Context(), admin, step); !problem.Is(err, problem.Invalid) {
		s.t.Errorf("an older version opens unread: %v", err)
	}
	step.Consent.Acknowledged = true
	_, err = items.Publish(s.t.Context(), admin, step)
	s.must(err)
	const history = `select count(*) from policies.rule_changes where state = 'applied' and item = 'RU-01' and item_version = $1 and number = $1 and reason = $2
		and jsonb_array_length(lines) = $3 and jsonb_array_length(sights) = $4 and applied_by = $5 and applied_name = $6`
	for version, kept := range [][2]int{{7, 0}, {1, 2}, {1, 2}} {
		if s.count(history, version+1, step.Reason, kept[0], kept[1], admin.Account, admin.Name) != 1 {
			s.t.Errorf("the history of the rules does not tell of version %d", version+1)
		}
	}
	if n := s.count(`select count(*) from audit.events where action = 'role.follow' and payload::text like '%case create none%' and payload::text like '%' || $1 || '%'`, worker.Account.String()); n != 1 {
		s.t.Errorf("%d events tell which rule went, and who lost", n)
	}
}

// Retiring asks too, by the API; the history tells it without a version.
func TestWhoRetiresARoleHasReadWhoLoses(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	here := s.body("c_g315")
	admin := s.Operator(t, here, "tenant_admin")
	s.must(s.putRole(admin, roleItem("RU-01", deskRole), ""))
	site := moduletest.NewSite(t, s.Database, s.deps, s.List)
	api := caller{site.API(t), site.SignIn(t, admin)}
	call := func(method, path, body string) *httptest.ResponseRecorder {
		return api.send(t, method, "/api/v1/"+here.Slug+path, body)
	}
	got := call(http.MethodGet, "/items/role/RU-01/effect?of=retire", "")
	var effect struct {
		Told bool   `json:"told"`
		Mark string `json:"mark"`
	}
	if err := json.Unmarshal(got.Body.Bytes(), &effect); err != nil || !effect.Told || effect.Mark == "" {
		t.Fatalf("%d %s", got.Code, got.Body)
	}
	retire := func(more string) int {
		return call(http.MethodPost, "/items/role/RU-01/retire", `{"reason":"Non serve"`+more+`}`).Code
	}
	if code := retire(""); code != http.StatusUnprocessableEntity {
		t.Errorf("unread: %d", code)
	}
	if code := retire(`,"acknowledged":true,"mark":"x"`); code != http.StatusConflict {
		t.Errorf("with another mark: %d", code)
	}
	if code := retire(`,"acknowledged":true,"mark":"` + effect.Mark + `"`); code != http.StatusOK {
		t.Errorf("read: %d", code)
	}
	if len(s.rightsOf(here, "item:RU-01")) > 0 || s.count(`select count(*) from policies.rule_changes where item = 'RU-01' and item_version is null and reason = 'Non serve'`) != 1 {
		t.Error("it is not retired, or the history does not tell it")
	}
}

// On the page of an item that makes a role it is read who loses, too; one that somebody holds stays.
func TestThePageOfRetiringSaysWhoLoses(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	here := s.body("c_g315")
	admin, worker := s.Operator(t, here, "tenant_admin"), s.Operator(t, here, "plan_office")
	s.must(s.putRole(admin, roleItem("RU-01", deskRole), ""))
	s.must(s.putRole(admin, roleItem("RU-02", deskRole), ""))
	s.give(admin, worker, "RU-01")
	site := moduletest.NewSite(t, s.Database, s.deps, s.List)
	pages := caller{site.Host, site.SignIn(t, admin)}
	retire := func(key, consent string) *httptest.ResponseRecorder {
		at := "/" + here.Slug + "/kit/role/" + key + "/ritira"
		page := pages.send(t, http.MethodGet, at, "").Body.String()
		mark, seen := markOf.FindStringSubmatch(page), regexp.MustCompile(`name="versione" value="(\d+)"`).FindStringSubmatch(page)
		if mark == nil || seen == nil || !strings.Contains(page, "Chi guadagna e chi perde") {
			t.Fatalf("the page does not ask to read who loses:\n%s", page)
		}
		form := url.Values{"versione": {seen[1]}, "motivo": {"Non serve"}, "segno": {mark[1]}, "visto": {consent}}
		return pages.send(t, http.MethodPost, at, form.Encode())
	}
	if got := retire("RU-02", ""); got.Code != http.StatusUnprocessableEntity || !strings.Contains(got.Body.String(), "Conferma di aver letto") || !strings.Contains(got.Body.String(), "Non serve") {
		t.Errorf("unread: %d", got.Code)
	}
	if got := retire("RU-01", "si"); got.Code != http.StatusConflict || !strings.Contains(got.Body.String(), "Prima togli il ruolo alle persone") {
		t.Errorf("held: %d %s", got.Code, got.Body)
	}
	if got := retire("RU-02", "si"); got.Code != http.StatusSeeOther || len(s.rightsOf(here, "item:RU-02")) > 0 || len(s.rightsOf(here, "item:RU-01")) == 0 {
		t.Errorf("read: %d", got.Code)
	}
}

// A role that is called like one of the program is not published, however its name is written.
func TestARoleItemHasANameOfItsOwn(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	admin := s.Operator(t, s.body("c_g315"), "tenant_admin")
	for _, taken := range []string{policies.RoleLabel("tenant_admin").It, strings.ToUpper(policies.RoleLabel("coordinator").It), " " + policies.RoleLabel("social_worker").En + ".", "tenant_admin"} {
		item := roleItem("RU-01", deskRole)
		item.Title = kit.Text{IT: taken}
		if err := s.putRole(admin, item, ""); !problem.Is(err, problem.Invalid) || problem.Of(err).Fields[0].Name != "title" {
			t.Errorf("%q: %v", taken, err)
		}
		step, effect := s.drafted(admin, item)
		step.Consent = modules.Consent{Mark: effect.Mark, Acknowledged: true}
		if _, err := kit.NewItems(s.deps).Publish(t.Context(), admin, step); !problem.Is(err, problem.Invalid) {
			t.Errorf("%q is published: %v", taken, err)
		}
	}
}

// Of the roles that a body uses no two are called alike, however they come; what another body calls its own, and what is out of
// use, stands in nobody's way.
func TestNoTwoRolesAreCalledAlike(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	here, there := s.body("c_g315"), s.body("c_f061")
	admin, other := s.Operator(t, here, "tenant_admin"), s.Operator(t, there, "tenant_admin")
	called := func(key, it, en string) kit.Source {
		item := roleItem(key, deskRole)
		item.Title = kit.Text{IT: it, EN: en}
		return item
	}
	s.must(s.putRole(admin, called("RU-01", "Operatore sociale", "Desk worker"), ""))
	s.must(s.putRole(other, called("RU-01", "Operatore sociale", ""), ""))
	for _, twin := range []kit.Source{
		called("RU-02", "Operatore sociale", ""), called("RU-02", "OPERATORE  SOCIALE.", ""), called("RU-02", "0peratore sociaIe", ""),
		called("RU-02", "Opèratore sociale", ""), called("RU-02", "Chi accoglie", "Desk Worker"), called("RU-02", "Desk worker", ""),
	} {
		err := s.putRole(admin, twin, "")
		if !problem.Is(err, problem.Conflict) || problem.Of(err).Message.Key != "sharing.error.role_twin" {
			t.Errorf("%+v: %v", twin.Title, err)
		}
		step, effect := s.drafted(admin, twin)
		step.Consent = modules.Consent{Mark: effect.Mark, Acknowledged: true}
		if _, err := kit.NewItems(s.deps).Publish(t.Context(), admin, step); !problem.Is(err, problem.Conflict) {
			t.Errorf("%+v is published: %v", twin.Title, err)
		}
	}
	s.must(s.putRole(admin, called("RU-01", "Operatore sociale", "Desk worker"), kit.Retired))
	s.must(s.putRole(admin, called("RU-02", "Operatore sociale", ""), ""))
}

// A body has so many roles of its own and no more; what it has goes on.
func TestRolesOfABodyAreBounded(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	admin := s.Operator(t, s.body("c_g315"), "tenant_admin")
	var changes []kit.Change
	for n := range role.Most + 1 {
		item := roleItem(fmt.Sprintf("RU-%02d", n), `{"description": {"it": "Chi"}}`)
		changes = append(changes, kit.Change{Source: item, Adaptation: kit.Local, Reason: "Prova"})
	}
	put := func(changes []kit.Change) error {
		return s.deps.DB.InTx(t.Context(), admin, func(tx tenants.Tx) error {
			_, err := kit.NewItems(s.deps).Put(t.Context(), tx, admin, changes)
			return err
		})
	}
	if err := put(changes); !problem.Is(err, problem.Conflict) {
		t.Errorf("more than there may be: %v", err)
	}
	if n := s.count(`select count(*) from platform.body_roles`); n != 0 {
		t.Errorf("refused, there are %d", n)
	}
}

// The list in the database is the vocabulary of the kind: not more, and not less.
func TestTheDatabaseKnowsTheVocabularyOfRoles(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	here := s.body("c_g315")
	write := func(relation policies.Relation, object, action string) error {
		_, err := s.Owner.Exec(t.Context(), `insert into platform.policy_rules (tenant_id, role, relation, object, action, effect) values ($1, 'item:X', $2, $3, $4, 'allow')`, here.ID, relation, object, action)
		return err
	}
	var listed []string
	for _, group := range vocabulary(t) {
		listed = append(listed, group...)
	}
	for _, name := range listed {
		object, verb, _ := strings.Cut(name, ":")
		s.must(write(policies.Body, object, verb))
		if write(policies.Assigned, object, verb) == nil {
			t.Errorf("%s is written for assigned cases", name)
		}
	}
	for _, m := range s.List {
		for _, p := range m.Permissions {
			if !slices.Contains(listed, p.Name()) && write(policies.Body, p.Object, p.Verb) == nil {
				t.Errorf("%s is written", p.Name())
			}
		}
	}
	for _, relation := range role.Relations {
		for _, section := range policies.SectionIDs() {
			s.must(write(relation, section, policies.Read))
			s.must(write(relation, section, policies.Write))
		}
		for _, action := range policies.CaseActions {
			s.must(write(relation, "case", action))
		}
	}
	for _, about := range [][2]string{{"moon", "land"}, {"plan", "delete"}, {"case", "delete"}} {
		if write(policies.Body, about[0], about[1]) == nil {
			t.Errorf("%v is written", about)
		}
	}
}

// caller is somebody who is signed in at the host of pages, or of operations.
type caller struct {
	host   http.Handler
	cookie *http.Cookie
}

func (c caller) send(t *testing.T, method, path, body string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	r.AddCookie(c.cookie)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("If-Match", "1")
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if strings.HasPrefix(body, "{") {
		r.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	c.host.ServeHTTP(w, r)
	return w
}

var markOf = regexp.MustCompile(`name="segno" value="([0-9a-f]+)"`)

// The page says who gains by name, in the words of the page of rules, and takes nothing unread.
func TestThePageOfPublicationSaysWhoGains(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	here := s.body("c_g315")
	admin, worker := s.Operator(t, here, "tenant_admin"), s.Operator(t, here, "plan_office")
	item := roleItem("RU-01", deskRole)
	s.must(s.putRole(admin, item, ""))
	s.give(admin, worker, "RU-01")
	item.Content = []byte(strings.Replace(deskRole, `"casefile": ["case:read"]`, `"casefile": []`, 1))
	step, _ := s.drafted(admin, item)
	site := moduletest.NewSite(t, s.Database, s.deps, s.List)
	pages, at := caller{site.Host, site.SignIn(t, admin)}, "/"+here.Slug+"/kit/role/RU-01/pubblica"
	page := pages.send(t, http.MethodGet, at, "").Body.String()
	for _, words := range []string{"Chi guadagna e chi perde", "Nessuno guadagna", worker.Name, "Leggere le cartelle", `name="visto"`} {
		if !strings.Contains(page, words) {
			t.Errorf("the page does not say %q:\n%s", words, page)
		}
	}
	mark := markOf.FindStringSubmatch(page)
	if mark == nil {
		t.Fatal("the page has no mark")
	}
	post := func(pairs ...string) *httptest.ResponseRecorder {
		form := url.Values{"versione": {strconv.Itoa(step.Revision)}, "motivo": {"Meno cose"}}
		for i := 0; i < len(pairs); i += 2 {
			form.Set(pairs[i], pairs[i+1])
		}
		return pages.send(t, http.MethodPost, at, form.Encode())
	}
	if got := post("segno", mark[1]); got.Code != http.StatusUnprocessableEntity || !strings.Contains(got.Body.String(), "Conferma di aver letto") {
		t.Errorf("unread: %d", got.Code)
	}
	if got := post("segno", "0", "visto", "si"); got.Code != http.StatusUnprocessableEntity || !strings.Contains(got.Body.String(), "leggi di nuovo") {
		t.Errorf("with another mark: %d", got.Code)
	}
	if got := s.rightsOf(here, "item:RU-01"); !slices.Contains(got, "body case read") {
		t.Errorf("refused, the role has %v", got)
	}
	if got := post("segno", mark[1], "visto", "si"); got.Code != http.StatusSeeOther {
		t.Errorf("read: %d", got.Code)
	}
	if got := s.rightsOf(here, "item:RU-01"); slices.Contains(got, "body case read") {
		t.Errorf("published, the role has %v", got)
	}
}

// What is published is compared in the transaction that publishes it: whoever is being given the role meanwhile is waited for, and
// then it is another effect than was read.
func TestAPublicationWaitsForWhoIsBeingGivenTheRole(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	here := s.body("c_g315")
	admin, worker := s.Operator(t, here, "tenant_admin"), s.Operator(t, here, "plan_office")
	item := roleItem("RU-01", deskRole)
	s.must(s.putRole(admin, item, ""))
	item.Content = []byte(strings.Replace(deskRole, `"casefile": ["case:read"]`, `"casefile": []`, 1))
	step, effect := s.drafted(admin, item)
	step.Consent = modules.Consent{Mark: effect.Mark, Acknowledged: true}
	over := make(chan error, 1)
	s.must(s.deps.DB.InTx(t.Context(), admin, func(tx tenants.Tx) error {
		var given bool
		if err := tx.QueryRow(t.Context(), `select platform.give_role($1, $2, 'item:RU-01', app.now()::date, null)`, uuid.New(), worker.Account).Scan(&given); err != nil || !given {
			return errors.Join(err, errors.New("the role is not given"))
		}
		go func() {
			_, err := kit.NewItems(s.deps).Publish(t.Context(), admin, step)
			over <- err
		}()
		s.waitsOrEnds(over)
		return audit.Write(t.Context(), tx, admin, audit.Event{Action: "member.give"})
	}))
	if err := <-over; !modules.IsStale(err) {
		t.Errorf("somebody loses whom nobody has read of: %v", err)
	}
}

// Whose role begins on a later day gains and loses from that day on, and is told with it.
func TestWhoseRoleBeginsLaterIsToldWithTheDay(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	here := s.body("c_g315")
	admin, later, both := s.Operator(t, here, "tenant_admin"), s.Operator(t, here, "plan_office"), s.Operator(t, here, "plan_office")
	item := roleItem("RU-01", deskRole)
	s.must(s.putRole(admin, item, ""))
	s.give(admin, both, "RU-01")
	const future = `insert into platform.memberships (id, tenant_id, account_id, role, display_name, valid_from) values ($1, $2, $3, 'item:RU-01', $4, '2126-03-01')`
	for _, who := range []tenants.Scope{later, both} { // who holds it already is told once
		if who.Account == both.Account {
			_, err := s.Owner.Exec(t.Context(), `update platform.memberships set valid_to = '2126-02-01' where account_id = $1 and role = 'item:RU-01'`, who.Account)
			s.must(err)
		}
		_, err := s.Owner.Exec(t.Context(), future, uuid.New(), here.ID, who.Account, who.Name)
		s.must(err)
	}
	item.Content = []byte(strings.Replace(deskRole, `"casefile": ["case:read"]`, `"casefile": ["case:read", "case:create"]`, 1))
	_, effect := s.drafted(admin, item)
	days := map[string]string{}
	for _, c := range effect.Changes {
		days[c.Who] += c.From + " " + c.Action + ";"
	}
	if d := gocmp.Diff(map[string]string{both.Name: " case:create;", later.Name: "2126-03-01 case:create;"}, days); d != "" {
		t.Errorf("who gains, and when (-want +got):\n%s", d)
	}
}

package sharing_test

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"staffetta/internal/problem"
	"staffetta/modules/kit"
	"staffetta/modules/moduletest"
	"staffetta/modules/sharing"
	"staffetta/modules/sharing/role"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// roleItem is an item of kind role.
func roleItem(key, content string) kit.Source {
	return kit.Source{Kind: kit.KindRole, Key: key, Title: kit.Text{IT: "Operatore del punto " + key}, Owner: "Comune", Licence: "CC-BY-4.0", Content: []byte(content)}
}

const deskRole = `{"description": {"it": "Chi accoglie al punto informativo"}, "permissions": {"registry": ["person:read"], "casefile": ["case:read"]},
	"assigned": {"may": ["open"], "reads": ["identity", "plan"], "writes": ["plan"]}, "body": {"reads": ["identity"]}}`

// putRole publishes an item, or takes it out of use, as a kit does.
func (s *stage) putRole(who tenants.Scope, item kit.Source, state kit.State) error {
	return s.deps.DB.InTx(context.Background(), who, func(tx tenants.Tx) error {
		if _, err := kit.NewItems(s.deps).Put(context.Background(), tx, who, []kit.Change{{Source: item, State: state, Adaptation: kit.Local, Reason: "Prova"}}); err != nil {
			return err
		}
		return audit.Write(context.Background(), tx, who, audit.Event{Action: "adoption.apply"})
	})
}

// give gives somebody the role of an item as the console does.
func (s *stage) give(admin, to tenants.Scope, key string) {
	s.t.Helper()
	s.must(s.deps.DB.InTx(context.Background(), admin, func(tx tenants.Tx) error {
		var given bool
		if err := tx.QueryRow(context.Background(), `select platform.give_role($1, $2, $3, app.now()::date, null)`, uuid.New(), to.Account, policies.ItemRole(key)).Scan(&given); err != nil {
			return err
		}
		return audit.Write(context.Background(), tx, admin, audit.Event{Action: "adoption.apply"})
	}))
}

// rightsOf is everything that the rules of a body give roles, by what it is about.
func (s *stage) rightsOf(body tenants.Tenant, roles ...string) []string {
	who := tenants.Scope{Tenant: body.ID, Roles: roles}
	var found []string
	ask := func(relation policies.Relation, object, action string) {
		if s.deps.Policies.Allows(who, relation, object, action) {
			found = append(found, strings.Join([]string{string(relation), object, action}, " "))
		}
	}
	for _, relation := range policies.Relations {
		for _, section := range policies.SectionIDs() {
			ask(relation, section, policies.Read)
			ask(relation, section, policies.Write)
		}
		for _, action := range policies.CaseActions {
			ask(relation, "case", action)
		}
	}
	for _, m := range s.List {
		for _, p := range m.Permissions {
			ask(policies.Body, p.Object, p.Verb)
		}
	}
	ask(policies.Body, "access_rule", "write")
	slices.Sort(found)
	return found
}

// A published item is a role of its body alone: what it lists holds at once, is other rules with another version, and is gone
// with the item. Nobody without the right to change the rules brings it, and it does not go while somebody holds it.
func TestARoleItemIsARole(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	here, there := s.body("c_g315"), s.body("c_f061")
	admin, owner, worker := s.Operator(t, here, "tenant_admin"), s.Operator(t, here, "practice_owner"), s.Operator(t, here, "access_desk")
	item := roleItem("RU-01", deskRole)
	if err := s.putRole(owner, item, ""); !problem.Is(err, problem.Forbidden) {
		t.Fatalf("who may not change the rules publishes a role: %v", err)
	}
	if got := s.rightsOf(here, "item:RU-01"); len(got) > 0 {
		t.Fatalf("refused, the role has %v", got)
	}
	s.must(s.putRole(admin, item, ""))
	want := []string{
		"assigned case open", "assigned identity read", "assigned plan read", "assigned plan write", "body case read", "body identity read", "body person read",
	}
	if d := gocmp.Diff(want, s.rightsOf(here, "item:RU-01")); d != "" {
		t.Errorf("what the role has (-want +got):\n%s", d)
	}
	if got := s.rightsOf(there, "item:RU-01"); len(got) > 0 {
		t.Errorf("another body's role of the same name has %v", got)
	}
	if roles := s.deps.Policies.RolesOf(here.ID); len(roles) != 1 || roles[0].Label.It != item.Title.IT || len(s.deps.Policies.RolesOf(there.ID)) != 0 {
		t.Errorf("the roles are %+v", roles)
	}
	s.must(s.putRole(owner, item, "")) // as it is already: nobody's rules change

	item.Content = []byte(strings.Replace(deskRole, `"writes": ["plan"]`, `"writes": []`, 1))
	if err := s.putRole(owner, item, ""); !problem.Is(err, problem.Forbidden) {
		t.Errorf("who may not change the rules changes a role: %v", err)
	}
	s.must(s.putRole(admin, item, ""))
	if got := s.rightsOf(here, "item:RU-01"); slices.Contains(got, "assigned plan write") || len(got) != len(want)-1 {
		t.Errorf("with one right less it has %v", got)
	}
	s.give(admin, worker, "RU-01")
	if err := s.putRole(admin, item, kit.Retired); !problem.Is(err, problem.Conflict) {
		t.Errorf("a role that somebody holds goes: %v", err)
	}
	if got := s.rightsOf(here, "item:RU-01"); len(got) != len(want)-1 {
		t.Errorf("refused to go it has %v", got)
	}
	s.must(s.deps.DB.InTx(t.Context(), admin, func(tx tenants.Tx) error { return role.Release(t.Context(), tx, admin, "RU-01") }))
	s.must(s.putRole(admin, item, kit.Retired))
	if got, roles := s.rightsOf(here, "item:RU-01"), s.deps.Policies.RolesOf(here.ID); len(got)+len(roles) > 0 {
		t.Errorf("gone, it has %v and is among %v", got, roles)
	}
	if n := s.count(`select count(*) from platform.memberships where role = 'item:RU-01' and valid_to >= current_date`); n != 0 {
		t.Errorf("%d people hold a role that is gone", n)
	}
	if got := s.deps.Policies.RoleLabel(here.ID, "item:RU-01").It; got != item.Title.IT {
		t.Errorf("a role that is gone is called %q", got)
	}
}

// What asks for more than the vocabulary is no role: it is refused before it comes to any rule, and by the database too.
func TestARoleItemAsksForNoMore(t *testing.T) {
	t.Parallel()
	kind, _, _ := moduletest.Kinds(t, sharing.Module()).Get(kit.KindRole)
	wide := func(members string) string { return `{"description":{"it":"Tutto"},` + members + `}` }
	for name, content := range map[string]string{
		"platform":            wide(`"permissions":{"practice":["practice:install"]}`),
		"rules":               wide(`"permissions":{"casefile":["access_rule:write"]}`),
		"audit":               wide(`"permissions":{"casefile":["audit:search"]}`),
		"unknown":             wide(`"permissions":{"casefile":["moon:land"]}`),
		"wildcard":            wide(`"permissions":{"casefile":["*"]}`),
		"wildcard verb":       wide(`"permissions":{"casefile":["case:*"]}`),
		"unknown module":      wide(`"permissions":{"*":["case:read"]}`),
		"every section":       wide(`"assigned":{"may":["open"],"reads":["*"]}`),
		"another's module":    wide(`"permissions":{"registry":["case:read"]}`),
		"guest":               wide(`"guest":{"may":["open"],"reads":["plan"]}`),
		"emergency":           wide(`"emergency":{"may":["open"],"reads":["plan"]}`),
		"another body":        wide(`"tenant":12`),
		"shared cases":        wide(`"permissions":{"sharing":["shared_case:read"]}`),
		"write without read":  wide(`"assigned":{"may":["open"],"writes":["plan"]}`),
		"work without open":   wide(`"team":{"may":["work"]}`),
		"reads never opened":  wide(`"team":{"reads":["plan"]}`),
		"a base role":         wide(`"base":"tenant_admin"`),
		"a rule":              wide(`"rules":[{"role":"coordinator","effect":"allow"}]`),
		"a case action by id": wide(`"assigned":{"may":["open","delete"]}`),
	} {
		if err := kind.Validate([]byte(content)); !problem.Is(err, problem.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := kind.Validate([]byte(deskRole)); err != nil {
		t.Errorf("an honest role is refused: %v", err)
	}
}

// The last wall: rules of roles of items that reach other bodies, or whoever looks after rules, are not written, whatever the
// item that stands in the database says.
func TestTheDatabaseKeepsTheFloorOfRoles(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	here := s.body("c_g315")
	for name, rule := range map[string][]any{
		"guest":     {"guest", "plan", "read", "allow"},
		"emergency": {"emergency", "plan", "read", "allow"},
		"rules":     {"body", "access_rule", "write", "allow"},
		"audit":     {"body", "audit", "search", "allow"},
		"a denial":  {"assigned", "plan", "read", "deny"},
	} {
		_, err := s.Owner.Exec(t.Context(), `insert into platform.policy_rules (tenant_id, role, relation, object, action, effect) values ($1, 'item:X', $2, $3, $4, $5)`,
			append([]any{here.ID}, rule...)...)
		if err == nil || !strings.Contains(err.Error(), "23514") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// vocabulary is what an item may list: permissions by module.
func vocabulary(t testing.TB) map[string][]string {
	t.Helper()
	kind, _, _ := moduletest.Kinds(t, sharing.Module()).Get(kit.KindRole)
	var schema struct {
		Properties struct {
			Permissions struct {
				Properties map[string]struct {
					Items struct {
						Enum []string `json:"enum"`
					} `json:"items"`
				} `json:"properties"`
			} `json:"permissions"`
		} `json:"properties"`
	}
	if err := json.Unmarshal(kind.Schema, &schema); err != nil {
		t.Fatal(err)
	}
	groups := map[string][]string{}
	for name, group := range schema.Properties.Permissions.Properties {
		groups[name] = group.Items.Enum
	}
	return groups
}

// Whatever an item lists: who holds its role has afterwards what they had before and what it lists of what is allowed, nobody
// else has anything else, and all is as before once it is gone.
func TestRightsAreWhatTheItemLists(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	here := s.body("c_g315")
	admin, groups := s.Operator(t, here, "tenant_admin"), vocabulary(t)
	others := slices.DeleteFunc(policies.Ruled(), func(r policies.Role) bool { return r.ID == "newcomer" })
	before := map[string][]string{}
	for _, r := range others {
		before[r.ID] = s.rightsOf(here, r.ID)
	}
	rapid.Check(t, func(rt *rapid.T) {
		content := drawRole(rt, groups)
		raw, err := json.Marshal(content)
		s.must(err)
		key := rapid.SampledFrom([]string{"RU-01", "ru.2", "A"}).Draw(rt, "key")
		if err := s.putRole(admin, roleItem(key, string(raw)), ""); err != nil {
			rt.Fatalf("publish %s: %v", raw, err)
		}
		held := rapid.SampledFrom(others).Draw(rt, "beside").ID
		var listed []string
		for _, rule := range content.Rules(key) {
			listed = append(listed, strings.Join([]string{string(rule.Relation), rule.Object, rule.Action}, " "))
		}
		known := s.knownOf(listed)
		want := slices.Concat(before[held], known)
		slices.Sort(want)
		if d := gocmp.Diff(slices.Compact(want), s.rightsOf(here, held, policies.ItemRole(key))); d != "" {
			rt.Fatalf("%s beside %s (-want +got):\n%s", raw, held, d)
		}
		if d := gocmp.Diff(before[held], s.rightsOf(here, held)); d != "" {
			rt.Fatalf("who does not hold the role (-want +got):\n%s", d)
		}
		s.must(s.putRole(admin, roleItem(key, string(raw)), kit.Retired))
		if got := s.rightsOf(here, policies.ItemRole(key)); len(got) > 0 {
			rt.Fatalf("gone, it has %v", got)
		}
	})
}

// knownOf are those of the rights that the modules of the stage know.
func (s *stage) knownOf(listed []string) []string {
	return slices.DeleteFunc(slices.Clone(listed), func(line string) bool {
		part := strings.Fields(line)
		if slices.Contains(policies.SectionIDs(), part[1]) || part[1] == "case" && slices.Contains(policies.CaseActions, part[2]) {
			return false
		}
		return !s.deps.Policies.Knows(part[1] + ":" + part[2])
	})
}

func drawRole(rt *rapid.T, groups map[string][]string) role.Content {
	some := func(from []string, name string) []string {
		return slices.DeleteFunc(slices.Clone(from), func(string) bool { return rapid.IntRange(0, 2).Draw(rt, name) > 0 })
	}
	reach := func(name string) role.Reach {
		r := role.Reach{May: some(policies.CaseActions[1:], name), Reads: some(policies.SectionIDs(), name)}
		r.May = append(r.May, policies.CaseActions[0])
		r.Writes = some(r.Reads, name)
		return r
	}
	c := role.Content{Description: kit.Text{IT: "Ruolo a caso"}, Permissions: map[string][]string{}, Duties: []kit.Text{}}
	for _, group := range slices.SortedFunc(maps.Keys(groups), cmp.Compare[string]) {
		c.Permissions[group] = some(groups[group], group)
	}
	c.Assigned, c.Team, c.Body = reach("assigned"), reach("team"), reach("body")
	return c
}

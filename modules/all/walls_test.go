package all_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"staffetta/internal/testdb"
	"staffetta/migrations"
)

// serving are the roles that requests and jobs use, with their prefix.
func serving() []string {
	var names []string
	for _, role := range migrations.Roles {
		names = append(names, "staffetta_"+role)
	}
	return names
}

// exceptions are what a rule lets pass, each with its reason; one that nothing needs fails.
type exceptions map[string]string

func (e exceptions) judge(t *testing.T, faults map[string]string) {
	t.Helper()
	for key, fault := range faults {
		if len(e[key]) < 10 {
			t.Errorf("%s: %s", key, fault)
		}
	}
	for key := range e {
		if _, needed := faults[key]; !needed {
			t.Errorf("%s is excepted and nothing needs it: take the exception out", key)
		}
	}
}

func TestEveryTableIsOfAFamily(t *testing.T) {
	t.Parallel()
	c := readCatalogue(t, testdb.Plain(t, lines()...).Owner)
	for _, one := range c.tables(unknown) {
		t.Errorf("%s is of no family: call app.own_table or app.between_table, or put it into commons or platform", one.Name)
	}
	for _, family := range []string{own, between, commons, platform, audited, river, versions} {
		if len(c.tables(family)) == 0 {
			t.Errorf("no table is of the family %s: the test does not see what it should", family)
		}
	}
	for _, one := range c {
		switch {
		case one.Kind == "m":
			t.Errorf("%s is a materialised view: it holds rows of all bodies without a wall", one.Name)
		case one.Kind == "f":
			t.Errorf("%s is a foreign table", one.Name)
		case one.Kind == "v" && !one.Invoker:
			t.Errorf("the view %s looks with the rights of its owner: security_invoker", one.Name)
		}
	}
}

func TestTablesOfABody(t *testing.T) {
	t.Parallel()
	c := readCatalogue(t, testdb.Plain(t, lines()...).Owner)
	for _, one := range c.tables(own) {
		for _, fault := range slices.Concat(ownFaults(one), securedFaults(one), keyFaults(c, one)) {
			t.Errorf("%s: %s", one.Name, fault)
		}
	}
	for _, one := range c.tables(between) {
		for _, fault := range slices.Concat(betweenFaults(c, one), securedFaults(one), keyFaults(c, one)) {
			t.Errorf("%s: %s", one.Name, fault)
		}
	}
}

// securedFaults are those of row security and of the two policies that every secured table has.
func securedFaults(one *table) []string {
	var faults []string
	if !one.Secured || !one.Forced {
		faults = append(faults, "row security is not enabled and forced")
	}
	upkeep, ok := one.policy("upkeep")
	if !ok || upkeep.Command != "*" || upkeep.Using != "true" || upkeep.Check != "true" || slices.ContainsFunc(upkeep.Roles, servingRole) {
		faults = append(faults, "the policy upkeep is missing or lets others than the owner in")
	}
	backup, ok := one.policy("backup")
	if !ok || backup.Command != "r" || !slices.Equal(backup.Roles, []string{"staffetta_backup"}) {
		faults = append(faults, "the policy backup is missing or lets others in")
	}
	for _, p := range one.policies {
		if slices.Contains(p.Roles, "public") {
			faults = append(faults, "the policy "+p.Name+" is for everybody")
		}
	}
	return faults
}

func servingRole(name string) bool { return slices.Contains(serving(), name) || name == "public" }

// theBody is how PostgreSQL writes that a row belongs to the actor's body.
const theBody = "(tenant_id = ( SELECT app.tenant() AS tenant))"

func ownFaults(one *table) []string {
	var faults []string
	if len(one.PrimaryKey) < 2 || one.PrimaryKey[0] != "tenant_id" {
		faults = append(faults, fmt.Sprintf("the primary key %v does not begin with tenant_id", one.PrimaryKey))
	}
	tenant, _ := one.column("tenant_id")
	if tenant.Type != "integer" || !tenant.NotNull || tenant.Default != "app.tenant()" {
		faults = append(faults, "tenant_id is not int not null default app.tenant()")
	}
	for _, unique := range one.uniques {
		if unique[0] != "tenant_id" {
			faults = append(faults, fmt.Sprintf("a unique index on %v crosses bodies: whoever writes learns what another body has", unique))
		}
	}
	for _, p := range one.policies {
		faults = append(faults, ownPolicyFaults(p)...)
	}
	if _, ok := one.policy("reported"); !ok {
		faults = append(faults, "the policy reported is missing")
	}
	if one.hides("staffetta_app") && !one.hides("staffetta_report") {
		faults = append(faults, "reports see rows that are hidden from readers of the body")
	}
	return faults
}

// hides tells whether a restrictive policy keeps rows from the reading of a role.
func (t *table) hides(role string) bool {
	return slices.ContainsFunc(t.policies, func(p policy) bool {
		return !p.Permissive && (p.Command == "r" || p.Command == "*") && slices.Contains(p.Roles, role)
	})
}

// careFaults holds the writing of guests, in joint care, to a section they may write, their own authorship and a grant to write.
func careFaults(p policy) []string {
	fault := []string{"the policy " + p.Name + " lets guests write more than joint care: " + p.Using + " / " + p.Check}
	insert, update := p.Name == "care" && p.Command == "a", p.Name == "care_mine" && p.Command == "w"
	if !slices.Equal(p.Roles, []string{"staffetta_guest"}) || !insert && !update {
		return fault
	}
	for _, must := range []string{"app.writable()", "(author_tenant = ( SELECT app.tenant()", "(author_account = ( SELECT app.account()", "policies.case_grants g", "g.can_write"} {
		if !strings.Contains(p.Check, must) || update && !strings.Contains(p.Using, must) {
			return fault
		}
	}
	return nil
}

// ownPolicyFaults holds every policy that lets rows of a body through to the body, and all others to reading.
func ownPolicyFaults(p policy) []string {
	if !p.Permissive || p.Name == "upkeep" || p.Name == "backup" {
		return nil
	}
	switch {
	case p.Name == "own":
		if !slices.Equal(p.Roles, []string{"staffetta_app"}) || !confined(p.Using) || !confined(p.Check) {
			return []string{"the policy own does not keep the body in: " + p.Using + " / " + p.Check}
		}
	case p.Name == "reported":
		if !slices.Equal(p.Roles, []string{"staffetta_report"}) || p.Command != "r" || !confined(p.Using) {
			return []string{"the policy reported does not keep the body in: " + p.Using}
		}
	case p.Name == "care" || p.Name == "care_mine":
		return careFaults(p)
	case !slices.Equal(p.Roles, []string{"staffetta_guest"}) || p.Command != "r":
		return []string{"the policy " + p.Name + " opens more than reading to guests"}
	case p.Using == "true" || !strings.Contains(p.Using, "app.tenant()") && !strings.Contains(p.Using, "tenant_id = "):
		return []string{"the policy " + p.Name + " asks for no grant: " + p.Using}
	}
	return nil
}

// confined tells whether an expression holds for rows of the actor's body alone: the body, and whatever else is asked with it.
func confined(expression string) bool {
	return expression == theBody || strings.HasPrefix(expression, "("+theBody+" AND ") && !strings.Contains(expression, " OR ")
}

// Whose row it is, a row between bodies tells by its own columns, or follows another one that has a wall itself.
var (
	byColumns = regexp.MustCompile(`^COALESCE\(\(\(\( SELECT app\.tenant\(\) AS tenant\) = \w+\) OR \(\( SELECT app\.tenant\(\) AS tenant\) = \w+\)\), false\)$`)
	byOther   = regexp.MustCompile(`^\(EXISTS \( SELECT 1\s+FROM ([a-z_.]+) (\w+)\s+WHERE \(+(\w+)\.id = \w+\.\w+_id\)`)
)

// keepsToParties tells whether an expression holds for the parties of a row alone.
func keepsToParties(c catalogue, expression string) bool {
	if strings.Contains(expression, "_of_tenant()") || byColumns.MatchString(expression) {
		return true
	}
	found := byOther.FindStringSubmatch(expression)
	return found != nil && found[2] == found[3] && c[found[1]] != nil && c[found[1]].family() == between
}

func betweenFaults(c catalogue, one *table) []string {
	var faults []string
	for name, roles := range map[string][]string{"party": {"staffetta_app"}, "seen": {"staffetta_guest", "staffetta_report"}} {
		p, ok := one.policy(name)
		if !ok || !slices.Equal(p.Roles, roles) || !keepsToParties(c, p.Using) {
			faults = append(faults, "the policy "+name+" does not keep to the parties: "+p.Using)
		}
	}
	for _, p := range one.policies {
		if p.Permissive && !slices.Contains([]string{"party", "seen", "upkeep", "backup"}, p.Name) {
			faults = append(faults, "the policy "+p.Name+" opens a second way")
		}
	}
	return faults
}

// keyFaults finds references by which a row of one body could hang on a row of another.
func keyFaults(c catalogue, one *table) []string {
	var faults []string
	for _, key := range one.keys {
		target := c[key.Target]
		if target == nil || target.family() != own {
			continue
		}
		at := slices.Index(key.TargetColumns, "tenant_id")
		if at != 0 || len(key.Columns) < 2 || one.family() == own && key.Columns[0] != "tenant_id" {
			faults = append(faults, fmt.Sprintf("the reference %v to %s does not begin with the body", key.Columns, key.Target))
		}
	}
	return faults
}

func TestLogOfEachBody(t *testing.T) {
	t.Parallel()
	c := readCatalogue(t, testdb.Plain(t, lines()...).Owner)
	for _, one := range c.tables(audited) {
		if one.Name == "audit.sealed" {
			continue // one row, no body: how far the sealer has come
		}
		for _, fault := range securedFaults(one) {
			t.Errorf("%s: %s", one.Name, fault)
		}
		if p, ok := one.policy("own"); !ok || !confined(p.Using) || p.Check != "" && !confined(p.Check) {
			t.Errorf("%s: the policy own does not keep the body in: %s / %s", one.Name, p.Using, p.Check)
		}
		if len(one.PrimaryKey) == 0 || one.PrimaryKey[0] != "tenant_id" {
			t.Errorf("%s: the primary key %v does not begin with tenant_id", one.Name, one.PrimaryKey)
		}
	}
}

// shareExceptions are records of a case with a section that no guest sees.
var shareExceptions = exceptions{
	"casefile.marks":   "that a case is protected, and why, is told to nobody outside",
	"casefile.reasons": "what a case is about and why it took its steps stays with its body, whatever it shares",
}

// TestRowsOfACaseCanBeShared finds tables with a case and a section, by their columns and by the records of modules, that no
// grant would show.
func TestRowsOfACaseCanBeShared(t *testing.T) {
	t.Parallel()
	c := readCatalogue(t, testdb.Plain(t, lines()...).Owner)
	withSection := map[string]bool{}
	for _, r := range records() {
		withSection[r.Table] = r.CaseColumn != "" && r.Section != ""
	}
	faults := map[string]string{}
	seen := 0
	for _, one := range c.tables(own) {
		if !one.has("case_id", "section") && !withSection[one.Name] {
			continue
		}
		seen++
		if p, ok := one.policy("granted"); !ok || p.Command != "r" {
			faults[one.Name] = "has a case and a section, and no policy shows it under a grant"
		}
	}
	if seen < 4 {
		t.Fatalf("only %d tables were found", seen)
	}
	shareExceptions.judge(t, faults)
}

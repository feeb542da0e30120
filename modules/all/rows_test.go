package all_test

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"staffetta/tenants"
)

// maker makes one row of every table for a body, from what the catalogue says of the columns.
type maker struct {
	owner   *pgxpool.Pool
	tables  catalogue
	body    tenants.Tenant
	partner tenants.Tenant // the other party where a row needs two bodies
	account uuid.UUID
	rows    map[string]map[string]json.RawMessage
	written map[string]map[string]string // the literals of each row, by table and column
}

// given are values that the catalogue does not tell, because a check looks at several columns or asks for a form. {body},
// {partner} and {account} are filled in.
var given = map[string]map[string]string{
	"registry.persons":           {"code_kind": "none", "surname": "Rossi"},
	"kit.item_versions":          {"origin_tenant": "{partner}", "content": "{}", "sha256": "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"},
	"policies.agreements_edges":  {"from_tenant": "{body}", "to_tenant": "{partner}"},
	"policies.rule_changes":      {"applied_by": "0190c0de-0000-7000-8000-0000000000ff"},
	"policies.agreements_states": {"step": "2"},
	"policies.agreement_keys":    {"generation": "1", "sealed": `\x` + strings.Repeat("00", 32)},
	"policies.known_asked":       {"token": `\x` + strings.Repeat("00", 32)},
	"policies.case_tokens":       {"generation": "1", "token": `\x` + strings.Repeat("00", 32)},
	"sharing.asks_persons":       {"tax_code": "BNCRSO80A41H501B"},
	"sharing.asks":               {"purpose": "continuity", "asker_tenant": "{body}", "asked_tenant": "{partner}"},
	"sharing.shares": {
		"kind": "ask", "owner_tenant": "{body}", "receiver_tenant": "{partner}", "offered_tenant": "{body}", "purpose": "continuity",
	},
	"sharing.shares_reviews":      {"giver": "{body}"},
	"onboarding.openings":         {"opens": "true"},
	"platform.domains":            {"host": "servizi.comune.example.it", "token": "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "state": "asked", "asked_by": "{account}"},
	"onboarding.rule_reviews":     {"account_id": "{account}"},
	"onboarding.exports":          {"recipient": "age1" + strings.Repeat("q", 58), "state": "asked", "asked_by": "{account}"},
	"onboarding.leavings":         {"waiver": "non serve", "state": "asked", "asked_by": "{account}"},
	"commons.kits":                {"sheet": "{}"},
	"practice.adoptions_parties":  {"side": "reusing"},
	"practice.signing_keys":       {"public": `\x` + strings.Repeat("00", 32)},
	"practice.proposals":          {"ceding_tenant": "{partner}", "reusing_tenant": "{body}", "title_it": "Voce", "state": "sent", "sent_at": "2026-01-01", "last_tenant": "{body}"},
	"commons.signers":             {"public": `\x` + strings.Repeat("00", 32)},
	"commons.kit_items":           {"content": "{}", "sha256": "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"},
	"onboarding.privacy_versions": {"content": "{}", "sha256": "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"},
	"onboarding.holds":            {"case_id": "00000000-0000-7000-8000-000000000001"},
	"onboarding.disposals":        {"terms": "{}"},
	"onboarding.subject_copies":   {"choices": "[]"},
	"onboarding.subject_requests": {"asker": "self", "identity": "documento", "words": "i miei dati"},
}

// triggered are the tables of which a trigger writes the row, when the one it is about is made.
var triggered = []string{"commons.offers"}

// makeAll inserts as the owner, each table after those that it refers to.
func (m *maker) makeAll(t *testing.T) {
	t.Helper()
	m.rows, m.written = map[string]map[string]json.RawMessage{}, map[string]map[string]string{}
	left := m.tables.tables(own, between, commons, audited)
	left = slices.DeleteFunc(left, func(one *table) bool { return one.Name == "audit.sealed" })
	for len(left) > 0 {
		before := len(left)
		left = slices.DeleteFunc(left, func(one *table) bool {
			if !m.ready(one) {
				return false
			}
			m.rows[one.Name] = m.insert(t, one)
			return true
		})
		if len(left) == before {
			t.Fatalf("%s and others refer to each other: give a value by hand", left[0].Name)
		}
	}
}

// needed are the columns that a row must name.
func (m *maker) needed(one *table) []column {
	var columns []column
	for _, c := range one.columns {
		_, byHand := given[one.Name][c.Name]
		if byHand || c.Name == "tenant_id" || c.NotNull && c.Default == "" && !c.Generated {
			columns = append(columns, c)
		}
	}
	return columns
}

// ready tells whether every row that the needed columns refer to is there.
func (m *maker) ready(one *table) bool {
	for _, key := range one.keys {
		target := m.tables[key.Target]
		if target.family() == platform || key.Target == one.Name || m.rows[key.Target] != nil {
			continue
		}
		for _, c := range m.needed(one) {
			if c.Name != "tenant_id" && slices.Contains(key.Columns, c.Name) {
				return false
			}
		}
	}
	return true
}

func (m *maker) insert(t *testing.T, one *table) map[string]json.RawMessage {
	t.Helper()
	var names, values []string
	m.written[one.Name] = map[string]string{}
	for _, c := range m.needed(one) {
		value := m.value(t, one, c)
		names, values, m.written[one.Name][c.Name] = append(names, c.Name), append(values, value), value
	}
	sql := fmt.Sprintf(`insert into %s (%s) values (%s) returning to_jsonb(%s.*)`, one.Name, strings.Join(names, ", "), strings.Join(values, ", "), bare(one.Name))
	if slices.Contains(triggered, one.Name) {
		sql = fmt.Sprintf(`select to_jsonb(%[2]s.*) from %[1]s limit 1`, one.Name, bare(one.Name))
	}
	var raw []byte
	if err := m.owner.QueryRow(context.WithoutCancel(t.Context()), sql).Scan(&raw); err != nil {
		t.Fatalf("make a row of %s (add what it needs to given): %v\n%s", one.Name, err, sql)
	}
	row := map[string]json.RawMessage{}
	if err := json.Unmarshal(raw, &row); err != nil {
		t.Fatal(err)
	}
	return row
}

// bare is the name of a table without its schema.
func bare(name string) string { return name[strings.Index(name, ".")+1:] }

// value is a literal for a column that its checks accept.
func (m *maker) value(t *testing.T, one *table, c column) string {
	t.Helper()
	if text, ok := given[one.Name][c.Name]; ok {
		fill := strings.NewReplacer("{body}", fmt.Sprint(m.body.ID), "{partner}", fmt.Sprint(m.partner.ID), "{account}", m.account.String())
		return literal(fill.Replace(text), c.Type)
	}
	if c.Name == "tenant_id" {
		return literal(fmt.Sprint(m.body.ID), c.Type)
	}
	if text, ok := m.referred(one, c); ok {
		return literal(text, c.Type)
	}
	for _, candidate := range m.candidates(one, c) {
		if m.accepted(t, one, c, candidate) {
			return literal(candidate, c.Type)
		}
	}
	t.Fatalf("no value of type %s suits %s.%s: give one by hand", c.Type, one.Name, c.Name)
	return ""
}

func literal(text, kind string) string {
	return "'" + strings.ReplaceAll(text, "'", "''") + "'::" + kind
}

// referred is the value that a reference asks for.
func (m *maker) referred(one *table, c column) (string, bool) {
	for _, key := range one.keys {
		at := slices.Index(key.Columns, c.Name)
		if at < 0 {
			continue
		}
		switch key.Target {
		case "platform.tenants":
			return fmt.Sprint(m.partner.ID), true
		case "platform.accounts":
			return m.account.String(), true
		}
		if row := m.rows[key.Target]; row != nil {
			return strings.Trim(string(row[key.TargetColumns[at]]), `"`), true
		}
	}
	return "", false
}

// offered are values to try, by type.
var offered = map[string][]string{
	"text":                     {"alfa", "alfa.beta", "/alfa", "1.0.0", strings.Repeat("0", 64), "E974", "2026", "", "A1"},
	"integer":                  {"1", "0", "2026"},
	"bigint":                   {"1", "0", "2026"},
	"smallint":                 {"1", "0"},
	"numeric":                  {"1", "0"},
	"boolean":                  {"false", "true"},
	"bytea":                    {`\x00`},
	"jsonb":                    {"{}", "[]"},
	"date":                     {"2026-01-02"},
	"timestamp with time zone": {"2026-01-02T10:00:00Z"},
	"tstzrange":                {"[2026-01-02,2036-01-02)"},
	"app.section":              {"diary"},
	"text[]":                   {"{diary}", "{alfa}", "{}"},
	"integer[]":                {"{1}"},
	"uuid[]":                   {"{}"},
}

var quoted = regexp.MustCompile(`'([^']*)'::text`)

func (m *maker) candidates(one *table, c column) []string {
	if c.Type == "uuid" {
		if strings.Contains(c.Name, "account") || strings.HasSuffix(c.Name, "_by") {
			return []string{m.account.String()}
		}
		return []string{uuid.NewString()}
	}
	var all []string
	for _, x := range one.checks {
		if slices.Equal(x.Columns, []string{c.Name}) {
			for _, found := range quoted.FindAllStringSubmatch(x.Expression, -1) {
				all = append(all, found[1])
			}
		}
	}
	return append(all, offered[strings.TrimSuffix(regexp.MustCompile(`\(.*\)`).ReplaceAllString(c.Type, ""), " ")]...)
}

// accepted asks the checks of the column alone.
func (m *maker) accepted(t *testing.T, one *table, c column, candidate string) bool {
	t.Helper()
	for _, x := range one.checks {
		if !slices.Equal(x.Columns, []string{c.Name}) {
			continue
		}
		var fine bool
		sql := fmt.Sprintf(`select coalesce((%s), true) from (select %s as %s) %s`, x.Expression, literal(candidate, c.Type), c.Name, bare(one.Name))
		if err := m.owner.QueryRow(context.WithoutCancel(t.Context()), sql).Scan(&fine); err != nil || !fine {
			return false
		}
	}
	return true
}

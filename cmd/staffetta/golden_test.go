package main

import (
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"

	"github.com/getkin/kin-openapi/openapi3"
	gocmp "github.com/google/go-cmp/cmp"

	"staffetta/api/rest"
	"staffetta/modules"
	"staffetta/policies"
	"staffetta/tenants"
)

var update = flag.Bool("update", false, "write the golden files anew, for a person to read")

// golden compares text with a file that a person has read.
func golden(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s is not what the program says (-file +program); read the difference and run `make golden`:\n%s", path, diff)
	}
}

// sheet writes rows in columns.
func sheet(rows [][]string) []byte {
	var text bytes.Buffer
	w := tabwriter.NewWriter(&text, 2, 4, 2, ' ', 0)
	for _, row := range rows {
		fmt.Fprintln(w, strings.Join(row, "\t"))
	}
	_ = w.Flush() // memory
	lines := strings.Split(text.String(), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return []byte(strings.Join(lines, "\n"))
}

func TestGoldenRoutes(t *testing.T) {
	st := asked(t)
	rows := [][]string{{"# method", "pattern", "permission", "purpose", "site", "module"}}
	for _, r := range st.pages.Routes() {
		site := "body"
		if r.Site == modules.OnPlatform {
			site = "platform"
		}
		rows = append(rows, []string{r.Method, r.Pattern, r.Permission, cmp.Or(string(r.Purpose), "-"), site, cmp.Or(string(r.Module), "-")})
	}
	for _, r := range st.api.Routes() {
		site := "body"
		if r.Platform {
			site = "platform"
		}
		rows = append(rows, []string{r.Method, r.Path, r.Permission, "-", site, cmp.Or(string(r.Module), "-")})
	}
	golden(t, "routes.golden", sheet(rows))
}

func TestGoldenMatrix(t *testing.T) {
	st := asked(t)
	rows := [][]string{{"# permission", "least level", "roles"}}
	for _, m := range st.list {
		for _, p := range m.Permissions {
			rows = append(rows, []string{p.Name(), fmt.Sprint(p.Level()), strings.Join(st.holders(t, p.Name()), " ")})
		}
	}
	rows = append(rows, []string{""}, []string{"# role", "relation", "what", "reads, writes"})
	for _, role := range policies.Roles {
		rows = append(rows, st.sectionsOf(t, role.ID)...)
	}
	golden(t, "matrix.golden", sheet(rows))
}

// as is who holds one role at Marsala, whose rules nobody has changed.
func (st *stage) as(t *testing.T, role string) tenants.Scope {
	t.Helper()
	body, _, err := st.deps.Bodies.BySlug(marsala)
	if err != nil {
		t.Fatal(err)
	}
	return tenants.Scope{Tenant: body.ID, Roles: []string{role}, Purpose: tenants.Operator, Assurance: 3}
}

func (st *stage) holders(t *testing.T, permission string) []string {
	t.Helper()
	var roles []string
	for _, role := range policies.Roles {
		if allowed, _ := st.deps.Policies.Permits(st.as(t, role.ID), permission); allowed {
			roles = append(roles, role.ID)
		}
	}
	return roles
}

// sectionsOf tells what a role reads and writes of a case in each relation to it.
func (st *stage) sectionsOf(t *testing.T, role string) [][]string {
	t.Helper()
	s := st.as(t, role)
	var rows [][]string
	for _, relation := range []policies.Relation{policies.Assigned, policies.Team, policies.Office, policies.Body, policies.Guest, policies.Emergency} {
		for _, section := range policies.SectionIDs() {
			actions := slices.DeleteFunc([]string{policies.Read, policies.Write}, func(action string) bool {
				return !st.deps.Policies.Allows(s, relation, section, action)
			})
			if len(actions) > 0 {
				rows = append(rows, []string{role, string(relation), section, strings.Join(actions, " ")})
			}
		}
		for _, action := range []string{"open", "work", "assign"} {
			if st.deps.Policies.Allows(s, relation, "case", action) {
				rows = append(rows, []string{role, string(relation), "case", action})
			}
		}
	}
	return rows
}

func TestGoldenAPI(t *testing.T) {
	st := asked(t)
	yaml, findings, err := rest.Document(st.list, st.parts)
	if err != nil {
		t.Fatal(err)
	}
	for _, finding := range findings {
		t.Error(finding)
	}
	golden(t, "../../api/rest/openapi.golden.yaml", yaml)
}

func TestServedAPIDocumentIsValid(t *testing.T) {
	st := asked(t)
	for _, name := range []string{"/api/openapi.json", "/api/openapi.yaml"} {
		answer := st.guest().get(t, name)
		if answer.Status != 200 {
			t.Fatalf("%s answers %d", name, answer.Status)
		}
		document, err := openapi3.NewLoader().LoadFromData([]byte(answer.Body))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if document.OpenAPI != "3.1.0" || document.Paths.Len() < 40 {
			t.Errorf("%s is OpenAPI %s with %d paths", name, document.OpenAPI, document.Paths.Len())
		}
	}
	if answer := st.guest().get(t, "/api"); answer.Status != 200 || !strings.Contains(answer.Body, "/api/v1/{slug}/persons") {
		t.Errorf("the viewer answers %d and does not list the operations", answer.Status)
	}
}

package reader

import (
	"net/http"
	"strings"
	"time"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/table"
	"staffetta/modules"
	"staffetta/onboarding/member"
	"staffetta/policies"
	"staffetta/tenants"
)

const at = "/console/ruoli/chi-legge"

type pages struct {
	service *Service
}

// Pages show who reads what.
func Pages(v *Service) []modules.Page {
	p := &pages{service: v}
	return []modules.Page{{Pattern: "GET " + at, Permission: member.Read, Handle: p.list}}
}

// listPage shows the kinds of data, each folded with who reads it.
type listPage struct {
	Breadcrumb component.Breadcrumb
	Groups     []group
	File       component.Link
}

// group are the kinds of a module, or the sections of case files.
type group struct {
	Title string
	Kinds []kindView
}

// kindView is a kind of data with who reads it.
type kindView struct {
	Label, Count string
	Readers      []readerView
}

// readerView is one line.
type readerView struct {
	Name component.Link // without an address for who does not look after people
	How  string
}

func (p *pages) list(r *http.Request, s tenants.Scope) (modules.View, error) {
	kinds, err := p.service.Find(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	if r.FormValue("formato") == "csv" {
		return p.file(r, s, kinds)
	}
	page := listPage{
		Breadcrumb: component.Breadcrumb{Items: []component.Crumb{{Label: modules.Say(r, "onboarding.rights.title"), URL: "/console/ruoli"}, {Label: modules.Say(r, "onboarding.reader.title")}}},
		File:       component.Link{Label: modules.Say(r, "onboarding.reader.file"), URL: at + "?formato=csv"},
	}
	manages, last := p.service.deps.Permits(s, policies.ManageRules), modules.ID("none")
	for _, k := range kinds {
		if k.Module != last {
			page.Groups, last = append(page.Groups, group{Title: p.titleOf(r, k)}), k.Module
		}
		view := kindView{Label: language.SayText(r.Context(), k.Label), Count: modules.Say(r, "onboarding.reader.people", "n", len(k.Readers))}
		for _, reader := range k.Readers {
			one := readerView{Name: component.Link{Label: reader.Name}, How: strings.Join(modules.Given(p.rolesText(r, s, reader), bondText(r, reader)), ": ")}
			if manages {
				one.Name.URL = "/console/persone/" + reader.Account.String()
			}
			view.Readers = append(view.Readers, one)
		}
		to := &page.Groups[len(page.Groups)-1]
		to.Kinds = append(to.Kinds, view)
	}
	return modules.Render("onboarding/readers", language.M("onboarding.reader.title"), page), nil
}

// titleOf is where a kind of data stands.
func (p *pages) titleOf(r *http.Request, k DataKind) string {
	if k.Module == "" {
		return modules.Say(r, "onboarding.rights.sections")
	}
	return modules.TitleOf(r, p.service.deps.Platform.Modules, k.Module)
}

func (p *pages) rolesText(r *http.Request, s tenants.Scope, reader Reader) string {
	roles := make([]string, len(reader.Roles))
	for i, role := range reader.Roles {
		roles[i] = language.SayText(r.Context(), p.service.deps.Policies.RoleLabel(s.Tenant, role))
	}
	return strings.Join(roles, ", ")
}

// bondText says of which case files somebody reads a section.
func bondText(r *http.Request, reader Reader) string {
	switch {
	case reader.Desk:
		return modules.Say(r, "onboarding.reader.desk")
	case reader.Bond != "":
		return modules.Say(r, "onboarding.reader.bond."+string(reader.Bond))
	}
	return ""
}

// file is the same as a table, a line for each kind of data and person.
func (p *pages) file(r *http.Request, s tenants.Scope, kinds []DataKind) (modules.View, error) {
	var rows [][]string
	var head []string
	for _, key := range []string{"part", "kind", "person", "roles", "which"} {
		head = append(head, modules.Say(r, "onboarding.reader."+key))
	}
	for _, k := range kinds {
		for _, reader := range k.Readers {
			rows = append(rows, []string{p.titleOf(r, k), language.SayText(r.Context(), k.Label), reader.Name, p.rolesText(r, s, reader), bondText(r, reader)})
		}
	}
	return modules.View{File: &modules.File{Name: "chi-legge.csv", MediaType: "text/csv; charset=utf-8", Content: table.Write(head, rows), Modified: time.Now()}}, nil
}

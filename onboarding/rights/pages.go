package rights

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/policies"
	"staffetta/tenants"
)

const at = "/console/ruoli"

type pages struct {
	service *Service
}

// Pages are the pages of a body's rules.
func Pages(v *Service) []modules.Page {
	p := &pages{service: v}
	return []modules.Page{
		{Pattern: "GET " + at, Permission: policies.ReadRules, Nav: &modules.Nav{Label: "onboarding.rights.nav", Order: 40, About: "onboarding.rights.about_page"}, Handle: p.matrix},
		{Pattern: "GET " + at + "/{role}", Permission: policies.ReadRules, Handle: p.role},
		{Pattern: "POST " + at + "/{role}", Permission: policies.ManageRules, Handle: p.save},
		{Pattern: "GET " + at + "/bozza", Permission: policies.ManageRules, Handle: p.draft},
		{Pattern: "POST " + at + "/bozza/applica", Permission: policies.ManageRules, Handle: p.apply},
		{Pattern: "POST " + at + "/bozza/scarta", Permission: policies.ManageRules, Handle: p.discard},
		{Pattern: "GET " + at + "/storia", Permission: policies.ReadRules, Handle: p.history},
		{Pattern: "POST " + at + "/storia/{change}/ripristina", Permission: policies.ManageRules, Handle: p.undo},
		{Pattern: "POST " + at + "/storia/{change}/controllata", Permission: policies.ReviewRules, Handle: p.review},
		{Pattern: "GET " + at + "/prove", Permission: policies.ReadRules, Handle: p.vectors},
		{Pattern: "POST " + at + "/prove", Permission: policies.ManageRules, Handle: p.addVector},
		{Pattern: "POST " + at + "/prove/{vector}/rimuovi", Permission: policies.ManageRules, Handle: p.removeVector},
	}
}

// crumbs lead from the rules of the body to a page of them.
func crumbs(r *http.Request, back, here string) component.Breadcrumb {
	return component.Breadcrumb{Items: []component.Crumb{{Label: modules.Say(r, "onboarding.rights.title"), URL: back}, {Label: here}}}
}

// relationOf is the relation of the query, the closest one where it names none.
func relationOf(r *http.Request) policies.Relation {
	return cmp.Or(policies.Relation(r.FormValue("relazione")), policies.Assigned)
}

// matrixPage shows for a relation what every role may do.
type matrixPage struct {
	Draft    *component.Alert
	Tabs     component.Sections
	Intro    string
	Relation string
	Choose   component.Field // which role is shown: all of them are too wide for a phone
	About    string
	Sections component.Table
	Cases    component.Table
	Others   *component.Table
	Roles    component.Table
	Links    []component.Link
}

func (p *pages) matrix(r *http.Request, s tenants.Scope) (modules.View, error) {
	relation := relationOf(r)
	entries, err := p.service.FindEntries(r.Context(), s, relation)
	if err != nil {
		return modules.View{}, err
	}
	draft, err := p.service.GetDraft(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	sources, err := p.service.FindSources(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	roles := columns(p.service.deps.Policies.GivenRoles(s.Tenant))
	choose, chosen := chooseRole(r, roles)
	page := matrixPage{
		Relation: string(relation), Choose: choose,
		Tabs: tabs(r, at, relation), Intro: modules.Say(r, "onboarding.rights.about."+string(relation)),
		Sections: sectionTable(r, roles, entries), Cases: p.permissionTable(r, s, entries, false), Roles: p.roleTable(r, s, entries, sources),
		Links: []component.Link{{Label: modules.Say(r, "onboarding.rights.history"), URL: at + "/storia"}, {Label: modules.Say(r, "onboarding.rights.vectors"), URL: at + "/prove"}},
	}
	if p.service.deps.Permits(s, "member:read") {
		page.Links = slices.Insert(page.Links, 0, component.Link{Label: modules.Say(r, "onboarding.reader.open"), URL: at + "/chi-legge"})
	}
	if chosen != nil {
		page.Sections, page.About = sectionTable(r, []policies.Role{*chosen}, entries), language.SayText(r.Context(), chosen.About)
	}
	if relation == policies.Body {
		others := p.permissionTable(r, s, entries, true)
		page.Others = &others
	}
	if draft.Version > 0 {
		page.Draft = &component.Alert{Tone: component.Info, Title: modules.Say(r, "onboarding.rights.draft.waits", "n", len(draft.Lines))}
		if p.service.deps.Permits(s, policies.ManageRules) {
			page.Draft.Link = &component.Link{Label: modules.Say(r, "onboarding.rights.draft.open"), URL: at + "/bozza"}
		}
	}
	return modules.Render("onboarding/rights", language.M("onboarding.rights.title"), page), nil
}

// chooseRole offers the roles one by one, and is the one of the query; nil for all.
func chooseRole(r *http.Request, roles []policies.Role) (f component.Field, chosen *policies.Role) {
	f = component.Field{ID: "ruolo", Kind: component.Select, Depends: true, Width: component.Medium, Label: modules.Say(r, "onboarding.rights.choose"), Value: r.URL.Query().Get("ruolo")}
	for i, role := range roles {
		f.Options = append(f.Options, component.Option{Value: role.ID, Label: language.SayText(r.Context(), role.Label)})
		if role.ID == f.Value {
			chosen = &roles[i]
		}
	}
	return f, chosen
}

func tabs(r *http.Request, path string, current policies.Relation) component.Sections {
	t := component.Sections{Label: modules.Say(r, "onboarding.rights.relation")}
	for _, relation := range policies.Relations {
		if relation == policies.Office { // no page knows it yet: a case is held by people
			continue
		}
		t.Items = append(t.Items, component.NavItem{
			Label: relationText(r, relation), URL: path + "?relazione=" + string(relation), Current: relation == current,
		})
	}
	return t
}

func relationText(r *http.Request, relation policies.Relation) string {
	return modules.Say(r, "onboarding.rights.relation."+string(relation))
}

// roleText is what a role is called in the body.
func (p *pages) roleText(r *http.Request, s tenants.Scope, role string) string {
	return language.SayText(r.Context(), p.service.deps.Policies.RoleLabel(s.Tenant, role))
}

func roleText(r *http.Request, role string) string {
	return language.SayText(r.Context(), policies.RoleLabel(role))
}

// columns are the roles that do not configure, and see cases, or might: the others never see any.
func columns(roles []policies.Role) []policies.Role {
	return slices.DeleteFunc(slices.Clone(roles), func(role policies.Role) bool { return role.Configures })
}

// sectionTable has a row for each section and a column for each role.
func sectionTable(r *http.Request, roles []policies.Role, entries []Entry) component.Table {
	t := component.Table{ID: "sezioni", Caption: modules.Say(r, "onboarding.rights.sections"), Cards: len(roles) == 1, Columns: []component.Column{{Label: modules.Say(r, "onboarding.rights.section")}}}
	for _, role := range roles {
		t.Columns = append(t.Columns, component.Column{Label: language.SayText(r.Context(), role.Label)})
	}
	for _, section := range policies.Sections {
		row := component.Row{Cells: []component.Cell{{Text: language.SayText(r.Context(), section.Label)}}}
		for _, role := range roles {
			row.Cells = append(row.Cells, sectionCell(r, about(entries, role.ID, section.ID)))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// about are the entries of a role about an object.
func about(entries []Entry, role, object string) []Entry {
	var found []Entry
	for _, e := range entries {
		if e.Role == role && e.Object == object && !e.Permission {
			found = append(found, e)
		}
	}
	return found
}

// sectionCell says what a role does with a section, and whether the body wants it so or is about to.
func sectionCell(r *http.Request, entries []Entry) component.Cell {
	var words []string
	var tags []component.Tag
	for _, e := range entries {
		if e.Result {
			words = append(words, modules.Say(r, "onboarding.rights.does."+e.Action))
		}
		tags = append(tags, marks(r, e)...)
	}
	return component.Cell{Text: strings.Join(words, ", "), Tags: slices.Compact(tags)}
}

func marks(r *http.Request, e Entry) []component.Tag {
	_, follows := policies.ItemOf(e.Role)
	switch {
	case follows: // its rules are the item's, whoever looks
		return nil
	case e.Differs():
		return []component.Tag{{Label: modules.Say(r, "onboarding.rights.in_draft"), Tone: component.Warning}}
	case e.Effect != "":
		return []component.Tag{{Label: modules.Say(r, "onboarding.rights.own"), Tone: component.Info}}
	}
	return nil
}

// permissionTable says for each action on cases, or for each permission, which roles have it.
func (p *pages) permissionTable(r *http.Request, s tenants.Scope, entries []Entry, permissions bool) component.Table {
	t := component.Table{ID: "cartelle", Caption: modules.Say(r, "onboarding.rights.cases"), Columns: []component.Column{
		{Label: modules.Say(r, "onboarding.rights.may")}, {Label: modules.Say(r, "onboarding.rights.roles")},
	}}
	if permissions {
		t.ID, t.Caption = "permessi", modules.Say(r, "onboarding.rights.permissions")
	}
	at := map[string]int{}
	for _, e := range entries {
		if e.Permission != permissions || !permissions && e.Object != "case" {
			continue
		}
		key := e.Object + ":" + e.Action
		if _, known := at[key]; !known {
			at[key] = len(t.Rows)
			t.Rows = append(t.Rows, component.Row{Cells: []component.Cell{{Text: p.label(r, e.Rule, permissions)}, {}}})
		}
		cell := &t.Rows[at[key]].Cells[1]
		if e.Result {
			cell.Text = strings.Join(modules.Given(cell.Text, p.roleText(r, s, e.Role)), ", ")
		}
		if tags := marks(r, e); len(tags) > 0 {
			cell.Note = strings.Join(modules.Given(cell.Note, p.roleText(r, s, e.Role)+": "+tags[0].Label), "; ")
		}
	}
	return t
}

// label says what a rule is about.
func (p *pages) label(r *http.Request, rule policies.Rule, permission bool) string {
	switch {
	case permission:
		for _, m := range p.service.deps.Platform.Modules {
			for _, one := range m.Permissions {
				if one.Object == rule.Object && one.Verb == rule.Action {
					return language.SayText(r.Context(), one.Label)
				}
			}
		}
	case rule.Object == "case":
		return modules.Say(r, "onboarding.rights.case."+rule.Action)
	}
	return modules.Say(r, "onboarding.rights.do."+rule.Action, "section", language.SayText(r.Context(), policies.SectionLabel(rule.Object)))
}

// isPermission tells whether a rule is about a permission: those are about neither sections nor what one does with a case.
func isPermission(rule policies.Rule) bool {
	return !slices.Contains(policies.SectionIDs(), rule.Object) && !(rule.Object == "case" && slices.Contains(policies.CaseActions, rule.Action))
}

// roleTable leads to the rules of each role, and tells from where those of the body's own come.
func (p *pages) roleTable(r *http.Request, s tenants.Scope, entries []Entry, sources map[string]Source) component.Table {
	t := component.Table{ID: "ruoli", Caption: modules.Say(r, "onboarding.rights.by_role"), Columns: []component.Column{
		{Label: modules.Say(r, "onboarding.rights.role")}, {Label: modules.Say(r, "onboarding.rights.own_rules"), Numeric: true},
	}}
	for _, role := range p.service.deps.Policies.GivenRoles(s.Tenant) {
		own, relation := 0, relationOf(r)
		for _, e := range entries {
			if e.Role == role.ID && e.Effect != "" {
				own++
			}
		}
		row := component.Row{Cells: []component.Cell{
			{Text: language.SayText(r.Context(), role.Label), Note: language.SayText(r.Context(), role.About), URL: at + "/" + role.ID + "?relazione=" + string(relation)}, {Text: strconv.Itoa(own)},
		}}
		if source, follows := sources[role.ID]; follows {
			row.Cells[0].Note = SourceText(r, source)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// SourceText says from which kit, at which version, a role comes.
func SourceText(r *http.Request, source Source) string {
	if source.Kit == "" {
		return modules.Say(r, "onboarding.rights.from_item", "item", source.Item)
	}
	return modules.Say(r, "onboarding.rights.from_kit", "kit", source.Kit, "release", source.Release, "item", source.Item)
}

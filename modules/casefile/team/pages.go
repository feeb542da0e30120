package team

import (
	"context"
	"net/http"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/casefile/access"
	"staffetta/tenants"
)

type pages struct {
	team *Team
}

// Pages are the pages of the team.
func Pages(t *Team) []modules.Page {
	p := &pages{team: t}
	return []modules.Page{
		{Pattern: "GET /cartelle/{case}/equipe", Permission: "case:read", Handle: p.show},
		{Pattern: "POST /cartelle/{case}/equipe", Permission: "case:write", Handle: p.addToTeam},
		{Pattern: "POST /cartelle/{case}/equipe/togli", Permission: "case:write", Handle: p.removeFromTeam},
		{Pattern: "GET /cartelle/{case}/responsabile", Permission: "case:write", Handle: p.hand},
		{Pattern: "POST /cartelle/{case}/responsabile", Permission: "case:write", Handle: p.assign},
	}
}

// teamPage says who answers for a case and who works on it.
type teamPage struct {
	Errors  component.ErrorSummary
	Manager component.Summary
	Hand    *component.Link // where the case is handed over
	Members []teamMember
	Add     *teamForm // for who may choose the team
	Past    component.Table
	Remove  string // where a member is removed
	Back    component.Link
}

// teamMember is somebody on the team.
type teamMember struct {
	Name, Since string
	Reason      string
	Remove      *component.Button
}

// teamForm gives somebody a part in a case.
type teamForm struct {
	Action string
	Fields []component.Field
	Hidden []component.Hidden
	Submit component.Button
}

func (p *pages) show(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.view(r, s, nil)
}

func (p *pages) view(r *http.Request, s tenants.Scope, refused error) (modules.View, error) {
	a, ask, err := access.OpenedOwn(r, s, p.team.cases)
	if err != nil || a == nil {
		return ask, err
	}
	all, err := p.team.FindAssignments(r.Context(), a)
	if err != nil {
		return modules.View{}, err
	}
	at := "/cartelle/" + a.Ref
	page := teamPage{Remove: at + "/equipe/togli", Past: pastTable(r, all), Back: backToCase(r, a)}
	chooses := a.ClosedAt.IsZero() && p.team.MayAssign(s, a, TeamMember)
	for _, m := range all {
		switch {
		case m.Lasts() && m.Part == Manager:
			page.Manager = component.Summary{Rows: managerRows(r, m)}
		case m.Lasts():
			page.Members = append(page.Members, memberOf(r, m, chooses))
		}
	}
	if a.ClosedAt.IsZero() && p.team.MayAssign(s, a, Manager) {
		page.Hand = &component.Link{Label: modules.Say(r, "casefile.team.hand"), URL: at + "/responsabile"}
	}
	if chooses {
		if page.Add, err = p.addForm(r, s, a, refused); err != nil {
			return modules.View{}, err
		}
		page.Errors = component.Summarize(page.Add.Fields...)
	}
	view := modules.Render("casefile/team", language.M("casefile.team.title"), page).On(a.Bar(p.team.cases, "casefile.nav.summary"))
	if refused != nil {
		view = view.Refused()
	}
	return view, nil
}

func backToCase(r *http.Request, a *access.Own) component.Link {
	return component.Link{Label: modules.Say(r, "casefile.team.back"), URL: "/cartelle/" + a.Ref}
}

// Rows say on the summary of a case who answers for it, since when, and who else works on it.
func Rows(r *http.Request, a *access.Access, all []Assignment) []component.SummaryRow {
	manager := component.SummaryRow{Label: modules.Say(r, "casefile.column.manager")}
	team := component.SummaryRow{Label: modules.Say(r, "casefile.team.members")}
	for _, m := range all {
		switch {
		case m.Lasts() && m.Part == Manager:
			manager.Values = []string{lasting(r, m)}
		case m.Lasts():
			team.Values = append(team.Values, lasting(r, m))
		}
	}
	manager.Change = &component.Link{Label: modules.Say(r, "casefile.team.title"), URL: "/cartelle/" + a.Ref + "/equipe"}
	if team.Values == nil {
		return []component.SummaryRow{manager}
	}
	return []component.SummaryRow{manager, team}
}

func managerRows(r *http.Request, m Assignment) []component.SummaryRow {
	rows := []component.SummaryRow{{Label: modules.Say(r, "casefile.column.manager"), Values: []string{lasting(r, m)}}}
	if m.Reason != "" {
		rows = append(rows, component.SummaryRow{Label: modules.Say(r, "casefile.team.reason"), Values: []string{m.Reason}, Lang: "it"})
	}
	return rows
}

func memberOf(r *http.Request, m Assignment, chooses bool) teamMember {
	member := teamMember{Name: m.Name, Since: since(r, m), Reason: m.Reason}
	if chooses {
		member.Remove = &component.Button{Label: modules.Say(r, "casefile.team.remove"), Hidden: m.Name, Name: "assegnazione", Value: m.ID.String(), Emphasis: component.Plain}
	}
	return member
}

// lasting is a name with the days of its part: "Davide Errera, dal 12/05/2026".
func lasting(r *http.Request, m Assignment) string { return m.Name + ", " + since(r, m) }

// since says the days of an assignment, from and, where it has ended, to.
func since(r *http.Request, m Assignment) string {
	from := m.From.In(language.Rome).Format("02/01/2006")
	if m.Lasts() {
		return modules.Say(r, "casefile.team.since", "from", from)
	}
	return modules.Say(r, "casefile.team.between", "from", from, "to", m.To.In(language.Rome).Format("02/01/2006"))
}

// pastTable lists the parts that have ended.
func pastTable(r *http.Request, all []Assignment) component.Table {
	t := component.Table{ID: "assegnazioni", Caption: modules.Say(r, "casefile.team.past"), Hidden: true, Columns: []component.Column{
		{Label: modules.Say(r, "casefile.team.who")},
		{Label: modules.Say(r, "casefile.team.part")},
		{Label: modules.Say(r, "casefile.team.from")},
		{Label: modules.Say(r, "casefile.team.to")},
		{Label: modules.Say(r, "casefile.team.reason")},
	}}
	for _, m := range all {
		if !m.Lasts() {
			t.Rows = append(t.Rows, component.Row{Cells: []component.Cell{
				{Text: m.Name},
				{Text: modules.Say(r, "casefile.team.part_"+m.Part)},
				{Date: m.From.In(language.Rome)},
				{Date: m.To.In(language.Rome)},
				{Text: m.Reason, Lang: "it"},
			}})
		}
	}
	return t
}

// addForm is the form that puts somebody on the team.
func (p *pages) addForm(r *http.Request, s tenants.Scope, a *access.Own, refused error) (*teamForm, error) {
	who, err := p.colleagueField(r, s, "componente", refused)
	return &teamForm{
		Action: "/cartelle/" + a.Ref + "/equipe", Fields: []component.Field{who, reasonField(r, refused)},
		Submit: component.Button{Label: modules.Say(r, "casefile.team.add"), Emphasis: component.Primary},
	}, err
}

func reasonField(r *http.Request, refused error) component.Field {
	return component.Field{
		ID: "motivo", Required: true, MaxLength: 500, Label: modules.Say(r, "casefile.team.reason"), Hint: modules.Say(r, "casefile.team.reason_hint"),
		Value: modules.Value(r, "motivo"), Error: modules.FieldErrors(r.Context(), refused)["motivo"],
	}
}

// colleagueField chooses somebody of the body who may work on cases, by name and role.
func (p *pages) colleagueField(r *http.Request, s tenants.Scope, id string, refused error) (component.Field, error) {
	field := component.Field{
		ID: id, Kind: component.Select, Required: true, Width: component.Medium, Label: modules.Say(r, "casefile.team."+id),
		Value: r.PostFormValue(id), Error: modules.FieldErrors(r.Context(), refused)[id],
	}
	var err error
	field.Options, err = p.colleagueOptions(r.Context(), s)
	return field, err
}

func (p *pages) colleagueOptions(ctx context.Context, s tenants.Scope) ([]component.Option, error) {
	colleagues, err := p.team.FindManagers(ctx, s)
	options := make([]component.Option, len(colleagues))
	for i, c := range colleagues {
		options[i] = component.Option{Value: c.Account.String(), Label: c.Name + ", " + language.SayText(ctx, p.team.deps.Policies.RoleLabel(s.Tenant, c.Role))}
	}
	return options, err
}

func (p *pages) addToTeam(r *http.Request, s tenants.Scope) (modules.View, error) {
	added, err := p.team.AddToTeam(r.Context(), s, r.PathValue("case"), Assigning{Account: modules.LinkID(r.PostFormValue("componente")), Reason: modules.Value(r, "motivo")})
	if problem.Is(err, problem.Invalid) {
		return p.view(r, s, err)
	}
	if err != nil {
		return modules.View{}, err
	}
	done := language.M("casefile.team.added")
	if !added {
		done = language.M("casefile.team.already")
	}
	return modules.Redirect("/cartelle/"+r.PathValue("case")+"/equipe", done), nil
}

func (p *pages) removeFromTeam(r *http.Request, s tenants.Scope) (modules.View, error) {
	err := p.team.RemoveFromTeam(r.Context(), s, r.PathValue("case"), modules.LinkID(r.PostFormValue("assegnazione")))
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect("/cartelle/"+r.PathValue("case")+"/equipe", language.M("casefile.team.removed")), nil
}

// handPage hands a case over to another manager.
type handPage struct {
	Errors   component.ErrorSummary
	Conflict *component.Alert
	Manager  component.Summary
	Form     teamForm
	Back     component.Link
}

func (p *pages) hand(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.handView(r, s, nil)
}

func (p *pages) handView(r *http.Request, s tenants.Scope, refused error) (modules.View, error) {
	a, ask, err := access.OpenedOwn(r, s, p.team.cases)
	if err != nil || a == nil {
		return ask, err
	}
	if err := a.MayArrange(); err != nil {
		return modules.View{}, err
	}
	if !p.team.MayAssign(s, a, Manager) {
		return modules.View{}, problem.New(problem.Forbidden, "casefile.error.assign")
	}
	all, err := p.team.FindAssignments(r.Context(), a)
	if err != nil {
		return modules.View{}, err
	}
	who, err := p.colleagueField(r, s, "responsabile", refused)
	if err != nil {
		return modules.View{}, err
	}
	page := handPage{Back: component.Link{Label: modules.Say(r, "casefile.new.back"), URL: "/cartelle/" + a.Ref + "/equipe"}, Form: teamForm{
		Action: "/cartelle/" + a.Ref + "/responsabile", Fields: []component.Field{who, reasonField(r, refused)},
		Submit: component.Button{Label: modules.Say(r, "casefile.team.hand"), Emphasis: component.Primary},
	}}
	page.Errors = component.Summarize(page.Form.Fields...)
	if len(all) > 0 && all[0].Lasts() && all[0].Part == Manager {
		page.Manager = component.Summary{Rows: managerRows(r, all[0])}
		page.Form.Hidden = []component.Hidden{{Name: "ora", Value: all[0].Account.String()}}
	}
	return p.handed(r, page, refused).On(a.Bar(p.team.cases, "casefile.nav.summary")), nil
}

// handed is the view of the page with the status of what was refused.
func (p *pages) handed(r *http.Request, page handPage, refused error) modules.View {
	status := 0
	switch {
	case problem.Is(refused, problem.Conflict):
		status = http.StatusConflict
		page.Conflict = &component.Alert{Tone: component.Warning, Title: language.Say(r.Context(), problem.Of(refused).Message)}
	case refused != nil:
		status = http.StatusUnprocessableEntity
	}
	view := modules.Render("casefile/hand", language.M("casefile.team.hand_title"), page)
	view.Status = status
	return view
}

func (p *pages) assign(r *http.Request, s tenants.Scope) (modules.View, error) {
	handed, err := p.team.Assign(r.Context(), s, r.PathValue("case"), Assigning{
		Account: modules.LinkID(r.PostFormValue("responsabile")), Reason: modules.Value(r, "motivo"), Seen: modules.LinkID(r.PostFormValue("ora")),
	})
	if problem.Is(err, problem.Invalid) || problem.Is(err, problem.Conflict) {
		return p.handView(r, s, err)
	}
	if err != nil {
		return modules.View{}, err
	}
	done := language.M("casefile.team.handed")
	if !handed {
		done = language.M("casefile.team.already_manager")
	}
	return modules.Redirect("/cartelle/"+r.PathValue("case")+"/equipe", done), nil
}

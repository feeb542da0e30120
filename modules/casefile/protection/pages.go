package protection

import (
	"net/http"
	"strings"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/casefile/access"
	"staffetta/tenants"
)

type pages struct {
	service *Protections
}

// Pages are the pages about the protection of a case.
func Pages(service *Protections) []modules.Page {
	p := &pages{service: service}
	return []modules.Page{
		{Pattern: "GET /cartelle/{case}/protezione", Permission: "case:read", Handle: p.show},
		{Pattern: "POST /cartelle/{case}/protezione", Permission: "case:write", Handle: p.protect},
		{Pattern: "POST /cartelle/{case}/protezione/togli", Permission: "case:write", Handle: p.release},
	}
}

// protectionPage says how a case is protected, and lets who works on it change that.
type protectionPage struct {
	Errors  component.ErrorSummary
	Held    []held
	Past    component.Table
	Action  string
	Fields  []component.Field // for a new one; none for who only reads
	Hidden  []component.Hidden
	Submit  component.Button
	Release string
	Back    component.Link
}

// held is a protection that holds.
type held struct {
	Kind, Since, Reason string
	Hidden              component.Hidden
	End                 *component.Field // for who may end it
	Button              component.Button
}

func (p *pages) show(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.view(r, s, nil)
}

func (p *pages) view(r *http.Request, s tenants.Scope, refused error) (modules.View, error) {
	a, ask, err := access.OpenedOwn(r, s, p.service.cases)
	if err != nil || a == nil {
		return ask, err
	}
	if !a.Scope.Reads(Section) {
		return modules.View{}, problem.Missing()
	}
	marks, err := p.service.FindMarks(r.Context(), a)
	if err != nil {
		return modules.View{}, err
	}
	at := "/cartelle/" + a.Ref
	page := protectionPage{Action: at + "/protezione", Release: at + "/protezione/togli", Back: component.Link{Label: modules.Say(r, "casefile.team.back"), URL: at}}
	may, ended := p.service.mayMark(a), modules.Value(r, "protezione")
	wrong := modules.FieldErrors(r.Context(), refused)
	page.Past = pastTable(r, marks)
	for _, m := range marks {
		if m.Holds() {
			page.Held = append(page.Held, heldOf(r, m, may, wrong))
		}
	}
	if may {
		page.Fields, page.Hidden = markFields(r, wrong, ended == ""), []component.Hidden{{Name: "id", Value: modules.FormID(r.FormValue("id")).String()}}
		page.Submit = component.Button{Label: modules.Say(r, "casefile.protection.submit"), Emphasis: component.Primary}
	}
	all := page.Fields
	for _, h := range page.Held {
		if h.End != nil {
			all = append(all, *h.End)
		}
	}
	page.Errors = component.Summarize(all...)
	view := modules.Render("casefile/protection", language.M("casefile.protection.title"), page).On(a.Bar(p.service.cases, "casefile.nav.summary"))
	if refused != nil {
		view = view.Refused()
	}
	return view, nil
}

// Row says on the summary of a case how it is protected.
func Row(r *http.Request, a *access.Access, marks []Mark) component.SummaryRow {
	row := component.SummaryRow{
		Label: modules.Say(r, "casefile.protection.label"), Values: []string{modules.Say(r, "casefile.protection.none")},
		Change: &component.Link{Label: modules.Say(r, "casefile.protection.title"), URL: "/cartelle/" + a.Ref + "/protezione"},
	}
	var kinds []string
	for _, m := range marks {
		if m.Holds() {
			kinds = append(kinds, modules.Say(r, "casefile.protection.kind."+m.Kind))
		}
	}
	if kinds != nil {
		row.Values = []string{strings.Join(kinds, ", ")}
	}
	return row
}

func heldOf(r *http.Request, m Mark, may bool, wrong map[string]string) held {
	h := held{
		Kind: modules.Say(r, "casefile.protection.kind."+m.Kind), Reason: m.Reason, Hidden: component.Hidden{Name: "protezione", Value: m.ID.String()},
		Since: modules.Say(r, "casefile.protection.since", "name", m.By, "day", m.At.In(language.Rome).Format("02/01/2006")),
	}
	if !may {
		return h
	}
	h.End = &component.Field{ID: "motivo-" + m.ID.String(), Name: "motivo", Required: true, MaxLength: mostReason, Label: modules.Say(r, "casefile.protection.end_reason")}
	if modules.Value(r, "protezione") == m.ID.String() {
		h.End.Value, h.End.Error = modules.Value(r, "motivo"), wrong["motivo"]
	}
	h.Button = component.Button{Label: modules.Say(r, "casefile.protection.end"), Hidden: h.Kind}
	return h
}

// markFields ask for a new protection; with what was typed, where that is what was sent.
func markFields(r *http.Request, wrong map[string]string, sent bool) []component.Field {
	kind := component.Field{ID: "tipo", Kind: component.Radios, Required: true, Label: modules.Say(r, "casefile.protection.kind")}
	reason := component.Field{
		ID: "motivo", Kind: component.LongText, Rows: 3, Required: true, MaxLength: mostReason,
		Label: modules.Say(r, "casefile.protection.reason"), Hint: modules.Say(r, "casefile.protection.reason_hint"),
	}
	if sent {
		kind.Value, kind.Error, reason.Value, reason.Error = modules.Value(r, "tipo"), wrong["tipo"], modules.Value(r, "motivo"), wrong["motivo"]
	}
	for _, k := range Kinds {
		kind.Options = append(kind.Options, component.Option{Value: k, Label: modules.Say(r, "casefile.protection.kind."+k)})
	}
	return []component.Field{kind, reason}
}

func pastTable(r *http.Request, marks []Mark) component.Table {
	t := component.Table{ID: "protezioni", Caption: modules.Say(r, "casefile.protection.past"), Hidden: true, Columns: []component.Column{
		{Label: modules.Say(r, "casefile.protection.kind")},
		{Label: modules.Say(r, "casefile.team.from")},
		{Label: modules.Say(r, "casefile.protection.reason")},
		{Label: modules.Say(r, "casefile.team.to")},
		{Label: modules.Say(r, "casefile.protection.end_reason")},
	}}
	for _, m := range marks {
		if !m.Holds() {
			t.Rows = append(t.Rows, component.Row{Cells: []component.Cell{
				{Text: modules.Say(r, "casefile.protection.kind."+m.Kind)},
				{Date: m.At.In(language.Rome), Note: m.By},
				{Text: m.Reason, Lang: "it"},
				{Date: m.EndedAt.In(language.Rome), Note: m.EndedBy},
				{Text: m.EndReason, Lang: "it"},
			}})
		}
	}
	return t
}

func (p *pages) protect(r *http.Request, s tenants.Scope) (modules.View, error) {
	err := p.service.Protect(r.Context(), s, r.PathValue("case"), Mark{
		ID: modules.FormID(r.PostFormValue("id")), Kind: modules.Value(r, "tipo"), Reason: modules.Value(r, "motivo"),
	})
	return p.answer(r, s, err, "casefile.protection.done")
}

func (p *pages) release(r *http.Request, s tenants.Scope) (modules.View, error) {
	err := p.service.Release(r.Context(), s, r.PathValue("case"), modules.LinkID(modules.Value(r, "protezione")), modules.Value(r, "motivo"))
	return p.answer(r, s, err, "casefile.protection.ended")
}

func (p *pages) answer(r *http.Request, s tenants.Scope, err error, flash string) (modules.View, error) {
	if problem.Is(err, problem.Invalid) {
		return p.view(r, s, err)
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect("/cartelle/"+r.PathValue("case")+"/protezione", language.M(flash)), nil
}

package privacy

import (
	"net/http"
	"strconv"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/onboarding/privacy/paper"
	"staffetta/tenants"
)

// documentPage is a document as it would be published now, with what changed and its versions.
type documentPage struct {
	Breadcrumb component.Breadcrumb
	modules.Refusal
	Alert    component.Alert
	Title    string
	Intro    string
	Missing  []component.Link // a plain text where the actor writes nothing
	Changes  []paper.Change
	Publish  *component.Decision
	Answer   *component.Decision
	Withdraw *component.Decision
	Links    []component.Link
	Versions component.Table
	Heading  string // above what was proposed, or the draft
	Body     []block
}

func (p *pages) show(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.documentView(r, s, nil)
}

func (p *pages) documentView(r *http.Request, s tenants.Scope, refused error) (modules.View, error) {
	kind := kindOf(r)
	if !kind.IsKind() {
		return modules.View{}, problem.Missing()
	}
	b, err := p.service.Find(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	versions, err := p.service.FindVersions(r.Context(), s, kind)
	if err != nil {
		return modules.View{}, err
	}
	one := b.Paper(kind)
	title := modules.Say(r, "onboarding.privacy.kind."+string(kind))
	page := documentPage{
		Breadcrumb: crumbs(r, title), Title: title, Intro: modules.Say(r, "onboarding.privacy.kind_text."+string(kind)), Alert: alertOf(r, one),
		Changes: one.Changes, Versions: versionTable(r, kind, versions), Heading: modules.Say(r, "onboarding.privacy.draft"), Body: blocksOf(3, one.Draft.Chapters...),
	}
	if one.Proposed != nil {
		page.Heading, page.Body = modules.Say(r, "onboarding.privacy.proposed"), blocksOf(3, one.Proposed.Document.Chapters...)
		page.Changes = nil
		if one.Published != nil {
			page.Changes = paper.Compare(one.Published.Document, one.Proposed.Document)
		}
	}
	for _, missing := range one.Draft.Missing {
		line := component.Link{Label: language.Say(r.Context(), missing)}
		if p.service.deps.Permits(s, Write) {
			line.URL = mendedAt[missing.Key]
		}
		page.Missing = append(page.Missing, line)
	}
	p.offer(r, s, &page, b, refused)
	page.Links = append(page.Links, component.Link{Label: modules.Say(r, "onboarding.privacy.save_html"), URL: pathOf(kind) + "/file?formato=html"})
	if kind == paper.Register {
		page.Links = append(page.Links, component.Link{Label: modules.Say(r, "onboarding.privacy.save_csv"), URL: pathOf(kind) + "/file?formato=csv"})
	}
	view := modules.Render("onboarding/privacy-document", language.M("onboarding.privacy.kind."+string(kind)), &page)
	return page.Explain(r, view, refused, component.FieldsOf(page.Publish, page.Answer)...), nil
}

// offer puts the forms on the page that the actor can use now.
func (p *pages) offer(r *http.Request, s tenants.Scope, page *documentPage, b Board, refused error) {
	one := b.Paper(kindOf(r))
	path := pathOf(one.Kind)
	writes := p.service.deps.Permits(s, Write)
	switch {
	case one.Proposed != nil:
		id := one.Proposed.ID.String()
		if writes {
			page.Withdraw = &component.Decision{Action: path + "/ritiro", Hidden: []component.Hidden{{Name: "id", Value: id}}, Button: component.Button{Label: modules.Say(r, "onboarding.privacy.withdraw")}}
		}
		if p.service.deps.Permits(s, Agree) && one.Proposed.ProposedBy != s.Account {
			page.Answer = &component.Decision{
				Title: modules.Say(r, "onboarding.privacy.answering"), Action: path + "/parere", Hidden: []component.Hidden{{Name: "id", Value: id}},
				Fields: modules.Filled(r, refused, component.Field{ID: "motivo", Kind: component.LongText, Rows: 3, MaxLength: maxWords, Depends: true, Label: modules.Say(r, "onboarding.privacy.reason")}),
				Button: component.Button{Label: modules.Say(r, "onboarding.privacy.agree"), Name: "esito", Value: "si", Emphasis: component.Primary},
				Other:  &component.Button{Label: modules.Say(r, "onboarding.privacy.refuse"), Name: "esito", Value: "no"},
			}
		}
	case writes && len(one.Draft.Missing) == 0 && !one.UpToDate():
		page.Publish = publishForm(r, b, one, refused)
	}
}

func publishForm(r *http.Request, b Board, one Paper, refused error) *component.Decision {
	form := &component.Decision{
		Title: modules.Say(r, "onboarding.privacy.publishing"), Action: pathOf(one.Kind),
		Hidden: []component.Hidden{{Name: modules.MarkField, Value: one.Mark}, {Name: "id", Value: modules.FormID(r.PostFormValue("id")).String()}},
		Button: component.Button{Label: modules.Say(r, "onboarding.privacy.propose"), Emphasis: component.Primary},
	}
	if !b.Agreed {
		form.Button.Label = modules.Say(r, "onboarding.privacy.publish")
		form.Fields = modules.Filled(r, refused, component.Field{
			ID: "parere", Kind: component.LongText, Rows: 3, Required: true, MaxLength: maxWords,
			Label: modules.Say(r, "onboarding.privacy.opinion"), Hint: modules.Say(r, "onboarding.privacy.opinion_hint"),
		})
	}
	return form
}

func alertOf(r *http.Request, p Paper) component.Alert {
	tone := component.Info
	if p.UpToDate() && p.Proposed == nil {
		tone = component.Success
	}
	return component.Alert{Tone: tone, Title: standing(r, p)}
}

func versionTable(r *http.Request, kind paper.Kind, all []Version) component.Table {
	t := component.Table{
		ID: "versioni", Caption: modules.Say(r, "onboarding.privacy.versions"),
		Columns: []component.Column{
			{Label: modules.Say(r, "onboarding.privacy.column.version")},
			{Label: modules.Say(r, "onboarding.privacy.column.proposed")},
			{Label: modules.Say(r, "onboarding.privacy.column.decided")},
			{Label: modules.Say(r, "onboarding.privacy.column.sum")},
		},
		Empty: component.Empty{Title: modules.Say(r, "onboarding.privacy.never")},
	}
	for _, x := range all {
		name := component.Cell{Text: modules.Say(r, "onboarding.privacy.version_state."+string(x.State))}
		if x.Number > 0 {
			name = component.Cell{Text: modules.Say(r, "onboarding.privacy.version", "n", x.Number), URL: pathOf(kind) + "/versioni/" + strconv.Itoa(x.Number)}
		}
		decided := component.Cell{Text: x.DecidedName, Note: x.Words, Instant: x.DecidedAt}
		if x.State == Proposed {
			decided = component.Cell{}
		}
		t.Rows = append(t.Rows, component.Row{Cells: []component.Cell{name, {Text: x.ProposedName, Instant: x.ProposedAt}, decided, {Text: x.SHA256[:16]}}})
	}
	return t
}

func (p *pages) publish(r *http.Request, s tenants.Scope) (modules.View, error) {
	kind := kindOf(r)
	if !kind.IsKind() {
		return modules.View{}, problem.Missing()
	}
	err := p.service.Publish(r.Context(), s, Order{ID: modules.FormID(r.PostFormValue("id")), Kind: kind, Mark: r.PostFormValue(modules.MarkField), Opinion: modules.Value(r, "parere")})
	return p.settle(r, s, err, language.M("onboarding.privacy.done"))
}

func (p *pages) answer(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.KnownID(r.PostFormValue("id"))
	if err != nil {
		return modules.View{}, err
	}
	err = p.service.Answer(r.Context(), s, Answer{ID: id, Yes: r.PostFormValue("esito") == "si", Words: modules.Value(r, "motivo")})
	return p.settle(r, s, err, language.M("onboarding.privacy.answered"))
}

func (p *pages) withdraw(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.KnownID(r.PostFormValue("id"))
	if err != nil {
		return modules.View{}, err
	}
	return p.settle(r, s, p.service.Withdraw(r.Context(), s, id), language.M("onboarding.privacy.withdrawn"))
}

// settle shows the document again with what was refused, or as it stands now.
func (p *pages) settle(r *http.Request, s tenants.Scope, err error, flash language.Message) (modules.View, error) {
	switch {
	case problem.Is(err, problem.Invalid), problem.Is(err, problem.Conflict), problem.Is(err, problem.Forbidden):
		return p.documentView(r, s, err)
	case err != nil:
		return modules.View{}, err
	case !kindOf(r).IsKind():
		return modules.View{}, problem.Missing()
	default:
		return modules.Redirect(pathOf(kindOf(r)), flash), nil
	}
}

// versionPage is a published version.
type versionPage struct {
	Breadcrumb component.Breadcrumb
	Title      string
	Facts      component.Summary
	Links      []component.Link
	Since      string // which version the changes are from
	Changes    []paper.Change
	Body       []block
}

func (p *pages) version(r *http.Request, s tenants.Scope) (modules.View, error) {
	kind := kindOf(r)
	number, err := strconv.ParseInt(r.PathValue("number"), 10, 32)
	if !kind.IsKind() || err != nil || number < 1 {
		return modules.View{}, problem.Missing()
	}
	x, err := p.service.GetPublished(r.Context(), s, kind, int(number))
	if err != nil {
		return modules.View{}, err
	}
	saved := pathOf(kind) + "/file?versione=" + strconv.Itoa(x.Number) + "&formato="
	page := versionPage{
		Breadcrumb: crumbs(r, modules.Say(r, "onboarding.privacy.kind."+string(kind))), Title: x.Document.Title, Body: blocksOf(2, x.Document.Chapters...),
		Links: []component.Link{{Label: modules.Say(r, "onboarding.privacy.save_html"), URL: saved + "html"}},
		Facts: component.Summary{Rows: []component.SummaryRow{
			{Label: modules.Say(r, "onboarding.privacy.column.version"), Values: []string{strconv.Itoa(x.Number)}},
			{Label: modules.Say(r, "onboarding.privacy.column.proposed"), Values: []string{x.ProposedName}},
			{Label: modules.Say(r, "onboarding.privacy.column.decided"), Values: modules.Given(x.DecidedName+", "+paper.Day(x.DecidedAt), x.Words)},
			{Label: "SHA-256", Values: []string{x.SHA256}},
		}},
	}
	if kind == paper.Register {
		page.Links = append(page.Links, component.Link{Label: modules.Say(r, "onboarding.privacy.save_csv"), URL: saved + "csv"})
	}
	if x.Number > 1 {
		before, err := p.service.GetPublished(r.Context(), s, kind, x.Number-1)
		if err != nil {
			return modules.View{}, err
		}
		page.Since, page.Changes = modules.Say(r, "onboarding.privacy.changed_since", "n", before.Number), paper.Compare(before.Document, x.Document)
		page.Links = append(page.Links, component.Link{Label: modules.Say(r, "onboarding.privacy.version", "n", before.Number), URL: pathOf(kind) + "/versioni/" + strconv.Itoa(before.Number)})
	}
	return modules.Render("onboarding/privacy-version", language.M("onboarding.privacy.version", "n", x.Number), page), nil
}

// file saves a document, as it is drafted or as a version says, as a page or, for the register, as a table.
func (p *pages) file(r *http.Request, s tenants.Scope) (modules.View, error) {
	kind := kindOf(r)
	d, note, err := p.wanted(r, s, kind)
	if err != nil {
		return modules.View{}, err
	}
	f := modules.File{Name: paths[kind] + "-" + s.Slug + ".html", MediaType: "text/html; charset=utf-8"}
	switch format := r.URL.Query().Get("formato"); {
	case format == "csv" && kind == paper.Register:
		f.Name, f.MediaType = paths[kind]+"-"+s.Slug+".csv", "text/csv; charset=utf-8"
		f.Content, err = paper.CSV(d)
	case format == "html":
		f.Content, err = paper.HTML(d, note)
	default:
		return modules.View{}, problem.Missing()
	}
	return modules.View{File: &f}, err
}

// wanted is the document that the address asks for, with which one it is.
func (p *pages) wanted(r *http.Request, s tenants.Scope, kind paper.Kind) (paper.Document, string, error) {
	if !kind.IsKind() {
		return paper.Document{}, "", problem.Missing()
	}
	if asked := r.URL.Query().Get("versione"); asked != "" {
		number, err := strconv.ParseInt(asked, 10, 32)
		if err != nil || number < 1 {
			return paper.Document{}, "", problem.Missing()
		}
		x, err := p.service.GetPublished(r.Context(), s, kind, int(number))
		return x.Document, "Versione " + strconv.Itoa(x.Number) + " del " + paper.Day(x.DecidedAt) + ", SHA-256 " + x.SHA256, err
	}
	b, err := p.service.Find(r.Context(), s)
	if err != nil {
		return paper.Document{}, "", err
	}
	return b.Paper(kind).Draft.Document, "Bozza, non pubblicata", nil
}

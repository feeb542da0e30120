package body

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/tenants"
)

const at = "/piattaforma/enti"

type pages struct {
	service *Service
}

// Pages are those of the bodies for who runs the platform.
func Pages(service *Service) []modules.Page {
	p := pages{service}
	return []modules.Page{
		{Pattern: "GET " + at, Permission: Read, Site: modules.OnPlatform, Nav: &modules.Nav{Label: "steward.body.nav", Order: 30, About: "steward.body.about"}, Handle: p.list},
		{Pattern: "GET " + at + "/{body}", Permission: Read, Site: modules.OnPlatform, Handle: p.show},
		{Pattern: "POST " + at + "/{body}/sospendi", Permission: Suspend, Site: modules.OnPlatform, Handle: p.suspend},
		{Pattern: "POST " + at + "/{body}/riapri", Permission: Suspend, Site: modules.OnPlatform, Handle: p.resume},
		{Pattern: "POST " + at + "/{body}/indirizzo/sospendi", Permission: Suspend, Site: modules.OnPlatform, Handle: p.suspendDomain},
		{Pattern: "POST " + at + "/{body}/indirizzo/riapri", Permission: Suspend, Site: modules.OnPlatform, Handle: p.resumeDomain},
	}
}

// listPage lists bodies.
type listPage struct {
	Action string
	Fields []component.Field
	Search component.Button
	Table  component.Table
}

func (p pages) list(r *http.Request, s tenants.Scope) (modules.View, error) {
	query := r.URL.Query()
	search := Search{Words: strings.TrimSpace(query.Get("nome")), State: stateOf(query.Get("stato"))}
	if after, err := strconv.ParseInt(query.Get("dopo"), 10, 32); err == nil && after > 0 {
		search.After = int32(after)
	}
	lines, next, err := p.service.Find(r.Context(), s, search)
	if err != nil {
		return modules.View{}, err
	}
	page := listPage{Action: at, Fields: searchFields(r, search), Search: component.Button{Label: modules.Say(r, "steward.body.search")}, Table: table(r, lines)}
	if next > 0 {
		onward := url.Values{"nome": {search.Words}, "stato": {string(search.State)}, "dopo": {strconv.Itoa(int(next))}}
		page.Table.Pager = &component.Pager{Next: at + "?" + onward.Encode(), Shown: modules.Say(r, "steward.body.shown", "n", len(lines))}
	}
	return modules.Render("steward/bodies", language.M("steward.body.title"), page), nil
}

func stateOf(word string) tenants.State {
	for _, state := range States {
		if string(state) == word {
			return state
		}
	}
	return ""
}

func searchFields(r *http.Request, search Search) []component.Field {
	state := component.Field{ID: "stato", Kind: component.Select, Label: modules.Say(r, "steward.body.state"), Value: string(search.State), Width: component.Medium}
	for _, one := range States {
		state.Options = append(state.Options, component.Option{Value: string(one), Label: modules.Say(r, "steward.body.state_"+string(one))})
	}
	return []component.Field{
		{ID: "nome", Label: modules.Say(r, "steward.body.name"), Value: search.Words, MaxLength: 80, Width: component.Medium}, state,
	}
}

func table(r *http.Request, lines []Line) component.Table {
	t := component.Table{
		Caption: modules.Say(r, "steward.body.title"), Hidden: true, Cards: true,
		Empty: component.Empty{Title: modules.Say(r, "steward.body.none"), Text: modules.Say(r, "steward.body.none_text"), Action: &component.Link{Label: modules.Say(r, "steward.body.all"), URL: at}},
	}
	for _, key := range []string{"name", "state", "kind", "since", "modules", "last"} {
		t.Columns = append(t.Columns, component.Column{Label: modules.Say(r, "steward.body."+key), Numeric: key == "modules"})
	}
	for _, line := range lines {
		last := component.Cell{Date: line.LastOn}
		if line.LastOn.IsZero() {
			last = component.Cell{Text: modules.Say(r, "steward.body.long_ago")}
		}
		since := line.ActivatedAt
		if since.IsZero() {
			since = line.CreatedAt
		}
		t.Rows = append(t.Rows, component.Row{Cells: []component.Cell{
			{Text: line.Name, URL: at + "/" + line.Slug, Lang: language.Italian, Note: line.Host},
			{Tags: []component.Tag{stateTag(r, line.State)}},
			{Text: modules.Say(r, "steward.body.kind_"+string(line.Kind))},
			{Date: language.Day(since)},
			{Text: strconv.Itoa(len(line.Switched)), Numeric: true},
			last,
		}})
	}
	return t
}

func stateTag(r *http.Request, state tenants.State) component.Tag {
	tones := map[tenants.State]component.Tone{tenants.Active: component.Success, tenants.Entering: component.Info, tenants.Suspended: component.Warning}
	return component.Tag{Label: modules.Say(r, "steward.body.state_"+string(state)), Tone: tones[state]}
}

// sheetPage is how a body stands.
type sheetPage struct {
	Breadcrumb  component.Breadcrumb
	Errors      component.ErrorSummary
	Alert       *component.Alert
	Title       string
	Facts       component.Summary
	Usage       component.Table
	Suspensions *component.Table
	Forms       []*component.Decision
}

func (p pages) show(r *http.Request, s tenants.Scope) (modules.View, error) { return p.view(r, s, nil) }

func (p pages) view(r *http.Request, s tenants.Scope, refused error) (modules.View, error) {
	sheet, err := p.service.Get(r.Context(), s, r.PathValue("body"))
	if err != nil {
		return modules.View{}, err
	}
	page := sheetPage{
		Breadcrumb: component.Breadcrumb{Items: []component.Crumb{{Label: modules.Say(r, "steward.body.title"), URL: at}, {Label: sheet.Name}}},
		Title:      sheet.Name, Facts: p.facts(r, sheet), Usage: usage(r, sheet.Months),
	}
	if len(sheet.Suspensions) > 0 {
		page.Suspensions = suspensions(r, sheet.Suspensions)
	}
	if p.service.deps.Permits(s, Suspend) {
		page.Forms = forms(r, sheet, refused)
		page.Errors = component.Summarize(component.FieldsOf(page.Forms...)...)
	}
	if problem.Is(refused, problem.Invalid) && len(page.Errors.Errors) == 0 { // the form that was sent is not offered any more
		page.Errors.Errors = []component.FieldError{{Message: modules.Say(r, "steward.body.late")}}
	}
	if problem.Is(refused, problem.Conflict) {
		page.Alert = &component.Alert{Tone: component.Warning, Title: modules.Say(r, "steward.body.late")}
	}
	view := modules.Render("steward/body", language.M("steward.body.sheet", "name", sheet.Name), page)
	if refused != nil {
		view.Status = problem.Of(refused).Kind.Status()
	}
	return view, nil
}

func (p pages) facts(r *http.Request, b Sheet) component.Summary {
	row := func(key string, values ...string) component.SummaryRow {
		return component.SummaryRow{Label: modules.Say(r, "steward.body."+key), Values: modules.Given(values...)}
	}
	state := stateTag(r, b.State)
	summary := component.Summary{Rows: []component.SummaryRow{
		{Label: modules.Say(r, "steward.body.state"), Tag: &state}, row("kind", modules.Say(r, "steward.body.kind_"+string(b.Kind))), row("ipa", b.IPA), row("pec", b.PEC), row("address", "/"+b.Slug),
	}}
	if d := b.Domain; d != nil {
		summary.Rows = append(summary.Rows, row("domain", d.Host, modules.Say(r, "steward.body.domain_"+d.State), d.Blocked))
	}
	if e := b.Entry; e != nil {
		summary.Rows = append(summary.Rows, row("contact", e.Contact, e.Position, e.Email), component.SummaryRow{Label: modules.Say(r, "steward.body.entered"), Date: language.Day(e.At)},
			row("confirmed", e.Confirmed), row("reviewed", e.Reviewed))
	} else {
		summary.Rows = append(summary.Rows, row("entered", modules.Say(r, "steward.body.made")))
	}
	var on []string
	for _, m := range p.service.deps.Platform.Modules {
		if m.Essential || b.Has(string(m.ID)) {
			on = append(on, language.SayText(r.Context(), m.Title))
		}
	}
	return component.Summary{Rows: append(summary.Rows, row("modules", strings.Join(on, " · ")),
		row("checks", modules.Say(r, "steward.body.stops", "n", b.Stops), modules.Say(r, "steward.body.advised", "n", b.Advised)))}
}

func usage(r *http.Request, months []Month) component.Table {
	t := component.Table{ID: "uso", Caption: modules.Say(r, "steward.body.usage"), Cards: true}
	for _, key := range []string{"month", "people", "events"} {
		t.Columns = append(t.Columns, component.Column{Label: modules.Say(r, "steward.body."+key), Numeric: key != "month"})
	}
	figure := func(n int) component.Cell {
		if n == Few {
			return component.Cell{Text: modules.Say(r, "steward.body.few"), Numeric: true}
		}
		return component.Cell{Text: strconv.Itoa(n), Numeric: true}
	}
	for _, m := range months {
		t.Rows = append(t.Rows, component.Row{Cells: []component.Cell{{Text: m.First.Format("01/2006")}, figure(m.People), figure(m.Events)}})
	}
	return t
}

func suspensions(r *http.Request, all []Suspension) *component.Table {
	t := &component.Table{ID: "sospensioni", Caption: modules.Say(r, "steward.body.suspensions"), Cards: true}
	for _, key := range []string{"from", "why", "to"} {
		t.Columns = append(t.Columns, component.Column{Label: modules.Say(r, "steward.body."+key)})
	}
	for _, x := range all {
		end := component.Cell{Text: modules.Say(r, "steward.body.lasts")}
		if !x.EndedAt.IsZero() {
			end = component.Cell{Instant: x.EndedAt.In(language.Rome), Note: x.EndedName + ": " + x.EndedReason}
		}
		t.Rows = append(t.Rows, component.Row{Cells: []component.Cell{{Instant: x.At.In(language.Rome)}, {Text: x.Reason, Note: x.Name}, end}})
	}
	return t
}

// forms are what can be decided about a body, and about its own address.
func forms(r *http.Request, b Sheet, refused error) (all []*component.Decision) {
	switch {
	case b.State == tenants.Suspended:
		all = append(all, form(r, b, "resume", "riapri", refused))
	case b.State.IsOpen():
		all = append(all, form(r, b, "suspend", "sospendi", refused))
	}
	switch d := b.Domain; {
	case d == nil:
	case d.Blocked != "":
		all = append(all, form(r, b, "resume_domain", "indirizzo/riapri", refused))
	default:
		all = append(all, form(r, b, "suspend_domain", "indirizzo/sospendi", refused))
	}
	return all
}

// form asks for the reason of a way; what was refused stands in the form that was sent.
func form(r *http.Request, b Sheet, way, word string, refused error) *component.Decision {
	d := &component.Decision{
		Title: modules.Say(r, "steward.body."+way), Text: modules.Say(r, "steward.body."+way+"_text"), Action: at + "/" + b.Slug + "/" + word,
		Fields: []component.Field{{
			ID: "motivo", Kind: component.LongText, Rows: 3, Label: modules.Say(r, "steward.reason"), Hint: modules.Say(r, "steward.body."+way+"_hint"), Required: true, MaxLength: maxReason,
		}},
		Button: component.Button{Label: modules.Say(r, "steward.body."+way), Emphasis: component.Grave},
	}
	if strings.HasPrefix(way, "resume") {
		d.Button.Emphasis = component.Primary
	}
	if way == "suspend" {
		sure := component.Consent(r.Context(), refused != nil && modules.ReadConsent(r).Acknowledged, "")
		sure.Label, sure.Options[0].Label = modules.Say(r, "steward.body.suspend_sure"), modules.Say(r, "steward.body.suspend_known", "body", b.Name)
		d.Fields = append(d.Fields, sure)
	}
	if d.Action == r.URL.Path {
		d.Fields = modules.Filled(r, refused, d.Fields...)
	}
	if strings.HasPrefix(word, "indirizzo/") {
		d.Fields[0].ID, d.Fields[0].Name = "motivo-indirizzo", "motivo" // the page has two
	}
	return d
}

func (p pages) suspend(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.answer(r, s, p.service.Suspend(r.Context(), s, r.PathValue("body"), Suspending{modules.Value(r, "motivo"), modules.ReadConsent(r).Acknowledged}), "steward.body.suspended")
}

func (p pages) resume(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.answer(r, s, p.service.Resume(r.Context(), s, r.PathValue("body"), modules.Value(r, "motivo")), "steward.body.resumed")
}

func (p pages) suspendDomain(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.answer(r, s, p.service.SuspendDomain(r.Context(), s, r.PathValue("body"), modules.Value(r, "motivo")), "steward.body.domain_suspended_now")
}

func (p pages) resumeDomain(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.answer(r, s, p.service.ResumeDomain(r.Context(), s, r.PathValue("body"), modules.Value(r, "motivo")), "steward.body.domain_resumed_now")
}

// answer shows the sheet again with what was refused, or leads to how the body stands now.
func (p pages) answer(r *http.Request, s tenants.Scope, err error, done string) (modules.View, error) {
	switch {
	case problem.Is(err, problem.Invalid), problem.Is(err, problem.Conflict):
		return p.view(r, s, err)
	case err != nil:
		return modules.View{}, err
	}
	return modules.Redirect(at+"/"+r.PathValue("body"), language.M(done)), nil
}

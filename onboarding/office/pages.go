package office

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/policies"
	"staffetta/tenants"
)

const at = "/console/sedi"

type pages struct {
	service *Service
}

// Pages are the pages of the offices, with the one that citizens read.
func Pages(v *Service) []modules.Page {
	p := &pages{service: v}
	return []modules.Page{
		{Pattern: "GET /sedi", Permission: policies.Public, Nav: &modules.Nav{Label: "onboarding.office.public.nav", Order: 91}, Handle: p.showPublic},
		{Pattern: "GET " + at, Permission: Read, Nav: &modules.Nav{Label: "onboarding.office.nav", Order: 25, About: "onboarding.office.about"}, Handle: p.list},
		{Pattern: "GET " + at + "/nuova", Permission: Write, Handle: p.begin},
		{Pattern: "POST " + at + "/nuova", Permission: Write, Handle: p.create},
		{Pattern: "GET " + at + "/{office}", Permission: Read, Handle: p.show},
		{Pattern: "POST " + at + "/{office}", Permission: Write, Handle: p.change},
		{Pattern: "GET " + at + "/{office}/chiudi", Permission: Write, Handle: p.askClose},
		{Pattern: "POST " + at + "/{office}/chiudi", Permission: Write, Handle: p.close},
	}
}

// listPage lists the offices of the body.
type listPage struct {
	New    *component.Button
	Table  component.Table
	Public component.Link
}

func (p *pages) list(r *http.Request, s tenants.Scope) (modules.View, error) {
	found, err := p.service.Find(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	page := listPage{
		Public: component.Link{Label: modules.Say(r, "onboarding.office.public.link"), URL: "/sedi"},
		Table: component.Table{
			ID: "sedi", Caption: modules.Say(r, "onboarding.office.title"), Hidden: true, Cards: true,
			Empty: component.Empty{Title: modules.Say(r, "onboarding.office.none"), Text: modules.Say(r, "onboarding.office.none_text")},
		},
	}
	for _, key := range []string{"name", "hours", "areas", "targets"} {
		page.Table.Columns = append(page.Table.Columns, component.Column{Label: modules.Say(r, "onboarding.office."+key)})
	}
	if p.service.deps.Permits(s, Write) {
		page.New = &component.Button{Label: modules.Say(r, "onboarding.office.new"), URL: at + "/nuova", Emphasis: component.Primary}
	}
	for _, o := range found {
		name := component.Cell{Text: o.Name, URL: pathOf(o.ID), Note: strings.Join(modules.Given(o.Address, o.Phone), " · "), Tags: stateTags(r, o)}
		page.Table.Rows = append(page.Table.Rows, component.Row{Cells: []component.Cell{
			name, {Text: hoursToday(r, o)}, {Text: strings.Join(o.Areas, ", ")}, {Text: targetNames(r, o.Targets)},
		}})
	}
	return modules.Render("onboarding/offices", language.M("onboarding.office.title"), page), nil
}

func pathOf(id int32) string { return at + "/" + strconv.Itoa(int(id)) }

// stateTags say of an office that is not simply there since when or until when it is.
func stateTags(r *http.Request, o Office) []component.Tag {
	today := language.Day(time.Now())
	switch {
	case !o.To.IsZero() && o.To.Before(today):
		return []component.Tag{{Label: modules.Say(r, "onboarding.office.closed", "day", day(o.To))}}
	case !o.To.IsZero():
		return []component.Tag{{Label: modules.Say(r, "onboarding.office.closes", "day", day(o.To)), Tone: component.Warning}}
	case o.From.After(today):
		return []component.Tag{{Label: modules.Say(r, "onboarding.office.opens", "day", day(o.From)), Tone: component.Info}}
	}
	return nil
}

func day(d time.Time) string { return d.Format("02/01/2006") }

// hoursToday says when an office is open today.
func hoursToday(r *http.Request, o Office) string {
	today := language.Day(time.Now())
	if why, closed := o.IsClosed(today); closed && why != "" {
		return modules.Say(r, "onboarding.office.closed_why", "why", why)
	} else if closed || !o.IsOpen(today) || len(o.Hours.On(today)) == 0 {
		return modules.Say(r, "onboarding.office.closed_today")
	}
	return modules.Say(r, "onboarding.office.open_today", "hours", Text(o.Hours.On(today)))
}

func targetNames(r *http.Request, targets []string) string {
	var names []string
	for _, target := range Targets {
		if slices.Contains(targets, target) {
			names = append(names, modules.Say(r, "onboarding.office.target."+target))
		}
	}
	return strings.Join(names, ", ")
}

// formPage says what a body says of an office, and changes it.
type formPage struct {
	Breadcrumb component.Breadcrumb
	Errors     component.ErrorSummary
	Heading    string
	Note       *component.Alert
	Action     string
	ID         string
	Version    int
	Fields     []component.Field
	Hours      []component.Field
	Save       component.Button
	Close      *component.Link
	Closed     bool
}

func (p *pages) begin(r *http.Request, s tenants.Scope) (modules.View, error) {
	o, err := p.service.Propose(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	if o.Address != "" {
		o.Name = modules.Say(r, "onboarding.office.first")
	}
	return formView(r, o, nil), nil
}

func (p *pages) create(r *http.Request, s tenants.Scope) (modules.View, error) {
	o, err := readForm(r)
	if err == nil {
		_, err = p.service.Create(r.Context(), s, modules.FormID(r.PostFormValue("id")), o.Sheet)
	}
	return answer(r, o, err, "onboarding.office.created")
}

func (p *pages) show(r *http.Request, s tenants.Scope) (modules.View, error) {
	o, err := p.get(r, s)
	if err != nil {
		return modules.View{}, err
	}
	view := formView(r, o, nil)
	if !p.service.deps.Permits(s, Write) {
		view.Data = view.Data.(formPage).readOnly()
	}
	return view, nil
}

// readOnly is the sheet as who may not change it reads it.
func (page formPage) readOnly() formPage {
	page.Closed, page.Close = true, nil
	for _, list := range [][]component.Field{page.Fields, page.Hours} {
		for i := range list {
			list[i].ReadOnly = true
		}
	}
	return page
}

// get is the office that the path names.
func (p *pages) get(r *http.Request, s tenants.Scope) (Office, error) {
	id, err := strconv.ParseInt(r.PathValue("office"), 10, 32)
	if err != nil || strconv.FormatInt(id, 10) != r.PathValue("office") {
		return Office{}, problem.Missing()
	}
	return p.service.Get(r.Context(), s, int32(id))
}

func (p *pages) change(r *http.Request, s tenants.Scope) (modules.View, error) {
	before, err := p.get(r, s)
	if err != nil {
		return modules.View{}, err
	}
	o, err := readForm(r)
	o.ID, o.To = before.ID, before.To
	if err == nil {
		err = p.service.Change(r.Context(), s, o.ID, o.Version, o.Sheet)
	}
	return answer(r, o, err, "onboarding.office.saved")
}

// answer shows the form again with what was refused, or leads back to the list.
func answer(r *http.Request, o Office, err error, done string) (modules.View, error) {
	switch {
	case problem.Is(err, problem.Invalid):
		return formView(r, o, err).Refused(), nil
	case err != nil:
		return modules.View{}, err
	}
	return modules.Redirect(at, language.M(done)), nil
}

// readForm reads what was written of an office; the error carries the fields that cannot be read.
func readForm(r *http.Request) (Office, error) {
	var wrong problem.Fields
	o := Office{Sheet: Sheet{
		Name: modules.Value(r, "nome"), Address: modules.Value(r, "indirizzo"), Phone: modules.Value(r, "telefono"), Email: modules.Value(r, "email"),
		AccessNotes: modules.Value(r, "accesso"), Areas: strings.Split(modules.Value(r, "zone"), "\n"), Targets: r.PostForm["utenza"],
	}}
	o.Version, _ = strconv.Atoi(modules.Value(r, "versione")) // anything else is a version that never was
	for i, field := range DayFields {
		openings, ok := ParseDay(modules.Value(r, field))
		if !ok {
			wrong.Add(field, "onboarding.office.error.hours")
		}
		o.Hours[i] = openings
	}
	var ok bool
	if o.Closed, ok = ParseClosed(modules.Value(r, "chiusure")); !ok {
		wrong.Add("chiusure", "onboarding.office.error.closed_form")
	}
	if text := modules.Value(r, "dal"); text != "" {
		var err error
		if o.From, err = time.Parse(time.DateOnly, text); err != nil {
			wrong.Add("dal", "web.field.day")
		}
	}
	return o, wrong.Err()
}

func formView(r *http.Request, o Office, refused error) modules.View {
	heading := modules.Say(r, "onboarding.office.new")
	page := formPage{
		Action: at + "/nuova", ID: modules.FormID(r.PostFormValue("id")).String(), Version: o.Version, Closed: !o.To.IsZero(),
		Save: component.Button{Label: modules.Say(r, "onboarding.office.save"), Emphasis: component.Primary},
	}
	if o.ID != 0 {
		heading, page.Action = modules.Say(r, "onboarding.office.change", "name", o.Name), pathOf(o.ID)
		page.Close = &component.Link{Label: modules.Say(r, "onboarding.office.close"), URL: pathOf(o.ID) + "/chiudi"}
	}
	if page.Closed {
		page.Note = &component.Alert{Tone: component.Info, Text: stateTags(r, o)[0].Label}
		page.Close = nil
	}
	page.Heading = heading
	page.Breadcrumb = component.Breadcrumb{Items: []component.Crumb{{Label: modules.Say(r, "onboarding.office.title"), URL: at}, {Label: heading}}}
	page.Fields, page.Hours = fields(r, o), append(hourFields(r, o), closedField(r, o))
	wrong := modules.FieldErrors(r.Context(), refused)
	for _, list := range [][]component.Field{page.Fields, page.Hours} {
		for i := range list {
			list[i].Error, list[i].ReadOnly = wrong[list[i].ID], page.Closed
		}
	}
	page.Errors = component.Summarize(append(slices.Clone(page.Fields), page.Hours...)...)
	return modules.Render("onboarding/office", language.M("onboarding.office.page", "heading", heading), page)
}

func fields(r *http.Request, o Office) []component.Field {
	field := func(id, value string, kind component.FieldKind, longest int) component.Field {
		return component.Field{ID: id, Kind: kind, Label: modules.Say(r, "onboarding.office.field."+id), Value: value, MaxLength: longest, Width: component.Medium}
	}
	targets := component.Field{ID: "utenza", Kind: component.Checkboxes, Label: modules.Say(r, "onboarding.office.field.utenza"), Hint: modules.Say(r, "onboarding.office.hint.utenza")}
	for _, target := range Targets {
		targets.Options = append(targets.Options, component.Option{
			Value: target, Label: modules.Say(r, "onboarding.office.target."+target), Selected: slices.Contains(o.Targets, target),
		})
	}
	from := ""
	if !o.From.IsZero() && o.From.Year() > 2000 { // before that nobody has said it
		from = o.From.Format(time.DateOnly)
	}
	all := []component.Field{
		field("nome", o.Name, component.Text, 120), field("indirizzo", o.Address, component.Text, 300), field("telefono", o.Phone, component.Phone, 40),
		field("email", o.Email, component.Email, 254), field("zone", strings.Join(o.Areas, "\n"), component.LongText, 0), targets,
		field("accesso", o.AccessNotes, component.LongText, 1000), field("dal", from, component.Appointed, 0),
	}
	all[0].Required, all[1].Required = true, true
	for _, hinted := range []int{4, 6, 7} {
		all[hinted].Hint = modules.Say(r, "onboarding.office.hint."+all[hinted].ID)
	}
	all[4].Width, all[6].Width, all[4].Rows, all[6].Rows = component.Full, component.Full, 3, 3
	return all
}

func hourFields(r *http.Request, o Office) []component.Field {
	all := make([]component.Field, len(DayFields))
	for i, id := range DayFields {
		value := modules.Value(r, id)
		if value == "" {
			value = Text(o.Hours[i])
		}
		all[i] = component.Field{ID: id, Label: modules.Say(r, "onboarding.office.day."+id), Value: value, MaxLength: 80, Width: component.Medium}
	}
	return all
}

func closedField(r *http.Request, o Office) component.Field {
	lines := make([]string, len(o.Closed))
	for i, c := range o.Closed {
		lines[i] = c.String()
	}
	return component.Field{
		ID: "chiusure", Kind: component.LongText, Rows: 4, Label: modules.Say(r, "onboarding.office.field.chiusure"), Hint: modules.Say(r, "onboarding.office.hint.chiusure"),
		Value: cmp.Or(modules.Value(r, "chiusure"), strings.Join(lines, "\n")),
	}
}

package intake

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/registry"
	"staffetta/tenants"
)

// pages are the module's part of the web site.
type pages struct {
	service *Service
}

func (p pages) list() []modules.Page {
	nav := &modules.Nav{Label: "intake.nav", Order: 10}
	return []modules.Page{
		{Pattern: "GET /sportello", Permission: readContacts, Nav: nav, Handle: p.find},
		{Pattern: "GET /sportello/nuovo", Permission: writeContacts, Handle: p.showNew},
		{Pattern: "POST /sportello/nuovo", Permission: writeContacts, Handle: p.create},
		{Pattern: "GET /sportello/nuovo/persona", Permission: writePersons, Handle: p.register},
		{Pattern: "GET /sportello/{id}", Permission: readContacts, Handle: p.show},
		{Pattern: "GET /sportello/{id}/cartella", Permission: createCases, Handle: p.showCase},
		{
			Pattern: "GET /cartelle/{case}/sportello", Permission: readCases, Handle: p.ofCase,
			Case: &modules.CaseNav{Label: caseNav, Sections: []string{"intake"}, Own: true, Order: 45},
		},
		{Pattern: "POST /sportello/{id}/persona", Permission: writeContacts, Handle: p.namePerson},
		{Pattern: "POST /sportello/{id}/vista", Permission: writeContacts, Handle: p.markSeen},
		{Pattern: "POST /sportello/{id}/esito", Permission: writeContacts, Handle: p.closeContact},
		{Pattern: "POST /sportello/{id}/integrazioni", Permission: writeContacts, Handle: p.addAddendum},
		{Pattern: "POST /sportello/{id}/proposta", Permission: createCases, Handle: p.setAside},
		{Pattern: "GET /sportello/{id}/moduli/nuovo", Permission: writeContacts, Handle: p.startForm},
		{Pattern: "POST /sportello/{id}/moduli", Permission: writeContacts, MaxBody: maxForm, Handle: p.saveForm},
		{Pattern: "POST /sportello/{id}/moduli/bozza", Permission: writeContacts, MaxBody: maxForm, Handle: p.keepForm},
		{Pattern: "GET /sportello/{id}/moduli/{form}", Permission: readContacts, Handle: p.showForm},
		{Pattern: "POST /sportello/{id}/moduli/{form}/continua", Permission: writeContacts, MaxBody: maxForm, Handle: p.carryForm},
	}
}

// deskPage is the data of the template intake/desk.
type deskPage struct {
	Heading string
	Help    string
	Person  *component.Link    // whose contacts these are, if of one person
	Tabs    component.Sections // none where the list is of one person
	New     *component.Button
	Drafts  []component.Link // of the actor, to resume
	Table   component.Table
}

// find shows the contacts of today and the open ones, or all, or those of a person.
func (p pages) find(r *http.Request, s tenants.Scope) (modules.View, error) {
	ctx, query := r.Context(), r.URL.Query()
	if query.Get("persona") != "" {
		return p.findOfPerson(r, s)
	}
	all := query.Get("mostra") == "tutti"
	proposed := query.Get("mostra") == "proposte"
	q := Query{Desk: !all && !proposed, Proposed: proposed}
	q.After = modules.LinkID(query.Get("dopo"))
	found, err := p.service.FindContacts(ctx, s, q)
	if err != nil {
		return modules.View{}, err
	}
	page := deskPage{
		Heading: say(ctx, "intake.desk.title"), Help: say(ctx, "intake.desk.help"),
		Tabs: component.Sections{Label: say(ctx, "intake.desk.tabs"), Items: []component.NavItem{
			{Label: say(ctx, "intake.desk.open"), URL: "/sportello", Current: q.Desk},
			{Label: say(ctx, "intake.desk.all"), URL: "/sportello?mostra=tutti", Current: all},
			{Label: say(ctx, "intake.desk.proposed"), URL: "/sportello?mostra=proposte", Current: proposed},
		}},
		Table: contactTable(ctx, found),
	}
	if found.Next != uuid.Nil {
		query.Set("dopo", found.Next.String())
		page.Table.Pager.Next = "/sportello?" + query.Encode()
	}
	if p.may(s, writeContacts) {
		page.New = &component.Button{Label: say(ctx, "intake.new"), URL: "/sportello/nuovo", Emphasis: component.Primary, Shortcut: "n"}
	}
	if page.Drafts, err = p.resumeLinks(ctx, s); err != nil {
		return modules.View{}, err
	}
	return modules.Render("intake/desk", language.M("intake.desk.title"), page), nil
}

// findOfPerson shows the contacts of a person, who must be visible to the actor.
func (p pages) findOfPerson(r *http.Request, s tenants.Scope) (modules.View, error) {
	ctx, query := r.Context(), r.URL.Query()
	id, ok := modules.ParseID(query.Get("persona"))
	if !ok {
		return modules.View{}, problem.Missing()
	}
	person, err := p.service.persons.Get(ctx, s, id)
	if err != nil {
		return modules.View{}, err
	}
	q := Query{Person: id}
	q.After = modules.LinkID(query.Get("dopo"))
	found, err := p.service.FindContacts(ctx, s, q)
	if err != nil {
		return modules.View{}, err
	}
	title := language.M("intake.desk.of_person", "name", person.FullName())
	page := deskPage{
		Heading: language.Say(ctx, title), Table: contactTable(ctx, found),
		Person: &component.Link{Label: say(ctx, "intake.desk.person"), URL: "/persone/" + id.String()},
	}
	page.Table.Empty.Text = say(ctx, "intake.desk.none_of_person")
	if found.Next != uuid.Nil {
		page.Table.Pager.Next = "/sportello?persona=" + id.String() + "&dopo=" + found.Next.String()
	}
	if p.may(s, writeContacts) {
		page.New = &component.Button{Label: say(ctx, "intake.new"), URL: "/sportello/nuovo?persona=" + id.String(), Emphasis: component.Primary, Shortcut: "n"}
	}
	return modules.Render("intake/desk", title, page), nil
}

func contactTable(ctx context.Context, found Found) component.Table {
	table := component.Table{
		Caption: say(ctx, "intake.desk.caption"), Hidden: true,
		Columns: []component.Column{
			{Label: say(ctx, "intake.field.person")},
			{Label: say(ctx, "intake.field.at")},
			{Label: say(ctx, "intake.field.channel")},
			{Label: say(ctx, "intake.field.outcome")},
			{Label: say(ctx, "intake.field.operator")},
			{Label: say(ctx, "intake.field.state")},
		},
		Empty: component.Empty{Title: say(ctx, "intake.desk.none"), Text: say(ctx, "intake.desk.none.help")},
		Pager: &component.Pager{Shown: say(ctx, "intake.desk.shown", "n", len(found.Contacts))},
	}
	if found.Term.Days > 0 {
		table.Columns = append(table.Columns, component.Column{Label: say(ctx, "intake.field.due")})
	}
	for _, c := range found.Contacts {
		name := say(ctx, "intake.anonymous")
		if c.PersonID != nil && found.Names[*c.PersonID] != "" {
			name = found.Names[*c.PersonID]
		}
		row := component.Row{Cells: []component.Cell{
			{Text: name, URL: "/sportello/" + c.ID.String()},
			{Instant: c.At},
			{Text: language.SayText(ctx, Label(Channels, c.Channel))},
			{Text: language.SayText(ctx, Label(Outcomes, c.Outcome))},
			{Text: c.OperatorName},
			{Tags: []component.Tag{stateTag(ctx, c.State)}},
		}}
		if found.Term.Days > 0 {
			row.Cells = append(row.Cells, dueCell(ctx, found.Term.DueOn(c)))
		}
		table.Rows = append(table.Rows, row)
	}
	return table
}

func dueCell(ctx context.Context, due time.Time) component.Cell {
	cell := component.Cell{Date: due}
	if Overdue(due, time.Now()) {
		cell.Tags = []component.Tag{overdueTag(ctx)}
	}
	return cell
}

func overdueTag(ctx context.Context) component.Tag {
	return component.Tag{Label: say(ctx, "intake.overdue"), Tone: component.Danger}
}

func stateTag(ctx context.Context, state string) component.Tag {
	tones := map[string]component.Tone{Created: component.Warning, Seen: component.Info, Closed: component.Success}
	return component.Tag{Label: language.SayText(ctx, Label(States, state)), Tone: tones[state]}
}

// may tells whether the actor's roles permit something.
func (p pages) may(s tenants.Scope, permission string) bool {
	return p.service.deps.Permits(s, permission)
}

// contactPage is the data of the template intake/contact.
type contactPage struct {
	Errors  component.ErrorSummary
	Alert   *component.Alert
	Crumbs  component.Breadcrumb
	Summary component.Summary
	Hints   []component.Alert // what other modules have to say about the person, while somebody works on the contact
	Outcome *component.Summary
	Case    *component.Button // opens a case, or leads to it
	Forms   *formsPart
	Seen    *smallForm
	Who     *smallForm // the search for the person, then the choice
	Close   *smallForm
	Add     *smallForm
	Aside   *smallForm // answers a proposal of taking in charge without a case
	Addenda component.Timeline
}

// smallForm is one of the forms of the page of a contact.
type smallForm struct {
	Title  string
	Method string
	Action string
	Hidden []component.Hidden
	Fields []component.Field
	Button component.Button
}

func (p pages) show(r *http.Request, s tenants.Scope) (modules.View, error) {
	if err := parse(r); err != nil {
		return modules.View{}, err
	}
	return p.contact(r, s, nil)
}

// contact shows a contact; refused is why a form on the page was not accepted.
func (p pages) contact(r *http.Request, s tenants.Scope, refused error) (modules.View, error) {
	ctx := r.Context()
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	sheet, err := p.service.GetContact(ctx, s, id)
	if err != nil {
		return modules.View{}, err
	}
	page := contactPage{
		Crumbs: crumbs(ctx, say(ctx, "intake.contact")), Summary: summary(ctx, sheet), Outcome: outcomeSummary(ctx, sheet.Contact),
		Addenda: addenda(ctx, sheet.Addenda), Case: p.caseButton(ctx, s, sheet.Contact),
	}
	writes := p.may(s, writeContacts)
	if writes && sheet.Person.ID != uuid.Nil && sheet.WorkedOn(time.Now()) {
		page.Hints = registry.HintAlerts(ctx, p.service.deps, s, sheet.Person)
	}
	if page.Forms, err = p.formsOf(ctx, s, sheet, writes); err != nil {
		return modules.View{}, err
	}
	if writes {
		if err := p.forms(r, s, &page, sheet, newFieldSet(ctx, refused)); err != nil {
			return modules.View{}, err
		}
	}
	view := modules.Render("intake/contact", language.M("intake.contact"), page)
	switch {
	case problem.Is(refused, problem.Conflict):
		page.Alert = &component.Alert{Tone: component.Warning, Title: say(ctx, "intake.conflict"), Text: language.Say(ctx, problem.Of(refused).Message)}
		view.Data, view.Status = page, problem.Conflict.Status()
	case refused != nil:
		view = view.Refused()
	}
	return view, nil
}

// forms gives the page what may be done: a closed contact only gets addenda.
func (p pages) forms(r *http.Request, s tenants.Scope, page *contactPage, sheet Sheet, set fieldSet) error {
	ctx, at := r.Context(), "/sportello/"+sheet.ID.String()
	version := component.Hidden{Name: "version", Value: strconv.Itoa(sheet.Version)}
	var fields []component.Field
	if sheet.State == Closed {
		page.Add = &smallForm{
			Title: say(ctx, "intake.add.title"), Method: "post", Action: at + "/integrazioni",
			Hidden: []component.Hidden{{Name: "id", Value: modules.FormID(r.Form.Get("id")).String()}},
			Fields: []component.Field{set.field("text", component.Field{
				Kind: component.LongText, Required: true, Value: r.Form.Get("text"), Hint: "intake.hint.text", MaxLength: 2000,
			})},
			Button: component.Button{Label: say(ctx, "intake.add.save")},
		}
		fields = page.Add.Fields
		if page.Aside = p.asideForm(r, s, sheet, set); page.Aside != nil {
			fields = append(slices.Clone(page.Aside.Fields), fields...)
		}
	} else {
		if sheet.State == Created {
			page.Seen = &smallForm{Method: "post", Action: at + "/vista", Hidden: []component.Hidden{version}, Button: component.Button{Label: say(ctx, "intake.seen.save")}}
		}
		asked, err := p.service.findAsked(ctx, s)
		if err != nil {
			return err
		}
		typed := typedTerms(sheet.Given)
		if r.Form.Has("outcome") {
			typed = r.Form
		}
		f := contactForm{NewContact: NewContact{Closing: Closing{Outcome: r.Form.Get("outcome"), Signposting: sent(r, sheet.Contact)}}}
		page.Close = &smallForm{
			Title: say(ctx, "intake.close.title"), Method: "post", Action: at + "/esito", Hidden: []component.Hidden{version},
			Fields: append(f.outcomeFields(set), set.terms(asked.all, typed)...), Button: component.Button{Label: say(ctx, "intake.close.save"), Emphasis: component.Primary},
		}
		page.Close.Fields[0] = required(page.Close.Fields[0])
		page.Close.Fields[0].Hint = say(ctx, "intake.hint.close")
		fields = page.Close.Fields
		if sheet.PersonID == nil {
			who, err := p.whoForm(r, s, set, version)
			if err != nil {
				return err
			}
			page.Who = who
			fields = append(slices.Clone(who.Fields), fields...)
		}
	}
	page.Errors = component.Summarize(fields...)
	return nil
}

// sent is where a person was sent, as somebody writes it now or as it was written down.
func sent(r *http.Request, c Contact) string {
	if r.Form.Has("signposting") {
		return r.Form.Get("signposting")
	}
	return c.Signposting
}

// whoForm searches for the person of an anonymous contact and then lets choose.
func (p pages) whoForm(r *http.Request, s tenants.Scope, set fieldSet, version component.Hidden) (*smallForm, error) {
	ctx, at := r.Context(), "/sportello/"+r.PathValue("id")
	text := first(r.Form.Get("q"), 200)
	search := set.field("q", component.Field{Value: text, Required: true, Hint: "intake.hint.q", MaxLength: 200, Width: component.Medium})
	form := &smallForm{
		Title: say(ctx, "intake.who.title"), Method: "get", Action: at, Fields: []component.Field{search},
		Button: component.Button{Label: say(ctx, "intake.search")},
	}
	if text == "" {
		return form, nil
	}
	found, err := p.service.persons.FindPersons(ctx, s, registry.Query{Text: text, Limit: 10})
	if err != nil {
		return nil, err
	}
	if len(found.Persons)+len(found.Near) == 0 {
		form.Fields[0].Error = say(ctx, "intake.person.nobody")
		return form, nil
	}
	choose := required(set.field("persona", component.Field{Kind: component.Radios}))
	for _, person := range found.Persons {
		choose.Options = append(choose.Options, personOption(person, len(found.Persons) == 1))
	}
	for _, person := range found.Near { // never chosen beforehand
		choose.Options = append(choose.Options, personOption(person, false))
	}
	if len(found.Persons) == 0 {
		choose.Hint = say(ctx, "intake.person.near")
	}
	form.Method, form.Action, form.Fields = "post", at+"/persona", []component.Field{choose}
	form.Hidden = []component.Hidden{version, {Name: "q", Value: text}}
	form.Button.Label = say(ctx, "intake.who.save")
	return form, nil
}

func summary(ctx context.Context, sheet Sheet) component.Summary {
	in := func(list []Code, id string) []string {
		if label := language.SayText(ctx, Label(list, id)); label != "" {
			return []string{label}
		}
		return nil
	}
	row := func(name string, values ...string) component.SummaryRow {
		return component.SummaryRow{Label: say(ctx, "intake.field."+name), Values: values}
	}
	who := row("person", say(ctx, "intake.anonymous"))
	if sheet.Person.ID != uuid.Nil {
		who = row("person", sheet.Person.FullName())
		who.Change = &component.Link{Label: say(ctx, "intake.person.open"), Hidden: sheet.Person.FullName(), URL: "/persone/" + sheet.Person.ID.String()}
	}
	var needs, flags, request []string
	for _, need := range sheet.Needs {
		needs = append(needs, in(Needs, need)...)
	}
	if sheet.Accompanied {
		flags = append(flags, say(ctx, "intake.field.accompanied.yes"))
	}
	if sheet.PersonInformed {
		flags = append(flags, say(ctx, "intake.field.person_informed.yes"))
	}
	if sheet.Request != "" {
		request = []string{sheet.Request}
	}
	state := row("state")
	tag := stateTag(ctx, sheet.State)
	state.Tag = &tag
	var terms []component.SummaryRow
	for _, g := range sheet.Given {
		terms = append(terms, component.SummaryRow{Label: say(ctx, "intake.field.term", "label", g.Label.In(language.Of(ctx))), Values: []string{g.Text(ctx)}})
	}
	rows := []component.SummaryRow{
		who, row("at", sheet.At.In(language.Rome).Format("02/01/2006, 15:04")), row("channel", in(Channels, sheet.Channel)...),
		row("interlocutor", in(Interlocutors, sheet.Interlocutor)...), row("reason", in(Reasons, sheet.Reason)...),
	}
	rows = append(append(rows, terms...),
		row("flags", flags...), row("request", request...), row("needs", needs...), row("target", in(Targets, sheet.Target)...),
		row("operator", sheet.OperatorName), state,
	)
	if due := sheet.Term.DueOn(sheet.Contact); !due.IsZero() {
		term := row("due", due.Format("02/01/2006"), termText(ctx, sheet.Term))
		if Overdue(due, time.Now()) {
			tag := overdueTag(ctx)
			term.Tag = &tag
		}
		rows = append(rows, term)
	}
	return component.Summary{Rows: slices.DeleteFunc(rows, func(r component.SummaryRow) bool { return len(r.Values) == 0 && r.Tag == nil })}
}

// termText says what the body has promised: what, and in how many days.
func termText(ctx context.Context, t Term) string {
	key := "intake.term.days"
	if t.Working {
		key = "intake.term.working_days"
	}
	return say(ctx, key, "what", language.SayText(ctx, t.Label), "n", t.Days)
}

func outcomeSummary(ctx context.Context, c Contact) *component.Summary {
	if c.State != Closed {
		return nil
	}
	outcome := component.SummaryRow{Label: say(ctx, "intake.field.outcome"), Values: []string{language.SayText(ctx, Label(Outcomes, c.Outcome))}}
	if c.Signposting != "" {
		outcome.Values = append(outcome.Values, c.Signposting)
	}
	by := c.ClosedName
	if by == "" && c.CaseID != nil {
		by = say(ctx, "intake.case.closed")
	}
	closed := component.SummaryRow{Label: say(ctx, "intake.field.closed"), Values: []string{c.ClosedAt.In(language.Rome).Format("02/01/2006, 15:04") + " · " + by}}
	return &component.Summary{Title: say(ctx, "intake.group.outcome"), Rows: append([]component.SummaryRow{outcome, closed}, asideRow(ctx, c)...)}
}

func addenda(ctx context.Context, list []Addendum) component.Timeline {
	timeline := component.Timeline{Label: say(ctx, "intake.addenda")}
	for _, a := range slices.Backward(list) {
		timeline.Events = append(timeline.Events, component.Event{
			Title: say(ctx, "intake.addendum"), At: a.AddedAt.In(language.Rome), By: a.AddedName, Text: []string{a.Text},
		})
	}
	return timeline
}

// step runs one of the forms of a contact and shows the page again when it was refused.
func (p pages) step(r *http.Request, s tenants.Scope, done string, run func(uuid.UUID) error) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	if err := parse(r); err != nil {
		return modules.View{}, err
	}
	err = run(id)
	if problem.Is(err, problem.Invalid) || problem.Is(err, problem.Conflict) {
		return p.contact(r, s, err)
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect("/sportello/"+id.String(), language.M(done)), nil
}

func (p pages) namePerson(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.step(r, s, "intake.who.done", func(id uuid.UUID) error {
		person := modules.LinkID(r.Form.Get("persona")) // nobody chosen is a fault of the field
		return p.service.NamePerson(r.Context(), s, readVersion(r, id), person)
	})
}

func (p pages) markSeen(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.step(r, s, "intake.seen.done", func(id uuid.UUID) error {
		return p.service.MarkSeen(r.Context(), s, readVersion(r, id))
	})
}

func (p pages) closeContact(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.step(r, s, "intake.close.done", func(id uuid.UUID) error {
		closing, err := p.closing(r, s)
		if err != nil {
			return err
		}
		return p.service.CloseContact(r.Context(), s, readVersion(r, id), closing)
	})
}

// closing reads how somebody closes a contact.
func (p pages) closing(r *http.Request, s tenants.Scope) (Closing, error) {
	asked, err := p.service.findAsked(r.Context(), s)
	return Closing{Outcome: r.Form.Get("outcome"), Signposting: r.Form.Get("signposting"), Terms: asked.all.Read(r.Form)}, err
}

func (p pages) addAddendum(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.step(r, s, "intake.add.done", func(id uuid.UUID) error {
		n := NewAddendum{ID: modules.FormID(r.Form.Get("id")), Contact: id, Text: r.Form.Get("text")}
		return p.service.AddAddendum(r.Context(), s, n)
	})
}

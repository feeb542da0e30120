package intake

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/tenants"
)

// maxForm is what a filled-in form with some long texts needs, in bytes.
const maxForm = 1 << 20

func formsPath(contact uuid.UUID) string { return "/sportello/" + contact.String() + "/moduli" }

// formsPart is the section of the forms on the page of a contact.
type formsPart struct {
	Table component.Table
	New   []component.Button // one for each form that can be filled in
}

// formsOf lists the forms of a contact and lets choose one of the body; nil where there is neither.
func (p pages) formsOf(ctx context.Context, s tenants.Scope, sheet Sheet, writes bool) (*formsPart, error) {
	part := &formsPart{Table: formTable(ctx, sheet)}
	if writes {
		editions, err := p.service.FindFormEditions(ctx, s)
		if err != nil {
			return nil, err
		}
		part.New = formButtonsOf(ctx, sheet, editions)
	}
	if len(part.New) == 0 && len(sheet.Forms) == 0 {
		return nil, nil //nolint:nilnil // no part is what the page shows then
	}
	return part, nil
}

func formTable(ctx context.Context, sheet Sheet) component.Table {
	table := component.Table{
		ID: "moduli", Caption: say(ctx, "intake.forms.caption"), Hidden: true,
		Columns: []component.Column{
			{Label: say(ctx, "intake.field.modulo")},
			{Label: say(ctx, "intake.field.author")},
			{Label: say(ctx, "intake.field.changed")},
			{Label: say(ctx, "intake.field.state")},
		},
		Empty: component.Empty{Title: say(ctx, "intake.forms.none"), Text: say(ctx, "intake.forms.none.help")},
	}
	for _, f := range sheet.Forms {
		table.Rows = append(table.Rows, component.Row{Cells: []component.Cell{
			{Text: language.SayText(ctx, f.Title), URL: formsPath(sheet.ID) + "/" + f.ID.String()},
			{Text: f.AuthorName},
			{Instant: f.UpdatedAt},
			{Tags: []component.Tag{formTag(ctx, f)}},
		}})
	}
	return table
}

func formTag(ctx context.Context, f Form) component.Tag {
	tone := component.Warning
	if f.Final() {
		tone = component.Success
	}
	return component.Tag{Label: say(ctx, "intake.form.state."+f.State), Tone: tone}
}

// formButtonsOf leads to each form of the body with one press.
func formButtonsOf(ctx context.Context, sheet Sheet, editions []FormEdition) []component.Button {
	var buttons []component.Button
	for _, e := range editions {
		buttons = append(buttons, component.Button{
			Label: say(ctx, "intake.forms.start", "form", language.SayText(ctx, e.Title)),
			URL:   formsPath(sheet.ID) + "/nuovo?modulo=" + url.QueryEscape(e.Key),
		})
	}
	return buttons
}

// formPage is the data of the template intake/form.
type formPage struct {
	Errors      component.ErrorSummary
	Crumbs      component.Breadcrumb
	Title       string
	Intro       string
	Newer       *newerPart
	Left        *component.Summary // what was answered before and has no place among these questions
	Conflict    *component.Alert
	Stored      *component.Table // what is stored and differs, beside what was typed
	Action      string
	DraftURL    string // keeps what is typed
	Hidden      []component.Hidden
	Groups      []kit.FieldGroup
	Conditional bool
	Buttons     component.ButtonRow
}

func formCrumbs(ctx context.Context, contact uuid.UUID, title string) component.Breadcrumb {
	trail := crumbs(ctx, say(ctx, "intake.contact"))
	trail.Items[1].URL = "/sportello/" + contact.String()
	trail.Items = append(trail.Items, component.Crumb{Label: title})
	return trail
}

// fillIn shows a form to be filled in; refused is why a sent one was not accepted.
func (p pages) fillIn(r *http.Request, s tenants.Scope, questions FormEdition, f FormFilling, refused error) (modules.View, error) {
	ctx, definition := r.Context(), questions.Definition
	contact, err := p.startOf(r, s, questions, f)
	if err != nil {
		return modules.View{}, err
	}
	if f.Values == nil {
		f.Values = definition.Values(questions.start(contact))
	}
	page := formPage{
		Title: language.SayText(ctx, questions.Title), Action: formsPath(f.Contact), DraftURL: formsPath(f.Contact) + "/bozza", Conditional: definition.Conditional(),
		Groups: definition.FieldGroups(ctx, f.Values, modules.FieldErrors(ctx, refused)),
		Hidden: []component.Hidden{
			{Name: "id", Value: f.ID.String()},
			{Name: "version", Value: strconv.Itoa(f.Version)},
			{Name: "modulo", Value: questions.Key},
			{Name: "edizione", Value: questions.ID.String()},
			{Name: "accesso", Value: strconv.Itoa(contact.Version)},
		},
	}
	contact.mark(ctx, questions, f, page.Groups)
	page.Crumbs = formCrumbs(ctx, f.Contact, page.Title)
	if definition.Intro != nil {
		page.Intro = definition.Intro.In(language.Of(ctx))
	}
	page.Buttons = formButtons(ctx, page.Conditional, questions.closes() && contact.State != Closed)
	page.Errors = summarizeForm(ctx, page.Groups, refused)
	status, err := p.refuse(r, s, f, &page, refused)
	if err != nil {
		return modules.View{}, err
	}
	view := modules.Render("intake/form", language.M("intake.form.title", "form", page.Title), page)
	view.Status = status
	return view, nil
}

// refuse says above a form why it was not accepted, and gives the status that tells so.
func (p pages) refuse(r *http.Request, s tenants.Scope, f FormFilling, page *formPage, refused error) (int, error) {
	ctx := r.Context()
	switch {
	case refused == nil:
		return 0, nil
	case !problem.Is(refused, problem.Conflict):
		return problem.Invalid.Status(), nil
	case problem.Of(refused).Message.Key == contactMoved:
		page.Conflict = &component.Alert{
			Tone: component.Warning, Title: language.Say(ctx, problem.Of(refused).Message),
			Link: &component.Link{Label: say(ctx, "intake.form.contact"), URL: "/sportello/" + f.Contact.String()},
		}
		return problem.Conflict.Status(), nil
	}
	return problem.Conflict.Status(), p.showStored(r, s, f, page, refused)
}

// startOf is the contact that a form starts from, with nothing in it but its id where none of its questions does.
func (p pages) startOf(r *http.Request, s tenants.Scope, questions FormEdition, f FormFilling) (Contact, error) {
	if !questions.starts() {
		return Contact{ID: f.Contact}, nil
	}
	sheet, err := p.service.GetContact(r.Context(), s, f.Contact)
	return sheet.Contact, err
}

// mark says at each question that starts from the contact what stands there: that it is the same, or what else.
func (c Contact) mark(ctx context.Context, questions FormEdition, f FormFilling, groups []kit.FieldGroup) {
	typed, _ := questions.Definition.CheckDraft(questions.given(f))
	for _, group := range groups {
		for i := range group.Fields {
			field := &group.Fields[i]
			question, _ := questions.Definition.Item(strings.TrimPrefix(field.Name, kit.AnswerPrefix))
			held := c.words(ctx, question.From)
			switch {
			case held == "":
			case question.AnswerText(ctx, typed[question.Key]) == question.AnswerText(ctx, c.start(question)):
				field.Source = say(ctx, "intake.form.from")
			default:
				field.Source = say(ctx, "intake.form.from.other", "text", held)
			}
		}
	}
}

// formButtons are those of a form, the primary one first. The Enter key presses none of them: the template has a hidden
// one that keeps the draft.
func formButtons(ctx context.Context, conditional, closes bool) component.ButtonRow {
	buttons := []component.Button{{Label: say(ctx, "intake.form.finalise"), Name: "azione", Value: "conferma", Emphasis: component.Primary}}
	if closes {
		buttons = append(buttons, component.Button{Label: say(ctx, "intake.form.close"), Name: "azione", Value: "chiudi"})
	}
	buttons = append(buttons, component.Button{Label: say(ctx, "intake.form.save"), Name: "azione", Value: "bozza"})
	if conditional {
		buttons = append(buttons, component.Button{Label: say(ctx, "intake.form.refresh"), Name: "azione", Value: "aggiorna"})
	}
	return component.ButtonRow{Buttons: buttons}
}

// summarizeForm lists the errors at the fields and those of questions that are not on the page.
func summarizeForm(ctx context.Context, groups []kit.FieldGroup, refused error) component.ErrorSummary {
	var fields []component.Field
	for _, group := range groups {
		fields = append(fields, group.Fields...)
	}
	summary := component.Summarize(fields...)
	if !problem.Is(refused, problem.Invalid) {
		return summary
	}
	for _, fault := range problem.Of(refused).Fields {
		if !slices.ContainsFunc(fields, func(f component.Field) bool { return kit.AnswerField+f.Name[len(kit.AnswerPrefix):] == fault.Name }) {
			summary.Errors = append(summary.Errors, component.FieldError{Message: language.Say(ctx, fault.Message)})
		}
	}
	return summary
}

// showStored shows what is stored beside what was typed; the next save knows the stored version.
func (p pages) showStored(r *http.Request, s tenants.Scope, f FormFilling, page *formPage, refused error) error {
	ctx := r.Context()
	stored, err := p.service.GetForm(ctx, s, f.Contact, f.ID)
	if problem.Is(err, problem.NotFound) {
		return refused // the id belongs to something else
	}
	if err != nil {
		return err
	}
	page.Conflict = &component.Alert{Tone: component.Warning, Title: say(ctx, "intake.form.conflict"), Text: say(ctx, "intake.form.conflict.help")}
	if stored.Final() {
		page.Conflict = &component.Alert{
			Tone: component.Warning, Title: say(ctx, "intake.form.locked"),
			Link: &component.Link{Label: say(ctx, "intake.form.see"), URL: formsPath(f.Contact) + "/" + f.ID.String()},
		}
	}
	page.Hidden[1].Value = strconv.Itoa(stored.Version)
	typed, _ := stored.Questions.Definition.CheckDraft(stored.Questions.given(f))
	table := &component.Table{ID: "differenze", Caption: say(ctx, "intake.form.differences"), Columns: []component.Column{
		{Label: say(ctx, "intake.field.question")}, {Label: say(ctx, "intake.field.typed")}, {Label: say(ctx, "intake.field.stored")},
	}}
	for _, item := range stored.Questions.Definition.Items() {
		mine, theirs := item.AnswerText(ctx, typed[item.Key]), item.AnswerText(ctx, stored.Answers[item.Key])
		if mine != theirs {
			table.Rows = append(table.Rows, component.Row{Cells: []component.Cell{{Text: item.Label.In(language.Of(ctx))}, {Text: mine}, {Text: theirs}}})
			page.Stored = table
		}
	}
	return nil
}

func (p pages) startForm(r *http.Request, s tenants.Scope) (modules.View, error) {
	contact, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	f := FormFilling{ID: modules.FormID(""), Contact: contact, Key: r.URL.Query().Get("modulo")}
	questions, err := p.service.FormEditionFor(r.Context(), s, f)
	if err != nil {
		return modules.View{}, err
	}
	return p.fillIn(r, s, questions, f, nil)
}

// readFilling reads a sent form of answers.
func readFilling(r *http.Request) (FormFilling, error) {
	contact, err := modules.PathID(r, "id")
	if err != nil {
		return FormFilling{}, err
	}
	if err := parse(r); err != nil {
		return FormFilling{}, err
	}
	return FormFilling{
		ID: modules.FormID(r.PostForm.Get("id")), Contact: contact, Key: r.PostForm.Get("modulo"), Values: map[string][]string(r.PostForm),
		Edition: modules.LinkID(r.PostForm.Get("edizione")), // without one it is the present version
		Version: readVersion(r, contact).Version,
	}, nil
}

// saveForm keeps a draft, locks the form, or only asks the questions that the answers call for.
func (p pages) saveForm(r *http.Request, s tenants.Scope) (modules.View, error) {
	f, err := readFilling(r)
	if err != nil {
		return modules.View{}, err
	}
	closes := r.PostForm.Get("azione") == "chiudi"
	f.Final = closes || r.PostForm.Get("azione") == "conferma"
	if closes {
		f.Closes, _ = strconv.Atoi(r.PostForm.Get("accesso")) // what is no number is no version that exists
		f.Closes = max(f.Closes, 1)
	}
	if r.PostForm.Get("azione") == "aggiorna" {
		return p.refillForm(r, s, f, nil)
	}
	made, err := p.service.SaveForm(r.Context(), s, f)
	if problem.Is(err, problem.Invalid) || problem.Is(err, problem.Conflict) {
		return p.refillForm(r, s, f, err)
	}
	if err != nil {
		return modules.View{}, err
	}
	if closes {
		return modules.Redirect("/sportello/"+f.Contact.String(), language.M("intake.form.done.closed")), nil
	}
	return modules.Redirect(formsPath(f.Contact)+"/"+made.ID.String(), language.M("intake.form.done."+made.State)), nil
}

// keepForm keeps a draft while it is filled in and answers with its version.
func (p pages) keepForm(r *http.Request, s tenants.Scope) (modules.View, error) {
	f, err := readFilling(r)
	if err != nil {
		return modules.View{}, err
	}
	made, err := p.service.SaveForm(r.Context(), s, f)
	if err != nil {
		return modules.View{}, err
	}
	return modules.Kept(made.Version)
}

// refillForm shows a sent form once more; only to refresh it, what is wrong so far is said too.
func (p pages) refillForm(r *http.Request, s tenants.Scope, f FormFilling, refused error) (modules.View, error) {
	questions, err := p.service.FormEditionFor(r.Context(), s, f)
	if err != nil {
		return modules.View{}, err
	}
	if refused == nil {
		_, refused = questions.fill(f)
	}
	return p.fillIn(r, s, questions, f, refused)
}

// filledPage is the data of the template intake/filled.
type filledPage struct {
	Crumbs  component.Breadcrumb
	Title   string
	State   component.Tag
	Notice  *component.Alert
	Answers []component.Summary
	Made    component.Summary
}

// formIDs are those of a form in a path, and of its contact.
func formIDs(r *http.Request) (contact, form uuid.UUID, err error) {
	if contact, err = modules.PathID(r, "id"); err == nil {
		form, err = modules.PathID(r, "form")
	}
	return contact, form, err
}

// showForm shows a draft to its author for going on, and anything else to read.
func (p pages) showForm(r *http.Request, s tenants.Scope) (modules.View, error) {
	ctx := r.Context()
	contact, id, err := formIDs(r)
	if err != nil {
		return modules.View{}, err
	}
	form, err := p.service.GetForm(ctx, s, contact, id)
	if err != nil {
		return modules.View{}, err
	}
	if p.service.deps.Permits(s, writeContacts) && !form.Final() && form.Author == s.Account {
		f := FormFilling{ID: id, Contact: contact, Version: form.Version, Values: form.Questions.Definition.Values(form.Answers)}
		view, err := p.fillIn(r, s, form.Questions, f, nil)
		if page, shown := view.Data.(formPage); shown {
			page.Newer, page.Left = newerOf(ctx, form), leftOf(ctx, form.Form)
			view.Data = page
		}
		return view, err
	}
	page := filledPage{
		Title: language.SayText(ctx, form.Title), State: formTag(ctx, form.Form), Answers: answersOf(ctx, form), Made: madeSummary(ctx, form),
	}
	if left := leftOf(ctx, form.Form); left != nil {
		page.Answers = append(page.Answers, *left)
	}
	page.Crumbs = formCrumbs(ctx, contact, page.Title)
	if !form.Final() {
		page.Notice = &component.Alert{Tone: component.Info, Title: say(ctx, "intake.form.draft", "author", form.AuthorName)}
	}
	return modules.Render("intake/filled", language.M("intake.form.title", "form", page.Title), page), nil
}

// answersOf lists the questions that were asked, section by section, in the words of the pinned version.
func answersOf(ctx context.Context, form FilledForm) []component.Summary {
	definition, lang := form.Questions.Definition, language.Of(ctx)
	visible := definition.Visible(form.Answers)
	var all []component.Summary
	for _, section := range definition.Sections {
		part := component.Summary{Title: section.Label.In(lang)}
		for _, item := range section.Items {
			if !slices.Contains(visible, item.Key) {
				continue
			}
			row := component.SummaryRow{Label: item.Label.In(lang)}
			if text := item.AnswerText(ctx, form.Answers[item.Key]); text != "" {
				row.Values = []string{text}
			}
			part.Rows = append(part.Rows, row)
		}
		if len(part.Rows) > 0 {
			all = append(all, part)
		}
	}
	return all
}

func madeSummary(ctx context.Context, form FilledForm) component.Summary {
	row := func(name string, values ...string) component.SummaryRow {
		return component.SummaryRow{Label: say(ctx, "intake.field."+name), Values: values}
	}
	instant := func(at time.Time) string { return at.In(language.Rome).Format("02/01/2006, 15:04") }
	rows := []component.SummaryRow{row("author", form.AuthorName), row("changed", instant(form.UpdatedAt))}
	if form.Final() {
		rows[1] = row("finalised", instant(form.FinalisedAt))
	}
	edition := say(ctx, "intake.form.edition", "key", form.Key, "number", form.Questions.Number)
	return component.Summary{Title: say(ctx, "intake.form.made"), Rows: append(rows, row("edition", edition))}
}

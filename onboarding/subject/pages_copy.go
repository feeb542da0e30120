package subject

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/onboarding/subject/dossier"
	"staffetta/tenants"
)

// copyPage is the form in which it is decided what is in a copy.
type copyPage struct {
	Breadcrumb component.Breadcrumb
	modules.Refusal
	Warning *component.Alert
	Action  string
	Hidden  []component.Hidden
	Parts   []partForm
	Button  component.Button
}

// partForm asks about one part: whether it is in, and why not.
type partForm struct{ In, Why component.Field }

func (p *pages) choose(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.copyView(r, s, nil)
}

func (p *pages) copyView(r *http.Request, s tenants.Scope, refused error) (modules.View, error) {
	id, err := modules.PathID(r, "request")
	if err != nil {
		return modules.View{}, err
	}
	one, parts, err := p.service.Parts(r.Context(), s, id)
	if err != nil {
		return modules.View{}, err
	}
	back := component.Crumb{Label: say(r, "one", "number", one.Number, "kind", say(r, "kind."+one.Kind)), URL: pathOf(id)}
	page := copyPage{
		Action: pathOf(id) + "/copia", Button: component.Button{Label: say(r, "copy.button"), Emphasis: component.Primary},
		Hidden:     []component.Hidden{{Name: "id", Value: modules.FormID(r.PostFormValue("id")).String()}},
		Breadcrumb: component.Breadcrumb{Items: []component.Crumb{{Label: say(r, "title"), URL: at}, back, {Label: say(r, "copy.title")}}},
	}
	if slices.ContainsFunc(parts, func(part dossier.Part) bool { return dossier.Hidden(part.ID) }) {
		page.Warning = &component.Alert{Tone: component.Warning, Text: say(r, "copy.warning")}
	}
	wrong := modules.FieldErrors(r.Context(), refused)
	var fields []component.Field
	for _, part := range parts {
		form := formOf(r, part, refused != nil)
		form.Why.Error = wrong[form.Why.ID]
		page.Parts, fields = append(page.Parts, form), append(fields, form.Why)
	}
	view := modules.Render("onboarding/subject_copy", language.M("onboarding.subject.page", "heading", say(r, "copy.title")), &page)
	return page.Explain(r, view, refused, fields...), nil
}

// formOf asks about one part.
func formOf(r *http.Request, part dossier.Part, sent bool) partForm {
	hint := say(r, "copy.rows", "n", part.Rows)
	if part.Others > 0 {
		hint += ", " + say(r, "copy.others", "n", part.Others)
	}
	in, why := part.Starts, ""
	if !part.Starts {
		why = say(r, "copy.why_text")
	}
	if sent {
		in, why = slices.Contains(r.PostForm["parti"], part.ID), modules.Value(r, "perche-"+part.ID)
	}
	title := language.SayText(r.Context(), part.Title)
	return partForm{
		In:  component.Field{ID: "parte-" + part.ID, Name: "parti", Kind: component.Checkboxes, Options: []component.Option{{Value: part.ID, Label: title, Hint: hint, Selected: in}}},
		Why: component.Field{ID: "perche-" + part.ID, Label: say(r, "copy.why", "part", title), Hint: say(r, "copy.why_hint"), Depends: true, MaxLength: 500, Value: why},
	}
}

func (p *pages) makeCopy(r *http.Request, s tenants.Scope) (modules.View, error) {
	request, err := modules.PathID(r, "request")
	if err == nil {
		err = r.ParseForm()
	}
	if err == nil {
		err = p.service.MakeCopy(r.Context(), s, request, modules.FormID(r.PostFormValue("id")), choicesIn(r))
	}
	if modules.IsAnswered(err) {
		return p.copyView(r, s, err)
	}
	return done(pathOf(request), err, "copy.done")
}

// choicesIn reads what was decided: of each part there is a field that says why it stays out.
func choicesIn(r *http.Request) (choices []Choice) {
	for name := range r.PostForm {
		if part, ok := strings.CutPrefix(name, "perche-"); ok {
			choices = append(choices, Choice{Part: part, In: slices.Contains(r.PostForm["parti"], part), Reason: modules.Value(r, name)})
		}
	}
	return choices
}

// addCopies puts the copies of a request into its page.
func (p *pages) addCopies(r *http.Request, s tenants.Scope, one Request, page *showPage) error {
	found, err := p.service.copies(r.Context(), s, one.ID)
	if err != nil {
		return err
	}
	if mayCopy(one) && p.service.deps.Permits(s, Handle) {
		page.Copy = &component.Button{Label: say(r, "copy.go"), URL: pathOf(one.ID) + "/copia"}
	}
	if len(found) == 0 {
		return nil
	}
	page.Copies = &component.Table{ID: "copie", Caption: say(r, "copies"), Cards: true, Columns: []component.Column{{Label: say(r, "copy.when")}, {Label: say(r, "copy.parts")}, {Label: say(r, "copy.state")}}}
	for _, c := range found {
		page.Copies.Rows = append(page.Copies.Rows, copyRow(r, c, p.service.deps.Permits(s, Fetch)))
	}
	return nil
}

func copyRow(r *http.Request, c Copy, fetches bool) component.Row {
	var in, left []string
	for _, choice := range c.Choices {
		if choice.In {
			in = append(in, choice.Title)
		} else {
			left = append(left, choice.Title)
		}
	}
	parts := component.Cell{Text: strings.Join(in, ", "), Lang: language.Italian}
	if len(left) > 0 {
		parts.Note = say(r, "copy.out", "list", strings.Join(left, ", "))
	}
	state := component.Cell{Tags: []component.Tag{{Label: say(r, "copy.state."+string(c.State))}}}
	if c.State == Ready {
		state.Tags[0].Tone = component.Success
		state.Note = say(r, "copy.until", "day", c.ExpiresAt.In(language.Rome).Format("02/01/2006"))
		if fetches {
			state.Actions = []component.Link{{Label: say(r, "copy.fetch"), URL: pathOf(c.Request) + "/copie/" + c.ID.String()}}
		} else {
			state.Note += ". " + say(r, "copy.fetcher")
		}
	}
	if c.FetchedAt != nil {
		state.Note += ". " + say(r, "copy.fetched", "name", c.FetchedName)
	}
	return component.Row{Cells: []component.Cell{{Instant: c.AskedAt, Note: c.AskedName}, parts, state}}
}

func (p *pages) fetch(r *http.Request, s tenants.Scope) (modules.View, error) {
	request, err := modules.PathID(r, "request")
	if err != nil {
		return modules.View{}, err
	}
	var id uuid.UUID
	if id, err = modules.PathID(r, "copy"); err != nil {
		return modules.View{}, err
	}
	c, one, content, err := p.service.Fetch(r.Context(), s, request, id)
	if err != nil {
		return modules.View{}, err
	}
	return modules.View{File: &modules.File{
		Name: fmt.Sprintf("dati-richiesta-%d.zip", one.Number), MediaType: "application/zip", Modified: modified(c), Stream: content,
	}}, nil
}

func modified(c Copy) time.Time {
	if c.MadeAt != nil {
		return *c.MadeAt
	}
	return c.AskedAt
}

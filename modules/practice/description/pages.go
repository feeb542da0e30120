package description

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/form"
	"staffetta/modules/practice/personal"
	"staffetta/modules/practice/release"
	"staffetta/tenants"
)

// listPath is the address of the practices of the body.
const listPath = "/pratiche"

type pages struct {
	service *release.Service
	items   *kit.Items
	deps    modules.Deps
}

// Pages are those on which practices are listed, shown and written.
func Pages(service *release.Service, deps modules.Deps) []modules.Page {
	p := pages{service, kit.NewItems(deps), deps}
	return []modules.Page{
		{Pattern: "GET " + listPath, Permission: "practice:read", Handle: p.showPractices, Nav: &modules.Nav{Label: "practice.nav", Order: 70}},
		{Pattern: "GET " + listPath + "/{id}", Permission: "practice:read", Handle: p.showPractice},
		{Pattern: "GET " + listPath + "/nuova", Permission: "practice:write", Handle: p.showNew},
		{Pattern: "POST " + listPath + "/nuova", Permission: "practice:write", Handle: p.create},
		{Pattern: "GET " + listPath + "/{id}/modifica", Permission: "practice:write", Handle: p.showEdit},
		{Pattern: "POST " + listPath + "/{id}/modifica", Permission: "practice:write", Handle: p.update},
	}
}

// Page is where a practice is written, part by part.
type Page struct {
	Breadcrumb component.Breadcrumb
	Errors     component.ErrorSummary
	Heading    string
	Alerts     []component.Alert
	Changes    *component.Table // conflict: where what was typed differs from what somebody else saved
	Action     string
	Hidden     []component.Hidden
	Index      []component.Link
	Parts      []Part
	Button     component.Button
}

// Part is a part of a practice with its fields.
type Part struct {
	ID      string
	Heading string
	Help    string
	Pieces  []Piece
}

// Piece is a place that is filled in: in no language, or in two.
type Piece struct {
	Field *component.Field
	Pair  *Pair
}

// Pair is a wording in both languages. Template "kit/pair".
type Pair struct {
	Label  string
	It, En component.Field
}

// writing is what a page shows: a practice as it is, or as somebody typed it.
type writing struct {
	practice release.Practice // as it is kept; new without a key
	seen     int              // its revision as the writer knew it
	typed    url.Values
	wrong    error
	stale    bool // somebody else has saved it since
}

func (p pages) showNew(r *http.Request, s tenants.Scope) (modules.View, error) {
	practice := release.Practice{ID: uuid.Must(uuid.NewV7()), Licence: ownLicence}
	if body, err := p.deps.Bodies.ByID(s.Tenant); err == nil {
		practice.Owner = body.Name
		practice.Sheet.Registry.CedingBody.Name = body.Name
	}
	return p.page(r, s, writing{practice: practice, typed: values(practice)})
}

// ownLicence is under which a practice goes out unless its body says otherwise.
const ownLicence = "CC-BY-4.0"

func (p pages) create(r *http.Request, s tenants.Scope) (modules.View, error) {
	id := modules.FormID(r.PostFormValue("id")) // which reads the form
	w := writing{practice: release.Practice{ID: id}, typed: r.PostForm}
	practice, err := read(w.typed, w.practice)
	if err == nil {
		practice, err = p.service.Create(r.Context(), s, practice)
	}
	return p.saved(r, s, w, practice.ID, err)
}

func (p pages) showEdit(r *http.Request, s tenants.Scope) (modules.View, error) {
	practice, err := p.found(r, s)
	if err != nil {
		return modules.View{}, err
	}
	return p.page(r, s, writing{practice: practice, seen: practice.Revision, typed: values(practice)})
}

func (p pages) found(r *http.Request, s tenants.Scope) (release.Practice, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return release.Practice{}, err
	}
	return p.service.Get(r.Context(), s, id)
}

func (p pages) update(r *http.Request, s tenants.Scope) (modules.View, error) {
	before, err := p.found(r, s)
	if err != nil {
		return modules.View{}, err
	}
	seen, _ := strconv.Atoi(r.PostFormValue("version")) // what is no number meets no version
	w := writing{practice: before, seen: seen, typed: r.PostForm}
	practice, err := read(w.typed, before)
	if err == nil {
		practice.Revision = seen
		_, err = p.service.Update(r.Context(), s, practice)
	}
	return p.saved(r, s, w, before.ID, err)
}

// saved goes back to the practice, or shows again what was typed with what is wrong.
func (p pages) saved(r *http.Request, s tenants.Scope, w writing, id uuid.UUID, err error) (modules.View, error) {
	switch {
	case err == nil:
		return modules.Redirect(listPath+"/"+id.String(), language.M("practice.write.saved")), nil
	case problem.Is(err, problem.Invalid):
		w.wrong = err
		view, err := p.page(r, s, w)
		return view.Refused(), err
	case problem.Is(err, problem.Conflict) && w.practice.Key != "":
		if w.practice, err = p.service.Get(r.Context(), s, id); err != nil {
			return modules.View{}, err
		}
		w.stale, w.seen = true, w.practice.Revision
		view, err := p.page(r, s, w)
		view.Status = http.StatusConflict
		return view, err
	}
	return modules.View{}, err
}

func (p pages) page(r *http.Request, s tenants.Scope, w writing) (modules.View, error) {
	items, err := p.items.Find(r.Context(), s, "")
	if err != nil {
		return modules.View{}, err
	}
	page := Page{
		Heading: modules.Say(r, "practice.write.new"), Action: listPath + "/nuova", Hidden: []component.Hidden{{Name: "id", Value: w.practice.ID.String()}},
		Button: component.Button{Label: modules.Say(r, "practice.write.save"), Emphasis: component.Primary},
	}
	crumbs := []component.Crumb{{Label: modules.Say(r, "practice.list.heading"), URL: listPath}}
	if w.practice.Key != "" {
		at := listPath + "/" + w.practice.ID.String()
		page.Heading, page.Action = modules.Say(r, "practice.write.edit"), at+"/modifica"
		page.Hidden = []component.Hidden{{Name: "version", Value: strconv.Itoa(w.seen)}}
		crumbs = append(crumbs, component.Crumb{Label: language.SayText(r.Context(), w.practice.Title), URL: at})
	}
	page.Breadcrumb = form.Crumbs(append(crumbs, component.Crumb{Label: page.Heading})...)
	writer := writer{r: r, writing: w, items: items, wrong: modules.FieldErrors(r.Context(), w.wrong)}
	for _, part := range parts {
		page.Parts = append(page.Parts, writer.part(part))
	}
	for _, part := range page.Parts {
		page.Index = append(page.Index, component.Link{Label: part.Heading, URL: "#" + part.ID})
	}
	page.Errors = component.Summarize(writer.fields...)
	page.Alerts = writer.alerts()
	if w.stale {
		page.Changes = writer.changes()
	}
	return modules.Render("practice/write", language.M("practice.write.title"), page), nil
}

// alerts tell that somebody else saved the practice, and where something may tell who a person is.
func (w *writer) alerts() (alerts []component.Alert) {
	if w.stale {
		alerts = append(alerts, component.Alert{Tone: component.Danger, Text: modules.Say(w.r, "practice.write.stale")})
	}
	for _, told := range w.personal() {
		alerts = append(alerts, component.Alert{Tone: component.Warning, Text: told})
	}
	return alerts
}

// personal are the places of what was typed that would hold up the publication of a kit, but the persons, who are not published.
func (w *writer) personal() (told []string) {
	for _, part := range parts {
		for _, f := range part.fields {
			if f.name == personsField {
				continue
			}
			texts := slices.Concat(w.typed[f.name], w.typed[f.name+".it"], w.typed[f.name+".en"])
			for _, rule := range personal.Rules(strings.Join(texts, "\n")) {
				told = append(told, modules.Say(w.r, "practice.write.personal", "field", label(w.r, f), "finding", modules.Say(w.r, "practice.finding."+rule)))
			}
		}
	}
	return told
}

// personsField holds names, and stays with the body.
const personsField = "registry.persons"

// changes lists where what was typed differs from what somebody else has saved.
func (w *writer) changes() *component.Table {
	table := component.Table{
		ID: "differenze", Caption: modules.Say(w.r, "practice.write.changes"), Cards: true,
		Columns: form.Columns(w.r, "practice.write.where", "practice.write.theirs", "practice.write.yours"),
	}
	kept := values(w.practice)
	for _, part := range parts {
		for _, f := range part.fields {
			for _, name := range []string{f.name, f.name + ".it", f.name + ".en"} {
				theirs, yours := told(kept, name), told(w.typed, name)
				if theirs != yours && f.name != "key" {
					table.Rows = append(table.Rows, component.Row{Cells: []component.Cell{{Text: label(w.r, f)}, {Text: theirs}, {Text: yours}}})
				}
			}
		}
	}
	return &table
}

func told(values url.Values, name string) string {
	return strings.TrimSpace(strings.ReplaceAll(strings.Join(values[name], "\n"), "\r\n", "\n"))
}

func label(r *http.Request, f field) string { return modules.Say(r, release.LabelKey(f.name)) }

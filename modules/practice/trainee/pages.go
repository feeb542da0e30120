package trainee

import (
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/practice/form"
	"staffetta/tenants"
)

type pages struct{ service *Service }

// Pages are those of the training log.
func Pages(service *Service) []modules.Page {
	p := pages{service}
	return []modules.Page{
		{Pattern: "GET /adozioni/{id}/formati", Permission: "adoption:write", Handle: p.show},
		{Pattern: "POST /adozioni/{id}/formati", Permission: "adoption:write", Handle: p.add},
		{Pattern: "POST /adozioni/{id}/formati/{trainee}/togli", Permission: "adoption:write", Handle: p.remove},
	}
}

// Page is who was trained in what, and the form to write somebody down.
type Page struct {
	Breadcrumb component.Breadcrumb
	Errors     component.ErrorSummary
	Table      component.Table
	Remove     []RemoveForm
	Action     string
	ID         string
	Fields     []component.Field // none where the kit has no course
	Button     component.Button
}

// RemoveForm takes somebody off the log.
type RemoveForm struct {
	Action string
	Label  string
	Button component.Button
}

func (p pages) get(r *http.Request, s tenants.Scope) (Log, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return Log{}, err
	}
	return p.service.Get(r.Context(), s, id)
}

func (p pages) show(r *http.Request, s tenants.Scope) (modules.View, error) {
	l, err := p.get(r, s)
	if err != nil {
		return modules.View{}, err
	}
	return p.page(r, l, nil), nil
}

func (p pages) page(r *http.Request, l Log, wrong map[string]string) modules.View {
	a := l.Board.Adoption
	at := "/adozioni/" + a.ID.String()
	page := Page{
		Breadcrumb: form.Crumbs(component.Crumb{Label: modules.Say(r, "practice.adoptions.heading"), URL: "/adozioni"},
			component.Crumb{Label: language.SayText(r.Context(), a.Title), URL: at}, component.Crumb{Label: modules.Say(r, "practice.trainee.heading")}),
		Table: component.Table{
			Caption: modules.Say(r, "practice.trainee.heading"), Hidden: true, Cards: true,
			Columns: form.Columns(r, "practice.trainee.name", "practice.trainee.course", "practice.trainee.day"),
			Empty:   component.Empty{Title: modules.Say(r, "practice.trainee.empty"), Text: modules.Say(r, "practice.trainee.empty_text")},
		},
		Action: at + "/formati", ID: form.NewID(), Button: component.Button{Label: modules.Say(r, "practice.trainee.add"), Emphasis: component.Primary},
	}
	for _, t := range l.Trainees {
		name := component.Cell{Text: t.Name}
		if t.Left {
			name.Tags = []component.Tag{{Label: modules.Say(r, "practice.trainee.left"), Tone: component.Warning}}
		}
		page.Table.Rows = append(page.Table.Rows, component.Row{Cells: []component.Cell{name, {Text: l.courseName(r, t.Course)}, {Date: t.Day}}})
		if a.State != "ended" {
			page.Remove = append(page.Remove, RemoveForm{
				Action: at + "/formati/" + t.ID.String() + "/togli", Label: t.Name + ", " + l.courseName(r, t.Course),
				Button: component.Button{Label: modules.Say(r, "practice.trainee.remove"), Hidden: t.Name},
			})
		}
	}
	if len(l.Board.Programme.Courses) > 0 && a.State != "ended" {
		page.Fields = l.fields(r, wrong)
		page.Errors = component.Summarize(page.Fields...)
	}
	return modules.Render("practice/trainees", language.M("practice.trainee.heading"), page)
}

func (l Log) courseName(r *http.Request, key string) string {
	for _, c := range l.Board.Programme.Courses {
		if c.Key == key {
			title, _ := form.Said(r, c.Title)
			return key + " " + title
		}
	}
	return key
}

func (l Log) fields(r *http.Request, wrong map[string]string) []component.Field {
	who := component.Field{ID: "account", Kind: component.Select, Label: modules.Say(r, "practice.trainee.name"), Required: true, Value: r.PostFormValue("account"), Error: wrong["account"]}
	seen := map[uuid.UUID]bool{}
	for _, c := range l.Colleagues {
		if !seen[c.Account] {
			seen[c.Account] = true
			who.Options = append(who.Options, component.Option{Value: c.Account.String(), Label: c.Name})
		}
	}
	course := component.Field{ID: "course", Kind: component.Select, Label: modules.Say(r, "practice.trainee.course"), Required: true, Value: r.PostFormValue("course"), Error: wrong["course"]}
	for _, c := range l.Board.Programme.Courses {
		course.Options = append(course.Options, component.Option{Value: c.Key, Label: l.courseName(r, c.Key)})
	}
	return []component.Field{who, course, {
		ID: "day", Kind: component.Appointed, Label: modules.Say(r, "practice.trainee.day"), Required: true, Value: r.PostFormValue("day"), Error: wrong["day"],
	}}
}

func (p pages) add(r *http.Request, s tenants.Scope) (modules.View, error) {
	l, err := p.get(r, s)
	if err != nil {
		return modules.View{}, err
	}
	t := Trainee{ID: modules.FormID(r.PostFormValue("id")), Course: modules.Value(r, "course")}
	t.Account = modules.LinkID(r.PostFormValue("account")) // what is no id is no colleague
	day := strings.TrimSpace(r.PostFormValue("day"))
	if t.Day, err = time.Parse(time.DateOnly, day); err != nil && day != "" {
		var wrong problem.Fields
		wrong.Add("day", "practice.board.error.day")
		err = wrong.Err()
	} else {
		err = p.service.Add(r.Context(), s, l.Board.Adoption.ID, t)
	}
	if wrong := modules.FieldErrors(r.Context(), err); wrong != nil {
		return p.page(r, l, wrong).Refused(), nil
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect("/adozioni/"+l.Board.Adoption.ID.String()+"/formati", language.M("practice.trainee.added")), nil
}

func (p pages) remove(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	trainee, err := modules.PathID(r, "trainee")
	if err != nil {
		return modules.View{}, err
	}
	if err := p.service.Remove(r.Context(), s, id, trainee); err != nil {
		return modules.View{}, err
	}
	return modules.Redirect("/adozioni/"+id.String()+"/formati", language.M("practice.trainee.removed")), nil
}

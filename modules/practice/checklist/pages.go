// Package checklist asks the questions of the transferability checklist, with the answers that the board itself can give. It must
// not keep an answer: the board does.
package checklist

import (
	"net/http"
	"strconv"
	"strings"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/practice/adoption"
	"staffetta/modules/practice/board"
	"staffetta/modules/practice/form"
	"staffetta/tenants"
)

type pages struct {
	service *board.Service
	bodies  *tenants.Directory
}

// Pages are those of the checklist.
func Pages(service *board.Service, bodies *tenants.Directory) []modules.Page {
	p := pages{service, bodies}
	return []modules.Page{
		{Pattern: "GET /adozioni/{id}/analisi", Permission: "adoption:write", Handle: p.show},
		{Pattern: "POST /adozioni/{id}/analisi", Permission: "adoption:write", Handle: p.answer},
	}
}

// Page is the transferability checklist with the answers that stand.
type Page struct {
	Breadcrumb component.Breadcrumb
	Errors     component.ErrorSummary
	Progress   string // how many questions have an answer
	Counts     string // how many have which one
	Action     string
	Questions  []QuestionView
	Button     component.Button
}

// QuestionView is one question with its answer and who closes the gap.
type QuestionView struct {
	Area   string // where a new area begins
	Help   []string
	Tag    *component.Tag
	By     string
	Answer component.Field
	Note   component.Field
	Owner  component.Field // of what is missing, as the answer says
	Due    component.Field
}

func (p pages) show(r *http.Request, s tenants.Scope) (modules.View, error) {
	b, err := board.At(r, s, p.service)
	if err != nil {
		return modules.View{}, err
	}
	return p.page(r, s, b, nil)
}

func (p pages) page(r *http.Request, s tenants.Scope, b board.Board, wrong map[string]string) (modules.View, error) {
	if len(b.Programme.Questions) == 0 || b.Adoption.Side == adoption.Lead {
		return modules.View{}, problem.Missing()
	}
	page := Page{
		Breadcrumb: form.Crumbs(component.Crumb{Label: modules.Say(r, "practice.adoptions.heading"), URL: "/adozioni"},
			component.Crumb{Label: language.SayText(r.Context(), b.Adoption.Title), URL: "/adozioni/" + b.Adoption.ID.String()}, component.Crumb{Label: modules.Say(r, "practice.checklist.heading")}),
		Action: "/adozioni/" + b.Adoption.ID.String() + "/analisi",
		Button: component.Button{Label: modules.Say(r, "practice.checklist.save"), Emphasis: component.Primary},
	}
	answers := b.Responses()
	counts, area := map[string]int{}, ""
	for _, q := range b.Programme.Questions {
		counts[answers[q.Place].Value]++
		stands := answers[q.Place]
		view := p.questionView(r, b, q, stands, wrong)
		if stands.Value != "" && (stands.Tenant != s.Tenant || stands.Author != s.Name) { // what one answered oneself one knows
			view.By = modules.Say(r, "practice.checklist.by", "name", stands.Author, "body", p.bodies.Name(stands.Tenant))
		}
		name, _ := form.Said(r, q.Area)
		if name != area {
			view.Area, area = name, name
		}
		page.Questions = append(page.Questions, view)
		page.Errors.Errors = append(page.Errors.Errors, component.Summarize(view.Answer, view.Note, view.Owner, view.Due).Errors...)
	}
	var said []string
	for _, value := range board.Answers {
		if counts[value] > 0 {
			said = append(said, modules.Say(r, "practice.checklist.count."+value)+": "+strconv.Itoa(counts[value]))
		}
	}
	page.Progress = modules.Say(r, "practice.checklist.progress", "n", len(b.Programme.Questions)-counts[""], "of", len(b.Programme.Questions))
	page.Counts = strings.Join(said, ", ")
	return modules.Render("practice/checklist", language.M("practice.checklist.heading"), page), nil
}

func (p pages) questionView(r *http.Request, b board.Board, q board.Question, stands board.Statement, wrong map[string]string) QuestionView {
	text, _ := form.Said(r, q.Text)
	id := strings.NewReplacer("/", "-", "_", "-", ".", "-").Replace(q.Place)
	value, note, owner, due := stands.Value, stands.Note, stands.Owner, form.DayValue(stands.Day)
	view := QuestionView{}
	if found, ok := Suggest(b, q); ok && stands.Value == "" {
		source := modules.Say(r, "practice.suggestion."+found.From, "n", found.Done, "of", found.Of)
		value, note, view.By = found.Value, source, modules.Say(r, "practice.checklist.suggested")
	}
	if r.Method == http.MethodPost {
		value, note, owner, due = r.PostFormValue("value."+q.Place), r.PostFormValue("note."+q.Place), r.PostFormValue("owner."+q.Place), r.PostFormValue("day."+q.Place)
	}
	for _, help := range []struct{ key, text string }{{"practice.checklist.evidence", q.Evidence.IT}, {"practice.checklist.if_no", q.IfNo.IT}} {
		if help.text != "" {
			view.Help = append(view.Help, modules.Say(r, help.key, "text", help.text))
		}
	}
	if q.Blocking {
		view.Tag = &component.Tag{Label: modules.Say(r, "practice.checklist.blocking"), Tone: component.Warning}
	}
	view.Answer = component.Field{ID: "value-" + id, Name: "value." + q.Place, Kind: component.Radios, Label: text, Required: true, Value: value, Error: wrong["value."+q.Place]}
	for _, choice := range board.Answers {
		view.Answer.Options = append(view.Answer.Options, component.Option{Value: choice, Label: modules.Say(r, "practice.statement.value.answer."+choice)})
	}
	view.Note = component.Field{ID: "note-" + id, Name: "note." + q.Place, Label: modules.Say(r, "practice.checklist.note"), Value: note, MaxLength: 1000, Error: wrong["note."+q.Place]}
	view.Owner = component.Field{ID: "owner-" + id, Name: "owner." + q.Place, Label: modules.Say(r, "practice.checklist.owner"), Value: owner, MaxLength: 120, Width: component.Medium, Depends: true, Error: wrong["owner."+q.Place]}
	view.Due = component.Field{ID: "day-" + id, Name: "day." + q.Place, Kind: component.Appointed, Label: modules.Say(r, "practice.checklist.due"), Depends: true, Value: due, Error: wrong["day."+q.Place]}
	return view
}

func (p pages) answer(r *http.Request, s tenants.Scope) (modules.View, error) {
	b, err := board.At(r, s, p.service)
	if err != nil {
		return modules.View{}, err
	}
	changed, wrong := changedAnswers(r, b)
	if err = wrong.Err(); err == nil {
		err = p.service.State(r.Context(), s, b.Adoption.ID, changed...)
	}
	if wrong := modules.FieldErrors(r.Context(), err); wrong != nil {
		view, err := p.page(r, s, b, wrong)
		return view.Refused(), err
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect("/adozioni/"+b.Adoption.ID.String(), language.M("practice.checklist.saved", "n", len(changed))), nil
}

// changedAnswers are the answers of the form that differ from those that stand.
func changedAnswers(r *http.Request, b board.Board) ([]board.Statement, problem.Fields) {
	var wrong problem.Fields
	var changed []board.Statement
	answers := b.Responses()
	for _, q := range b.Programme.Questions {
		day, ok := form.Day(r.PostFormValue("day." + q.Place))
		if !ok {
			wrong.Add("day."+q.Place, "practice.board.error.day")
		}
		stands := answers[q.Place]
		one := board.Statement{
			ID: modules.FormID(""), Kind: board.Response, Key: q.Place, Value: modules.Value(r, "value."+q.Place), Note: modules.Value(r, "note."+q.Place),
			Owner: modules.Value(r, "owner."+q.Place), Day: day,
		}
		if one.Value == "" || one.Value == stands.Value && one.Note == stands.Note && one.Owner == stands.Owner && form.DayValue(one.Day) == form.DayValue(stands.Day) {
			continue
		}
		changed = append(changed, one)
	}
	return changed, wrong
}

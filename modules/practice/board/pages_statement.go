package board

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/practice/form"
	"staffetta/tenants"
)

// kinds are those of statements in the order of the screen.
var kinds = []Kind{Interest, Act, Privacy, Delivery, Session, Visit, Asset, Baseline, FirstCase, Measure, Review, Document}

// asked are the fields that a form for a statement asks, by kind.
var asked = map[Kind][]string{
	Interest: {"note"}, Act: {"value", "day", "note", "link"}, Privacy: {"value", "note"}, Delivery: {"note"},
	Session: {"key", "day", "amount", "people", "note"}, Visit: {"day", "amount", "people", "note"}, Asset: {"key", "value", "owner", "amount", "note"},
	Baseline: {"day", "note"}, FirstCase: {"day", "note"}, Measure: {"value", "day", "note"},
	Review: {"value", "day", "people", "amount", "note"}, Document: {"note", "value", "day", "link"},
}

// StatementPage asks for one statement.
type StatementPage struct {
	Breadcrumb component.Breadcrumb
	Errors     component.ErrorSummary
	Title      string
	Help       string
	Action     string
	Hidden     []component.Hidden
	About      component.Summary // the indicator that is measured
	Fields     []component.Field
	Button     component.Button
	CancelURL  string
	Others     []component.Link // the other indicators
}

func (p pages) showStatement(r *http.Request, s tenants.Scope) (modules.View, error) {
	b, err := p.get(r, s)
	if err != nil {
		return modules.View{}, err
	}
	q := r.URL.Query()
	stage, _ := strconv.Atoi(q.Get("fase"))
	one := Statement{Kind: Kind(q.Get("tipo")), Key: q.Get("voce"), Value: q.Get("mesi"), Stage: stage}
	return p.statementPage(r, s, b, one, nil)
}

func (p pages) statementPage(r *http.Request, s tenants.Scope, b Board, one Statement, wrong map[string]string) (modules.View, error) {
	fields := asked[one.Kind]
	if fields == nil || !b.Takes(one.Kind) {
		return modules.View{}, problem.Missing()
	}
	one.place()
	if !one.placed() {
		return modules.View{}, problem.Missing()
	}
	at := "/adozioni/" + b.Adoption.ID.String()
	page := StatementPage{
		Breadcrumb: p.crumbs(r, b, modules.Say(r, "practice.statement.kind."+string(one.Kind))),
		Title:      modules.Say(r, "practice.statement.add."+string(one.Kind)), Help: modules.Say(r, "practice.statement.help."+string(one.Kind), "release", b.Adoption.Release),
		Action: at + "/riscontri", Button: component.Button{Label: modules.Say(r, "practice.statement.save"), Emphasis: component.Primary},
		Hidden: []component.Hidden{
			{Name: "id", Value: cmp.Or(r.PostFormValue("id"), form.NewID())}, {Name: "kind", Value: string(one.Kind)}, {Name: "stage", Value: strconv.Itoa(one.Stage)},
		},
		CancelURL: at + "/fasi/" + strconv.Itoa(one.Stage),
	}
	one = b.Propose(one)
	if one.Kind == Baseline || one.Kind == Measure {
		indicator, ok := b.measured(one)
		if !ok || indicator.Rule == nil {
			return modules.View{}, problem.Missing()
		}
		one.Key = indicator.Key
		if err := p.addIndicator(r, s, &page, writing{b, one, indicator, wrong}); err != nil {
			return modules.View{}, err
		}
	}
	for _, name := range fields {
		page.Fields = append(page.Fields, b.field(r, one, name, wrong[name]))
	}
	page.Errors = component.Summarize(page.Fields...)
	if wrong["kind"] != "" {
		page.Errors.Errors = append(page.Errors.Errors, component.FieldError{Message: wrong["kind"]})
	}
	return modules.Render("practice/statement", language.M("practice.statement.kind."+string(one.Kind)), page), nil
}

// optional are the fields that a kind does not need.
var optional = map[Kind]string{
	Act: " note link ", Privacy: " note ", Delivery: " note ", Session: " note ", Visit: " note ", Asset: " amount note ", FirstCase: " note ",
	Review: " people amount note ", Document: " value link ",
}

// field is one question about a statement.
func (b Board) field(r *http.Request, one Statement, name, wrong string) component.Field {
	given := map[string]string{"key": one.Key, "value": one.Value, "day": form.DayValue(one.Day), "note": one.Note, "amount": hours(one.Amount)}[name]
	f := component.Field{
		ID: name, Label: label(r, one.Kind, name), Error: wrong, Required: !strings.Contains(optional[one.Kind], " "+name+" "),
		Value: given,
	}
	if r.Method == http.MethodPost {
		f.Value = r.PostFormValue(name)
	}
	switch name {
	case "key":
		f.Kind, f.Options = component.Select, b.options(r, one.Kind)
	case "day":
		f.Kind = component.Appointed
	case "amount", "people":
		f.Kind, f.Width = component.Number, component.Short
	case "note":
		f.Kind, f.Rows, f.MaxLength = component.LongText, 3, 1000
	case "link":
		f.MaxLength, f.Hint = 500, modules.Say(r, "practice.statement.link_hint")
	default:
		f.MaxLength, f.Width = 200, component.Medium
		for _, choice := range choices[one.Kind] {
			f.Kind = component.Radios
			f.Options = append(f.Options, component.Option{Value: choice, Label: valueText(r, one.Kind, choice)})
		}
	}
	return f
}

// named are the fields whose label is that of the kind.
var named = map[string][]Kind{
	"note":   {Interest, Baseline, Measure, Document},
	"value":  {Act, Privacy, Asset, Measure, Review},
	"key":    {Session, Asset},
	"amount": {Session, Visit, Review, Asset},
	"people": {Session, Visit, Review},
	"day":    {FirstCase},
}

func label(r *http.Request, kind Kind, name string) string {
	if slices.Contains(named[name], kind) {
		return modules.Say(r, "practice.statement.label."+name+"."+string(kind))
	}
	return modules.Say(r, "practice.statement.label."+name)
}

func (p pages) state(r *http.Request, s tenants.Scope) (modules.View, error) {
	b, err := p.get(r, s)
	if err != nil {
		return modules.View{}, err
	}
	one, wrong := statementOf(r)
	if one.Kind == Delivery {
		one.Value = b.Adoption.Release
	}
	one.Quantities = b.quantitiesOf(r, one, &wrong)
	if err = wrong.Err(); err == nil {
		err = p.service.State(r.Context(), s, b.Adoption.ID, one)
	}
	if wrong := modules.FieldErrors(r.Context(), err); wrong != nil {
		view, err := p.statementPage(r, s, b, one, wrong)
		return view.Refused(), err
	}
	if err != nil {
		return modules.View{}, err
	}
	to := "/adozioni/" + b.Adoption.ID.String()
	if lacking := b.LackingAfter(one); len(lacking) > 0 {
		to += "/riscontri/nuovo?tipo=" + string(one.Kind) + "&mesi=" + one.Value + "&voce=" + lacking[0]
		return modules.Redirect(to, language.M("practice.statement.saved_next", "n", len(lacking))), nil
	}
	if stage := max(stages[one.Kind], 0); stage != b.Adoption.Stage {
		to = p.stagePath(b, max(one.Stage, stage))
	}
	return modules.Redirect(to, language.M("practice.statement.saved")), nil
}

// hours are a number of hours as somebody types it; "" for none.
func hours(amount *float64) string {
	if amount == nil {
		return ""
	}
	return strconv.FormatFloat(*amount, 'f', -1, 64)
}

// statementOf reads a statement from its form, with what is no day or number.
func statementOf(r *http.Request) (Statement, problem.Fields) {
	var wrong problem.Fields
	one := Statement{
		ID: modules.FormID(r.PostFormValue("id")), Kind: Kind(r.PostFormValue("kind")), Stage: max(form.Number(r, "stage"), 0), Key: modules.Value(r, "key"),
		Value: modules.Value(r, "value"), Owner: modules.Value(r, "owner"), Note: modules.Value(r, "note"), Link: modules.Value(r, "link"),
	}
	var ok bool
	if one.Day, ok = form.Day(r.PostFormValue("day")); !ok {
		wrong.Add("day", "practice.board.error.day")
	}
	if text := modules.Value(r, "amount"); text != "" {
		amount, err := strconv.ParseFloat(strings.Replace(text, ",", ".", 1), 64)
		if err != nil || amount != amount {
			wrong.Add("amount", "practice.board.error.amount")
		}
		one.Amount = &amount
	}
	if text := modules.Value(r, "people"); text != "" {
		people, err := strconv.Atoi(text)
		if err != nil {
			wrong.Add("people", "practice.board.error.people")
		}
		one.People = &people
	}
	return one, wrong
}

package board

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/practice/adoption"
	"staffetta/modules/practice/board/opening"
	"staffetta/modules/practice/form"
	"staffetta/tenants"
)

// StagePage is one stage of an adoption: what it asks, what was put on the board, who answers for it.
type StagePage struct {
	Breadcrumb component.Breadcrumb
	Title      string
	About      string // what the stage is for
	Who        string
	Duties     component.TaskList
	Opens      *opening.List
	Statements component.Table
	Withdraw   []WithdrawForm
	Add        component.ButtonRow
	Owners     component.Table
	Owner      *OwnerForm
	Errors     component.ErrorSummary
}

// WithdrawForm takes back a statement of the own body.
type WithdrawForm struct {
	Action string
	Label  string
	Button component.Button
}

// OwnerForm names who answers for a stage.
type OwnerForm struct {
	Action string
	Fields []component.Field
	Button component.Button
}

func stageOf(r *http.Request) (int, error) {
	stage, err := strconv.Atoi(r.PathValue("stage"))
	if err != nil || stage < 0 || stage > adoption.LastStage || strconv.Itoa(stage) != r.PathValue("stage") {
		return 0, problem.Missing()
	}
	return stage, nil
}

func (p pages) showStage(r *http.Request, s tenants.Scope) (modules.View, error) {
	b, err := p.get(r, s)
	if err != nil {
		return modules.View{}, err
	}
	stage, err := stageOf(r)
	if err != nil {
		return modules.View{}, err
	}
	return p.stagePage(r, s, b, stage, nil), nil
}

func (p pages) stagePage(r *http.Request, s tenants.Scope, b Board, stage int, wrong map[string]string) modules.View {
	page := StagePage{
		Breadcrumb: p.crumbs(r, b, form.Stage(r, stage)), Title: form.Stage(r, stage), About: modules.Say(r, "practice.stage.about."+strconv.Itoa(stage)), Who: modules.Say(r, "practice.stage.who."+strconv.Itoa(stage)),
		Duties: p.duties(r, s, b, b.Gate(stage, time.Now())), Statements: p.statementTable(r, b, stage), Owners: p.ownerTable(r, b, stage),
	}
	if stage == adoption.StageGoLive {
		page.Opens = opening.NewList(r, p.service.deps, s, b.Waiting)
	}
	if p.works(s, b.Adoption) {
		at := "/adozioni/" + b.Adoption.ID.String()
		for _, one := range b.Statements {
			if one.Stage == stage && one.Tenant == s.Tenant && one.Kind != Response {
				page.Withdraw = append(page.Withdraw, WithdrawForm{
					Action: at + "/riscontri/" + one.ID.String() + "/ritira", Label: summary(r, b, one),
					Button: component.Button{Label: modules.Say(r, "practice.statement.withdraw"), Hidden: summary(r, b, one)},
				})
			}
		}
		for _, kind := range kinds {
			if (stages[kind] == stage || kind == Document) && kind != Response && (sides[kind] == "" || sides[kind] == b.Adoption.Side) {
				page.Add.Buttons = append(page.Add.Buttons, component.Button{
					Label: modules.Say(r, "practice.statement.add."+string(kind)), URL: at + "/riscontri/nuovo?tipo=" + string(kind) + "&fase=" + strconv.Itoa(stage),
				})
			}
		}
		switch {
		case stage == 3:
			label := map[bool]string{true: "practice.lead.heading", false: "practice.lead.change"}[b.Adoption.Leading == 0]
			page.Add.Buttons = append(page.Add.Buttons, component.Button{Label: modules.Say(r, label), URL: at + "/capofila"})
		case stage == 6:
			page.Add.Buttons = append(page.Add.Buttons, component.Button{Label: modules.Say(r, "practice.trainee.heading"), URL: at + "/formati"})
		}
		page.Owner = ownerForm(r, b.Owner(stage, s.Tenant), at+"/fasi/"+strconv.Itoa(stage)+"/responsabile", wrong)
		page.Errors = component.Summarize(page.Owner.Fields...)
	}
	return modules.Render("practice/stage", language.M("practice.stage."+strconv.Itoa(stage)), page)
}

func (p pages) crumbs(r *http.Request, b Board, here string) component.Breadcrumb {
	return form.Crumbs(component.Crumb{Label: modules.Say(r, "practice.adoptions.heading"), URL: "/adozioni"},
		component.Crumb{Label: language.SayText(r.Context(), b.Adoption.Title), URL: "/adozioni/" + b.Adoption.ID.String()}, component.Crumb{Label: here})
}

func (p pages) statementTable(r *http.Request, b Board, stage int) component.Table {
	table := component.Table{
		ID: "riscontri", Caption: modules.Say(r, "practice.statement.heading"), Hidden: true, Cards: true,
		Columns: form.Columns(r, "practice.statement.what", "practice.statement.day", "practice.statement.note", "practice.statement.by"),
		Empty:   component.Empty{Title: modules.Say(r, "practice.statement.empty")},
	}
	for _, one := range b.Statements {
		if one.Stage != stage || one.Kind == Response {
			continue
		}
		note := component.Cell{Text: one.Note}
		if one.Link != "" {
			note.Note = one.Link
		}
		table.Rows = append(table.Rows, component.Row{Cells: []component.Cell{
			{Text: summary(r, b, one)}, {Date: one.Day}, note, {Text: p.bodies.Name(one.Tenant), Note: one.Author},
		}})
	}
	return table
}

// summary says what a statement states, in one line.
func summary(r *http.Request, b Board, s Statement) string {
	parts := []string{modules.Say(r, "practice.statement.kind."+string(s.Kind))}
	if s.Key != "" {
		parts = append(parts, b.nameOf(r, s))
	}
	if s.Value != "" {
		parts = append(parts, valueText(r, s.Kind, s.Value))
	}
	if s.Amount != nil {
		parts = append(parts, modules.Say(r, "practice.statement.amount."+string(unitOf(s.Kind)), "amount", form.Decimal(*s.Amount)))
	}
	if s.Amount == nil && (s.Kind == Baseline || s.Kind == Measure) {
		parts = append(parts, modules.Say(r, "practice.outcome.withheld"))
	}
	if s.People != nil {
		parts = append(parts, modules.Say(r, "practice.statement.people", "n", *s.People))
	}
	if s.Owner != "" {
		parts = append(parts, s.Owner)
	}
	return strings.Join(parts, " · ")
}

// unitOf groups kinds by what their number counts.
func unitOf(kind Kind) Kind {
	switch kind {
	case Session, Visit:
		return "hours"
	case Review, Asset:
		return "euro"
	default:
		return "value"
	}
}

// valueText is what a value says; those that are no choice say themselves.
func valueText(r *http.Request, kind Kind, value string) string {
	if choices[kind] == nil {
		return value
	}
	return modules.Say(r, "practice.statement.value."+string(kind)+"."+value)
}

// nameOf names what a statement is about: a course, an indicator, a kind of asset.
func (b Board) nameOf(r *http.Request, s Statement) string {
	if s.Kind == Asset {
		return modules.Say(r, "practice.statement.asset."+s.Key)
	}
	for _, option := range b.options(r, s.Kind) {
		if option.Value == s.Key {
			return option.Label
		}
	}
	return s.Key
}

// options are what a statement of a kind can be about.
func (b Board) options(r *http.Request, kind Kind) []component.Option {
	var list []component.Option
	switch kind {
	case Session:
		for _, c := range b.Programme.Courses {
			title, _ := form.Said(r, c.Title)
			list = append(list, component.Option{Value: c.Key, Label: c.Key + " " + title})
		}
	case Baseline, Measure:
		for _, i := range b.Programme.Indicators {
			title, _ := form.Said(r, i.Title)
			list = append(list, component.Option{Value: i.Key, Label: i.Key + " " + title})
		}
	case Asset:
		for _, key := range assets {
			list = append(list, component.Option{Value: key, Label: modules.Say(r, "practice.statement.asset."+key)})
		}
	default: // about nothing of the kit
	}
	return list
}

func (p pages) ownerTable(r *http.Request, b Board, stage int) component.Table {
	table := component.Table{
		ID: "responsabili", Caption: modules.Say(r, "practice.owner.heading"), Hidden: true, Cards: true,
		Columns: form.Columns(r, "practice.owner.body", "practice.owner.name", "practice.board.due"),
	}
	for _, tenant := range []int32{b.Adoption.Ceding, b.Adoption.Reusing} {
		o := b.Owner(stage, tenant)
		name := o.Name
		if name == "" {
			name = modules.Say(r, "practice.owner.nobody")
		}
		table.Rows = append(table.Rows, component.Row{Cells: []component.Cell{{Text: p.bodies.Name(tenant)}, {Text: name}, {Date: o.Due}}})
	}
	return table
}

func ownerForm(r *http.Request, o Owner, action string, wrong map[string]string) *OwnerForm {
	name, due := o.Name, form.DayValue(o.Due)
	if r.Method == http.MethodPost {
		name, due = r.PostFormValue("owner"), r.PostFormValue("due")
	}
	return &OwnerForm{Action: action, Button: component.Button{Label: modules.Say(r, "practice.owner.save")}, Fields: []component.Field{
		{ID: "owner", Label: modules.Say(r, "practice.owner.name"), Hint: modules.Say(r, "practice.owner.hint"), Value: name, MaxLength: 120, Width: component.Medium, Error: wrong["owner"]},
		{ID: "due", Kind: component.Appointed, Label: modules.Say(r, "practice.board.due"), Value: due, Error: wrong["due"]},
	}}
}

func (p pages) appoint(r *http.Request, s tenants.Scope) (modules.View, error) {
	b, err := p.get(r, s)
	if err != nil {
		return modules.View{}, err
	}
	stage, err := stageOf(r)
	if err != nil {
		return modules.View{}, err
	}
	due, ok := form.Day(r.PostFormValue("due"))
	if ok {
		err = p.service.Appoint(r.Context(), s, b.Adoption.ID, Owner{Stage: stage, Name: r.PostFormValue("owner"), Due: due})
	} else {
		err = form.BadDay("due")
	}
	if wrong := modules.FieldErrors(r.Context(), err); wrong != nil {
		return p.stagePage(r, s, b, stage, wrong).Refused(), nil
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect(p.stagePath(b, stage), language.M("practice.owner.saved")), nil
}

func (p pages) stagePath(b Board, stage int) string {
	return "/adozioni/" + b.Adoption.ID.String() + "/fasi/" + strconv.Itoa(stage)
}

func (p pages) withdraw(r *http.Request, s tenants.Scope) (modules.View, error) {
	b, err := p.get(r, s)
	if err != nil {
		return modules.View{}, err
	}
	statement, err := modules.PathID(r, "statement")
	if err != nil {
		return modules.View{}, err
	}
	stage := b.Adoption.Stage
	for _, one := range b.Statements {
		if one.ID == statement {
			stage = one.Stage
		}
	}
	if err := p.service.Withdraw(r.Context(), s, b.Adoption.ID, statement); err != nil {
		return modules.View{}, err
	}
	return modules.Redirect(p.stagePath(b, stage), language.M("practice.statement.withdrawn")), nil
}

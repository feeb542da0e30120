package outcome

import (
	"cmp"
	"net/http"
	"strconv"
	"time"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/adoption"
	"staffetta/modules/practice/board"
	"staffetta/modules/practice/form"
	"staffetta/tenants"
)

type pages struct {
	service *Service
	bodies  *tenants.Directory
}

// Pages are those of outcomes.
func Pages(service *Service, bodies *tenants.Directory) []modules.Page {
	p := pages{service, bodies}
	return []modules.Page{{Pattern: "GET /adozioni/{id}/esito", Permission: "adoption:read", Handle: p.show}}
}

// Page answers whether a transfer worked.
type Page struct {
	Breadcrumb component.Breadcrumb
	Answer     string
	Why        string
	Lacks      []string // what one waits for where it is too early to tell
	Tag        component.Tag
	Facts      component.Summary
	Review     *component.Button
	Values     *component.Table
	Kept       component.Summary
	Ledger     component.Link
	Open       component.TaskList
	Items      *component.Table // of the reusing body alone
	Months     *component.Table
	Measured   string // when, and how small numbers are protected
}

var tones = map[Verdict]component.Tone{Starting: component.Info, Active: component.Success, Dormant: component.Warning, Ended: component.Neutral}

func (p pages) show(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	o, err := p.service.Get(r.Context(), s, id)
	if err != nil {
		return modules.View{}, err
	}
	a := o.Board.Adoption
	at := "/adozioni/" + id.String()
	page := Page{
		Breadcrumb: form.Crumbs(component.Crumb{Label: modules.Say(r, "practice.adoptions.heading"), URL: "/adozioni"},
			component.Crumb{Label: language.SayText(r.Context(), a.Title), URL: at}, component.Crumb{Label: modules.Say(r, "practice.outcome.heading")}),
		Answer: modules.Say(r, "practice.outcome.answer."+string(o.Answer())), Why: modules.Say(r, "practice.outcome.why."+string(o.Answer())), Lacks: lacks(r, o),
		Tag:   component.Tag{Label: modules.Say(r, "practice.outcome.verdict."+string(o.Verdict)), Tone: tones[o.Verdict]},
		Facts: p.facts(r, o), Values: valueTable(r, o), Kept: kept(r, o), Open: p.open(r, o),
		Ledger: component.Link{Label: modules.Say(r, "practice.ledger.heading"), URL: at + "/registro"}, Months: monthTable(r, o),
	}
	if len(o.Lines) > 0 {
		page.Items = itemTable(r, p.service.deps.Platform.Kinds, o)
	}
	if a.Side != adoption.Reusing {
		page.Measured = modules.Say(r, "practice.outcome.protected")
	}
	if a.Side == adoption.Reusing && a.State != string(Ended) && p.service.deps.Permits(s, "adoption:write") && o.reviewDue(time.Now()) {
		page.Review = &component.Button{Label: modules.Say(r, "practice.outcome.review"), URL: at + "/riscontri/nuovo?tipo=review", Emphasis: component.Primary}
	}
	return modules.Render("practice/outcome", language.M("practice.outcome.title", "title", language.SayText(r.Context(), a.Title)), page), nil
}

// lacks say what one waits for before one can tell.
func lacks(r *http.Request, o Outcome) (list []string) {
	if o.Answer() != Early {
		return nil
	}
	for _, lack := range o.Lacks() {
		list = append(list, modules.Say(r, "practice.outcome.lack."+lack.Key, "n", lack.N, "day", language.SayText(r.Context(), dayText(lack.Day))))
	}
	return list
}

// reviewDue tells whether the yearly statement about the use is older than a year, or missing once the practice is at work.
func (o Outcome) reviewDue(now time.Time) bool {
	review, told := o.Board.Review()
	if !told {
		return o.Board.Adoption.Stage >= adoption.StageGoLive
	}
	return review.Day.Before(now.AddDate(-1, 0, 0))
}

// facts say what the answer stands on: used, by whom, with which budget.
func (p pages) facts(r *http.Request, o Outcome) component.Summary {
	a, f := o.Board.Adoption, o.Figures
	facts := component.Summary{Rows: []component.SummaryRow{
		form.Plain(r, "practice.side.reusing", p.bodies.Name(a.Reusing)), form.Plain(r, "practice.side.ceding", cmp.Or(p.bodies.Name(a.Ceding), a.CedingBody)),
	}}
	if !f.At.IsZero() {
		last := component.SummaryRow{Label: modules.Say(r, "practice.outcome.last"), Date: f.LastOn}
		switch {
		case f.LastOn.IsZero():
			last.Values = []string{modules.Say(r, "practice.outcome.never")}
		case a.Side != adoption.Reusing:
			last = form.Plain(r, "practice.outcome.last", f.LastOn.Format("01/2006"))
		}
		facts.Rows = append(facts.Rows,
			form.Plain(r, "practice.outcome.used", modules.Say(r, "practice.outcome.used_of", "n", f.Used90, "of", f.Measured)),
			form.Plain(r, "practice.outcome.records", numberText(r, f.Records)),
			form.Plain(r, "practice.outcome.people", numberText(r, f.People)), last)
	}
	if review, told := o.Board.Review(); told {
		facts.Rows = append(facts.Rows, form.Plain(r, "practice.outcome.budget", budgetText(r, review)),
			component.SummaryRow{Label: modules.Say(r, "practice.outcome.declared"), Values: []string{modules.Say(r, "practice.statement.value.review."+review.Value) + ", " + review.Author}, Date: review.Day})
	}
	return facts
}

func budgetText(r *http.Request, review board.Statement) string {
	if review.Amount == nil {
		return ""
	}
	return modules.Say(r, "practice.outcome.euro", "amount", form.Decimal(*review.Amount))
}

func numberText(r *http.Request, n Number) string {
	if n.Few {
		return modules.Say(r, "practice.outcome.few", "n", few)
	}
	return strconv.Itoa(n.N)
}

func kept(r *http.Request, o Outcome) component.Summary {
	var rows []component.SummaryRow
	counts := o.Kept()
	for _, decision := range []kit.Adaptation{kit.Adopted, kit.Adapted, kit.Dropped} {
		rows = append(rows, form.Plain(r, "practice.ledger.count."+string(decision), strconv.Itoa(counts[decision])))
	}
	return component.Summary{Rows: rows}
}

// open lists what is still to do: what the present stage asks, and what nobody uses.
func (p pages) open(r *http.Request, o Outcome) component.TaskList {
	list := component.TaskList{Title: modules.Say(r, "practice.outcome.open"), ID: "aperto"}
	b := o.Board
	at := "/adozioni/" + b.Adoption.ID.String()
	for _, c := range b.Gate(b.Adoption.Stage, time.Now()).Lacking() {
		task := component.Task{Label: modules.Say(r, "practice.condition."+c.Key), URL: at + "/fasi/" + strconv.Itoa(c.Stage)}
		if c.Side != "" && c.Side != b.Adoption.Side {
			task.Hint = modules.Say(r, "practice.side."+string(c.Side))
		}
		list.Tasks = append(list.Tasks, task)
	}
	for _, alarm := range o.Alarms {
		task := component.Task{Label: modules.Say(r, "practice.outcome.alarm."+alarm.Cause, "n", alarm.Count), State: component.Problem}
		if !alarm.Lead.IsZero() && b.Adoption.Side == adoption.Reusing {
			task.Hint = modules.Say(r, "practice.outcome.alarm.lead")
		}
		if b.Adoption.Side == adoption.Reusing {
			task.URL = at + map[string]string{Unused: "/esito#componenti", Left: "/formati", Unmeasured: "/fasi/8"}[alarm.Cause]
		}
		list.Tasks = append(list.Tasks, task)
	}
	return list
}

// valueTable sets the indicators side by side; nil where the kit has none.
func valueTable(r *http.Request, o Outcome) *component.Table {
	if len(o.Values) == 0 {
		return nil
	}
	table := &component.Table{
		ID: "indicatori", Caption: modules.Say(r, "practice.outcome.indicators"), Hidden: true, Cards: true,
		Columns: form.Columns(r, "practice.outcome.indicator", "practice.outcome.before", "practice.outcome.after.6", "practice.outcome.after.12", "practice.outcome.after.24", "practice.outcome.ceding"),
	}
	for _, c := range o.Values {
		title, lang := form.Said(r, c.Indicator.Title)
		row := []component.Cell{{Text: title, Note: c.Indicator.Key + " · " + unitText(r, c.Indicator.Unit), Lang: lang}, statementCell(r, c.Before, c.Dropped)}
		for _, months := range board.Months {
			cell := component.Cell{}
			if after, ok := c.After[months]; ok {
				cell = statementCell(r, &after, c.Dropped)
			}
			row = append(row, cell)
		}
		ceding := component.Cell{Text: language.Figure(r.Context(), c.Ceding)}
		if c.Invented {
			ceding.Note = modules.Say(r, "practice.outcome.invented")
		}
		table.Rows = append(table.Rows, component.Row{Cells: append(row, ceding)})
	}
	return table
}

func unitText(r *http.Request, unit string) string {
	return modules.Say(r, "practice.outcome.unit."+unit)
}

func statementCell(r *http.Request, s *board.Statement, dropped bool) component.Cell {
	switch {
	case s == nil && dropped:
		return component.Cell{Text: modules.Say(r, "practice.ledger.decision.dropped")}
	case s == nil:
		return component.Cell{}
	case s.Amount == nil:
		return component.Cell{Text: modules.Say(r, "practice.outcome.withheld"), Note: language.SayText(r.Context(), dayText(s.Day))}
	}
	return component.Cell{Text: form.Decimal(*s.Amount), Note: language.SayText(r.Context(), dayText(s.Day))}
}

// dayText is a day as short notes write it.
func dayText(day time.Time) language.Text {
	return language.Text{It: day.Format("2/1/2006"), En: day.Format("2 Jan 2006")}
}

// itemTable tells how much each item is used, those that sleep first.
func itemTable(r *http.Request, kinds *modules.Kinds, o Outcome) *component.Table {
	table := &component.Table{
		ID: "componenti", Caption: modules.Say(r, "practice.outcome.items"), Hidden: true, Cards: true,
		Columns: form.Columns(r, "practice.item.title", "practice.outcome.days30", "practice.outcome.days90", "practice.outcome.days180", "practice.outcome.workers", "practice.outcome.last"),
	}
	for _, asleep := range []bool{true, false} {
		for _, line := range o.Lines {
			if line.Live && line.Measured && line.IsDormant(o.Figures.At) == asleep {
				table.Rows = append(table.Rows, itemRow(r, kinds, line, asleep))
			}
		}
	}
	return table
}

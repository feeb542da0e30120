package assessment

import (
	"net/http"
	"slices"
	"strconv"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/casefile"
	"staffetta/modules/kit"
	"staffetta/tenants"
)

// resultPage is the data of the template assessment/result: a sheet that can be printed.
type resultPage struct {
	Title     string
	Lang      string
	State     component.Tag
	Notice    *component.Alert
	Outcome   component.Summary
	Answers   component.Table
	Left      *component.Summary // answers to older versions without a place in this one
	Proposals *component.Table
	Made      component.Summary
	Back      component.Link
}

func (p *pages) show(r *http.Request, s tenants.Scope) (modules.View, error) {
	a, ask, err := p.opened(r, s)
	if err != nil || a == nil {
		return ask, err
	}
	id, err := modules.PathID(r, "assessment")
	if err != nil {
		return modules.View{}, err
	}
	result, err := p.service.Get(r.Context(), a, id)
	if err != nil {
		return modules.View{}, err
	}
	if !result.Final() && result.Author == s.Account && canWrite(a) {
		return p.draft(r, s, a, result)
	}
	return p.on(modules.Render("assessment/result", language.M("assessment.result.title", "instrument", language.SayText(r.Context(), result.Title)),
		newResultPage(r, a, result)), a), nil
}

func newResultPage(r *http.Request, a *casefile.Access, result Result) resultPage {
	page := resultPage{
		Title: language.SayText(r.Context(), result.Title), Lang: foreign(r.Context(), result.Title), State: stateTag(r, result.State),
		Outcome: outcomeSummary(r, result), Answers: answersTable(r, result), Left: leftOf(r, result.Assessment), Proposals: proposalsTable(r, result.Explanation),
		Made: madeSummary(r, a, result), Back: back(r, a),
	}
	if !result.Final() {
		page.Notice = &component.Alert{Tone: component.Info, Title: modules.Say(r, "assessment.result.draft", "author", a.By(result.AuthorTenant, result.AuthorName))}
	}
	return page
}

func outcomeSummary(r *http.Request, result Result) component.Summary {
	ctx, o := r.Context(), result.Outcome
	summary := component.Summary{Title: modules.Say(r, "assessment.result.outcome")}
	score := component.SummaryRow{Label: modules.Say(r, "assessment.field.score")}
	if o.Scored {
		score.Values = []string{modules.Say(r, "assessment.score.range", "score", number(ctx, o.Score), "min", number(ctx, o.Min), "max", number(ctx, o.Max))}
	} else if missing := len(result.Explanation.Missing); missing > 0 {
		score.Values = []string{modules.Say(r, "assessment.form.progress", "score", number(ctx, result.Explanation.Total), "n", missing)}
	}
	summary.Rows = append(summary.Rows, score)
	if band := result.Explanation.Band; band != nil && o.Scored {
		summary.Rows = append(summary.Rows,
			component.SummaryRow{Label: modules.Say(r, "assessment.field.band"), Lang: foreign(ctx, o.BandLabel), Values: []string{modules.Say(r, "assessment.score.band",
				"band", language.SayText(ctx, o.BandLabel), "from", number(ctx, band.From), "to", number(ctx, band.To))}},
			component.SummaryRow{Label: modules.Say(r, "assessment.field.meaning"), Values: []string{say(ctx, band.Meaning)}, Lang: foreign(ctx, toText(band.Meaning))})
	}
	rule := result.Explanation.Rule
	return component.Summary{Title: summary.Title, Rows: append(summary.Rows,
		component.SummaryRow{Label: modules.Say(r, "assessment.field.rule"), Values: []string{say(ctx, rule)}, Lang: foreign(ctx, toText(rule))})}
}

// answersTable lists every question that was shown, with its answer and its points.
func answersTable(r *http.Request, result Result) component.Table {
	ctx, definition := r.Context(), result.Instrument.Definition
	table := component.Table{ID: "risposte", Caption: modules.Say(r, "assessment.result.answers"), Columns: []component.Column{
		{Label: modules.Say(r, "assessment.field.question")},
		{Label: modules.Say(r, "assessment.field.answer")},
		{Label: modules.Say(r, "assessment.field.points"), Numeric: true},
	}}
	visible := definition.Visible(result.Answers)
	for _, item := range definition.Items() {
		if !slices.Contains(visible, item.Key) {
			continue
		}
		cells := []component.Cell{
			{Text: say(ctx, item.Label), Lang: foreign(ctx, toText(item.Label))}, {Text: item.AnswerText(ctx, result.Answers[item.Key])}, {},
		}
		if line := lineOf(result.Explanation.Lines, item.Key); line.Answered {
			cells[2].Text = number(ctx, line.Points)
		}
		table.Rows = append(table.Rows, component.Row{Cells: cells})
	}
	if result.Outcome.Scored {
		table.Rows = append(table.Rows, component.Row{Cells: []component.Cell{
			{Text: modules.Say(r, "assessment.result.total")}, {Text: modules.Say(r, "assessment.result.by_rule")}, {Text: number(ctx, result.Outcome.Score)},
		}})
	}
	return table
}

// proposalsTable lists what the result suggests for other records; nothing is written there.
func proposalsTable(r *http.Request, e kit.Explanation) *component.Table {
	if len(e.Proposals) == 0 {
		return nil
	}
	table := &component.Table{ID: "proposte", Caption: modules.Say(r, "assessment.result.proposals"), Columns: []component.Column{
		{Label: modules.Say(r, "assessment.field.target")}, {Label: modules.Say(r, "assessment.field.proposed")}, {Label: modules.Say(r, "assessment.field.why")},
	}}
	for _, p := range e.Proposals {
		table.Rows = append(table.Rows, component.Row{Cells: []component.Cell{
			targetCell(r, p),
			{Text: say(r.Context(), p.Label), Note: modules.Say(r, "assessment.result.code", "code", p.Value), Lang: foreign(r.Context(), toText(p.Label))},
			{Text: say(r.Context(), p.Reason), Lang: foreign(r.Context(), toText(p.Reason))},
		}})
	}
	return table
}

// targetCell names the field that a proposal is for; an edition of before fields had names shows its key.
func targetCell(r *http.Request, p kit.Proposal) component.Cell {
	if p.Name == nil {
		return component.Cell{Text: p.Target}
	}
	return component.Cell{Text: say(r.Context(), *p.Name), Lang: foreign(r.Context(), toText(*p.Name))}
}

// madeSummary tells who filled it in, when, and with which version of which instrument.
func madeSummary(r *http.Request, a *casefile.Access, result Result) component.Summary {
	in := result.Instrument
	summary := doneSummary(r, a, result)
	if result.Final() {
		summary.Rows = append(summary.Rows, component.SummaryRow{
			Label: modules.Say(r, "assessment.field.finalised"), Values: []string{result.FinalisedAt.In(language.Rome).Format("02/01/2006, 15:04")},
		})
	}
	return component.Summary{Title: summary.Title, Rows: append(summary.Rows,
		component.SummaryRow{Label: modules.Say(r, "assessment.field.instrument"), Values: []string{in.Definition.Instrument.Name, in.Definition.Instrument.Source}, Lang: "it"},
		component.SummaryRow{Label: modules.Say(r, "assessment.field.edition"), Values: []string{
			modules.Say(r, "assessment.result.edition", "key", in.Key, "number", strconv.Itoa(in.Number), "date", in.PublishedAt.In(language.Rome).Format("02/01/2006")),
			modules.Say(r, "assessment.result.digest", "sum", in.SHA256[:16]),
		}})}
}

// doneSummary tells who filled it in for which day.
func doneSummary(r *http.Request, a *casefile.Access, result Result) component.Summary {
	return component.Summary{Title: modules.Say(r, "assessment.result.made"), Rows: []component.SummaryRow{
		{Label: modules.Say(r, "assessment.field.day"), Date: result.DoneOn},
		{Label: modules.Say(r, "assessment.field.author"), Values: []string{a.By(result.AuthorTenant, result.AuthorName)}},
	}}
}

// comparisonPage is the data of the template assessment/comparison.
type comparisonPage struct {
	Title   string
	Lang    string
	Summary component.Summary
	Notice  *component.Alert // why the two cannot be compared, or that their versions differ
	Table   *component.Table
	Back    component.Link
}

func (p *pages) compare(r *http.Request, s tenants.Scope) (modules.View, error) {
	a, ask, err := p.opened(r, s)
	if err != nil || a == nil {
		return ask, err
	}
	first, err := modules.KnownID(r.FormValue("prima"))
	if err != nil {
		return modules.View{}, err
	}
	second, err := modules.KnownID(r.FormValue("dopo"))
	if err != nil {
		return modules.View{}, err
	}
	page := comparisonPage{Title: modules.Say(r, "assessment.compare.title"), Back: back(r, a)}
	c, err := p.service.Compare(r.Context(), a, first, second)
	if problem.Is(err, problem.Invalid) {
		page.Notice = &component.Alert{Tone: component.Warning, Title: language.Say(r.Context(), problem.Of(err).Message)}
		return p.on(modules.Render("assessment/comparison", language.M("assessment.compare.title"), page), a).Refused(), nil
	}
	if err != nil {
		return modules.View{}, err
	}
	page.fill(r, c)
	return p.on(modules.Render("assessment/comparison", language.M("assessment.compare.title"), page), a), nil
}

func (page *comparisonPage) fill(r *http.Request, c Comparison) {
	ctx := r.Context()
	page.Title, page.Lang = language.SayText(ctx, c.New.Title), foreign(ctx, c.New.Title)
	if c.Old.Edition != c.New.Edition {
		page.Notice = &component.Alert{Tone: component.Info, Title: modules.Say(r, "assessment.compare.editions",
			"old", strconv.Itoa(c.Old.Instrument.Number), "new", strconv.Itoa(c.New.Instrument.Number))}
	}
	page.Summary.Rows = []component.SummaryRow{
		{Label: modules.Say(r, "assessment.compare.old"), Values: []string{sideText(r, c.Old)}},
		{Label: modules.Say(r, "assessment.compare.new"), Values: []string{sideText(r, c.New)}},
	}
	if c.Scored {
		page.Summary.Rows = append(page.Summary.Rows, component.SummaryRow{
			Label: modules.Say(r, "assessment.field.change"), Values: []string{signed(ctx, c.Difference)},
		})
	}
	page.Table = &component.Table{ID: "confronto", Caption: modules.Say(r, "assessment.compare.caption"), Columns: []component.Column{
		{Label: modules.Say(r, "assessment.field.question")},
		{Label: c.Old.DoneOn.Format("02/01/2006")},
		{Label: c.New.DoneOn.Format("02/01/2006")},
		{Label: modules.Say(r, "assessment.field.change"), Numeric: true},
	}}
	for _, line := range c.Lines {
		page.Table.Rows = append(page.Table.Rows, component.Row{Cells: []component.Cell{
			{Text: say(ctx, line.Label), Lang: foreign(ctx, toText(line.Label))}, pointsCell(r, line.Old), pointsCell(r, line.New), {Text: signed(ctx, line.Difference)},
		}})
	}
}

func sideText(r *http.Request, result Result) string {
	text := result.DoneOn.Format("02/01/2006") + ", " + result.AuthorName
	if result.Outcome.Scored {
		text += ": " + scoreText(r, result.Outcome) + ", " + language.SayText(r.Context(), result.Outcome.BandLabel)
	}
	return text
}

func pointsCell(r *http.Request, line kit.Contribution) component.Cell {
	if !line.Answered {
		return component.Cell{}
	}
	return component.Cell{Text: number(r.Context(), line.Points), Note: say(r.Context(), line.Answer), Lang: foreign(r.Context(), toText(line.Answer))}
}

package ledger

import (
	"net/http"
	"strconv"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/tenants"
)

const contestsPath = "/console/registro/contestazioni"

func (p *pages) ofContests() []modules.Page {
	return []modules.Page{
		{Pattern: "GET " + contestsPath, Permission: answerContests, Handle: p.contests},
		{Pattern: "GET " + contestsPath + "/{contest}", Permission: answerContests, Handle: p.showContest},
		{Pattern: "POST " + contestsPath + "/{contest}", Permission: answerContests, Handle: p.answer},
		{Pattern: "GET /console/registro/differimenti", Permission: searchAudit, Handle: p.exemptions},
	}
}

// listPage is a list with a way back.
type listPage struct {
	Title string
	Intro string
	Table component.Table
	Back  component.Link
}

func (p *pages) contests(r *http.Request, s tenants.Scope) (modules.View, error) {
	found, err := p.service.FindContests(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	t := component.Table{
		Caption: modules.Say(r, "ledger.contests.title"), Hidden: true,
		Empty: component.Empty{Title: modules.Say(r, "ledger.contests.none"), Text: modules.Say(r, "ledger.contests.none_text")},
	}
	for _, key := range []string{"made", "what", "case", "state"} {
		t.Columns = append(t.Columns, component.Column{Label: modules.Say(r, "ledger.contest.column."+key)})
	}
	for _, c := range found {
		state := component.Tag{Label: modules.Say(r, "ledger.contest.due", "day", c.Due().Format("02/01/2006")), Tone: component.Warning}
		if c.Finding != "" {
			state = component.Tag{Label: modules.Say(r, "ledger.own.found."+c.Finding)}
		}
		t.Rows = append(t.Rows, component.Row{Cells: []component.Cell{
			{Text: c.MadeAt.In(language.Rome).Format("02/01/2006"), URL: contestsPath + "/" + c.ID.String()},
			{Text: c.Line.Actor, Note: p.service.deps.Bodies.Name(c.Line.Body)},
			{Text: c.Line.Number},
			{Tags: []component.Tag{state}},
		}})
	}
	page := listPage{Title: modules.Say(r, "ledger.contests.title"), Intro: modules.Say(r, "ledger.contests.intro"), Table: t, Back: backToSearch(r)}
	return modules.Render("ledger/list", language.M("ledger.contests.title"), page), nil
}

func backToSearch(r *http.Request) component.Link {
	return component.Link{Label: modules.Say(r, "ledger.back_search"), URL: "/console/registro"}
}

func (p *pages) showContest(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.answerForm(r, s, nil)
}

func (p *pages) answerForm(r *http.Request, s tenants.Scope, refused error) (modules.View, error) {
	id, err := modules.PathID(r, "contest")
	if err != nil {
		return modules.View{}, err
	}
	c, err := p.service.GetContest(r.Context(), s, id)
	if err != nil {
		return modules.View{}, err
	}
	page := formPage{
		Title: modules.Say(r, "ledger.answer.title"), About: component.Summary{Rows: p.contestRows(r, c)}, Action: contestsPath + "/" + id.String(),
		Back: component.Link{Label: modules.Say(r, "ledger.back_contests"), URL: contestsPath},
	}
	if c.Finding == "" {
		page.Text = []string{modules.Say(r, "ledger.answer.intro")}
		page.Fields = answerFields(r, modules.FieldErrors(r.Context(), refused))
		page.Hidden = []component.Hidden{{Name: "versione", Value: strconv.Itoa(c.Version)}}
		page.Button = component.Button{Label: modules.Say(r, "ledger.answer.send"), Emphasis: component.Primary}
	}
	return formView(page, "ledger.answer.title", refused), nil
}

// contestRows tell what was done, by whom and by what right, and what the citizen says.
func (p *pages) contestRows(r *http.Request, c Contest) []component.SummaryRow {
	say := func(key string) string { return modules.Say(r, key) }
	why := component.SummaryRow{Label: say("ledger.column.why"), Values: modules.Given(relationText(r, c.Line.Relation), c.Line.Reason)}
	if modules.IDText(c.Line.Share) != "" {
		why.Change = &component.Link{Label: say("ledger.answer.share"), URL: "/condivisioni/" + c.Line.Share.String()}
	}
	rows := []component.SummaryRow{
		{Label: say("ledger.contest.column.words"), Values: []string{c.Words}, Lang: "it"},
		{Label: say("ledger.contest.column.made"), Date: c.MadeAt.In(language.Rome)},
		{Label: say("ledger.column.who"), Values: []string{c.Line.Actor, p.service.deps.Bodies.Name(c.Line.Body)}},
		{Label: say("ledger.own.column.day"), Date: c.EventAt.In(language.Rome)},
		{Label: say("ledger.column.what"), Values: []string{p.service.ActionText(r.Context(), c.Line.Action)}},
		{Label: say("ledger.column.case"), Values: modules.Given(c.Line.Number)},
		why,
	}
	if c.Finding != "" {
		rows = append(rows, component.SummaryRow{Label: say("ledger.contest.column.answer"), Values: []string{say("ledger.own.found." + c.Finding), c.Answer, c.AnsweredBy}, Lang: "it"})
	}
	return rows
}

func answerFields(r *http.Request, wrong map[string]string) []component.Field {
	return []component.Field{
		{ID: "esito", Kind: component.Radios, Label: modules.Say(r, "ledger.answer.finding"), Value: modules.Value(r, "esito"), Required: true, Error: wrong["esito"], Options: []component.Option{
			{Value: Justified, Label: modules.Say(r, "ledger.own.found.justified")}, {Value: Unjustified, Label: modules.Say(r, "ledger.own.found.unjustified")},
		}},
		{ID: "risposta", Kind: component.LongText, Label: modules.Say(r, "ledger.answer.words"), Hint: modules.Say(r, "ledger.answer.words_hint"), Value: modules.Value(r, "risposta"), Required: true, MaxLength: 2000, Error: wrong["risposta"]},
	}
}

func (p *pages) answer(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "contest")
	if err != nil {
		return modules.View{}, err
	}
	version, _ := strconv.Atoi(modules.Value(r, "versione")) // anything else is no version
	err = p.service.AnswerContest(r.Context(), s, Answer{Contest: id, Finding: modules.Value(r, "esito"), Words: modules.Value(r, "risposta"), Version: version})
	if problem.Is(err, problem.Invalid) {
		return p.answerForm(r, s, err)
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect(contestsPath, language.M("ledger.answer.sent")), nil
}

func (p *pages) exemptions(r *http.Request, s tenants.Scope) (modules.View, error) {
	found, err := p.service.FindExemptions(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	page := listPage{Title: modules.Say(r, "ledger.exemptions.title"), Intro: modules.Say(r, "ledger.exemptions.intro"), Table: exemptionTable(r, found, uuid.Nil), Back: backToSearch(r)}
	return modules.Render("ledger/list", language.M("ledger.exemptions.title"), page), nil
}

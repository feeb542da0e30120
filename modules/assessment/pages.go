package assessment

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/casefile"
	"staffetta/modules/kit"
	"staffetta/tenants"
)

type pages struct {
	service *Service
}

// maxForm is what a filled-in instrument with some long texts needs, in bytes.
const maxForm = 1 << 20

func (p *pages) all() []modules.Page {
	const at = " /cartelle/{case}/valutazioni"
	return []modules.Page{
		{
			Pattern: "GET" + at, Permission: "instrument:read", Handle: p.list,
			Case: &modules.CaseNav{Label: navLabel, Sections: []string{Section}, Order: 30},
		},
		{Pattern: "GET" + at + "/nuova", Permission: "instrument:write", Handle: p.start},
		{Pattern: "GET" + at + "/confronto", Permission: "instrument:read", Handle: p.compare},
		{Pattern: "POST" + at, Permission: "instrument:write", MaxBody: maxForm, Handle: p.save},
		{Pattern: "POST" + at + "/bozza", Permission: "instrument:write", MaxBody: maxForm, Handle: p.keepDraft},
		{Pattern: "GET" + at + "/{assessment}", Permission: "instrument:read", Handle: p.show},
		{Pattern: "POST" + at + "/{assessment}", Permission: "instrument:write", MaxBody: maxForm, Handle: p.save},
		{Pattern: "POST" + at + "/{assessment}/continua", Permission: "instrument:write", MaxBody: maxForm, Handle: p.carry},
		{Pattern: "GET" + at + "/{assessment}/conferma", Permission: "instrument:write", Handle: p.review},
		{Pattern: "POST" + at + "/{assessment}/conferma", Permission: "instrument:write", Handle: p.finalise},
	}
}

const navLabel = "assessment.nav.assessments"

// opened opens the case of the request to read. When it opens only with a reason, the view leads to the page that
// asks for one, and the access is nil.
func (p *pages) opened(r *http.Request, s tenants.Scope) (*casefile.Access, modules.View, error) {
	a, err := p.service.Open(r.Context(), s, r.PathValue("case"))
	if err != nil {
		view, err := failed(r, err)
		return nil, view, err
	}
	return a, modules.View{}, nil
}

// failed passes an error on, but leads to the page that asks for a reason when the case opens only with one.
func failed(r *http.Request, err error) (modules.View, error) {
	if errors.Is(err, casefile.ErrReason) {
		return modules.Redirect("/cartelle/"+r.PathValue("case"), language.Message{}), nil
	}
	return modules.View{}, err
}

// on shows a page of the case.
func (p *pages) on(view modules.View, a *casefile.Access) modules.View {
	return view.On(a.Bar(p.service.cases, navLabel))
}

func base(a *casefile.Access) string { return "/cartelle/" + a.Ref + "/valutazioni" }

func canWrite(a *casefile.Access) bool {
	return a.MayWrite(Section) == nil
}

func back(r *http.Request, a *casefile.Access) component.Link {
	return component.Link{Label: modules.Say(r, "assessment.back"), URL: base(a)}
}

// listPage is the data of the template assessment/list.
type listPage struct {
	Errors  component.ErrorSummary
	New     *chooser
	Table   component.Table
	Figures []figure
}

// chooser starts an assessment with one of the instruments.
type chooser struct {
	Action     string
	Instrument component.Field
	Submit     component.Button
}

func (p *pages) list(r *http.Request, s tenants.Scope) (modules.View, error) {
	a, ask, err := p.opened(r, s)
	if err != nil || a == nil {
		return ask, err
	}
	found, next, err := p.service.Find(r.Context(), a, casefile.ParseCursor(r.FormValue("dopo")))
	if err != nil {
		return modules.View{}, err
	}
	page := listPage{Table: listTable(r, a, found)}
	if !next.IsZero() {
		page.Table.Pager = &component.Pager{Next: base(a) + "?dopo=" + next.String()}
	}
	for _, series := range SeriesOf(found) {
		page.Figures = append(page.Figures, newFigure(r, a, series))
	}
	if canWrite(a) {
		if page.New, err = p.chooser(r, a); err != nil {
			return modules.View{}, err
		}
	}
	if page.New != nil {
		page.Errors = component.Summarize(page.New.Instrument)
	}
	view := p.on(modules.Render("assessment/list", language.M("assessment.list.title"), page), a)
	if len(page.Errors.Errors) > 0 {
		view = view.Refused()
	}
	return view, nil
}

func (p *pages) chooser(r *http.Request, a *casefile.Access) (*chooser, error) {
	instruments, err := p.service.InstrumentsOf(r.Context(), a)
	if err != nil || len(instruments) == 0 {
		return nil, err
	}
	field := component.Field{ID: "strumento", Kind: component.Select, Required: true, Label: modules.Say(r, "assessment.list.instrument")}
	for _, in := range instruments {
		field.Options = append(field.Options, component.Option{Value: in.Key, Label: language.SayText(r.Context(), in.Title)})
	}
	if r.URL.Query().Has("strumento") { // sent back by the page of a new one
		field.Error = modules.Say(r, "assessment.error.instrument")
	}
	submit := component.Button{Label: modules.Say(r, "assessment.list.start"), Emphasis: component.Primary, Shortcut: "n"}
	return &chooser{Action: base(a) + "/nuova", Instrument: field, Submit: submit}, nil
}

func listTable(r *http.Request, a *casefile.Access, found []Assessment) component.Table {
	table := component.Table{
		Caption: modules.Say(r, "assessment.list.caption"),
		Empty:   component.Empty{Title: modules.Say(r, "assessment.list.empty"), Text: modules.Say(r, "assessment.list.empty_text")},
		Columns: []component.Column{
			{Label: modules.Say(r, "assessment.field.instrument")},
			{Label: modules.Say(r, "assessment.field.day")},
			{Label: modules.Say(r, "assessment.field.score"), Numeric: true},
			{Label: modules.Say(r, "assessment.field.band")},
			{Label: modules.Say(r, "assessment.field.author")},
			{Label: modules.Say(r, "assessment.field.state")},
		},
	}
	for _, one := range found {
		table.Rows = append(table.Rows, component.Row{Cells: []component.Cell{
			{Text: language.SayText(r.Context(), one.Title), URL: base(a) + "/" + one.ID.String(), Lang: foreign(r.Context(), one.Title)},
			{Date: one.DoneOn},
			{Text: scoreText(r, one.Outcome)},
			{Text: language.SayText(r.Context(), one.Outcome.BandLabel), Lang: foreign(r.Context(), one.Outcome.BandLabel)},
			{Text: a.By(one.AuthorTenant, one.AuthorName)},
			{Tags: []component.Tag{stateTag(r, one.State)}},
		}})
	}
	return table
}

func stateTag(r *http.Request, state State) component.Tag {
	tone := component.Warning
	if state == Final {
		tone = component.Success
	}
	return component.Tag{Label: modules.Say(r, "assessment.state."+string(state)), Tone: tone}
}

// scoreText is the score with the range it stands in, or "".
func scoreText(r *http.Request, o Outcome) string {
	if !o.Scored {
		return ""
	}
	return modules.Say(r, "assessment.score.of", "score", number(r.Context(), o.Score), "max", number(r.Context(), o.Max))
}

// number writes a score in the language of the page.
func number(ctx context.Context, value float64) string {
	text := strconv.FormatFloat(value, 'f', -1, 64)
	if language.Of(ctx) == language.Italian {
		return strings.Replace(text, ".", ",", 1)
	}
	return text
}

// signed writes a difference with its sign.
func signed(ctx context.Context, value float64) string {
	if value > 0 {
		return "+" + number(ctx, value)
	}
	return strings.Replace(number(ctx, value), "-", "−", 1)
}

// foreign is "it" for a text that is shown in Italian on an English page.
func foreign(ctx context.Context, t language.Text) string {
	if language.Of(ctx) == language.English && t.En == "" && t.It != "" {
		return language.Italian
	}
	return ""
}

func say(ctx context.Context, t kit.Text) string { return language.SayText(ctx, toText(t)) }

// optional is a wording that an instrument may lack.
func optional(ctx context.Context, t *kit.Text) string {
	if t == nil {
		return ""
	}
	return say(ctx, *t)
}

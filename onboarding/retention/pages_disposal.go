package retention

import (
	"bytes"
	"encoding/csv"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/tenants"
)

func stateTag(r *http.Request, state State) component.Tag {
	tones := map[State]component.Tone{Proposed: component.Info, Agreed: component.Info, Removed: component.Info, Done: component.Success}
	return component.Tag{Label: say(r, "state_"+string(state)), Tone: tones[state]}
}

func disposalTable(r *http.Request, list []Disposal) component.Table {
	table := component.Table{ID: "scarti", Caption: say(r, "disposals"), Cards: true, Columns: []component.Column{
		{Label: say(r, "proposed")}, {Label: say(r, "authorisation")}, {Label: say(r, "state")},
	}, Empty: component.Empty{Title: say(r, "no_disposals")}}
	for _, d := range list {
		table.Rows = append(table.Rows, component.Row{Cells: []component.Cell{
			{Text: instant(d.ProposedAt), URL: pathOf("scarti", d.ID), Note: d.ProposedName}, {Text: d.Authorisation}, {Tags: []component.Tag{stateTag(r, d.State)}},
		}})
	}
	return table
}

// disposalPage is one disposal with what can be decided about it.
type disposalPage struct {
	Breadcrumb component.Breadcrumb
	modules.Refusal
	Title   string
	Tag     component.Tag
	Summary component.Summary
	Counts  component.Table
	List    component.Link
	Gone    *component.Table
	Forms   []*component.Decision
}

func (p *pages) show(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.disposalView(r, s, nil)
}

func (p *pages) disposalView(r *http.Request, s tenants.Scope, refused error) (modules.View, error) {
	id, err := modules.PathID(r, "disposal")
	if err != nil {
		return modules.View{}, err
	}
	d, err := p.service.Get(r.Context(), s, id)
	if err != nil {
		return modules.View{}, err
	}
	title := say(r, "disposal", "day", d.ProposedAt.In(language.Rome).Format("02/01/2006"))
	page := disposalPage{
		Breadcrumb: crumbs(r, component.Crumb{Label: title}), Title: title, Tag: stateTag(r, d.State), Summary: p.summary(r, d),
		Counts: p.countTable(r, d), List: component.Link{Label: say(r, "fetch_list"), URL: pathOf("scarti", id) + "/elenco"},
		Forms: p.decisions(r, s, d, refused),
	}
	if len(d.Gone) > 0 {
		gone := p.goneTable(r, d)
		page.Gone = &gone
	}
	view := modules.Render("onboarding/disposal", language.M("onboarding.retention.page", "heading", title), &page)
	return page.Explain(r, view, refused, component.FieldsOf(page.Forms...)...), nil
}

func (p *pages) summary(r *http.Request, d Disposal) component.Summary {
	var list component.Summary
	add := func(key, value string) {
		if value != "" {
			list.Rows = append(list.Rows, component.SummaryRow{Label: say(r, key), Values: []string{value}})
		}
	}
	add("proposed", d.ProposedName+", "+instant(d.ProposedAt))
	add("note", d.Note)
	if d.DecidedAt != nil {
		add("decided", d.DecidedName+", "+instant(*d.DecidedAt))
	}
	add("why", d.Words)
	if d.AuthorisedOn != nil {
		add("authorisation", d.Authorisation+", "+d.AuthorisedOn.Format("02/01/2006"))
		add("list_sum", d.ListSum)
	}
	if d.RemovedAt != nil {
		add("removed", instant(*d.RemovedAt))
	}
	return list
}

// labelOf is what a kind is called; its name where no module says.
func (p *pages) labelOf(r *http.Request, kind string) string {
	for _, t := range modules.FindTerms(p.service.deps.Platform.Modules) {
		if t.Kind == kind {
			return language.SayText(r.Context(), t.Label)
		}
	}
	return kind
}

func (p *pages) countTable(r *http.Request, d Disposal) component.Table {
	table := component.Table{ID: "conteggi", Caption: say(r, "listed"), Cards: true, Columns: []component.Column{{Label: say(r, "what")}, {Label: say(r, "listed_n"), Numeric: true}}}
	if d.RemovedAt != nil {
		table.Columns = append(table.Columns, component.Column{Label: say(r, "gone_n"), Numeric: true}, component.Column{Label: say(r, "left_n"), Numeric: true})
	}
	for _, t := range modules.FindTerms(p.service.deps.Platform.Modules) {
		counts := d.Counts[t.Kind]
		if len(counts) == 0 {
			continue
		}
		whole, left := 0, 0
		for outcome, n := range counts {
			whole += n
			if outcome != "" && outcome != "gone" {
				left += n
			}
		}
		row := component.Row{Cells: []component.Cell{{Text: language.SayText(r.Context(), t.Label)}, {Text: strconv.Itoa(whole), Numeric: true}}}
		if d.RemovedAt != nil {
			row.Cells = append(row.Cells, component.Cell{Text: strconv.Itoa(counts["gone"]), Numeric: true}, component.Cell{Text: strconv.Itoa(left), Numeric: true})
		}
		table.Rows = append(table.Rows, row)
	}
	return table
}

func (p *pages) goneTable(r *http.Request, d Disposal) component.Table {
	table := component.Table{ID: "tabelle", Caption: say(r, "gone"), Cards: true, Columns: []component.Column{
		{Label: say(r, "table")}, {Label: say(r, "rows"), Numeric: true}, {Label: say(r, "digest")},
	}}
	var names []string
	for name := range d.Gone {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		table.Rows = append(table.Rows, component.Row{Cells: []component.Cell{
			{Text: p.moduleOf(r, name), Note: name}, {Text: strconv.FormatInt(d.Gone[name].Rows, 10), Numeric: true}, {Text: d.Gone[name].SHA256},
		}})
	}
	return table
}

// moduleOf is what the module is called that a table belongs to; the table where it belongs to none.
func (p *pages) moduleOf(r *http.Request, table string) string {
	schema, _, _ := strings.Cut(table, ".")
	if title := modules.TitleOf(r, p.service.deps.Platform.Modules, modules.ID(schema)); title != schema {
		return title
	}
	return table
}

// decisions are the forms of what the actor may decide now.
func (p *pages) decisions(r *http.Request, s tenants.Scope, d Disposal, refused error) (forms []*component.Decision) {
	if d.State != Proposed {
		return nil
	}
	here := pathOf("scarti", d.ID)
	if p.service.deps.Permits(s, Agree) && d.ProposedBy != s.Account {
		forms = append(forms, &component.Decision{
			Title: say(r, "agree_title"), Text: say(r, "agree_text"), Action: here + "/accetta",
			Hidden: []component.Hidden{{Name: "elenco", Value: d.ListSum}}, Button: component.Button{Label: say(r, "agree"), Emphasis: component.Grave},
			Fields: modules.Filled(
				r, refused,
				component.Field{ID: "autorizzazione", Label: say(r, "authorisation"), Hint: say(r, "authorisation_hint"), Required: true, MaxLength: 200},
				component.Field{ID: "del", Kind: component.Appointed, Label: say(r, "authorised_on"), Required: true, Width: component.Medium},
			),
		}, &component.Decision{
			Title: say(r, "refuse_title"), Action: here + "/rifiuta", Button: component.Button{Label: say(r, "refuse")},
			Fields: modules.Filled(r, refused, component.Field{ID: "perche", Kind: component.LongText, Rows: 3, Label: say(r, "why"), Required: true, MaxLength: 1000}),
		})
	}
	if p.service.deps.Permits(s, Propose) {
		forms = append(forms, &component.Decision{Action: here + "/ritira", Button: component.Button{Label: say(r, "withdraw")}})
	}
	return forms
}

// decide does something with the disposal of the path and shows why it was not done.
func (p *pages) decide(r *http.Request, s tenants.Scope, key string, do func(uuid.UUID) error) (modules.View, error) {
	id, err := modules.PathID(r, "disposal")
	if err == nil {
		err = do(id)
	}
	if modules.IsAnswered(err) {
		return p.disposalView(r, s, err)
	}
	return done(pathOf("scarti", id), err, key)
}

func (p *pages) withdraw(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.decide(r, s, "withdrawn_done", func(id uuid.UUID) error { return p.service.Withdraw(r.Context(), s, id) })
}

func (p *pages) refuse(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.decide(r, s, "refused_done", func(id uuid.UUID) error { return p.service.Refuse(r.Context(), s, id, modules.Value(r, "perche")) })
}

func (p *pages) agree(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.decide(r, s, "agreed_done", func(id uuid.UUID) error {
		var wrong problem.Fields
		a := Agreement{Authorisation: modules.Value(r, "autorizzazione"), On: wrong.Day("del", modules.Value(r, "del")), ListSum: modules.Value(r, "elenco")}
		if err := wrong.Err(); err != nil {
			return err
		}
		return p.service.Agree(r.Context(), s, id, a)
	})
}

// list is the list as a table for whoever authorises it: numbers and days, no names.
func (p *pages) list(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "disposal")
	if err != nil {
		return modules.View{}, err
	}
	items, err := p.service.List(r.Context(), s, id)
	if err != nil {
		return modules.View{}, err
	}
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	w.Comma = ';'
	rows := [][]string{{say(r, "what"), say(r, "number"), say(r, "id"), say(r, "since"), say(r, "outcome")}}
	for _, i := range items {
		outcome := ""
		if i.Outcome != "" {
			outcome = say(r, "outcome_"+i.Outcome)
		}
		rows = append(rows, []string{p.labelOf(r, i.Kind), i.Number, i.ID.String(), i.Since.In(language.Rome).Format("02/01/2006"), outcome})
	}
	if err := w.WriteAll(rows); err != nil {
		return modules.View{}, err
	}
	return modules.View{File: &modules.File{Name: "elenco-di-scarto.csv", MediaType: "text/csv; charset=utf-8", Content: out.Bytes(), Modified: time.Now()}}, nil
}

package board

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"staffetta/api/web/component"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/form"
	"staffetta/modules/practice/use"
	"staffetta/tenants"
)

// measured is the indicator that a statement is about: the one that it names, else the first without a value, else the first.
func (b Board) measured(one Statement) (Indicator, bool) {
	key := one.Key
	if lacking := b.unmeasured(one.Kind, one.Value); key == "" && len(lacking) > 0 {
		key = lacking[0]
	}
	at := slices.IndexFunc(b.Programme.Indicators, func(i Indicator) bool { return i.Key == key })
	if at < 0 && key != "" || len(b.Programme.Indicators) == 0 {
		return Indicator{}, false
	}
	return b.Programme.Indicators[max(at, 0)], true
}

// writing is a statement about an indicator as somebody writes it.
type writing struct {
	board     Board
	one       Statement
	indicator Indicator
	wrong     map[string]string
}

// addIndicator asks for the numbers that the formula of an indicator needs, and says where they are found.
func (p pages) addIndicator(r *http.Request, s tenants.Scope, page *StatementPage, w writing) error {
	b, one, indicator := w.board, w.one, w.indicator
	page.Hidden = append(page.Hidden, component.Hidden{Name: "key", Value: indicator.Key})
	known, err := use.Known(r.Context(), p.service.deps, s, indicator.Rule)
	if err != nil {
		return err
	}
	page.About = about(r, one, indicator, known)
	for _, m := range indicator.Rule.Measures {
		page.Fields = append(page.Fields, quantityField(r, m, w.wrong["quantities."+m.Key]))
	}
	at := "/adozioni/" + b.Adoption.ID.String() + "/riscontri/nuovo?tipo=" + string(one.Kind) + "&mesi=" + one.Value + "&voce="
	for _, other := range b.Programme.Indicators {
		if title, _ := form.Said(r, other.Title); other.Key != indicator.Key {
			page.Others = append(page.Others, component.Link{Label: other.Key + " " + title, URL: at + other.Key})
		}
	}
	return nil
}

// about says what is measured, how it is computed and what the program itself has counted.
func about(r *http.Request, one Statement, indicator Indicator, known []modules.Use) component.Summary {
	title, _ := form.Said(r, indicator.Title)
	reading, _ := form.Said(r, indicator.Rule.Reading)
	rows := []component.SummaryRow{form.Plain(r, "practice.measure.indicator", indicator.Key+" "+title), form.Plain(r, "practice.measure.reading", reading)}
	if how, _ := form.Said(r, indicator.Rule.Baseline.How); one.Kind == Baseline && how != "" {
		rows = append(rows, form.Plain(r, "practice.measure.how", how))
	}
	for _, u := range known {
		rows = append(rows, form.Plain(r, "practice.measure.known", modules.Say(r, "practice.measure.counted", "key", u.Key, "n", u.Records, "recent", u.Days180)))
	}
	return component.Summary{Rows: rows}
}

// quantityField asks for one number, or for a list of them.
func quantityField(r *http.Request, m kit.Measure, wrong string) component.Field {
	label, _ := form.Said(r, m.Label)
	source, _ := form.Said(r, m.Source)
	f := component.Field{
		ID: "quantities-" + strings.ReplaceAll(m.Key, "_", "-"), Name: "quantities." + m.Key, Kind: component.Number, Width: component.Short, Label: label,
		Hint: modules.Say(r, "practice.measure.source", "source", source), Required: true, Error: wrong, Value: r.PostFormValue("quantities." + m.Key),
	}
	if m.List {
		f.Kind, f.Width, f.Rows, f.MaxLength = component.LongText, "", 4, 30_000
		f.Hint = modules.Say(r, "practice.measure.list", "source", source)
	}
	return f
}

// quantitiesOf reads the numbers that the formula of an indicator needs from their form.
func (b Board) quantitiesOf(r *http.Request, one Statement, wrong *problem.Fields) map[string]any {
	given := map[string]any{}
	indicator, ok := b.measured(one)
	if !ok || indicator.Rule == nil || one.Kind != Baseline && one.Kind != Measure {
		return given
	}
	for _, m := range indicator.Rule.Measures {
		list := []float64{}
		for _, text := range strings.FieldsFunc(r.PostFormValue("quantities."+m.Key), func(c rune) bool { return c == ';' || c == ' ' || c == '\n' || c == '\r' || c == '\t' }) {
			n, err := strconv.ParseFloat(strings.Replace(text, ",", ".", 1), 64)
			if err != nil || n != n {
				wrong.Add("quantities."+m.Key, "practice.board.error.amount")
				break
			}
			list = append(list, n)
		}
		switch {
		case m.List && len(list) > 0:
			given[m.Key] = list
		case !m.List && len(list) == 1:
			given[m.Key] = list[0]
		case len(list) > 1:
			wrong.Add("quantities."+m.Key, "practice.board.error.amount")
		}
	}
	return given
}

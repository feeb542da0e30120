package assessment

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/casefile"
)

// figure is a series as a drawing and as a table with the same data. Template "assessment/figure".
type figure struct {
	ID      string
	Title   string
	Lang    string // of the title, when it is not the language of the page
	Text    string // what the drawing shows, in words
	Top     string // the highest possible score
	Bottom  string
	Line    string // "x,y x,y"
	Points  []dot
	From    time.Time
	To      time.Time
	Table   component.Table
	Compare component.Link
}

// dot is a score in the drawing.
type dot struct {
	X, Y   string
	LabelY string
	Score  string
}

// The drawing area in units of the view box 0 0 640 200.
const (
	left, right = 56.0, 616.0
	top, bottom = 28.0, 160.0
)

func newFigure(r *http.Request, a *casefile.Access, s Series) figure {
	ctx := r.Context()
	last := s.Points[len(s.Points)-1]
	f := figure{
		ID: "andamento-" + s.Instrument, Title: language.SayText(ctx, last.Title), Lang: foreign(ctx, last.Title),
		From: s.Points[0].DoneOn, To: last.DoneOn, Table: seriesTable(r, s),
	}
	low, high := s.bounds()
	f.Top, f.Bottom = number(ctx, high), number(ctx, low)
	f.Text = modules.Say(r, "assessment.figure.text", "count", strconv.Itoa(len(s.Points)),
		"first", number(ctx, s.Points[0].Outcome.Score), "last", number(ctx, last.Outcome.Score), "low", f.Bottom, "high", f.Top)
	var line []string
	for n, one := range s.Points {
		x, y := s.place(n, low, high)
		f.Points = append(f.Points, dot{X: unit(x), Y: unit(y), LabelY: unit(y - 10), Score: number(ctx, one.Outcome.Score)})
		line = append(line, unit(x)+","+unit(y))
	}
	f.Line = strings.Join(line, " ")
	f.Compare = component.Link{
		Label: modules.Say(r, "assessment.figure.compare"), Hidden: f.Title,
		URL: base(a) + "/confronto?prima=" + s.Points[len(s.Points)-2].ID.String() + "&dopo=" + last.ID.String(),
	}
	return f
}

// bounds is the range in which all scores of the series can lie: editions of an instrument may differ.
func (s Series) bounds() (low, high float64) {
	low, high = s.Points[0].Outcome.Min, s.Points[0].Outcome.Max
	for _, one := range s.Points {
		low, high = min(low, one.Outcome.Min), max(high, one.Outcome.Max)
	}
	return low, high
}

// place puts a point by its day, or by its order when all are of one day.
func (s Series) place(n int, low, high float64) (x, y float64) {
	first, last := s.Points[0].DoneOn, s.Points[len(s.Points)-1].DoneOn
	share := float64(n) / float64(len(s.Points)-1)
	if days := last.Sub(first).Hours(); days > 0 {
		share = s.Points[n].DoneOn.Sub(first).Hours() / days
	}
	height := 0.0
	if high > low {
		height = (s.Points[n].Outcome.Score - low) / (high - low)
	}
	return left + share*(right-left), bottom - height*(bottom-top)
}

func unit(value float64) string { return strconv.FormatFloat(value, 'f', 1, 64) }

func seriesTable(r *http.Request, s Series) component.Table {
	ctx := r.Context()
	table := component.Table{
		ID: "dati-" + s.Instrument, Caption: modules.Say(r, "assessment.figure.data", "instrument", language.SayText(ctx, s.Points[0].Title)), Hidden: true,
		Columns: []component.Column{
			{Label: modules.Say(r, "assessment.field.day")},
			{Label: modules.Say(r, "assessment.field.score"), Numeric: true},
			{Label: modules.Say(r, "assessment.field.change"), Numeric: true},
			{Label: modules.Say(r, "assessment.field.band")},
		},
	}
	for n, one := range s.Points {
		change := component.Cell{}
		if n > 0 {
			change.Text = signed(ctx, one.Outcome.Score-s.Points[n-1].Outcome.Score)
		}
		table.Rows = append(table.Rows, component.Row{Cells: []component.Cell{
			{Date: one.DoneOn},
			{Text: scoreText(r, one.Outcome)},
			change,
			{Text: language.SayText(ctx, one.Outcome.BandLabel), Lang: foreign(ctx, one.Outcome.BandLabel)},
		}})
	}
	return table
}

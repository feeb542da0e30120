package outcome

import (
	"context"
	"net/http"
	"time"

	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/adoption"
	"staffetta/modules/practice/form"
	"staffetta/tenants"
)

type operations struct{ service *Service }

// Operations are those of outcomes.
func Operations(service *Service) []modules.Operation {
	o := operations{service}
	return []modules.Operation{modules.Declare("adoption:read", form.Operation("get-adoption-outcome", http.MethodGet, "/adoptions/{id}/outcome", "Get the outcome of an adoption",
		"Whether the transfer worked: the verdict, what it stands on and the indicators. The reusing body also reads the use of each item; what other bodies read protects small numbers."), o.get)}
}

// OutcomeView is an outcome as the API gives it.
type OutcomeView struct {
	Verdict    Verdict         `json:"verdict" enum:"starting,active,dormant,ended"`
	Answer     Answer          `json:"answer" enum:"yes,early,stopped,over" doc:"Whether the transfer worked: yes only in use, six months after the first case, with the values of that term"`
	Lacks      []LackView      `json:"lacks" maxItems:"5" doc:"What one waits for where it is too early to tell"`
	MeasuredAt *time.Time      `json:"measured_at,omitempty"`
	Items      int             `json:"items" minimum:"0" maximum:"5000" doc:"Kept of the kit"`
	Measured   int             `json:"measured" minimum:"0" maximum:"5000" doc:"Of them, those of the daily work that can be measured"`
	Used30     int             `json:"used_30" minimum:"0" maximum:"5000" doc:"Items used in the last 30 days"`
	Used90     int             `json:"used_90" minimum:"0" maximum:"5000"`
	Used180    int             `json:"used_180" minimum:"0" maximum:"5000"`
	Unused     int             `json:"unused" minimum:"0" maximum:"5000" doc:"Items that nobody has used for 90 days"`
	Records    *int            `json:"records,omitempty" minimum:"0" maximum:"100000000" doc:"Made in the last 90 days; missing where fewer than five are protected"`
	People     *int            `json:"people,omitempty" minimum:"0" maximum:"100000" doc:"Who worked with it; missing where fewer than five are protected"`
	LastOn     string          `json:"last_on,omitempty" maxLength:"10" doc:"When somebody used it last: a day to the reusing body, a month as 2026-03 to the others"`
	Lines      []UseView       `json:"lines" maxItems:"5000" doc:"To the reusing body alone"`
	Indicators []IndicatorView `json:"indicators" maxItems:"500"`
}

// LackView is something without which it is too early to tell.
type LackView struct {
	Key   string `json:"key" enum:"applied,used,first_case,term,values"`
	Count int    `json:"count,omitempty" minimum:"0" maximum:"500" doc:"How many values"`
	Day   string `json:"day,omitempty" maxLength:"10" doc:"When the term is over"`
}

// UseView is how much one item is used.
type UseView struct {
	Kind     string     `json:"kind" maxLength:"40"`
	Key      string     `json:"key" maxLength:"64"`
	Measured bool       `json:"measured"`
	Through  []string   `json:"through" maxItems:"5000" maxLength:"64" doc:"Items by which it is measured"`
	Days30   int        `json:"days_30" minimum:"0" maximum:"100000000"`
	Days90   int        `json:"days_90" minimum:"0" maximum:"100000000"`
	Days180  int        `json:"days_180" minimum:"0" maximum:"100000000"`
	People   int        `json:"people" minimum:"0" maximum:"100000000"`
	LastAt   *time.Time `json:"last_at,omitempty"`
	Dormant  bool       `json:"dormant"`
}

// IndicatorView is an indicator before and after.
type IndicatorView struct {
	Key    string      `json:"key" maxLength:"64"`
	Title  kit.Wording `json:"title"`
	Unit   string      `json:"unit" maxLength:"20"`
	Before *float64    `json:"before,omitempty" minimum:"0" maximum:"1000000000"`
	After  []AfterView `json:"after" maxItems:"3"`
	Ceding string      `json:"ceding,omitempty" maxLength:"200" doc:"The value that the ceding body has published with the practice"`
}

// AfterView is a value some months after the start; without an amount where it is withheld to protect people.
type AfterView struct {
	Months string   `json:"months" maxLength:"2"`
	Amount *float64 `json:"amount,omitempty" minimum:"0" maximum:"1000000000"`
	Day    string   `json:"day" maxLength:"10"`
}

type output struct{ Body OutcomeView }

func (o operations) get(ctx context.Context, in *form.IDPath) (*output, error) {
	id, err := in.UUID()
	if err != nil {
		return nil, err
	}
	found, err := o.service.Get(ctx, tenants.ScopeFrom(ctx), id)
	if err != nil {
		return nil, err
	}
	return &output{viewOf(found)}, nil
}

func viewOf(o Outcome) OutcomeView {
	f := o.Figures
	view := OutcomeView{
		Verdict: o.Verdict, Answer: o.Answer(), Lacks: []LackView{}, MeasuredAt: instant(f.At), Items: f.Items, Measured: f.Measured, Used30: f.Used30, Used90: f.Used90, Used180: f.Used180, Unused: f.Unused,
		Records: f.Records.kept(), People: f.People.kept(), Lines: []UseView{}, Indicators: []IndicatorView{},
	}
	if !f.LastOn.IsZero() {
		view.LastOn = f.LastOn.Format(time.DateOnly)
		if o.Board.Adoption.Side != adoption.Reusing {
			view.LastOn = f.LastOn.Format("2006-01")
		}
	}
	if view.Answer == Early {
		for _, lack := range o.Lacks() {
			view.Lacks = append(view.Lacks, LackView{lack.Key, lack.N, form.DayValue(lack.Day)})
		}
	}
	for _, line := range o.Lines {
		view.Lines = append(view.Lines, UseView{
			Kind: line.Kind, Key: line.Key, Measured: line.Measured, Through: append([]string{}, line.Through...), Days30: line.Use.Days30, Days90: line.Use.Days90,
			Days180: line.Use.Days180, People: line.Use.People, LastAt: instant(line.Use.Last), Dormant: line.IsDormant(f.At),
		})
	}
	for _, c := range o.Values {
		view.Indicators = append(view.Indicators, indicatorView(c))
	}
	return view
}

func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func indicatorView(c Comparison) IndicatorView {
	view := IndicatorView{
		Key: c.Indicator.Key, Title: kit.Wording{It: c.Indicator.Title.IT, En: c.Indicator.Title.EN}, Unit: c.Indicator.Unit, After: []AfterView{}, Ceding: c.Ceding,
	}
	if c.Before != nil {
		view.Before = c.Before.Amount
	}
	for _, months := range []string{"6", "12", "24"} {
		if s, ok := c.After[months]; ok {
			view.After = append(view.After, AfterView{months, s.Amount, s.Day.Format(time.DateOnly)})
		}
	}
	return view
}

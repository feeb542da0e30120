package intake

import (
	"context"
	"slices"
	"time"

	"staffetta/internal/language"
	"staffetta/modules/kit"
	"staffetta/tenants"
)

// subject is what the workflows that this package reads are about.
const subject = "contact"

// Term is how long the body gives itself to conclude a contact. The zero Term is that of a body that says nothing.
type Term struct {
	Label   language.Text // what has to be done by then
	Days    int
	Working bool // working days only
}

// Due is the last day of the term for an arrival, as a date, or the zero time without a term. The day of the arrival
// does not count, and a term of calendar days that ends on a holiday ends on the next day that is none (art. 2963 c.c.).
func (t Term) Due(arrival time.Time) time.Time {
	if t.Days < 1 {
		return time.Time{}
	}
	y, m, d := arrival.In(language.Rome).Date()
	day := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	for left := t.Days; left > 0; {
		day = day.AddDate(0, 0, 1)
		if !t.Working || isWorkingDay(day) {
			left--
		}
	}
	for !t.Working && (day.Weekday() == time.Sunday || isHoliday(day)) {
		day = day.AddDate(0, 0, 1)
	}
	return day
}

// DueOn is the day by which a contact has to be concluded, or the zero time for a closed one and without a term.
func (t Term) DueOn(c Contact) time.Time {
	if c.State == Closed {
		return time.Time{}
	}
	return t.Due(c.At)
}

// Overdue tells whether a day by which to conclude has passed.
func Overdue(due, now time.Time) bool {
	return !due.IsZero() && startOfDay(now).After(time.Date(due.Year(), due.Month(), due.Day(), 0, 0, 0, 0, language.Rome))
}

// path is what the published workflows about contacts say: the term, the keys of the forms that belong to them, and the fields
// of their steps that a vocabulary answers.
type path struct {
	term  Term
	forms []string
	first []kit.WorkflowField // that the steps out of the initial state ask for
	later []kit.WorkflowField // that only others do
}

// contactPath reads the workflows of the body that are about contacts. The term is the first one that runs from the
// state in which a contact begins.
func (sv *Service) contactPath(ctx context.Context, s tenants.Scope) (path, error) {
	versions, err := sv.items.Published(ctx, s, kit.KindWorkflow)
	if err != nil {
		return path{}, err
	}
	var p path
	for _, v := range versions {
		workflow, err := kit.ParseWorkflow(v.Content)
		if err != nil {
			return path{}, err
		}
		if workflow.Subject == subject {
			p.add(workflow)
		}
	}
	return p, nil
}

func (p *path) add(workflow *kit.Workflow) {
	for _, field := range workflow.Fields {
		if field.Form != "" {
			p.forms = append(p.forms, field.Form)
		}
	}
	initial, _ := workflow.Initial()
	for _, field := range workflow.Fields {
		if field.Vocabulary != "" && !p.asks(field.Key) {
			p.ask(field, workflow, initial.Key)
		}
	}
	for _, term := range workflow.Terms {
		if p.term.Days == 0 && term.From == initial.Key {
			p.term = Term{Label: language.Text{It: term.Label.IT, En: term.Label.EN}, Days: term.Days, Working: term.Working}
		}
	}
}

// asks tells whether a field is among those of the path already: of two workflows the first counts.
func (p *path) asks(key string) bool {
	same := func(f kit.WorkflowField) bool { return f.Key == key }
	return slices.ContainsFunc(p.first, same) || slices.ContainsFunc(p.later, same)
}

// ask adds a field that some step requires.
func (p *path) ask(field kit.WorkflowField, workflow *kit.Workflow, initial string) {
	first, later := false, false
	for _, t := range workflow.Transitions {
		if slices.Contains(t.Requires, field.Key) {
			first, later = first || t.From == initial, true
		}
	}
	switch {
	case first:
		p.first = append(p.first, field)
	case later:
		p.later = append(p.later, field)
	}
}

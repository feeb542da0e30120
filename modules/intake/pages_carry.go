package intake

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/tenants"
)

// newerPart offers to go on in the present version of a form. Its button sends the form around it elsewhere, with what is typed.
type newerPart struct {
	Alert  component.Alert
	Action string
	Button string
}

func newerOf(ctx context.Context, form FilledForm) *newerPart {
	if form.Newer == nil {
		return nil
	}
	return &newerPart{
		Alert: component.Alert{
			Tone: component.Info, Title: say(ctx, "intake.form.newer"),
			Text: form.Newer.Definition.News(ctx, form.Questions.Definition) + " " + say(ctx, "intake.form.newer.help"),
		},
		Action: formsPath(form.Contact) + "/" + form.ID.String() + "/continua",
		Button: say(ctx, "intake.form.carry"),
	}
}

// leftOf lists what was answered to older versions and has no place in this one; nil where everything has.
func leftOf(ctx context.Context, form Form) *component.Summary {
	left := form.Left()
	if len(left) == 0 {
		return nil
	}
	part := &component.Summary{Title: say(ctx, "intake.form.left")}
	for _, one := range left {
		row := component.SummaryRow{Label: one.Question.Label.In(language.Of(ctx)), Values: []string{one.Text(ctx)}}
		part.Rows = append(part.Rows, row)
	}
	return part
}

// carryForm saves what is typed and lets the draft go on in the present version of its form, both or neither.
func (p pages) carryForm(r *http.Request, s tenants.Scope) (modules.View, error) {
	_, id, err := formIDs(r)
	if err != nil {
		return modules.View{}, err
	}
	f, err := readFilling(r)
	if err != nil {
		return modules.View{}, err
	}
	f.ID = id
	if f.Edition == uuid.Nil { // sent by no form of answers
		f.Values = nil
	}
	made, err := p.service.CarryForm(r.Context(), s, f)
	if f.Values != nil && (problem.Is(err, problem.Invalid) || problem.Is(err, problem.Conflict)) {
		return p.refillForm(r, s, f, err)
	}
	if err != nil {
		return modules.View{}, err
	}
	flash := language.M("intake.form.carried")
	if len(made.Left()) > 0 {
		flash = language.M("intake.form.carried.left", "n", len(made.Left()))
	}
	return modules.Redirect(formsPath(f.Contact)+"/"+id.String(), flash), nil
}

package intake

import (
	"context"
	"net/http"
	"strconv"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/tenants"
)

// newerPart offers to go on in the present version of a form.
type newerPart struct {
	Alert  component.Alert
	Action string
	Hidden []component.Hidden
	Button component.Button
}

func newerOf(ctx context.Context, form FilledForm) *newerPart {
	if form.Newer == nil {
		return nil
	}
	return &newerPart{
		Alert:  component.Alert{Tone: component.Info, Title: say(ctx, "intake.form.newer"), Text: say(ctx, "intake.form.newer.help")},
		Action: formsPath(form.Contact) + "/" + form.ID.String() + "/continua",
		Hidden: []component.Hidden{{Name: "version", Value: strconv.Itoa(form.Version)}},
		Button: component.Button{Label: say(ctx, "intake.form.carry")},
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

// carryForm lets a draft go on in the present version of its form.
func (p pages) carryForm(r *http.Request, s tenants.Scope) (modules.View, error) {
	contact, id, err := formIDs(r)
	if err != nil {
		return modules.View{}, err
	}
	if err := parse(r); err != nil {
		return modules.View{}, err
	}
	made, err := p.service.CarryForm(r.Context(), s, Carrying{Contact: contact, ID: id, Version: readVersion(r, contact).Version})
	if err != nil {
		return modules.View{}, err
	}
	flash := language.M("intake.form.carried")
	if len(made.Left()) > 0 {
		flash = language.M("intake.form.carried.left", "n", len(made.Left()))
	}
	return modules.Redirect(formsPath(contact)+"/"+id.String(), flash), nil
}

package intake

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/modules"
	"staffetta/tenants"
)

// asideForm lets who may open a case say why none is; nil where there is no proposal.
func (p pages) asideForm(r *http.Request, s tenants.Scope, sheet Sheet, set fieldSet) *smallForm {
	if !sheet.Proposed() || !p.may(s, createCases) {
		return nil
	}
	return &smallForm{
		Title: say(r.Context(), "intake.proposal.title"), Method: "post", Action: "/sportello/" + sheet.ID.String() + "/proposta",
		Fields: []component.Field{set.field("set_aside", component.Field{
			Kind: component.LongText, Required: true, Value: r.Form.Get("set_aside"), Hint: "intake.hint.set_aside", MaxLength: 500, Rows: 2,
		})},
		Button: component.Button{Label: say(r.Context(), "intake.proposal.save")},
	}
}

// asideRow says why a proposal was set aside.
func asideRow(ctx context.Context, c Contact) []component.SummaryRow {
	if c.SetAside == "" {
		return nil
	}
	return []component.SummaryRow{{Label: say(ctx, "intake.field.set_aside"), Values: []string{c.SetAside}}}
}

func (p pages) setAside(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.step(r, s, "intake.proposal.done", func(id uuid.UUID) error {
		return p.service.SetAside(r.Context(), s, id, r.Form.Get("set_aside"))
	})
}

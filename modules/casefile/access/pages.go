package access

import (
	"errors"
	"net/http"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/casefile/notice"
	"staffetta/tenants"
)

// reasonPage asks for the reason to open a case that is not the actor's.
type reasonPage struct {
	Errors component.ErrorSummary
	Reason component.Field
	Action string
	Submit component.Button
	Back   component.Link
}

// Pages are the pages by which a case opens with a reason.
func Pages(c *Cases) []modules.Page {
	return []modules.Page{{Pattern: "POST /cartelle/{case}/apri", Permission: "case:read", Handle: c.openWithReason}}
}

// Opened opens the case of the request for a section. When it wants a reason, the view asks for one and the access is
// nil.
func Opened(r *http.Request, s tenants.Scope, c *Cases, section string) (*Access, modules.View, error) {
	return Asked(r)(c.Open(r.Context(), s, r.PathValue("case"), section))
}

// OpenedOwn opens a case of the body as OpenOwn does, or asks for a reason as Opened does.
func OpenedOwn(r *http.Request, s tenants.Scope, c *Cases) (*Own, modules.View, error) {
	a, err := c.OpenOwn(r.Context(), s, r.PathValue("case"))
	if errors.Is(err, ErrReason) {
		return nil, AskReason(r, nil), nil
	}
	if err == nil {
		err = a.told(r)
	}
	return a, modules.View{}, err
}

// told marks the notices that lead to the page as seen.
func (a *Access) told(r *http.Request) error {
	if r.Method != http.MethodGet || a.Foreign() {
		return nil
	}
	return notice.SeePath(r.Context(), a.db, a.Scope, r.URL.Path)
}

// Asked turns an opening that wants a reason into the page that asks for it.
func Asked(r *http.Request) func(*Access, error) (*Access, modules.View, error) {
	return func(a *Access, err error) (*Access, modules.View, error) {
		if errors.Is(err, ErrReason) {
			return nil, AskReason(r, nil), nil
		}
		if err == nil {
			err = a.told(r)
		}
		return a, modules.View{}, err
	}
}

// AskReason is the page that asks for the reason, with what is wrong with it.
func AskReason(r *http.Request, err error) modules.View {
	field := component.Field{
		ID: "motivo", Kind: component.LongText, Rows: 3, Required: true, MaxLength: 500, Label: modules.Say(r, "casefile.reason.label"),
		Hint: modules.Say(r, "casefile.reason.hint"), Value: modules.Value(r, "motivo"), Error: modules.FieldErrors(r.Context(), err)["motivo"],
	}
	view := modules.Render("casefile/reason", language.M("casefile.reason.title"), reasonPage{
		Errors: component.Summarize(field), Reason: field, Action: "/cartelle/" + r.PathValue("case") + "/apri",
		Submit: component.Button{Label: modules.Say(r, "casefile.reason.submit"), Emphasis: component.Primary},
		Back:   component.Link{Label: modules.Say(r, "casefile.reason.back"), URL: "/cartelle"},
	})
	if err != nil {
		return view.Refused()
	}
	return view
}

func (c *Cases) openWithReason(r *http.Request, s tenants.Scope) (modules.View, error) {
	err := c.OpenWithReason(r.Context(), s, r.PathValue("case"), modules.Value(r, "motivo"))
	if problem.Is(err, problem.Invalid) {
		return AskReason(r, err), nil
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect("/cartelle/"+r.PathValue("case"), language.M("casefile.reason.done")), nil
}

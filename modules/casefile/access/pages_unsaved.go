package access

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/policies"
	"staffetta/tenants"
)

// Typed is what somebody wrote into a field of a form.
type Typed struct{ Label, Text string }

// unsavedPage gives back what was written into a case that is not written into any more.
type unsavedPage struct {
	Why  component.Alert
	Kept []component.Field
	Back component.Link
}

// Unsaved is for a form that was refused because the case is no longer written into: who could read it until now reads why,
// and what was typed, to copy it. Nothing of the case is shown. For anybody else, and for any other refusal, it gives the
// refusal back.
func (c *Cases) Unsaved(r *http.Request, s tenants.Scope, refused error, typed ...Typed) (modules.View, error) {
	typed = slices.DeleteFunc(typed, func(one Typed) bool { return strings.TrimSpace(one.Text) == "" })
	if len(typed) == 0 || !ShutOut(refused) {
		return modules.View{}, refused
	}
	owner, why, err := c.shut(r.Context(), s, r.PathValue("case"))
	if err != nil {
		return modules.View{}, errors.Join(refused, err)
	}
	if why == 0 {
		return modules.View{}, refused
	}
	said := map[int]string{
		http.StatusGone: "casefile.unsaved.ended", http.StatusForbidden: "casefile.unsaved.narrowed", http.StatusConflict: "casefile.unsaved.closed",
		http.StatusLocked: "casefile.unsaved.restricted",
	}
	page := unsavedPage{
		Why:  component.Alert{Tone: component.Warning, Title: modules.Say(r, said[why], "body", c.BodyName(owner)), Text: modules.Say(r, "casefile.unsaved.text")},
		Back: component.Link{Label: modules.Say(r, "casefile.unsaved.back"), URL: "/condivisi"},
	}
	if owner == s.Tenant {
		page.Back = component.Link{Label: modules.Say(r, "casefile.unsaved.case"), URL: "/cartelle/" + r.PathValue("case")}
	}
	for n, one := range typed {
		page.Kept = append(page.Kept, component.Field{ID: "testo-" + strconv.Itoa(n+1), Kind: component.LongText, Rows: 12, ReadOnly: true, Label: one.Label, Value: one.Text})
	}
	view := modules.Render("casefile/unsaved", language.M("casefile.unsaved.title"), page)
	view.Status = why
	if why == http.StatusLocked {
		view.Status = http.StatusConflict
	}
	return view, nil
}

// ShutOut tells whether a refusal may come of a case that is not written into any more. A closed case is refused as a conflict.
func ShutOut(refused error) bool {
	return problem.Is(refused, problem.NotFound) || problem.Is(refused, problem.Forbidden) || problem.Is(refused, problem.Conflict)
}

// shut tells whose case it is and why the actor does not write into it: http.StatusGone where all that showed it is over,
// http.StatusConflict where it is closed, http.StatusLocked where the data of its person is restricted, http.StatusForbidden where it
// still opens, be it with a reason, 0 where it is not for the actor to know.
func (c *Cases) shut(ctx context.Context, scope tenants.Scope, ref string) (owner int32, why int, err error) {
	a, err := c.find(ctx, scope, ref)
	switch {
	case err == nil && !a.ClosedAt.IsZero():
		return a.Tenant, http.StatusConflict, nil
	case err == nil && !a.Restricted.IsZero():
		return a.Tenant, http.StatusLocked, nil
	case err == nil:
		return a.Tenant, http.StatusForbidden, nil
	case errors.Is(err, ErrReason):
		return scope.Tenant, http.StatusForbidden, nil
	case !problem.Is(err, problem.NotFound):
		return 0, 0, err
	}
	slug, text, foreign := strings.Cut(ref, "~")
	id, ok := modules.ParseID(text)
	body, _, unknown := c.deps.Bodies.BySlug(slug)
	if !foreign || !ok || unknown != nil || !c.deps.Policies.Allows(scope, policies.Guest, "case", "open") {
		return 0, 0, nil
	}
	shown, err := c.wasShown(ctx, scope, id)
	if err != nil || !shown {
		return 0, 0, err
	}
	return body.ID, http.StatusGone, nil
}

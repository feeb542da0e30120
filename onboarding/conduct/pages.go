package conduct

import (
	"net/http"
	"strings"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/tenants"
)

const path = "/codice-di-condotta"

type pages struct {
	service *Service
}

// Pages are the code, and the button below it.
func Pages(v *Service) []modules.Page {
	p := &pages{service: v}
	return []modules.Page{
		{Pattern: "GET " + path, Permission: Permission, Purpose: tenants.Operator, Handle: p.show},
		{Pattern: "POST " + path, Permission: Permission, Purpose: tenants.Operator, Handle: p.acknowledge},
	}
}

// codePage is the code for who has still to read it, or has.
type codePage struct {
	Done   *component.Alert
	Rules  []string
	Next   string // where they wanted to go
	Button *component.Button
}

func (p *pages) show(r *http.Request, s tenants.Scope) (modules.View, error) {
	at, err := p.service.ReadAt(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	page := codePage{Next: r.URL.Query().Get("poi")}
	for _, rule := range Rules {
		page.Rules = append(page.Rules, modules.Say(r, rule))
	}
	if at.IsZero() {
		page.Button = &component.Button{Label: modules.Say(r, "onboarding.conduct.button"), Emphasis: component.Primary}
	} else {
		page.Done = &component.Alert{Tone: component.Success, Title: modules.Say(r, "onboarding.conduct.done", "day", at.In(language.Rome).Format("02/01/2006"))}
	}
	return modules.Render("onboarding/conduct", language.M("onboarding.conduct.title"), page), nil
}

func (p *pages) acknowledge(r *http.Request, s tenants.Scope) (modules.View, error) {
	if err := p.service.Acknowledge(r.Context(), s); err != nil {
		return modules.View{}, err
	}
	return modules.Redirect(within(r.PostFormValue("poi")), language.M("onboarding.conduct.thanks")), nil
}

// within is a path of the same body, or its first page.
func within(next string) string {
	if !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\n\r") {
		return "/"
	}
	return next
}

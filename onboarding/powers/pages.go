package powers

import (
	"net/http"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/policies"
	"staffetta/tenants"
)

const at = "/console/poteri"

type pages struct {
	service *Service
}

// Pages tell the people of a body whether who entered with it is confirmed, and what to do.
func Pages(service *Service) []modules.Page {
	return []modules.Page{{Pattern: "GET " + at, Permission: policies.SignedIn, Purpose: tenants.Operator, Handle: pages{service}.show}}
}

// powersPage says who has confirmed, or how that is done.
type powersPage struct {
	State component.Alert
	Steps bool            // somebody has still to confirm
	Go    *component.Link // to the entry, on the platform
	Back  *component.Link // for who sees the console
}

func (p pages) show(r *http.Request, s tenants.Scope) (modules.View, error) {
	found, err := p.service.Get(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	page := powersPage{Steps: !found.Met()}
	if p.service.deps.Permits(s, Read) {
		page.Back = &component.Link{Label: modules.Say(r, "onboarding.powers.back"), URL: "/console"}
	}
	switch {
	case !found.Met():
		page.State = component.Alert{Tone: component.Warning, Title: modules.Say(r, "onboarding.powers.missing")}
		page.Go = &component.Link{Label: modules.Say(r, "onboarding.powers.go"), URL: p.service.deps.Platform.Mail.Base + "/attivazione/" + found.Entry.String() + "/conferma"}
	case found.By == "":
		page.State = component.Alert{Tone: component.Success, Title: modules.Say(r, "onboarding.powers.none")}
	default:
		page.State = component.Alert{Tone: component.Success, Title: language.Say(r.Context(), found.by())}
	}
	return modules.Render("onboarding/powers", language.M("onboarding.powers.check"), page), nil
}

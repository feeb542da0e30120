package console

import (
	"net/http"
	"strings"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/tenants"
)

const at = "/console"

type pages struct {
	service *Service
}

// Pages are the pages of the console.
func Pages(v *Service) []modules.Page {
	p := &pages{service: v}
	return []modules.Page{{Pattern: "GET " + at, Permission: Read, Nav: &modules.Nav{Label: "onboarding.console.nav", Order: 85}, Handle: p.home}}
}

// homePage is how a body is set up, and where that is done.
type homePage struct {
	State  component.Alert
	Tasks  component.TaskList
	Met    component.TaskList // what is in order, folded
	Places component.Cards
}

func (p *pages) home(r *http.Request, s tenants.Scope) (modules.View, error) {
	body, err := p.service.deps.Bodies.ByID(s.Tenant)
	if err != nil {
		return modules.View{}, err
	}
	all, err := p.service.Find(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	places, err := p.service.Places(s)
	if err != nil {
		return modules.View{}, err
	}
	page := homePage{State: stateAlert(r, body, Summarize(all)), Places: placeCards(r, places)}
	page.Tasks.Title, page.Tasks.ID, page.Met.ID = modules.Say(r, "onboarding.console.tasks"), "fare", "fatto"
	for _, one := range all {
		list := &page.Tasks
		if one.State == modules.Met {
			list = &page.Met
		}
		list.Tasks = append(list.Tasks, task(r, one))
	}
	return modules.Render("onboarding/console", language.M("onboarding.console.title"), page), nil
}

// stateAlert says in one sentence how the body stands.
func stateAlert(r *http.Request, body tenants.Tenant, sum Summary) component.Alert {
	switch {
	case sum.Wrong > 0:
		return component.Alert{Tone: component.Warning, Title: modules.Say(r, "onboarding.console.wrong", "n", sum.Wrong)}
	case sum.Stops > 0 && body.Trial():
		return component.Alert{Tone: component.Info, Title: modules.Say(r, "onboarding.console.stops", "n", sum.Stops)}
	case sum.Stops > 0:
		return component.Alert{Tone: component.Warning, Title: modules.Say(r, "onboarding.console.missing", "n", sum.Stops)}
	case body.Trial():
		return component.Alert{Tone: component.Success, Title: modules.Say(r, "onboarding.console.ready")}
	case sum.Advised > 0:
		return component.Alert{Tone: component.Info, Title: modules.Say(r, "onboarding.console.advised", "n", sum.Advised)}
	default:
		return component.Alert{Tone: component.Success, Title: modules.Say(r, "onboarding.console.fine")}
	}
}

func task(r *http.Request, one modules.Standing) component.Task {
	t := component.Task{Label: modules.Say(r, one.Title), Hint: text(r.Context(), one)}
	if one.May {
		t.URL = one.Path
	}
	switch {
	case one.State == modules.Met:
		t.State = component.Done
	case one.State == modules.Wrong:
		t.State = component.Problem
	case one.Stale:
		t.State = component.Outdated
	case one.Required:
		t.State = component.Needed
	default:
		t.State = component.Advised
	}
	return t
}

func placeCards(r *http.Request, places []modules.Page) component.Cards {
	cards := component.Cards{Level: 3}
	for _, place := range places {
		_, path, _ := strings.Cut(place.Pattern, " ")
		cards.Items = append(cards.Items, component.Card{Title: modules.Say(r, place.Nav.Label), Text: modules.Say(r, place.Nav.About), URL: path})
	}
	return cards
}

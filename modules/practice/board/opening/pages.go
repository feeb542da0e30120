// Package opening tells on the board of an adoption which services of the kit citizens see from the start on. It shows nothing
// to them: the step to the start does, and package guide.
package opening

import (
	"net/http"

	"staffetta/api/web/component"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/form"
	"staffetta/tenants"
)

// List is what citizens see from the start on and do not see yet.
type List struct {
	Text     string
	Services []component.Link // without an address for who may not read items
	Switch   *component.Link  // for who may choose
}

// NewList lists services that wait for the start, as somebody of their body reads it; nil where there are none.
func NewList(r *http.Request, deps modules.Deps, s tenants.Scope, waiting []kit.Source) *List {
	if len(waiting) == 0 {
		return nil
	}
	list := &List{Text: modules.Say(r, "practice.stage.opens_help", "n", len(waiting))}
	for _, service := range waiting {
		title, _ := form.Said(r, service.Title)
		link := component.Link{Label: title}
		if deps.Permits(s, "item:read") {
			link.URL = "/kit/service/" + service.Key
		}
		list.Services = append(list.Services, link)
	}
	if deps.Permits(s, "item:write") {
		list.Switch = &component.Link{Label: modules.Say(r, "practice.stage.opens_switch"), URL: "/guida"}
	}
	return list
}

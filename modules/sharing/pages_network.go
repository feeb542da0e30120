package sharing

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/sharing/agreement"
	"staffetta/modules/sharing/draft"
	"staffetta/modules/sharing/emergency"
	"staffetta/modules/sharing/network"
	"staffetta/modules/sharing/share"
	"staffetta/policies"
	"staffetta/tenants"
)

// networkPage shows the bodies with which there are agreements, the agreements and the networks.
type networkPage struct {
	Tabs       component.Sections
	Counts     component.Summary
	Agreements component.Table
	Networks   component.Table
	Drafts     *component.Table
	New        component.ButtonRow
}

func (p *pages) network(r *http.Request, s tenants.Scope) (modules.View, error) {
	agreements, err := p.service.Agreements.FindAgreements(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	n, err := p.service.Shares.Count(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	networks, err := p.service.Networks.Find(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	page := networkPage{Tabs: p.service.Shares.Tabs(r, s, "rete", n.Waiting), Agreements: agreement.Table(r, s, p.deps.Bodies, agreements), Networks: network.Table(r, s, p.deps.Bodies, networks)}
	page.Counts = component.Summary{Rows: []component.SummaryRow{
		{Label: modules.Say(r, "sharing.network.bodies"), Values: modules.Given(strings.Join(p.partnerNames(s, agreements), ", "))},
		{Label: modules.Say(r, "sharing.network.sent"), Values: []string{modules.Say(r, "sharing.network.shares", "n", n.Sent)}},
		{Label: modules.Say(r, "sharing.network.received"), Values: []string{modules.Say(r, "sharing.network.shares", "n", n.Received)}},
		{Label: modules.Say(r, "sharing.network.waiting"), Values: []string{modules.Say(r, "sharing.network.shares", "n", n.Waiting)}},
	}}
	if p.deps.Permits(s, agreement.Write) {
		drafts, err := p.service.Drafts.Find(r.Context(), s)
		if err != nil {
			return modules.View{}, err
		}
		if len(drafts) > 0 {
			table := draft.Table(r, drafts)
			page.Drafts = &table
		}
		page.New.Buttons = []component.Button{
			{Label: modules.Say(r, "sharing.agreement.new"), URL: "/rete/accordi/nuovo", Emphasis: component.Primary, Shortcut: "n"},
			{Label: modules.Say(r, "sharing.net.new"), URL: "/rete/reti/nuova"},
		}
	}
	if p.deps.Permits(s, share.MayRead) {
		page.New.Buttons = append(page.New.Buttons, component.Button{Label: modules.Say(r, "sharing.ask.list"), URL: "/rete/accesso"})
	}
	if p.deps.Permits(s, emergency.MayBreak) {
		page.New.Buttons = append(page.New.Buttons, component.Button{Label: modules.Say(r, "sharing.emergency.title"), URL: "/rete/emergenza"})
	}
	if p.deps.Permits(s, share.MayOversee) {
		page.New.Buttons = append(page.New.Buttons, component.Button{Label: modules.Say(r, "sharing.emergency.queue"), URL: "/rete/emergenze"})
	}
	return modules.Render("sharing/network", language.M("sharing.network.title"), page), nil
}

// partnerNames are the bodies with which an agreement is active.
func (p *pages) partnerNames(s tenants.Scope, agreements []policies.Agreement) []string {
	var names []string
	for _, a := range agreements {
		if !a.Live(time.Now()) {
			continue
		}
		for _, party := range a.Parties {
			if name := p.deps.Bodies.Name(party.Tenant); party.Tenant != s.Tenant && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return names
}

package handover

import (
	"net/http"
	"strings"

	"staffetta/api/web/component"
	"staffetta/modules"
	"staffetta/tenants"
)

// signingNotice says what stands in the way of both signatures; nil where nothing does.
func (p *pages) signingNotice(r *http.Request, s tenants.Scope, of acceptance) *component.Alert {
	list := &component.Link{Label: modules.Say(r, "sharing.relocation.read"), URL: "/passaggi/" + of.ID.String() + "/elenco"}
	switch {
	case of.asked.Changed && of.Giver == s.Tenant:
		return &component.Alert{Tone: component.Warning, Title: modules.Say(r, "sharing.relocation.changed"), Text: modules.Say(r, "sharing.relocation.changed_giver"), Link: list}
	case of.asked.Changed:
		return &component.Alert{Tone: component.Warning, Title: modules.Say(r, "sharing.relocation.changed"), Text: modules.Say(r, "sharing.relocation.changed_taker", "body", p.service.deps.Bodies.Name(of.Giver)), Link: list}
	case of.asked.Agreement && !of.asked.May && of.Taker == s.Tenant && p.service.deps.Permits(s, Take):
		return &component.Alert{
			Tone: component.Warning, Title: modules.Say(r, "sharing.relocation.signature"),
			Text: modules.Say(r, "sharing.relocation.error.signer", "names", strings.Join(of.asked.Signers, ", ")),
			Link: &component.Link{Label: modules.Say(r, "sharing.share.agreement_open"), URL: "/rete/accordi/" + of.Agreement.String()},
		}
	}
	return nil
}

// addSigning asks for the signature of what the giving body signed and, where one was made for this case alone, of the agreement.
func (p *pages) addSigning(r *http.Request, of acceptance, accept *acceptForm) {
	accept.Hidden = append(accept.Hidden, component.Hidden{Name: "elenco", Value: of.asked.Manifest})
	accept.Button.Label = modules.Say(r, "sharing.relocation.accept")
	if !of.asked.Agreement {
		return
	}
	for _, name := range []string{"atto_numero", "atto_data"} {
		field := component.Field{
			ID: name, Required: true, MaxLength: 60, Width: component.Medium, Label: modules.Say(r, "sharing.field."+name),
			Hint: modules.Say(r, "sharing.hint."+name), Value: modules.Value(r, name), Error: of.wrong[name],
		}
		if name == "atto_data" {
			field.Kind, field.Width, field.MaxLength = component.Appointed, component.Short, 0
		}
		accept.Fields = append(accept.Fields, field)
	}
}

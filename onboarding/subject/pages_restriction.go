package subject

import (
	"net/http"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/onboarding/subject/effect"
	"staffetta/tenants"
)

// addEffects puts into the page of a request what it has led to, and what restricts the data or lifts that.
func (p *pages) addEffects(r *http.Request, s tenants.Scope, one Request, page *showPage) error {
	lasts, changes, err := p.service.Effects(r.Context(), s, one)
	if err != nil {
		return err
	}
	if one.Kind == "rectification" {
		page.Changes = effect.Table(r, changes)
	}
	handles := p.service.deps.Permits(s, Handle)
	switch {
	case lasts != nil:
		page.Limited = &component.Alert{Tone: component.Warning, Text: say(r, "limited", "name", lasts.By, "day", lasts.At.In(language.Rome).Format("02/01/2006"))}
		if handles {
			page.Forms = append(page.Forms, reasonForm(r, "lift", pathOf(one.ID)+"/limita/togli", "fine"))
		}
	case handles && one.Open() && one.Person != nil:
		page.Forms = append(page.Forms, reasonForm(r, "restrict", pathOf(one.ID)+"/limita", "limite"))
	}
	return nil
}

// reasonForm is a folded form with one reason.
func reasonForm(r *http.Request, key, action, field string) folded {
	return folded{
		Key: key, Title: say(r, key+".title"), Text: say(r, key+".text"), Action: action, Button: component.Button{Label: say(r, key+".button")},
		Fields: []component.Field{{ID: field, Kind: component.LongText, Rows: 3, Label: say(r, key+".field"), Required: true, MaxLength: 1000}},
	}
}

func (p *pages) restrict(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.act(r, s, "restrict", func(id uuid.UUID) error { return p.service.Restrict(r.Context(), s, id, modules.Value(r, "limite")) })
}

func (p *pages) lift(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.act(r, s, "lift", func(id uuid.UUID) error { return p.service.Lift(r.Context(), s, id, modules.Value(r, "fine")) })
}

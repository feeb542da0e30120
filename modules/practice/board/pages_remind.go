package board

import (
	"net/http"
	"strconv"
	"time"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/tenants"
)

// addReminder offers to remind the other body of what waits for it, or says when that was done.
func (p pages) addReminder(r *http.Request, s tenants.Scope, b Board, page *BoardPage) {
	now, at := time.Now(), b.RemindedAt(s.Tenant)
	switch {
	case b.Remindable(s, now):
		page.Remind = &AdvanceForm{
			Action: "/adozioni/" + b.Adoption.ID.String() + "/sollecita", Hidden: []component.Hidden{{Name: "seen", Value: strconv.Itoa(b.Adoption.Stage)}},
			Button: component.Button{Label: modules.Say(r, "practice.remind.button", "body", p.bodies.Name(b.Other()))},
		}
	case !at.IsZero() && len(b.Awaits(now).Others) > 0:
		page.Reminded = modules.Say(r, "practice.remind.sent", "body", p.bodies.Name(b.Other()),
			"day", language.SayText(r.Context(), shortDay(at)), "again", language.SayText(r.Context(), shortDay(at.AddDate(0, 0, Quiet))))
	}
}

// shortDay is the day of an instant as notes write it.
func shortDay(at time.Time) language.Text {
	at = at.In(language.Rome)
	return language.Text{It: at.Format("2/1/2006"), En: at.Format("2 Jan 2006")}
}

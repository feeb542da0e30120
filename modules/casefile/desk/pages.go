// Package desk is the page where an operator's day begins: what awaits the actor, what the actor has begun, and what
// happened. It must not know what a case is: its caller lists cases and names their persons.
package desk

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/casefile/notice"
	"staffetta/tenants"
)

// Desk makes the pages of the desk.
type Desk struct {
	Deps modules.Deps
	Zone *time.Location
	// Cases are those of the actor, who may read cases.
	Cases func(r *http.Request, s tenants.Scope) (component.Table, error)
	// Names are the persons of those cases that the actor may open. The reading is in the audit.
	Names func(r *http.Request, s tenants.Scope, cases []uuid.UUID) (map[uuid.UUID]string, error)
}

// Pages are the pages of the desk.
func (d Desk) Pages() []modules.Page {
	return []modules.Page{
		{Pattern: "GET /scrivania", Permission: "desk:read", Nav: &modules.Nav{Label: "casefile.desk.nav", Order: 5}, Handle: d.show},
		{Pattern: "GET /scrivania/bozze", Permission: "desk:read", Handle: d.drafts},
		{Pattern: "POST /scrivania/letti", Permission: "desk:read", Handle: d.seeNotices},
	}
}

type page struct {
	Quick   component.ButtonRow // what an operator begins most often
	Duties  List
	Notices component.Timeline
	Cases   *component.Table
	Unseen  int
	Mail    bool // notices can come by e-mail too
}

func (d Desk) show(r *http.Request, s tenants.Scope) (modules.View, error) {
	notices, err := notice.Find(r.Context(), d.Deps.DB, s)
	if err != nil {
		return modules.View{}, err
	}
	mail := slices.ContainsFunc(d.Deps.Platform.Modules, func(m modules.Module) bool { return m.ID == "post" })
	p := page{Mail: mail, Quick: d.quick(r, s), Notices: component.Timeline{Label: modules.Say(r, "casefile.desk.notices"), Empty: component.Empty{Title: modules.Say(r, "casefile.desk.no_notices")}}}
	for _, n := range notices {
		if !n.Seen {
			p.Unseen++
		}
		p.Notices.Events = append(p.Notices.Events, d.noticeEvent(r, n))
	}
	if p.Duties, err = d.dutyList(r, s); err != nil {
		return modules.View{}, err
	}
	if d.Deps.Permits(s, "case:read") {
		cases, err := d.Cases(r, s)
		if err != nil {
			return modules.View{}, err
		}
		p.Cases = &cases
	}
	return modules.Render("casefile/desk", language.M("casefile.desk.title"), p), nil
}

// quick are the buttons for what the actor may begin, of the modules that are on.
func (d Desk) quick(r *http.Request, s tenants.Scope) component.ButtonRow {
	var row component.ButtonRow
	body, err := d.Deps.Bodies.ByID(s.Tenant)
	if err != nil {
		return row
	}
	for _, b := range []struct {
		on                      bool
		permission, label, path string
	}{
		{body.Has("intake"), "contact:write", "casefile.desk.contact", "/sportello/nuovo"},
		{true, "person:read", "casefile.desk.person", "/persone"},
		{true, "case:create", "casefile.list.new", "/cartelle/nuova"},
	} {
		if d.Deps.Permits(s, b.permission) && b.on {
			row.Buttons = append(row.Buttons, component.Button{Label: modules.Say(r, b.label), URL: b.path})
		}
	}
	if len(row.Buttons) > 0 {
		row.Buttons[0].Emphasis = component.Primary
	}
	return row
}

func (d Desk) noticeEvent(r *http.Request, n notice.Notice) component.Event {
	topic := strings.ReplaceAll(n.Topic, ".", "_")
	e := component.Event{
		Title: modules.Say(r, "casefile.notice."+topic, "number", n.Reference), At: n.At.In(d.Zone), By: n.Actor,
		Link: &component.Link{Label: modules.Say(r, "casefile.desk.open"), Hidden: n.Reference, URL: n.Path},
	}
	if !n.Seen {
		e.Tags = []component.Tag{{Label: modules.Say(r, "casefile.desk.new"), Tone: component.Info}}
	}
	return e
}

func (d Desk) seeNotices(r *http.Request, s tenants.Scope) (modules.View, error) {
	if err := notice.See(r.Context(), d.Deps.DB, s); err != nil {
		return modules.View{}, err
	}
	return modules.Redirect("/scrivania", language.M("casefile.desk.seen")), nil
}

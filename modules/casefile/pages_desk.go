package casefile

import (
	"net/http"
	"strings"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/casefile/notice"
	"staffetta/tenants"
)

// deskPage is where an operator's day begins.
type deskPage struct {
	Quick   component.ButtonRow // what an operator begins most often
	Duties  dutyList
	Notices component.Timeline
	Cases   component.Table
	Unseen  int
	HasCase bool
}

func (p *pages) desk(r *http.Request, s tenants.Scope) (modules.View, error) {
	notices, err := notice.Find(r.Context(), p.service.deps.DB, s)
	if err != nil {
		return modules.View{}, err
	}
	page := deskPage{Quick: p.quick(r, s), Notices: component.Timeline{Label: modules.Say(r, "casefile.desk.notices"), Empty: component.Empty{Title: modules.Say(r, "casefile.desk.no_notices")}}}
	for _, n := range notices {
		if !n.Seen {
			page.Unseen++
		}
		page.Notices.Events = append(page.Notices.Events, noticeEvent(r, n))
	}
	if page.Duties, err = p.dutyList(r, s); err != nil {
		return modules.View{}, err
	}
	if allowed, _ := p.service.deps.Policies.Permits(s, "case:read"); allowed {
		lines, _, err := p.service.Find(r.Context(), s, Query{})
		if err != nil {
			return modules.View{}, err
		}
		page.HasCase, page.Cases = true, p.listTable(r, s, lines[:min(len(lines), 10)])
	}
	return modules.Render("casefile/desk", language.M("casefile.desk.title"), page), nil
}

// quick are the buttons for what the actor may begin, of the modules that are on.
func (p *pages) quick(r *http.Request, s tenants.Scope) component.ButtonRow {
	var row component.ButtonRow
	body, err := p.service.deps.Bodies.ByID(s.Tenant)
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
		if allowed, _ := p.service.deps.Policies.Permits(s, b.permission); allowed && b.on {
			row.Buttons = append(row.Buttons, component.Button{Label: modules.Say(r, b.label), URL: b.path})
		}
	}
	if len(row.Buttons) > 0 {
		row.Buttons[0].Emphasis = component.Primary
	}
	return row
}

func noticeEvent(r *http.Request, n notice.Notice) component.Event {
	topic := strings.ReplaceAll(n.Topic, ".", "_")
	e := component.Event{
		Title: modules.Say(r, "casefile.notice."+topic, "number", n.Reference), At: n.At.In(rome), By: n.Actor,
		Link: &component.Link{Label: modules.Say(r, "casefile.desk.open"), Hidden: n.Reference, URL: n.Path},
	}
	if !n.Seen {
		e.Tags = []component.Tag{{Label: modules.Say(r, "casefile.desk.new"), Tone: component.Info}}
	}
	return e
}

func (p *pages) seeNotices(r *http.Request, s tenants.Scope) (modules.View, error) {
	if err := notice.See(r.Context(), p.service.deps.DB, s); err != nil {
		return modules.View{}, err
	}
	return modules.Redirect("/scrivania", language.M("casefile.desk.seen")), nil
}

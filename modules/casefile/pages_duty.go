package casefile

import (
	"net/http"
	"time"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/tenants"
)

// dutyList is the part of the desk that says what awaits the actor, gathered from all modules.
type dutyList struct {
	Rows  []dutyRow
	Empty component.Empty
}

type dutyRow struct {
	Label string
	Title string
	URL   string
	Due   *component.Tag
}

func (p *pages) dutyList(r *http.Request, s tenants.Scope) (dutyList, error) {
	found, err := p.service.deps.Platform.Duties.Find(r.Context(), s)
	if err != nil {
		return dutyList{}, err
	}
	list := dutyList{Empty: component.Empty{Title: modules.Say(r, "casefile.duty.none"), Text: modules.Say(r, "casefile.duty.none_text")}}
	for _, d := range found {
		list.Rows = append(list.Rows, dutyRow{Label: language.Say(r.Context(), d.Label), Title: d.Title, URL: d.Path, Due: dueTag(r, d.Due, time.Now())})
	}
	return list, nil
}

// dueTag says by when; only what is over, or is over today, has a colour.
func dueTag(r *http.Request, due, now time.Time) *component.Tag {
	if due.IsZero() {
		return nil
	}
	due, now = due.In(rome), now.In(rome)
	day := due.Format("02/01/2006")
	switch today := now.Format(time.DateOnly); {
	case due.Format(time.DateOnly) < today:
		return &component.Tag{Label: modules.Say(r, "casefile.duty.over", "day", day), Tone: component.Danger}
	case due.Format(time.DateOnly) == today:
		return &component.Tag{Label: modules.Say(r, "casefile.duty.today"), Tone: component.Warning}
	}
	return &component.Tag{Label: modules.Say(r, "casefile.duty.by", "day", day)}
}

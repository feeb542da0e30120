package desk

import (
	"net/http"
	"time"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/tenants"
)

// List is the part of the desk that says what awaits the actor and what the actor began last, gathered from all modules.
type List struct {
	Rows  []Row
	Empty component.Empty
	All   *component.Link // to everything that the actor has begun
}

// Row is one thing to do.
type Row struct {
	Label string
	Title string
	URL   string
	Due   *component.Tag
}

func (d Desk) dutyList(r *http.Request, s tenants.Scope) (List, error) {
	found, err := d.Deps.Platform.Duties.Find(r.Context(), s)
	if err != nil {
		return List{}, err
	}
	list := List{Empty: component.Empty{Title: modules.Say(r, "casefile.duty.none"), Text: modules.Say(r, "casefile.duty.none_text")}}
	for _, duty := range found {
		list.Rows = append(list.Rows, Row{Label: language.Say(r.Context(), duty.Label), Title: duty.Title, URL: duty.Path, Due: d.dueTag(r, duty.Due, time.Now())})
	}
	latest, err := d.Deps.Platform.Duties.FindDrafts(r.Context(), s, modules.DraftQuery{Latest: true})
	if err != nil {
		return List{}, err
	}
	for _, one := range latest.List {
		label := modules.Say(r, "casefile.duty.draft", "number", one.Number)
		if one.Case == uuid.Nil {
			label = modules.Say(r, "casefile.duty.draft_desk")
		}
		list.Rows = append(list.Rows, Row{Label: label, Title: draftTitle(r, one) + ". " + d.begun(r, one), URL: one.Path})
	}
	if latest.Total > 0 {
		list.All = &component.Link{Label: modules.Say(r, "casefile.drafts.all", "n", latest.Total), URL: draftsPath}
	}
	return list, nil
}

// dueTag says by when; only what is over, or is over today, has a colour.
func (d Desk) dueTag(r *http.Request, due, now time.Time) *component.Tag {
	if due.IsZero() {
		return nil
	}
	due, now = due.In(d.Zone), now.In(d.Zone)
	day := due.Format("02/01/2006")
	switch today := now.Format(time.DateOnly); {
	case due.Format(time.DateOnly) < today:
		return &component.Tag{Label: modules.Say(r, "casefile.duty.over", "day", day), Tone: component.Danger}
	case due.Format(time.DateOnly) == today:
		return &component.Tag{Label: modules.Say(r, "casefile.duty.today"), Tone: component.Warning}
	}
	return &component.Tag{Label: modules.Say(r, "casefile.duty.by", "day", day)}
}

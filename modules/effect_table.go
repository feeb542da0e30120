package modules

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/policies"
)

// SightTable lists who gains, or who loses, sight of how many cases, and what else they may do.
func SightTable(r *http.Request, list []Module, changes []SightChange, gained bool) component.Table {
	t := component.Table{ID: "perde", Caption: Say(r, "web.sight.loses"), Columns: []component.Column{
		{Label: Say(r, "web.sight.who")},
		{Label: Say(r, "web.sight.which")},
		{Label: Say(r, "web.sight.how_many"), Numeric: true},
		{Label: Say(r, "web.sight.sections")},
	}}
	t.Empty = component.Empty{Title: Say(r, "web.sight.nobody_loses")}
	if gained {
		t.ID, t.Caption = "guadagna", Say(r, "web.sight.gains")
		t.Empty.Title = Say(r, "web.sight.nobody_gains")
	}
	for _, g := range GroupSights(changes) {
		if g.Gained != gained {
			continue
		}
		which, count := "", ""
		switch {
		case g.WithReason:
			which = Say(r, "web.sight.cases_of.emergency")
		case g.Bond != "":
			which = Say(r, "web.sight.cases_of."+string(g.Bond))
		case len(g.Reads)+len(g.Writes) > 0:
			which = Say(r, "web.sight.desk")
		}
		if g.Cases > 0 {
			count = strconv.Itoa(g.Cases)
		}
		t.Rows = append(t.Rows, component.Row{Cells: []component.Cell{{Text: g.Who, Note: SinceText(r, g.From)}, {Text: which}, {Text: count}, {Text: sightText(r, list, g)}}})
	}
	return t
}

// SinceText says from which later day on somebody holds their role; nothing of today.
func SinceText(r *http.Request, from string) string {
	day, err := time.Parse(time.DateOnly, from)
	if err != nil { // today
		return ""
	}
	return Say(r, "web.sight.from", "day", day.Format("02/01/2006"))
}

// sightText names the sections that somebody reads and writes, and what else they may do.
func sightText(r *http.Request, list []Module, g SightGroup) string {
	var parts []string
	for _, does := range []struct {
		key      string
		sections []string
	}{{"web.sight.reads", g.Reads}, {"web.sight.writes", g.Writes}} {
		if len(does.sections) == 0 {
			continue
		}
		labels := make([]string, len(does.sections))
		for i, id := range does.sections {
			labels[i] = language.SayText(r.Context(), policies.SectionLabel(id))
		}
		text := strings.Join(labels, ", ")
		if len(does.sections) == len(policies.Sections) {
			text = Say(r, "web.sight.every_section")
		}
		parts = append(parts, Say(r, does.key)+": "+text)
	}
	if len(g.May) > 0 {
		labels := make([]string, len(g.May))
		for i, name := range g.May {
			labels[i] = language.SayText(r.Context(), PermissionLabel(list, name))
		}
		parts = append(parts, Say(r, "web.sight.may")+": "+strings.Join(labels, ", "))
	}
	return strings.Join(parts, "; ")
}

// EffectBody is what somebody gains or loses, as the API gives it.
type EffectBody struct {
	Item       string   `json:"item,omitempty" maxLength:"105" doc:"kind/key, where it is told of several items"`
	Who        string   `json:"who" maxLength:"300" doc:"Who"`
	From       string   `json:"from,omitempty" maxLength:"10" doc:"A later day on which they begin to hold the role, as 2026-12-31; missing for today"`
	Relation   string   `json:"relation" maxLength:"20" doc:"Closest relation to these case files; empty for what is not about cases: permissions, and sections of all persons and contacts of the body"`
	WithReason bool     `json:"with_reason" doc:"Only by writing a reason"`
	Gained     bool     `json:"gained" doc:"Or lost"`
	Cases      int      `json:"cases" minimum:"0" maximum:"100000000" doc:"How many case files; 0 for what is not counted"`
	Reads      []string `json:"reads" maxItems:"20" maxLength:"20" doc:"Sections"`
	Writes     []string `json:"writes" maxItems:"20" maxLength:"20" doc:"Sections"`
	May        []string `json:"may" maxItems:"200" maxLength:"80" doc:"Permissions, and what is done with a case file"`
}

// EffectBodies are changes for the API; the list is never null.
func EffectBodies(changes []SightChange) []EffectBody {
	bodies := []EffectBody{}
	for _, g := range GroupSights(changes) {
		one := EffectBody{Who: g.Who, From: g.From, Relation: string(g.Bond), WithReason: g.WithReason, Gained: g.Gained, Cases: g.Cases, Reads: []string{}, Writes: []string{}, May: []string{}}
		one.Reads, one.Writes, one.May = append(one.Reads, g.Reads...), append(one.Writes, g.Writes...), append(one.May, g.May...)
		bodies = append(bodies, one)
	}
	return bodies
}

// Package form holds what the pages and operations of practices have in common: how they read ids and name things. It must
// hold no rule about kits or adoptions.
package form

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/merge"
	"staffetta/modules"
	"staffetta/modules/kit"
)

// Columns are those of a table, by the keys of their labels.
func Columns(r *http.Request, keys ...string) []component.Column {
	list := make([]component.Column, len(keys))
	for i, key := range keys {
		list[i] = component.Column{Label: modules.Say(r, key)}
	}
	return list
}

// Crumbs are the way to a page.
func Crumbs(items ...component.Crumb) component.Breadcrumb {
	return component.Breadcrumb{Items: items}
}

// AdoptionCrumbs lead from the list of adoptions over one of them to a page of it.
func AdoptionCrumbs(r *http.Request, id uuid.UUID, title language.Text, here string) component.Breadcrumb {
	return Crumbs(component.Crumb{Label: modules.Say(r, "practice.adoptions.heading"), URL: "/adozioni"},
		component.Crumb{Label: language.SayText(r.Context(), title), URL: "/adozioni/" + id.String()}, component.Crumb{Label: modules.Say(r, here)})
}

// Kind is the name of a kind in the language of the request.
func Kind(r *http.Request, kinds *modules.Kinds, kind string) string {
	return language.SayText(r.Context(), kinds.Label(kind))
}

// Said gives a wording in the language of the request and, when it is not that of the page, its own language.
func Said(r *http.Request, t kit.Text) (wording, lang string) {
	if language.Of(r.Context()) == language.English && t.EN == "" {
		lang = language.Italian
	}
	return t.In(language.Of(r.Context())), lang
}

// Plain is a row of values in no language; empty ones are left out.
func Plain(r *http.Request, key string, values ...string) component.SummaryRow {
	row := component.SummaryRow{Label: modules.Say(r, key)}
	for _, value := range values {
		if value != "" {
			row.Values = append(row.Values, value)
		}
	}
	return row
}

// Stage names a stage of an adoption with its number.
func Stage(r *http.Request, stage int) string {
	return strconv.Itoa(stage) + ". " + modules.Say(r, "practice.stage."+strconv.Itoa(stage))
}

// Number is a whole number of a form, -1 for anything else.
func Number(r *http.Request, name string) int {
	n, err := strconv.Atoi(modules.Value(r, name))
	if err != nil {
		return -1
	}
	return n
}

// Value is the value at a place of an item in words, and says where there is none.
func Value(r *http.Request, say kit.Teller, path string, raw []byte) string {
	if text := say.Value(path, raw); text != "" {
		return text
	}
	return modules.Say(r, "practice.plan.none")
}

// ChangesTable fills a table with changes of an item in words: where, what was, and what is.
func ChangesTable(r *http.Request, say kit.Teller, changes []merge.Change, table component.Table) component.Table {
	table.Hidden, table.Cards = true, true
	examples := 0
	for i, c := range changes {
		place := component.Cell{}
		switch {
		case strings.HasPrefix(strings.TrimPrefix(c.Path, "content."), examplesOf):
			examples++
			continue
		case translated(changes, i):
			continue // it is told with the Italian
		case i > 0 && translated(changes, i-1):
			place.Note = modules.Say(r, "practice.changes.translated")
		}
		for _, part := range merge.Parts(merge.Conflict{Path: c.Path, Base: c.Was, Ours: c.Was, Theirs: c.Is, Order: c.Order}) {
			place.Text = say.Place(part.Path)
			table.Rows = append(table.Rows, component.Row{Cells: []component.Cell{
				place, {Text: Value(r, say, part.Path, part.Base)}, {Text: Value(r, say, part.Path, part.Theirs)},
			}})
		}
	}
	if examples > 0 {
		table.Rows = append(table.Rows, component.Row{Cells: []component.Cell{{Text: say.Place(examplesOf)}, {}, {Text: modules.Say(r, "practice.changes.examples", "n", examples)}}})
	}
	return table
}

// examplesOf is the part of a content that holds its examples: whoever works with an item never meets them.
const examplesOf = "tests"

// translated tells whether a change is of the English of a wording whose Italian changed too, which comes next.
func translated(changes []merge.Change, at int) bool {
	english, is := strings.CutSuffix(changes[at].Path, ".en")
	return is && at+1 < len(changes) && changes[at+1].Path == english+".it"
}

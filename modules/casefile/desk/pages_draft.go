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

const draftsPath = "/scrivania/bozze"

// draftsPage lists everything that the actor has begun.
type draftsPage struct {
	Table component.Table
	Back  component.Link
}

func (d Desk) drafts(r *http.Request, s tenants.Scope) (modules.View, error) {
	found, err := d.Deps.Platform.Duties.FindDrafts(r.Context(), s, after(r))
	if err != nil {
		return modules.View{}, err
	}
	names := map[uuid.UUID]string{}
	var cases []uuid.UUID
	for _, one := range found.List {
		if one.Case != uuid.Nil {
			cases = append(cases, one.Case)
		}
	}
	if len(cases) > 0 {
		if names, err = d.Names(r, s, cases); err != nil {
			return modules.View{}, err
		}
	}
	return modules.Render("casefile/drafts", language.M("casefile.drafts.title"), draftsPage{
		Table: d.draftTable(r, found, names),
		Back:  component.Link{Label: modules.Say(r, "casefile.drafts.back"), URL: "/scrivania"},
	}), nil
}

// draftTable names the persons of those cases of which the names are known.
func (d Desk) draftTable(r *http.Request, found modules.Drafts, names map[uuid.UUID]string) component.Table {
	table := component.Table{
		Caption: modules.Say(r, "casefile.drafts.title"), Hidden: true, Cards: true,
		Empty:   component.Empty{Title: modules.Say(r, "casefile.drafts.none"), Text: modules.Say(r, "casefile.drafts.none_text")},
		Columns: []component.Column{{Label: modules.Say(r, "casefile.drafts.what")}, {Label: modules.Say(r, "casefile.column.person")}},
	}
	for _, one := range found.List {
		of := component.Cell{Text: names[one.Case]}
		switch {
		case one.Case == uuid.Nil: // begun before there is a case
		case of.Text == "":
			of.Text = modules.Say(r, "casefile.list.hidden_name")
			fallthrough
		default:
			of.Note = modules.Say(r, "casefile.drafts.case", "number", one.Number)
		}
		table.Rows = append(table.Rows, component.Row{Cells: []component.Cell{{Text: draftTitle(r, one), URL: one.Path, Note: d.begun(r, one)}, of}})
	}
	if found.More {
		last := found.List[len(found.List)-1]
		table.Pager = &component.Pager{Next: draftsPath + "?dopo=" + last.Since.UTC().Format(time.RFC3339Nano) + "&id=" + last.ID.String()}
	}
	return table
}

// after reads where the page begins; anything else is the beginning.
func after(r *http.Request) modules.DraftQuery {
	since, err := time.Parse(time.RFC3339Nano, r.FormValue("dopo"))
	id, ok := modules.ParseID(r.FormValue("id"))
	if err != nil || !ok {
		return modules.DraftQuery{}
	}
	return modules.DraftQuery{Since: since, ID: id}
}

func (d Desk) begun(r *http.Request, one modules.Draft) string {
	return modules.Say(r, "casefile.drafts.since", "day", one.Since.In(d.Zone).Format("02/01/2006"))
}

func draftTitle(r *http.Request, one modules.Draft) string {
	return language.Say(r.Context(), one.Kind) + ": " + language.SayText(r.Context(), one.Title)
}

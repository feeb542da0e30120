package ledger

import (
	"net/http"
	"strconv"
	"strings"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/adoption"
	"staffetta/modules/practice/form"
	"staffetta/tenants"
)

type pages struct{ service *Service }

// Pages are those of ledgers.
func Pages(service *Service) []modules.Page {
	p := pages{service}
	return []modules.Page{
		{Pattern: "GET /adozioni/{id}/registro", Permission: "adoption:read", Handle: p.show},
		{Pattern: "GET /pratiche/{id}/riuso", Permission: "practice:read", Handle: p.showUptake},
	}
}

// Page is what became of the items of a kit.
type Page struct {
	Breadcrumb component.Breadcrumb
	Help       string
	Counts     component.Summary
	Lines      *component.Table // of the reusing body alone
}

func (p pages) show(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	l, err := p.service.Get(r.Context(), s, id)
	if err != nil {
		return modules.View{}, err
	}
	page := Page{
		Breadcrumb: form.Crumbs(component.Crumb{Label: modules.Say(r, "practice.adoptions.heading"), URL: "/adozioni"},
			component.Crumb{Label: language.SayText(r.Context(), l.Adoption.Title), URL: "/adozioni/" + id.String()}, component.Crumb{Label: modules.Say(r, "practice.ledger.heading")}),
		Help: modules.Say(r, "practice.ledger.help_"+string(l.Adoption.Side)),
	}
	counts := map[kit.Adaptation]int{kit.Adopted: l.Standing.Adopted, kit.Adapted: l.Standing.Adapted, kit.Dropped: l.Standing.Dropped}
	if l.Adoption.Side == adoption.Reusing {
		counts = l.counts()
		page.Lines = ledgerTable(r, p.service.deps.Platform.Kinds, l)
	}
	for _, decision := range []kit.Adaptation{kit.Adopted, kit.Adapted, kit.Dropped} {
		page.Counts.Rows = append(page.Counts.Rows, form.Plain(r, "practice.ledger.count."+string(decision), strconv.Itoa(counts[decision])))
	}
	page.Counts.Rows = append(page.Counts.Rows, form.Plain(r, "practice.ledger.count.open", strconv.Itoa(l.Standing.Items-l.Standing.Decided())))
	return modules.Render("practice/ledger", language.M("practice.ledger.heading"), page), nil
}

// counts are the lines by what became of their item, with what the body has changed since.
func (l Ledger) counts() map[kit.Adaptation]int {
	counts := map[kit.Adaptation]int{}
	for _, line := range l.Lines {
		counts[line.Decision]++
	}
	return counts
}

func ledgerTable(r *http.Request, kinds *modules.Kinds, l Ledger) *component.Table {
	table := &component.Table{
		ID: "registro", Caption: modules.Say(r, "practice.ledger.heading"), Hidden: true, Cards: true,
		Columns: form.Columns(r, "practice.item.title", "practice.ledger.decision", "practice.ledger.difference", "practice.plan.reason", "practice.kits.release"),
		Empty:   component.Empty{Title: modules.Say(r, "practice.ledger.empty"), Text: modules.Say(r, "practice.ledger.empty_text")},
	}
	tones := map[kit.Adaptation]component.Tone{kit.Adopted: component.Success, kit.Adapted: component.Info, kit.Dropped: component.Warning}
	for _, line := range l.Lines {
		title, lang := form.Said(r, line.Title)
		table.Rows = append(table.Rows, component.Row{Cells: []component.Cell{
			{Text: line.Key + " " + title, URL: "/kit/" + line.Kind + "/" + line.Key, Note: form.Kind(r, kinds, line.Kind), Lang: lang},
			{Tags: []component.Tag{{Label: modules.Say(r, "practice.ledger.decision."+string(line.Decision)), Tone: tones[line.Decision]}}},
			{Text: strings.Join(line.Places, ", ")},
			{Text: line.Reason},
			{Text: line.Release, Note: ""},
		}})
	}
	return table
}

package moving

import (
	"net/http"
	"strconv"
	"time"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/sharing/form"
	"staffetta/modules/sharing/handover"
	"staffetta/policies"
	"staffetta/tenants"
)

// manifestPage shows what was signed and, while the handover is offered, what has changed since.
type manifestPage struct {
	Notice   *component.Alert
	Facts    component.Summary
	Manifest *component.Table
	Open     *component.Table
	Benefits *component.Table
	Sign     *signForm
	Back     component.Link
}

// signForm signs the manifest again.
type signForm struct {
	Action string
	Hidden []component.Hidden
	Button component.Button
}

func sectionLabel(r *http.Request, section string) string {
	if section == "" {
		return modules.Say(r, "sharing.relocation.header")
	}
	return language.SayText(r.Context(), policies.SectionLabel(section))
}

// rowsTable counts what goes and what stays, by section.
func rowsTable(r *http.Request, rows []Row) *component.Table {
	t := &component.Table{ID: "elenco", Cards: true, Caption: modules.Say(r, "sharing.relocation.rows"), Columns: []component.Column{
		{Label: modules.Say(r, "sharing.relocation.section")},
		{Label: modules.Say(r, "sharing.relocation.goes"), Numeric: true},
		{Label: modules.Say(r, "sharing.relocation.stays"), Numeric: true},
	}}
	for _, row := range bySection(rows) {
		t.Rows = append(t.Rows, component.Row{Cells: []component.Cell{{Text: sectionLabel(r, row.Section)}, {Text: strconv.Itoa(row.Goes)}, {Text: strconv.Itoa(row.Stays)}}})
	}
	return t
}

// changedTable sets what was signed beside what would go now.
func changedTable(r *http.Request, rows []Row) *component.Table {
	t := &component.Table{ID: "elenco", Cards: true, Caption: modules.Say(r, "sharing.relocation.rows"), Columns: []component.Column{
		{Label: modules.Say(r, "sharing.relocation.section")},
		{Label: modules.Say(r, "sharing.relocation.signed_rows"), Numeric: true},
		{Label: modules.Say(r, "sharing.relocation.now"), Numeric: true},
		{Label: modules.Say(r, "sharing.relocation.difference")},
	}}
	for _, row := range bySection(rows) {
		var tags []component.Tag
		if row.Changed {
			tags = []component.Tag{{Label: modules.Say(r, "sharing.relocation.differs"), Tone: component.Warning}}
		}
		t.Rows = append(t.Rows, component.Row{Cells: []component.Cell{
			{Text: sectionLabel(r, row.Section)}, {Text: strconv.Itoa(row.Goes)}, {Text: strconv.Itoa(row.Now)}, {Tags: tags},
		}})
	}
	return t
}

// openTables list what is open and, apart, which benefits run; nil where there is none.
func (p *pages) openTables(r *http.Request, open []Open) (others, benefits *component.Table) {
	table := func(id, caption string, benefit bool) *component.Table {
		t := &component.Table{ID: id, Caption: modules.Say(r, caption), Columns: []component.Column{
			{Label: modules.Say(r, "sharing.handover.open.what")}, {Label: modules.Say(r, "sharing.handover.open.day")}, {Label: modules.Say(r, "sharing.handover.open.becomes")},
		}}
		for _, o := range open {
			if o.Benefit != benefit {
				continue
			}
			becomes := "sharing.handover.open.stays"
			if o.Moves {
				becomes = "sharing.handover.open.moves"
			}
			label := language.SayText(r.Context(), p.service.handovers.LabelOf(o.Key))
			t.Rows = append(t.Rows, component.Row{Cells: []component.Cell{{Text: label}, {Date: form.Day(o.Due)}, {Text: modules.Say(r, becomes)}}})
		}
		if len(t.Rows) == 0 {
			return nil
		}
		return t
	}
	return table("impegni", "sharing.handover.open", false), table("prestazioni", "sharing.relocation.benefits", true)
}

func (p *pages) show(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.view(r, s, nil)
}

func (p *pages) view(r *http.Request, s tenants.Scope, refused error) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	signed, err := p.service.Get(r.Context(), s, id)
	if err != nil {
		return modules.View{}, err
	}
	h := signed.Handover
	at := "/passaggi/" + id.String()
	page := manifestPage{Facts: p.facts(r, signed), Manifest: rowsTable(r, signed.Rows), Back: component.Link{Label: modules.Say(r, "sharing.relocation.back"), URL: at}}
	page.Open, page.Benefits = p.openTables(r, signed.Open)
	if signed.Changed && h.Standing(time.Now()) == handover.Offered {
		page.Manifest = changedTable(r, signed.Rows)
		page.Notice = &component.Alert{Tone: component.Warning, Title: modules.Say(r, "sharing.relocation.changed"), Text: modules.Say(r, "sharing.relocation.changed_taker", "body", p.service.deps.Bodies.Name(h.Giver))}
		if p.service.deps.Permits(s, handover.Give) && h.Giver == s.Tenant {
			page.Notice.Text = modules.Say(r, "sharing.relocation.changed_giver")
			page.Sign = &signForm{
				Action: at + "/elenco", Hidden: []component.Hidden{{Name: "elenco", Value: signed.Current}},
				Button: component.Button{Label: modules.Say(r, "sharing.relocation.sign_again"), Emphasis: component.Primary},
			}
		}
	}
	view := modules.Render("sharing/manifest", language.M("sharing.relocation.signed_title"), page)
	if refused != nil {
		page.Notice = &component.Alert{Tone: component.Warning, Text: language.Say(r.Context(), problem.Of(refused).Message)}
		view.Data, view.Status = page, problem.Of(refused).Kind.Status()
	}
	return view, nil
}

func (p *pages) facts(r *http.Request, signed Signed) component.Summary {
	h := signed.Handover
	mark := func(key, name string, at time.Time) component.SummaryRow {
		row := component.SummaryRow{Label: modules.Say(r, key), Values: []string{modules.Say(r, "sharing.relocation.unsigned")}}
		if name != "" {
			row.Values = []string{name + ", " + at.In(language.Rome).Format("02/01/2006 15:04")}
		}
		return row
	}
	rows := []component.SummaryRow{
		{Label: modules.Say(r, "sharing.handover.giver"), Values: []string{p.service.deps.Bodies.Name(h.Giver)}},
		{Label: modules.Say(r, "sharing.handover.taker"), Values: []string{p.service.deps.Bodies.Name(h.Taker)}},
		{Label: modules.Say(r, "sharing.relocation.since"), Date: h.MovedOn},
		{Label: modules.Say(r, "sharing.relocation.persons"), Values: []string{modules.Say(r, "sharing.relocation.persons_count", "go", signed.PersonsGo, "stay", signed.PersonsStay)}},
		mark("sharing.relocation.signed_giver", signed.SignedName, signed.SignedAt),
		mark("sharing.relocation.signed_taker", signed.ConfirmedName, signed.ConfirmedAt),
		{Label: modules.Say(r, "sharing.relocation.digest"), Values: []string{signed.Digest[:min(16, len(signed.Digest))]}},
	}
	if signed.NewShares > 0 {
		rows = append(rows, component.SummaryRow{Label: modules.Say(r, "sharing.handover.shares"), Values: []string{modules.Say(r, "sharing.relocation.new_shares", "n", signed.NewShares)}})
	}
	return component.Summary{Rows: rows}
}

func (p *pages) renew(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	err = p.service.Renew(r.Context(), s, id, modules.Value(r, "elenco"))
	if problem.Is(err, problem.Conflict) {
		return p.view(r, s, err)
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect("/passaggi/"+id.String(), language.M("sharing.relocation.renewed")), nil
}

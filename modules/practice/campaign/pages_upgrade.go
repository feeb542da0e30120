package campaign

import (
	"net/http"
	"strconv"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/practice/form"
	"staffetta/tenants"
)

// UpgradesPage is what was prepared for a body, and whether what asks for no decision is applied by itself.
type UpgradesPage struct {
	Breadcrumb component.Breadcrumb
	Errors     component.ErrorSummary
	Table      component.Table
	Chosen     string
	Form       *ChoiceForm
}

// ChoiceForm says whether upgrades are applied by themselves.
type ChoiceForm struct {
	Action string
	Choice component.Field
	Button component.Button
}

func (p pages) showUpgrades(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	u, err := p.service.Upgrades(r.Context(), s, id)
	if err != nil {
		return modules.View{}, err
	}
	return p.upgradesPage(r, s, u, ""), nil
}

func (p pages) upgradesPage(r *http.Request, s tenants.Scope, u Upgrades, wrong string) modules.View {
	at := "/adozioni/" + u.Adoption.ID.String()
	page := UpgradesPage{
		Breadcrumb: crumbs(r, component.Crumb{Label: language.SayText(r.Context(), u.Adoption.Title), URL: at}, component.Crumb{Label: modules.Say(r, "practice.upgrades.heading")}),
		Table:      p.upgradesTable(r, s, u),
	}
	value := map[bool]string{true: "yes", false: "no"}[u.Automatic]
	page.Chosen = modules.Say(r, "practice.upgrades.chosen."+value)
	if p.service.deps.Permits(s, writes) && u.Adoption.State != "ended" {
		choice := component.Field{
			ID: "automatic", Kind: component.Radios, Label: modules.Say(r, "practice.upgrades.automatic"), Hint: modules.Say(r, "practice.upgrades.automatic_hint"),
			Value: value, Error: wrong, Required: true,
			Options: []component.Option{
				{Value: "no", Label: modules.Say(r, "practice.upgrades.automatic_no")}, {Value: "yes", Label: modules.Say(r, "practice.upgrades.automatic_yes")},
			},
		}
		page.Form = &ChoiceForm{Action: at + "/aggiornamenti", Choice: choice, Button: component.Button{Label: modules.Say(r, "practice.upgrades.save")}}
		page.Errors = component.Summarize(choice)
	}
	return modules.Render("practice/upgrades", language.M("practice.upgrades.heading"), page)
}

func (p pages) upgradesTable(r *http.Request, s tenants.Scope, u Upgrades) component.Table {
	table := component.Table{
		ID: "preparati", Caption: modules.Say(r, "practice.upgrades.prepared"), Hidden: true, Cards: true,
		Columns: form.Columns(r, "practice.kits.release", "practice.upgrades.by", "practice.upgrades.changes", "practice.upgrades.state", "practice.adoptions.act"),
		Empty:   component.Empty{Title: modules.Say(r, "practice.upgrades.empty"), Text: modules.Say(r, "practice.upgrades.empty_text")},
	}
	for _, e := range u.Entries {
		text, note := modules.Say(r, "practice.upgrades.state."+string(e.State)), ""
		if e.State == Prepared && e.Reason != "" {
			note = modules.Say(r, "practice.upgrades.why."+e.Reason, "n", e.Conflicts)
		}
		act := component.Cell{}
		if e.State == Prepared && p.service.deps.Permits(s, writes) {
			act.Actions = []component.Link{{
				Label: modules.Say(r, "practice.upgrades.open"), Hidden: e.Release, URL: "/adozioni/" + u.Adoption.ID.String() + "/prova?kit=" + e.Kit.String(),
			}}
		}
		table.Rows = append(table.Rows, component.Row{Cells: []component.Cell{
			{Text: e.Release}, {Text: p.bodies.Name(e.Leader)}, {Text: strconv.Itoa(e.Changes), Numeric: true}, {Text: text, Note: note}, act,
		}})
	}
	return table
}

func (p pages) choose(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	chosen := modules.Value(r, "automatic")
	if chosen != "yes" && chosen != "no" {
		u, err := p.service.Upgrades(r.Context(), s, id)
		if err != nil {
			return modules.View{}, err
		}
		return p.upgradesPage(r, s, u, modules.Say(r, "web.field.choice")).Refused(), nil
	}
	at := "/adozioni/" + id.String() + "/aggiornamenti"
	_, err = p.service.Choose(r.Context(), s, id, chosen == "yes")
	if refused := problem.Of(err); err != nil && refused.Kind == problem.Conflict {
		return modules.TurnBack(at, refused.Message), nil
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect(at, language.M("practice.upgrades.saved")), nil
}

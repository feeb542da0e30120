package adoption

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/practice/catalogue"
	"staffetta/modules/practice/form"
	"staffetta/tenants"
)

type pages struct {
	service *Service
	bodies  *tenants.Directory
	turns   Turns
}

// Turns finds the adoptions whose next step waits for the scope's body.
type Turns func(ctx context.Context, s tenants.Scope) ([]modules.Duty, error)

// Pages are those of adoptions.
func Pages(service *Service, bodies *tenants.Directory, turns Turns) []modules.Page {
	p := pages{service, bodies, turns}
	return []modules.Page{
		{
			Pattern: "GET /adozioni", Permission: "adoption:read", Handle: p.showAdoptions,
			Nav: &modules.Nav{Label: "practice.adoptions.nav", Order: 75},
		},
		{Pattern: "GET /adozioni/nuova", Permission: "adoption:write", Handle: p.showStart},
		{Pattern: "POST /adozioni", Permission: "adoption:write", Handle: p.start},
		{Pattern: "GET /adozioni/capofila", Permission: "adoption:read", Handle: p.showLed},
		{Pattern: "GET /adozioni/{id}/capofila", Permission: "adoption:write", Handle: p.askLead},
		{Pattern: "POST /adozioni/{id}/capofila", Permission: "adoption:write", Handle: p.nameLead},
	}
}

// AdoptionsPage lists the adoptions of the body and what it could adopt.
type AdoptionsPage struct {
	Duties    component.TaskList // what is to do, what is due first in front
	Led       *component.Link    // where the body leads projects
	Table     component.Table
	Offers    component.Table
	Campaigns bool // the actor may bring releases to those who adopted the body's practices
}

func (p pages) showAdoptions(r *http.Request, s tenants.Scope) (modules.View, error) {
	adoptions, next, err := p.service.FindAdoptions(r.Context(), s, r.URL.Query().Get("dopo"))
	if err != nil {
		return modules.View{}, err
	}
	table := component.Table{
		Caption: modules.Say(r, "practice.adoptions.heading"), Hidden: true,
		Columns: form.Columns(r, "practice.list.title", "practice.adoptions.with", "practice.adoptions.stage", "practice.kits.release", "practice.adoptions.since"),
		Empty: component.Empty{
			Title: modules.Say(r, "practice.adoptions.empty"), Text: modules.Say(r, "practice.adoptions.empty_text"),
		},
	}
	for _, a := range adoptions {
		other := p.cedingBody(a)
		if a.Side == Ceding {
			other = p.bodies.Name(a.Reusing)
		}
		table.Rows = append(table.Rows, component.Row{Cells: []component.Cell{
			{Text: language.SayText(r.Context(), a.Title), URL: "/adozioni/" + a.ID.String()},
			{Text: other, Note: modules.Say(r, "practice.adoptions.our_side."+string(a.Side))},
			{Text: form.Stage(r, a.Stage)},
			{Text: a.Release},
			{Date: a.CreatedAt.In(language.Rome)},
		}})
	}
	if next != "" {
		table.Pager = &component.Pager{Next: "/adozioni?" + url.Values{"dopo": {next}}.Encode()}
	}
	offers, part, err := p.offersTable(r, s)
	if err != nil {
		return modules.View{}, err
	}
	page := AdoptionsPage{Table: table, Offers: offers, Campaigns: part.cedes && p.service.deps.Permits(s, "practice:publish")}
	if page.Duties, err = p.duties(r, s); err != nil {
		return modules.View{}, err
	}
	if part.leads {
		page.Led = &component.Link{Label: modules.Say(r, "practice.led.heading"), URL: "/adozioni/capofila"}
	}
	return modules.Render("practice/adoptions", language.M("practice.adoptions.heading"), page), nil
}

// duties lists what the adoptions ask of who may do something about it.
func (p pages) duties(r *http.Request, s tenants.Scope) (component.TaskList, error) {
	list := component.TaskList{Title: modules.Say(r, "practice.duty.heading"), ID: "scadenze"}
	if !p.service.deps.Permits(s, "adoption:write") {
		return list, nil
	}
	found, err := p.service.FindDuties(r.Context(), s)
	if err != nil {
		return list, err
	}
	turns, err := p.turns(r.Context(), s)
	for _, duty := range append(found, turns...) {
		task := component.Task{Label: language.Say(r.Context(), duty.Label), Hint: duty.Title, URL: duty.Path}
		if !duty.Due.IsZero() {
			task.Hint += " · " + modules.Say(r, "practice.duty.due", "day", duty.Due.In(language.Rome).Format("2/1/2006"))
			if duty.Due.AddDate(0, 0, 1).Before(time.Now()) {
				task.State = component.Problem
			}
		}
		list.Tasks = append(list.Tasks, task)
	}
	return list, err
}

// cedingBody names the ceding body, which may be in another installation.
func (p pages) cedingBody(a Adoption) string { return cmp.Or(p.bodies.Name(a.Ceding), a.CedingBody) }

// offersTable lists published practices of other bodies that this one has not begun to adopt.
func (p pages) offersTable(r *http.Request, s tenants.Scope) (component.Table, part, error) {
	table := component.Table{
		ID: "offerte", Caption: modules.Say(r, "practice.adoptions.offers"), Hidden: true,
		Columns: form.Columns(r, "practice.list.title", "practice.offer.ceding", "practice.kits.release", "practice.adoptions.act"),
		Empty:   component.Empty{Title: modules.Say(r, "practice.adoptions.no_offers")},
	}
	found, err := p.service.catalogue.FindOffers(r.Context(), s, catalogue.Search{Limit: catalogue.MaxPage})
	if err != nil {
		return table, part{}, err
	}
	practices := make([]uuid.UUID, len(found.Offers))
	for i, offer := range found.Offers {
		practices[i] = offer.Practice
	}
	own, err := p.service.findPart(r.Context(), s, practices)
	if err != nil {
		return table, part{}, err
	}
	for _, offer := range found.Offers {
		if offer.Ceding == s.Tenant || slices.Contains(own.begun, offer.Practice) {
			continue
		}
		title := language.SayText(r.Context(), offer.Title)
		act := component.Cell{}
		if p.service.deps.Permits(s, "adoption:write") {
			act.Actions = []component.Link{{
				Label: modules.Say(r, "practice.start.button"), Hidden: title, URL: "/adozioni/nuova?pratica=" + offer.Practice.String(),
			}}
		}
		table.Rows = append(table.Rows, component.Row{Cells: []component.Cell{{Text: title}, {Text: offer.Body}, {Text: offer.Release}, act}})
	}
	return table, own, nil
}

// StartPage asks before an adoption begins.
type StartPage struct {
	Confirm component.Confirm
}

func (p pages) showStart(r *http.Request, s tenants.Scope) (modules.View, error) {
	practice, err := modules.KnownID(r.URL.Query().Get("pratica"))
	if err != nil {
		return modules.View{}, err
	}
	published, err := p.service.catalogue.GetPublished(r.Context(), s, practice)
	if err != nil {
		return modules.View{}, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return modules.View{}, err
	}
	title := language.SayText(r.Context(), published.Newest.Title)
	return modules.Render("practice/start", language.M("practice.start.heading"), StartPage{Confirm: component.Confirm{
		Title: modules.Say(r, "practice.start.heading"),
		Text:  []string{modules.Say(r, "practice.start.text", "title", title, "body", published.Newest.Body, "release", published.Newest.Release)},
		Consequences: []string{
			modules.Say(r, "practice.start.seen", "body", published.Newest.Body), modules.Say(r, "practice.start.nothing_yet"),
		},
		Hidden: []component.Hidden{{Name: "id", Value: id.String()}, {Name: "practice", Value: practice.String()}},
		Action: "/adozioni", Button: component.Button{Label: modules.Say(r, "practice.start.button"), Emphasis: component.Primary},
		CancelURL: "/adozioni",
	}}), nil
}

func (p pages) start(r *http.Request, s tenants.Scope) (modules.View, error) {
	practice, err := modules.KnownID(r.PostFormValue("practice"))
	if err != nil {
		return modules.View{}, err
	}
	adoption, err := p.service.Start(r.Context(), s, modules.FormID(r.PostFormValue("id")), practice)
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect("/adozioni/"+adoption.ID.String(), language.M("practice.start.done")), nil
}

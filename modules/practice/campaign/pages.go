package campaign

import (
	"net/http"
	"strconv"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/practice/form"
	"staffetta/tenants"
)

type pages struct {
	service *Service
	bodies  *tenants.Directory
}

const (
	leads  = "practice:publish" // whoever publishes kits brings them to who uses them
	reads  = "adoption:read"
	writes = "adoption:write"
)

// Pages are those of campaigns, and of the upgrades that they prepare.
func Pages(service *Service, bodies *tenants.Directory) []modules.Page {
	p := pages{service, bodies}
	return []modules.Page{
		{Pattern: "GET /campagne", Permission: leads, Handle: p.showCampaigns},
		{Pattern: "GET /campagne/nuova", Permission: leads, Handle: p.showStart},
		{Pattern: "POST /campagne", Permission: leads, Handle: p.start},
		{Pattern: "GET /campagne/{campaign}", Permission: leads, Handle: p.show},
		{Pattern: "GET /campagne/{campaign}/annulla", Permission: leads, Handle: p.askCancel},
		{Pattern: "POST /campagne/{campaign}/passo", Permission: leads, Handle: p.steer},
		{Pattern: "GET /adozioni/{id}/aggiornamenti", Permission: reads, Handle: p.showUpgrades},
		{Pattern: "POST /adozioni/{id}/aggiornamenti", Permission: writes, Handle: p.choose},
	}
}

// CampaignsPage lists campaigns, and what could have one.
type CampaignsPage struct {
	Breadcrumb component.Breadcrumb
	Candidates component.Table
	Table      component.Table
}

func (p pages) showCampaigns(r *http.Request, s tenants.Scope) (modules.View, error) {
	campaigns, err := p.service.FindCampaigns(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	candidates, err := p.service.FindCandidates(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	page := CampaignsPage{
		Breadcrumb: crumbs(r, component.Crumb{Label: modules.Say(r, "practice.campaigns.heading")}),
		Candidates: candidatesTable(r, candidates, campaigns),
		Table: component.Table{
			ID: "campagne", Caption: modules.Say(r, "practice.campaigns.led"), Hidden: true, Cards: true,
			Columns: form.Columns(r, "practice.list.title", "practice.kits.release", "practice.campaign.state", "practice.campaign.since"),
			Empty:   component.Empty{Title: modules.Say(r, "practice.campaigns.empty")},
		},
	}
	for _, c := range campaigns {
		page.Table.Rows = append(page.Table.Rows, component.Row{Cells: []component.Cell{
			{Text: language.SayText(r.Context(), c.Title), URL: "/campagne/" + c.ID.String()},
			{Text: c.Release},
			{Text: modules.Say(r, "practice.campaign.state."+string(c.State))},
			{Instant: c.StartedAt, Note: c.Author},
		}})
	}
	return modules.Render("practice/campaigns", language.M("practice.campaigns.heading"), page), nil
}

// crumbs are the way from the adoptions.
func crumbs(r *http.Request, items ...component.Crumb) component.Breadcrumb {
	return form.Crumbs(append([]component.Crumb{{Label: modules.Say(r, "practice.adoptions.heading"), URL: "/adozioni"}}, items...)...)
}

func campaignsCrumb(r *http.Request) component.Crumb {
	return component.Crumb{Label: modules.Say(r, "practice.campaigns.heading"), URL: "/campagne"}
}

// candidatesTable lists the practices whose newest kit has adopters behind it, and no campaign yet.
func candidatesTable(r *http.Request, candidates []Candidate, campaigns []Campaign) component.Table {
	led := map[uuid.UUID]bool{}
	for _, c := range campaigns {
		led[c.Kit] = led[c.Kit] || c.State != Cancelled
	}
	table := component.Table{
		ID: "pronte", Caption: modules.Say(r, "practice.campaigns.candidates"), Hidden: true, Cards: true,
		Columns: form.Columns(r, "practice.list.title", "practice.kits.release", "practice.campaign.behind", "practice.adoptions.act"),
		Empty:   component.Empty{Title: modules.Say(r, "practice.campaigns.none_behind")},
	}
	for _, c := range candidates {
		if c.Adopters == 0 || led[c.Kit] {
			continue
		}
		title := language.SayText(r.Context(), c.Title)
		table.Rows = append(table.Rows, component.Row{Cells: []component.Cell{
			{Text: title},
			{Text: c.Release},
			{Text: strconv.Itoa(c.Adopters), Numeric: true},
			{Actions: []component.Link{{Label: modules.Say(r, "practice.campaign.begin"), Hidden: title, URL: "/campagne/nuova?pratica=" + c.Practice.String()}}},
		}})
	}
	return table
}

// ConfirmPage asks before something grave.
type ConfirmPage struct {
	Confirm component.Confirm
}

func (p pages) showStart(r *http.Request, s tenants.Scope) (modules.View, error) {
	practice, err := modules.KnownID(r.URL.Query().Get("pratica"))
	if err != nil {
		return modules.View{}, err
	}
	c, err := p.service.GetCandidate(r.Context(), s, practice)
	if err != nil {
		return modules.View{}, err
	}
	if c.Adopters == 0 {
		return modules.TurnBack("/campagne", language.M("practice.campaigns.none_behind")), nil
	}
	return modules.Render("practice/campaign-confirm", language.M("practice.campaign.begin_heading"), ConfirmPage{component.Confirm{
		Title: modules.Say(r, "practice.campaign.begin_heading"),
		Text:  []string{modules.Say(r, "practice.campaign.begin_text", "title", language.SayText(r.Context(), c.Title), "release", c.Release, "n", c.Adopters)},
		Consequences: []string{
			modules.Say(r, "practice.campaign.begin_tried"), modules.Say(r, "practice.campaign.begin_automatic"), modules.Say(r, "practice.campaign.begin_others"),
			modules.Say(r, "practice.campaign.begin_counts"),
		},
		Hidden: []component.Hidden{{Name: "id", Value: uuid.Must(uuid.NewV7()).String()}, {Name: "practice", Value: practice.String()}},
		Action: "/campagne", Button: component.Button{Label: modules.Say(r, "practice.campaign.begin"), Emphasis: component.Primary}, CancelURL: "/campagne",
	}}), nil
}

func (p pages) start(r *http.Request, s tenants.Scope) (modules.View, error) {
	practice, err := modules.KnownID(r.PostFormValue("practice"))
	if err != nil {
		return modules.View{}, err
	}
	c, err := p.service.Start(r.Context(), s, modules.FormID(r.PostFormValue("id")), practice)
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect("/campagne/"+c.ID.String(), language.M("practice.campaign.begun")), nil
}

// CampaignPage is how far a campaign is.
type CampaignPage struct {
	Breadcrumb component.Breadcrumb
	Title      string
	Text       string
	Facts      component.Summary
	Progress   component.Summary
	Failures   *component.Table
	Steps      []StepForm
	Cancel     *component.Button
}

// StepForm does one thing with a campaign.
type StepForm struct {
	Action string
	Step   string
	Button component.Button
}

func (p pages) get(r *http.Request, s tenants.Scope) (Campaign, error) {
	id, err := modules.PathID(r, "campaign")
	if err != nil {
		return Campaign{}, err
	}
	return p.service.Get(r.Context(), s, id)
}

func (p pages) show(r *http.Request, s tenants.Scope) (modules.View, error) {
	c, err := p.get(r, s)
	if err != nil {
		return modules.View{}, err
	}
	title := modules.Say(r, "practice.campaign.heading", "title", language.SayText(r.Context(), c.Title), "release", c.Release)
	page := CampaignPage{
		Breadcrumb: crumbs(r, campaignsCrumb(r), component.Crumb{Label: language.SayText(r.Context(), c.Title) + " " + c.Release}),
		Title:      title, Text: modules.Say(r, "practice.campaign.text."+c.mood()),
		Facts: component.Summary{Rows: []component.SummaryRow{
			form.Plain(r, "practice.campaign.author", c.Author),
			{Label: modules.Say(r, "practice.campaign.since"), Date: c.StartedAt},
			form.Plain(r, "practice.campaign.bodies", strconv.Itoa(c.Bodies())),
		}},
		Progress: progress(r, c), Failures: failures(r, c),
	}
	for _, step := range []Step{Pause, Resume, Retry} {
		if c.Allows(step) {
			page.Steps = append(page.Steps, StepForm{
				Action: "/campagne/" + c.ID.String() + "/passo", Step: string(step),
				Button: component.Button{Label: modules.Say(r, "practice.campaign.step."+string(step))},
			})
		}
	}
	if len(page.Steps) > 0 {
		page.Steps[0].Button.Emphasis = component.Primary
	}
	if c.Allows(Cancel) {
		page.Cancel = &component.Button{Label: modules.Say(r, "practice.campaign.step.cancel"), URL: "/campagne/" + c.ID.String() + "/annulla"}
	}
	return modules.Render("practice/campaign", language.M("practice.campaign.heading", "title", language.SayText(r.Context(), c.Title), "release", c.Release), page), nil
}

// mood is what the first line says of a campaign.
func (c Campaign) mood() string {
	if c.Done() {
		return "done"
	}
	return string(c.State)
}

// progress counts the bodies by where they stand; what nobody stands at is left out, but for what was applied and what waits.
func progress(r *http.Request, c Campaign) component.Summary {
	list := component.Summary{Title: modules.Say(r, "practice.campaign.progress")}
	for _, one := range []struct {
		key    string
		bodies int
		always bool
	}{
		{"waiting", c.Count(Waiting) + c.Count(Paused), true},
		{"applied", c.Count(Applied), true},
		{"prepared", c.Count(Prepared, ""), true},
		{"conflicts", c.Count(Prepared, Conflicts), true},
		{"sight", c.Count(Prepared, Sight), false},
		{"blocked", c.Count(Prepared, Blocked), false},
		{"returned", c.Count(Returned), false},
		{"same", c.Count(Same), false},
		{"failed", c.Count(Failed), true},
		{"cancelled", c.Count(Cancelled), false},
	} {
		if one.always || one.bodies > 0 {
			list.Rows = append(list.Rows, form.Plain(r, "practice.campaign.count."+one.key, strconv.Itoa(one.bodies)))
		}
	}
	return list
}

// failures tells why upgrades failed, without saying of whom.
func failures(r *http.Request, c Campaign) *component.Table {
	if c.Count(Failed) == 0 {
		return nil
	}
	table := &component.Table{
		ID: "motivi", Caption: modules.Say(r, "practice.campaign.failures"), Cards: true,
		Columns: form.Columns(r, "practice.campaign.why", "practice.campaign.bodies"),
	}
	for _, one := range c.Counts {
		if one.State == Failed {
			table.Rows = append(table.Rows, component.Row{Cells: []component.Cell{
				{Text: modules.Say(r, "practice.campaign.failed."+one.Reason)}, {Text: strconv.Itoa(one.Bodies), Numeric: true},
			}})
		}
	}
	return table
}

func (p pages) askCancel(r *http.Request, s tenants.Scope) (modules.View, error) {
	c, err := p.get(r, s)
	if err != nil {
		return modules.View{}, err
	}
	at := "/campagne/" + c.ID.String()
	if !c.Allows(Cancel) {
		return modules.TurnBack(at, language.M("practice.campaign.error.moved")), nil
	}
	return modules.Render("practice/campaign-confirm", language.M("practice.campaign.cancel_heading"), ConfirmPage{component.Confirm{
		Title:        modules.Say(r, "practice.campaign.cancel_heading"),
		Text:         []string{language.SayText(r.Context(), c.Title) + " " + c.Release},
		Consequences: []string{modules.Say(r, "practice.campaign.cancel_stops"), modules.Say(r, "practice.campaign.cancel_stays")},
		Hidden:       []component.Hidden{{Name: "step", Value: string(Cancel)}},
		Action:       at + "/passo", Button: component.Button{Label: modules.Say(r, "practice.campaign.step.cancel"), Emphasis: component.Grave}, CancelURL: at,
	}}), nil
}

func (p pages) steer(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "campaign")
	if err != nil {
		return modules.View{}, err
	}
	step, err := stepOf(modules.Value(r, "step"))
	if err != nil {
		return modules.View{}, err
	}
	at := "/campagne/" + id.String()
	_, err = p.service.Steer(r.Context(), s, id, step)
	if refused := problem.Of(err); err != nil && refused.Kind == problem.Conflict {
		return modules.TurnBack(at, refused.Message), nil
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect(at, language.M("practice.campaign.done."+string(step))), nil
}

// stepOf reads a step; anything else is problem.Invalid.
func stepOf(text string) (Step, error) {
	var wrong problem.Fields
	wrong.OneOf("step", text, Steps...)
	if text == "" {
		wrong.Add("step", "web.field.required")
	}
	return Step(text), wrong.Err()
}

package campaign

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/form"
	"staffetta/tenants"
)

type operations struct{ service *Service }

// Operations are those of campaigns, and of the upgrades that they prepare.
func Operations(service *Service) []modules.Operation {
	o := operations{service}
	start := form.Operation("start-upgrade-campaign", http.MethodPost, "/upgrade-campaigns", "Start a campaign",
		"Prepares the newest kit of a practice for all who use an older one. A kit has one campaign: again takes in who has fallen behind since.")
	start.DefaultStatus = http.StatusCreated
	return []modules.Operation{
		modules.Declare(leads, form.Operation("list-upgrade-campaigns", http.MethodGet, "/upgrade-campaigns", "List campaigns",
			"Campaigns that the body leads, and practices whose adopters it leads."), o.list),
		modules.Declare(leads, start, o.start),
		modules.Declare(leads, form.Operation("get-upgrade-campaign", http.MethodGet, "/upgrade-campaigns/{campaign}", "Get a campaign",
			"How far it is, as counts of bodies."), o.get),
		modules.Declare(leads, form.Operation("steer-upgrade-campaign", http.MethodPost, "/upgrade-campaigns/{campaign}/steps", "Pause, resume, retry or cancel",
			"What a body has applied stays applied."), o.steer),
		modules.Declare(reads, form.Operation("get-adoption-upgrades", http.MethodGet, "/adoptions/{id}/upgrades", "Get the upgrades of an adoption",
			"What was prepared for the own body, and whether what asks for no decision is applied by itself."), o.upgrades),
		modules.Declare(writes, form.Operation("choose-adoption-upgrades", http.MethodPut, "/adoptions/{id}/upgrades", "Choose how an adoption is upgraded",
			"Whether upgrades that ask for no decision are applied by themselves."), o.choose),
	}
}

// CampaignView is a campaign as the API gives it.
type CampaignView struct {
	ID        string      `json:"id" format:"uuid"`
	Practice  string      `json:"practice" format:"uuid"`
	Kit       string      `json:"kit" format:"uuid"`
	Release   string      `json:"release" maxLength:"14"`
	Title     kit.Wording `json:"title"`
	State     string      `json:"state" enum:"running,paused,cancelled"`
	Done      bool        `json:"done" doc:"Nothing waits any more"`
	Author    string      `json:"author" maxLength:"120"`
	StartedAt time.Time   `json:"started_at"`
	Bodies    int         `json:"bodies" minimum:"0" maximum:"100000"`
	Counts    []CountView `json:"counts" maxItems:"100"`
}

// CountView is how many bodies stand alike.
type CountView struct {
	State  string `json:"state" enum:"waiting,paused,prepared,applied,returned,same,failed,cancelled"`
	Reason string `json:"reason" maxLength:"20" doc:"Why an upgrade waits for a person, or failed: conflicts, sight, blocked; unreadable, slow, crashed, error"`
	Bodies int    `json:"bodies" minimum:"0" maximum:"100000"`
}

// CandidateView is a practice whose adopters the body leads.
type CandidateView struct {
	Practice string      `json:"practice" format:"uuid"`
	Kit      string      `json:"kit" format:"uuid" doc:"The newest"`
	Release  string      `json:"release" maxLength:"14"`
	Title    kit.Wording `json:"title"`
	Adopters int         `json:"adopters" minimum:"0" maximum:"100000" doc:"Bodies that use an older one"`
}

func campaignView(c Campaign) CampaignView {
	view := CampaignView{
		ID: c.ID.String(), Practice: c.Practice.String(), Kit: c.Kit.String(), Release: c.Release, Title: kit.WordingOf(c.Title), State: string(c.State),
		Done: c.Counts != nil && c.Done(), Author: c.Author, StartedAt: c.StartedAt, Bodies: c.Bodies(), Counts: []CountView{},
	}
	for _, one := range c.Counts {
		view.Counts = append(view.Counts, CountView{string(one.State), one.Reason, one.Bodies})
	}
	return view
}

type listOutput struct {
	Body struct {
		Items      []CampaignView  `json:"items" maxItems:"200"`
		Candidates []CandidateView `json:"candidates" maxItems:"500"`
		Next       string          `json:"next" maxLength:"80"`
	}
}

type campaignOutput struct{ Body CampaignView }

func (o operations) list(ctx context.Context, _ *struct{}) (*listOutput, error) {
	s := tenants.ScopeFrom(ctx)
	campaigns, err := o.service.FindCampaigns(ctx, s)
	if err != nil {
		return nil, err
	}
	candidates, err := o.service.FindCandidates(ctx, s)
	if err != nil {
		return nil, err
	}
	out := &listOutput{}
	out.Body.Items, out.Body.Candidates = []CampaignView{}, []CandidateView{}
	for _, c := range campaigns {
		out.Body.Items = append(out.Body.Items, campaignView(c))
	}
	for _, c := range candidates {
		out.Body.Candidates = append(out.Body.Candidates, CandidateView{c.Practice.String(), c.Kit.String(), c.Release, kit.WordingOf(c.Title), c.Adopters})
	}
	return out, nil
}

func (o operations) start(ctx context.Context, in *form.StartInput) (*campaignOutput, error) {
	id, practice, err := in.IDs()
	if err != nil {
		return nil, err
	}
	c, err := o.service.Start(ctx, tenants.ScopeFrom(ctx), id, practice)
	if err != nil {
		return nil, err
	}
	return &campaignOutput{campaignView(c)}, nil
}

// CampaignPath names a campaign in a path of the API.
type CampaignPath struct {
	Campaign string `path:"campaign" format:"uuid" maxLength:"36" doc:"Id of the campaign"`
}

func (o operations) get(ctx context.Context, in *CampaignPath) (*campaignOutput, error) {
	return o.of(in, func(id uuid.UUID) (Campaign, error) { return o.service.Get(ctx, tenants.ScopeFrom(ctx), id) })
}

func (o operations) steer(ctx context.Context, in *struct {
	CampaignPath
	Body struct {
		Step string `json:"step" enum:"pause,resume,retry,cancel"`
	}
},
) (*campaignOutput, error) {
	return o.of(&in.CampaignPath, func(id uuid.UUID) (Campaign, error) {
		step, err := stepOf(in.Body.Step)
		if err != nil {
			return Campaign{}, err
		}
		return o.service.Steer(ctx, tenants.ScopeFrom(ctx), id, step)
	})
}

func (operations) of(in *CampaignPath, do func(uuid.UUID) (Campaign, error)) (*campaignOutput, error) {
	id, err := modules.KnownID(in.Campaign)
	if err != nil {
		return nil, err
	}
	c, err := do(id)
	if err != nil {
		return nil, err
	}
	return &campaignOutput{campaignView(c)}, nil
}

// PreparedView is the upgrade of the own body in a campaign.
type PreparedView struct {
	Campaign  string `json:"campaign" format:"uuid"`
	Kit       string `json:"kit" format:"uuid"`
	Release   string `json:"release" maxLength:"14"`
	State     string `json:"state" enum:"waiting,paused,prepared,applied,same,failed"`
	Reason    string `json:"reason" maxLength:"20" doc:"Why it waits for a person, or failed"`
	Changes   int    `json:"changes" minimum:"0" maximum:"100000" doc:"Items that applying would write or ask about"`
	Conflicts int    `json:"conflicts" minimum:"0" maximum:"100000"`
}

type upgradesOutput struct {
	Body struct {
		Automatic bool           `json:"automatic" doc:"What asks for no decision is applied by itself"`
		Prepared  []PreparedView `json:"prepared" maxItems:"100"`
	}
}

func upgradesView(u Upgrades, err error) (*upgradesOutput, error) {
	if err != nil {
		return nil, err
	}
	out := &upgradesOutput{}
	out.Body.Automatic, out.Body.Prepared = u.Automatic, []PreparedView{}
	for _, e := range u.Entries {
		out.Body.Prepared = append(out.Body.Prepared, PreparedView{e.Campaign.String(), e.Kit.String(), e.Release, string(e.State), e.Reason, e.Changes, e.Conflicts})
	}
	return out, nil
}

func (o operations) upgrades(ctx context.Context, in *form.IDPath) (*upgradesOutput, error) {
	id, err := in.UUID()
	if err != nil {
		return nil, err
	}
	return upgradesView(o.service.Upgrades(ctx, tenants.ScopeFrom(ctx), id))
}

func (o operations) choose(ctx context.Context, in *struct {
	form.IDPath
	Body struct {
		Automatic bool `json:"automatic"`
	}
},
) (*upgradesOutput, error) {
	id, err := in.UUID()
	if err != nil {
		return nil, err
	}
	return upgradesView(o.service.Choose(ctx, tenants.ScopeFrom(ctx), id, in.Body.Automatic))
}

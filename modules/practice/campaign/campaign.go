// Package campaign brings a new release to many adopters at once: it prepares the dry run for each of them as a job of that
// body, and applies it only where the body wants that and nothing has to be decided. It must not show who leads a campaign
// more than counts of what the adopters have.
package campaign

import (
	"context"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/practice/adoption"
	"staffetta/modules/practice/upgrade"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// State is where a campaign stands, or the upgrade of one body in it.
type State string

// The states. A campaign is running, paused or cancelled; all others are those of one body's upgrade.
const (
	Running   State = "running"
	Paused    State = "paused"
	Cancelled State = "cancelled"
	Waiting   State = "waiting"
	Prepared  State = "prepared" // the body decides
	Applied   State = "applied"
	Returned  State = "returned" // has applied it and gone back
	Same      State = "same"     // nothing to change
	Failed    State = "failed"
)

// Why an upgrade waits for a person, or failed. They go to who leads the campaign, and say nothing of what the body has.
const (
	Conflicts  = "conflicts"  // both sides changed the same
	Blocked    = "blocked"    // something is missing in the body, or somebody is changing an item
	Sight      = "sight"      // who sees what would change: a person decides that
	Ended      = "ended"      // the body has given the practice up
	Unreadable = "unreadable" // an item of the body cannot be read
	Slow       = "slow"       // it took too long
	Crashed    = "crashed"    // the program ended in the middle, every time
	Broken     = "error"      // anything else
)

// Step is what whoever leads a campaign does with it.
type Step string

// The steps.
const (
	Pause  Step = "pause"
	Resume Step = "resume"
	Retry  Step = "retry"
	Cancel Step = "cancel"
)

// Steps lists them.
var Steps = []string{string(Pause), string(Resume), string(Retry), string(Cancel)}

// Campaign is one release on its way to those who use an older one (it: campagna di aggiornamento).
type Campaign struct {
	ID        uuid.UUID
	Practice  uuid.UUID
	Kit       uuid.UUID
	Release   string
	Title     language.Text
	State     State
	Author    string
	StartedAt time.Time
	ChangedAt time.Time
	Counts    []Count // only Get reads them
}

// Count is how many bodies stand alike.
type Count struct {
	State  State
	Reason string
	Bodies int
}

// Count is how many bodies are in a state, for any of the reasons, or for all where none is named.
func (c Campaign) Count(state State, reasons ...string) (bodies int) {
	for _, one := range c.Counts {
		named := len(reasons) == 0
		for _, reason := range reasons {
			named = named || one.Reason == reason
		}
		if one.State == state && named {
			bodies += one.Bodies
		}
	}
	return bodies
}

// Bodies is how many bodies the campaign is for.
func (c Campaign) Bodies() (bodies int) {
	for _, one := range c.Counts {
		bodies += one.Bodies
	}
	return bodies
}

// Done tells whether nothing waits any more.
func (c Campaign) Done() bool { return c.State == Running && c.Count(Waiting) == 0 }

// Allows tells whether a step makes sense now.
func (c Campaign) Allows(step Step) bool {
	switch step {
	case Pause:
		return c.State == Running && !c.Done()
	case Resume:
		return c.State == Paused
	case Retry:
		return c.State == Running && c.Count(Failed) > 0
	case Cancel:
		return c.State != Cancelled && c.Count(Applied)+c.Count(Same)+c.Count(Returned) < c.Bodies()
	}
	return false
}

// Candidate is a practice whose adopters the body leads, with its newest kit.
type Candidate struct {
	Practice uuid.UUID
	Kit      uuid.UUID
	Release  string
	Title    language.Text
	Adopters int // that use an older one
}

// Service leads campaigns and prepares upgrades.
type Service struct {
	deps      modules.Deps
	adoptions *adoption.Service
	upgrades  *upgrade.Service
}

// NewService makes the service over the program's parts.
func NewService(deps modules.Deps) *Service {
	return &Service{deps: deps, adoptions: adoption.NewService(deps), upgrades: upgrade.NewService(deps)}
}

// FindCampaigns lists what the body has led, newest first.
func (v *Service) FindCampaigns(ctx context.Context, s tenants.Scope) ([]Campaign, error) {
	return v.findCampaigns(ctx, s)
}

// FindCandidates lists the practices whose adopters the body leads: as the ceding body or as the lead.
func (v *Service) FindCandidates(ctx context.Context, s tenants.Scope) ([]Candidate, error) {
	return v.findCandidates(ctx, s)
}

// GetCandidate is one of them; problem.NotFound for a practice of which the body leads no adoption.
func (v *Service) GetCandidate(ctx context.Context, s tenants.Scope, practice uuid.UUID) (Candidate, error) {
	all, err := v.findCandidates(ctx, s)
	if err != nil {
		return Candidate{}, err
	}
	for _, one := range all {
		if one.Practice == practice {
			return one, nil
		}
	}
	return Candidate{}, problem.Missing()
}

// Get returns a campaign with its counts; problem.NotFound for one of another body.
func (v *Service) Get(ctx context.Context, s tenants.Scope, id uuid.UUID) (Campaign, error) {
	return v.getCampaign(ctx, s, id)
}

// Start brings the newest kit of a practice to all bodies that use an older one and whose adoption the scope's body leads. A
// kit has one campaign of a body: that which is there takes in who has fallen behind since. It fails with problem.NotFound
// where nobody is behind.
func (v *Service) Start(ctx context.Context, s tenants.Scope, id, practice uuid.UUID) (Campaign, error) {
	err := v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) (err error) {
		if id, err = startCampaign(ctx, tx, s, id, practice); err != nil {
			return err
		}
		if err := audit.Write(ctx, tx, s, audit.Event{Action: "campaign.start", Object: id, Payload: map[string]any{"practice": practice}}); err != nil {
			return err
		}
		return v.deps.Jobs.Enqueue(ctx, tx, leadArgs{Owned: owned(s.Tenant), Campaign: id})
	})
	if err != nil {
		return Campaign{}, err
	}
	return v.Get(ctx, s, id)
}

// Steer pauses, resumes, tries what failed again, or cancels. It fails with problem.NotFound for a campaign of another body,
// and with problem.Conflict where it stands otherwise by now. What a body has applied stays applied.
func (v *Service) Steer(ctx context.Context, s tenants.Scope, id uuid.UUID, step Step) (Campaign, error) {
	err := v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if err := steerCampaign(ctx, tx, id, step); err != nil {
			return err
		}
		if err := audit.Write(ctx, tx, s, audit.Event{Action: "campaign." + string(step), Object: id}); err != nil {
			return err
		}
		if step == Pause || step == Cancel {
			return nil
		}
		return v.deps.Jobs.Enqueue(ctx, tx, leadArgs{Owned: owned(s.Tenant), Campaign: id})
	})
	if err != nil {
		return Campaign{}, err
	}
	return v.Get(ctx, s, id)
}

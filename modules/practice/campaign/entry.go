package campaign

import (
	"context"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/practice/adoption"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Preparation is the upgrade of one body in a campaign, as that body sees it (it: aggiornamento preparato).
type Preparation struct {
	Campaign  uuid.UUID
	Adoption  uuid.UUID
	Leader    int32
	Kit       uuid.UUID
	Release   string
	Title     language.Text
	State     State
	Reason    string
	Changes   int // items that applying would write or ask about
	Conflicts int
	EndedAt   time.Time // when it was prepared; zero until then

	attempts int
}

// Upgrades is what a body wants of the upgrades of a practice, and what was prepared for it.
type Upgrades struct {
	Adoption  adoption.Adoption
	Automatic bool
	Author    string // who has chosen; "" for nobody yet
	ChosenAt  time.Time
	Entries   []Preparation // newest first
}

// Upgrades reads them for the reusing side of an adoption; problem.NotFound for anybody else.
func (v *Service) Upgrades(ctx context.Context, s tenants.Scope, id uuid.UUID) (Upgrades, error) {
	a, err := v.adoptions.GetAdoption(ctx, s, id)
	if err != nil {
		return Upgrades{}, err
	}
	if a.Side != adoption.Reusing {
		return Upgrades{}, problem.Missing()
	}
	return v.findUpgrades(ctx, s, a)
}

// Choose says whether upgrades of the practice that ask for no decision are applied by themselves. It fails as Upgrades does,
// and with problem.Conflict for an adoption that has ended.
func (v *Service) Choose(ctx context.Context, s tenants.Scope, id uuid.UUID, automatic bool) (Upgrades, error) {
	found, err := v.Upgrades(ctx, s, id)
	if err != nil {
		return Upgrades{}, err
	}
	if found.Adoption.State == "ended" {
		return Upgrades{}, problem.New(problem.Conflict, "practice.campaign.error.ended")
	}
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if err := choose(ctx, tx, s, id, automatic); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "upgrade.choose", Object: id, Payload: map[string]any{"automatic": automatic}})
	})
	if err != nil {
		return Upgrades{}, err
	}
	return v.Upgrades(ctx, s, id)
}

// Duties are the upgrades that wait for a decision of the body.
func (v *Service) Duties() []modules.DutySource {
	return []modules.DutySource{{Permission: "adoption:write", Topics: []string{"practice.campaign_entries"}, Choices: []string{"practice.campaign.duty"}, Find: func(ctx context.Context, s tenants.Scope) ([]modules.Duty, error) {
		waiting, err := v.findPrepared(ctx, s)
		if err != nil {
			return nil, err
		}
		duties := make([]modules.Duty, len(waiting))
		for i, e := range waiting {
			duties[i] = modules.Duty{
				Label: language.M("practice.campaign.duty", "release", e.Release), Title: e.Title.It,
				Path: "/adozioni/" + e.Adoption.String() + "/aggiornamenti", Since: e.EndedAt,
			}
		}
		return duties, nil
	}}}
}

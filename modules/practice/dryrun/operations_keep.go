package dryrun

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"staffetta/modules"
	"staffetta/modules/practice/form"
	"staffetta/modules/practice/upgrade"
	"staffetta/tenants"
)

// KeepBody is what somebody has answered so far.
type KeepBody struct {
	Kit       string          `json:"kit,omitempty" maxLength:"36" doc:"Id of a kit of the practice; the newest if missing"`
	Digest    string          `json:"digest,omitempty" maxLength:"64" doc:"Of the dry run that was read; another one by now is refused"`
	Decisions []DecisionInput `json:"decisions,omitempty" maxItems:"2000"`
}

func (o operations) registerKeep(api huma.API) {
	huma.Register(api, form.Operation("keep-conflict-answers", http.MethodPut, "/adoptions/{id}/conflicts", "Keep answers to conflicts",
		"Makes the conflicts of a kit things to do, and keeps answers for later. Conflicts that are not named stay as they were. Nothing of the kit is applied."),
		func(ctx context.Context, in *struct {
			form.IDPath
			Body KeepBody
		},
		) (*struct{ Body PlanView }, error) {
			id, err := in.UUID()
			if err != nil {
				return nil, err
			}
			c := upgrade.Choice{Seen: in.Body.Digest}
			if c.Decisions, err = decisions(in.Body.Decisions); err != nil {
				return nil, err
			}
			if in.Body.Kit != "" {
				if c.Kit, err = modules.KnownID(in.Body.Kit); err != nil {
					return nil, err
				}
			}
			plan, err := o.service.Keep(ctx, tenants.ScopeFrom(ctx), id, c)
			if err != nil {
				return nil, err
			}
			return &struct{ Body PlanView }{o.planView(ctx, plan)}, nil
		})
}

func (o operations) registerGiveUp(api huma.API) {
	huma.Register(api, form.Operation("give-up-upgrade", http.MethodPost, "/adoptions/{id}/conflicts/give-up", "Give an upgrade up",
		"Forgets the answers to conflicts that are kept: nothing of the upgrade is left to do, and nothing is applied."),
		func(ctx context.Context, in *form.IDPath) (*struct{}, error) {
			id, err := in.UUID()
			if err != nil {
				return nil, err
			}
			return nil, o.service.GiveUp(ctx, tenants.ScopeFrom(ctx), id)
		})
}

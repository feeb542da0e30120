package leaving

import (
	"context"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/tenants"
)

// topic is what changes when somebody asks or decides that a body leaves, for the body and its partners.
const topic = "onboarding.leavings"

// Duties tell who decides whether the body leaves that they are asked, while who asked waits for somebody else; and who handles the body's
// agreements that a partner leaves and some of them end, or that it stays after all.
func Duties(v *Service) []modules.DutySource {
	return []modules.DutySource{modules.Waiting{
		Permission: Agree, Topic: topic, Key: "onboarding.leaving.duty", List: at, Count: countAsked,
	}.Source(v.deps.DB), {Permission: Partner, Topics: []string{topic}, Find: v.partnerDuties}}
}

func (v *Service) partnerDuties(ctx context.Context, s tenants.Scope) (duties []modules.Duty, err error) {
	var leaving []departure
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		leaving, err = findPartners(ctx, tx)
		return err
	})
	for _, one := range leaving {
		if one.Stays {
			duties = append(duties, modules.Duty{
				Label: language.M("onboarding.leaving.partner_stays", "n", one.Agreements, "body", v.deps.Bodies.Name(one.Body)), Path: "/rete", Since: one.Since,
			})
			continue
		}
		duties = append(duties, modules.Duty{
			Label: language.M("onboarding.leaving.partner", "n", one.Agreements, "body", v.deps.Bodies.Name(one.Body), "day", day(one.At)),
			Path:  "/rete", Due: one.At, Since: one.Since,
		})
	}
	return duties, err
}

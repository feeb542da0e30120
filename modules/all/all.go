// Package all names the modules of the program, in the order in which their
// migrations run. It must not hold anything else.
package all

import (
	"staffetta/modules"
	"staffetta/modules/assessment"
	"staffetta/modules/casefile"
	"staffetta/modules/guide"
	"staffetta/modules/intake"
	"staffetta/modules/kit"
	"staffetta/modules/ledger"
	"staffetta/modules/post"
	"staffetta/modules/practice"
	"staffetta/modules/registry"
	"staffetta/modules/sharing"
	"staffetta/modules/steward"
	"staffetta/onboarding"
)

// Modules lists every module.
func Modules() []modules.Module {
	return []modules.Module{
		registry.Module(), kit.Module(), casefile.Module(), intake.Module(), assessment.Module(),
		guide.Module(), practice.Module(), sharing.Module(), ledger.Module(), post.Module(), onboarding.Module(), steward.Module(),
	}
}

package intake_test

import (
	"testing"

	"staffetta/modules/casefile"
	"staffetta/modules/intake"
	"staffetta/modules/kit"
	"staffetta/modules/moduletest"
	"staffetta/modules/registry"
)

func TestContract(t *testing.T) {
	moduletest.Run(t, intake.Module(), registry.Module(), kit.Module(), casefile.Module())
}

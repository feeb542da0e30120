package assessment_test

import (
	"testing"

	"staffetta/modules/assessment"
	"staffetta/modules/casefile"
	"staffetta/modules/kit"
	"staffetta/modules/moduletest"
	"staffetta/modules/registry"
)

func TestContract(t *testing.T) {
	moduletest.Run(t, assessment.Module(), registry.Module(), kit.Module(), casefile.Module())
}

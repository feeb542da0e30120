package casefile_test

import (
	"testing"

	"staffetta/modules/casefile"
	"staffetta/modules/kit"
	"staffetta/modules/moduletest"
	"staffetta/modules/registry"
)

func TestContract(t *testing.T) {
	moduletest.Run(t, casefile.Module(), registry.Module(), kit.Module())
}

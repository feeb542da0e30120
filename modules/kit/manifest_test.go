package kit_test

import (
	"testing"

	"staffetta/modules/kit"
	"staffetta/modules/moduletest"
	"staffetta/modules/registry"
)

func TestContract(t *testing.T) {
	moduletest.Run(t, kit.Module(), registry.Module())
}

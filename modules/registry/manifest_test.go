package registry_test

import (
	"testing"

	"staffetta/modules/moduletest"
	"staffetta/modules/registry"
)

func TestContract(t *testing.T) {
	moduletest.Run(t, registry.Module())
}

package practice_test

import (
	"testing"

	"staffetta/modules/kit"
	"staffetta/modules/moduletest"
	"staffetta/modules/practice"
	"staffetta/modules/registry"
)

func TestContract(t *testing.T) {
	moduletest.Run(t, practice.Module(), registry.Module(), kit.Module())
}

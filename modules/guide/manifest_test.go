package guide_test

import (
	"testing"

	"staffetta/modules/guide"
	"staffetta/modules/kit"
	"staffetta/modules/moduletest"
)

func TestContract(t *testing.T) {
	moduletest.Run(t, guide.Module(), kit.Module())
}

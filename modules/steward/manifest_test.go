package steward_test

import (
	"testing"

	"staffetta/modules/moduletest"
	"staffetta/modules/steward"
)

func TestContract(t *testing.T) { moduletest.Run(t, steward.Module()) }

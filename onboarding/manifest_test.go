package onboarding_test

import (
	"testing"

	"staffetta/modules/moduletest"
	"staffetta/onboarding"
)

func TestContract(t *testing.T) { moduletest.Run(t, onboarding.Module()) }

package ledger_test

import (
	"testing"

	"staffetta/modules/casefile"
	"staffetta/modules/intake"
	"staffetta/modules/kit"
	"staffetta/modules/ledger"
	"staffetta/modules/moduletest"
	"staffetta/modules/registry"
	"staffetta/modules/sharing"
)

func TestContract(t *testing.T) {
	moduletest.Run(t, ledger.Module(), registry.Module(), kit.Module(), casefile.Module(), intake.Module(), sharing.Module())
}

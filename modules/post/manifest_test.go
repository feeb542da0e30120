package post_test

import (
	"testing"

	"staffetta/modules/casefile"
	"staffetta/modules/kit"
	"staffetta/modules/ledger"
	"staffetta/modules/moduletest"
	"staffetta/modules/post"
	"staffetta/modules/registry"
	"staffetta/modules/sharing"
)

func TestContract(t *testing.T) {
	moduletest.Run(t, post.Module(), registry.Module(), kit.Module(), casefile.Module(), sharing.Module(), ledger.Module())
}

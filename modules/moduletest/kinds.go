package moduletest

import (
	"testing"

	"staffetta/modules"
)

// Kinds is what the manifests declare of kinds, for tests that need no database.
func Kinds(t testing.TB, list ...modules.Module) *modules.Kinds {
	t.Helper()
	kinds, err := modules.NewKinds(list)
	if err != nil {
		t.Fatal(err)
	}
	return kinds
}

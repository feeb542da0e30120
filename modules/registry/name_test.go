package registry_test

import (
	"testing"

	"staffetta/modules/registry"
)

func TestName(t *testing.T) {
	for _, c := range []struct {
		name         registry.Name
		full, listed string
	}{
		{registry.Name{Surname: "Bianco", Given: "Rosa"}, "Rosa Bianco", "Bianco Rosa"},
		{registry.Name{Surname: "Lo Bianco", Given: "Rosa Maria", Alias: "Signora del porto"}, "Rosa Maria Lo Bianco", "Lo Bianco Rosa Maria"},
		{registry.Name{Surname: "Bianco"}, "Bianco", "Bianco"},
		{registry.Name{Given: "Rosa"}, "Rosa", "Rosa"},
		{registry.Name{Alias: "Signora del porto"}, "Signora del porto", "Signora del porto"},
		{registry.Name{}, "", ""},
	} {
		if full, listed := c.name.Full(), c.name.Listed(); full != c.full || listed != c.listed {
			t.Errorf("%+v: %q and %q", c.name, full, listed)
		}
	}
}

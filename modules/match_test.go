package modules_test

import (
	"testing"

	"staffetta/internal/problem"
	"staffetta/modules"
)

func TestIfMatchIsAVersion(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]int{"": 0, "7": 7, `"7"`: 7, "2147483647": 2147483647} {
		for _, read := range []func(string) (int, error){modules.IfMatch, modules.IfMatchNew} {
			if got, err := read(header); err != nil || got != want {
				t.Errorf("%q is version %d (%v), want %d", header, got, err, want)
			}
		}
	}
	for _, header := range []string{"*", "x", `W/"7"`, "-1", "1.0", " 7", "2147483648", `""`} {
		for _, read := range []func(string) (int, error){modules.IfMatch, modules.IfMatchNew} {
			if got, err := read(header); !problem.Is(err, problem.Conflict) {
				t.Errorf("%q is version %d (%v), want a conflict", header, got, err)
			}
		}
	}
	if _, err := modules.IfMatch("0"); !problem.Is(err, problem.Conflict) {
		t.Errorf("what is there has version 0: %v", err)
	}
	if got, err := modules.IfMatchNew(`"0"`); got != 0 || err != nil {
		t.Errorf("what is not there yet has version %d: %v", got, err)
	}
}

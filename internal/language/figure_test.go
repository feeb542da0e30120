package language_test

import (
	"context"
	"testing"

	"staffetta/internal/language"
)

func TestFigure(t *testing.T) {
	for digits, want := range map[string]string{
		"5": "5", "100": "100", "1656": "1.656", "80218": "80.218", "468997.68": "468.997,68", "22.00": "22,00", "-1234.5": "-1.234,5",
		"": "", "-": "-", "9 visite": "9 visite", "1.0.0": "1.0.0",
	} {
		if got := language.Figure(context.Background(), digits); got != want {
			t.Errorf("Figure(%q) = %q, want %q", digits, got, want)
		}
	}
}

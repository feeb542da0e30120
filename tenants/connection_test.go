package tenants_test

import (
	"testing"

	"staffetta/internal/testdb"
	"staffetta/tenants"
)

// Half past eleven of a winter's evening in Greenwich is tomorrow in Italy.
func TestADayIsADayInItaly(t *testing.T) {
	d := testdb.New(t)
	var day string
	if err := d.DB.Platform(t.Context(), func(tx tenants.Tx) error {
		return tx.QueryRow(t.Context(), `select (timestamptz '2026-11-22 23:30:00Z')::date::text`).Scan(&day)
	}); err != nil || day != "2026-11-23" {
		t.Errorf("%s, %v", day, err)
	}
}

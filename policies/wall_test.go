package policies_test

import (
	"context"
	"testing"

	"staffetta/internal/testdb"
)

func TestMain(m *testing.M) { testdb.Main(m) }

func TestCoreMigrates(t *testing.T) {
	d := testdb.New(t)
	a := d.Body(t, "c_a001")
	s := d.Operator(t, a, "social_worker")
	if s.Tenant != a.ID {
		t.Fatal("wrong tenant")
	}
	if err := d.DB.Ping(context.Background()); err != nil {
		t.Fatal(err)
	}
}

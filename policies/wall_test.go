package policies_test

import (
	"testing"

	"staffetta/internal/testdb"
)

func TestMain(m *testing.M) { testdb.Main(m) }

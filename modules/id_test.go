package modules_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules"
)

var malformed = []string{
	"x", strings.Repeat("z", 36), uuid.Nil.String(), "{0190f0e4-3f3c-7000-8000-000000000001}",
	"urn:uuid:0190f0e4-3f3c-7000-8000-000000000001", "0190f0e43f3c70008000000000000001",
}

func TestNewID(t *testing.T) {
	const named = "0190f0e4-3f3c-7000-8000-000000000001"
	if id, err := modules.NewID(named); err != nil || id.String() != named {
		t.Errorf("%s, %v", id, err)
	}
	if id, err := modules.NewID(""); err != nil || id.Version() != 7 {
		t.Errorf("%s, %v", id, err)
	}
	for _, header := range malformed {
		if _, err := modules.NewID(header); !problem.Is(err, problem.Invalid) || problem.Of(err).Fields[0].Name != "Idempotency-Key" {
			t.Errorf("%q: %v", header, err)
		}
	}
}

func TestParseID(t *testing.T) {
	const named = "0190f0e4-3f3c-7000-8000-00000000000a"
	if id, ok := modules.ParseID(named); !ok || id.String() != named {
		t.Errorf("%s is no id", named)
	}
	for _, text := range append(malformed, "", strings.ToUpper(named), " "+named, named+" ") {
		if id, ok := modules.ParseID(text); ok || id != uuid.Nil {
			t.Errorf("%q is the id %s", text, id)
		}
		if id := modules.LinkID(text); id != uuid.Nil {
			t.Errorf("a link carries %q as %s", text, id)
		}
		if id, err := modules.KnownID(text); !problem.Is(err, problem.NotFound) || id != uuid.Nil {
			t.Errorf("%q names %s: %v", text, id, err)
		}
	}
}

func TestIDsOfRequests(t *testing.T) {
	const named = "0190f0e4-3f3c-7000-8000-00000000000a"
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
	r.SetPathValue("case", named)
	if id, err := modules.PathID(r, "case"); err != nil || modules.IDText(id) != named || modules.LinkID(named) != id {
		t.Errorf("%s, %v", id, err)
	}
	if id, err := modules.PathID(r, "note"); !problem.Is(err, problem.NotFound) || modules.IDText(id) != "" {
		t.Errorf("%s, %v", id, err)
	}
}

func TestFormID(t *testing.T) {
	const named = "0190f0e4-3f3c-7000-8000-000000000001"
	if id := modules.FormID(named); id.String() != named {
		t.Error(id)
	}
	for _, value := range append(malformed, "") {
		if id := modules.FormID(value); id.Version() != 7 || id.String() == named {
			t.Errorf("%q: %s", value, id)
		}
	}
}

package kit_test

import (
	"encoding/json"
	"os"
	"testing"

	"staffetta/modules/kit"
)

// TestEveryAreaHasWords reads the codes that a service may name from its schema.
func TestEveryAreaHasWords(t *testing.T) {
	raw, err := os.ReadFile("../guide/schema/service.json")
	if err != nil {
		t.Fatal(err)
	}
	var schema struct {
		Properties struct {
			Codings struct {
				Properties struct {
					ISTAT struct{ Items struct{ Enum []string } }
				}
			}
		}
	}
	if err := json.Unmarshal(raw, &schema); err != nil {
		t.Fatal(err)
	}
	codes := schema.Properties.Codings.Properties.ISTAT.Items.Enum
	if len(codes) < 7 {
		t.Fatalf("the schema has the areas %v", codes)
	}
	for _, code := range append(codes, "adulti") {
		if label := kit.AreaLabel(code); label.It == "" || label.En == "" {
			t.Errorf("the area %s is called %+v", code, label)
		}
	}
	if len(kit.Areas()) != len(codes)+1 {
		t.Errorf("the areas in order are %v, the codes %v and adulti", kit.Areas(), codes)
	}
	for _, code := range kit.Areas() {
		if kit.AreaLabel(code).It == "" {
			t.Errorf("the area %s has no words", code)
		}
	}
	if label := kit.AreaLabel("altro"); label.It != "" {
		t.Errorf("an area that there is not is called %+v", label)
	}
}

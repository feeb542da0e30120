package sharing_test

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/moduletest"
	"staffetta/modules/sharing"
)

// The purposes of a body without a template of its own must be a template that a body could publish.
func TestOwnPurposesAreASharingTemplate(t *testing.T) {
	content, err := os.ReadFile("template/purposes.json")
	if err != nil {
		t.Fatal(err)
	}
	kind, _, _ := moduletest.Kinds(t, sharing.Module()).Get(kit.KindSharingTemplate)
	if err := kind.Validate(content); err != nil {
		t.Errorf("the program's own purposes break the rules of their kind: %v", err)
	}
}

func TestPublishedTemplateReplacesTheOwnPurposes(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	admin := p.Operator(t, p.owner, "tenant_admin")
	items := kit.NewItems(p.deps)
	content := `{"purposes":[{"key":"advice","label":{"it":"Consulenza"},"kinds":["consultation"],"sections":["plan"],"action":"read",
		"maxDays":3,"why":{"it":"Perché serve"},"law":"L. 328/2000"}],"never":["identity"]}`
	item, err := items.SaveDraft(t.Context(), admin, kit.Edit{Source: kit.Source{
		Kind: kit.KindSharingTemplate, Key: "PO-01", Title: kit.Text{IT: "Chi vede che cosa"}, Owner: "Comune", Licence: "CC-BY-4.0", Content: []byte(content),
	}})
	p.must(err)
	step := kit.Step{Kind: kit.KindSharingTemplate, Key: "PO-01", Revision: item.Revision, Reason: "Prima versione"}
	step.Consent = modules.Consent{Mark: p.effect(admin, step, false).Mark, Acknowledged: true}
	_, err = items.Publish(t.Context(), admin, step)
	p.must(err)
	frame, err := p.sharing.Offers.Prepare(t.Context(), p.worker, p.file.ID.String())
	p.must(err)
	if len(frame.Purposes.All) != 1 || frame.Purposes.All[0].MaxDays != 3 {
		t.Errorf("the purposes are %+v", frame.Purposes)
	}
	want := []string{"household", "contacts", "assessment", "plan", "documents"}
	if diff := cmp.Diff(want, frame.Sections(p.agreement)); diff != "" {
		t.Errorf("sections open to share (-want +got):\n%s", diff)
	}
}

package all_test

import (
	"slices"
	"testing"

	"staffetta/modules"
	"staffetta/modules/all"
	"staffetta/onboarding/reader"
	"staffetta/policies"
)

// doing are the verbs of permissions by which nobody reads what is written about others.
var doing = []string{
	"write", "create", "publish", "install", "answer", "offer", "override", "decide", "close", "hand_over", "take_over", "ask", "open", "review", "record",
	"agree", "partner", "stop", "propose", "register", "handle", "suspend", "steer", "grant",
}

// The page that says who reads what covers every module: each verb of a permission either reads, and then the page has it, or does something.
func TestWhoReadsCoversEveryModule(t *testing.T) {
	kinds := reader.Kinds(all.Modules(), func(modules.Module) bool { return true }, func(string) bool { return false })
	for _, m := range all.Modules() {
		for _, p := range m.Permissions {
			shown := slices.ContainsFunc(kinds, func(k reader.DataKind) bool { return k.Module == m.ID && k.Name == p.Name() })
			if shown == slices.Contains(doing, p.Verb) {
				t.Errorf("permission %s of module %s: is it to read (reader.Reading) or to do something (doing)?", p.Name(), m.ID)
			}
		}
		for _, r := range m.Records {
			known := func(section string) bool {
				return slices.ContainsFunc(kinds, func(k reader.DataKind) bool { return k.Module == "" && k.Name == section })
			}
			if slices.Contains(policies.SectionIDs(), r.Section) && !known(r.Section) {
				t.Errorf("nothing says who reads section %s of %s", r.Section, r.Table)
			}
		}
	}
}

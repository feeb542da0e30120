package modules

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"staffetta/policies"
)

// Verify refuses manifests and parts that would leave a door open: an unnamed or
// doubled module, a requirement that comes later in the list, a page or operation
// without a permission or with one that nobody declared.
func Verify(list []Module, parts map[ID]Parts) error {
	var faults []error
	known := map[string]bool{policies.Public: true, policies.SignedIn: true}
	var seen []ID
	for _, m := range list {
		if m.ID == "" || slices.Contains(seen, m.ID) {
			faults = append(faults, fmt.Errorf("module %q has no name of its own", m.ID))
		}
		for _, required := range m.Requires {
			if !slices.Contains(seen, required) {
				faults = append(faults, fmt.Errorf("module %s requires %s, which does not come before it", m.ID, required))
			}
		}
		seen = append(seen, m.ID)
		for _, p := range m.Permissions {
			known[p.Name()] = true
		}
	}
	for _, m := range list {
		faults = append(faults, checkParts(m.ID, parts[m.ID], known)...)
	}
	return errors.Join(faults...)
}

func checkParts(id ID, p Parts, known map[string]bool) []error {
	var faults []error
	for _, page := range p.Pages {
		if !known[page.Permission] {
			faults = append(faults, fmt.Errorf("page %q of module %s has the permission %q, which nobody declares", page.Pattern, id, page.Permission))
		}
		if method, path, ok := strings.Cut(page.Pattern, " "); !ok || !strings.HasPrefix(path, "/") || (method != "GET" && method != "POST") {
			faults = append(faults, fmt.Errorf("page %q of module %s is not a GET or POST pattern", page.Pattern, id))
		}
		if page.Handle == nil {
			faults = append(faults, fmt.Errorf("page %q of module %s has no handler", page.Pattern, id))
		}
	}
	for i, operation := range p.Operations {
		if !known[operation.Permission] {
			faults = append(faults, fmt.Errorf("operation %d of module %s has the permission %q, which nobody declares", i, id, operation.Permission))
		}
	}
	for i, source := range p.Drafts {
		if !known[source.Permission] || source.Find == nil {
			faults = append(faults, fmt.Errorf("draft %d of module %s has no function, or the permission %q, which nobody declares", i, id, source.Permission))
		}
	}
	for i, source := range p.Duties {
		if !known[source.Permission] || source.Find == nil {
			faults = append(faults, fmt.Errorf("duty %d of module %s has no function, or the permission %q, which nobody declares", i, id, source.Permission))
		}
	}
	for i, check := range p.Checks {
		if !known[check.Permission] || check.Find == nil || check.Title == "" || !strings.HasPrefix(check.Path, "/") || !slices.Contains(Chapters, check.Chapter) {
			faults = append(faults, fmt.Errorf("check %d of module %s has no function, title, path or chapter, or the permission %q, which nobody declares", i, id, check.Permission))
		}
	}
	return faults
}

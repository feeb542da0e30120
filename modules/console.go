package modules

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"staffetta/internal/language"
	"staffetta/policies"
	"staffetta/tenants"
)

// Chapter is a part of what a body sets up (it: capitolo della configurazione).
type Chapter string

// The chapters.
const (
	NetworkChapter  Chapter = "network"
	IdentityChapter Chapter = "identity"
	ModuleChapter   Chapter = "module"
	ServiceChapter  Chapter = "service"
	PeopleChapter   Chapter = "people"
	LegalChapter    Chapter = "legal"
)

// Chapters lists the chapters in the order in which a new body goes through them.
var Chapters = []Chapter{NetworkChapter, IdentityChapter, ModuleChapter, ServiceChapter, PeopleChapter, LegalChapter}

// CheckState is how a part of the configuration stands.
type CheckState string

// The states of a check. The zero value is Unmet.
const (
	Unmet CheckState = ""
	Met   CheckState = "met"
	Wrong CheckState = "wrong" // somebody set it up, and it does not work
)

// Check is something that a body has to set up, or should (it: controllo della configurazione).
type Check struct {
	Title      string // message key
	Chapter    Chapter
	Path       string // where it is set up
	Permission string // who sets it up
	Required   bool   // before the body goes live
	Find       func(ctx context.Context, s tenants.Scope) (Finding, error)
}

// Finding is how a check stands, in a sentence; without one the title says it all.
type Finding struct {
	State CheckState
	Text  language.Message
	Path  string // where what it found is set right, if not where the check is
	Stale bool   // it was set up, and things have changed since: advice, even where the check is required
}

// Standing is a check with what it found.
type Standing struct {
	Check
	Finding
	Path string // where it is set right
	May  bool   // the actor opens that page
}

// Stops tells whether the body cannot go live as it stands.
func (s Standing) Stops() bool { return s.Required && s.State != Met && !s.Stale }

// ByNeed orders standings for who reads them from the top: what does not work, what the body cannot go live without, and then advice;
// within each they stay in the order in which they can be done.
func ByNeed(all []Standing) {
	slices.SortStableFunc(all, func(a, b Standing) int { return a.need() - b.need() })
}

func (s Standing) need() int {
	switch {
	case s.State == Wrong:
		return 0
	case s.Stops():
		return 1
	case s.State == Unmet:
		return 2
	}
	return 3
}

// Console gathers from all modules what the console of a body reports and leads to. The wiring fills it with the parts as it makes them.
type Console struct {
	bodies *tenants.Directory
	rules  *policies.Engine
	checks []checked
	places []placed
	opened map[string]string // the permission of each page that is read, by its path

	farewells []Farewell
}

// checked is a check with the module that it belongs to, and placed a page.
type (
	checked struct {
		Check
		belonging
	}
	placed struct {
		Page
		belonging
	}
	belonging struct {
		module ID
		always bool
	}
)

// NewConsole makes an empty console.
func NewConsole(bodies *tenants.Directory, rules *policies.Engine) *Console {
	return &Console{bodies: bodies, rules: rules, opened: map[string]string{}}
}

// Add takes what a module reports, and its pages of the console.
func (c *Console) Add(m Module, parts Parts) {
	own := belonging{module: m.ID, always: m.Essential}
	c.farewells = append(c.farewells, parts.Farewells...)
	for _, check := range parts.Checks {
		c.checks = append(c.checks, checked{Check: check, belonging: own})
	}
	for _, page := range parts.Pages {
		if path, read := strings.CutPrefix(page.Pattern, "GET "); read {
			c.opened[path] = page.Permission
		}
		if page.Nav != nil && page.Nav.About != "" {
			c.places = append(c.places, placed{Page: page, belonging: own})
		}
	}
}

// Find tells how everything stands that the modules of the actor's body check, by chapters. A check that cannot be made stops.
func (c *Console) Find(ctx context.Context, s tenants.Scope) ([]Standing, error) {
	body, err := c.bodies.ByID(s.Tenant)
	if err != nil {
		return nil, err
	}
	var all []Standing
	for _, check := range c.checks {
		if !check.isOn(body) {
			continue
		}
		found, err := check.Find(ctx, s)
		if err != nil {
			return nil, fmt.Errorf("check the configuration of module %s: %w", check.module, err)
		}
		all = append(all, c.standing(s, check.Check, found))
	}
	slices.SortStableFunc(all, func(a, b Standing) int {
		return slices.Index(Chapters, a.Chapter) - slices.Index(Chapters, b.Chapter)
	})
	return all, nil
}

// standing leads to a page where the actor sets the thing up, or reads what there is.
func (c *Console) standing(s tenants.Scope, check Check, found Finding) Standing {
	one := Standing{Check: check, Finding: found, Path: cmp.Or(found.Path, check.Path)}
	permission, read := c.opened[one.Path]
	if permission == policies.SignedIn {
		one.May = !s.Has(policies.Support) // who is nobody of the body opens only what names a permission
		return one
	}
	if !read {
		permission = check.Permission
	}
	one.May, _ = c.rules.Permits(s, permission)
	return one
}

// Places lists the pages of the console that the actor may open, in their order.
func (c *Console) Places(s tenants.Scope) ([]Page, error) {
	body, err := c.bodies.ByID(s.Tenant)
	if err != nil {
		return nil, err
	}
	var all []Page
	for _, place := range c.places {
		if may, _ := c.rules.Permits(s, place.Permission); may && place.isOn(body) {
			all = append(all, place.Page)
		}
	}
	slices.SortStableFunc(all, func(a, b Page) int { return a.Nav.Order - b.Nav.Order })
	return all, nil
}

func (b belonging) isOn(body tenants.Tenant) bool { return b.always || body.Has(string(b.module)) }

// Package tenants says who is who: bodies, accounts, memberships and the scope of
// a request, and holds DB, the only doors to data. It must not know what anybody
// may do (package policies) nor any module.
package tenants

import (
	"slices"
	"time"

	"staffetta/internal/language"

	"github.com/google/uuid"
)

// Kind is what a body is.
type Kind string

// The kinds of bodies.
const (
	Municipality Kind = "municipality"
	Union        Kind = "union" // of municipalities
	District     Kind = "district"
	JointOffice  Kind = "joint_office"
	Other        Kind = "other"
	Platform     Kind = "platform"
)

// State is where a body stands in its life on the platform.
type State string

// The states of a body.
const (
	Entering  State = "entering"
	Active    State = "active"
	Suspended State = "suspended"
	Closed    State = "closed"
)

// IsOpen tells whether people can sign in at a body in this state.
func (s State) IsOpen() bool { return s == Active || s == Entering }

// PlatformSlug is the slug of the platform, which is itself a body.
const PlatformSlug = "piattaforma"

// Tenant is a body that owns data (it: ente).
type Tenant struct {
	ID       int32
	Slug     string
	IPA      string
	Name     string
	Kind     Kind
	State    State
	ISTAT    string
	Belfiore string
	TaxCode  string
	PEC      string
	Profile  Profile
	Host     string          // web address of its own, as "servizi.comune.example.it"; "" for none that is confirmed
	Switched map[string]bool // module id → active

	HostSince time.Time // since when the address is the body's
}

// Trial tells whether the body is being set up: only its own people enter, and nobody else sees anything of it.
func (t Tenant) Trial() bool { return t.State == Entering }

// Has tells whether a module is switched on for the body.
func (t Tenant) Has(module string) bool { return t.Switched[module] }

// Membership is a role of an account in a body, from a day and to a day (it: appartenenza).
type Membership struct {
	Role     string
	OfficeID int32   // 0 for the whole body
	Closed   []int32 // offices that closed into it: what is addressed to them is seen there
	Name     string
	From     time.Time
	To       time.Time // zero for no end
	Until    time.Time // instant at which it ends, for what is granted for hours; zero for none
}

// Offices are the office of the membership and those that closed into it; none for the whole body.
func (m Membership) Offices() []int32 {
	if m.OfficeID == 0 {
		return nil
	}
	return append([]int32{m.OfficeID}, m.Closed...)
}

// Holds tells whether the membership is valid on the day of the instant.
func (m Membership) Holds(at time.Time) bool {
	day := language.Day(at)
	if !m.Until.IsZero() && !at.Before(m.Until) {
		return false
	}
	return !m.From.After(day) && (m.To.IsZero() || !m.To.Before(day))
}

// PastMembership is a membership as the program knew it from an instant to another.
type PastMembership struct {
	Membership
	Account   uuid.UUID
	KnownFrom time.Time
	KnownTo   time.Time // zero while it is known so
}

// Held tells whether the membership was known and valid at the instant.
func (m PastMembership) Held(at time.Time) bool {
	return !m.KnownFrom.After(at) && (m.KnownTo.IsZero() || m.KnownTo.After(at)) && m.Holds(at)
}

// Reserved are the first segments of a path that no body may take as its slug.
var Reserved = []string{
	"accedi", "accessibilita", "api", "assets", "attivazione", "buone-pratiche", "campo", "demo-idp", "esci", "healthz",
	"licenze", "livez", "login", "metrics", "note-legali", "openapi", "piattaforma", "platform", "privacy", "readyz", "ricerca",
	"robots.txt", "s", "favicon.ico", "static", "status",
}

// IsReserved tells whether a slug is one of the reserved words.
func IsReserved(slug string) bool { return slices.Contains(Reserved, slug) }

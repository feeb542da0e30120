// Package session says who is signed in: sessions of browsers, tokens of programs,
// logins under way and forms kept over an expired session. What it keeps is in the
// platform's tables; secrets are kept as hashes, contents sealed. It must not know
// HTTP handlers, modules or what anybody may do.
package session

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"staffetta/tenants"
)

// Session is one sign-in of an account at one body for one purpose (it: sessione).
type Session struct {
	ID            uuid.UUID
	Tenant        int32
	Account       uuid.UUID
	Purpose       tenants.Purpose
	Assurance     int // 1 to 3
	Provider      string
	Name          string // as colleagues know the person
	CreatedAt     time.Time
	IdleUntil     time.Time
	AbsoluteUntil time.Time
	Memberships   []tenants.Membership // also those not valid today

	hash secretHash // of its token, by which it is kept
}

// ErrNone says that there is no such session, or none any more.
var ErrNone = errors.New("no session")

// ExpiredError says that a session was there until less than a day ago. It carries
// whose it was, so that a form sent too late can be kept for that person.
type ExpiredError struct {
	Account uuid.UUID
	Tenant  int32
	Left    time.Time // the day on which the last role of an operator ended, where that ended the session; zero otherwise
	Support bool      // it ended with an access granted to who runs the platform
}

// Error meets error.
func (e *ExpiredError) Error() string { return "the session has expired" }

// lifetime is how long a session lives without use and at most.
type lifetime struct{ idle, absolute time.Duration }

var lifetimes = map[tenants.Purpose]lifetime{
	tenants.Operator: {30 * time.Minute, 8 * time.Hour},
	tenants.Citizen:  {20 * time.Minute, 2 * time.Hour},
	tenants.Newcomer: {20 * time.Minute, 8 * time.Hour},
}

// Purposes lists the purposes in the order in which a page without one of its own takes them.
var Purposes = []tenants.Purpose{tenants.Operator, tenants.Newcomer, tenants.Citizen}

// newcomerRole is the role of whoever is signed in as newcomer: no membership gives it.
const newcomerRole = "newcomer"

// CookieName is the name of the cookie of a purpose at a body: only this one counts there.
func CookieName(tenant int32, purpose tenants.Purpose) string {
	return "__Host-s" + strconv.Itoa(int(tenant)) + "-" + string(purpose[0])
}

// Cookie carries the token of a session. Browsers accept Secure on loopback too.
func Cookie(s Session, token string) *http.Cookie {
	return &http.Cookie{
		Name: CookieName(s.Tenant, s.Purpose), Value: token, Path: "/",
		Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
}

// EndedCookie removes the cookie of a session.
func EndedCookie(s Session) *http.Cookie {
	cookie := Cookie(s, "")
	cookie.MaxAge = -1
	return cookie
}

// Roles are the roles that are valid at the instant.
func (s Session) Roles(at time.Time) []string {
	if s.Purpose == tenants.Newcomer {
		return []string{newcomerRole}
	}
	if s.Purpose != tenants.Operator {
		return nil
	}
	return rolesOf(s.Memberships, at)
}

// Scope is who acts at the instant: the memberships valid then, and nothing of the request.
func (s Session) Scope(body tenants.Tenant, at time.Time) tenants.Scope {
	scope := tenants.Scope{
		Tenant: body.ID, Slug: body.Slug, Account: s.Account, Name: s.Name,
		Roles: s.Roles(at), Purpose: s.Purpose, Assurance: s.Assurance,
	}
	if s.Purpose == tenants.Operator {
		scope.Offices = officesOf(s.Memberships, at)
	}
	return scope
}

// left is how the session of an operator ended of whom the body knows no role at the instant; zero for anybody else.
func (s Session) left(at time.Time, ended *time.Time) ExpiredError {
	e := ExpiredError{Account: s.Account, Tenant: s.Tenant}
	if s.Purpose != tenants.Operator || len(s.Roles(at)) > 0 {
		return e
	}
	if e.Support = len(s.Memberships) == 0; e.Support {
		return e
	}
	for _, m := range s.Memberships {
		if m.To.After(e.Left) {
			e.Left = m.To
		}
	}
	if ended != nil && ended.After(e.Left) { // taken back on that day, not held on it
		e.Left = *ended
	}
	return e
}

// isTimed tells whether a role of the session may be ended at any instant: it is looked for at each request.
func (s Session) isTimed() bool {
	return slices.ContainsFunc(s.Memberships, func(m tenants.Membership) bool { return !m.Until.IsZero() })
}

// expired tells whether the session has run out at the instant, and since when.
func (s Session) expired(at time.Time) (time.Time, bool) {
	end := s.IdleUntil
	if s.AbsoluteUntil.Before(end) {
		end = s.AbsoluteUntil
	}
	return end, !at.Before(end)
}

func rolesOf(memberships []tenants.Membership, at time.Time) []string {
	var roles []string
	for _, m := range memberships {
		if m.Holds(at) && !slices.Contains(roles, m.Role) {
			roles = append(roles, m.Role)
		}
	}
	return roles
}

func officesOf(memberships []tenants.Membership, at time.Time) []int32 {
	var offices []int32
	for _, m := range memberships {
		for _, office := range m.Offices() {
			if m.Holds(at) && !slices.Contains(offices, office) {
				offices = append(offices, office)
			}
		}
	}
	return offices
}

// newSecret makes 256 random bits as text.
func newSecret() string {
	raw := make([]byte, 32)
	_, _ = rand.Read(raw) // never fails
	return base64.RawURLEncoding.EncodeToString(raw)
}

type secretHash [sha256.Size]byte

func hashOf(secret string) secretHash { return sha256.Sum256([]byte(secret)) }

func newID() (uuid.UUID, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return uuid.Nil, fmt.Errorf("make an id: %w", err)
	}
	return id, nil
}

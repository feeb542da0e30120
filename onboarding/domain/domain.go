// Package domain is the web address of a body's own: a host that the body asks for, and shows to be its own by records in the DNS. Which
// pages stand there is not its matter (api/web). It must not ask anything of the network but the DNS.
package domain

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/onboarding/daily"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// The permissions of this package: who sees how the body is set up, and who writes how it shows itself.
const (
	Read  = "console:read"
	Write = "profile:write"
)

// State is where an address stands.
type State string

// The states of an address.
const (
	Asked     State = "asked"
	Confirmed State = "confirmed"
	Suspended State = "suspended"
	Removed   State = "removed"
)

// Domain is a web address of a body's own (it: indirizzo web dell'ente).
type Domain struct {
	ID        uuid.UUID
	Host      string // as the DNS writes it
	Token     string // that the record shows
	State     State
	AskedAt   time.Time
	ChangedAt time.Time // when it came into its state
	CheckedAt time.Time // zero before the first check

	Proof

	Misses  int    // days without a record since it was confirmed
	Blocked string // why who runs the platform suspended it; "" where they did not
}

// RecordName is where in the DNS the body shows that the host is its own, and RecordText what stands there.
func (d Domain) RecordName() string { return "_staffetta." + d.Host }

// RecordText is what stands at RecordName.
func (d Domain) RecordText() string { return "staffetta-verifica=" + d.Token }

// Bare tells whether the host has nothing in front of the name that somebody registered: no CNAME can stand there (RFC 1034, 3.6.2).
func (d Domain) Bare() bool {
	registered, err := publicsuffix.EffectiveTLDPlusOne(d.Host)
	return err == nil && registered == d.Host
}

// Lead is the record by which a host leads to the platform.
type Lead struct {
	Kind, Value string
	Same        bool // the addresses that the name has, not the name itself
}

// LeadOf is the record by which the host of an address leads to the platform.
func (v *Service) LeadOf(d Domain) Lead {
	switch {
	case v.isNumber() && strings.Contains(v.Target(), ":"):
		return Lead{Kind: "AAAA", Value: v.Target()}
	case v.isNumber():
		return Lead{Kind: "A", Value: v.Target()}
	case d.Bare():
		return Lead{Kind: "A", Value: v.Target(), Same: true}
	}
	return Lead{Kind: "CNAME", Value: v.Target()}
}

// Service keeps the addresses of bodies.
type Service struct {
	deps   modules.Deps
	base   *url.URL
	asks   daily.Count[int32]
	checks daily.Count[int32]
}

// How often a body asks for an address, and has it looked at, in a day.
const (
	asksPerDay   = 10
	checksPerDay = 30
)

// NewService makes the service over the program's parts.
func NewService(deps modules.Deps) *Service {
	base, err := url.Parse(deps.Platform.Mail.Base)
	if err != nil { // the program has read it before it gets here
		panic(fmt.Errorf("read the platform's address: %w", err))
	}
	return &Service{deps: deps, base: base}
}

// Target is the platform's own host, to which the body's host has to lead.
func (v *Service) Target() string { return v.base.Hostname() }

// Address is where the pages of a host are.
func (v *Service) Address(host string) string { return tenants.AddressOf(v.base, host) }

// Get returns the address of the actor's body, or problem.NotFound where it has none.
func (v *Service) Get(ctx context.Context, s tenants.Scope) (Domain, error) { return v.get(ctx, s) }

// Ask notes which host the actor's body wants. Errors: problem.Invalid at "indirizzo"; problem.Conflict where it has an address, or had one
// meanwhile; problem.TooMany.
func (v *Service) Ask(ctx context.Context, s tenants.Scope, written string) error {
	host, err := v.read(s, written)
	if err != nil {
		return err
	}
	if !v.asks.Within(s.Tenant, language.Day(time.Now()), asksPerDay) {
		return problem.New(problem.TooMany, "onboarding.domain.error.often")
	}
	d := Domain{ID: uuid.Must(uuid.NewV7()), Host: host, Token: rand.Text()}
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if err := createDomain(ctx, tx, s, d); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "domain.ask", Object: d.ID, Payload: map[string]any{"host": d.Host}})
	})
}

// Remove takes the address away from the actor's body: its pages are at the platform alone. Errors: problem.NotFound; problem.Conflict for
// one that who runs the platform suspended.
func (v *Service) Remove(ctx context.Context, s tenants.Scope) error {
	d, err := v.get(ctx, s)
	if err != nil {
		return err
	}
	if d.Blocked != "" {
		return problem.New(problem.Conflict, "onboarding.domain.error.blocked")
	}
	d.State, d.Proof, d.Misses = Removed, Proof{}, 0
	return v.move(ctx, s, d, "domain.remove", Evidence{})
}

// move keeps what became of an address, with its event and what the DNS showed; without an action, only that it was looked at.
func (v *Service) move(ctx context.Context, s tenants.Scope, d Domain, action string, shown Evidence) error {
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if err := saveDomain(ctx, tx, d, shown); err != nil || action == "" {
			return err
		}
		if action != "domain.check" {
			tenants.AfterCommit(tx, v.deps.Bodies.Reload)
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: action, Object: d.ID, Payload: map[string]any{
			"host": d.Host, "record": string(d.Record), "lead": string(d.Lead), "name": d.RecordName(), "text": shown.Text, "address": shown.address(),
		}})
	})
}

var hosts = idna.New(idna.MapForLookup(), idna.BidiRule(), idna.StrictDomainName(true), idna.VerifyDNSLength(true))

// maxHost leaves room for the name of the record.
const maxHost = 240

// read makes a host of what somebody wrote, who may have copied the address of a page, and says what is wrong with it.
func (v *Service) read(s tenants.Scope, written string) (string, error) {
	host, fault := readHost(written)
	switch target := v.Target(); {
	case fault != "":
	case host == target || strings.HasSuffix(host, "."+target):
		fault = "onboarding.domain.error.platform"
	case slices.ContainsFunc(v.deps.Bodies.All(), func(b tenants.Tenant) bool { return b.Host == host && b.ID != s.Tenant }):
		fault = "onboarding.domain.error.taken"
	}
	if fault == "" {
		return host, nil
	}
	var wrong problem.Fields
	wrong.Add("indirizzo", fault)
	return "", wrong.Err()
}

// readHost makes a host of what somebody wrote; the fault is a message key.
func readHost(written string) (host, fault string) {
	text := strings.ToLower(strings.TrimSpace(written))
	for _, scheme := range []string{"https://", "http://"} {
		text = strings.TrimPrefix(text, scheme)
	}
	text = strings.TrimSuffix(strings.TrimSuffix(text, "/"), ".")
	if _, err := netip.ParseAddr(strings.Trim(text, "[]")); err == nil {
		return "", "onboarding.domain.error.number"
	}
	if len(text) > maxHost { // before it is encoded, which takes the square of its length
		return "", "onboarding.domain.error.form"
	}
	host, err := hosts.ToASCII(text)
	if err != nil || len(host) > maxHost || !strings.Contains(host, ".") {
		return "", "onboarding.domain.error.form"
	}
	suffix, managed := publicsuffix.PublicSuffix(host)
	switch {
	case !managed && !strings.Contains(suffix, "."): // a name of no registry, as localhost or intranet
		return "", "onboarding.domain.error.private"
	case suffix == host:
		return "", "onboarding.domain.error.suffix"
	}
	return host, ""
}

// isNumber tells whether the platform has no name, only a number.
func (v *Service) isNumber() bool {
	_, err := netip.ParseAddr(v.Target())
	return err == nil
}

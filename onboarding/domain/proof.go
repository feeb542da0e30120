package domain

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/tenants"
)

// Answer is what the DNS says of one of the two things that a body has to do there; the zero value says that it is done.
type Answer string

// The findings.
const (
	Done       Answer = ""
	Missing    Answer = "missing"    // nothing is there
	Other      Answer = "other"      // something else is there
	Unanswered Answer = "unanswered" // the DNS gave no answer, or none that can be read
)

// Proof is what the DNS says of a host (it: prova del dominio).
type Proof struct {
	Record Answer // of the record that shows whose the host is
	Lead   Answer // of where the host leads
}

// Evidence is what stood in the DNS: the text that shows whose the host is, and an address that it shares with the platform.
type Evidence struct {
	Text    string
	Address netip.Addr
}

// address is the address as text; "" for none.
func (e Evidence) address() string {
	if !e.Address.IsValid() {
		return ""
	}
	return e.Address.String()
}

// Holds tells whether both are done.
func (p Proof) Holds() bool { return p == Proof{} }

// missed tells whether the DNS says that something is not as it has to be; without an answer nobody knows.
func (p Proof) missed() bool { return isWrong(p.Record) || isWrong(p.Lead) }

func isWrong(f Answer) bool { return f == Missing || f == Other }

const (
	// patience is how long the DNS has to answer.
	patience = 8 * time.Second
	// maxMisses is after how many days without its records an address is suspended.
	maxMisses = 3
)

// Check looks at the DNS now, and confirms the address where it is the body's. It returns the address as it stands then. Errors:
// problem.NotFound; problem.Conflict for one that who runs the platform suspended, that another body has shown to be its own, or that
// was changed meanwhile; problem.TooMany.
func (v *Service) Check(ctx context.Context, s tenants.Scope) (Domain, error) {
	if !v.checks.Within(s.Tenant, language.Day(time.Now()), checksPerDay) {
		return Domain{}, problem.New(problem.TooMany, "onboarding.domain.error.often")
	}
	return v.look(ctx, s, false)
}

// CheckDaily is Check by the clock: it counts the days without records, and suspends the address after three. What the DNS does not answer
// is not counted. A body whose address is gone meanwhile is let be.
func (v *Service) CheckDaily(ctx context.Context, s tenants.Scope) error {
	_, err := v.look(ctx, s, true)
	if problem.Is(err, problem.NotFound) || problem.Is(err, problem.Conflict) {
		return nil
	}
	return err
}

func (v *Service) look(ctx context.Context, s tenants.Scope, daily bool) (Domain, error) {
	d, err := v.get(ctx, s)
	if err != nil {
		return Domain{}, err
	}
	if d.Blocked != "" {
		return Domain{}, problem.New(problem.Conflict, "onboarding.domain.error.blocked")
	}
	found, shown := v.prove(ctx, d)
	next, action := d.judge(found, daily)
	if action == "domain.check" && next.Proof == d.Proof && next.Misses == d.Misses {
		action = "" // as it was
	}
	return next, v.move(ctx, s, next, action, shown)
}

// judge tells what becomes of an address after a look at the DNS, and what that is called.
func (d Domain) judge(found Proof, daily bool) (Domain, string) {
	d.Proof = found
	switch {
	case found.Holds():
		d.Misses = 0
		if d.State != Confirmed {
			d.State = Confirmed
			return d, "domain.confirm"
		}
	case d.State == Confirmed && daily && found.missed():
		d.Misses++
		if d.Misses >= maxMisses {
			d.State = Suspended
			return d, "domain.suspend"
		}
	}
	return d, "domain.check"
}

// prove asks the DNS. Names end in a dot, so that no search list of the machine is tried.
func (v *Service) prove(ctx context.Context, d Domain) (found Proof, shown Evidence) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var both sync.WaitGroup
	both.Go(func() { found.Lead, shown.Address = v.proveLead(ctx, d) })
	found.Record = v.proveRecord(ctx, d)
	both.Wait()
	if found.Record == Done {
		shown.Text = d.RecordText()
	}
	return found, shown
}

func (v *Service) proveRecord(ctx context.Context, d Domain) Answer {
	texts, err := v.deps.Platform.DNS.LookupTXT(ctx, d.RecordName()+".")
	switch {
	case isAbsent(err):
		return Missing
	case err != nil:
		return Unanswered
	case slices.ContainsFunc(texts, func(text string) bool { return strings.TrimSpace(text) == d.RecordText() }):
		return Done
	}
	return Other
}

// proveLead looks whether the host and the platform's own have an address in common.
func (v *Service) proveLead(ctx context.Context, d Domain) (Answer, netip.Addr) {
	there, err := v.deps.Platform.DNS.LookupNetIP(ctx, "ip", d.Host+".")
	switch {
	case isAbsent(err):
		return Missing, netip.Addr{}
	case err != nil:
		return Unanswered, netip.Addr{}
	}
	here, err := v.here(ctx)
	if err != nil {
		return Unanswered, netip.Addr{}
	}
	if i := slices.IndexFunc(there, func(a netip.Addr) bool { return slices.Contains(here, a.Unmap()) }); i >= 0 {
		return Done, there[i].Unmap()
	}
	return Other, netip.Addr{}
}

// here are the addresses of the platform.
func (v *Service) here(ctx context.Context) ([]netip.Addr, error) {
	if address, err := netip.ParseAddr(v.Target()); err == nil {
		return []netip.Addr{address}, nil
	}
	found, err := v.deps.Platform.DNS.LookupNetIP(ctx, "ip", v.Target()+".")
	for i, a := range found {
		found[i] = a.Unmap()
	}
	return found, err
}

// isAbsent tells whether the DNS answered that nothing is there.
func isAbsent(err error) bool {
	fault, ok := errors.AsType[*net.DNSError](err)
	return ok && fault.IsNotFound
}

package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/google/uuid"

	"staffetta/cmd/staffetta/terminal"
	"staffetta/modules"
	"staffetta/modules/practice/release"
	"staffetta/modules/steward/appointment"
	"staffetta/onboarding/entry"
	"staffetta/policies"
	"staffetta/tenants"
)

// loadDemo makes what the demo starts with; running it again changes nothing.
func (p *Program) loadDemo(ctx context.Context) error {
	if p.config.Demo == "" {
		return nil
	}
	for slug, istat := range map[string]string{marsala: "081011", mazara: "081012"} {
		if err := p.enter(ctx, slug, istat); err != nil {
			return fmt.Errorf("make the demo's body %s: %w", slug, err)
		}
	}
	if err := p.appointCast(ctx); err != nil {
		return fmt.Errorf("appoint who runs the demo: %w", err)
	}
	owner, err := p.scopeOf(ctx, marsala, "practice_owner")
	if err != nil {
		return err
	}
	source, err := release.CID()
	if err != nil {
		return err
	}
	if _, err := release.InstallSource(ctx, p.deps, owner, source); err != nil {
		return fmt.Errorf("install the demo's practice: %w", err)
	}
	if p.config.Demo == demoComplete {
		return p.completeDemo(ctx)
	}
	return nil
}

// appointCast gives those of the cast who run the platform their roles.
func (p *Program) appointCast(ctx context.Context) error {
	s, err := p.platformScope()
	if err != nil {
		return err
	}
	appointments := appointment.NewService(p.deps)
	if held, err := appointments.Find(ctx, s); err != nil || len(held) > 0 {
		return err
	}
	for _, one := range staff(tenants.PlatformSlug) {
		for _, role := range one.Roles {
			if err := appointments.Make(ctx, s, appointment.Appointment{Name: one.Name + " " + one.Surname, TaxCode: one.code(), Role: role}); err != nil {
				return err
			}
		}
	}
	return nil
}

// enter brings a body of the cast live with every module.
func (p *Program) enter(ctx context.Context, slug, istat string) error {
	if _, _, err := p.deps.Bodies.BySlug(slug); err == nil {
		return nil
	}
	arrival := entry.Arrival{ISTAT: istat, Modules: p.moduleIDs()}
	for _, member := range staff(slug) {
		arrival.Users = append(arrival.Users, entry.Person{Name: member.Name + " " + member.Surname, TaxCode: member.code(), Roles: member.Roles})
	}
	_, err := entry.Enter(ctx, p.deps, arrival)
	return err
}

func (p *Program) moduleIDs() []modules.ID {
	ids := make([]modules.ID, len(p.list))
	for i, m := range p.list {
		ids[i] = m.ID
	}
	return ids
}

// scopeOf is the scope of the first of the cast with a role in a body, as that
// person has it after signing in.
func (p *Program) scopeOf(ctx context.Context, slug, role string) (tenants.Scope, error) {
	body, _, err := p.deps.Bodies.BySlug(slug)
	if err != nil {
		return tenants.Scope{}, fmt.Errorf("body %s: %w", slug, err)
	}
	at := slices.IndexFunc(cast, func(c demoPerson) bool { return c.Body == slug && slices.Contains(c.Roles, role) })
	if at < 0 {
		return tenants.Scope{}, fmt.Errorf("nobody of the cast is %s of %s", role, slug)
	}
	s := tenants.Scope{
		Tenant: body.ID, Slug: slug, Name: cast[at].Name + " " + cast[at].Surname, Roles: cast[at].Roles,
		Purpose: tenants.Operator, Assurance: 2, RequestID: uuid.NewString(),
	}
	err = p.deps.DB.Platform(ctx, func(tx tenants.Tx) (err error) {
		s.Account, err = tenants.EnsureAccount(ctx, tx, p.key, cast[at].code())
		return err
	})
	return s, err
}

// announce tells a newcomer where to go.
func (p *Program) announce(w io.Writer, took time.Duration) {
	fmt.Fprintf(w, "\nStaffetta %s: %s  (ready in %.1f s)\n", version, p.config.BaseURL, took.Seconds())
	fmt.Fprintf(w, "Data: %s\n", p.config.Data)
	if p.config.Demo == "" {
		return
	}
	fmt.Fprintln(w, "\nAmbiente dimostrativo. Identità che possono entrare:")
	table := tabwriter.NewWriter(w, 2, 4, 2, ' ', 0)
	for _, person := range cast {
		var roles []string
		for _, role := range person.Roles {
			roles = append(roles, policies.RoleLabel(role).It)
		}
		if person.Body == petrosino && p.config.Demo != demoComplete {
			continue
		}
		where := p.config.BaseURL + "/"
		if person.Body != "" && person.Body != pantelleria {
			where += person.Body + "/accedi"
		}
		fmt.Fprintf(table, "  %s %s\t%s\t%s\t%s\n", person.Name, person.Surname, person.code(), strings.Join(roles, ", "), where)
	}
	_ = table.Flush() // standard output
	terminal.Where{Base: p.config.BaseURL, Ceding: marsala, Reusing: pantelleria}.Start(w, p.config.Demo == demoComplete)
}

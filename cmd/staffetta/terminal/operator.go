package terminal

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"staffetta/modules"
	"staffetta/modules/steward/appointment"
	"staffetta/policies"
	"staffetta/tenants"
)

// Operator is the command `staffetta operator`.
type Operator struct {
	Add  Appoint   `cmd:"" help:"Appoint somebody." it:"Dà l’incarico a una persona."`
	End  Dismiss   `cmd:"" help:"Take an appointment back." it:"Toglie l’incarico a una persona."`
	List Appointed `cmd:"" help:"List who is appointed." it:"Elenca chi ha un incarico."`
}

// Appoint is the command `staffetta operator add`. The tax code comes on standard input, so that no history of a shell keeps it.
type Appoint struct {
	Name string `arg:"" help:"Name and surname, as colleagues read them; the tax code is asked for." it:"Nome e cognome, come li leggono i colleghi; il codice fiscale viene chiesto."`
	Role string `enum:"platform_operator,platform_reviewer" default:"platform_operator" help:"platform_operator runs the platform, platform_reviewer looks at who enters." it:"platform_operator gestisce la piattaforma, platform_reviewer verifica chi attiva un ente."`
}

// Run has the program do it.
func (c Appoint) Run(ctx context.Context, as AsPlatform) error { return as(ctx, c.Do) }

// Do appoints somebody.
func (c Appoint) Do(ctx context.Context, t Terminal, deps modules.Deps, s tenants.Scope) error {
	code, err := t.askCode(os.Stdin)
	if err != nil {
		return err
	}
	s.Name = "staffetta operator"
	if err := appointment.NewService(deps).Make(ctx, s, appointment.Appointment{Name: c.Name, TaxCode: code, Role: c.Role}); err != nil {
		return t.Refusal(err)
	}
	t.Say("steward.appointment.made", "name", c.Name, "role", policies.RoleLabel(c.Role).In(t.Language))
	return nil
}

// Dismiss is the command `staffetta operator end`.
type Dismiss struct {
	Role string `enum:"platform_operator,platform_reviewer" default:"platform_operator" help:"Role that ends; the tax code is asked for." it:"Ruolo che finisce; il codice fiscale viene chiesto."`
}

// Run has the program do it.
func (c Dismiss) Run(ctx context.Context, as AsPlatform) error { return as(ctx, c.Do) }

// Do takes an appointment back.
func (c Dismiss) Do(ctx context.Context, t Terminal, deps modules.Deps, s tenants.Scope) error {
	code, err := t.askCode(os.Stdin)
	if err != nil {
		return err
	}
	s.Name = "staffetta operator"
	if err := appointment.NewService(deps).End(ctx, s, appointment.Appointment{TaxCode: code, Role: c.Role}); err != nil {
		return t.Refusal(err)
	}
	t.Say("steward.appointment.ended", "role", policies.RoleLabel(c.Role).In(t.Language))
	return nil
}

// Appointed is the command `staffetta operator list`.
type Appointed struct{}

// Run has the program do it.
func (c Appointed) Run(ctx context.Context, as AsPlatform) error { return as(ctx, c.Do) }

// Do lists who runs the platform.
func (Appointed) Do(ctx context.Context, t Terminal, deps modules.Deps, s tenants.Scope) error {
	held, err := appointment.NewService(deps).Find(ctx, s)
	for _, one := range held {
		t.Say("steward.appointment.line", "name", one.Name, "role", policies.RoleLabel(one.Role).In(t.Language), "day", one.From.Format("02/01/2006"))
	}
	if err == nil && len(held) == 0 {
		t.Say("steward.appointment.nobody")
	}
	return err
}

// askCode reads a tax code.
func (t Terminal) askCode(in io.Reader) (string, error) {
	t.To(os.Stderr).Say("steward.appointment.ask")
	line, err := bufio.NewReader(in).ReadString('\n')
	if err != nil && strings.TrimSpace(line) == "" {
		return "", fmt.Errorf("read the tax code: %w", err)
	}
	return line, nil
}

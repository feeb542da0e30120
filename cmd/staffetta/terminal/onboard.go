package terminal

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/onboarding/enrolment"
	"staffetta/tenants"
)

// Onboard is the command `staffetta onboard`: it makes many bodies, for a region or a ministry.
type Onboard struct {
	Register string `xor:"what" required:"" placeholder:"FILE" help:"List of municipalities, as a CSV file: istat, and what is known of ipa, pec, tax_code, state, name, person_tax_code, role." it:"Elenco di Comuni, come file CSV: istat, e ciò che si sa di ipa, pec, codice_fiscale, stato, nome, codice_fiscale_persona, ruolo."`
	Region   string `xor:"what" required:"" help:"All municipalities of a region, by its Italian name or its code." it:"Tutti i Comuni di una regione, con il nome o il codice."`
	All      bool   `xor:"what" required:"" help:"All municipalities." it:"Tutti i Comuni."`
	DryRun   bool   `help:"Say what would be made, and make nothing." it:"Dice che cosa si creerebbe, e non fa niente."`
}

// Run has the program do it.
func (c Onboard) Run(ctx context.Context, as AsPlatform) error { return as(ctx, c.Do) }

// Do makes the bodies, as the scope of the platform's own body.
func (c Onboard) Do(ctx context.Context, t Terminal, deps modules.Deps, s tenants.Scope) error {
	service := enrolment.NewService(deps)
	plan, err := c.plan(service)
	if err != nil {
		return t.Refusal(err)
	}
	if c.DryRun {
		report, err := service.Check(ctx, plan)
		return c.tell(t, "onboarding.enrol.would", report, err)
	}
	s.Name = "staffetta onboard"
	report, err := service.Enrol(ctx, s, plan, func(done, of int) { t.To(os.Stderr).Say("onboarding.enrol.progress", "done", done, "of", of) })
	return c.tell(t, "onboarding.enrol.done", report, err)
}

func (c Onboard) plan(service *enrolment.Service) (enrolment.Plan, error) {
	if c.Register == "" {
		return enrolment.FromRegister(c.Region)
	}
	file, err := os.Open(c.Register)
	if err != nil {
		return enrolment.Plan{}, fmt.Errorf("open the list: %w", err)
	}
	defer file.Close()
	return service.FromList(file)
}

// tell writes every refusal with its line and its reason, and what the run came to, also where it was cut off.
func (c Onboard) tell(t Terminal, key string, r enrolment.Report, err error) error {
	slices.SortStableFunc(r.Refused, func(a, b enrolment.Refusal) int { return a.Line - b.Line })
	for _, refusal := range r.Refused {
		said := "onboarding.enrol.refused"
		if refusal.Line == 0 {
			said = "onboarding.enrol.refused_body"
		}
		t.Say(said, "line", refusal.Line, "body", refusal.Body, "why", t.Text(refusal.Why))
	}
	t.Say(key, "made", r.Made, "present", r.Present, "people", r.People, "refused", len(r.Refused))
	if err != nil || len(r.Refused) == 0 {
		return err
	}
	return errors.New(t.Text(language.M("onboarding.enrol.some_refused")))
}

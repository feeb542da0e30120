// Package enrolment makes many bodies at once, from a list or from the register of municipalities: for a region, a province or a
// ministry that brings in its municipalities together. A body that is there stays as it is, so that a
// run that was cut off is simply run again. It must not ask the database anything for each body, make anything in the schema for
// one, or know what is in the modules.
package enrolment

import (
	"context"
	"fmt"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// batch is how many bodies a transaction makes: what is lost by being cut off, and how often progress is told.
const batch = 500

// Person is somebody who will be able to sign in at a body, in the clear, on the way to an account.
type Person struct {
	Name    string
	TaxCode string
	Role    string

	line int
}

// Body is one that a list asks for.
type Body struct {
	tenants.Tenant
	People []Person

	line int // where the list names it first, 0 for none
}

// Refusal is a line that is not followed, and why.
type Refusal struct {
	Line int    // of the list, 1 for its heading; 0 where there is no list
	Body string // its name, or what stands in its place
	Why  language.Message
}

// Plan is what a list asks for, and what of it is refused whatever the database holds (it: elenco degli enti).
type Plan struct {
	Bodies  []Body
	Refused []Refusal
}

// Report is what became of a plan.
type Report struct {
	Made    int
	People  int // roles that people were given
	Present int // bodies that were there, and stay as they are
	Refused []Refusal
}

// Service makes bodies.
type Service struct {
	deps modules.Deps
}

// NewService makes the service over the program's parts.
func NewService(deps modules.Deps) *Service { return &Service{deps} }

// Enrol makes the bodies of a plan, every module on, in the state that the plan gives each; progress is told after every batch.
// Each body has in its chain that it was made, and the platform what the run came to. What was made before an error stays.
func (v *Service) Enrol(ctx context.Context, s tenants.Scope, p Plan, progress func(done, of int)) (Report, error) {
	report := Report{Refused: p.Refused}
	for at := 0; at < len(p.Bodies); at += batch {
		end := min(at+batch, len(p.Bodies))
		err := v.deps.DB.Platform(ctx, func(tx tenants.Tx) error { return v.enrol(ctx, tx, s, p.Bodies[at:end], &report) })
		if err != nil {
			return report, fmt.Errorf("make bodies %d to %d: %w", at+1, end, err)
		}
		progress(end, len(p.Bodies))
	}
	if err := v.deps.Bodies.Reload(ctx); err != nil {
		return report, err
	}
	return report, v.deps.Audit.Record(ctx, s, audit.Event{
		Action: "entry.enrol", Payload: map[string]any{"made": report.Made, "present": report.Present, "refused": len(report.Refused)},
	})
}

// Check tells what Enrol would make, and makes nothing.
func (v *Service) Check(ctx context.Context, p Plan) (Report, error) {
	report := Report{Refused: p.Refused}
	err := v.deps.DB.Platform(ctx, func(tx tenants.Tx) error {
		free, err := sift(ctx, tx, p.Bodies, &report)
		report.Made = len(free)
		for _, b := range free {
			report.People += len(b.People)
		}
		return err
	})
	return report, err
}

// enrol makes those of the bodies that are not there, with modules, people and their events, by one statement for each.
func (v *Service) enrol(ctx context.Context, tx tenants.Tx, s tenants.Scope, bodies []Body, report *Report) error {
	var own Report // counts only once the transaction goes on to its end
	free, err := sift(ctx, tx, bodies, &own)
	if err != nil {
		return err
	}
	made, err := insertBodies(ctx, tx, free)
	if err != nil {
		return err
	}
	own.Made, own.Present = len(made), own.Present+len(free)-len(made) // somebody else was faster with the rest
	if len(made) > 0 {
		if err := v.furnish(ctx, tx, made, &own); err != nil {
			return err
		}
		if err := tellMade(ctx, tx, s, len(made)); err != nil {
			return err
		}
	}
	report.Made, report.People, report.Present = report.Made+own.Made, report.People+own.People, report.Present+own.Present
	report.Refused = append(report.Refused, own.Refused...)
	return nil
}

// furnish gives new bodies their modules and their people.
func (v *Service) furnish(ctx context.Context, tx tenants.Tx, made []Body, report *Report) error {
	var on []string
	for _, m := range v.deps.Platform.Modules {
		on = append(on, string(m.ID))
	}
	if err := switchOn(ctx, tx, made, on); err != nil {
		return err
	}
	given, err := insertPeople(ctx, tx, v.deps.Platform.Seal, made)
	report.People = given
	return err
}

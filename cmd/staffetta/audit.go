package main

import (
	"context"
	"errors"
	"fmt"

	"staffetta/policies/audit"
)

type auditCommand struct {
	Verify auditVerifyCommand `cmd:"" help:"Walk the chains of all bodies and find what was removed, changed or reordered."`
}

type auditVerifyCommand struct{}

// Run verifies every chain; any fault is a non-zero exit.
func (auditVerifyCommand) Run(ctx context.Context) (err error) {
	config, err := loadConfig()
	if err != nil {
		return err
	}
	program, err := NewProgram(ctx, config)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, program.Close(context.WithoutCancel(ctx))) }()
	checked, faults, err := audit.Verify(ctx, program.deps.DB)
	if err != nil {
		return err
	}
	for _, f := range faults {
		fmt.Printf("body %d, sequence %d, event %s: %s\n", f.Tenant, f.Seq, f.Event, f.What)
	}
	fmt.Printf("%d events checked, %d faults\n", checked, len(faults))
	if len(faults) > 0 {
		return errors.New("the audit does not hold")
	}
	return nil
}

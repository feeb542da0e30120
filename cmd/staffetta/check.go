package main

import (
	"context"
	"errors"
	"fmt"

	"staffetta/migrations"
	"staffetta/modules"
	"staffetta/modules/all"
	"staffetta/policies"
)

type checkCommand struct{}

// Run says what is wrong with the deployment; anything wrong is a non-zero exit.
func (checkCommand) Run(ctx context.Context) (err error) {
	config, err := loadExisting()
	if err != nil {
		return err
	}
	log := newLogger(config)
	key, err := openKey(config, log)
	if err != nil {
		return err
	}
	if err := checkPolicies(all.Modules()); err != nil {
		return err
	}
	d, err := openServer(ctx, config, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.close(context.WithoutCancel(ctx))) }()
	findings, err := migrations.Inspect(ctx, d.ownerURL, key, lines(all.Modules()))
	if err != nil {
		return err
	}
	for _, f := range findings {
		fmt.Printf("- %s\n  → %s\n", f.What, f.Remedy)
	}
	if len(findings) > 0 {
		return fmt.Errorf("%d findings", len(findings))
	}
	if config.Production {
		fmt.Println("no identity provider is built in yet: in production nobody can sign in")
	}
	if config.Production && len(config.Proxies) == 0 {
		fmt.Println("STAFFETTA_PROXIES is not set: behind a proxy all visitors share one limit of requests")
	}
	fmt.Println("configuration, key, roles, migrations, walls and policies are in order")
	return nil
}

// checkPolicies refuses grants that name what nobody declares.
func checkPolicies(list []modules.Module) error {
	var permissions []policies.Permission
	var grants []policies.RoleGrant
	for _, m := range list {
		permissions, grants = append(permissions, m.Permissions...), append(grants, m.Grants...)
	}
	return policies.CheckGrants(permissions, grants)
}

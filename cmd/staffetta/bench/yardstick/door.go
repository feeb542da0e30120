package yardstick

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"

	"staffetta/internal/seal"
	"staffetta/migrations"
	"staffetta/tenants"
)

// OpenDoors opens the doors as the serving roles of a database that is set up.
func OpenDoors(ctx context.Context, ownerURL, keyFile string) (*tenants.DB, error) {
	key, _, err := seal.FromFile(keyFile, true)
	if err != nil {
		return nil, err
	}
	passwords, err := migrations.Setup(ctx, ownerURL, key)
	if err != nil {
		return nil, err
	}
	pools := tenants.Pools{}
	for role, p := range map[string]struct {
		into **pgxpool.Pool
		size int32
	}{"app": {&pools.App, 16}, "guest": {&pools.Guest, 2}, "platform": {&pools.Platform, 2}, "auditor": {&pools.Auditor, 3}} {
		config, err := pgxpool.ParseConfig(ownerURL)
		if err != nil {
			return nil, fmt.Errorf("read the address of the database: %w", err)
		}
		config.ConnConfig.User, config.ConnConfig.Password, config.MaxConns = "staffetta_"+role, passwords[role], p.size
		tenants.Prepare(config)
		if *p.into, err = pgxpool.NewWithConfig(ctx, config); err != nil {
			return nil, fmt.Errorf("open the connections of role %s: %w", role, err)
		}
	}
	return tenants.NewDB(pools), nil
}

package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"staffetta/internal/postgres"
	"staffetta/internal/seal"
	"staffetta/migrations"
	"staffetta/modules"
	"staffetta/tenants"
)

// database is the server, if it is ours, and the doors to it.
type database struct {
	server   *postgres.Server // nil when DATABASE_URL names another
	ownerURL string
	doors    *tenants.DB
}

// openServer finds the database or starts the program's own server.
func openServer(ctx context.Context, c Config, log *slog.Logger) (*database, error) {
	if c.DatabaseURL != "" {
		return &database{ownerURL: c.DatabaseURL}, nil
	}
	server, err := postgres.Start(ctx, postgres.Options{Dir: c.Data, Log: log})
	if err != nil {
		return nil, err
	}
	return &database{server: server, ownerURL: server.OwnerURL()}, nil
}

// openKey reads the master key; outside production the first start makes one.
func openKey(c Config, log *slog.Logger) (*seal.Key, error) {
	if c.Key != "" {
		return seal.Parse(c.Key)
	}
	key, made, err := seal.FromFile(c.keyPath(), !c.Production && !c.found)
	if made {
		log.Info("a master key was made; back it up apart from the data", "file", c.keyPath())
	}
	return key, err
}

// lines are the migrations of the modules.
func lines(list []modules.Module) []migrations.Line {
	var all []migrations.Line
	for _, m := range list {
		if m.Migrations != nil {
			all = append(all, migrations.Line{ID: string(m.ID), FS: m.Migrations})
		}
	}
	return all
}

// open migrates and opens the pools of the serving roles.
func (d *database) open(ctx context.Context, key *seal.Key, list []modules.Module) error {
	passwords, err := migrations.Setup(ctx, d.ownerURL, key)
	if err != nil {
		return err
	}
	if err := migrations.Up(ctx, d.ownerURL, lines(list)); err != nil {
		return err
	}
	if err := migrations.Whole(ctx, d.ownerURL); err != nil {
		return err
	}
	pools := tenants.Pools{}
	for role, pool := range map[string]struct {
		into **pgxpool.Pool
		size int32
	}{
		"app": {&pools.App, 16}, "guest": {&pools.Guest, 8}, "platform": {&pools.Platform, 8},
		"worker": {&pools.Worker, 8}, "auditor": {&pools.Auditor, 3}, "report": {&pools.Report, 2},
	} {
		if *pool.into, err = openPool(ctx, d.ownerURL, role, passwords[role], pool.size); err != nil {
			return errors.Join(err, d.close(ctx))
		}
	}
	d.doors = tenants.NewDB(pools)
	return nil
}

func openPool(ctx context.Context, ownerURL, role, password string, size int32) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(ownerURL)
	if err != nil {
		return nil, fmt.Errorf("read DATABASE_URL: %w", err)
	}
	config.ConnConfig.User, config.ConnConfig.Password = "staffetta_"+role, password
	config.ConnConfig.RuntimeParams["application_name"] = "staffetta " + role
	config.MaxConns = size
	tenants.Prepare(config)
	config.MaxConnIdleTime = 5 * time.Minute
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open the connections of role %s: %w", role, err)
	}
	return pool, nil
}

// close closes the doors and stops our server.
func (d *database) close(ctx context.Context) error {
	if d.doors != nil {
		d.doors.Close()
	}
	if d.server == nil {
		return nil
	}
	return d.server.Stop(ctx)
}

package terminal

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"staffetta/migrations"
	"staffetta/modules"
	"staffetta/onboarding/archive"
	"staffetta/onboarding/export"
	"staffetta/tenants"
)

// Carrying is what takes a body out or in.
type Carrying func(ctx context.Context, t Terminal, deps modules.Deps, ownerURL string) (archive.Manifest, error)

// Run does it, and answers on standard output.
func (c Carrying) Run(ctx context.Context, deps modules.Deps, ownerURL string) error {
	return Run(ctx, func(ctx context.Context, t Terminal) error {
		_, err := c(ctx, t, deps, ownerURL)
		return err
	})
}

// BodyExport is the command `staffetta export`.
type BodyExport struct {
	Body string `help:"Slug of the body." it:"Nome breve dell’ente, come nell’indirizzo delle sue pagine." required:""`
	To   string `help:"Public key of who receives the file, as age1…; staffetta key receiver makes one." it:"Chiave pubblica di chi riceve il file, come age1…; staffetta key receiver ne fa una." required:""`
	File string `arg:"" help:"Archive to write, as body.zip.age; an existing one is not touched." it:"Archivio da scrivere, come ente.zip.age; uno che c’è già non si tocca."`
}

// Do writes all that a body owns to a file that only who receives it can read; what could not be written whole is removed.
func (c BodyExport) Do(ctx context.Context, t Terminal, deps modules.Deps, ownerURL string) (m archive.Manifest, err error) {
	body, _, err := deps.Bodies.BySlug(c.Body)
	if err != nil {
		return m, fmt.Errorf("body %s: %w", c.Body, err)
	}
	owner, err := openOwner(ctx, ownerURL)
	if err != nil {
		return m, err
	}
	defer owner.Close()
	out, err := os.OpenFile(c.File, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return m, fmt.Errorf("make the archive: %w", err)
	}
	m, err = export.NewService(deps).ByCommand(ctx, owner, export.Order{Body: body, Recipient: c.To}, out)
	if err = errors.Join(err, out.Sync(), out.Close()); err != nil {
		return m, errors.Join(err, os.Remove(c.File))
	}
	t.Say("onboarding.command.exported", "file", c.File, "tables", len(m.Tables), "rows", m.Rows(), "documents", len(m.Documents))
	return m, nil
}

// BodyImport is the command `staffetta import`.
type BodyImport struct {
	File string `help:"Archive that export wrote." it:"Archivio scritto da export." required:"" type:"existingfile"`
	Key  string `help:"File with the key of who receives." it:"File con la chiave di chi riceve." required:"" type:"existingfile"`
}

// Do reads a body into an installation that has none.
func (c BodyImport) Do(ctx context.Context, t Terminal, deps modules.Deps, ownerURL string) (m archive.Manifest, err error) {
	keys, err := os.Open(c.Key)
	if err != nil {
		return m, fmt.Errorf("open the key: %w", err)
	}
	defer keys.Close()
	file, err := os.Open(c.File)
	if err != nil {
		return m, fmt.Errorf("open the archive: %w", err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return m, fmt.Errorf("open the archive: %w", err)
	}
	plain, size, err := export.Opened(file, info.Size(), keys)
	if err != nil {
		return m, err
	}
	owner, err := openOwner(ctx, ownerURL)
	if err != nil {
		return m, err
	}
	defer owner.Close()
	versions, err := migrations.Applied(ctx, ownerURL)
	if err != nil {
		return m, err
	}
	err = pgx.BeginFunc(ctx, owner, func(tx pgx.Tx) error {
		m, err = archive.Read(ctx, plain, size, archive.Target{
			Tx: tx, Migrations: versions, Modules: deps.Platform.Modules, Files: deps.Platform.Files, Key: deps.Platform.Seal,
		})
		return err
	})
	if err == nil {
		t.Say("onboarding.command.imported", "name", m.Body.Name, "slug", m.Body.Slug, "tables", len(m.Tables), "rows", m.Rows(), "documents", len(m.Documents))
	}
	return m, err
}

// openOwner opens connections of the database's owner, for what no serving role may do.
func openOwner(ctx context.Context, ownerURL string) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(ownerURL)
	if err != nil {
		return nil, fmt.Errorf("read the owner's address: %w", err)
	}
	config.MaxConns = 2
	tenants.Prepare(config)
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("connect as the owner: %w", err)
	}
	return pool, nil
}

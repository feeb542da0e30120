package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"staffetta/cmd/staffetta/terminal"
	"staffetta/policies/audit"
)

type auditCommand struct {
	Verify auditVerifyCommand `cmd:"" help:"Find what was removed, changed, re-dated or reordered, and roots and countersignatures that do not hold." it:"Trova ciò che è stato tolto, cambiato, ridatato o spostato, e radici e controfirme che non reggono."`
	Export auditExportCommand `cmd:"" help:"Write the audit of a body to standard output, for verify --file." it:"Scrive il registro di un ente, da controllare con verify --file."`
	Keys   auditKeysCommand   `cmd:"" help:"Write the public keys of all bodies to standard output, for verify --keys." it:"Scrive le chiavi pubbliche di tutti gli enti, per verify --keys."`
	Term   auditTermCommand   `cmd:"" help:"Set for how many years a body keeps the payloads of its events (10 unless set)." it:"Dice per quanti anni un ente tiene il contenuto dei suoi eventi (10 se non è detto)."`
}

// auditVerifyCommand checks the database, or a file where there is none.
type auditVerifyCommand struct {
	File string `help:"Check an export instead of the database." it:"Controlla un file esportato invece del database." type:"existingfile"`
	Keys string `help:"Trust the public keys of this file instead of those in the export." it:"Si fida delle chiavi pubbliche di questo file e non di quelle nel file esportato." type:"existingfile"`
}

// Run verifies; any fault is a non-zero exit.
func (c auditVerifyCommand) Run(ctx context.Context) error {
	checked, faults, err := c.verify(ctx)
	for _, f := range faults {
		fmt.Println(f)
	}
	if err != nil {
		return err
	}
	fmt.Printf("%d events checked, %d faults\n", checked, len(faults))
	if len(faults) > 0 {
		return errors.New("the audit does not hold")
	}
	return nil
}

func (c auditVerifyCommand) verify(ctx context.Context) (checked int, faults []audit.Fault, err error) {
	if c.File == "" && c.Keys != "" {
		return 0, nil, errors.New("--keys goes with --file")
	}
	if c.File == "" {
		err = withProgram(ctx, func(p *Program) (err error) {
			checked, faults, err = audit.Verify(ctx, p.deps.DB)
			return err
		})
		return checked, faults, err
	}
	trusted, err := terminal.ReadKeys(c.Keys)
	if err != nil {
		return 0, nil, err
	}
	file, err := os.Open(c.File)
	if err != nil {
		return 0, nil, fmt.Errorf("open the export: %w", err)
	}
	defer file.Close()
	return audit.VerifyExport(file, trusted)
}

type auditExportCommand struct {
	Body string `help:"Slug of the body." it:"Nome breve dell’ente, come nell’indirizzo delle sue pagine." required:""`
}

// Run writes the export.
func (c auditExportCommand) Run(ctx context.Context) error {
	return withBody(ctx, c.Body, func(p *Program, tenant int32) error {
		return writeOut(func(w io.Writer) error { return audit.Export(ctx, p.deps.DB, tenant, w) })
	})
}

type auditKeysCommand struct{}

// Run writes the keys.
func (auditKeysCommand) Run(ctx context.Context) error {
	return withProgram(ctx, func(p *Program) error {
		var keys bytes.Buffer
		if err := audit.ExportKeys(ctx, p.deps.DB, &keys); err != nil {
			return err
		}
		if keys.Len() == 0 {
			return errors.New("no body has a key yet: it is made when its first day is sealed, the day after")
		}
		return writeOut(func(w io.Writer) error { _, err := keys.WriteTo(w); return err })
	})
}

type auditTermCommand struct {
	Body  string `help:"Slug of the body." it:"Nome breve dell’ente, come nell’indirizzo delle sue pagine." required:""`
	Years int    `help:"From 1 to 100." it:"Da 1 a 100." required:""`
}

// Run sets the term.
func (c auditTermCommand) Run(ctx context.Context) error {
	return withBody(ctx, c.Body, func(p *Program, tenant int32) error { return audit.SetTerm(ctx, p.deps.DB, tenant, c.Years) })
}

// withProgram runs fn with a program that does not serve.
func withProgram(ctx context.Context, fn func(*Program) error) (err error) {
	config, err := loadExisting()
	if err != nil {
		return err
	}
	program, err := NewProgram(ctx, config)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, program.Close(context.WithoutCancel(ctx))) }()
	return fn(program)
}

func withBody(ctx context.Context, slug string, fn func(p *Program, tenant int32) error) error {
	return withProgram(ctx, func(p *Program) error {
		body, _, err := p.deps.Bodies.BySlug(slug)
		if err != nil {
			return fmt.Errorf("body %s: %w", slug, err)
		}
		return fn(p, body.ID)
	})
}

// writeOut writes to standard output by large pieces.
func writeOut(fn func(io.Writer) error) error {
	out := bufio.NewWriter(os.Stdout)
	return errors.Join(fn(out), out.Flush())
}

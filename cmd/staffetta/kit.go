package main

import (
	"context"
	"fmt"
	"os"

	"github.com/google/uuid"

	"staffetta/cmd/staffetta/terminal"
	kitfile "staffetta/modules/practice/exchange"
	"staffetta/tenants"
)

type kitCommand struct {
	Verify  terminal.Verify   `cmd:"" help:"Check a kit file, without a database: form, hashes, signature, contents." it:"Controlla un file di kit, senza database: forma, impronte, firma, contenuti."`
	Diff    terminal.Diff     `cmd:"" help:"Print what changed from one kit file to another, item by item." it:"Scrive che cosa cambia da un file di kit a un altro, componente per componente."`
	Build   terminal.Build    `cmd:"" help:"Make a draft, which nobody has signed, from a folder of sources: practice.json and one file for each item." it:"Fa una bozza, che nessuno ha firmato, da una cartella di sorgenti: practice.json e un file per ogni componente."`
	Draft   kitDraftCommand   `cmd:"" help:"Give a body the items and the draft practice of a folder of sources; the body publishes it on its pages." it:"Dà a un ente i componenti e la pratica in bozza di una cartella di sorgenti; l’ente la pubblica dalle sue pagine."`
	Export  kitExportCommand  `cmd:"" help:"Write a published kit of this installation to a file." it:"Scrive in un file un kit pubblicato di questa installazione."`
	Install kitInstallCommand `cmd:"" help:"Take a kit file into the catalogue of this installation." it:"Prende un file di kit nel catalogo di questa installazione."`
}

type kitExportCommand struct {
	Practice string `arg:"" help:"Key or id of the practice." it:"Chiave o id della pratica."`
	Release  string `arg:"" help:"Number of the release, as 1.0.0." it:"Numero della versione, come 1.0.0."`
	File     string `arg:"" help:"Kit file to write; an existing one is replaced." it:"File di kit da scrivere; uno che c’è già è sostituito."`
}

// Run exports a published kit.
func (c kitExportCommand) Run(ctx context.Context) error {
	return terminal.Run(ctx, func(ctx context.Context, t terminal.Terminal) error {
		return withProgram(ctx, func(p *Program) error { return p.exportKit(ctx, c, t) })
	})
}

func (p *Program) exportKit(ctx context.Context, c kitExportCommand, t terminal.Terminal) error {
	s, err := p.platformScope()
	if err != nil {
		return err
	}
	files := kitfile.NewService(p.deps)
	practice, ceding, err := files.FindPractice(ctx, s, c.Practice)
	if err != nil {
		return t.NoKit(err, c.Practice, c.Release)
	}
	if ceding != 0 {
		s.Tenant = ceding // who signs what was published before kits were signed
	}
	file, err := files.Export(ctx, s, practice, c.Release)
	if err != nil {
		return t.NoKit(err, c.Practice, c.Release)
	}
	if err := os.WriteFile(c.File, file.Content, 0o644); err != nil {
		return fmt.Errorf("write the kit file: %w", err)
	}
	t.Say("practice.command.exported", "file", c.File, "bytes", len(file.Content), "hash", file.Kit.Manifest.Hash)
	return nil
}

type kitDraftCommand struct{ terminal.Draft }

// Run gives a body a practice that somebody wrote down.
func (c kitDraftCommand) Run(ctx context.Context) error {
	return terminal.Run(ctx, func(ctx context.Context, t terminal.Terminal) error {
		return withProgram(ctx, func(p *Program) error { return c.Do(ctx, t, p.deps) })
	})
}

type kitInstallCommand struct {
	File string `arg:"" help:"Kit file." it:"File di kit." type:"existingfile"`
	Key  string `help:"Fingerprint of the ceding body's key, as the body shows it; wanted the first time." it:"Impronta della chiave dell’ente cedente, come l’ente la mostra; serve la prima volta."`
}

// Run installs a kit file.
func (c kitInstallCommand) Run(ctx context.Context) error {
	return terminal.Run(ctx, func(ctx context.Context, t terminal.Terminal) error {
		return withProgram(ctx, func(p *Program) error { return p.installKit(ctx, c, t) })
	})
}

func (p *Program) installKit(ctx context.Context, c kitInstallCommand, t terminal.Terminal) error {
	s, err := p.platformScope()
	if err != nil {
		return err
	}
	file, size, err := terminal.OpenKit(c.File)
	if err != nil {
		return err
	}
	defer file.Close()
	done, err := kitfile.NewService(p.deps).Install(ctx, s, file, size, kitfile.Trust{Fingerprint: c.Key})
	switch {
	case err != nil:
		return t.Refusal(err)
	case done.Known:
		t.Say("practice.command.present")
	default:
		t.Say("practice.command.installed", "title", done.Kit.Manifest.Practice.Title.In(t.Language), "release", done.Kit.Manifest.Release.Number)
	}
	return nil
}

// platformScope is that of the platform's own body, for what somebody does at its server.
func (p *Program) platformScope() (tenants.Scope, error) {
	body, _, err := p.deps.Bodies.BySlug(tenants.PlatformSlug)
	if err != nil {
		return tenants.Scope{}, fmt.Errorf("the platform's body: %w", err)
	}
	return tenants.Scope{Tenant: body.ID, Slug: body.Slug, Name: "staffetta kit", Purpose: tenants.Operator, RequestID: uuid.NewString()}, nil
}

package main

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"staffetta/cmd/staffetta/terminal"
	"staffetta/tenants"
)

type kitCommand struct {
	Verify  terminal.Verify  `cmd:"" help:"Check a kit file, without a database: form, hashes, signature, contents." it:"Controlla un file di kit, senza database: forma, impronte, firma, contenuti."`
	Diff    terminal.Diff    `cmd:"" help:"Print what changed from one kit file to another, item by item." it:"Scrive che cosa cambia da un file di kit a un altro, componente per componente."`
	Build   terminal.Build   `cmd:"" help:"Make a draft, which nobody has signed, from a folder of sources: practice.json and one file for each item." it:"Fa una bozza, che nessuno ha firmato, da una cartella di sorgenti: practice.json e un file per ogni componente."`
	Draft   terminal.Draft   `cmd:"" help:"Give a body the items and the draft practice of a folder of sources; the body publishes it on its pages." it:"Dà a un ente i componenti e la pratica in bozza di una cartella di sorgenti; l’ente la pubblica dalle sue pagine."`
	Export  terminal.Export  `cmd:"" help:"Write a published kit of this installation to a file." it:"Scrive in un file un kit pubblicato di questa installazione."`
	Install terminal.Install `cmd:"" help:"Take a kit file into the catalogue of this installation." it:"Prende un file di kit nel catalogo di questa installazione."`
}

func runAsPlatform(ctx context.Context, do terminal.PlatformCommand) error {
	return terminal.Run(ctx, func(ctx context.Context, t terminal.Terminal) error {
		return withProgram(ctx, func(p *Program) error { return p.asPlatform(ctx, t, do) })
	})
}

func (p *Program) asPlatform(ctx context.Context, t terminal.Terminal, do terminal.PlatformCommand) error {
	s, err := p.platformScope()
	if err != nil {
		return err
	}
	return do(ctx, t, p.deps, s)
}

// platformScope is that of the platform's own body, for what somebody does at its server.
func (p *Program) platformScope() (tenants.Scope, error) {
	body, _, err := p.deps.Bodies.BySlug(tenants.PlatformSlug)
	if err != nil {
		return tenants.Scope{}, fmt.Errorf("the platform's body: %w", err)
	}
	return tenants.Scope{Tenant: body.ID, Slug: body.Slug, Name: "staffetta kit", Purpose: tenants.Operator, RequestID: uuid.NewString()}, nil
}

package terminal

import (
	"context"
	"fmt"
	"os"

	"staffetta/modules"
	kitfile "staffetta/modules/practice/exchange"
	"staffetta/tenants"
)

// Export is the command `staffetta kit export`.
type Export struct {
	Practice string `arg:"" help:"Key or id of the practice." it:"Chiave o id della pratica."`
	Release  string `arg:"" help:"Number of the release, as 1.0.0." it:"Numero della versione, come 1.0.0."`
	File     string `arg:"" help:"Kit file to write; an existing one is replaced." it:"File di kit da scrivere; uno che c’è già è sostituito."`
}

// Run has the program do it.
func (c Export) Run(ctx context.Context, as AsPlatform) error { return as(ctx, c.Do) }

// Do writes a published kit to a file.
func (c Export) Do(ctx context.Context, t Terminal, deps modules.Deps, s tenants.Scope) error {
	files := kitfile.NewService(deps)
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

// Install is the command `staffetta kit install`.
type Install struct {
	File string `arg:"" help:"Kit file." it:"File di kit." type:"existingfile"`
	Key  string `help:"Fingerprint of the ceding body's key, as the body shows it; wanted the first time." it:"Impronta della chiave dell’ente cedente, come l’ente la mostra; serve la prima volta."`
}

// Run has the program do it.
func (c Install) Run(ctx context.Context, as AsPlatform) error { return as(ctx, c.Do) }

// Do takes a kit file into the catalogue.
func (c Install) Do(ctx context.Context, t Terminal, deps modules.Deps, s tenants.Scope) error {
	file, size, err := OpenKit(c.File)
	if err != nil {
		return err
	}
	defer file.Close()
	done, err := kitfile.NewService(deps).Install(ctx, s, file, size, kitfile.Trust{Fingerprint: c.Key})
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

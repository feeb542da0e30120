package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/all"
	"staffetta/modules/practice/archive"
	kitfile "staffetta/modules/practice/exchange"
	"staffetta/tenants"
)

type kitCommand struct {
	Verify  kitVerifyCommand  `cmd:"" help:"Check a kit file, without a database: form, hashes, signature, contents." it:"Controlla un file di kit, senza database: forma, impronte, firma, contenuti."`
	Diff    kitDiffCommand    `cmd:"" help:"Print what changed from one kit file to another, item by item." it:"Scrive che cosa cambia da un file di kit a un altro, componente per componente."`
	Build   kitBuildCommand   `cmd:"" help:"Make a draft, which nobody has signed, from a folder of sources: practice.json and one file for each item." it:"Fa una bozza, che nessuno ha firmato, da una cartella di sorgenti: practice.json e un file per ogni componente."`
	Export  kitExportCommand  `cmd:"" help:"Write a published kit of this installation to a file." it:"Scrive in un file un kit pubblicato di questa installazione."`
	Install kitInstallCommand `cmd:"" help:"Take a kit file into the catalogue of this installation." it:"Prende un file di kit nel catalogo di questa installazione."`
}

type kitVerifyCommand struct {
	File string `arg:"" help:"Kit file." it:"File di kit." type:"existingfile"`
	Key  string `help:"Fingerprint that the signing key must have." it:"Impronta che la chiave della firma deve avere."`
}

// Run verifies; any fault is a non-zero exit.
func (c kitVerifyCommand) Run(ctx context.Context) error { return atTerminal(ctx, c.run) }

func (c kitVerifyCommand) run(ctx context.Context, t terminal) error {
	k, err := t.readKit(ctx, c.File, kitfile.Verify)
	if err != nil {
		return err
	}
	m := k.Manifest
	if c.Key != "" && !archive.SameFingerprint(c.Key, m.Provenance.Key) {
		return t.refusal(problem.New(problem.Invalid, "practice.command.other_key", "body", m.Provenance.Body.Name))
	}
	t.say("practice.command.verified", "title", m.Practice.Title.In(t.lang), "release", m.Release.Number, "key", m.Practice.Key, "items", len(k.Items),
		"hash", m.Hash, "body", m.Provenance.Body.Name, "fingerprint", archive.Fingerprint(m.Provenance.Key))
	if c.Key == "" {
		t.say("practice.command.compare_key")
	} else {
		t.say("practice.command.same_key")
	}
	return nil
}

type kitDiffCommand struct {
	A string `arg:"" help:"Kit file." it:"File di kit." type:"existingfile"`
	B string `arg:"" help:"The kit file to compare it with." it:"Il file di kit con cui confrontarlo." type:"existingfile"`
}

// Run prints the differences; none is an empty output.
func (c kitDiffCommand) Run(ctx context.Context) error { return atTerminal(ctx, c.run) }

func (c kitDiffCommand) run(ctx context.Context, t terminal) error {
	a, err := t.readKit(ctx, c.A, kitfile.Read)
	if err != nil {
		return fmt.Errorf("%s: %w", c.A, err)
	}
	b, err := t.readKit(ctx, c.B, kitfile.Read)
	if err != nil {
		return fmt.Errorf("%s: %w", c.B, err)
	}
	differences, err := archive.Compare(a, b)
	if err != nil {
		return err
	}
	item := ""
	for _, d := range differences {
		if d.Item != item {
			item = d.Item
			fmt.Fprintln(t.out, item)
		}
		fmt.Fprint(t.out, t.printed(d))
	}
	return nil
}

// printed is a difference as people read it: what was there with a minus, what is there with a plus.
func (t terminal) printed(d archive.Difference) string {
	if d.Path == "" {
		return "  " + t.words.Say(t.lang, language.M("practice.command."+string(d.Change))) + "\n"
	}
	text := "  " + d.Path + "\n"
	if d.Was != "" {
		text += "    - " + d.Was + "\n"
	}
	if d.Is != "" {
		text += "    + " + d.Is + "\n"
	}
	return text
}

type kitBuildCommand struct {
	Dir     string `arg:"" help:"Folder of sources." it:"Cartella dei sorgenti." type:"existingdir"`
	File    string `arg:"" help:"Kit file to write; an existing one is replaced." it:"File di kit da scrivere; uno che c’è già è sostituito."`
	Release string `help:"Number of the release." it:"Numero della versione." default:"0.1.0"`
}

// Run builds a draft and says what is wrong with it.
func (c kitBuildCommand) Run(ctx context.Context) error { return atTerminal(ctx, c.run) }

func (c kitBuildCommand) run(ctx context.Context, t terminal) error {
	kinds, err := modules.NewKinds(all.Modules())
	if err != nil {
		return err
	}
	k, err := kitfile.Build(kinds, os.DirFS(c.Dir), c.Release)
	if err != nil {
		return t.refusal(err)
	}
	var content bytes.Buffer
	if err := k.Write(&content); err != nil {
		return err
	}
	if _, err := kitfile.Read(ctx, kinds, bytes.NewReader(content.Bytes()), int64(content.Len())); err != nil {
		return t.refusal(err)
	}
	if err := os.WriteFile(c.File, content.Bytes(), 0o644); err != nil {
		return fmt.Errorf("write the kit file: %w", err)
	}
	t.say("practice.command.built", "file", c.File, "items", len(k.Items), "hash", k.Manifest.Hash)
	return nil
}

type kitExportCommand struct {
	Practice string `arg:"" help:"Key or id of the practice." it:"Chiave o id della pratica."`
	Release  string `arg:"" help:"Number of the release, as 1.0.0." it:"Numero della versione, come 1.0.0."`
	File     string `arg:"" help:"Kit file to write; an existing one is replaced." it:"File di kit da scrivere; uno che c’è già è sostituito."`
}

// Run exports a published kit.
func (c kitExportCommand) Run(ctx context.Context) error {
	return atTerminal(ctx, func(ctx context.Context, t terminal) error {
		return withProgram(ctx, func(p *Program) error { return p.exportKit(ctx, c, t) })
	})
}

func (p *Program) exportKit(ctx context.Context, c kitExportCommand, t terminal) error {
	s, err := p.platformScope()
	if err != nil {
		return err
	}
	files := kitfile.NewService(p.deps)
	practice, ceding, err := files.FindPractice(ctx, s, c.Practice)
	if err != nil {
		return t.refusal(err)
	}
	if ceding != 0 {
		s.Tenant = ceding // who signs what was published before kits were signed
	}
	file, err := files.Export(ctx, s, practice, c.Release)
	if err != nil {
		return t.refusal(err)
	}
	if err := os.WriteFile(c.File, file.Content, 0o644); err != nil {
		return fmt.Errorf("write the kit file: %w", err)
	}
	t.say("practice.command.exported", "file", c.File, "bytes", len(file.Content), "hash", file.Kit.Manifest.Hash)
	return nil
}

type kitInstallCommand struct {
	File string `arg:"" help:"Kit file." it:"File di kit." type:"existingfile"`
	Key  string `help:"Fingerprint of the ceding body's key, as the body shows it; wanted the first time." it:"Impronta della chiave dell’ente cedente, come l’ente la mostra; serve la prima volta."`
}

// Run installs a kit file.
func (c kitInstallCommand) Run(ctx context.Context) error {
	return atTerminal(ctx, func(ctx context.Context, t terminal) error {
		return withProgram(ctx, func(p *Program) error { return p.installKit(ctx, c, t) })
	})
}

func (p *Program) installKit(ctx context.Context, c kitInstallCommand, t terminal) error {
	s, err := p.platformScope()
	if err != nil {
		return err
	}
	file, size, err := openKit(c.File)
	if err != nil {
		return err
	}
	defer file.Close()
	done, err := kitfile.NewService(p.deps).Install(ctx, s, file, size, kitfile.Trust{Fingerprint: c.Key})
	switch {
	case err != nil:
		return t.refusal(err)
	case done.Known:
		t.say("practice.command.present")
	default:
		t.say("practice.command.installed", "title", done.Kit.Manifest.Practice.Title.In(t.lang), "release", done.Kit.Manifest.Release.Number)
	}
	return nil
}

// atTerminal runs a command that answers at the terminal.
func atTerminal(ctx context.Context, run func(context.Context, terminal) error) error {
	t, err := newTerminal(os.Stdout)
	if err != nil {
		return err
	}
	return run(ctx, t)
}

// platformScope is that of the platform's own body, for what somebody does at its server.
func (p *Program) platformScope() (tenants.Scope, error) {
	body, _, err := p.deps.Bodies.BySlug(tenants.PlatformSlug)
	if err != nil {
		return tenants.Scope{}, fmt.Errorf("the platform's body: %w", err)
	}
	return tenants.Scope{Tenant: body.ID, Slug: body.Slug, Name: "staffetta kit", Purpose: tenants.Operator, RequestID: uuid.NewString()}, nil
}

func openKit(path string) (*os.File, int64, error) {
	file, err := os.Open(filepath.Clean(path))
	if err != nil {
		return nil, 0, fmt.Errorf("open the kit file: %w", err)
	}
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return nil, 0, errors.Join(errors.New("the kit file is no plain file"), err, file.Close())
	}
	return file, info.Size(), nil
}

// reading is how a kit file is read: with its signature or without.
type reading func(ctx context.Context, kinds *modules.Kinds, file io.ReaderAt, size int64) (archive.Kit, error)

func (t terminal) readKit(ctx context.Context, path string, read reading) (archive.Kit, error) {
	kinds, err := modules.NewKinds(all.Modules())
	if err != nil {
		return archive.Kit{}, err
	}
	file, size, err := openKit(path)
	if err != nil {
		return archive.Kit{}, err
	}
	defer file.Close()
	k, err := read(ctx, kinds, file, size)
	return k, t.refusal(err)
}

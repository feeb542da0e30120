package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/uuid"

	"staffetta/api/web"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/all"
	"staffetta/modules/practice/archive"
	kitfile "staffetta/modules/practice/exchange"
	"staffetta/tenants"
)

type kitCommand struct {
	Verify  kitVerifyCommand  `cmd:"" help:"Check a kit file, without a database: form, hashes, signature, contents."`
	Diff    kitDiffCommand    `cmd:"" help:"Print what changed from one kit file to another, item by item."`
	Build   kitBuildCommand   `cmd:"" help:"Make a draft, which nobody has signed, from a folder of sources: practice.json and one file for each item."`
	Export  kitExportCommand  `cmd:"" help:"Write a published kit of this installation to a file."`
	Install kitInstallCommand `cmd:"" help:"Take a kit file into the catalogue of this installation."`
}

type kitVerifyCommand struct {
	File string `arg:"" help:"Kit file." type:"existingfile"`
	Key  string `help:"Fingerprint that the signing key must have."`
}

// Run verifies; any fault is a non-zero exit.
func (c kitVerifyCommand) Run(ctx context.Context) error {
	return c.run(ctx, os.Stdout)
}

func (c kitVerifyCommand) run(ctx context.Context, out io.Writer) error {
	k, err := readKit(ctx, c.File, kitfile.Verify)
	if err != nil {
		return err
	}
	m := k.Manifest
	fmt.Fprintf(out, "%s %s (%s), %d items\nhash %s\nsigned by %s, key %s\n",
		m.Practice.Title.In("en"), m.Release.Number, m.Practice.Key, len(k.Items), m.Hash, m.Provenance.Body.Name, archive.Fingerprint(m.Provenance.Key))
	if c.Key == "" {
		fmt.Fprintln(out, "compare the key with the one that the body shows: anybody can make a key with a name on it")
		return nil
	}
	if !archive.SameFingerprint(c.Key, m.Provenance.Key) {
		return errors.New("the key is another one: the kit is not signed by whom you expect")
	}
	fmt.Fprintln(out, "the key is the one expected")
	return nil
}

type kitDiffCommand struct {
	A string `arg:"" help:"Kit file." type:"existingfile"`
	B string `arg:"" help:"The kit file to compare it with." type:"existingfile"`
}

// Run prints the differences; none is an empty output.
func (c kitDiffCommand) Run(ctx context.Context) error { return c.run(ctx, os.Stdout) }

func (c kitDiffCommand) run(ctx context.Context, out io.Writer) error {
	a, err := readKit(ctx, c.A, kitfile.Read)
	if err != nil {
		return fmt.Errorf("%s: %w", c.A, err)
	}
	b, err := readKit(ctx, c.B, kitfile.Read)
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
			fmt.Fprintln(out, item)
		}
		fmt.Fprint(out, printed(d))
	}
	return nil
}

// printed is a difference as people read it: what was there with a minus, what is there with a plus.
func printed(d archive.Difference) string {
	if d.Path == "" {
		return fmt.Sprintf("  %s\n", d.Change)
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
	Dir     string `arg:"" help:"Folder of sources." type:"existingdir"`
	File    string `arg:"" help:"Kit file to write; an existing one is replaced."`
	Release string `help:"Number of the release." default:"0.1.0"`
}

// Run builds a draft and says what is wrong with it.
func (c kitBuildCommand) Run(ctx context.Context) error { return c.run(ctx, os.Stdout) }

func (c kitBuildCommand) run(ctx context.Context, out io.Writer) error {
	kinds, err := modules.NewKinds(all.Modules())
	if err != nil {
		return err
	}
	k, err := kitfile.Build(kinds, os.DirFS(c.Dir), c.Release)
	if err != nil {
		return err
	}
	var content bytes.Buffer
	if err := k.Write(&content); err != nil {
		return err
	}
	if _, err := kitfile.Read(ctx, kinds, bytes.NewReader(content.Bytes()), int64(content.Len())); err != nil {
		return said(err)
	}
	if err := os.WriteFile(c.File, content.Bytes(), 0o644); err != nil {
		return fmt.Errorf("write the kit file: %w", err)
	}
	fmt.Fprintf(out, "%s: %d items, hash %s\nit is a draft: nobody has signed it, and no installation takes it in before a body publishes it\n",
		c.File, len(k.Items), k.Manifest.Hash)
	return nil
}

type kitExportCommand struct {
	Practice string `arg:"" help:"Key or id of the practice."`
	Release  string `arg:"" help:"Number of the release, as 1.0.0."`
	File     string `arg:"" help:"Kit file to write; an existing one is replaced."`
}

// Run exports a published kit.
func (c kitExportCommand) Run(ctx context.Context) error {
	return withProgram(ctx, func(p *Program) error { return p.exportKit(ctx, c) })
}

func (p *Program) exportKit(ctx context.Context, c kitExportCommand) error {
	s, err := p.platformScope()
	if err != nil {
		return err
	}
	files := kitfile.NewService(p.deps)
	practice, ceding, err := files.FindPractice(ctx, s, c.Practice)
	if err != nil {
		return said(err)
	}
	if ceding != 0 {
		s.Tenant = ceding // who signs what was published before kits were signed
	}
	file, err := files.Export(ctx, s, practice, c.Release)
	if err != nil {
		return said(err)
	}
	if err := os.WriteFile(c.File, file.Content, 0o644); err != nil {
		return fmt.Errorf("write the kit file: %w", err)
	}
	fmt.Printf("%s: %d bytes, hash %s\n", c.File, len(file.Content), file.Kit.Manifest.Hash)
	return nil
}

type kitInstallCommand struct {
	File string `arg:"" help:"Kit file." type:"existingfile"`
	Key  string `help:"Fingerprint of the ceding body's key, as the body shows it; wanted the first time."`
}

// Run installs a kit file.
func (c kitInstallCommand) Run(ctx context.Context) error {
	return withProgram(ctx, func(p *Program) error { return p.installKit(ctx, c) })
}

func (p *Program) installKit(ctx context.Context, c kitInstallCommand) error {
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
		return said(err)
	case done.Known:
		fmt.Println("the kit was there already: nothing changed")
	default:
		fmt.Printf("%s %s is in the catalogue\n", done.Kit.Manifest.Practice.Title.In("en"), done.Kit.Manifest.Release.Number)
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

func readKit(ctx context.Context, path string, read reading) (archive.Kit, error) {
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
	return k, said(err)
}

// said is an error in the words that pages have for it, in the language of the terminal.
func said(err error) error {
	var refused *problem.Error
	if !errors.As(err, &refused) || refused.Kind == problem.Internal {
		return err
	}
	words, failed := web.Catalogue(all.Modules())
	if failed != nil {
		return errors.Join(err, failed)
	}
	lang := language.English
	if strings.HasPrefix(os.Getenv("LANG"), language.Italian) {
		lang = language.Italian
	}
	text := []string{words.Say(lang, refused.Message)}
	for _, f := range refused.Fields {
		text = append(text, "  "+f.Name+": "+words.Say(lang, f.Message))
	}
	return errors.New(strings.Join(text, "\n"))
}

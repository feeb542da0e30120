package terminal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/all"
	"staffetta/modules/practice/archive"
	"staffetta/modules/practice/exchange"
)

// Verify is the command `staffetta kit verify`.
type Verify struct {
	File string `arg:"" help:"Kit file." it:"File di kit." type:"existingfile"`
	Key  string `help:"Fingerprint that the signing key must have." it:"Impronta che la chiave della firma deve avere."`
}

// Run verifies; any fault is a non-zero exit.
func (c Verify) Run(ctx context.Context) error { return Run(ctx, c.Do) }

// Do answers at a terminal.
func (c Verify) Do(ctx context.Context, t Terminal) error {
	k, err := t.readKit(ctx, c.File, exchange.Verify)
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	m := k.Manifest
	if c.Key != "" && !archive.SameFingerprint(c.Key, m.Provenance.Key) {
		return t.Refusal(problem.New(problem.Invalid, "practice.command.other_key", "body", m.Provenance.Body.Name))
	}
	t.Say("practice.command.verified", "title", m.Practice.Title.In(t.Language), "release", m.Release.Number, "key", m.Practice.Key, "items", len(k.Items),
		"hash", m.Hash, "body", m.Provenance.Body.Name, "fingerprint", archive.Fingerprint(m.Provenance.Key))
	if c.Key == "" {
		t.Say("practice.command.compare_key")
	} else {
		t.Say("practice.command.same_key")
	}
	return nil
}

// Diff is the command `staffetta kit diff`.
type Diff struct {
	A string `arg:"" help:"Kit file." it:"File di kit." type:"existingfile"`
	B string `arg:"" help:"The kit file to compare it with." it:"Il file di kit con cui confrontarlo." type:"existingfile"`
}

// Run prints the differences; none is an empty output.
func (c Diff) Run(ctx context.Context) error { return Run(ctx, c.Do) }

// Do answers at a terminal.
func (c Diff) Do(ctx context.Context, t Terminal) error {
	a, err := t.readKit(ctx, c.A, exchange.Read)
	if err != nil {
		return fmt.Errorf("%s: %w", c.A, err)
	}
	b, err := t.readKit(ctx, c.B, exchange.Read)
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
func (t Terminal) printed(d archive.Difference) string {
	if d.Path == "" {
		return "  " + t.words.Say(t.Language, language.M("practice.command."+string(d.Change))) + "\n"
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

// Build is the command `staffetta kit build`.
type Build struct {
	Dir     string `arg:"" help:"Folder of sources." it:"Cartella dei sorgenti." type:"existingdir"`
	File    string `arg:"" help:"Kit file to write; an existing one is replaced." it:"File di kit da scrivere; uno che c’è già è sostituito."`
	Release string `help:"Number of the release." it:"Numero della versione." default:"0.1.0"`
}

// Run builds a draft and says what is wrong with it.
func (c Build) Run(ctx context.Context) error { return Run(ctx, c.Do) }

// Do answers at a terminal.
func (c Build) Do(ctx context.Context, t Terminal) error {
	folder, k, err := t.ReadSources(ctx, c.Dir, c.Release)
	if err != nil {
		return err
	}
	var content bytes.Buffer
	if err := k.Write(&content); err != nil {
		return err
	}
	if err := os.WriteFile(c.File, content.Bytes(), 0o644); err != nil {
		return fmt.Errorf("write the kit file: %w", err)
	}
	t.Say("practice.command.built", "file", c.File, "items", len(k.Items), "hash", k.Manifest.Hash)
	t.Say("practice.command.built_next", "dir", c.Dir, "key", folder.Source().Practice.Key)
	return nil
}

// ReadSources reads a folder of sources and sees that the kit made of them can be read, as whoever installs it will.
func (t Terminal) ReadSources(ctx context.Context, dir, number string) (exchange.Folder, archive.Kit, error) {
	kinds, err := modules.NewKinds(all.Modules())
	if err != nil {
		return exchange.Folder{}, archive.Kit{}, err
	}
	folder, err := exchange.ReadFolder(kinds, os.DirFS(dir))
	if err != nil {
		return exchange.Folder{}, archive.Kit{}, t.Refusal(err)
	}
	k, err := folder.Kit(kinds, number)
	if err != nil {
		return exchange.Folder{}, archive.Kit{}, t.Refusal(folder.Locate(err))
	}
	var content bytes.Buffer
	if err := k.Write(&content); err != nil {
		return exchange.Folder{}, archive.Kit{}, err
	}
	if _, err := exchange.Read(ctx, kinds, bytes.NewReader(content.Bytes()), int64(content.Len())); err != nil {
		return exchange.Folder{}, archive.Kit{}, t.Refusal(folder.Locate(err))
	}
	return folder, k, nil
}

// OpenKit opens a kit file, which must be a plain one, and gives its size.
func OpenKit(path string) (*os.File, int64, error) {
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

func (t Terminal) readKit(ctx context.Context, path string, read reading) (archive.Kit, error) {
	kinds, err := modules.NewKinds(all.Modules())
	if err != nil {
		return archive.Kit{}, err
	}
	file, size, err := OpenKit(path)
	if err != nil {
		return archive.Kit{}, err
	}
	defer file.Close()
	k, err := read(ctx, kinds, file, size)
	return k, t.Refusal(err)
}

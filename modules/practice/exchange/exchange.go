// Package exchange carries published kits out of the installation and into it, as files: it hands them out, reads those
// that others made, and takes them into the catalogue. What a file looks like is package archive's.
package exchange

import (
	"bytes"
	"context"
	"io"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/practice/archive"
	"staffetta/modules/practice/release"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Service exports and installs kits.
type Service struct {
	deps     modules.Deps
	releases *release.Service
}

// NewService makes the service over the program's parts.
func NewService(deps modules.Deps) *Service {
	return &Service{deps: deps, releases: release.NewService(deps)}
}

// File is a kit as it is handed out.
type File struct {
	Name    string
	Content []byte
	Kit     archive.Kit
}

// Export makes the file of a release of a published practice; the same release gives the same bytes, here and wherever it
// was installed. A kit that was published before kits were signed is signed when its own body asks, and is
// problem.Conflict for others. It fails with problem.NotFound.
func (v *Service) Export(ctx context.Context, s tenants.Scope, practice uuid.UUID, number string) (File, error) {
	k, ceding, err := v.find(ctx, s, practice, number)
	if err != nil {
		return File{}, err
	}
	if !k.Signed() && ceding != s.Tenant {
		return File{}, problem.New(problem.Conflict, "practice.file.not_signed_yet")
	}
	if !k.Signed() {
		if err := v.releases.Sign(ctx, s, k.Manifest.Release.ID); err != nil {
			return File{}, err
		}
		if k, _, err = v.find(ctx, s, practice, number); err != nil {
			return File{}, err
		}
	}
	var out bytes.Buffer
	if err := k.Write(&out); err != nil {
		return File{}, err
	}
	return File{Name: k.FileName(), Content: out.Bytes(), Kit: k}, nil
}

// Installed is what became of a file.
type Installed struct {
	Kit   archive.Kit
	Known bool // the same kit was there already, and nothing changed
}

// Trust is why a signature counts: the key is known, or somebody who installs compared its fingerprint with the one that
// the ceding body shows.
type Trust struct{ Fingerprint string }

// Install takes the kit of a file into the catalogue of this installation, so that its bodies can adopt it. Only the
// platform's scope may. What is wrong with the file is problem.Invalid, and so is a key that is not known here and whose
// fingerprint is not the one given; a body that is known by another key, a practice of somebody else and a number that is
// taken are problem.Conflict. Nothing changes then. The same file again changes nothing.
func (v *Service) Install(ctx context.Context, s tenants.Scope, file io.ReaderAt, size int64, trust Trust) (Installed, error) {
	k, err := Verify(ctx, v.deps.Platform.Kinds, file, size)
	if err != nil {
		return Installed{}, err
	}
	var outcome string
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		known, err := knowsSigner(ctx, tx, k.Manifest.Provenance.Key)
		if err != nil {
			return err
		}
		if !known && !archive.SameFingerprint(trust.Fingerprint, k.Manifest.Provenance.Key) {
			return unknownKey(k, trust)
		}
		if outcome, err = installKit(ctx, tx, k); err != nil || outcome != "installed" {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "kit.install", Object: k.Manifest.Release.ID, Payload: map[string]any{
			"practice": k.Manifest.Practice.ID, "release": k.Manifest.Release.Number, "hash": k.Manifest.Hash, "items": len(k.Items),
			"body": k.Manifest.Provenance.Body.Name, "key": archive.Fingerprint(k.Manifest.Provenance.Key),
		}})
	})
	if err != nil {
		return Installed{}, err
	}
	return Installed{Kit: k, Known: outcome == "present"}, refusal(outcome, k)
}

// unknownKey asks for the fingerprint, and says when another one was given.
func unknownKey(k archive.Kit, trust Trust) error {
	var wrong problem.Fields
	if trust.Fingerprint == "" {
		wrong.Add("fingerprint", "practice.file.unknown_key", "body", k.Manifest.Provenance.Body.Name)
	} else {
		wrong.Add("fingerprint", "practice.file.other_fingerprint", "body", k.Manifest.Provenance.Body.Name)
	}
	return &problem.Error{Kind: problem.Invalid, Message: wrong[0].Message, Fields: wrong}
}

// refusal says why nothing was installed.
func refusal(outcome string, k archive.Kit) error {
	m := k.Manifest
	switch outcome {
	case "key":
		return problem.New(problem.Conflict, "practice.file.other_key", "body", m.Provenance.Body.Name)
	case "owner":
		return problem.New(problem.Conflict, "practice.file.other_owner", "title", m.Practice.Title.IT)
	case "release":
		return problem.New(problem.Conflict, "practice.file.release_taken", "release", m.Release.Number)
	}
	return nil
}

// Verify reads a file that anybody may have made: everything that package archive looks at, and that the sheet is one. It
// needs no database.
func Verify(ctx context.Context, kinds *modules.Kinds, file io.ReaderAt, size int64) (archive.Kit, error) {
	k, err := archive.Reader{Limits: archive.Usual, Kinds: kinds}.Verify(ctx, file, size)
	if err != nil {
		return archive.Kit{}, err
	}
	return k, checkSheet(k)
}

// Read is Verify for files that need no signature, to be looked at.
func Read(ctx context.Context, kinds *modules.Kinds, file io.ReaderAt, size int64) (archive.Kit, error) {
	k, err := archive.Reader{Limits: archive.Usual, Kinds: kinds}.Read(ctx, file, size)
	if err != nil {
		return archive.Kit{}, err
	}
	return k, checkSheet(k)
}

// checkSheet sees that the sheet of a kit is one, without persons.
func checkSheet(k archive.Kit) error {
	sheet, err := release.ParseSheet(k.Manifest.Sheet)
	if err != nil {
		return problem.New(problem.Invalid, "practice.file.sheet").Wrap(err)
	}
	public, err := sheet.Public()
	if err != nil {
		return err
	}
	if !bytes.Equal(public, k.Manifest.Sheet) {
		return problem.New(problem.Invalid, "practice.file.sheet")
	}
	return nil
}

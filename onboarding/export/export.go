// Package export is how a body takes out all that it owns: one person asks and says to whom it goes, another one agrees, a job
// writes the archive encrypted to who receives it, and for a few days it can be fetched. It must not know what is in the
// archive (package archive), nor hold the key that opens it.
package export

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"time"

	"filippo.io/age"
	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/onboarding/archive"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// The permissions of this package.
const (
	Read  = "export:read"
	Ask   = "export:ask"
	Agree = "export:agree"
)

// State is where an export stands.
type State string

// The states of an export.
const (
	Asked     State = "asked"
	Withdrawn State = "withdrawn"
	Refused   State = "refused"
	Agreed    State = "agreed" // it is being made
	Ready     State = "ready"
	Failed    State = "failed"
	Expired   State = "expired"
)

// kept is how long an archive can be fetched.
const kept = 7 * 24 * time.Hour

// Export is one request to take out all that the body owns (it: esportazione).
type Export struct {
	ID          uuid.UUID
	State       State
	Receiver    string // who is to have it, in words
	Recipient   string // their public key, as age1…
	Reason      string
	AskedBy     *uuid.UUID
	AskedName   string
	AskedAt     time.Time
	DecidedName string
	DecidedAt   *time.Time
	Words       string // why it was refused
	Done, Steps int    // how far the archive is
	Size        int64
	ManifestSum string
	MadeAt      *time.Time
	ExpiresAt   *time.Time
	FetchedName string
	FetchedAt   *time.Time
	Version     int
}

// Open tells whether somebody has still to decide, or the archive to be made.
func (e Export) Open() bool { return e.State == Asked || e.State == Agreed }

// Request is what somebody asks for.
type Request struct {
	ID        uuid.UUID // made when the form was rendered, so that a second submit changes nothing
	Receiver  string
	Recipient string
	Reason    string
}

// Service takes exports from the question to the archive.
type Service struct {
	deps modules.Deps
	now  func() time.Time
}

// NewService makes the service over the program's parts.
func NewService(deps modules.Deps) *Service { return &Service{deps: deps, now: time.Now} }

// maxExports is how many exports a body is shown.
const maxExports = 50

// Find lists the exports of the body, the newest first.
func (v *Service) Find(ctx context.Context, s tenants.Scope) ([]Export, error) {
	wait := v.deps.Audit.Start(ctx, s, audit.Event{Action: "export.list"})
	var found []Export
	err := v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) (err error) {
		found, err = findExports(ctx, tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	return found, wait()
}

// Get returns one export of the body. Error: problem.NotFound.
func (v *Service) Get(ctx context.Context, s tenants.Scope, id uuid.UUID) (Export, error) {
	wait := v.deps.Audit.Start(ctx, s, audit.Event{Action: "export.read", Object: id})
	e, err := v.get(ctx, s, id)
	if err != nil {
		return e, err
	}
	return e, wait()
}

// Ask asks for an export. Errors: problem.Invalid by field; problem.Conflict while another one is open.
func (v *Service) Ask(ctx context.Context, s tenants.Scope, r Request) error {
	r.Receiver, r.Recipient, r.Reason = strings.TrimSpace(r.Receiver), strings.TrimSpace(r.Recipient), strings.TrimSpace(r.Reason)
	if err := r.check(); err != nil {
		return err
	}
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if made, err := createExport(ctx, tx, s, r); err != nil || !made {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "export.ask", Object: r.ID, Payload: map[string]any{
			"receiver": r.Receiver, "recipient": r.Recipient, "reason": r.Reason,
		}})
	})
}

func (r Request) check() error {
	var wrong problem.Fields
	for name, value := range map[string]string{"destinatario": r.Receiver, "chiave": r.Recipient} {
		wrong.Require(name, value)
		wrong.Legible(name, value)
	}
	wrong.MaxLength("destinatario", r.Receiver, 200)
	wrong.Reason("motivo", r.Reason, 2000)
	if _, err := recipient(r.Recipient); r.Recipient != "" && err != nil {
		wrong.Add("chiave", "onboarding.export.error.key")
	}
	return wrong.Err()
}

// recipient reads the public key of who receives an archive.
func recipient(text string) (age.Recipient, error) {
	if strings.ContainsAny(text, "\n\r") || len(text) > 3000 {
		return nil, errors.New("it is no public key")
	}
	list, err := age.ParseRecipients(strings.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("read the public key: %w", err)
	}
	return list[0], nil
}

// Withdraw takes a question back that nobody answered. Errors: problem.NotFound, problem.Conflict.
func (v *Service) Withdraw(ctx context.Context, s tenants.Scope, id uuid.UUID) error {
	return v.change(ctx, s, id, func(ctx context.Context, tx tenants.Tx, e Export) error {
		if err := withdrawExport(ctx, tx, e); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "export.withdraw", Object: id})
	})
}

// change locks an export that is asked for and lets fn change it. Errors: problem.NotFound, problem.Conflict.
func (v *Service) change(ctx context.Context, s tenants.Scope, id uuid.UUID, fn func(context.Context, tenants.Tx, Export) error) error {
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		e, err := lockExport(ctx, tx, id)
		if err != nil {
			return err
		}
		if e.State != Asked {
			return problem.New(problem.Conflict, "onboarding.export.error.decided")
		}
		return fn(ctx, tx, e)
	})
}

// Refuse says no, with why. Errors: problem.Invalid by field, problem.NotFound, problem.Conflict.
func (v *Service) Refuse(ctx context.Context, s tenants.Scope, id uuid.UUID, words string) error {
	words = strings.TrimSpace(words)
	var wrong problem.Fields
	wrong.Reason("perche", words, 2000)
	if err := wrong.Err(); err != nil {
		return err
	}
	return v.change(ctx, s, id, func(ctx context.Context, tx tenants.Tx, _ Export) error {
		if err := decideExport(ctx, tx, s, Export{ID: id, State: Refused, Words: words}); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "export.refuse", Object: id, Payload: map[string]any{"reason": words}})
	})
}

// Agree has the archive made. Key is the public key of who receives it, as this person has it from them and not from who asked: an
// archive for a key that only who asked knows would be theirs to read. Errors: problem.Invalid by field, problem.Forbidden for
// who asked, problem.NotFound, problem.Conflict.
func (v *Service) Agree(ctx context.Context, s tenants.Scope, id uuid.UUID, key string) error {
	err := v.change(ctx, s, id, func(ctx context.Context, tx tenants.Tx, e Export) error {
		if e.AskedBy == nil || *e.AskedBy == s.Account {
			return problem.New(problem.Forbidden, "onboarding.export.error.alone")
		}
		if strings.TrimSpace(key) != e.Recipient {
			var wrong problem.Fields
			wrong.Add("chiave", "onboarding.export.error.other_key")
			return wrong.Err()
		}
		if err := decideExport(ctx, tx, s, Export{ID: id, State: Agreed}); err != nil {
			return err
		}
		if err := v.deps.Jobs.Enqueue(ctx, tx, makeArgs{Owned: owned(s.Tenant), Export: id}); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "export.agree", Object: id, Payload: map[string]any{"recipient": e.Recipient}})
	})
	if problem.Is(err, problem.Invalid) || problem.Is(err, problem.Forbidden) {
		return errors.Join(err, v.tellRefusal(ctx, s, id))
	}
	return err
}

// tellRefusal writes down that somebody agreed alone or with another key.
func (v *Service) tellRefusal(ctx context.Context, s tenants.Scope, id uuid.UUID) error {
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		return audit.Write(ctx, tx, s, audit.Event{Action: "export.mismatch", Object: id})
	})
}

// Fetch gives the archive and writes down who had it. Errors: problem.NotFound for what is not ready or no more there.
func (v *Service) Fetch(ctx context.Context, s tenants.Scope, id uuid.UUID) (e Export, content io.ReadSeekCloser, err error) {
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if e, err = lockExport(ctx, tx, id); err != nil {
			return err
		}
		if e.State != Ready || e.ExpiresAt == nil || !v.now().Before(*e.ExpiresAt) {
			return problem.Missing()
		}
		if content, err = v.deps.Platform.Folders.Open(s.Tenant, e.file()); errors.Is(err, fs.ErrNotExist) {
			return problem.Missing().Wrap(err)
		} else if err != nil {
			return err
		}
		if err := noteFetched(ctx, tx, s, id); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "export.fetch", Object: id, Payload: map[string]any{"manifest": e.ManifestSum}})
	})
	if err != nil && content != nil {
		return e, nil, errors.Join(err, content.Close())
	}
	return e, content, err
}

// file is the name under which the archive is kept.
func (e Export) file() string { return e.ID.String() + ".zip.age" }

// seal writes what fn writes, encrypted to the recipient.
func seal(out io.Writer, key string, fn func(io.Writer) error) error {
	to, err := recipient(key)
	if err != nil {
		return err
	}
	sealed, err := age.Encrypt(out, to)
	if err != nil {
		return fmt.Errorf("encrypt the archive: %w", err)
	}
	return errors.Join(fn(sealed), sealed.Close())
}

// write writes the archive of the scope's body and returns the digest of its manifest.
func (v *Service) write(ctx context.Context, s tenants.Scope, out io.Writer, progress func(done, steps int) error) (m archive.Manifest, sum string, err error) {
	body, err := v.deps.Bodies.ByID(s.Tenant)
	if err != nil {
		return m, "", fmt.Errorf("body %d: %w", s.Tenant, err)
	}
	err = v.deps.DB.Report(ctx, policies.ForJob(s, policies.SectionIDs()...), func(tx tenants.Tx) error {
		m, sum, err = archive.Write(ctx, out, archive.Source{
			Tx: tx, Body: archive.Body{ID: body.ID, Slug: body.Slug, Name: body.Name}, Program: v.deps.Platform.Version,
			Modules: v.deps.Platform.Modules, Files: v.deps.Platform.Files, Key: v.deps.Platform.Seal, Progress: progress,
		})
		return err
	})
	return m, sum, err
}

// Make writes the archive of an export that was agreed upon; one that is made already stays.
func (v *Service) Make(ctx context.Context, s tenants.Scope, id uuid.UUID) error {
	e, err := v.get(ctx, s, id)
	if err != nil || e.State != Agreed {
		return err
	}
	var sum string
	told := v.now()
	progress := func(done, steps int) error {
		if v.now().Sub(told) < time.Second {
			return nil
		}
		told = v.now()
		return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error { return noteProgress(ctx, tx, id, done, steps) })
	}
	size, err := v.deps.Platform.Folders.Write(ctx, s.Tenant, e.file(), func(out io.Writer) error {
		return seal(out, e.Recipient, func(sealed io.Writer) error {
			_, sum, err = v.write(ctx, s, sealed, progress)
			return err
		})
	})
	if err != nil {
		return err
	}
	expires := v.now().Add(kept)
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if err := noteMade(ctx, tx, Export{ID: id, Size: size, ManifestSum: sum, ExpiresAt: &expires}); err != nil {
			return err
		}
		if err := v.deps.Jobs.Enqueue(ctx, tx, forgetArgs{Owned: owned(s.Tenant), Export: id, At: expires}); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "export.make", Object: id, Payload: map[string]any{"size": size, "manifest": sum}})
	})
}

func (v *Service) get(ctx context.Context, s tenants.Scope, id uuid.UUID) (e Export, err error) {
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		e, err = lockExport(ctx, tx, id)
		return err
	})
	return e, err
}

// fail says that the archive could not be made, and lets somebody ask again.
func (v *Service) fail(ctx context.Context, s tenants.Scope, id uuid.UUID) error {
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if err := endExport(ctx, tx, id, Agreed, Failed); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "export.fail", Object: id})
	})
}

// Forget removes an archive whose days are over.
func (v *Service) Forget(ctx context.Context, s tenants.Scope, id uuid.UUID) error {
	if err := v.deps.Platform.Folders.Remove(s.Tenant, Export{ID: id}.file()); err != nil {
		return err
	}
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if err := endExport(ctx, tx, id, Ready, Expired); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "export.expire", Object: id})
	})
}

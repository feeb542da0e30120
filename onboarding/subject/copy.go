package subject

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/onboarding/subject/dossier"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// CopyState is where a copy stands.
type CopyState string

// The states of a copy.
const (
	Making  CopyState = "making"
	Ready   CopyState = "ready"
	Failed  CopyState = "failed"
	Expired CopyState = "expired"
)

// kept is how long a copy can be fetched.
const kept = 7 * 24 * time.Hour

// Copy is what is handed to a person of what the body has about them (it: copia dei dati).
type Copy struct {
	ID          uuid.UUID
	Request     uuid.UUID
	State       CopyState
	Choices     []Choice
	AskedName   string
	AskedAt     time.Time
	Size        int64
	SHA256      string
	MadeAt      *time.Time
	ExpiresAt   *time.Time
	FetchedName string
	FetchedAt   *time.Time
}

// Choice is what was decided about a part.
type Choice struct {
	Part   string `json:"part"`
	Title  string `json:"title"`
	In     bool   `json:"in"`
	Reason string `json:"reason,omitempty"` // why it stays out
	Rows   int    `json:"rows"`
}

// file is the name under which the copy is kept.
func (c Copy) file() string { return "subject-" + c.ID.String() + ".zip" }

// ofJob is the actor of what the program does for the body, with every section.
func ofJob(s tenants.Scope) tenants.Scope {
	return policies.ForJob(tenants.Scope{Tenant: s.Tenant, Slug: s.Slug, Name: s.Name, RequestID: s.RequestID}, policies.SectionIDs()...)
}

// mayCopy tells whether a copy is due by what was asked.
func mayCopy(r Request) bool {
	return r.Open() && r.Person != nil && (r.Kind == "access" || r.Kind == "portability")
}

// Parts tells what the body has about the person of a request: titles and counts, no content. Errors: problem.NotFound; problem.Conflict where no
// copy is due.
func (v *Service) Parts(ctx context.Context, s tenants.Scope, id uuid.UUID) (r Request, parts []dossier.Part, err error) {
	if r, _, err = v.Get(ctx, s, id); err != nil {
		return r, nil, err
	}
	if !mayCopy(r) {
		return r, nil, problem.New(problem.Conflict, "onboarding.subject.error.no_copy")
	}
	err = v.deps.DB.Report(ctx, ofJob(s), func(tx tenants.Tx) error {
		parts, err = dossier.Count(ctx, tx, v.deps.Platform.Modules, dossier.Subject{Body: s.Tenant, Person: *r.Person})
		return err
	})
	return r, parts, err
}

// Copies lists those of a request, the newest first, and writes down who read it. Error: problem.NotFound.
func (v *Service) Copies(ctx context.Context, s tenants.Scope, id uuid.UUID) ([]Copy, error) {
	wait := v.deps.Audit.Start(ctx, s, audit.Event{Action: "subject_request.read", Object: id})
	found, err := v.copies(ctx, s, id)
	if err != nil {
		return nil, err
	}
	return found, wait()
}

// copies lists those of a request for who has read it, as Get writes down.
func (v *Service) copies(ctx context.Context, s tenants.Scope, id uuid.UUID) (found []Copy, err error) {
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if _, err := v.get(ctx, tx, s, id); err != nil {
			return err
		}
		found, err = findCopies(ctx, tx, id)
		return err
	})
	return found, err
}

// MakeCopy decides what is in a copy and has it made. Every part that there is has to be in, or out with a reason. Errors: problem.Invalid by
// field ("parte-" and the part), problem.NotFound, problem.Conflict also while one is being made.
func (v *Service) MakeCopy(ctx context.Context, s tenants.Scope, request, id uuid.UUID, choices []Choice) error {
	_, parts, err := v.Parts(ctx, s, request)
	if err != nil {
		return err
	}
	decided, err := decide(parts, choices)
	if err != nil {
		return err
	}
	return v.change(ctx, s, request, func(tx tenants.Tx, _ Request) (Step, error) {
		made, err := insertCopy(ctx, tx, s, Copy{ID: id, Request: request, Choices: decided})
		if err == nil && !made {
			err = problem.New(problem.Conflict, "onboarding.subject.error.making")
		}
		if err != nil {
			return Step{}, err
		}
		return Step{Kind: "copy", Words: out(decided)}, v.deps.Jobs.Enqueue(ctx, tx, copyArgs{Owned: owned(s.Tenant), Copy: id})
	})
}

// decide puts what was chosen beside what there is.
func decide(parts []dossier.Part, choices []Choice) (decided []Choice, err error) {
	var wrong problem.Fields
	for _, p := range parts {
		at := slices.IndexFunc(choices, func(c Choice) bool { return c.Part == p.ID })
		c := Choice{Part: p.ID, Title: p.Title.It, Rows: p.Rows}
		if at >= 0 {
			c.In, c.Reason = choices[at].In, strings.TrimSpace(choices[at].Reason)
		}
		if c.In {
			c.Reason = ""
		} else {
			checkWords(&wrong, "perche-"+p.ID, c.Reason, 500)
		}
		decided = append(decided, c)
	}
	return decided, wrong.Err()
}

// out lists the parts that stay out, with why. Of those of which the person must not know it says nothing: the steps of a request are
// data about the person, too.
func out(choices []Choice) string {
	var lines []string
	for _, c := range choices {
		if !c.In && !dossier.Hidden(c.Part) {
			lines = append(lines, c.Title+": "+c.Reason)
		}
	}
	return strings.Join(lines, "\n")
}

// Write makes a copy that was decided; one that is made already stays. Nobody's account does it.
func (v *Service) Write(ctx context.Context, s tenants.Scope, id uuid.UUID) error {
	c, r, err := v.copyOf(ctx, s, id)
	if err != nil || c.State != Making || r.Person == nil {
		return err
	}
	sum := sha256.New()
	size, err := v.deps.Platform.Folders.Write(ctx, s.Tenant, c.file(), func(file io.Writer) error {
		return v.deps.DB.Report(ctx, ofJob(s), func(tx tenants.Tx) error {
			return dossier.Write(ctx, io.MultiWriter(file, sum), v.source(tx), v.order(s, c, r))
		})
	})
	if err != nil {
		return err
	}
	expires := time.Now().Add(kept)
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if err := noteMade(ctx, tx, Copy{ID: id, Size: size, SHA256: hex.EncodeToString(sum.Sum(nil)), ExpiresAt: &expires}); err != nil {
			return err
		}
		if err := v.deps.Jobs.Enqueue(ctx, tx, forgetArgs{Owned: owned(s.Tenant), Copy: id, At: expires}); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "subject_copy.make", Object: r.ID, Payload: map[string]any{"copy": id, "size": size}})
	})
}

func (v *Service) copyOf(ctx context.Context, s tenants.Scope, id uuid.UUID) (c Copy, r Request, err error) {
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if c, err = getCopy(ctx, tx, id); err != nil {
			return err
		}
		r, err = getRequest(ctx, tx, c.Request)
		return err
	})
	return c, r, err
}

func (v *Service) source(tx tenants.Tx) dossier.Source {
	return dossier.Source{Tx: tx, Modules: v.deps.Platform.Modules, Files: v.deps.Platform.Files, Names: v.deps.Bodies.Name, Words: v.deps.Platform.Mail.Words}
}

func (v *Service) order(s tenants.Scope, c Copy, r Request) dossier.Order {
	o := dossier.Order{
		Subject: dossier.Subject{Body: s.Tenant, Person: *r.Person}, Name: r.Subject, Body: v.deps.Bodies.Name(s.Tenant), Number: r.Number, At: c.AskedAt,
	}
	for _, choice := range c.Choices {
		if choice.In {
			o.Parts = append(o.Parts, choice.Part)
		} else if !dossier.Hidden(choice.Part) {
			o.Left = append(o.Left, dossier.Left{ID: choice.Part, Title: choice.Title, Reason: choice.Reason})
		}
	}
	return o
}

// Fail says that a copy could not be made, and lets somebody ask again.
func (v *Service) Fail(ctx context.Context, s tenants.Scope, id uuid.UUID) error {
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error { return endCopy(ctx, tx, id, Making, Failed) })
}

// Forget removes a copy whose days are over.
func (v *Service) Forget(ctx context.Context, s tenants.Scope, id uuid.UUID) error {
	if err := v.deps.Platform.Folders.Remove(s.Tenant, Copy{ID: id}.file()); err != nil {
		return fmt.Errorf("remove a copy of data: %w", err)
	}
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if err := endCopy(ctx, tx, id, Ready, Expired); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "subject_copy.expire", Object: id})
	})
}

// Fetch gives a copy and writes down who had it. Errors: problem.NotFound for what is not ready or no more there.
func (v *Service) Fetch(ctx context.Context, s tenants.Scope, request, id uuid.UUID) (c Copy, r Request, content io.ReadSeekCloser, err error) {
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if r, err = v.get(ctx, tx, s, request); err != nil {
			return err
		}
		if c, err = getCopy(ctx, tx, id); err != nil {
			return err
		}
		if c.Request != request || c.State != Ready || c.ExpiresAt == nil || !time.Now().Before(*c.ExpiresAt) {
			return problem.Missing()
		}
		if content, err = v.deps.Platform.Folders.Open(s.Tenant, c.file()); errors.Is(err, fs.ErrNotExist) {
			return problem.Missing().Wrap(err)
		} else if err != nil {
			return fmt.Errorf("open a copy of data: %w", err)
		}
		if err := noteFetched(ctx, tx, s, id); err != nil {
			return err
		}
		if err := insertStep(ctx, tx, s, request, Step{Kind: "fetch"}); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "subject_copy.fetch", Object: request, Payload: map[string]any{"copy": id, "sha256": c.SHA256}})
	})
	if err != nil && content != nil {
		return c, r, nil, errors.Join(err, content.Close())
	}
	return c, r, content, err
}

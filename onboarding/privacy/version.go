package privacy

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/onboarding/privacy/paper"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// State is where a version stands.
type State string

// The states of a version.
const (
	Proposed  State = "proposed" // the data protection officer has not answered
	Published State = "published"
	Refused   State = "refused"
	Withdrawn State = "withdrawn"
)

// Version is a document as somebody proposed it; its text never changes.
type Version struct {
	ID           uuid.UUID
	Kind         paper.Kind
	State        State
	Number       int // 0 until it is published
	SHA256       string
	Document     paper.Document // not in lists
	ProposedBy   uuid.UUID
	ProposedName string
	ProposedAt   time.Time
	DecidedName  string
	DecidedAt    time.Time
	Words        string // how the officer agreed, or why it was refused

	content string
}

// Paper is a document as it stands: its draft, the version in force, the one that waits, and what changed.
type Paper struct {
	Kind      paper.Kind
	Draft     paper.Draft
	Mark      string   // of the draft
	Published *Version // the last one; nil for none
	Proposed  *Version
	Changes   []paper.Change // from the published version to the draft
}

// UpToDate tells whether the version in force says what is so.
func (p Paper) UpToDate() bool { return p.Published != nil && len(p.Changes) == 0 }

// Board is how all documents of a body stand.
type Board struct {
	Sheet      paper.Sheet
	Papers     []Paper
	Controller []paper.Fact
	Officer    []paper.Fact
	Agreed     bool // a member with the officer's role agrees before anything is published
}

// Paper returns one of the documents.
func (b Board) Paper(k paper.Kind) Paper {
	return b.Papers[slices.Index(paper.Kinds, k)]
}

// Find tells how the documents of the actor's body stand.
func (v *Service) Find(ctx context.Context, s tenants.Scope) (b Board, err error) {
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		b, err = v.findIn(ctx, tx, s)
		return err
	})
	return b, err
}

func (v *Service) findIn(ctx context.Context, tx tenants.Tx, s tenants.Scope) (Board, error) {
	f, err := v.gatherIn(ctx, tx, s)
	if err != nil {
		return Board{}, err
	}
	current, err := findCurrent(ctx, tx)
	if err != nil {
		return Board{}, err
	}
	b := Board{Sheet: f.Sheet, Controller: f.Controller(), Officer: f.Officer(), Agreed: f.Agrees(s.Account)}
	for _, kind := range paper.Kinds {
		p := Paper{Kind: kind, Draft: f.Draft(kind)}
		if _, p.Mark, err = p.Draft.Encode(); err != nil {
			return Board{}, err
		}
		for i := range current {
			if err := p.take(&current[i]); err != nil {
				return Board{}, err
			}
		}
		b.Papers = append(b.Papers, p)
	}
	return b, nil
}

// take puts a version where it belongs, if it is one of the paper.
func (p *Paper) take(x *Version) (err error) {
	if x.Kind != p.Kind {
		return nil
	}
	if x.Document, err = paper.Decode(x.content); err != nil {
		return err
	}
	if x.State == Proposed {
		p.Proposed = x
		return nil
	}
	p.Published, p.Changes = x, paper.Compare(x.Document, p.Draft.Document)
	return nil
}

// Order is the decision to publish a document as it was read.
type Order struct {
	ID      uuid.UUID // made when the form was rendered, so that a second submit changes nothing
	Kind    paper.Kind
	Mark    string // of the draft that was read
	Opinion string // how the officer agreed, where no member holds that role
}

// maxWords is how many characters an opinion or a reason has at most.
const maxWords = 1000

// Publish freezes a document as it is drafted now. Where a member holds the role of the body's data protection officer, it waits for
// their agreement; else it is published at once, and who publishes says how the officer agreed. Errors: problem.Invalid by field;
// problem.Conflict where something is missing, nothing changed, something else was read, or one waits already.
func (v *Service) Publish(ctx context.Context, s tenants.Scope, o Order) error {
	o.Opinion = strings.TrimSpace(o.Opinion)
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if known, err := lockVersion(ctx, tx, o.ID); err == nil && known.Kind == o.Kind {
			return nil
		} else if err != nil && !problem.Is(err, problem.NotFound) {
			return err
		}
		b, err := v.findIn(ctx, tx, s)
		if err != nil {
			return err
		}
		if err := b.allows(o); err != nil {
			return err
		}
		return propose(ctx, tx, s, b, o)
	})
}

// allows refuses a decision that cannot be taken as things stand.
func (b Board) allows(o Order) error {
	p := b.Paper(o.Kind)
	switch {
	case p.Proposed != nil:
		return problem.New(problem.Conflict, "onboarding.privacy.error.waiting")
	case len(p.Draft.Missing) > 0:
		return problem.New(problem.Conflict, "onboarding.privacy.error.missing")
	case p.UpToDate():
		return problem.New(problem.Conflict, "onboarding.privacy.error.same")
	case o.Mark != p.Mark:
		return modules.Stale()
	}
	var wrong problem.Fields
	if !b.Agreed {
		wrong.Require("parere", o.Opinion)
	}
	wrong.Words("parere", o.Opinion, maxWords)
	return wrong.Err()
}

func propose(ctx context.Context, tx tenants.Tx, s tenants.Scope, b Board, o Order) error {
	x := Version{ID: o.ID, Kind: o.Kind}
	var err error
	if x.content, x.SHA256, err = b.Paper(o.Kind).Draft.Encode(); err != nil {
		return err
	}
	if made, err := createVersion(ctx, tx, s, x); err != nil || !made {
		return err
	}
	event := audit.Event{Action: "privacy.propose", Object: x.ID, Payload: map[string]any{"document": x.Kind, "sha256": x.SHA256}}
	if err := audit.Write(ctx, tx, s, event); err != nil || b.Agreed {
		return err
	}
	x.State, x.Words = Published, o.Opinion
	return decide(ctx, tx, s, x)
}

func decide(ctx context.Context, tx tenants.Tx, s tenants.Scope, x Version) error {
	if err := decideVersion(ctx, tx, s, x); err != nil {
		return err
	}
	action := map[State]string{Published: "privacy.publish", Refused: "privacy.refuse", Withdrawn: "privacy.withdraw"}[x.State]
	return audit.Write(ctx, tx, s, audit.Event{Action: action, Object: x.ID, Payload: map[string]any{"document": x.Kind, "sha256": x.SHA256, "words": x.Words}})
}

// Answer is what the data protection officer answers to a proposal.
type Answer struct {
	ID    uuid.UUID
	Yes   bool
	Words string // why not; 1 to 1,000 characters without Yes
}

// Answer publishes a proposal, or refuses it. Errors: problem.Invalid by field, problem.Forbidden for who proposed it,
// problem.NotFound, problem.Conflict where it was decided about.
func (v *Service) Answer(ctx context.Context, s tenants.Scope, a Answer) error {
	a.Words = strings.TrimSpace(a.Words)
	var wrong problem.Fields
	if !a.Yes {
		wrong.Require("motivo", a.Words)
	}
	wrong.Words("motivo", a.Words, maxWords)
	if err := wrong.Err(); err != nil {
		return err
	}
	return v.change(ctx, s, a.ID, func(x Version) (Version, error) {
		if x.ProposedBy == s.Account {
			return x, problem.New(problem.Forbidden, "onboarding.privacy.error.alone")
		}
		if x.State, x.Words = Refused, a.Words; a.Yes {
			x.State = Published
		}
		return x, nil
	})
}

// Withdraw takes a proposal back that nobody answered. Errors: problem.NotFound, problem.Conflict.
func (v *Service) Withdraw(ctx context.Context, s tenants.Scope, id uuid.UUID) error {
	return v.change(ctx, s, id, func(x Version) (Version, error) {
		x.State = Withdrawn
		return x, nil
	})
}

// change locks a proposal and writes what becomes of it.
func (v *Service) change(ctx context.Context, s tenants.Scope, id uuid.UUID, fn func(Version) (Version, error)) error {
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		x, err := lockVersion(ctx, tx, id)
		if err != nil {
			return err
		}
		if x.State != Proposed {
			return problem.New(problem.Conflict, "onboarding.privacy.error.decided")
		}
		if x, err = fn(x); err != nil {
			return err
		}
		return decide(ctx, tx, s, x)
	})
}

// FindVersions lists the versions of a document without their text, the newest first.
func (v *Service) FindVersions(ctx context.Context, s tenants.Scope, kind paper.Kind) (found []Version, err error) {
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		found, err = findVersions(ctx, tx, kind)
		return err
	})
	return found, err
}

// GetPublished returns a published version of a document; number 0 is the last one. Error: problem.NotFound.
func (v *Service) GetPublished(ctx context.Context, s tenants.Scope, kind paper.Kind, number int) (x Version, err error) {
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		x, err = getPublished(ctx, tx, kind, number)
		return err
	})
	return x, err
}

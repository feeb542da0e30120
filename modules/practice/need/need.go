// Package need is the demand for good practice: what a body looks for, for whom and within what, written down, published to
// all bodies, and taken back or met. It must not rank practices (package matching does), and a published need names nobody.
package need

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/form"
	"staffetta/modules/practice/leaving"
	"staffetta/modules/practice/release"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// State is where a need stands.
type State string

// The states. Whoever withdraws a need may publish it again; what is met is over.
const (
	Draft     State = "draft"
	Published State = "published"
	Withdrawn State = "withdrawn"
	Met       State = "met"
)

// Budgets are the classes of what may be spent, in euro a year at most; "more" has no limit.
var Budgets = []string{"10000", "50000", "100000", "more"}

// MaxStaff bounds how many people a need may offer.
const MaxStaff = 500

// PracticeNeed is what a body looks for in the practices of others (it: fabbisogno di pratica).
type PracticeNeed struct {
	ID          uuid.UUID
	Tenant      int32
	Body        string // its name when it published; empty for the own body's
	Title       string
	Purpose     string    // what for
	Audience    string    // for whom
	Area        string    // ISTAT area; empty for none
	Budget      string    // one of Budgets; empty where it is not said
	Staff       *int      // people who can work at it; nil where it is not said
	Deadline    time.Time // by when it should run; zero where it is not said
	State       State
	Revision    int // of the own body's row, for optimistic writes
	PublishedAt time.Time
	UpdatedAt   time.Time
}

// Service keeps and publishes the needs of a body.
type Service struct {
	deps     modules.Deps
	releases *release.Service
}

// NewService makes the service over the program's parts.
func NewService(deps modules.Deps) *Service { return &Service{deps, release.NewService(deps)} }

// Close takes a published need back or says that it is met. problem.NotFound for a need that the body has not, and
// problem.Conflict for one that is not published.
func (v *Service) Close(ctx context.Context, s tenants.Scope, id uuid.UUID, outcome State) (PracticeNeed, error) {
	n, err := v.getOwn(ctx, s, id)
	if err != nil {
		return PracticeNeed{}, err
	}
	if n.State == outcome {
		return n, nil // said twice
	}
	if n.State != Published {
		return PracticeNeed{}, problem.New(problem.Conflict, "practice.need.error.not_published")
	}
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if err := closeNeed(ctx, tx, id, outcome); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "need." + string(outcome), Object: id})
	})
	if err != nil {
		return PracticeNeed{}, err
	}
	return v.getOwn(ctx, s, id)
}

// Create keeps a new need as a draft; the same id again returns what is there. It fails with problem.Invalid.
func (v *Service) Create(ctx context.Context, s tenants.Scope, n PracticeNeed) (PracticeNeed, error) {
	n = n.trimmed()
	if err := n.check(); err != nil {
		return PracticeNeed{}, err
	}
	err := v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error { return createNeed(ctx, tx, s, n) })
	if err != nil {
		return PracticeNeed{}, err
	}
	return v.getOwn(ctx, s, n.ID)
}

// Find lists the needs of the body in all states, the newest first.
func (v *Service) Find(ctx context.Context, s tenants.Scope) ([]PracticeNeed, error) {
	return v.findOwn(ctx, s)
}

// PageSize is how many published needs stand on a page.
const PageSize = 25

// FindPublished lists the needs that other bodies have published, the newest first, and the cursor of the next page.
func (v *Service) FindPublished(ctx context.Context, s tenants.Scope, area, after string) ([]PracticeNeed, string, error) {
	found, err := v.findPublished(ctx, s, area, after)
	page, next := form.Page(found, PageSize, func(n PracticeNeed) string { return form.Place{At: n.PublishedAt, ID: n.ID}.String() })
	return page, next, err
}

// Get returns a need of the body, or one that another has published; problem.NotFound otherwise.
func (v *Service) Get(ctx context.Context, s tenants.Scope, id uuid.UUID) (PracticeNeed, error) {
	n, err := v.getOwn(ctx, s, id)
	if problem.Is(err, problem.NotFound) {
		return v.getPublished(ctx, s, id)
	}
	return n, err
}

// Publish shows a need to all bodies. What seems to tell who a person is refuses it (problem.Invalid), and so does a need
// that is met, or that somebody changes meanwhile (problem.Conflict).
func (v *Service) Publish(ctx context.Context, s tenants.Scope, id uuid.UUID) (PracticeNeed, error) {
	n, err := v.getOwn(ctx, s, id)
	if err != nil || n.State == Published {
		return n, err
	}
	if n.State == Met {
		return PracticeNeed{}, problem.New(problem.Conflict, "practice.need.error.met")
	}
	if err := v.checkPersonal(ctx, s, n); err != nil {
		return PracticeNeed{}, err
	}
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if err := holdNeed(ctx, tx, n); err != nil {
			return err
		}
		if err := publishNeed(ctx, tx, id); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "need.publish", Object: id})
	})
	if err != nil {
		return PracticeNeed{}, err
	}
	return v.getOwn(ctx, s, id)
}

// Update changes a need that is not met; one that is published is published anew in the same transaction.
// problem.Conflict when somebody changed it meanwhile.
func (v *Service) Update(ctx context.Context, s tenants.Scope, n PracticeNeed) (PracticeNeed, error) {
	n = n.trimmed()
	before, err := v.getOwn(ctx, s, n.ID)
	if err != nil {
		return PracticeNeed{}, err
	}
	if before.State == Met {
		return PracticeNeed{}, problem.New(problem.Conflict, "practice.need.error.met")
	}
	if err := n.check(); err != nil {
		return PracticeNeed{}, err
	}
	if before.State == Published { // everybody reads it
		if err := v.checkPersonal(ctx, s, n); err != nil {
			return PracticeNeed{}, err
		}
	}
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		state, err := updateNeed(ctx, tx, n)
		if err != nil {
			return err
		}
		if state != before.State { // nobody has looked at it for all to read
			return problem.New(problem.Conflict, "web.error.conflict")
		}
		if state == Published {
			if err := publishNeed(ctx, tx, n.ID); err != nil {
				return err
			}
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "need.update", Object: n.ID})
	})
	if err != nil {
		return PracticeNeed{}, err
	}
	return v.getOwn(ctx, s, n.ID)
}

func (n PracticeNeed) trimmed() PracticeNeed {
	n.Title, n.Purpose, n.Audience = strings.TrimSpace(n.Title), strings.TrimSpace(n.Purpose), strings.TrimSpace(n.Audience)
	return n
}

// check notes what a need lacks before anybody can understand it.
func (n PracticeNeed) check() error {
	var wrong problem.Fields
	wrong.Require("title", n.Title)
	wrong.MaxLength("title", n.Title, 200)
	if length := len([]rune(n.Title)); length > 0 && length < 3 {
		wrong.Add("title", "practice.need.error.short")
	}
	wrong.Require("purpose", n.Purpose)
	wrong.MaxLength("purpose", n.Purpose, 2000)
	wrong.MaxLength("audience", n.Audience, 500)
	for field, text := range map[string]string{"title": n.Title, "purpose": n.Purpose, "audience": n.Audience} {
		if strings.ContainsFunc(text, isControl) || strings.ToValidUTF8(text, "") != text {
			wrong.Add(field, "practice.need.error.characters")
		}
	}
	wrong.OneOf("area", n.Area, append([]string{""}, kit.Areas()...)...)
	wrong.OneOf("budget", n.Budget, append([]string{""}, Budgets...)...)
	if n.Staff != nil && (*n.Staff < 0 || *n.Staff > MaxStaff) {
		wrong.Add("staff", "practice.need.error.staff", "n", MaxStaff)
	}
	if year := n.Deadline.Year(); !n.Deadline.IsZero() && (year < 2000 || year > 2100) {
		wrong.Add("deadline", "practice.need.error.deadline")
	}
	return wrong.Err()
}

func isControl(r rune) bool { return r < ' ' && r != '\n' && r != '\r' && r != '\t' || r == 0x7f }

// somewhere is the place of a name, for who may not see persons.
const somewhere = "need"

// checkPersonal refuses texts in which something seems to tell who a person is, by the rules of kits: all bodies will read them.
func (v *Service) checkPersonal(ctx context.Context, s tenants.Scope, n PracticeNeed) error {
	texts := map[string]any{"title": n.Title, "purpose": n.Purpose, "audience": n.Audience}
	return leaving.Texts{About: n.ID, Of: texts, Whole: somewhere}.Check(ctx, v.releases, s)
}

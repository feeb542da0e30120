// Package release prepares practices and their numbered kits, and publishes them: what a body really uses, checked for
// personal data, for completeness and for what it refers to. It must not read the persons of any registry: whether a name is
// that of one, the registry tells who may see persons, and anybody else learns of a whole kit whether one is in it.
package release

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/form"
	"staffetta/modules/registry"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// State is where a practice or a kit stands.
type State string

// The states of a practice; a kit knows Draft and Published only.
const (
	Draft     State = "draft"
	InReview  State = "in_review"
	Published State = "published"
	Retired   State = "retired"
)

// Practice is something that a body does well and offers to others (it: buona pratica).
type Practice struct {
	ID        uuid.UUID
	Key       string
	Title     language.Text
	Owner     string
	Licence   string
	State     State
	Sheet     Sheet
	Revision  int // of the row, for optimistic writes
	UpdatedAt time.Time
}

// Service prepares, publishes, adopts and applies.
type Service struct {
	deps    modules.Deps
	items   *kit.Items
	persons *registry.Service
}

// NewService makes the service.
func NewService(deps modules.Deps) *Service {
	return &Service{deps: deps, items: kit.NewItems(deps), persons: registry.NewService(deps)}
}

// Create keeps a new practice as a draft, however little of its sheet is written. The same id again returns what is there. It
// fails with problem.Invalid.
func (v *Service) Create(ctx context.Context, s tenants.Scope, p Practice) (Practice, error) {
	p.State = Draft
	if err := p.check(); err != nil {
		return Practice{}, err
	}
	err := v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error { return createPractice(ctx, tx, s, p) })
	if err != nil {
		return Practice{}, err
	}
	return v.Get(ctx, s, p.ID)
}

// Find lists the practices of the body by key, from the one after a cursor on, and gives the cursor of the next page; a cursor that
// is none begins with the first.
func (v *Service) Find(ctx context.Context, s tenants.Scope, cursor string) ([]Practice, string, error) {
	if !utf8.ValidString(cursor) || strings.ContainsRune(cursor, 0) {
		cursor = ""
	}
	found, err := v.findPractices(ctx, s, cursor)
	page, next := form.Page(found, form.PageSize, func(p Practice) string { return p.Key })
	return page, next, err
}

// Get returns a practice of the body; problem.NotFound if there is none.
func (v *Service) Get(ctx context.Context, s tenants.Scope, id uuid.UUID) (Practice, error) {
	return v.getPractice(ctx, s, id)
}

// Update changes title, owner, licence and sheet; problem.Invalid for another key, which never changes, and problem.Conflict
// when somebody changed the practice meanwhile.
func (v *Service) Update(ctx context.Context, s tenants.Scope, p Practice) (Practice, error) {
	before, err := v.Get(ctx, s, p.ID)
	if err != nil {
		return Practice{}, err
	}
	p.State = before.State
	if err := p.check(); err != nil {
		return Practice{}, err
	}
	if p.Key != before.Key {
		return Practice{}, problem.Fields{{Name: "key", Message: language.M("practice.error.key_fixed", "key", before.Key)}}.Err()
	}
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if err := updatePractice(ctx, tx, p); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "practice.update", Object: p.ID})
	})
	if err != nil {
		return Practice{}, err
	}
	return v.Get(ctx, s, p.ID)
}

// check sees that a practice can be kept. Of a draft the sheet may still lack parts; Publish asks for them.
func (p Practice) check() error {
	var wrong problem.Fields
	if !keyPattern.MatchString(p.Key) {
		wrong.Add("key", "kit.error.key")
	}
	wrong.Require("title", strings.TrimSpace(p.Title.It))
	if n := len([]rune(p.Title.It)); n > 0 && n < 3 {
		wrong.Add("title", "practice.error.short")
	}
	wrong.MaxLength("title", p.Title.It, 300)
	wrong.MaxLength("title", p.Title.En, 300)
	wrong.Legible("title", p.Title.It+p.Title.En)
	wrong.Legible("owner", p.Owner)
	wrong.Legible("licence", p.Licence)
	wrong.Require("owner", strings.TrimSpace(p.Owner))
	wrong.MaxLength("owner", p.Owner, 200)
	wrong.Require("licence", strings.TrimSpace(p.Licence))
	wrong.MaxLength("licence", p.Licence, 60)
	if len(p.Sheet.Credits) > 0 {
		wrong.Add("credits", "practice.error.credits")
	}
	sheet, err := json.Marshal(p.Sheet)
	if err != nil {
		return fmt.Errorf("write the sheet of a practice: %w", err)
	}
	wrong = append(wrong, kit.Unseen(sheet)...)
	if p.State != Draft {
		wrong = append(wrong, p.Sheet.Lacks()...)
	}
	return wrong.Err()
}

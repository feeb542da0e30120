// Package catalogue shows the kits that bodies have published, to everybody, and reads them with their hash checked. It must
// not show anything that is not published.
package catalogue

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/release"
	"staffetta/tenants"
)

// Offer is a published kit as every body can read it.
type Offer struct {
	Kit          uuid.UUID
	Practice     uuid.UUID
	Key          string
	Ceding       int32  // 0 where the ceding body is not in this installation
	Body         string // name of the ceding body when it published
	Release      string
	Title        language.Text
	Owner        string
	Licence      string
	Sheet        release.Sheet
	Text         []byte // of the sheet, canonical
	Completeness int
	Hash         string
	PublishedAt  time.Time
	Adopters     int
	Signer       []byte    // public key of the body; nil where the kit is not signed
	Live         int       // of them, those that have gone live
	Measured     bool      // somebody has said whether it is still in use
	AliveSince   time.Time // the oldest going live of those known to use it; zero where none is
	Area         string    // ISTAT area; empty where the sheet names none
	ISTAT        string    // of the ceding body's municipality

	readAt time.Time
	at     position
}

// Lineage is a kit from which items of another kit came.
type Lineage struct {
	Practice uuid.UUID `json:"practice"`
	Kit      uuid.UUID `json:"kit"`
	Release  string    `json:"release"`
}

// PublishedPractice is a published practice with all its kits, newest first.
type PublishedPractice struct {
	Newest  Offer
	Kits    []Offer
	Lineage []Lineage // of the newest kit
	Items   []kit.Source
}

// Service reads the catalogue.
type Service struct{ deps modules.Deps }

// NewService makes the service over the program's parts.
func NewService(deps modules.Deps) *Service { return &Service{deps} }

// FindTargets lists the groups of people that sheets name, those that most sheets name.
func (v *Service) FindTargets(ctx context.Context, s tenants.Scope) ([]string, error) {
	return v.findTargets(ctx, s)
}

// GetPublished returns a published practice with its kits and the items of the newest; problem.NotFound if there is none.
func (v *Service) GetPublished(ctx context.Context, s tenants.Scope, practice uuid.UUID) (PublishedPractice, error) {
	return v.getPublished(ctx, s, practice)
}

// GetOwn is GetPublished for a practice that the scope's body has published; problem.NotFound for any other.
func (v *Service) GetOwn(ctx context.Context, s tenants.Scope, practice uuid.UUID) (PublishedPractice, error) {
	published, err := v.getPublished(ctx, s, practice)
	if err == nil && published.Newest.Ceding != s.Tenant {
		return PublishedPractice{}, problem.Missing()
	}
	return published, err
}

// Contents are the items of a published kit, whose hash was checked.
type Contents struct {
	Offer
	Items []kit.Source
}

// Contents reads a kit of a practice, the newest for uuid.Nil, and sees that its contents are those that were published.
// Errors: problem.NotFound for a kit of another practice; problem.Internal where the contents do not meet their hash.
func (v *Service) Contents(ctx context.Context, s tenants.Scope, practice, chosen uuid.UUID) (Contents, error) {
	published, err := v.getPublished(ctx, s, practice)
	if err != nil {
		return Contents{}, err
	}
	c := Contents{published.Newest, published.Items}
	if chosen != uuid.Nil && chosen != c.Kit {
		at := slices.IndexFunc(published.Kits, func(o Offer) bool { return o.Kit == chosen })
		if at < 0 {
			return Contents{}, problem.Missing()
		}
		c.Offer = published.Kits[at]
		if c.Items, err = v.findItems(ctx, s, chosen); err != nil {
			return Contents{}, err
		}
	}
	return c, c.check()
}

// check sees that the contents are those that were published.
func (c Contents) check() error {
	versions := make([]kit.Version, len(c.Items))
	for i, item := range c.Items {
		versions[i] = kit.Version{Kind: item.Kind, Key: item.Key, SHA256: release.Digest(item.Content)}
	}
	if release.HashKit(c.Release, c.Text, versions) != c.Hash {
		return problem.New(problem.Internal, "practice.error.hash")
	}
	return nil
}

package practice

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/modules/kit"
	"staffetta/tenants"
)

// Offer is a published kit as every body can read it.
type Offer struct {
	Kit          uuid.UUID
	Practice     uuid.UUID
	Key          string
	Ceding       int32
	Body         string // name of the ceding body when it published
	Release      string
	Title        language.Text
	Owner        string
	Licence      string
	Sheet        Sheet
	Text         []byte // of the sheet, canonical
	Completeness int
	Hash         string
	PublishedAt  time.Time
	Adopters     int
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

// FindOffers lists the newest kit of each published practice that holds the text, by title. Any scope with a body may
// ask, also the platform's.
func (v *Service) FindOffers(ctx context.Context, s tenants.Scope, search string) ([]Offer, error) {
	return v.findOffers(ctx, s, strings.ToLower(strings.TrimSpace(search)))
}

// GetPublished returns a published practice with its kits and the items of the newest; problem.NotFound if there is none.
func (v *Service) GetPublished(ctx context.Context, s tenants.Scope, practice uuid.UUID) (PublishedPractice, error) {
	return v.getPublished(ctx, s, practice)
}

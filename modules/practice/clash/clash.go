// Package clash keeps what a body answers where it and a kit changed the same, while it answers, and asks people about such
// places. It must not decide what follows from an answer: package upgrade does.
package clash

import (
	"context"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/merge"
	"staffetta/modules"
	"staffetta/tenants"
)

// Conflict is one item that a body has to decide about, with what it has answered so far (it: conflitto).
type Conflict struct {
	Kind, Key string
	Sum       string // tells this conflict apart from another about the same item
	Answered  bool   // completely
	Answer    string
	Reason    string
	Fields    map[string]merge.Answer // by place
	Author    string                  // who answered last; "" for nobody yet
}

// waiting is an adoption with conflicts that nobody has answered.
type waiting struct {
	Adoption uuid.UUID
	Kit      uuid.UUID
	Release  string
	Title    language.Text
	Open     int
	Since    time.Time
}

// FindDuties lists the conflicts that await an answer of the body: until each has one, or the upgrade is given up.
func FindDuties(ctx context.Context, db *tenants.DB, s tenants.Scope) ([]modules.Duty, error) {
	found, err := findWaiting(ctx, db, s)
	if err != nil {
		return nil, err
	}
	duties := make([]modules.Duty, len(found))
	for i, w := range found {
		duties[i] = modules.Duty{
			Label: language.M("practice.duty.conflicts", "n", w.Open, "release", w.Release), Title: w.Title.It,
			Path: "/adozioni/" + w.Adoption.String() + "/prova?kit=" + w.Kit.String(), Since: w.Since,
		}
	}
	return duties, nil
}

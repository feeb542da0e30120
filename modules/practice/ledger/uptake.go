package ledger

import (
	"context"

	"github.com/google/uuid"

	"staffetta/modules/practice/catalogue"
	"staffetta/tenants"
)

// Few is the number of bodies below which a count is not told to the ceding body: of one or two bodies everybody would know
// which ones are meant. None is below it too, since a lack would tell of all the others.
const Few = 3

// Uptake is what the bodies that adopted a practice made of one of its items: counts alone (it: riuso del componente). A nil
// count is below Few.
type Uptake struct {
	Kind    string
	Key     string
	Adopted *int
	Adapted *int
	Dropped *int
}

// FindUptake tells the ceding body what its adopters made of each item of a practice, of all releases; problem.NotFound for
// what the body has not published.
func (v *Service) FindUptake(ctx context.Context, s tenants.Scope, practice uuid.UUID) (catalogue.PublishedPractice, []Uptake, error) {
	published, err := v.catalogue.GetOwn(ctx, s, practice)
	if err != nil {
		return catalogue.PublishedPractice{}, nil, err
	}
	var found []Uptake
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		found, err = findUptake(ctx, tx, practice)
		return err
	})
	return published, found, err
}

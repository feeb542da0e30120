// Package farewell ends what a body that leaves the platform has with others over practices. It must not touch what is published:
// a practice and its kits stay in commons, without persons.
package farewell

import (
	"context"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/tenants"
)

// Farewell is what the module does when a body leaves.
func Farewell(deps modules.Deps) modules.Farewell {
	find := func(ctx context.Context, s tenants.Scope) (list []modules.Parting, err error) {
		var adopted []adopted
		var published int
		err = deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
			adopted, published, err = findBonds(ctx, tx, s)
			return err
		})
		for _, a := range adopted {
			list = append(list, modules.Parting{Text: language.M("practice.farewell.adoption", "title", a.Title.In(language.Of(ctx))), With: []string{deps.Bodies.Name(a.Ceding)}})
		}
		if published > 0 {
			list = append(list, modules.Parting{Text: language.M("practice.farewell.published", "n", published), Stays: true})
		}
		return list, err
	}
	return modules.Farewell{Find: find, Do: func(ctx context.Context, tx tenants.Tx, _ tenants.Scope) error { return part(ctx, tx) }}
}

// adopted is a practice that the body is adopting.
type adopted struct {
	Title  language.Text
	Ceding int32
}

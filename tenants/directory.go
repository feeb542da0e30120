package tenants

import (
	"context"
	"errors"
	"sort"
	"sync/atomic"
)

// ErrUnknown says that no body has the slug or id.
var ErrUnknown = errors.New("no such body")

// Directory is the list of bodies, kept in memory: every request resolves one.
// Reload brings it up to date when the database tells of a change.
type Directory struct {
	db    *DB
	state atomic.Pointer[directory]
}

type directory struct {
	bySlug map[string]Tenant
	byID   map[int32]Tenant
	moved  map[string]int32 // old slugs
}

// NewDirectory reads the bodies.
func NewDirectory(ctx context.Context, db *DB) (*Directory, error) {
	d := &Directory{db: db}
	return d, d.Reload(ctx)
}

// Reload reads the bodies again.
func (d *Directory) Reload(ctx context.Context) error {
	next := &directory{bySlug: map[string]Tenant{}, byID: map[int32]Tenant{}, moved: map[string]int32{}}
	err := d.db.Platform(ctx, func(tx Tx) error {
		all, err := findTenants(ctx, tx)
		if err != nil {
			return err
		}
		for _, t := range all {
			next.bySlug[t.Slug], next.byID[t.ID] = t, t
		}
		next.moved, err = findMovedSlugs(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	d.state.Store(next)
	return nil
}

// BySlug returns the body with the slug. For an old slug moved is true and the
// body carries its present one. ErrUnknown if there is none.
func (d *Directory) BySlug(slug string) (t Tenant, moved bool, err error) {
	state := d.state.Load()
	if t, ok := state.bySlug[slug]; ok {
		return t, false, nil
	}
	if t, ok := state.byID[state.moved[slug]]; ok {
		return t, true, nil
	}
	return Tenant{}, false, ErrUnknown
}

// ByID returns the body with the id, or ErrUnknown.
func (d *Directory) ByID(id int32) (Tenant, error) {
	if t, ok := d.state.Load().byID[id]; ok {
		return t, nil
	}
	return Tenant{}, ErrUnknown
}

// Name is the name of the body with the id, or "".
func (d *Directory) Name(id int32) string { return d.state.Load().byID[id].Name }

// Slug is how URLs name the body with the id, or "".
func (d *Directory) Slug(id int32) string { return d.state.Load().byID[id].Slug }

// Active lists the bodies that are live, by name, without the platform itself.
func (d *Directory) Active() []Tenant {
	var active []Tenant
	for _, t := range d.state.Load().byID {
		if t.State == Active && t.Kind != Platform {
			active = append(active, t)
		}
	}
	sort.Slice(active, func(i, j int) bool { return active[i].Name < active[j].Name })
	return active
}

package tenants

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"
)

// ErrUnknown says that no body has the slug or id.
var ErrUnknown = errors.New("no such body")

// Directory is the list of bodies, kept in memory: every request resolves one.
// Reload brings it up to date when the database tells of a change.
type Directory struct {
	db        *DB
	reloading sync.Mutex // whoever began later has read what is newer
	state     atomic.Pointer[directory]
}

type directory struct {
	bySlug  map[string]int // place in all
	byID    map[int32]int
	byPlace map[string]int   // of live municipalities, by Belfiore code
	byHost  map[string]int   // of bodies with an address of their own
	all     []Tenant         // the live ones first, by name
	active  int              // how many they are
	names   []string         // of the live ones, in small letters
	moved   map[string]int32 // old slugs
}

// newDirectory sorts bodies once for all requests: some thousand are asked for by each.
func newDirectory(all []Tenant, moved map[string]int32) *directory {
	d := &directory{bySlug: make(map[string]int, len(all)), byID: make(map[int32]int, len(all)), byPlace: map[string]int{}, byHost: map[string]int{}, all: all, moved: moved}
	isActive := func(t Tenant) bool { return t.State == Active && t.Kind != Platform }
	slices.SortFunc(all, func(a, b Tenant) int {
		if isActive(a) != isActive(b) {
			if isActive(a) {
				return -1
			}
			return 1
		}
		return cmp.Or(strings.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	for i, t := range all {
		d.bySlug[t.Slug], d.byID[t.ID] = i, i
		if isActive(t) {
			d.active = i + 1
			d.names = append(d.names, strings.ToLower(t.Name))
		}
		if isActive(t) && t.Kind == Municipality {
			d.byPlace[t.Belfiore] = i
		}
		if t.Host != "" {
			d.byHost[t.Host] = i
		}
	}
	return d
}

// NewDirectory reads the bodies.
func NewDirectory(ctx context.Context, db *DB) (*Directory, error) {
	d := &Directory{db: db}
	return d, d.Reload(ctx)
}

// Reload reads the bodies again.
func (d *Directory) Reload(ctx context.Context) error {
	d.reloading.Lock()
	defer d.reloading.Unlock()
	var all []Tenant
	var moved map[string]int32
	err := d.db.Platform(ctx, func(tx Tx) (err error) {
		if all, err = findTenants(ctx, tx); err != nil {
			return err
		}
		moved, err = findMovedSlugs(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	d.state.Store(newDirectory(all, moved))
	return nil
}

// BySlug returns the body with the slug. For an old slug moved is true and the
// body carries its present one. ErrUnknown if there is none.
func (d *Directory) BySlug(slug string) (t Tenant, moved bool, err error) {
	state := d.state.Load()
	if at, ok := state.bySlug[slug]; ok {
		return state.all[at], false, nil
	}
	if at, ok := state.byID[state.moved[slug]]; ok {
		return state.all[at], true, nil
	}
	return Tenant{}, false, ErrUnknown
}

// ByID returns the body with the id, or ErrUnknown.
func (d *Directory) ByID(id int32) (Tenant, error) {
	state := d.state.Load()
	if at, ok := state.byID[id]; ok {
		return state.all[at], nil
	}
	return Tenant{}, ErrUnknown
}

// Municipality returns the live body of the municipality with the Belfiore code, or ErrUnknown.
func (d *Directory) Municipality(belfiore string) (Tenant, error) {
	state := d.state.Load()
	if at, ok := state.byPlace[belfiore]; ok {
		return state.all[at], nil
	}
	return Tenant{}, ErrUnknown
}

// ByHost returns the body, in whatever state, whose own web address is the host, or ErrUnknown.
func (d *Directory) ByHost(host string) (Tenant, error) {
	state := d.state.Load()
	if at, ok := state.byHost[host]; ok {
		return state.all[at], nil
	}
	return Tenant{}, ErrUnknown
}

// Name is the name of the body with the id, or "".
func (d *Directory) Name(id int32) string {
	body, _ := d.ByID(id)
	return body.Name
}

// Slug is how URLs name the body with the id, or "".
func (d *Directory) Slug(id int32) string {
	body, _ := d.ByID(id)
	return body.Slug
}

// Active lists the bodies that are live, by name, without the platform itself; the caller must not change the list.
func (d *Directory) Active() []Tenant {
	state := d.state.Load()
	return state.all[:state.active:state.active]
}

// All lists every body in whatever state, the platform too; the caller must not change the list.
func (d *Directory) All() []Tenant { return d.state.Load().all }

// MinSearch is how many letters a search has at least that is neither a whole name nor a code.
const MinSearch = 3

// Find lists the live bodies whose names have every word of a search, by name, at most limit. A shorter search than MinSearch finds whole
// names and codes alone, and none at all the first by name.
func (d *Directory) Find(search string, limit int) []Tenant {
	state, words := d.state.Load(), strings.Fields(strings.ToLower(search))
	short := len(words) > 0 && utf8.RuneCountInString(strings.Join(words, "")) < MinSearch
	var found []Tenant
	for i, name := range state.names {
		if !short && hasWords(name, words) || state.all[i].isCalled(search) {
			if found = append(found, state.all[i]); len(found) == limit {
				break
			}
		}
	}
	return found
}

// FindOnTrial lists the bodies on trial that a search calls by their whole name or a code, at most limit: who works there finds the way
// in, and nobody a list of who tries the platform.
func (d *Directory) FindOnTrial(search string, limit int) []Tenant {
	state := d.state.Load()
	var found []Tenant
	for _, body := range state.all[state.active:] {
		if body.Trial() && len(found) < limit && body.isCalled(search) {
			found = append(found, body)
		}
	}
	return found
}

// isCalled tells whether a search is the whole name of the body, as people say it, or one of its codes, in groups or not.
func (t Tenant) isCalled(search string) bool {
	words := strings.Fields(strings.ToLower(search))
	said, code, name := strings.Join(words, " "), strings.Join(words, ""), strings.ToLower(t.Name)
	return said != "" && (said == name || said == strings.TrimPrefix(name, "comune di ") ||
		slices.Contains([]string{t.Slug, strings.ToLower(t.IPA), t.ISTAT, strings.ToLower(t.Belfiore)}, code))
}

func hasWords(name string, words []string) bool {
	return !slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(name, word) })
}

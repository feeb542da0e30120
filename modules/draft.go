package modules

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/tenants"
)

// Draft is work that the actor has begun and not finished. As a Duty it names nobody.
type Draft struct {
	ID     uuid.UUID
	Kind   language.Message // what it is
	Title  language.Text    // of which sort: an interview, an instrument
	Case   uuid.UUID        // to which it belongs, or uuid.Nil
	Number string           // of the case
	Path   string           // where it goes on
	Since  time.Time        // when it was begun
}

// Kept tells a page that its draft was saved, in which version.
func Kept(version int) (View, error) {
	content, err := json.Marshal(struct {
		Version int `json:"version"`
	}{version})
	return View{File: &File{MediaType: "application/json", Content: content, Inline: true}}, err
}

// NotKept answers a browser that keeps a draft by itself why it was not kept, where somebody else's change is not the reason. Of any other
// error the host has a page, which the browser reads by its status.
func NotKept(r *http.Request, refused error) (View, error) {
	if said := problem.Of(refused).Message; problem.Is(refused, problem.Conflict) && said.Key != "web.error.conflict" {
		content, err := json.Marshal(struct {
			Why string `json:"why"`
		}{language.Say(r.Context(), said)})
		return View{Status: http.StatusConflict, File: &File{MediaType: "application/json", Content: content, Inline: true}}, err
	}
	return View{}, refused
}

// DraftQuery says which drafts of the actor are wanted.
type DraftQuery struct {
	Latest bool      // a few of each source, those that changed last; otherwise a page, those that were begun first
	Since  time.Time // the page begins after the draft that was begun then
	ID     uuid.UUID // and has this id
}

// Limit is how many drafts a source gives at most: for a page one more than it shows.
func (q DraftQuery) Limit() int {
	if q.Latest {
		return latestDrafts
	}
	return draftPage + 1
}

const (
	latestDrafts = 5
	draftPage    = 50
)

// Drafts are some drafts of an actor, and how many there are.
type Drafts struct {
	List  []Draft
	Total int
	More  bool // a page of them follows
}

// DraftSource is what a module gives of the drafts of those who hold a permission. It leaves out what the actor may not go
// on with.
type DraftSource struct {
	Permission string // object:verb
	Find       func(ctx context.Context, s tenants.Scope, q DraftQuery) (Drafts, error)
}

// AddDrafts takes what drafts a module has.
func (d *Duties) AddDrafts(m Module, sources []DraftSource) {
	for _, source := range sources {
		d.begun = append(d.begun, begun{source, m})
	}
}

// begun is a source with the module that it belongs to.
type begun struct {
	DraftSource
	module Module
}

// FindDrafts lists what the actor has begun, of the modules and permissions as Find.
func (d *Duties) FindDrafts(ctx context.Context, s tenants.Scope, q DraftQuery) (Drafts, error) {
	var all Drafts
	if d == nil {
		return all, nil
	}
	body, err := d.bodies.ByID(s.Tenant)
	if err != nil {
		return all, err
	}
	for _, b := range d.begun {
		allowed, _ := d.rules.Permits(s, b.Permission)
		if !allowed || !b.module.Essential && !body.Has(string(b.module.ID)) {
			continue
		}
		found, err := b.Find(ctx, s, q)
		if err != nil {
			return Drafts{}, fmt.Errorf("find the drafts of module %s: %w", b.module.ID, err)
		}
		all.List, all.Total = append(all.List, found.List...), all.Total+found.Total
	}
	if q.Latest {
		return all, nil
	}
	slices.SortFunc(all.List, func(x, y Draft) int { return cmp.Or(x.Since.Compare(y.Since), bytes.Compare(x.ID[:], y.ID[:])) })
	if all.More = len(all.List) > draftPage; all.More {
		all.List = all.List[:draftPage]
	}
	return all, nil
}

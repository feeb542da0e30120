// Package catalogue is what a body offers, as whoever sets it up reads it: its services with the three codings of each, and the lists
// of terms among which its people choose. Whatever is changed is the draft of an item and holds when somebody publishes it (package
// kit). It must not know what citizens see.
package catalogue

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/tenants"
)

// Service reads the catalogue and writes codings.
type Service struct {
	deps  modules.Deps
	items *kit.Items
}

// NewService makes the service over the program's parts.
func NewService(deps modules.Deps) *Service { return &Service{deps, kit.NewItems(deps)} }

// Entry is a service of the body with its codings as somebody works on them: those of the draft, where there is one (it: voce del
// catalogo).
type Entry struct {
	kit.Codings
	Key      string
	Title    language.Text
	State    kit.State
	Drafted  bool
	Revision int
	source   kit.Source
}

// What an entry can lack.
const (
	Local = "locale"
	SIUSS = "siuss"
	ISTAT = "istat"
)

// Lacks lists which codings are not given. A service that only informs has no SIUSS code: that one may lack.
func (e Entry) Lacks() (missing []string) {
	if e.Codings.Local == "" {
		missing = append(missing, Local)
	}
	if e.Codings.SIUSS == "" {
		missing = append(missing, SIUSS)
	}
	if len(e.Codings.ISTAT) == 0 {
		missing = append(missing, ISTAT)
	}
	return missing
}

// Query says which entries to find; empty parts find all.
type Query struct {
	Text  string // in key, title and codes
	Area  string // ISTAT area of the users
	Lacks string // Local, SIUSS or ISTAT
}

func (q Query) finds(e Entry) bool {
	if q.Area != "" && !slices.Contains(e.Codings.ISTAT, q.Area) || q.Lacks != "" && !slices.Contains(e.Lacks(), q.Lacks) {
		return false
	}
	all := strings.ToLower(strings.Join([]string{e.Key, e.Title.It, e.Title.En, e.Codings.Local, e.Codings.SIUSS}, "\n"))
	for word := range strings.FieldsSeq(strings.ToLower(q.Text)) {
		if !strings.Contains(all, word) {
			return false
		}
	}
	return true
}

// Find lists the services of the body that are not out of use and answer the query, by key.
func (v *Service) Find(ctx context.Context, s tenants.Scope, q Query) ([]Entry, error) {
	all, err := v.entries(ctx, s)
	return slices.DeleteFunc(all, func(e Entry) bool { return !q.finds(e) }), err
}

// Get is one of them; problem.NotFound if there is none.
func (v *Service) Get(ctx context.Context, s tenants.Scope, key string) (Entry, error) {
	all, err := v.entries(ctx, s)
	at := slices.IndexFunc(all, func(e Entry) bool { return e.Key == key })
	if err == nil && at < 0 {
		err = problem.Missing()
	}
	if err != nil {
		return Entry{}, err
	}
	return all[at], nil
}

func (v *Service) entries(ctx context.Context, s tenants.Scope) ([]Entry, error) {
	items, err := v.items.Find(ctx, s, kit.KindService)
	if err != nil {
		return nil, err
	}
	sources := make([]kit.Source, len(items))
	for i, item := range items {
		sources[i] = kit.Source{Kind: item.Kind, Key: item.Key}
	}
	var whole map[string]kit.Item
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) (err error) {
		whole, err = v.items.Peek(ctx, tx, s, sources)
		return err
	})
	var entries []Entry
	for _, one := range items {
		item := whole[kit.Place(one.Kind, one.Key)]
		if item.State == kit.Retired || item.Key == "" {
			continue
		}
		e, err := entryOf(item)
		if err != nil {
			return nil, err
		}
		entries = append(entries, e)
	}
	return entries, err
}

// entryOf reads of a content its codings alone: a draft may break the rules of its kind elsewhere.
func entryOf(item kit.Item) (Entry, error) {
	e := Entry{Key: item.Key, Title: item.Title, State: item.State, Drafted: item.Draft != nil, Revision: item.Revision, source: item.Source()}
	if e.Drafted {
		e.source.Content = item.Draft
	}
	read := struct {
		Codings *kit.Codings `json:"codings"`
	}{&e.Codings}
	if err := json.Unmarshal(e.source.Content, &read); err != nil {
		return Entry{}, fmt.Errorf("read the codings of service %s: %w", item.Key, err)
	}
	return e, nil
}

// Code gives a service its codings, as a draft: the author has seen the revision. Errors: problem.Invalid by field, problem.NotFound,
// problem.Conflict when somebody changed the service meanwhile.
func (v *Service) Code(ctx context.Context, s tenants.Scope, key string, seen int, c kit.Codings) error {
	e, err := v.Get(ctx, s, key)
	if err != nil {
		return err
	}
	if c, err = check(c); err != nil {
		return err
	}
	e.Revision = seen
	edit, err := e.edit(c)
	if err != nil {
		return err
	}
	return v.items.PutDrafts(ctx, s, []kit.Edit{edit})
}

// edit is the entry with other codings; all else of its content stays, and areas that were there stay in their order.
func (e Entry) edit(c kit.Codings) (kit.Edit, error) {
	place := func(area string) int {
		if at := slices.Index(e.Codings.ISTAT, area); at >= 0 {
			return at
		}
		return len(e.Codings.ISTAT)
	}
	slices.SortStableFunc(c.ISTAT, func(a, b string) int { return place(a) - place(b) })
	var content map[string]json.RawMessage
	err := json.Unmarshal(e.source.Content, &content)
	if err != nil {
		return kit.Edit{}, fmt.Errorf("read service %s: %w", e.Key, err)
	}
	if content["codings"], err = json.Marshal(c); err != nil {
		return kit.Edit{}, fmt.Errorf("write the codings of service %s: %w", e.Key, err)
	}
	edit := kit.Edit{Source: e.source, Revision: e.Revision}
	edit.Content, err = json.Marshal(content)
	return edit, err
}

// Areas are the ISTAT areas, in the order in which people read them: those of package kit without the adults of the local list.
func Areas() []string {
	return slices.DeleteFunc(kit.Areas(), func(area string) bool { return area == "adulti" })
}

// check tidies codings; the error carries every field at fault.
func check(c kit.Codings) (kit.Codings, error) {
	var wrong problem.Fields
	c.Local, c.SIUSS = strings.TrimSpace(c.Local), strings.ToUpper(strings.TrimSpace(c.SIUSS))
	wrong.Require(Local, c.Local)
	wrong.MaxLength(Local, c.Local, 64)
	wrong.Legible(Local, c.Local)
	if c.SIUSS != "" && Benefit(c.SIUSS) == "" {
		wrong.Add(SIUSS, "guide.catalogue.error.siuss")
	}
	kept := []string{}
	for _, area := range c.ISTAT {
		if !slices.Contains(Areas(), area) {
			wrong.Add(ISTAT, "guide.catalogue.error.area", "area", area)
		} else if !slices.Contains(kept, area) {
			kept = append(kept, area)
		}
	}
	if len(c.ISTAT) == 0 {
		wrong.Add(ISTAT, "web.field.required")
	}
	c.ISTAT = kept
	return c, wrong.Err()
}

// List is a vocabulary in use, with where its terms are offered.
type List struct {
	Key     string
	Title   language.Text
	Offered int // terms that are offered today
	Ended   int // terms that are offered no more, and stay readable
	Places  []Place
}

// Place is a question in which a vocabulary is offered.
type Place struct {
	Workflow string // its key
	Title    language.Text
	Field    kit.Text
	Terms    int // that this question offers today
}

// FindLists lists the vocabularies in use, by key.
func (v *Service) FindLists(ctx context.Context, s tenants.Scope) ([]List, error) {
	vocabularies, err := v.items.Published(ctx, s, kit.KindVocabulary)
	if err != nil {
		return nil, err
	}
	workflows, err := v.items.Published(ctx, s, kit.KindWorkflow)
	if err != nil {
		return nil, err
	}
	today := language.Day(time.Now())
	var lists []List
	for _, version := range vocabularies {
		read, err := kit.ParseVocabulary(version.Content)
		if err != nil {
			return nil, err
		}
		l := List{Key: version.Key, Title: version.Title}
		for _, term := range read.Values {
			if term.To != "" && term.To < today.Format(time.DateOnly) {
				l.Ended++
			} else {
				l.Offered++
			}
		}
		if l.Places, err = placesOf(read, version.Key, workflows, today); err != nil {
			return nil, err
		}
		lists = append(lists, l)
	}
	return lists, nil
}

// placesOf are the questions of workflows that offer a vocabulary.
func placesOf(list *kit.Vocabulary, key string, workflows []kit.Version, today time.Time) (places []Place, err error) {
	for _, version := range workflows {
		path, err := kit.ParseWorkflow(version.Content)
		if err != nil {
			return nil, err
		}
		for _, field := range path.Fields {
			if field.Vocabulary == key {
				places = append(places, Place{Workflow: version.Key, Title: version.Title, Field: field.Label, Terms: len(list.Offered(field.Key, today))})
			}
		}
	}
	return places, nil
}

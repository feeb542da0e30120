package population

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"staffetta/policies/audit"
	"staffetta/tenants"
	"staffetta/tenants/register"
)

// body is one municipality with its staff.
type body struct {
	municipality register.Municipality
	id           int32
	slug         string
	staff
	cases         int
	scale         scale
	seed          *seed
	crowd         *crowd
	item, edition uuid.UUID // the scale as the body's own item
}

func newBody(m register.Municipality, p Plan, scale scale) *body {
	s := newSeed(p.Seed, m.Belfiore)
	b := &body{
		municipality: m, slug: m.IPA(), cases: p.Cases, scale: scale, seed: s, crowd: &crowd{seed: s, codes: map[string]bool{}},
		item: s.id("item", 0, epoch), edition: s.id("edition", 0, epoch),
	}
	b.staff = hire(b.crowd, p.Cases)
	return b
}

// contents are the rows of a body, held only while it is written.
type contents struct {
	*body
	persons, contacts, households, members         *table
	arrivals, files, assignments, steps, notes     *table
	subjects, assessments, items, editions, counts *table
	numbers                                        map[int]int // the last number of each year
}

// newContents makes all rows in memory, the oldest case first.
func newContents(b *body) *contents {
	c := &contents{
		body: b, numbers: map[int]int{},
		persons: newPersons(), contacts: newContacts(), households: newHouseholds(), members: newMembers(),
		arrivals: newArrivals(), files: newFiles(), assignments: newAssignments(), steps: newSteps(), notes: newNotes(),
		subjects: newSubjects(), assessments: newAssessments(), items: newItems(), editions: newEditions(),
		counts: newTable("casefile.counters", "id", "int", "last", "int"),
	}
	c.publishScale()
	begin, end := epoch.AddDate(-3, 0, 0), epoch.AddDate(0, -2, 0) // what follows an opening fits before the epoch
	for i := range b.cases {
		c.addCase(i, begin.Add(end.Sub(begin)/time.Duration(b.cases+1)*time.Duration(i)).Truncate(time.Second))
	}
	for year, last := range c.numbers {
		c.counts.add(year, last)
	}
	b.crowd.codes = nil // they are not asked for again
	return c
}

// scope is the coordinator's, with every section: the population is written by nobody's role.
func (b *body) scope(sections []string) tenants.Scope {
	return tenants.Scope{
		Tenant: b.id, Slug: b.slug, Account: b.coordinator.account, Name: b.coordinator.fullName(), Roles: []string{"coordinator"},
		Purpose: tenants.Operator, Assurance: 2, Language: "it", RequestID: "population",
	}.WithSections(sections, sections)
}

// write inserts everything in one transaction: a body is filled or it is not.
func (c *contents) write(ctx context.Context, db *tenants.DB, sections []string) error {
	s := c.scope(sections)
	return db.InTx(ctx, s, func(tx tenants.Tx) error {
		for _, t := range []*table{
			c.items, c.editions, c.persons, c.contacts, c.households, c.members, c.counts, c.files, c.subjects, c.arrivals,
			c.assignments, c.steps, c.notes, c.assessments,
		} {
			if err := t.insert(ctx, tx, c.id); err != nil {
				return err
			}
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "body.populate", Payload: map[string]any{"cases": c.cases, "seed": c.seed.number}})
	})
}

// isFilled tells whether an earlier run has written the body.
func (b *body) isFilled(ctx context.Context, db *tenants.DB) (filled bool, err error) {
	err = db.InTx(ctx, b.scope(nil), func(tx tenants.Tx) error {
		return tx.QueryRow(ctx, `select exists (select 1 from kit.items where tenant_id = $1 and id = $2)`, b.id, b.item).Scan(&filled)
	})
	if err != nil {
		return false, fmt.Errorf("look whether %s is filled: %w", b.slug, err)
	}
	return filled, nil
}

func newItems() *table {
	return newTable("kit.items", "id", "uuid", "kind", "text", "key", "text", "title_it", "text", "title_en", "text", "owner", "text",
		"licence", "text", "state", "text", "version_id", "uuid", "updated_at", "timestamptz")
}

func newEditions() *table {
	return newTable("kit.item_versions", "id", "uuid", "item_id", "uuid", "kind", "text", "key", "text", "number", "int",
		"title_it", "text", "title_en", "text", "content", "text", "sha256", "text", "author_account", "uuid", "author_name", "text",
		"reason", "text", "at", "timestamptz")
}

// publishScale makes the scale an item of the body's own, published, with one version.
func (c *contents) publishScale() {
	src, at := c.scale.source, epoch.AddDate(-3, 0, -1)
	c.items.add(c.item, src.Kind, src.Key, src.Title.IT, src.Title.EN, src.Owner, src.Licence, "published", c.edition, at)
	c.editions.add(c.edition, c.item, src.Kind, src.Key, 1, src.Title.IT, src.Title.EN, c.scale.content, c.scale.sum,
		c.coordinator.account, c.coordinator.fullName(), "Prima pubblicazione", at)
}

package population

import (
	"context"
	"fmt"
	"slices"
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
	span
	cases       int
	over        int // closed long ago, beside these
	instruments []instrument
	seed        *seed
	crowd       *crowd
	item        uuid.UUID // the scale as the body's own item, or uuid.Nil where the instruments are there
}

// span is the time that the population of a body lives through, and how much of it is written down.
type span struct {
	begin, end         time.Time // cases are opened in between
	today              time.Time // nothing happens later
	notes, assessments int       // at most, about one case
	visits             int       // to the access desk, which lead to no case
	documents          bool
}

// years is the span of the population for tests and benches: what follows an opening fits before the epoch.
func years() span {
	return span{begin: epoch.AddDate(-3, 0, 0), end: epoch.AddDate(0, -2, 0), today: epoch, notes: 2, assessments: 1}
}

func newBody(m register.Municipality, p Plan, scale scale) *body {
	s := newSeed(p.Seed, m.Belfiore)
	b := &body{
		municipality: m, slug: m.IPA(), cases: p.Cases, span: years(), seed: s, crowd: newCrowd(s, m, epoch),
		instruments: []instrument{{scale, s.id("edition", 0, epoch)}}, item: s.id("item", 0, epoch),
	}
	b.staff = hire(b.crowd, p.Cases)
	return b
}

// contents are the rows of a body, held only while it is written.
type contents struct {
	*body
	persons, contacts, households, members      *table
	arrivals, files, assignments, steps, diary  *table
	reasons                                     *table
	subjects, assessed, items, editions, counts *table
	papers                                      *table
	content                                     [][]byte    // of the papers
	known                                       []person    // the subjects of cases so far
	numbers                                     map[int]int // the last number of each year
}

// newContents makes all rows in memory, the oldest case first.
func newContents(b *body) *contents {
	c := &contents{
		body: b, numbers: map[int]int{},
		persons: newPersons(), contacts: newContacts(), households: newHouseholds(), members: newMembers(),
		arrivals: newArrivals(), files: newFiles(), assignments: newAssignments(), steps: newSteps(), reasons: newReasons(), diary: newNotes(),
		subjects: newSubjects(), assessed: newAssessments(), items: newItems(), editions: newEditions(), papers: newPapers(),
		counts: newTable("casefile.counters", "id", "int", "last", "int"),
	}
	if b.item != uuid.Nil {
		c.publishScale()
	}
	for i, at := range b.instants(b.cases) {
		c.addCase(i, at)
	}
	for i, at := range b.instants(b.visits) {
		c.addVisit(i, at)
	}
	for i := range b.over { // each is the closed one of ten
		c.addCase(len(courses)*(b.cases+i+1)-1, b.seed.office(b.begin.AddDate(-overYears, i, 0)))
	}
	for year, last := range c.numbers {
		c.counts.add(year, last)
	}
	b.crowd.codes = nil // they are not asked for again
	return c
}

// instants are spread over the span of the body, the earliest first.
func (b *body) instants(n int) []time.Time {
	all := make([]time.Time, n)
	for i := range all {
		step := b.end.Sub(b.begin) / time.Duration(n)
		all[i] = b.seed.office(b.begin.Add(step*time.Duration(i) + time.Duration(b.seed.Int64N(int64(step)))))
	}
	slices.SortFunc(all, time.Time.Compare)
	return all
}

// scope is the coordinator's, with every section: the population is written by nobody's role.
func (b *body) scope(sections []string) tenants.Scope {
	return tenants.Scope{
		Tenant: b.id, Slug: b.slug, Account: b.coordinator.account, Name: b.coordinator.fullName(), Roles: []string{"coordinator"},
		Purpose: tenants.Operator, Assurance: 2, Language: "it", RequestID: "population",
	}.WithSections(sections, sections)
}

// write inserts everything in one transaction: a body is filled or it is not.
func (c *contents) write(ctx context.Context, t Target, sections []string) error {
	for _, paper := range c.content {
		if _, err := t.Files.Put(ctx, c.id, paper); err != nil {
			return err
		}
	}
	s := c.scope(sections)
	return t.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		for _, t := range []*table{
			c.items, c.editions, c.persons, c.contacts, c.households, c.members, c.counts, c.files, c.subjects, c.arrivals,
			c.assignments, c.steps, c.reasons, c.diary, c.assessed, c.papers,
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
	scale, at := c.instruments[0], c.begin.AddDate(0, 0, -1)
	src := scale.source
	c.items.add(c.item, src.Kind, src.Key, src.Title.IT, src.Title.EN, src.Owner, src.Licence, "published", scale.edition, at)
	c.editions.add(scale.edition, c.item, src.Kind, src.Key, 1, src.Title.IT, src.Title.EN, scale.content, scale.sum,
		c.coordinator.account, c.coordinator.fullName(), "Prima pubblicazione", at)
}

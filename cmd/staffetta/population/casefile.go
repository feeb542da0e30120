package population

import (
	"fmt"
	"time"

	"github.com/google/uuid"
)

func newFiles() *table {
	return newTable("casefile.cases", "id", "uuid", "number", "text", "person_id", "uuid", "contact_id", "uuid", "state", "text",
		"state_label", "text", "area", "text", "opened_at", "timestamptz", "opened_by", "uuid", "closed_at", "timestamptz")
}

func newSubjects() *table {
	return newTable("policies.case_subjects", "case_id", "uuid", "person_id", "uuid", "section", "text")
}

func newAssignments() *table {
	return newTable("casefile.assignments", "id", "uuid", "case_id", "uuid", "account_id", "uuid", "account_name", "text", "part", "text",
		"valid_from", "timestamptz", "valid_to", "timestamptz", "assigned_by", "uuid")
}

func newSteps() *table {
	return newTable("casefile.steps", "id", "uuid", "case_id", "uuid", "transition", "text", "from_state", "text", "to_state", "text",
		"at", "timestamptz", "account_id", "uuid", "account_name", "text")
}

func newReasons() *table {
	return newTable("casefile.reasons", "id", "uuid", "case_id", "uuid", "body", "text")
}

// step is a transition of the program's own workflow, and how many days after the opening of a case it is taken.
type step struct {
	transition, from, to string
	label                string // of the state that it leads to
	least, most          int
	reasons              []string
}

var (
	begun  = step{"prendi_in_carico", "aperto", "in_carico", "Presa in carico", 3, 6, []string{""}}
	slow   = step{"prendi_in_carico", "aperto", "in_carico", "Presa in carico", 15, 40, []string{""}}
	paused = step{"sospendi", "in_carico", "sospeso", "Sospesa", 20, 35, pauses}
	ended  = step{"chiudi", "in_carico", "chiuso", "Chiusa", 36, 50, endings}
)

// courses is what becomes of ten cases in a row; the last of them is closed.
var courses = [][]step{{begun}, {begun}, {slow}, {begun}, {begun}, {begun, paused}, {begun}, {begun}, {begun}, {begun, ended}}

// target is a local target with the age of those it is for, and how the access desk names it.
type target struct {
	area, desk       string
	youngest, oldest int
}

// minors is the area of cases of children, who are not assessed.
const minors = "famiglia_minori"

var targets = []target{{"disabili", "disability", 16, 64}, {"anziani", "elderly", 65, 98}, {minors, "families", 6, 17}, {"adulti", "adults", 18, 64}}

// passed is a step that a case has taken.
type passed struct {
	step
	at     time.Time
	reason string
}

// file is a case under way to the tables.
type file struct {
	id      uuid.UUID
	index   int
	at      time.Time
	subject person
	manager worker
	target  target
	path    []passed
}

// state is where the case stands, with the label that the workflow gives it.
func (f file) state() (state, label string) {
	if n := len(f.path); n > 0 {
		return f.path[n-1].to, f.path[n-1].label
	}
	return "aperto", "Aperta"
}

// closed is when the case was closed; nil while it is open.
func (f file) closed() *time.Time {
	if state, _ := f.state(); state != ended.to {
		return nil
	}
	return &f.path[len(f.path)-1].at
}

// addCase makes a case with its person, family, arrival, path, diary, assessments and papers.
func (c *contents) addCase(index int, at time.Time) {
	t := pick(c.seed, targets)
	f := file{
		id: c.seed.id("case", index, at), index: index, at: at, subject: c.crowd.between(t.youngest, t.oldest, ""), target: t, manager: c.manager(index),
	}
	f.path = c.walk(f)
	c.known = append(c.known, f.subject)
	arrived := c.seed.office(at.AddDate(0, 0, -c.seed.between(1, 4)))
	c.addPerson(f.subject, arrived)
	c.addContact(f.subject, index, arrived)
	if index%2 == 0 {
		c.addHousehold(f, arrived)
	}
	c.addHeader(f, c.addArrival(f, arrived))
	c.addNotes(f)
	c.addAssessments(f)
	if c.documents && index%3 == 0 {
		c.addPaper(f)
	}
}

// manager gives open cases to the workers in turn, so that each holds as many as the next one.
func (b *body) manager(index int) worker {
	turn := index - index/len(courses) // the last of each ten is closed
	return b.workers[turn%len(b.workers)]
}

// later is an instant some days after another one, and whether it has come.
func (b *body) later(at time.Time, least, most int) (time.Time, bool) {
	then := b.seed.office(at.AddDate(0, 0, b.seed.between(least, most)))
	return then, then.Before(b.today)
}

// walk is how far the course of a case has come until today.
func (c *contents) walk(f file) (path []passed) {
	for _, s := range courses[f.index%len(courses)] {
		at, come := c.later(f.at, s.least, s.most)
		if !come {
			break
		}
		path = append(path, passed{s, at, pick(c.seed, s.reasons)})
	}
	return path
}

func (c *contents) addHeader(f file, arrival uuid.UUID) {
	s, year := c.seed, f.at.Year()
	c.numbers[year]++
	number := fmt.Sprintf("%d/%06d", year, c.numbers[year])
	state, label := f.state()
	end := f.closed()
	c.files.add(f.id, number, f.subject.id, arrival, state, label, f.target.area, f.at, c.coordinator.account, end)
	c.reasons.add(f.id, f.id, pick(s, summaries[f.target.area]))
	for _, section := range []string{"identity", "contacts", "household"} {
		c.subjects.add(f.id, f.subject.id, section)
	}
	c.assignments.add(s.id("assignment", f.index, f.at), f.id, f.manager.account, f.manager.fullName(), "manager", f.at, end, c.coordinator.account)
	for i, p := range f.path {
		id := s.id("step", f.index*10+i, p.at)
		c.steps.add(id, f.id, p.transition, p.from, p.to, p.at, f.manager.account, f.manager.fullName())
		if p.reason != "" {
			c.reasons.add(id, f.id, p.reason)
		}
	}
}

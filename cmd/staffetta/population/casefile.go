package population

import (
	"fmt"
	"time"

	"github.com/google/uuid"
)

func newFiles() *table {
	return newTable("casefile.cases", "id", "uuid", "number", "text", "person_id", "uuid", "contact_id", "uuid", "state", "text",
		"state_label", "text", "area", "text", "summary", "text", "opened_at", "timestamptz", "opened_by", "uuid",
		"closed_at", "timestamptz", "closing_reason", "text")
}

func newSubjects() *table {
	return newTable("policies.case_subjects", "case_id", "uuid", "person_id", "uuid", "section", "text")
}

func newArrivals() *table {
	return newTable("intake.contacts", "id", "uuid", "person_id", "uuid", "case_id", "uuid", "at", "timestamptz", "channel", "text",
		"interlocutor", "text", "reason", "text", "person_informed", "bool", "needs", "text->text[]", "target", "text", "request", "text",
		"outcome", "text", "state", "text", "operator_account", "uuid", "operator_name", "text", "closed_at", "timestamptz",
		"closed_by", "uuid", "closed_name", "text", "created_at", "timestamptz")
}

func newAssignments() *table {
	return newTable("casefile.assignments", "id", "uuid", "case_id", "uuid", "account_id", "uuid", "account_name", "text", "part", "text",
		"valid_from", "timestamptz", "valid_to", "timestamptz", "assigned_by", "uuid")
}

func newSteps() *table {
	return newTable("casefile.steps", "id", "uuid", "case_id", "uuid", "transition", "text", "from_state", "text", "to_state", "text",
		"reason", "text", "at", "timestamptz", "account_id", "uuid", "account_name", "text")
}

func newNotes() *table {
	return newTable("casefile.notes", "id", "uuid", "case_id", "uuid", "section", "text", "kind", "text", "visibility", "text",
		"happened_on", "date", "body", "text", "author_tenant", "int", "author_account", "uuid", "author_name", "text",
		"created_at", "timestamptz", "updated_at", "timestamptz", "signed_at", "timestamptz")
}

func newAssessments() *table {
	return newTable("assessment.assessments", "id", "uuid", "case_id", "uuid", "item_version_id", "uuid", "instrument", "text",
		"title_it", "text", "title_en", "text", "answers", "jsonb", "score", "float8", "score_min", "float8", "score_max", "float8",
		"band", "text", "band_it", "text", "band_en", "text", "state", "text", "done_on", "date", "author_tenant", "int",
		"author_account", "uuid", "author_name", "text", "created_at", "timestamptz", "updated_at", "timestamptz", "finalised_at", "timestamptz")
}

// step is a transition of the program's own workflow.
type step struct{ transition, from, to string }

// course is how far a case has come, with the label that the workflow gives its last state.
type course struct {
	state, label string
	steps        []step
}

var (
	begun  = step{"prendi_in_carico", "aperto", "in_carico"}
	paused = step{"sospendi", "in_carico", "sospeso"}
	ended  = step{"chiudi", "in_carico", "chiuso"}
	opened = course{"aperto", "Aperta", nil}
	cared  = course{"in_carico", "Presa in carico", []step{begun}}
	rested = course{"sospeso", "Sospesa", []step{begun, paused}}
	closed = course{"chiuso", "Chiusa", []step{begun, ended}}
)

// courses is what becomes of ten cases in a row; the last of them is closed.
var courses = []course{cared, cared, opened, cared, cared, rested, cared, cared, cared, closed}

// target is a local target with the age of those it is for, and how the access desk names it.
type target struct {
	area, desk       string
	youngest, oldest int
}

var targets = []target{
	{"disabili", "disability", 6, 64}, {"anziani", "elderly", 65, 98}, {"famiglia_minori", "families", 1, 17}, {"adulti", "adults", 18, 64},
}

// file is a case under way to the tables.
type file struct {
	id      uuid.UUID
	index   int
	at      time.Time
	subject person
	manager worker
	course  course
	target  target
}

// addCase makes a case with its person, family, arrival, path, notes and perhaps an assessment.
func (c *contents) addCase(index int, at time.Time) {
	t := pick(c.seed, targets)
	f := file{
		id: c.seed.id("case", index, at), index: index, at: at, subject: c.crowd.between(t.youngest, t.oldest, ""),
		course: courses[index%len(courses)], target: t, manager: c.manager(index),
	}
	c.addPerson(f.subject, at)
	c.addContact(f.subject, index, at)
	if index%2 == 0 {
		c.addHousehold(f.subject, index, at)
	}
	c.addHeader(f)
	c.addNotes(f)
	if index%5 < 2 {
		c.addAssessment(f)
	}
}

// manager gives open cases to the workers in turn, so that each holds as many as the next one.
func (b *body) manager(index int) worker {
	turn := index - index/len(courses) // the last of each ten is closed
	return b.workers[turn%len(b.workers)]
}

func (c *contents) addHeader(f file) {
	s, contact := c.seed, c.seed.id("arrival", f.index, f.at)
	year := f.at.Year()
	c.numbers[year]++
	number := fmt.Sprintf("%d/%06d", year, c.numbers[year])
	var end *time.Time
	var reason *string
	if f.course.state == closed.state {
		e, r := f.at.AddDate(0, 0, 90).Add(8*time.Hour), "Obiettivi raggiunti."
		if e.After(epoch) {
			e = epoch
		}
		end, reason = &e, &r
	}
	c.files.add(f.id, number, f.subject.id, contact, f.course.state, f.course.label, f.target.area, pick(s, summaries), f.at, c.coordinator.account, end, reason)
	for _, section := range []string{"identity", "contacts", "household"} {
		c.subjects.add(f.id, f.subject.id, section)
	}
	c.arrivals.add(contact, f.subject.id, f.id, f.at.Add(-time.Hour), pick(s, []string{"in_person", "phone", "email"}),
		pick(s, []string{"user", "relative"}), "spontaneous", true, pick(s, []string{"{safety}", "{belonging}", "{physiological,safety}"}),
		f.target.desk, pick(s, summaries), "taking_in_charge", "closed", c.desk.account, c.desk.fullName(), f.at, c.desk.account, c.desk.fullName(), f.at)
	c.assignments.add(s.id("assignment", f.index, f.at), f.id, f.manager.account, f.manager.fullName(), "manager", f.at, end, c.coordinator.account)
	for i, t := range f.course.steps {
		at := f.at.Add(time.Duration(i+1) * 24 * time.Hour)
		c.steps.add(s.id("step", f.index*10+i, at), f.id, t.transition, t.from, t.to, "", at, f.manager.account, f.manager.fullName())
	}
}

// addNotes writes two signed notes into the diary.
func (c *contents) addNotes(f file) {
	for i := range 2 {
		at := f.at.Add(time.Duration(i*9+2)*24*time.Hour + 2*time.Hour)
		text := pick(c.seed, remarks) + " " + pick(c.seed, remarks)
		c.notes.add(c.seed.id("note", f.index*10+i, at), f.id, "diary", pick(c.seed, []string{"nota", "colloquio", "visita_domiciliare"}), "public",
			day(at), text, c.id, f.manager.account, f.manager.fullName(), at, at, at)
	}
}

func (c *contents) addAssessment(f file) {
	at := f.at.Add(12 * 24 * time.Hour)
	p, title := pick(c.seed, c.scale.patterns), c.scale.source.Title
	c.assessments.add(c.seed.id("assessment", f.index, at), f.id, c.edition, c.scale.source.Key, title.IT, title.EN, p.answers,
		p.score, c.scale.min, c.scale.max, p.band.Key, p.band.Label.IT, p.band.Label.EN, "final", day(at), c.id,
		f.manager.account, f.manager.fullName(), at, at, at)
}

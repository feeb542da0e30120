package population

import (
	"time"

	"github.com/google/uuid"
)

// pending is after how many days every arrival is concluded; some take longer than they should.
const pending = 12

func newArrivals() *table {
	return newTable("intake.contacts", "id", "uuid", "person_id", "uuid", "case_id", "uuid", "at", "timestamptz", "channel", "text",
		"interlocutor", "text", "reason", "text", "person_informed", "bool", "needs", "text->text[]", "target", "text", "request", "text",
		"outcome", "text", "signposting", "text", "state", "text", "operator_account", "uuid", "operator_name", "text", "closed_at", "timestamptz",
		"closed_by", "uuid", "closed_name", "text", "created_at", "timestamptz")
}

// arrival is somebody who comes to the access desk.
type arrival struct {
	id           uuid.UUID
	person, file *uuid.UUID // nil for who says no name, and for what leads to no case
	at           time.Time
	desk         string // target
	request      string
	end          *time.Time // nil while it is open
	outcome      string
	signposting  string
}

func (c *contents) add(a arrival) {
	s, state := c.seed, "closed"
	var by *uuid.UUID
	var name string
	switch {
	case a.end != nil:
		by, name = &c.desk.account, c.desk.fullName()
	case c.isFresh(a.at):
		state = "created"
	default:
		state = "seen"
	}
	c.arrivals.add(a.id, a.person, a.file, a.at, pick(s, []string{"in_person", "in_person", "phone", "phone", "email"}),
		pick(s, []string{"user", "user", "relative"}), pick(s, []string{"spontaneous", "spontaneous", "sent"}), true,
		pick(s, []string{"{safety}", "{belonging}", "{physiological,safety}"}), a.desk, a.request, a.outcome, a.signposting, state,
		c.desk.account, c.desk.fullName(), a.end, by, name, a.at)
}

// addArrival is how a case began.
func (c *contents) addArrival(f file, at time.Time) uuid.UUID {
	id := c.seed.id("arrival", f.index, at)
	c.add(arrival{
		id: id, person: &f.subject.id, file: &f.id, at: at, desk: f.target.desk, request: pick(c.seed, requests[f.target.area]), end: &f.at, outcome: "taking_in_charge",
	})
	return id
}

// addVisit is an arrival that leads to no case: of who says no name, of somebody new or of somebody known already.
func (c *contents) addVisit(index int, at time.Time) {
	t := pick(c.seed, targets)
	a := arrival{id: c.seed.id("visit", index, at), at: at, desk: t.desk, request: pick(c.seed, questions)}
	switch index % 3 {
	case 0:
		p := c.crowd.between(t.youngest, t.oldest, "")
		c.addPerson(p, at)
		c.addContact(p, -1-index, at)
		a.person = &p.id
	case 1:
		a.person = &c.known[index*len(c.known)/c.visits].id
	}
	if c.today.Sub(at) > pending*24*time.Hour || index%4 == 0 {
		end := at.Add(time.Duration(c.seed.between(10, 40)) * time.Minute)
		answer := pick(c.seed, answers)
		a.end, a.outcome, a.signposting = &end, answer.outcome, answer.signposting
	}
	c.add(a)
}

package population

import (
	"time"

	"github.com/google/uuid"

	"staffetta/modules/registry"
	"staffetta/tenants/register"
	"staffetta/tenants/taxcode"
)

// person is somebody of the population: invented, with a code that is right in its form.
type person struct {
	id            uuid.UUID
	surname, name string
	sex           string
	born          time.Time
	birthplace    register.Place
	code          string
}

func (p person) fullName() string { return p.name + " " + p.surname }

// grown tells whether the person is of age at the epoch.
func (p person) grown() bool { return p.born.AddDate(18, 0, 0).Before(epoch) }

// crowd makes the persons of one body, no two with the same code.
type crowd struct {
	seed  *seed
	codes map[string]bool
}

// fallback is a birthplace that exists since before anybody alive was born.
const fallback = "H501"

// between makes a person whose age at the epoch lies between the bounds; surname is drawn when it is empty.
func (c *crowd) between(youngest, oldest int, surname string) person {
	for {
		p := c.draw(youngest, oldest, surname)
		if !c.codes[p.code] {
			c.codes[p.code] = true
			p.id = c.seed.id("person", len(c.codes), epoch.AddDate(-3, 0, 0).Add(time.Duration(len(c.codes))*time.Second))
			return p
		}
	}
}

func (c *crowd) draw(youngest, oldest int, surname string) person {
	s := c.seed
	p := person{surname: surname, sex: taxcode.Female, name: pick(s, women)}
	if s.IntN(2) == 0 {
		p.sex, p.name = taxcode.Male, pick(s, men)
	}
	if p.surname == "" {
		p.surname = pick(s, surnames)
	}
	days := 365*youngest + s.IntN(365*(oldest-youngest)+1)
	p.born = day(epoch.AddDate(0, 0, -days))
	p.birthplace = c.birthplace(p.born)
	p.code = taxcode.Build(p.surname, p.name, p.born, p.sex, p.birthplace.Belfiore)
	return p
}

// birthplace is mostly the body itself, if it was there on that day.
func (c *crowd) birthplace(born time.Time) register.Place {
	code := c.seed.belfiore
	if c.seed.IntN(3) == 0 {
		code = pick(c.seed, register.All()).Belfiore
	}
	place, err := register.PlaceAt(code, born)
	if err != nil {
		place, _ = register.PlaceAt(fallback, born) // the register has it, since 1871
	}
	return place
}

func newPersons() *table {
	return newTable("registry.persons", "id", "uuid", "code_kind", "text", "tax_code", "text", "surname", "text", "name", "text",
		"birth_date", "date", "sex", "text", "birthplace_code", "text", "birthplace", "text", "citizenship", "text",
		"surname_key", "text", "name_key", "text", "created_at", "timestamptz", "updated_at", "timestamptz", "created_by", "uuid")
}

func (c *contents) addPerson(p person, at time.Time) {
	c.persons.add(p.id, "tax_code", p.code, p.surname, p.name, p.born, p.sex, p.birthplace.Belfiore, p.birthplace.Name, "Italia",
		registry.Key(p.surname), registry.Key(p.name), at, at, c.desk.account)
}

func newContacts() *table {
	return newTable("registry.contacts", "id", "uuid", "person_id", "uuid", "mobile", "text", "address", "text",
		"municipality", "text", "municipality_code", "text", "valid_from", "timestamptz", "created_by", "uuid", "created_name", "text")
}

func newHouseholds() *table {
	return newTable("registry.households", "id", "uuid", "kind", "text", "created_at", "timestamptz", "created_by", "uuid")
}

func newMembers() *table {
	return newTable("registry.members", "id", "uuid", "household_id", "uuid", "kind", "text", "person_id", "uuid", "relation", "text",
		"valid_from", "date", "created_at", "timestamptz", "created_by", "uuid")
}

// relative is a member of a household beside its head.
type relative struct {
	person
	relation string
}

// household gives the subject of a case a family: one that heads it, or parents if the subject is a child.
func (c *contents) addHousehold(subject person, index int, at time.Time) {
	head, others := subject, []relative{}
	if subject.grown() {
		if c.seed.IntN(2) == 0 {
			others = append(others, relative{c.crowd.between(30, 85, ""), "spouse_partner"})
		}
		if c.seed.IntN(3) == 0 {
			others = append(others, relative{c.crowd.between(1, 40, subject.surname), "child"})
		}
	} else {
		head = c.crowd.between(28, 55, subject.surname)
		others = append(others, relative{subject, "child"})
	}
	id := c.seed.id("household", index, at)
	c.households.add(id, "registry", at, c.desk.account)
	members := append([]relative{{head, "head"}}, others...)
	for i, m := range members {
		if m.id != subject.id {
			c.addPerson(m.person, at)
		}
		c.members.add(c.seed.id("member", index*10+i, at), id, "registry", m.id, m.relation, day(at), at, c.desk.account)
	}
}

func (c *contents) addContact(p person, index int, at time.Time) {
	s := c.seed
	mobile := "3" + digits(s, 9)
	address := pick(s, streets) + ", " + digits(s, 2)
	m := c.municipality
	c.contacts.add(s.id("contact", index, at), p.id, mobile, address, m.Name, m.Belfiore, at, c.desk.account, c.desk.fullName())
}

func digits(s *seed, n int) string {
	text := make([]byte, n)
	for i := range text {
		text[i] = byte('1' + s.IntN(9))
	}
	return string(text)
}

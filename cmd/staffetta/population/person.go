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

// crowd makes the persons of one body, no two with the same code.
type crowd struct {
	seed     *seed
	today    time.Time
	surnames []string
	codes    map[string]bool
}

func newCrowd(s *seed, m register.Municipality, today time.Time) *crowd {
	c := &crowd{seed: s, today: today, surnames: surnames, codes: map[string]bool{}}
	if m.Region == sicily {
		c.surnames = ofSicily
	}
	return c
}

// age is how many birthdays the person has had.
func (c *crowd) age(p person) int {
	age := c.today.Year() - p.born.Year()
	if p.born.AddDate(age, 0, 0).After(c.today) {
		age--
	}
	return age
}

// fallback is a birthplace that exists since before anybody alive was born.
const fallback = "H501"

// between makes a person whose age today lies between the bounds; surname is drawn when it is empty.
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
	p := person{surname: surname, sex: pick(s, []string{taxcode.Female, taxcode.Male})}
	if p.surname == "" {
		p.surname = pick(s, c.surnames)
	}
	years, days := s.between(youngest, oldest), s.between(1, 364)
	p.born = day(c.today.AddDate(-years, 0, -days))
	p.name = pick(s, givenNames(p.sex, years))
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

// addHousehold gives the subject of a case a family, whose others are seen through the case as far as they live there.
func (c *contents) addHousehold(f file, at time.Time) {
	subject, index := f.subject, f.index
	id := c.seed.id("household", index, at)
	c.households.add(id, "registry", at, c.desk.account)
	for i, m := range c.family(subject) {
		if m.id != subject.id {
			c.addPerson(m.person, at)
			c.subjects.add(f.id, m.id, "household")
		}
		c.members.add(c.seed.id("member", index*10+i, at), id, "registry", m.id, m.relation, day(at), at, c.desk.account)
	}
}

// family is who lives with the subject, the head first: the subject, or a parent if the subject is a child.
func (c *contents) family(subject person) []relative {
	age := c.crowd.age(subject)
	if age < 18 {
		return []relative{{c.crowd.between(age+20, age+42, subject.surname), "head"}, {subject, "child"}}
	}
	family := []relative{{subject, "head"}}
	if c.seed.IntN(2) == 0 {
		family = append(family, relative{c.crowd.between(max(18, age-8), min(98, age+8), ""), "spouse_partner"})
	}
	if age > 24 && c.seed.IntN(2) == 0 {
		family = append(family, relative{c.crowd.between(max(1, age-42), age-22, subject.surname), "child"})
	}
	return family
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

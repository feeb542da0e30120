package enrolment

import (
	"cmp"
	"io"
	"net/mail"
	"regexp"
	"slices"
	"strings"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/onboarding/member"
	"staffetta/policies"
	"staffetta/tenants"
	"staffetta/tenants/register"
	"staffetta/tenants/taxcode"
)

// adminRole is what a person of a list is who has no role in it, and what one of each body's people must be.
const adminRole = "tenant_admin"

var ipaPattern = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{1,39}$`)

// FromRegister plans a body for every municipality of a region, by its name or the two digits of its code, or of the whole country
// for "". Error: problem.Invalid for a region that there is none of.
func FromRegister(region string) (Plan, error) {
	var p Plan
	for _, m := range register.All() {
		if region == "" || m.RegionCode == region || strings.EqualFold(m.Region, region) {
			p.Bodies = append(p.Bodies, Body{Tenant: newBody(m)})
		}
	}
	if len(p.Bodies) == 0 {
		return p, problem.New(problem.Invalid, "onboarding.enrol.region", "name", region)
	}
	return p, nil
}

func newBody(m register.Municipality) tenants.Tenant {
	return tenants.Tenant{
		Slug: m.IPA(), Name: "Comune di " + m.Name, Kind: tenants.Municipality, State: tenants.Entering, ISTAT: m.ISTAT, Belfiore: m.Belfiore,
	}
}

// planner gathers a plan from the lines of a list.
type planner struct {
	works   func(role string) bool // with people's cases
	bodies  []*Body
	byISTAT map[string]*Body
	owners  map[string]*Body // of an address, a certified mail, a tax code
	refused []Refusal
}

// FromList plans the bodies of a list, which may name a body in several lines, one for each of its people. A line with a fault is
// refused with its reason; a body that no other line names is then not made, and is made when the line has been put right and the
// list is run again. Errors: those of readList.
func (v *Service) FromList(r io.Reader) (Plan, error) {
	lines, refused, err := readList(r)
	if err != nil {
		return Plan{}, err
	}
	p := planner{works: v.deps.Policies.Works, byISTAT: map[string]*Body{}, owners: map[string]*Body{}, refused: refused}
	for _, l := range lines {
		if why, wrong := p.take(l); wrong {
			p.refused = append(p.refused, Refusal{l.number, l.cells["istat"], why})
		}
	}
	return p.plan(), nil
}

// take adds a line to the plan, or says why not.
func (p *planner) take(l line) (language.Message, bool) {
	b, why := p.bodyOf(l)
	if why.Key != "" {
		return why, true
	}
	person, why := p.personOf(l, b)
	if why.Key != "" {
		return why, true
	}
	if p.byISTAT[b.ISTAT] == nil {
		p.keep(b)
	}
	if person.TaxCode != "" {
		b.People = append(b.People, person)
	}
	return language.Message{}, false
}

func (p *planner) keep(b *Body) {
	p.bodies, p.byISTAT[b.ISTAT] = append(p.bodies, b), b
	for _, only := range onlyOnes(b) {
		p.owners[only] = b
	}
}

// onlyOnes are what no two bodies may have.
func onlyOnes(b *Body) []string {
	return slices.DeleteFunc([]string{"ipa " + b.Slug, "pec " + strings.ToLower(b.PEC), "code " + b.TaxCode}, func(s string) bool { return strings.HasSuffix(s, " ") })
}

// bodyOf is the body of a line: the one that an earlier line has named, which must say the same of it, or a new one.
func (p *planner) bodyOf(l line) (*Body, language.Message) {
	b, why := readBody(l)
	if why.Key != "" {
		return nil, why
	}
	if known := p.byISTAT[b.ISTAT]; known != nil {
		same := func(cell, a, b string) bool { return l.cells[cell] == "" || strings.EqualFold(a, b) }
		if !same("ipa", b.Slug, known.Slug) || !same("pec", b.PEC, known.PEC) || !same("tax_code", b.TaxCode, known.TaxCode) || !same("state", string(b.State), string(known.State)) {
			return nil, language.M("onboarding.enrol.differs", "line", known.line)
		}
		return known, language.Message{}
	}
	for _, only := range onlyOnes(b) {
		if other := p.owners[only]; other != nil {
			_, value, _ := strings.Cut(only, " ")
			return nil, language.M("onboarding.enrol.twice", "value", value, "line", other.line)
		}
	}
	return b, language.Message{}
}

// readBody reads what a line says of its body.
func readBody(l line) (*Body, language.Message) {
	istat := l.cells["istat"]
	if len(istat) == 5 {
		istat = "0" + istat // a spreadsheet took the code for a number
	}
	m, err := register.ByISTAT(istat)
	if err != nil {
		return nil, language.M("onboarding.enrol.unknown", "istat", l.cells["istat"])
	}
	b := &Body{Tenant: newBody(m), line: l.number}
	b.Slug = cmp.Or(strings.ToLower(l.cells["ipa"]), b.Slug)
	if !ipaPattern.MatchString(b.Slug) || tenants.IsReserved(b.Slug) || b.Slug != m.IPA() && ofMunicipality(b.Slug) {
		return nil, language.M("onboarding.enrol.ipa", "ipa", l.cells["ipa"])
	}
	if b.PEC = l.cells["pec"]; b.PEC != "" && !isMail(b.PEC) {
		return nil, language.M("onboarding.enrol.pec", "pec", b.PEC)
	}
	if text := l.cells["tax_code"]; text != "" {
		code, err := taxcode.Parse(leading(text, 11))
		if err != nil || code.Kind() != taxcode.Provisional { // those of bodies have the form and the check of provisional ones
			return nil, language.M("onboarding.enrol.code", "code", text)
		}
		b.TaxCode = code.String()
	}
	switch strings.ToLower(l.cells["state"]) {
	case "", "in prova", "entering":
	case "attivo", "active":
		b.State = tenants.Active
	default:
		return nil, language.M("onboarding.enrol.state", "state", l.cells["state"])
	}
	return b, language.Message{}
}

// leading puts back the zeros that a spreadsheet takes off a code of digits alone.
func leading(text string, digits int) string {
	if n := digits - len(text); n > 0 && n < 4 && strings.Trim(text, "0123456789") == "" {
		return strings.Repeat("0", n) + text
	}
	return text
}

// ofMunicipality tells whether a code is the one that the register gives to a municipality.
func ofMunicipality(ipa string) bool {
	belfiore, usual := strings.CutPrefix(ipa, "c_")
	_, err := register.ByBelfiore(belfiore)
	return usual && err == nil
}

// isMail accepts a bare address whose host has a dot.
func isMail(text string) bool {
	address, err := mail.ParseAddress(text)
	_, host, _ := strings.Cut(text, "@")
	return err == nil && address.Address == text && len(text) <= 254 && strings.Contains(strings.Trim(host, "."), ".")
}

// personOf is the person of a line, who may have come in an earlier one with another role; the zero Person where there is none.
func (p *planner) personOf(l line, b *Body) (Person, language.Message) {
	name, code, role := l.cells["name"], l.cells["person"], l.cells["role"]
	if name == "" && code == "" && role == "" {
		return Person{}, language.Message{}
	}
	var wrong problem.Fields
	if name = member.CheckName(&wrong, "name", name); wrong.Err() != nil {
		return Person{}, language.M("onboarding.enrol.name")
	}
	parsed, err := taxcode.Parse(code)
	if err != nil || parsed.Kind() != taxcode.Person {
		return Person{}, language.M("onboarding.enrol.person_code", "name", name)
	}
	one := Person{Name: name, TaxCode: parsed.String(), Role: cmp.Or(roleOf(role), adminRole), line: l.number}
	if role != "" && roleOf(role) == "" {
		return Person{}, language.M("onboarding.enrol.role", "role", role)
	}
	for _, other := range b.People {
		if other.TaxCode == one.TaxCode && member.Exclude(p.works, other.Role, one.Role) {
			return Person{}, language.M("onboarding.enrol.incompatible", "name", name, "line", other.line)
		}
	}
	return one, language.Message{}
}

// roleOf finds a role by its id or its label, "" for none that a body gives.
func roleOf(text string) string {
	for _, r := range policies.Ruled() {
		if r.ID == text || strings.EqualFold(r.Label.It, text) || strings.EqualFold(r.Label.En, text) {
			return r.ID
		}
	}
	return ""
}

// plan is what was gathered. A body with people of whom nobody would look after it is refused: made without them, it would be there
// when the list has been put right, and stay without them.
func (p *planner) plan() Plan {
	plan := Plan{Refused: p.refused}
	for _, b := range p.bodies {
		if len(b.People) > 0 && !slices.ContainsFunc(b.People, func(one Person) bool { return one.Role == adminRole }) {
			for _, one := range b.People {
				plan.Refused = append(plan.Refused, Refusal{one.line, b.Name, language.M("onboarding.enrol.no_admin")})
			}
			continue
		}
		plan.Bodies = append(plan.Bodies, *b)
	}
	return plan
}

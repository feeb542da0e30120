// Package matching holds practices against what a body looks for, or against the body itself: it gives points by criteria
// whose weights stand in one table, says for each where the points come from, and lists what of a kit will not fit. What
// the program does not know counts nothing and is said to be unknown. It must not read what another body has in confidence.
package matching

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/catalogue"
	"staffetta/modules/practice/fit"
	"staffetta/modules/practice/need"
	"staffetta/tenants/register"
)

// Criterion is one thing that is weighed (it: criterio).
type Criterion string

// The criteria.
const (
	Area      Criterion = "area"      // the same group of people
	Words     Criterion = "words"     // what is looked for is what the sheet is about
	Territory Criterion = "territory" // province and region of both bodies
	Size      Criterion = "size"      // residents of both bodies, by class
	Structure Criterion = "structure" // ages of the residents
	Distance  Criterion = "distance"  // between both bodies
	Services  Criterion = "services"  // services of the kit that the body has already
	Roles     Criterion = "roles"     // roles of its workflows that somebody holds
	Staff     Criterion = "staff"     // people that it needs
	Budget    Criterion = "budget"    // what it costs in a year
	Time      Criterion = "time"      // months until it can run
)

// Weights is the most that each criterion gives, and the order in which they are explained. They sum to 100: half for what
// the practice is about, a fifth for how alike both bodies are, the rest for what is there and for limits. No register of
// the program knows ages or distances: these two say so.
var Weights = []struct {
	Criterion Criterion
	Most      int
}{
	{Area, 25},
	{Words, 25},
	{Territory, 8},
	{Size, 8},
	{Structure, 2},
	{Distance, 2},
	{Services, 6},
	{Roles, 9},
	{Staff, 5},
	{Budget, 5},
	{Time, 5},
}

// Part is what a criterion gives, and why.
type Part struct {
	Criterion Criterion
	Most      int
	Points    int
	Known     bool // something is known to weigh; otherwise it counts nothing
	Why       language.Message
}

// Match is a practice held against what is wanted (it: abbinamento).
type Match struct {
	Offer   catalogue.Offer
	Parts   []Part
	Missing fit.Missing
	Checked bool // Missing was looked for: only the own body knows what it has
}

// Points is the sum of the parts.
func (m Match) Points() int {
	sum := 0
	for _, part := range m.Parts {
		sum += part.Points
	}
	return sum
}

// Possible is the sum of what could be weighed.
func (m Match) Possible() int {
	sum := 0
	for _, part := range m.Parts {
		if part.Known {
			sum += part.Most
		}
	}
	return sum
}

// Want is what practices are held against: a need, and the body that has it.
type Want struct {
	Need  *need.PracticeNeed // nil for a body without any
	Place *register.Municipality
	Body  *fit.Body // what the body has; nil where that is not for the one who asks
	Today time.Time

	kinds *modules.Kinds // of the program, as Weigh is told
}

// Practice is what is known of a practice.
type Practice struct {
	Offer catalogue.Offer
	Items []kit.Source
}

// Weigh holds a practice against what is wanted.
func Weigh(platform modules.Platform, w Want, p Practice) Match {
	m := Match{Offer: p.Offer}
	w.kinds = platform.Kinds
	for _, one := range Weights {
		share, why := judges[one.Criterion](w, p)
		part := Part{Criterion: one.Criterion, Most: one.Most, Known: share.of > 0, Why: why}
		if share.of > 0 {
			part.Points = one.Most * min(max(share.have, 0), share.of) / share.of
		}
		m.Parts = append(m.Parts, part)
	}
	if w.Body != nil {
		m.Missing, m.Checked = fit.Find(platform, *w.Body, p.Items), true
	}
	return m
}

// Rank orders matches: more points first, then what fits as it is, then the title.
func Rank(matches []Match) {
	slices.SortStableFunc(matches, func(a, b Match) int {
		return cmp.Or(cmp.Compare(b.Points(), a.Points()), cmp.Compare(gaps(a.Missing), gaps(b.Missing)),
			strings.Compare(a.Offer.Title.It, b.Offer.Title.It), strings.Compare(a.Offer.Practice.String(), b.Offer.Practice.String()))
	})
}

func gaps(m fit.Missing) int {
	return len(m.Kinds) + len(m.Modules) + len(m.Roles) + len(m.Services)
}

// share is how much of something there is; of nothing where it is not known.
type share struct{ have, of int }

// unknown is the share of what nobody can tell.
var unknown = share{}

// judges weigh each criterion and say why.
var judges = map[Criterion]func(Want, Practice) (share, language.Message){
	Area: judgeArea, Words: judgeWords, Territory: judgeTerritory, Size: judgeSize, Structure: noFigures(Structure), Distance: noFigures(Distance),
	Services: judgeServices, Roles: judgeRoles, Staff: judgeStaff, Budget: judgeBudget, Time: judgeTime,
}

// noFigures is for what the program has no register of.
func noFigures(c Criterion) func(Want, Practice) (share, language.Message) {
	return func(Want, Practice) (share, language.Message) { return unknown, why(c, "no_figures") }
}

func why(c Criterion, answer string, pairs ...any) language.Message {
	return language.M("practice.match."+string(c)+"."+answer, pairs...)
}

// Package why tells why somebody could read or write a section of a case at an instant or on a day, now or in the past, or
// why not: by which role, rule, part in the case, opening, share and agreement. It must not tell anything of what stands
// in the case, nor decide anything: it asks the rules of that moment what the package access asks those of now.
package why

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/casefile/access"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Why answers questions about access.
type Why struct {
	deps  modules.Deps
	cases *access.Cases
}

// New makes the answers about the cases.
func New(deps modules.Deps, cases *access.Cases) *Why { return &Why{deps: deps, cases: cases} }

// Oversee is the permission to ask about every case of the body without opening one.
const Oversee = "case_access:oversee"

// Question asks who may do what with a section (it: domanda sull'accesso).
type Question struct {
	Case    string    // id of a case of the own body
	Account uuid.UUID // uuid.Nil for whoever has the role, of another body, and for Anybody
	Body    int32     // to which the account belongs; 0 for the own one
	Anybody bool      // whoever was in the own body, without an account
	Office  int32     // of the own body, to ask for whoever was in it
	Section string
	Action  string // policies.Read or policies.Write
	From    time.Time
	To      time.Time // From itself for an instant
}

// The grounds of an answer, from the first that decides.
const (
	NoCase    = "no_case"    // the case did not exist yet
	NoRole    = "no_role"    // no role in the body
	NotOpened = "not_opened" // no relation to the case that opens it
	NoSection = "no_section" // the relation does not open the section
	Denied    = "denied"     // a rule of the body takes it away
	NotShared = "not_shared" // no share showed the section
	NoLive    = "no_live"    // a share did, its agreement was not in force
	Closed    = "closed"     // a closed case is not written
	ByRule    = "rule"       // allowed, in a case of the own body
	ByShare   = "share"      // allowed, under a share
	Nobody    = "nobody"     // of all who were in the office
)

// Answer is what held for a time (it: risposta sull'accesso).
type Answer struct {
	From, To  time.Time
	Account   uuid.UUID // uuid.Nil unless the question is about an own office
	Who       string    // its name
	Allowed   bool
	Ground    string
	Relation  policies.Relation // "" where no relation opened the case
	Roles     []string          // that the account held; without an account those by which anybody could
	Rule      policies.Rule     // that decided; the zero Rule where none matched
	Own       bool              // the rule was the body's own
	Reason    string            // of an opening with a reason
	Share     uuid.UUID
	Agreement uuid.UUID
}

// Explanation is the answers to a question, one after the other, with what they name.
type Explanation struct {
	Question
	Number     string // of the case
	Who        string // "" for whoever has the role, or was in the office
	Answers    []Answer
	Shares     []modules.ShareFact
	Agreements []policies.Agreement
}

// ExplainPast answers a question about a case of the actor's own body, for who works on the case or oversees all of them; that
// it was asked is in the audit before. Errors: problem.Invalid by field; problem.NotFound for a case that the actor may
// not ask about, and for an account that never belonged to the body or, of another body, never acted on the case;
// access.ErrReason where the case opens with a reason.
func (w *Why) ExplainPast(ctx context.Context, s tenants.Scope, q Question) (Explanation, error) {
	if q.Body == 0 {
		q.Body = s.Tenant
	}
	if err := q.check(s); err != nil {
		return Explanation{}, err
	}
	id, err := w.open(ctx, s, q.Case)
	if err != nil {
		return Explanation{}, err
	}
	event := audit.Event{Action: "explanation.read", Object: id, Case: id, Sections: []string{q.Section}, Payload: map[string]any{
		"account": modules.IDText(q.Account), "body": q.Body, "office": q.Office, "action": q.Action, "from": q.From.UTC(), "to": q.To.UTC(),
	}}
	wait := w.deps.Audit.Start(ctx, s, event)
	e, err := w.answer(ctx, s, id, q)
	return e, errors.Join(err, wait())
}

func (q Question) check(s tenants.Scope) error {
	var fields problem.Fields
	if !slices.Contains(policies.SectionIDs(), q.Section) {
		fields.Add("sezione", "web.field.choice")
	}
	if q.Action != policies.Read && q.Action != policies.Write {
		fields.Add("azione", "web.field.choice")
	}
	if q.From.IsZero() || q.To.Before(q.From) || q.To.Sub(q.From) > 32*24*time.Hour || q.From.After(time.Now()) {
		fields.Add("giorno", "casefile.error.past_day")
	}
	group, own := q.Anybody || q.Office != 0, q.Body == s.Tenant
	if own && group == (q.Account != uuid.Nil) || !own && group {
		fields.Add("chi", "web.field.choice")
	}
	return fields.Err()
}

// open lets who oversees ask about any case of the body, and everybody else about those that they open.
func (w *Why) open(ctx context.Context, s tenants.Scope, ref string) (uuid.UUID, error) {
	if w.deps.Permits(s, Oversee) {
		return modules.KnownID(ref)
	}
	a, err := w.cases.OpenOwn(ctx, s, ref)
	if err != nil {
		return uuid.Nil, err
	}
	return a.ID, nil
}

// FindCandidates lists whom one may ask about, for a case that the actor may ask about, with its number. Errors: those of
// ExplainPast.
func (w *Why) FindCandidates(ctx context.Context, s tenants.Scope, id uuid.UUID) (number string, candidates []Candidate, err error) {
	if _, err := w.open(ctx, s, id.String()); err != nil {
		return "", nil, err
	}
	if number, err = w.findNumber(ctx, s, id); err != nil {
		return "", nil, err
	}
	candidates, err = w.findCandidates(ctx, s, id)
	return number, candidates, errors.Join(err, w.deps.Audit.Record(ctx, s, audit.Event{Action: "explanation.read", Object: id, Case: id}))
}

func (w *Why) answer(ctx context.Context, s tenants.Scope, id uuid.UUID, q Question) (Explanation, error) {
	e := Explanation{Question: q}
	end := q.To
	if !end.After(q.From) {
		end = q.From.Add(time.Microsecond)
	}
	past, err := w.past(ctx, s, q, end)
	if err != nil {
		return e, err
	}
	f, err := w.findFacts(ctx, s, id, q, past)
	if err != nil {
		return e, err
	}
	e.Number = f.number
	if q.ofOffice(s) {
		e.Answers = f.ofOffice(q, end)
		return e, w.name(ctx, s, &e)
	}
	if q.Account != uuid.Nil {
		if e.Who = past.Name(q.Account, q.From); e.Who == "" || q.Body != s.Tenant && !f.acted {
			return e, problem.Missing()
		}
	}
	e.Answers = f.answers(q, end)
	return e, w.name(ctx, s, &e)
}

// ofOffice tells whether the question is about whoever was in the own body, or an office of it.
func (q Question) ofOffice(s tenants.Scope) bool { return q.Body == s.Tenant && q.Account == uuid.Nil }

func (w *Why) past(ctx context.Context, s tenants.Scope, q Question, end time.Time) (*policies.Past, error) {
	if q.ofOffice(s) {
		return w.deps.Policies.PastOffice(ctx, q.Body, q.Office, q.From, end)
	}
	return w.deps.Policies.Past(ctx, q.Body, q.Account, q.From, end)
}

// name adds what the answers name: shares, with their purposes and amendments, and agreements with their acts.
func (w *Why) name(ctx context.Context, s tenants.Scope, e *Explanation) (err error) {
	var shares, agreements []uuid.UUID
	for _, a := range e.Answers {
		if a.Share != uuid.Nil && !slices.Contains(shares, a.Share) {
			shares = append(shares, a.Share)
		}
		if a.Agreement != uuid.Nil && !slices.Contains(agreements, a.Agreement) {
			agreements = append(agreements, a.Agreement)
		}
	}
	if len(shares) == 0 {
		return nil
	}
	if e.Shares, err = w.deps.Platform.Sights.Shares(ctx, s, shares); err != nil {
		return err
	}
	return w.deps.DB.InTx(ctx, s, func(tx tenants.Tx) (err error) {
		e.Agreements, err = policies.NameAgreements(ctx, tx, s, agreements)
		return err
	})
}

// facts are all that a decision about a case asks besides the rules.
type facts struct {
	number         string
	opened, closed time.Time
	assignments    []held
	openings       []held
	grants         []grant
	states         []state
	acted          bool // the account of another body acted on the case
	past           *policies.Past
	foreign        bool
}

// held is a part in a case, or an opening with its reason, for a time.
type held struct {
	account  uuid.UUID
	what     string
	from, to time.Time // to is zero while it lasts
}

func (h held) at(at time.Time) bool { return covers(h.from, h.to, at) }

func covers(from, to, at time.Time) bool { return !from.After(at) && (to.IsZero() || to.After(at)) }

// grant is what a share showed of a section, and to whom.
type grant struct {
	share, agreement uuid.UUID
	section          string
	from, to         time.Time
	account          uuid.UUID // uuid.Nil for everybody
	office           int32     // 0 for every office
	write            bool
	validFrom        time.Time // of the agreement
	validTo          time.Time
}

// state is one of an agreement, from an instant to the next one.
type state struct {
	agreement uuid.UUID
	name      string
	since     time.Time
}

// ofOffice are the answers for whoever of the office could, person by person; one that nobody could otherwise.
func (f *facts) ofOffice(q Question, end time.Time) []Answer {
	var all []Answer
	for _, account := range f.past.Accounts() {
		one := q
		one.Account = account
		for _, a := range f.answers(one, end) {
			if a.Allowed {
				a.Account, a.Who = account, f.past.Name(account, a.From)
				all = append(all, a)
			}
		}
	}
	if len(all) == 0 {
		return []Answer{{From: q.From, To: q.To, Ground: Nobody}}
	}
	slices.SortStableFunc(all, func(a, b Answer) int { return strings.Compare(a.Who, b.Who) })
	return all
}

// answers are those of all instants of a question, equal ones in a row put together.
func (f *facts) answers(q Question, end time.Time) []Answer {
	turns := []time.Time{q.From}
	for _, at := range f.turns() {
		if at.After(q.From) && at.Before(end) {
			turns = append(turns, at)
		}
	}
	slices.SortFunc(turns, time.Time.Compare)
	var all []Answer
	for i, at := range turns {
		if i > 0 && at.Equal(turns[i-1]) {
			continue
		}
		a := f.at(q, at)
		last := len(all) - 1
		if last >= 0 {
			all[last].To = at
			before := all[last]
			before.From, before.To = a.From, a.To
			if before.equal(a) {
				continue
			}
		}
		all = append(all, a)
	}
	all[len(all)-1].To = q.To
	return all
}

func (a Answer) equal(b Answer) bool {
	roles := slices.Equal(a.Roles, b.Roles)
	return roles && a.Allowed == b.Allowed && a.Ground == b.Ground && a.Relation == b.Relation && a.Rule == b.Rule && a.Own == b.Own &&
		a.Reason == b.Reason && a.Share == b.Share && a.Agreement == b.Agreement
}

func (f *facts) turns() []time.Time {
	turns := append(f.past.Turns(), f.opened, f.closed)
	for _, h := range slices.Concat(f.assignments, f.openings) {
		turns = append(turns, h.from, h.to)
	}
	for _, g := range f.grants {
		turns = append(turns, g.from, g.to, g.validFrom, g.validTo)
	}
	for _, s := range f.states {
		turns = append(turns, s.since)
	}
	return turns
}

// at decides as the program did at the instant.
func (f *facts) at(q Question, at time.Time) Answer {
	a := Answer{From: at, To: at}
	if f.opened.After(at) {
		a.Ground = NoCase
		return a
	}
	scope, rules := f.past.Scope(q.Account, at), f.past.Rules(at)
	if q.Account == uuid.Nil { // whoever has a role by which it opens
		for _, role := range policies.Ruled() {
			scope.Roles = append(scope.Roles, role.ID)
		}
		scope.Roles = slices.DeleteFunc(scope.Roles, func(role string) bool {
			one := tenants.Scope{Tenant: scope.Tenant, Roles: []string{role}}
			return !rules.Allows(one, policies.Guest, "case", "open") || !rules.Allows(one, policies.Guest, q.Section, policies.Read) ||
				!rules.Allows(one, policies.Guest, q.Section, q.Action)
		})
	}
	if a.Roles = scope.Roles; len(a.Roles) == 0 || q.Office != 0 && !slices.Contains(scope.Offices, q.Office) {
		a.Ground = NoRole
		return a
	}
	if f.foreign {
		return f.asGuest(q, a, scope, rules)
	}
	return f.asOwn(q, a, scope, rules)
}

func (f *facts) asOwn(q Question, a Answer, scope tenants.Scope, rules *policies.Rules) Answer {
	var bonds access.Bonds
	for _, h := range f.assignments {
		if h.account == q.Account && h.at(a.From) {
			bonds.Parts = append(bonds.Parts, h.what)
		}
	}
	for _, h := range f.openings {
		if h.account == q.Account && h.at(a.From) {
			bonds.Reason = h.what
		}
	}
	relation, opens := rules.Through(scope, bonds.Relations()...)
	if !opens {
		a.Ground = NotOpened
		return a
	}
	if a.Relation = relation; relation == policies.Emergency {
		a.Reason = bonds.Reason
	}
	allowed := a.decide(q, scope, rules)
	switch {
	case !allowed:
		return a
	case f.unwritable(q, a.From):
		a.Ground = Closed
	default:
		a.Allowed, a.Ground = true, ByRule
	}
	return a
}

// unwritable tells whether the question is to write a case that was closed.
func (f *facts) unwritable(q Question, at time.Time) bool {
	return q.Action == policies.Write && !f.closed.IsZero() && !f.closed.After(at)
}

// decide asks the rules about the section, and keeps the rule that decided with what it says against.
func (a *Answer) decide(q Question, scope tenants.Scope, rules *policies.Rules) bool {
	if q.Action == policies.Write && !a.ask(policies.Read, q, scope, rules) {
		return false // a case is opened before it is written: who does not read a section writes nothing there
	}
	return a.ask(q.Action, q, scope, rules)
}

func (a *Answer) ask(action string, q Question, scope tenants.Scope, rules *policies.Rules) bool {
	reason, err := rules.Explain(scope, a.Relation, q.Section, action)
	a.Rule, a.Own = policies.Rule{}, false
	if err == nil && len(reason.Rule) == 6 {
		r := reason.Rule
		a.Rule = policies.Rule{Role: r[1], Relation: policies.Relation(r[2]), Object: r[3], Action: r[4], Effect: r[5]}
		a.Own = r[0] == strconv.Itoa(int(scope.Tenant))
	}
	a.Ground = NoSection
	if a.Rule.Effect == policies.Deny {
		a.Ground = Denied
	}
	return err == nil && reason.Allowed
}

func (f *facts) asGuest(q Question, a Answer, scope tenants.Scope, rules *policies.Rules) Answer {
	if !rules.Allows(scope, policies.Guest, "case", "open") {
		a.Ground = NotOpened
		return a
	}
	a.Relation = policies.Guest
	if !a.decide(q, scope, rules) {
		return a
	}
	a.Ground = NotShared
	for _, g := range f.grants {
		if g.section != q.Section || !covers(g.from, g.to, a.From) || q.Action == policies.Write && !g.write || !g.reaches(scope, q.Account) {
			continue
		}
		a.Share, a.Agreement, a.Ground = g.share, g.agreement, NoLive
		if covers(g.validFrom, g.validTo, a.From) && f.stateAt(g.agreement, a.From) == policies.AgreementActive {
			if a.Allowed, a.Ground = true, ByShare; f.unwritable(q, a.From) {
				a.Allowed, a.Ground = false, Closed
			}
			return a
		}
	}
	return a
}

// reaches tells whether the grant was addressed to the account; one to somebody in particular reaches no anybody.
func (g grant) reaches(scope tenants.Scope, account uuid.UUID) bool {
	return (g.account == uuid.Nil || g.account == account) && (g.office == 0 || slices.Contains(scope.Offices, g.office))
}

func (f *facts) stateAt(agreement uuid.UUID, at time.Time) string {
	current := ""
	for _, s := range f.states {
		if s.agreement == agreement && !s.since.After(at) {
			current = s.name
		}
	}
	return current
}

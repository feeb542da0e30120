// Package access is the one way in which any module opens a case: Open, which finds the actor's relation to it, confines
// the scope to the sections that this relation gives, and writes the reading down. It must not know what is kept in a
// case: the diary, the documents and the team stand above it.
package access

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/registry"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// ErrReason says that the case is the body's own but not the actor's: it opens
// only with a reason, for three hours.
var ErrReason = errors.New("the case opens only with a reason")

// Cases opens cases.
type Cases struct {
	deps modules.Deps
}

// NewCases opens cases by the program's parts.
func NewCases(deps modules.Deps) *Cases { return &Cases{deps: deps} }

// BodyName is what a body is called.
func (c *Cases) BodyName(id int32) string { return c.deps.Bodies.Name(id) }

// Access is a case that an actor has opened (it: accesso alla cartella): the scope is confined to the sections
// that the relation gives, the reading is on its way into the audit, and Read
// returns content only when it is written there.
type Access struct {
	CaseFile
	Ref      string // as the case is named in URLs: the id, or slug~id for another body's
	Person   Subject
	Scope    tenants.Scope
	Relation policies.Relation
	// Restricted is since when nothing is written into the case, because its person has the use of their data restricted (GDPR art. 18);
	// zero while it is not.
	Restricted time.Time
	Reason     string // stated by the actor, for an opening with a reason
	Grants     []Grant
	States     *Path
	db         *tenants.DB
	bodies     *tenants.Directory
	recorded   func() error
}

// Subject is the person of the case, as far as the identity may be seen.
type Subject struct {
	Surname, Name string
	TaxCode       string
	Born          time.Time
}

// FullName is the name, or "" where the identity is not shown.
func (p Subject) FullName() string { return registry.Name{Surname: p.Surname, Given: p.Name}.Full() }

// Grant is what a live share shows of another body's case.
type Grant struct {
	Share, Agreement uuid.UUID
	Section          string
	Write            bool // and lets the other body write there too
	Until            time.Time
}

// Open finds the actor's relation to a case and confines the scope to it. The
// section is what the caller is about to read; "" is the header. Errors:
// problem.NotFound when the case is missing, foreign without a live grant, or the
// relation does not give the section; ErrReason when it opens with a reason.
func (c *Cases) Open(ctx context.Context, scope tenants.Scope, ref, section string) (*Access, error) {
	return c.OpenBeside(ctx, scope, ref, section)
}

// OpenAny is Open for what stands in several sections, and needs one of them: the audit names each that the actor reads.
// Errors: those of Open.
func (c *Cases) OpenAny(ctx context.Context, scope tenants.Scope, ref string, sections ...string) (*Access, error) {
	a, err := c.OpenBeside(ctx, scope, ref, "", sections...)
	if err == nil && !slices.ContainsFunc(sections, a.Scope.Reads) {
		return nil, problem.Missing()
	}
	return a, err
}

// OpenBeside is Open for what stands in several sections: it needs the one, and the audit names each of the others that
// the actor reads beside it. Errors: those of Open.
func (c *Cases) OpenBeside(ctx context.Context, scope tenants.Scope, ref, section string, beside ...string) (*Access, error) {
	a, err := c.find(ctx, scope, ref)
	if err != nil {
		return nil, err
	}
	if section != "" && !a.Scope.Reads(section) {
		return nil, problem.Missing()
	}
	var sections []string
	for _, id := range append([]string{section}, beside...) {
		if a.Scope.Reads(id) && !slices.Contains(sections, id) {
			sections = append(sections, id)
		}
	}
	a.recorded = c.deps.Audit.Start(ctx, scope, a.Events("case.read", sections...)...)
	if err := c.describe(ctx, a); err != nil {
		return nil, err
	}
	return a, nil
}

// Own is an opened case of the actor's own body. Only the body's people see who opened a case and who works on it: what
// tells of that asks for an Own.
type Own struct{ *Access }

// OpenOwn is Open, without a section, for a case of the own body. Errors: problem.NotFound for another body's case, under
// whatever grant; those of Open.
func (c *Cases) OpenOwn(ctx context.Context, scope tenants.Scope, ref string) (*Own, error) {
	if strings.Contains(ref, "~") { // so other bodies' cases are named
		return nil, problem.Missing()
	}
	a, err := c.Open(ctx, scope, ref, "")
	if err != nil {
		return nil, err
	}
	return &Own{a}, nil
}

// OpenToWrite is Open for a change of a section; problem.Forbidden when the actor
// sees the section and may not write it.
func (c *Cases) OpenToWrite(ctx context.Context, scope tenants.Scope, ref, section string) (*Access, error) {
	a, err := c.Open(ctx, scope, ref, section)
	if errors.Is(err, ErrReason) {
		return nil, problem.Missing().Wrap(err) // a reason opens to read only
	}
	if err != nil {
		return nil, err
	}
	return a, a.MayWrite(section)
}

// MayWrite tells why an opened case, or a section of it, cannot be changed. Another body's case is written section by
// section, in joint care; what is no section of it, as its path, stays with its owner.
func (a *Access) MayWrite(section string) error {
	if section != "" && !a.Scope.Writes(section) || section == "" && a.Foreign() {
		return problem.New(problem.Forbidden, "casefile.error.read_only")
	}
	if !a.ClosedAt.IsZero() {
		return problem.New(problem.Conflict, "casefile.error.closed")
	}
	if !a.Restricted.IsZero() {
		return problem.New(problem.Conflict, "web.error.restricted")
	}
	return nil
}

// MayArrange tells why who works on an opened case cannot be changed. That is no use of the data of its person: it goes on while that is
// restricted.
func (a *Access) MayArrange() error {
	open := *a
	open.Restricted = time.Time{}
	return open.MayWrite("")
}

// Foreign tells whether the case belongs to another body.
func (a *Access) Foreign() bool { return a.Relation == policies.Guest }

// By names who wrote something, with the body where it is not the reader's own.
func (a *Access) By(body int32, name string) string {
	if body == a.Scope.Tenant {
		return name
	}
	return name + ", " + a.bodies.Name(body)
}

// Labels names those of the sections that the actor reads, as people call them.
func (a *Access) Labels(ctx context.Context, sections ...string) string {
	var labels []string
	for _, section := range sections {
		if a.Scope.Reads(section) {
			labels = append(labels, language.SayText(ctx, policies.SectionLabel(section)))
		}
	}
	return strings.Join(labels, ", ")
}

// Events is the reading in the chain of the owner and, for a guest, in the
// reader's own too.
func (a *Access) Events(action string, sections ...string) []audit.Event {
	e := audit.Event{Action: action, Tenant: a.Tenant, Relation: string(a.Relation), Object: a.ID, Case: a.ID, Sections: sections}
	if a.Reason != "" {
		e.Payload = map[string]any{"reason": a.Reason}
	}
	if !a.Foreign() {
		return []audit.Event{e}
	}
	e.Share = a.share(sections)
	mine := e
	mine.Tenant = a.Scope.Tenant
	return []audit.Event{e, mine}
}

// share is the live share that shows one of the sections, or the first one where
// only the header is read.
func (a *Access) share(sections []string) uuid.UUID {
	for _, g := range a.Grants {
		if slices.Contains(sections, g.Section) {
			return g.Share
		}
	}
	return a.Grants[0].Share
}

// find reads the header with what relates the actor to the case.
func (c *Cases) find(ctx context.Context, scope tenants.Scope, ref string) (*Access, error) {
	slug, text, foreign := strings.Cut(ref, "~")
	if !foreign {
		text = ref
	}
	id, ok := modules.ParseID(text)
	if !ok {
		return nil, problem.Missing()
	}
	a := &Access{Ref: ref, db: c.deps.DB, bodies: c.deps.Bodies}
	if !foreign {
		return a, c.findOwn(ctx, scope, id, a)
	}
	owner, _, err := c.deps.Bodies.BySlug(slug)
	if err != nil || owner.ID == scope.Tenant {
		return nil, problem.Missing()
	}
	a.Tenant = owner.ID
	return a, c.findForeign(ctx, scope, id, a)
}

func (c *Cases) findOwn(ctx context.Context, scope tenants.Scope, id uuid.UUID, a *Access) error {
	bonds, err := c.readOwn(ctx, scope, id, a)
	if err != nil {
		return err
	}
	rules := c.deps.Policies.Now()
	if relation, opens := rules.Through(scope, bonds.Relations()...); opens {
		a.Relation = relation
		if relation == policies.Emergency {
			a.Reason = bonds.Reason
		}
		a.Scope = rules.Confine(scope, relation)
		return nil
	}
	if rules.Allows(scope, policies.Emergency, "case", "open") {
		return ErrReason
	}
	return problem.Missing()
}

// Bonds is what ties an actor to a case of the own body.
type Bonds struct {
	Parts  []string // of live assignments
	Reason string   // of a live opening
}

// Relations lists the relations from the closest on.
func (b Bonds) Relations() []policies.Relation {
	var relations []policies.Relation
	if slices.Contains(b.Parts, "manager") {
		relations = append(relations, policies.Assigned)
	}
	if slices.Contains(b.Parts, "team") {
		relations = append(relations, policies.Team)
	}
	relations = append(relations, policies.Body)
	if b.Reason != "" {
		relations = append(relations, policies.Emergency)
	}
	return relations
}

// describe adds the person and the path, once the reading is written down. The person of another body's case came with
// its header.
func (c *Cases) describe(ctx context.Context, a *Access) error {
	describe := func() error { return c.readSubject(ctx, a) }
	if a.Foreign() {
		describe = a.recorded
	}
	if err := describe(); err != nil {
		return err
	}
	path, err := c.path(ctx, a)
	a.States = path
	return err
}

// findForeign confines the scope to what the role opens to guests and the live
// grants show: the two walls together.
func (c *Cases) findForeign(ctx context.Context, scope tenants.Scope, id uuid.UUID, a *Access) error {
	if !c.deps.Policies.Allows(scope, policies.Guest, "case", "open") {
		return problem.Missing()
	}
	confined := c.deps.Policies.Confine(scope, policies.Guest)
	if err := c.readForeign(ctx, confined, id, a); err != nil {
		return err
	}
	var readable, writable []string
	for _, g := range a.Grants {
		readable = append(readable, g.Section)
		if g.Write {
			writable = append(writable, g.Section)
		}
	}
	a.Relation, a.Scope = policies.Guest, confined.Within(readable, writable)
	if len(a.Scope.Sections()) == 0 {
		return problem.Missing()
	}
	if !a.Scope.Reads("identity") { // row security shows who it is where another case of the person does
		a.Person = Subject{}
	}
	return nil
}

// BrokenGlass is the kind of a share that nobody accepted: it was opened in an emergency.
const BrokenGlass = "break_glass"

// InEmergency tells whether all that a guest sees of a case was opened in an emergency.
func (c *Cases) InEmergency(ctx context.Context, scope tenants.Scope, a *Access) (bool, error) {
	known, err := c.deps.Platform.Sights.Shares(ctx, scope, a.Shares())
	if err != nil {
		return false, err
	}
	return len(known) > 0 && !slices.ContainsFunc(known, func(f modules.ShareFact) bool { return f.Kind != BrokenGlass }), nil
}

// Shares are the live shares by which a guest reads the case, each once.
func (a *Access) Shares() []uuid.UUID {
	var shares []uuid.UUID
	for _, g := range a.Grants {
		if !slices.Contains(shares, g.Share) {
			shares = append(shares, g.Share)
		}
	}
	return shares
}

// EndsSoon is the time of the day at which a guest's last share ends, if it ends within hours: "15:40".
func (a *Access) EndsSoon(now time.Time) string {
	var last time.Time
	for _, g := range a.Grants {
		if g.Until.After(last) {
			last = g.Until
		}
	}
	if last.Sub(now) > openFor {
		return ""
	}
	return last.In(language.Rome).Format("15:04")
}

// Bodies tells what a body is called.
type Bodies interface{ BodyName(id int32) string }

// Bar is what the host shows above every page of the case.
func (a *Access) Bar(bodies Bodies, current string) *modules.CaseBar {
	bar := &modules.CaseBar{
		Ref: a.Ref, Number: a.Number, Name: a.Person.FullName(), TaxCode: a.Person.TaxCode, Relation: string(a.Relation),
		Sections: a.Scope.Sections(), Current: current,
	}
	bar.State = a.StateLabel
	if a.Foreign() {
		bar.Foreign = bodies.BodyName(a.Tenant)
		bar.Until = a.EndsSoon(time.Now())
	}
	if !a.Restricted.IsZero() {
		bar.Restricted = a.Restricted.In(language.Rome).Format("02/01/2006")
	}
	if !a.Person.Born.IsZero() {
		bar.Born = a.Person.Born.Format("02/01/2006")
	}
	return bar
}

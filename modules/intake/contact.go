package intake

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"
	"golang.org/x/text/unicode/norm"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/casefile"
	"staffetta/modules/kit"
	"staffetta/modules/registry"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Contact is one arrival at the access desk (it: accesso).
type Contact struct {
	ID             uuid.UUID
	PersonID       *uuid.UUID // nil for an anonymous contact
	CaseID         *uuid.UUID // the case that began with it
	CaseNumber     string
	At             time.Time
	Channel        string
	Interlocutor   string
	Reason         string
	Accompanied    bool
	PersonInformed bool
	Needs          []string
	Target         string
	Request        string
	Outcome        string
	Signposting    string
	Given          []casefile.Given // terms of the body's vocabularies, as its workflow asks for them
	SetAside       string           // why nobody opens a case after it was proposed for taking in charge
	State          string
	OperatorName   string
	ClosedAt       time.Time // zero while open
	ClosedName     string
	Version        int
}

// WorkedOn tells whether somebody is still at the contact: until it is closed, and to the end of the day in Italy on which it came.
func (c Contact) WorkedOn(now time.Time) bool {
	return c.State != Closed || c.At.In(language.Rome).Format(time.DateOnly) == now.In(language.Rome).Format(time.DateOnly)
}

// Addendum is a correction or an addition to a closed contact (it: integrazione).
type Addendum struct {
	ID        uuid.UUID
	Text      string
	AddedAt   time.Time
	AddedName string
}

// Sheet is a contact with what belongs to it.
type Sheet struct {
	Contact
	Person  registry.Person // zero for an anonymous contact
	Addenda []Addendum
	Forms   []Form // the latest first, without answers
	Term    Term   // of the body
}

// Details are what is written down when somebody arrives.
type Details struct {
	Person         uuid.UUID // nil for an anonymous contact
	At             time.Time // zero for now
	Channel        string
	Interlocutor   string
	Reason         string
	Accompanied    bool
	PersonInformed bool
	Needs          []string
	Target         string
	Request        string
}

// Closing is how a contact ends.
type Closing struct {
	Outcome     string
	Signposting string      // where to, for an outcome of that kind
	Terms       kit.Answers // of the body's vocabularies, by the fields of its workflow about contacts
}

// NewContact is a contact to be written down; with an outcome it is closed at once. The same ID twice makes one.
type NewContact struct {
	ID uuid.UUID
	Details
	Closing
	given   []casefile.Given // the terms, as they were checked
	ForCase bool             // its case follows and closes it: it keeps where the person was sent, and has no outcome until then
}

// Check tidies the details. The error carries every field at fault.
func (d Details) Check(now time.Time) (Details, error) {
	var faults problem.Fields
	for _, f := range []struct {
		name, value string
		list        []Code
		required    bool
	}{
		{"channel", d.Channel, Channels, true},
		{"interlocutor", d.Interlocutor, Interlocutors, true},
		{"reason", d.Reason, Reasons, true},
		{"target", d.Target, Targets, false},
	} {
		if f.required {
			faults.Require(f.name, f.value)
		}
		faults.OneOf(f.name, f.value, ids(f.list)...)
	}
	d.Needs = slices.Compact(slices.Sorted(slices.Values(d.Needs)))
	for _, need := range d.Needs {
		faults.OneOf("needs", need, ids(Needs)...)
	}
	d.Request = tidy(&faults, "request", d.Request, 4000)
	if d.Request == "" && len(d.Needs) == 0 {
		faults.Add("request", "intake.request.missing")
	}
	switch {
	case d.At.IsZero():
		d.At = now
	case d.At.After(now.Add(5 * time.Minute)): // clocks of browsers go ahead
		faults.Add("day", "intake.day.future")
	case d.At.Before(now.AddDate(-10, 0, 0)):
		faults.Add("day", "intake.day.early")
	}
	return d, faults.Err()
}

// Check tidies the closing of a contact, of a known person or not. The error carries every field at fault.
func (c Closing) Check(known bool) (Closing, error) {
	var faults problem.Fields
	faults.Require("outcome", c.Outcome)
	faults.OneOf("outcome", c.Outcome, ids(Outcomes)...)
	c.Signposting = tidy(&faults, "signposting", c.Signposting, 300)
	if c.Outcome == Signposting && c.Signposting == "" {
		faults.Add("signposting", "intake.signposting.missing")
	}
	if c.Outcome == TakingInCharge && !known {
		faults.Add("outcome", "intake.outcome.person")
	}
	return c, faults.Err()
}

// tidy keeps a text of several lines in the composed form of Unicode.
func tidy(faults *problem.Fields, name, text string, max int) string {
	if !utf8.ValidString(text) {
		faults.Add(name, "intake.text.characters")
		return ""
	}
	text = norm.NFC.String(strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n")))
	if strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }) {
		faults.Add(name, "intake.text.characters")
	}
	faults.MaxLength(name, text, max)
	return text
}

// Service reads and writes the contacts of the actor's own body.
type Service struct {
	deps    modules.Deps
	persons *registry.Service
	cases   *casefile.Service
	items   *kit.Items
}

// NewService makes the service.
func NewService(deps modules.Deps) *Service {
	return &Service{deps: deps, persons: registry.NewService(deps), cases: casefile.NewService(deps), items: kit.NewItems(deps)}
}

// confine gives the sections that the actor's roles open in the body at large: the desk works before there is a case.
func (sv *Service) confine(s tenants.Scope) tenants.Scope {
	return sv.deps.Policies.Confine(s, policies.Body)
}

func event(action string, c Contact) audit.Event {
	e := audit.Event{Action: action, Object: c.ID, Relation: string(policies.Body), Sections: []string{"intake"}}
	if c.CaseID != nil {
		e.Case = *c.CaseID
	}
	return e
}

// Query says which contacts to find, newest first.
type Query struct {
	Desk     bool      // only those of today and those still open
	Proposed bool      // only those proposed for taking in charge that wait for an answer
	Person   uuid.UUID // nil for all
	After    uuid.UUID // the last contact of the page before
	Limit    int       // 1 to 100, 50 if zero
}

// Found is a page of contacts, with the names of the persons and the term of the body. Next is the After of the
// following page, or nil.
type Found struct {
	Contacts []Contact
	Names    map[uuid.UUID]string
	Term     Term
	Next     uuid.UUID
}

// FindContacts lists contacts of the body; what it returns has been written into the audit.
func (sv *Service) FindContacts(ctx context.Context, s tenants.Scope, q Query) (Found, error) {
	s = sv.confine(s)
	if q.Limit < 1 || q.Limit > 100 {
		q.Limit = 50
	}
	found, err := sv.findContacts(ctx, s, q)
	if err != nil {
		return Found{}, err
	}
	p, err := sv.contactPath(ctx, s)
	if err != nil {
		return Found{}, err
	}
	found.Term = p.term
	if len(found.Contacts) > q.Limit {
		found.Contacts = found.Contacts[:q.Limit]
		found.Next = found.Contacts[q.Limit-1].ID
	}
	e := event("contact.list", Contact{})
	var listed []uuid.UUID
	for _, c := range found.Contacts {
		listed = append(listed, c.ID)
		if c.CaseID != nil {
			e.Cases = append(e.Cases, *c.CaseID)
		}
	}
	e.Payload = map[string]any{"contacts": listed}
	return found, sv.deps.Audit.Record(ctx, s, e)
}

// GetContact returns a contact with its person, addenda and forms. The error is problem.NotFound for a missing and for a
// foreign one.
func (sv *Service) GetContact(ctx context.Context, s tenants.Scope, id uuid.UUID) (Sheet, error) {
	s = sv.confine(s)
	sheet, err := sv.getSheet(ctx, s, id)
	e := event("contact.read", sheet.Contact)
	e.Object = id
	if sheet.PersonID != nil {
		e.Sections = append(e.Sections, "identity")
	}
	if audited := sv.deps.Audit.Record(ctx, s, e); audited != nil {
		return Sheet{}, audited
	}
	if err != nil {
		return Sheet{}, err
	}
	p, err := sv.contactPath(ctx, s)
	sheet.Term = p.term
	return sheet, err
}

// CreateContact writes a contact down and ends its draft. The error is problem.NotFound for a person that the body has not, or carries
// the fields at fault.
func (sv *Service) CreateContact(ctx context.Context, s tenants.Scope, n NewContact) (Contact, error) {
	var faults []error
	details, err := n.Details.Check(time.Now())
	faults = append(faults, err)
	closing, err := n.closing()
	faults = append(faults, err)
	n.given, err = sv.checkTerms(ctx, s, n.Terms)
	faults = append(faults, err)
	if err := join(faults...); err != nil {
		return Contact{}, err
	}
	n.Details, n.Closing = details, closing
	if n.ID == uuid.Nil {
		n.ID = modules.FormID("")
	}
	var made Contact
	err = sv.write(ctx, s, func(tx tenants.Tx, s tenants.Scope) error {
		if err := requirePerson(ctx, tx, s, n.Person); err != nil {
			return err
		}
		created, err := insertContact(ctx, tx, s, n)
		if err != nil {
			return err
		}
		if made, err = lockContact(ctx, tx, s.Tenant, n.ID); err != nil || !created {
			return err
		}
		if _, err := endDraft(ctx, tx, s, n.ID); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, event("contact.create", made))
	})
	return made, err
}

// closing tidies how a new contact ends, if it does.
func (n NewContact) closing() (Closing, error) {
	switch {
	case n.ForCase:
		var faults problem.Fields
		sent := tidy(&faults, "signposting", n.Signposting, 300)
		return Closing{Signposting: sent}, faults.Err()
	case n.Outcome == "" && n.Signposting == "":
		return Closing{}, nil
	}
	return n.Closing.Check(n.Person != uuid.Nil)
}

// requirePerson sees that a named person is one of the body.
func requirePerson(ctx context.Context, tx tenants.Tx, s tenants.Scope, id uuid.UUID) error {
	if id == uuid.Nil {
		return nil
	}
	names, err := registry.Names(ctx, tx, s.Tenant, []uuid.UUID{id})
	if err == nil && len(names) == 0 {
		return problem.Missing()
	}
	return err
}

// join gathers the fields at fault of several checks; any other error comes first.
func join(errs ...error) error {
	var fields problem.Fields
	for _, err := range errs {
		switch {
		case err == nil:
		case problem.Is(err, problem.Invalid):
			fields = append(fields, problem.Of(err).Fields...)
		default:
			return err
		}
	}
	return fields.Err()
}

// write runs a change in a transaction of who may write contacts.
func (sv *Service) write(ctx context.Context, s tenants.Scope, change func(tenants.Tx, tenants.Scope) error) error {
	s = sv.confine(s)
	if !s.Writes("intake") {
		return problem.Missing()
	}
	return sv.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error { return change(tx, s) })
}

// change runs a change of an open contact from the version that the caller has seen. done tells whether the contact
// is already as the change would make it, which is no error.
func (sv *Service) change(ctx context.Context, s tenants.Scope, v Version, done func(Contact) bool, apply func(tenants.Tx, tenants.Scope, Contact) error) error {
	return sv.write(ctx, s, func(tx tenants.Tx, s tenants.Scope) error {
		c, err := lockContact(ctx, tx, s.Tenant, v.ID)
		switch {
		case err != nil:
			return err
		case done(c):
			return nil
		case c.State == Closed:
			return problem.New(problem.Conflict, "intake.closed")
		case c.Version != v.Version:
			return problem.New(problem.Conflict, "web.error.conflict")
		}
		return apply(tx, s, c)
	})
}

// Version names a contact as the caller has seen it.
type Version struct {
	ID      uuid.UUID
	Version int
}

// CloseContact gives a contact its outcome; afterwards it is read-only. The error is problem.Conflict if somebody else
// changed or closed it, problem.NotFound for a missing or foreign one, or carries the fields at fault. Closing it
// twice in the same way is no error.
func (sv *Service) CloseContact(ctx context.Context, s tenants.Scope, v Version, closing Closing) error {
	same := func(c Contact) bool {
		return c.State == Closed && c.Outcome == closing.Outcome && c.Signposting == strings.TrimSpace(closing.Signposting)
	}
	given, wrong := sv.checkTerms(ctx, s, closing.Terms)
	return sv.change(ctx, s, v, same, func(tx tenants.Tx, s tenants.Scope, c Contact) error {
		checked, err := closing.Check(c.PersonID != nil)
		if err := join(err, wrong); err != nil {
			return err
		}
		c.Given = casefile.ReplaceGiven(c.Given, given)
		if err := closeContact(ctx, tx, s, c, checked); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, event("contact.close", c))
	})
}

// MarkSeen notes that somebody of the service has read the contact; seeing it twice is no error. The errors are those
// of CloseContact.
func (sv *Service) MarkSeen(ctx context.Context, s tenants.Scope, v Version) error {
	seen := func(c Contact) bool { return c.State != Created }
	return sv.change(ctx, s, v, seen, func(tx tenants.Tx, s tenants.Scope, c Contact) error {
		if err := markSeen(ctx, tx, s.Tenant, c); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, event("contact.see", c))
	})
}

// NamePerson says of an open contact who it was. The errors are those of CloseContact.
func (sv *Service) NamePerson(ctx context.Context, s tenants.Scope, v Version, person uuid.UUID) error {
	if person == uuid.Nil {
		var faults problem.Fields
		faults.Add("persona", "intake.person.choose")
		return faults.Err()
	}
	same := func(c Contact) bool { return c.PersonID != nil && *c.PersonID == person }
	return sv.change(ctx, s, v, same, func(tx tenants.Tx, s tenants.Scope, c Contact) error {
		if err := requirePerson(ctx, tx, s, person); err != nil {
			return err
		}
		if err := namePerson(ctx, tx, s.Tenant, c, person); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, event("contact.name_person", c))
	})
}

// NewAddendum is a text to be added to a closed contact. The same ID twice makes one.
type NewAddendum struct {
	ID      uuid.UUID
	Contact uuid.UUID
	Text    string
}

// AddAddendum adds a text to a closed contact. The error is problem.Conflict for one that is open, problem.NotFound
// for a missing or foreign one, or carries the field at fault.
func (sv *Service) AddAddendum(ctx context.Context, s tenants.Scope, n NewAddendum) error {
	var faults problem.Fields
	n.Text = tidy(&faults, "text", n.Text, 2000)
	if len(faults) == 0 {
		faults.Require("text", n.Text)
	}
	if err := faults.Err(); err != nil {
		return err
	}
	return sv.write(ctx, s, func(tx tenants.Tx, s tenants.Scope) error {
		c, err := lockContact(ctx, tx, s.Tenant, n.Contact)
		if err != nil {
			return err
		}
		if c.State != Closed {
			return problem.New(problem.Conflict, "intake.open")
		}
		made, err := insertAddendum(ctx, tx, s, n)
		if err != nil || !made {
			return err
		}
		return audit.Write(ctx, tx, s, event("contact.add", c))
	})
}

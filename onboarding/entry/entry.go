// Package entry is how a body enters by itself: an entry that a newcomer fills
// step by step, leaves and resumes, and that ends, once control of the body is proven, with
// the body there to be tried by its own people. It walks the manifests of the modules; it
// must not import a concrete module, and what happens inside the new body is the work of
// its console.
package entry

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
	"staffetta/onboarding/control"
	"staffetta/onboarding/daily"
	"staffetta/onboarding/deed"
	"staffetta/policies/audit"
	"staffetta/tenants"
	"staffetta/tenants/register"
)

// State is how far an entry has come.
type State string

// The states of an entry. Activating is between the proof of control and the body that
// follows from it: asking again goes on from there. Of a live entry the body is there, to
// be tried by its own people first.
const (
	Open       State = "open"
	Activating State = "activating"
	Live       State = "live"
	Closed     State = "closed" // nobody went on with it; what was typed is forgotten
)

// Step is a part of an entry that is filled and saved on its own (it: passo).
type Step string

// The steps, in the order in which they are shown.
const (
	BodyStep    Step = "body"
	ContactStep Step = "contact"
)

// Steps lists the steps in their order.
var Steps = []Step{BodyStep, ContactStep}

// Entry is the way of a new body onto the platform (it: pratica di ingresso). It
// belongs to the accounts that fill it; nobody else sees it.
type Entry struct {
	ID             uuid.UUID
	State          State
	Starter        bool      // the actor began it, is its contact, and alone proves control and says who works at it
	Belfiore       string    // of the municipality; "" before it is chosen
	CorrectedIPA   string    // "" where that of the register stands
	Other          OtherBody // where it is no municipality
	BodyVersion    int       // of the step, 0 before it was saved; so the other versions
	Contact        Contact
	ContactVersion int
	Code           control.Code // that was sent and holds; empty in a list
	Body           int32        // the body that it became
	ConfirmedBy    string       // the second person, by name; "" for none
	ConfirmedAt    time.Time    // zero for none
	Review         string       // "" where nobody was asked to look, else asked, yes or no
	ReviewReason   string
	CreatedAt      time.Time
	UpdatedAt      time.Time
}

// IPA is the code of the body in the index of public bodies: that of the register, or
// the one that somebody corrected. It is "" before a municipality is chosen.
func (e Entry) IPA() string {
	m, chosen := e.Municipality()
	if !chosen || e.CorrectedIPA != "" {
		return e.CorrectedIPA
	}
	return m.IPA()
}

// Name is how the body that enters is called; "" before it is chosen.
func (e Entry) Name() string {
	if m, chosen := e.Municipality(); chosen {
		return legalName(m)
	}
	return e.Other.Name
}

// Municipality is the municipality that enters, if it is chosen.
func (e Entry) Municipality() (register.Municipality, bool) {
	if e.Belfiore == "" {
		return register.Municipality{}, false
	}
	m, err := register.ByBelfiore(e.Belfiore)
	return m, err == nil
}

// Done tells whether nothing is missing in a step.
func (e Entry) Done(step Step) bool {
	switch step {
	case BodyStep:
		_, chosen := e.Municipality()
		return chosen || e.Other.Kind != ""
	default:
		return e.Contact.PEC != "" && e.ContactVersion > 0
	}
}

// Ready tells whether no step lacks anything, so that control can be proven.
func (e Entry) Ready() bool {
	return !slices.ContainsFunc(Steps, func(step Step) bool { return !e.Done(step) })
}

const (
	// maxEntries bounds how many entries an account can have that are not closed.
	maxEntries = 20
	// guessesPerDay is how many tries of an account at entries that are not theirs are written down in a day, by each instance;
	// the others are only refused.
	guessesPerDay = 20
)

// Service does what the wizard and the API ask for.
type Service struct {
	deps    modules.Deps
	guesses daily.Count[uuid.UUID] // at other people's entries, by account
	deeds   daily.Count[uuid.UUID] // acts that were sent, by account
}

// NewService makes the service.
func NewService(deps modules.Deps) *Service { return &Service{deps: deps} }

// Create opens an entry with the id for the actor; the same id again returns the
// same entry. Errors: problem.NotFound when the id is another's entry;
// problem.Conflict when the actor has begun too many.
func (v *Service) Create(ctx context.Context, s tenants.Scope, id uuid.UUID) (Entry, error) {
	mine, err := v.Find(ctx, s)
	if err != nil {
		return Entry{}, err
	}
	if slices.ContainsFunc(mine, func(e Entry) bool { return e.ID == id }) {
		return v.Get(ctx, s, id)
	}
	if len(slices.DeleteFunc(mine, func(e Entry) bool { return e.State == Closed })) >= maxEntries {
		return Entry{}, problem.New(problem.Conflict, "onboarding.error.many", "max", maxEntries)
	}
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if err := createEntry(ctx, tx, id, s.Name); err != nil {
			return err
		}
		if _, err := lockEntry(ctx, tx, s, id); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "entry.create", Object: id})
	})
	if err != nil {
		return Entry{}, err
	}
	return v.Get(ctx, s, id)
}

// Find lists the actor's entries, the newest first.
func (v *Service) Find(ctx context.Context, s tenants.Scope) ([]Entry, error) {
	return v.findEntries(ctx, s)
}

// Get returns an entry of the actor, or problem.NotFound.
func (v *Service) Get(ctx context.Context, s tenants.Scope, id uuid.UUID) (Entry, error) {
	e, err := v.getEntry(ctx, s, id)
	if problem.Is(err, problem.NotFound) {
		return Entry{}, v.refused(ctx, s, id, foreign, err)
	}
	return e, err
}

// changing runs a change of one step under the entry's lock, so that none gets into
// an entry that is going live. change tells whether anything changed; only then it
// is written into the audit.
func (v *Service) changing(ctx context.Context, s tenants.Scope, id uuid.UUID, step Step, change func(tx tenants.Tx, e Entry) (bool, error)) error {
	known := false
	err := v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		e, err := lockEntry(ctx, tx, s, id)
		if err != nil {
			return err
		}
		known = true
		if e.State != Open {
			return e.fixed()
		}
		changed, err := change(tx, e)
		if err != nil || !changed {
			return err
		}
		if step == BodyStep {
			deed.DropAfter(tx, v.deps, s, e.Other.Deed.Sum)
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "entry.update", Object: id, Payload: map[string]any{"step": string(step)}})
	})
	if !known && problem.Is(err, problem.NotFound) {
		return v.refused(ctx, s, id, foreign, err)
	}
	return err
}

// The reasons of refusals that the audit keeps, beside the verdicts of codes.
const (
	foreign  = "foreign"  // somebody else's entry, or none
	taken    = "taken"    // the body is there already
	starters = "starters" // only who began the entry may
)

// refused writes down that somebody tried what is theirs not to do, and returns why it was refused.
func (v *Service) refused(ctx context.Context, s tenants.Scope, entry uuid.UUID, reason string, why error) error {
	if reason == foreign && !v.guesses.Within(s.Account, language.Day(time.Now()), guessesPerDay) {
		return why // whoever tries numbers does not fill the audit
	}
	err := v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		return audit.Write(ctx, tx, s, audit.Event{Action: "entry.refuse", Object: entry, Payload: map[string]any{"reason": reason}})
	})
	if err != nil {
		return err
	}
	return why
}

// fixed says why nothing of an entry that is not open changes.
func (e Entry) fixed() error {
	if e.State == Closed {
		return problem.New(problem.Conflict, "onboarding.error.closed")
	}
	return problem.New(problem.Conflict, "onboarding.error.started")
}

// conflict says that somebody else saved the step in the meantime.
func conflict() error { return problem.New(problem.Conflict, "web.error.conflict") }

// tidy makes one line of a text in the composed form of Unicode.
func tidy(faults *problem.Fields, name, text string, max int) string {
	if !utf8.ValidString(text) {
		faults.Add(name, "web.field.characters")
		return ""
	}
	text = norm.NFC.String(strings.Join(strings.Fields(text), " "))
	if strings.ContainsFunc(text, unkeepable) {
		faults.Add(name, "web.field.characters")
	}
	faults.MaxLength(name, text, max)
	return text
}

// unkeepable are control characters, and those that turn the direction of the text around them.
func unkeepable(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }

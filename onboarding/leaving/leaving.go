package leaving

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// The permissions of this package.
const (
	Read  = "leaving:read"
	Ask   = "leaving:ask"
	Agree = "leaving:agree"
	Stop  = "leaving:stop"

	Partner = "leaving:partner" // who handles agreements
)

// Term is for how long a body that is or was live can take back that it leaves; one on its first trial has nobody to whom that would
// matter.
const Term = 30 * 24 * time.Hour

// State is where a leaving stands.
type State string

// The states of a leaving.
const (
	Asked     State = "asked"
	Withdrawn State = "withdrawn"
	Refused   State = "refused"
	Agreed    State = "agreed" // its day will come
	Stopped   State = "stopped"
)

// Leaving is that a body leaves the platform, as two of its people decide (it: uscita dalla piattaforma).
type Leaving struct {
	ID          uuid.UUID
	State       State
	Reason      string
	Waiver      string // why no archive is taken along
	Export      *uuid.UUID
	AskedBy     uuid.UUID
	AskedName   string
	AskedAt     time.Time
	DecidedName string
	DecidedAt   *time.Time
	Words       string // why it was refused
	DueAt       *time.Time
	StoppedName string
	StoppedAt   *time.Time
	StopReason  string
}

// Open tells whether somebody has still to decide, or the day to come.
func (l Leaving) Open() bool { return l.State == Asked || l.State == Agreed }

// Fetched is an archive of the body that somebody has fetched.
type Fetched struct {
	ID          uuid.UUID
	Name        string
	At          time.Time
	ManifestSum string
}

// Outlook is what leaving would do, and how it stands.
type Outlook struct {
	Trial    bool              // it was never live, and leaves at once
	Rows     []Kind            // what is removed
	Partings []modules.Parting // what ends with others, and what stays
	Held     int               // holds in force, of which the last has to end before the body leaves
	Export   *Fetched          // the archive that the body takes along, of the last thirty days
	History  []Leaving         // the newest first
	Mark     string            // of what ends with others
}

// Current is the leaving that is open, or nil.
func (o Outlook) Current() *Leaving {
	at := slices.IndexFunc(o.History, Leaving.Open)
	if at < 0 {
		return nil
	}
	return &o.History[at]
}

// Service takes a body from the question to its end.
type Service struct {
	deps modules.Deps
	now  func() time.Time
	days *modules.Recent[map[int32]time.Time] // when which body leaves
}

// NewService makes the service over the program's parts.
func NewService(deps modules.Deps) *Service {
	v := &Service{deps: deps, now: time.Now}
	v.days = modules.NewRecent(deps.Platform.Log, v.findDays)
	return v
}

// Get tells what leaving would do to the actor's body, and how it stands.
func (v *Service) Get(ctx context.Context, s tenants.Scope) (o Outlook, err error) {
	wait := v.deps.Audit.Start(ctx, s, audit.Event{Action: "leaving.read"})
	body, err := v.deps.Bodies.ByID(s.Tenant)
	if err != nil {
		return o, err
	}
	var rows map[string]int64
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		opened, err := wasOpened(ctx, tx)
		if err != nil {
			return err
		}
		o.Trial = body.Trial() && !opened
		if o.Held, err = countHolds(ctx, tx); err != nil {
			return err
		}
		if o.History, err = findLeavings(ctx, tx); err != nil {
			return err
		}
		if o.Export, err = lastFetched(ctx, tx); err != nil {
			return err
		}
		rows, err = countBody(ctx, tx)
		return err
	})
	if err != nil {
		return o, err
	}
	o.Rows = Kinds(v.deps.Platform.Modules, rows)
	for _, f := range v.deps.Platform.Console.Farewells() {
		list, err := f.Find(ctx, s)
		if err != nil {
			return o, err
		}
		o.Partings = append(o.Partings, list...)
	}
	if o.Mark, err = modules.MarkOf(o.said(ctx)); err != nil {
		return o, err
	}
	return o, wait()
}

// said is what is read before somebody decides, for its mark: not how many rows there are, which people who work change.
func (o Outlook) said(ctx context.Context) any {
	type one struct {
		Text string
		With []string
	}
	list := []one{}
	for _, p := range o.Partings {
		list = append(list, one{language.Say(ctx, p.Text), p.With})
	}
	return struct {
		Trial    bool
		Partings []one
	}{o.Trial, list}
}

// free refuses while something is held.
func (o Outlook) free() error {
	if o.Held > 0 {
		return problem.New(problem.Conflict, "onboarding.leaving.error.held", "n", o.Held)
	}
	return nil
}

// Request is what somebody asks for.
type Request struct {
	ID     uuid.UUID // made when the form was rendered, so that a second submit changes nothing
	Reason string
	Waiver string // why no archive is taken along; not needed where one was fetched
}

// Ask asks that the actor's body leaves, as they have read what that does. Errors: problem.Invalid by field; problem.Conflict while another
// question is open or something is held, or something else was read.
func (v *Service) Ask(ctx context.Context, s tenants.Scope, r Request, consent modules.Consent) error {
	o, err := v.Get(ctx, s)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(o.History, func(l Leaving) bool { return l.ID == r.ID }) {
		return nil
	}
	if o.Current() != nil {
		return problem.New(problem.Conflict, "onboarding.leaving.error.open")
	}
	if err := o.free(); err != nil {
		return err
	}
	r.Reason, r.Waiver = strings.TrimSpace(r.Reason), strings.TrimSpace(r.Waiver)
	if err := r.check(o, consent); err != nil {
		return err
	}
	if consent.Check(o.Mark) != nil {
		return problem.New(problem.Conflict, "onboarding.leaving.error.changed")
	}
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if made, err := createLeaving(ctx, tx, s, r, o.Export); err != nil || !made {
			return err
		}
		payload := map[string]any{"reason": r.Reason, "waiver": r.Waiver}
		if o.Export != nil {
			payload["export"] = o.Export.ID
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "leaving.ask", Object: r.ID, Payload: payload})
	})
}

func (r Request) check(o Outlook, consent modules.Consent) error {
	var wrong problem.Fields
	wrong.Require("motivo", r.Reason)
	if o.Export == nil && r.Waiver == "" {
		wrong.Add("rinuncia", "onboarding.leaving.error.export")
	}
	for name, value := range map[string]string{"motivo": r.Reason, "rinuncia": r.Waiver} {
		wrong.Words(name, value, maxWords)
	}
	acknowledged(&wrong, consent)
	return wrong.Err()
}

// maxWords is how many characters people may write in one field.
const maxWords = 2000

func acknowledged(wrong *problem.Fields, consent modules.Consent) {
	if !consent.Acknowledged {
		wrong.Add(modules.ConsentField, "onboarding.leaving.error.unread")
	}
}

// change locks a leaving in one of the states and lets fn change it. Errors: problem.NotFound, problem.Conflict.
func (v *Service) change(ctx context.Context, s tenants.Scope, id uuid.UUID, from []State, fn func(tenants.Tx, Leaving) error) error {
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		l, err := lockLeaving(ctx, tx, id)
		if err != nil {
			return err
		}
		if !slices.Contains(from, l.State) {
			return problem.New(problem.Conflict, "onboarding.leaving.error.decided")
		}
		return fn(tx, l)
	})
}

// Agree decides that the body leaves, after its term, as the actor has read what that does. Errors: problem.Invalid without an
// acknowledgement; problem.Forbidden for who asked; problem.NotFound; problem.Conflict when it is decided, something is held or something else was read.
func (v *Service) Agree(ctx context.Context, s tenants.Scope, id uuid.UUID, consent modules.Consent) error {
	o, err := v.Get(ctx, s)
	if err != nil {
		return err
	}
	due := v.now().Add(Term)
	if o.Trial {
		due = v.now()
	}
	return v.change(ctx, s, id, []State{Asked}, func(tx tenants.Tx, l Leaving) error {
		if l.AskedBy == s.Account {
			return problem.New(problem.Forbidden, "onboarding.leaving.error.alone")
		}
		var wrong problem.Fields
		if acknowledged(&wrong, consent); len(wrong) > 0 {
			return wrong.Err()
		}
		if consent.Check(o.Mark) != nil {
			return problem.New(problem.Conflict, "onboarding.leaving.error.changed")
		}
		if err := o.free(); err != nil {
			return err
		}
		if err := decideLeaving(ctx, tx, s, Leaving{ID: id, State: Agreed, DueAt: &due}); err != nil {
			return err
		}
		tenants.AfterCommit(tx, v.forgetDays)
		if err := v.deps.Jobs.Enqueue(ctx, tx, leaveArgs{Owned: owned(s.Tenant), Leaving: id, At: due}); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "leaving.agree", Object: id, Payload: map[string]any{"due": due.UTC()}})
	})
}

// Refuse says no, with why. Errors: problem.Invalid by field, problem.NotFound, problem.Conflict.
func (v *Service) Refuse(ctx context.Context, s tenants.Scope, id uuid.UUID, words string) error {
	words = strings.TrimSpace(words)
	var wrong problem.Fields
	wrong.Reason("perche", words, maxWords)
	if err := wrong.Err(); err != nil {
		return err
	}
	return v.change(ctx, s, id, []State{Asked}, func(tx tenants.Tx, _ Leaving) error {
		if err := decideLeaving(ctx, tx, s, Leaving{ID: id, State: Refused, Words: words}); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "leaving.refuse", Object: id, Payload: map[string]any{"reason": words}})
	})
}

// Stop takes back, with why, what was asked or, until its day, what was agreed upon: the job that waits for the day will find nothing to do. Errors:
// problem.Invalid at "fermo", problem.NotFound, problem.Conflict.
func (v *Service) Stop(ctx context.Context, s tenants.Scope, id uuid.UUID, reason string) error {
	reason = strings.TrimSpace(reason)
	var wrong problem.Fields
	wrong.Reason("fermo", reason, maxWords)
	if err := wrong.Err(); err != nil {
		return err
	}
	return v.change(ctx, s, id, []State{Asked, Agreed}, func(tx tenants.Tx, l Leaving) error {
		to := Withdrawn
		if l.State == Agreed {
			to = Stopped
		}
		l.State, l.StopReason = to, reason
		if err := stopLeaving(ctx, tx, s, l); err != nil {
			return err
		}
		tenants.AfterCommit(tx, v.forgetDays)
		return audit.Write(ctx, tx, s, audit.Event{Action: "leaving.stop", Object: id, Payload: map[string]any{"reason": reason}})
	})
}

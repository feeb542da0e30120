package retention

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// State is where a disposal stands.
type State string

// The states of a disposal.
const (
	Proposed  State = "proposed"
	Withdrawn State = "withdrawn"
	Refused   State = "refused"
	Agreed    State = "agreed"  // it is being done
	Removed   State = "removed" // the rows are gone, their documents are going
	Done      State = "done"
)

// Disposal is a list of what is over and is to go (it: scarto). It names nobody.
type Disposal struct {
	ID            uuid.UUID
	State         State
	Terms         map[string]int // years by kind, as they were
	Note          string
	ProposedBy    uuid.UUID
	ProposedName  string
	ProposedAt    time.Time
	DecidedName   string
	DecidedAt     *time.Time
	Words         string // why it was refused
	Authorisation string // of the Soprintendenza
	AuthorisedOn  *time.Time
	ListSum       string // SHA-256 of the list that is, or was, to be agreed to
	Gone          map[string]Gone
	Files         []string // that still have to go
	RemovedAt     *time.Time
	Version       int
	Counts        map[string]map[string]int // by kind and outcome
}

// Gone is what went from one table.
type Gone struct {
	Rows   int64  `json:"rows"`
	SHA256 string `json:"sha256"` // of the rows
}

// Item is one thing of a list: its number, where it has one, and since when it counts.
type Item struct {
	ID      uuid.UUID
	Kind    string
	Number  string
	Since   time.Time
	Outcome string
}

// maxItems bounds one list; what is over beyond it goes with the next.
const maxItems = 20000

// Proposal is what somebody proposes to remove.
type Proposal struct {
	ID    uuid.UUID // made when the form was rendered, so that a second submit changes nothing
	Kinds []string
	Note  string
}

// Agreement is what the second person states.
type Agreement struct {
	Authorisation string
	On            time.Time
	ListSum       string // of the list that they have read
}

// Disposals lists those of the body, the newest first.
func (v *Service) Disposals(ctx context.Context, s tenants.Scope) (found []Disposal, err error) {
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		found, err = findDisposals(ctx, tx)
		return err
	})
	return found, err
}

// Get returns one disposal. Error: problem.NotFound.
func (v *Service) Get(ctx context.Context, s tenants.Scope, id uuid.UUID) (d Disposal, err error) {
	wait := v.deps.Audit.Start(ctx, s, audit.Event{Action: "disposal.read", Object: id})
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if d, err = getDisposal(ctx, tx, id); err != nil {
			return err
		}
		if d.Counts, err = countItems(ctx, tx, id); err != nil || d.State != Proposed {
			return err
		}
		items, err := findItems(ctx, tx, id) // who agrees says to which list
		d.ListSum = SumOf(items)
		return err
	})
	if err != nil {
		return d, err
	}
	return d, wait()
}

// List returns a disposal with all its items. Error: problem.NotFound.
func (v *Service) List(ctx context.Context, s tenants.Scope, id uuid.UUID) (items []Item, err error) {
	wait := v.deps.Audit.Start(ctx, s, audit.Event{Action: "disposal.list", Object: id})
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if _, err := getDisposal(ctx, tx, id); err != nil {
			return err
		}
		items, err = findItems(ctx, tx, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	return items, wait()
}

// Propose makes a list of what is over of these kinds. Errors: problem.Invalid by field, also where nothing is over;
// problem.Conflict while another list is open.
func (v *Service) Propose(ctx context.Context, s tenants.Scope, p Proposal) error {
	p.Note = strings.TrimSpace(p.Note)
	terms, err := v.terms(ctx, s)
	if err != nil {
		return err
	}
	var wrong problem.Fields
	wrong.Words("note", p.Note, 2000)
	if len(p.Kinds) == 0 {
		wrong.Add("che", "onboarding.retention.error.kinds")
	}
	years := yearsOf(terms)
	for _, kind := range p.Kinds {
		if _, known := years[kind]; !known {
			wrong.Add("che", "web.field.choice")
		}
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		chosen := map[string]int{}
		for _, kind := range p.Kinds {
			chosen[kind] = years[kind]
		}
		made, err := insertDisposal(ctx, tx, s, p, chosen)
		if err != nil || !made {
			return err
		}
		n, err := insertItems(ctx, tx, p.ID, chosen)
		if err == nil && n == 0 {
			wrong.Add("che", "onboarding.retention.error.nothing")
			err = wrong.Err()
		}
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "disposal.propose", Object: p.ID, Payload: map[string]any{"terms": chosen, "items": n}})
	})
}

// change locks a disposal that is proposed and lets fn change it. Errors: problem.NotFound, problem.Conflict.
func (v *Service) change(ctx context.Context, s tenants.Scope, id uuid.UUID, fn func(tenants.Tx, Disposal) error) error {
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		d, err := lockProposed(ctx, tx, id)
		if err != nil {
			return err
		}
		return fn(tx, d)
	})
}

// Withdraw takes a list back that nobody decided about. Errors: problem.NotFound, problem.Conflict.
func (v *Service) Withdraw(ctx context.Context, s tenants.Scope, id uuid.UUID) error {
	return v.change(ctx, s, id, func(tx tenants.Tx, _ Disposal) error {
		if err := withdrawDisposal(ctx, tx, id); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "disposal.withdraw", Object: id})
	})
}

// Refuse says no, with why. Errors: problem.Invalid by field, problem.NotFound, problem.Conflict.
func (v *Service) Refuse(ctx context.Context, s tenants.Scope, id uuid.UUID, words string) error {
	words = strings.TrimSpace(words)
	var wrong problem.Fields
	checkReason(&wrong, "perche", words)
	if err := wrong.Err(); err != nil {
		return err
	}
	return v.change(ctx, s, id, func(tx tenants.Tx, d Disposal) error {
		if d.ProposedBy == s.Account {
			return problem.New(problem.Forbidden, "onboarding.retention.error.alone")
		}
		if err := decideDisposal(ctx, tx, s, Disposal{ID: id, State: Refused, Words: words}); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "disposal.refuse", Object: id, Payload: map[string]any{"reason": words}})
	})
}

// Agree has the list removed, with the authorisation of the Soprintendenza (d.P.R. 445/2000, art. 68; d.lgs. 42/2004, art. 21). Errors:
// problem.Invalid by field, problem.Forbidden for who proposed, problem.NotFound, problem.Conflict also for another list than was read.
func (v *Service) Agree(ctx context.Context, s tenants.Scope, id uuid.UUID, a Agreement) error {
	a.Authorisation = strings.TrimSpace(a.Authorisation)
	err := v.change(ctx, s, id, func(tx tenants.Tx, d Disposal) error {
		if d.ProposedBy == s.Account {
			return problem.New(problem.Forbidden, "onboarding.retention.error.alone")
		}
		items, err := findItems(ctx, tx, id)
		if err == nil {
			err = a.check(items)
		}
		if err != nil {
			return err
		}
		if err := decideDisposal(ctx, tx, s, Disposal{ID: id, State: Agreed, Authorisation: a.Authorisation, AuthorisedOn: &a.On, ListSum: a.ListSum}); err != nil {
			return err
		}
		if err := v.deps.Jobs.Enqueue(ctx, tx, removeArgs{Owned: owned(s.Tenant), Disposal: id}); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "disposal.agree", Object: id, Payload: map[string]any{
			"authorisation": a.Authorisation, "authorised_on": a.On.Format(time.DateOnly), "list": a.ListSum, "items": len(items),
		}})
	})
	if problem.Is(err, problem.Forbidden) {
		return errors.Join(err, v.tellAlone(ctx, s, id))
	}
	return err
}

// tellAlone writes down that somebody tried to agree to a list of their own.
func (v *Service) tellAlone(ctx context.Context, s tenants.Scope, id uuid.UUID) error {
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		return audit.Write(ctx, tx, s, audit.Event{Action: "disposal.alone", Object: id})
	})
}

func (a Agreement) check(items []Item) error {
	var wrong problem.Fields
	wrong.Require("autorizzazione", a.Authorisation)
	wrong.Legible("autorizzazione", a.Authorisation)
	wrong.MaxLength("autorizzazione", a.Authorisation, 200)
	switch {
	case a.On.IsZero():
		wrong.Add("del", "web.field.required")
	case a.On.After(language.Day(time.Now())):
		wrong.Add("del", "onboarding.retention.error.future")
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	if a.ListSum != SumOf(items) {
		return problem.New(problem.Conflict, "onboarding.retention.error.list")
	}
	return nil
}

// SumOf is the SHA-256 of a list: of kind, number, id and day of its items, in its order.
func SumOf(items []Item) string {
	sum := sha256.New()
	for _, i := range items {
		_, _ = fmt.Fprintf(sum, "%s;%s;%s;%s\n", i.Kind, i.Number, i.ID, i.Since.UTC().Format(time.RFC3339)) // a hash never fails
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// errUntold is why a disposal does not end yet: the chain of the body does not hold what was removed.
var errUntold = errors.New("the audit has not sealed yet what was removed")

// Remove removes what was agreed to and is still over, then its documents and what the audit says of it; what is removed already stays as
// it is. It cannot end before the audit is sealed, and is to be called again (the job does).
func (v *Service) Remove(ctx context.Context, s tenants.Scope, id uuid.UUID) error {
	d, err := v.remove(ctx, s, id)
	if err != nil || d.State != Removed {
		return err
	}
	for _, sum := range d.Files {
		if err := v.deps.Platform.Folders.Drop(s.Tenant, sum); err != nil {
			return fmt.Errorf("remove a document: %w", err)
		}
	}
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		dropped, told, err := dropPayloads(ctx, tx, id)
		if err == nil && !told {
			err = errUntold
		}
		if err == nil {
			err = endDisposal(ctx, tx, id)
		}
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "disposal.end", Object: id, Payload: map[string]any{"documents": len(d.Files), "payloads": dropped}})
	})
}

func (v *Service) remove(ctx context.Context, s tenants.Scope, id uuid.UUID) (d Disposal, err error) {
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if d, err = getDisposal(ctx, tx, id); err != nil || d.State != Agreed {
			return err
		}
		if err := dispose(ctx, tx, id, declaredBy(v.deps.Platform.Modules)); err != nil {
			return err
		}
		if d, err = getDisposal(ctx, tx, id); err != nil {
			return err
		}
		gone, err := findGone(ctx, tx, id)
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: audit.DisposalAction, Object: id, Payload: map[string]any{
			"authorisation": d.Authorisation, "list": d.ListSum, "gone": d.Gone, audit.SubjectsKey: gone,
		}})
	})
	return d, err
}

// declared is what modules say of their tables, for whoever removes rows.
type declared struct {
	people          []string // about people, without a column that says so
	tables, columns []string // that name documents
}

func declaredBy(list []modules.Module) declared {
	d := declared{people: []string{}, tables: []string{}, columns: []string{}}
	for _, m := range list {
		for _, r := range m.Records {
			if r.Retention != "" && r.Retention != modules.AsTheBody {
				d.people = append(d.people, r.Table)
			}
			if r.File != "" {
				d.tables, d.columns = append(d.tables, r.Table), append(d.columns, r.File)
			}
		}
	}
	return d
}

package upgrade

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/adoption"
	"staffetta/modules/practice/sight"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Run is a run of applying a kit as the adoption remembers it (it: esecuzione).
type Run struct {
	ID      uuid.UUID
	Kind    string // apply, upgrade or rollback
	Kit     uuid.UUID
	Release string
	Undoes  uuid.UUID // of a rollback: the first of the runs that it undid
	Author  string
	At      time.Time
	Written int // items
}

// Return is what going back would do to one item.
type Return struct {
	Kind, Key string
	Title     kit.Text
	Leaves    bool // the item was not there: it goes out of use
	now, then standing
	change    kit.Change
	edited    bool
	drafted   bool
	misnamed  bool
}

// Undoing is the dry run of going back to before a run (it: ritorno).
type Undoing struct {
	Adoption adoption.Adoption
	Run      Run
	Kit      uuid.UUID // to which it goes back; uuid.Nil for before the first
	Release  string
	Since    time.Time // when that stood; of before the first, when the first began
	Lines    []Return
	Undone   int           // runs that it undoes
	Sights   []sight.Sight // who gains and who loses sight of what
}

// Edited are the keys of the items that somebody changed, or is changing, since: while there is one, nothing goes back.
func (u Undoing) Edited() (keys []string) {
	for _, line := range u.Lines {
		if line.edited || line.drafted {
			keys = append(keys, line.Key)
		}
	}
	return keys
}

// Misnamed are the items that would be called again as their kind refuses now: while there is one, nothing goes back.
func (u Undoing) Misnamed() (keys []string) {
	for _, line := range u.Lines {
		if line.misnamed {
			keys = append(keys, line.Key)
		}
	}
	return keys
}

// Titles are what its items are called.
func (u Undoing) Titles() kit.Titles {
	sources := make([]kit.Source, len(u.Lines))
	for i, line := range u.Lines {
		sources[i] = kit.Source{Kind: line.Kind, Key: line.Key, Title: line.Title}
	}
	return kit.TitlesOf(sources)
}

// Digest tells two dry runs of going back apart: who goes back says which one was read.
func (u Undoing) Digest() string {
	sum := sha256.New()
	fmt.Fprintln(sum, u.Adoption.ID, u.Run.ID, u.Undone)
	for _, line := range u.Lines {
		fmt.Fprintln(sum, kit.Place(line.Kind, line.Key), line.Leaves, line.edited, line.drafted)
	}
	for _, one := range u.Sights {
		fmt.Fprintln(sum, one)
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// Back is to before which run somebody goes back.
type Back struct {
	Run  uuid.UUID
	Seen string // digest of the dry run that was read; "" for whatever it is now, where nothing changes for people
	// Acknowledged is that who gains and who loses sight has been read, where somebody does.
	Acknowledged bool
}

// Runs lists what was applied and undone in an adoption, newest first. Only the reusing body may ask.
func (v *Service) Runs(ctx context.Context, s tenants.Scope, of uuid.UUID) ([]Run, error) {
	if _, err := v.reusing(ctx, s, of); err != nil {
		return nil, err
	}
	return v.findRuns(ctx, s, of)
}

// PlanUndo is the dry run of Undo; it changes nothing. Errors: those of Undo, but for changed items, which it lists.
func (v *Service) PlanUndo(ctx context.Context, s tenants.Scope, of, run uuid.UUID) (u Undoing, err error) {
	if u.Adoption, err = v.reusing(ctx, s, of); err != nil {
		return u, err
	}
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error { return v.looking().planUndo(ctx, tx, s, run, &u) })
	return u, err
}

// Undo brings every item that a run, and those after it, wrote back to how it stood before, and the decisions about them, in
// one transaction. Records made meanwhile keep the version they pin. An item that was not there goes out of use. Undoing a
// rollback goes forward again; where everything stands as before the run already, nothing is written. Errors:
// problem.NotFound for a run of another adoption; problem.Conflict where somebody changed one of the items since, and where
// the dry run is another one by now.
func (v *Service) Undo(ctx context.Context, s tenants.Scope, of uuid.UUID, to Back) (Application, error) {
	a, err := v.reusing(ctx, s, of)
	if err != nil {
		return Application{}, err
	}
	u := Undoing{Adoption: a}
	done := Application{Counts: map[Outcome]int{}}
	if done.ID, err = uuid.NewV7(); err != nil {
		return Application{}, err
	}
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if err := lockBody(ctx, tx); err != nil {
			return err
		}
		if err := v.planUndo(ctx, tx, s, to.Run, &u); err != nil {
			return err
		}
		if to.Seen != "" && to.Seen != u.Digest() {
			return u.unread(problem.New(problem.Conflict, "practice.error.undo_changed"))
		}
		if edited := u.Edited(); len(edited) > 0 {
			return problem.New(problem.Conflict, "practice.error.edited", "names", strings.Join(edited, ", "))
		}
		if misnamed := u.Misnamed(); len(misnamed) > 0 {
			return problem.New(problem.Conflict, "practice.error.undo_misnamed", "names", strings.Join(misnamed, ", "))
		}
		if err := u.consents(to); err != nil {
			return err
		}
		done.Release, done.Changed, done.Counts[Restored] = u.Release, len(u.Lines) > 0, len(u.Lines)
		if !done.Changed {
			return nil
		}
		return v.restore(ctx, tx, s, u, done.ID)
	})
	return done, err
}

// consents sees that somebody has read who gains and who loses, and says which dry run they have read.
func (u Undoing) consents(to Back) error {
	if len(u.Sights) == 0 {
		return nil
	}
	var wrong problem.Fields
	modules.Consent{Mark: to.Seen, Acknowledged: to.Acknowledged}.RequireMarked(&wrong)
	if len(wrong) == 0 {
		return nil
	}
	return u.unread(wrong.Err())
}

// unread is a refusal with who gains and who loses, where somebody has to read that.
func (u Undoing) unread(refusal error) error {
	if len(u.Sights) == 0 {
		return refusal
	}
	return sight.Unread(u.Sights, u.Digest(), refusal)
}

func (v *Service) planUndo(ctx context.Context, tx tenants.Tx, s tenants.Scope, run uuid.UUID, u *Undoing) error {
	lines, err := findUndone(ctx, tx, run, u)
	if err != nil {
		return err
	}
	sources := make([]kit.Source, len(lines))
	for i, line := range lines {
		sources[i] = kit.Source{Kind: line.Kind, Key: line.Key}
	}
	items, err := v.current(ctx, tx, s, sources)
	if err != nil {
		return err
	}
	decided, err := findTaken(ctx, tx, u.Adoption.ID)
	if err != nil {
		return err
	}
	if err := u.compare(lines, items, decided); err != nil {
		return err
	}
	ruled := make([]Line, len(lines))
	for i, line := range lines {
		ruled[i].Kind = line.Kind
	}
	holders, err := v.holders(ctx, tx, ruled)
	if err != nil {
		return err
	}
	var contents []sight.Contents
	for i, line := range u.Lines {
		u.Lines[i].misnamed = line.then.State == kit.Published && entitle(v.deps.Platform.Kinds, line.Kind, line.now, line.then.Source.Title) != nil
		contents = append(contents, sight.Contents{Kind: line.Kind, Key: line.Key, Title: line.Title.IT, Before: line.now.inUse(), After: line.then.inUse()})
	}
	used, err := v.findUsed(ctx, tx, s)
	if err != nil {
		return err
	}
	u.Sights, err = sight.Find(v.deps.Platform.Kinds, used, contents, sight.PeopleOf(holders))
	return err
}

// join adds what a run made of an item to what the runs before it did with it.
func join(lines []Return, next Return) []Return {
	if n := len(lines); n > 0 && lines[n-1].Kind == next.Kind && lines[n-1].Key == next.Key {
		lines[n-1].now = next.now
		return lines
	}
	return append(lines, next)
}

// compare holds what runs left of each item against how it stands, and keeps what there is to bring back.
func (u *Undoing) compare(lines []Return, items map[string]kit.Item, decided map[string]taken) error {
	for _, line := range lines {
		place := kit.Place(line.Kind, line.Key)
		same, err := standingOf(items[place], decided[place]).same(line.now)
		if err != nil {
			return err
		}
		line.Title, line.Leaves, line.edited = line.now.Source.Title, line.then.Item == uuid.Nil, !same
		line.change = line.back(*u)
		kept, err := kit.Equal(line.then.Source, line.now.Source)
		if err != nil {
			return err
		}
		line.drafted = items[place].Draft != nil && line.then.State != kit.Draft && (!kept || line.then.State != line.now.State)
		back, err := line.then.same(line.now)
		if err != nil {
			return err
		}
		if !back {
			u.Lines = append(u.Lines, line)
		}
	}
	return nil
}

// restore writes the items and the decisions back.
func (v *Service) restore(ctx context.Context, tx tenants.Tx, s tenants.Scope, u Undoing, id uuid.UUID) error {
	var changes []kit.Change
	told := Consent{Sights: u.Sights}
	for _, line := range u.Lines {
		line.change.Changes = told.of(kit.Place(line.Kind, line.Key))
		changes = append(changes, line.change)
		if line.now.State == kit.Published && line.then.State != kit.Published {
			if err := v.release(ctx, tx, s, line.Kind, line.Key); err != nil {
				return err
			}
		}
	}
	if _, err := v.items.Put(ctx, tx, s, changes); err != nil {
		return err
	}
	if err := recordUndo(ctx, tx, s, u, id); err != nil {
		return err
	}
	if err := withhold(ctx, tx, u.Adoption.ID, u.returning()); err != nil {
		return err
	}
	return audit.Write(ctx, tx, s, audit.Event{Action: "adoption.undo", Object: u.Adoption.ID, Payload: map[string]any{
		"application": id, "undoes": u.Run.ID, "kit": u.Kit, "release": u.Release, "restored": len(u.Lines),
	}})
}

// back is how an item goes back, and notes how things stand then.
func (r *Return) back(u Undoing) kit.Change {
	now := r.now
	if r.Leaves {
		r.then = now
		r.then.State, r.then.Adaptation, r.then.Reason, r.then.Decision, r.then.Why = kit.Retired, kit.Dropped, "", left, ""
		return kit.Change{Source: now.Source, State: kit.Retired, Adaptation: kit.Dropped, Origin: now.Origin, Reason: u.reason()}
	}
	if r.then.Decision == "" { // nothing was decided yet: what was decided since is over
		r.then.Decision, r.then.Kit, r.then.Why = left, now.Kit, ""
	}
	return kit.Change{
		Source: r.then.Source, State: r.then.State, Adaptation: r.then.Adaptation, Origin: r.then.Origin, Reason: u.reason(), Why: r.then.Reason,
	}
}

// reason is why an item gets a version by going back, as its history tells it.
func (u Undoing) reason() string {
	if u.Release == "" {
		return "Ritorno a prima del kit"
	}
	return "Ritorno al kit " + u.Release
}

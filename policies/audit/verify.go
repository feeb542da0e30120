package audit

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/tenants"
)

// grace is how long the countersignatures of a root may take.
const grace = 2 * day

// Fault is something that does not hold in the audit of a body.
type Fault struct {
	Body  int32
	Seq   int64     // 0 where no single event is meant
	Event uuid.UUID // zero where no single event is meant
	Day   string    // of a root, or ""
	What  string
}

// String says where the fault is and what it is.
func (f Fault) String() string {
	where := fmt.Sprintf("body %d", f.Body)
	if f.Day != "" {
		where += ", day " + f.Day
	}
	if f.Seq != 0 {
		where += fmt.Sprintf(", sequence %d", f.Seq)
	}
	if f.Event != uuid.Nil {
		where += ", event " + f.Event.String()
	}
	return where + ": " + f.What
}

// Verify walks the audit of all bodies and returns how many events it checked and every place where something was
// removed, changed, re-dated or put in another order, or where a root or a countersignature does not hold.
func Verify(ctx context.Context, db *tenants.DB) (checked int, faults []Fault, err error) {
	err = snapshot(ctx, db, func(tx tenants.Tx) (err error) {
		checked, faults, err = verify(ctx, tx)
		return err
	})
	return checked, faults, err
}

// Check verifies the audit of all bodies, and notes how many events it checked and how many faults it found.
func Check(ctx context.Context, db *tenants.DB) ([]Fault, error) {
	checked, faults, err := Verify(ctx, db)
	if err != nil {
		return nil, err
	}
	return faults, db.Audit(ctx, func(tx tenants.Tx) error {
		if _, err := tx.Exec(ctx, `update audit.sealed set checked_at = app.now(), checked = $1, faults = $2`, checked, len(faults)); err != nil {
			return fmt.Errorf("note what the audit's check found: %w", err)
		}
		return nil
	})
}

func verify(ctx context.Context, tx tenants.Tx) (checked int, faults []Fault, err error) {
	rows, err := tx.Query(ctx, `select tenant_id from audit.chain union select tenant_id from audit.events
		union select tenant_id from audit.roots union select body from audit.countersignatures order by 1`)
	if err != nil {
		return 0, nil, fmt.Errorf("find the bodies with an audit: %w", err)
	}
	bodies, err := pgx.CollectRows(rows, pgx.RowTo[int32])
	if err != nil {
		return 0, nil, fmt.Errorf("find the bodies with an audit: %w", err)
	}
	for _, body := range bodies {
		v := newVerifier(nil)
		if err := walk(ctx, tx, body, v.visit); err != nil {
			return checked, faults, err
		}
		checked, faults = checked+v.checked, append(faults, v.faults...)
	}
	return checked, faults, nil
}

// VerifyExport checks what Export wrote. Countersignatures are checked with the trusted keys, which should come from
// elsewhere; without any, with those that the export holds. A file that is no export, or not a whole one, is an error.
func VerifyExport(r io.Reader, trusted []Key) (checked int, faults []Fault, err error) {
	v := newVerifier(trusted)
	if err := decode(r, v.visit); err != nil {
		return v.checked, v.faults, fmt.Errorf("read the export: %w", err)
	}
	if !v.ended {
		return v.checked, v.faults, errors.New("read the export: it is cut short")
	}
	return v.checked, v.faults, nil
}

type keyID struct{ body, number int32 }

type signatureID struct {
	by  int32
	day string
}

// verifier checks the lines of one body in the order in which walk visits them.
type verifier struct {
	heading heading
	trusted bool // the keys come from elsewhere
	keys    map[keyID]ed25519.PublicKey
	roots   []Root
	ending  map[int64]Root // by the sequence that a root ends with
	signed  map[signatureID]bool
	seq     int64
	hash    []byte
	lines   int
	late    bool // a link without its root was found
	ended   bool
	checked int
	faults  []Fault

	disposals disposals
}

func newVerifier(trusted []Key) *verifier {
	v := &verifier{keys: map[keyID]ed25519.PublicKey{}, ending: map[int64]Root{}, signed: map[signatureID]bool{}, trusted: len(trusted) > 0}
	for _, k := range trusted {
		v.keys[keyID{k.Body, k.Number}] = k.Public
	}
	return v
}

func (v *verifier) fault(f Fault, what string, args ...any) {
	f.Body, f.What = v.heading.Body, fmt.Sprintf(what, args...)
	v.faults = append(v.faults, f)
}

func (v *verifier) visit(l line) error {
	if (v.lines == 0) != (l.Heading != nil) || v.ended {
		return errors.New("this is not the order of an export")
	}
	v.lines++
	switch {
	case l.Heading != nil:
		v.heading = *l.Heading
		if v.heading.Version != exportVersion {
			return fmt.Errorf("an export of version %d", v.heading.Version)
		}
	case l.Key != nil:
		if !v.trusted {
			v.keys[keyID{l.Key.Body, l.Key.Number}] = l.Key.Public
		}
	case l.Root != nil:
		v.checkRoot(*l.Root)
	case l.Countersignature != nil:
		v.checkCountersignature(*l.Countersignature)
	case l.Link != nil:
		v.checkLink(*l.Link)
	case l.Stray != nil:
		v.fault(Fault{Event: l.Stray.ID}, "unsealed event")
	case l.Ending != nil:
		v.ended = true
		if l.Ending.Lines != v.lines-1 {
			return fmt.Errorf("%d lines of %d", v.lines-1, l.Ending.Lines)
		}
		v.checkEnding()
	default:
		return errors.New("an empty line")
	}
	return nil
}

// checkRoot holds a root to what it says and to the root before.
func (v *verifier) checkRoot(r Root) {
	before := Root{}
	if n := len(v.roots); n > 0 {
		before = v.roots[n-1]
	}
	switch {
	case !r.holds() || r.Body != v.heading.Body || r.Last < r.First:
		v.fault(Fault{Day: r.Day}, "changed root")
	case r.First != before.Last+1 || !bytes.Equal(r.Previous, before.Hash):
		v.fault(Fault{Day: r.Day}, "the root before is missing")
	}
	v.roots = append(v.roots, r)
	v.ending[r.Last] = r
}

func (v *verifier) checkCountersignature(c Countersignature) {
	at := slices.IndexFunc(v.roots, func(r Root) bool { return r.Day == c.Day })
	public, known := v.keys[keyID{c.By, c.Key}]
	switch {
	case at < 0:
		v.fault(Fault{Day: c.Day}, "missing root: body %d countersigned one", c.By)
	case !bytes.Equal(c.Root, v.roots[at].Hash) || c.Body != v.heading.Body:
		v.fault(Fault{Day: c.Day}, "body %d countersigned another root", c.By)
	case !slices.Contains(v.roots[at].Countersigners, c.By):
		v.fault(Fault{Day: c.Day}, "body %d countersigned and was not chosen", c.By)
	case !known || len(public) != ed25519.PublicKeySize:
		v.fault(Fault{Day: c.Day}, "the key %d of body %d is unknown", c.Key, c.By)
	case !ed25519.Verify(public, c.message(), c.Signature):
		v.fault(Fault{Day: c.Day}, "the countersignature of body %d is false", c.By)
	}
	v.signed[signatureID{c.By, c.Day}] = true
}

// checkLink holds a link to the one before, to its event and to the root that ends with it.
func (v *verifier) checkLink(l link) {
	v.checked++
	at := Fault{Seq: l.Seq, Event: l.ID}
	if l.Seq != v.seq+1 {
		v.fault(at, "missing sequence")
	}
	switch {
	case l.Event == nil:
		v.fault(at, "missing event")
	case !l.follows(v.heading.Body, v.hash):
		v.fault(at, "changed event")
	case l.Payload != nil && !l.samePayload():
		v.fault(at, "changed payload")
	case l.Payload == nil && (v.heading.DroppedBefore == nil || l.At.After(*v.heading.DroppedBefore)):
		v.disposals.lacks(l, at)
	case l.Payload != nil:
		v.disposals.takes(l)
	}
	if r, ends := v.ending[l.Seq]; ends && !bytes.Equal(r.Head, l.Hash) {
		v.fault(Fault{Day: r.Day, Seq: l.Seq}, "the chain is not the one of the root")
	}
	if last := v.lastRooted(); !v.late && l.Seq > last && l.SealedAt != nil && l.SealedAt.UTC().Format(time.DateOnly) <= v.heading.Rooted {
		v.late = true
		v.fault(at, "missing root: the day is over and none covers the event")
	}
	v.seq, v.hash = l.Seq, l.Hash
}

func (v *verifier) lastRooted() int64 {
	if len(v.roots) == 0 {
		return 0
	}
	return v.roots[len(v.roots)-1].Last
}

// checkEnding finds what should have come and did not.
func (v *verifier) checkEnding() {
	for _, f := range v.disposals.unexplained() {
		v.fault(f, "missing payload")
	}
	for _, r := range v.roots {
		if r.Last > v.seq {
			v.fault(Fault{Day: r.Day, Seq: r.Last}, "missing sequence: the chain ends before its root")
		}
		for _, by := range r.Countersigners {
			if !v.signed[signatureID{by, r.Day}] && v.heading.At.Sub(r.MadeAt) > grace {
				v.fault(Fault{Day: r.Day}, "missing countersignature of body %d", by)
			}
		}
	}
}

package rights

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Line is a rule of a change: what it was, what it is to be, and what that makes of the answer.
type Line struct {
	policies.Rule        // without effect
	Before, After string // effects of the body's own rule, "" for none
	Was, Will     bool   // what the rules answer
}

// Preview is what a draft would do (it: confronto delle regole).
type Preview struct {
	Draft
	Lines   []Line
	Changes []modules.SightChange
	Failing []policies.Vector // that refuse it
	Mark    string            // of all this: what is acknowledged must be what is applied

	latest     int
	comparison modules.Comparison
}

// Change is a change of the body's rules that was applied.
type Change struct {
	ID      uuid.UUID
	Number  int
	Lines   []Line // Was and Will are not kept
	Reason  string
	Changes []modules.SightChange
	By      string
	At      time.Time
	Item    string // key of the item that the change came with; "" for one that was made here
	Version int    // of the item; 0 where it went out of use

	Widens     bool       // more of case files is read by it than before
	ReviewedBy string     // who looked at that; "" for nobody
	ReviewedAt *time.Time // nil for nobody
	applied    uuid.UUID  // account
}

// GetPreview compares the rules with those of the draft: every line, who gains and who loses, and what it would have to
// answer and does not. Errors: problem.NotFound without a draft.
func (v *Service) GetPreview(ctx context.Context, s tenants.Scope) (Preview, error) {
	wait := v.deps.Audit.Start(ctx, s, audit.Event{Action: "rule.compare"})
	p, err := v.preview(ctx, s)
	if err != nil {
		return Preview{}, err
	}
	return p, wait()
}

func (v *Service) preview(ctx context.Context, s tenants.Scope) (Preview, error) {
	draft, err := v.findDraft(ctx, s)
	if err != nil {
		return Preview{}, err
	}
	if draft.ID == uuid.Nil {
		return Preview{}, problem.Missing()
	}
	p := Preview{Draft: draft}
	now := v.deps.Policies.Now()
	own := now.Own(s.Tenant)
	then := v.deps.Policies.With(s.Tenant, changed(own, draft.Lines))
	before := effects(own)
	for _, r := range draft.Lines {
		who := tenants.Scope{Tenant: s.Tenant, Roles: []string{r.Role}}
		p.Lines = append(p.Lines, Line{
			Rule: r.About(), Before: before[r.About()], After: r.Effect,
			Was: now.Allows(who, r.Relation, r.Object, r.Action), Will: then.Allows(who, r.Relation, r.Object, r.Action),
		})
	}
	if p.comparison, err = v.deps.CompareRules(ctx, s, now, then); err != nil {
		return Preview{}, err
	}
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		p.Changes, err = p.comparison.Find(ctx, tx, s)
		return err
	})
	if err != nil {
		return Preview{}, err
	}
	vectors, err := v.everyVector(ctx, s)
	if err != nil {
		return Preview{}, err
	}
	p.Failing = then.Failing(s.Tenant, vectors)
	if p.latest, err = v.findLatest(ctx, s); err != nil {
		return Preview{}, err
	}
	p.Mark, err = p.mark()
	return p, err
}

// mark is the same for the same lines, gains, losses and changes before.
func (p Preview) mark() (string, error) {
	return modules.MarkOf(struct {
		Lines   []Line
		Changes []modules.SightChange
		Latest  int
		Version int
	}{p.Lines, p.Changes, p.latest, p.Version})
}

// Consent is with what somebody applies a draft.
type Consent struct {
	modules.Consent
	Reason string
}

// Apply makes the draft the rules of the body, from now on and in every instance of the program within a second. Errors:
// problem.NotFound without a draft; problem.Invalid by field; problem.Conflict where a vector fails, which the message
// names, and where it is no longer what was read.
func (v *Service) Apply(ctx context.Context, s tenants.Scope, c Consent) (number int, err error) {
	p, err := v.preview(ctx, s)
	if err != nil {
		return 0, err
	}
	if err := p.accepts(&c); err != nil {
		return 0, err
	}
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if err := p.holds(ctx, tx, s); err != nil {
			return err
		}
		if number, err = applyDraft(ctx, tx, s, p, c.Reason); err != nil {
			return err
		}
		tenants.AfterCommit(tx, v.deps.Policies.Reload) // heard of by all instances; here at once, for the page that follows
		return audit.Write(ctx, tx, s, audit.Event{Action: "rule.apply", Object: p.ID, Payload: map[string]any{
			"number": number, "rules": said(p.Draft.Lines), "reason": c.Reason, "gains_and_losses": len(p.Changes),
		}})
	})
	return number, err
}

// holds refuses to apply where others hold the roles by now than those who gain and lose: it compares once more, and from then on
// nobody gets a role before the transaction ends. That the rules are still those of before, applying sees itself.
func (p Preview) holds(ctx context.Context, tx tenants.Tx, s tenants.Scope) error {
	if _, err := policies.HoldRules(ctx, tx); err != nil {
		return err
	}
	changes, err := p.comparison.Find(ctx, tx, s)
	if err == nil && !slices.Equal(changes, p.Changes) {
		return modules.Stale()
	}
	return err
}

func (p Preview) accepts(c *Consent) error {
	if len(p.Failing) > 0 {
		f := p.Failing[0]
		return problem.New(problem.Conflict, "onboarding.rights.error.vector", "n", len(p.Failing),
			"vector", strings.Join([]string{f.Role, string(f.Relation), f.Object, f.Action}, ", "))
	}
	if err := c.Check(p.Mark); err != nil {
		return err
	}
	c.Reason = strings.TrimSpace(c.Reason)
	var fields problem.Fields
	if len([]rune(c.Reason)) < 5 {
		fields.Add("motivo", "onboarding.rights.error.reason")
	}
	fields.MaxLength("motivo", c.Reason, 500)
	c.Require(&fields)
	return fields.Err()
}

// FindChanges lists the changes that were applied, newest first.
// Who comes for support does not read who applied them.
func (v *Service) FindChanges(ctx context.Context, s tenants.Scope) ([]Change, error) {
	changes, err := v.findChanges(ctx, s, uuid.NullUUID{})
	for i := range changes {
		if s.Has(policies.Support) {
			changes[i].By, changes[i].Reason, changes[i].Changes, changes[i].ReviewedBy = "", "", nil, ""
		}
	}
	return changes, err
}

// Undo makes a draft that gives every rule of a change the effect that it had before it. Errors: problem.NotFound for a
// change that the body has not applied; problem.Conflict while there is another draft, where nothing is to undo, and for a change
// that came with an item: the item goes back.
func (v *Service) Undo(ctx context.Context, s tenants.Scope, id uuid.UUID) error {
	changes, err := v.findChanges(ctx, s, uuid.NullUUID{UUID: id, Valid: true})
	if err != nil {
		return err
	}
	draft, err := v.findDraft(ctx, s)
	if err != nil {
		return err
	}
	if len(changes) == 0 {
		return problem.Missing()
	}
	c := changes[0]
	if c.Item != "" {
		return problem.New(problem.Conflict, "onboarding.rights.error.of_item", "item", c.Item)
	}
	held := effects(v.deps.Policies.Now().Own(s.Tenant))
	var lines []policies.Rule
	for _, l := range c.Lines {
		if held[l.Rule.About()] != l.Before {
			l.Rule.Effect = l.Before
			lines = append(lines, l.Rule)
		}
	}
	switch {
	case draft.ID != uuid.Nil:
		return problem.New(problem.Conflict, "onboarding.rights.error.other_draft")
	case len(lines) == 0:
		return problem.New(problem.Conflict, "onboarding.rights.error.undone")
	}
	return v.SaveDraft(ctx, s, 0, lines)
}

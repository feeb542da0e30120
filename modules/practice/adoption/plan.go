package adoption

import (
	"bytes"
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/catalogue"
	"staffetta/tenants"
)

// Outcome is what applying a kit would do to an item.
type Outcome string

// The outcomes.
const (
	New      Outcome = "new"      // the body has no such item
	Changed  Outcome = "changed"  // the kit changed it, the body did not
	Same     Outcome = "same"     // nothing to do
	Conflict Outcome = "conflict" // the body's own content differs: somebody has to answer
)

// Answer is what a body decides in a conflict.
type Answer string

// The answers.
const (
	KeepOurs Answer = "ours"
	TakeKit  Answer = "kit"
)

// Line is one item of a dry run.
type Line struct {
	Theirs  kit.Source
	Outcome Outcome
	Ours    []byte // the body's content, nil if it has none
	Base    []byte // what the kit held when it was applied, nil if it was not
	Local   bool   // of a conflict: this adoption never brought the item
	Adapted bool   // of Same: the body keeps an adaptation
	Joins   bool   // of Same: the body had the same content already and notes where it stands in the kit
}

// Plan is the dry run of a kit: what applying it would do, and what is missing (it: prova).
type Plan struct {
	Adoption       Adoption
	Kit            uuid.UUID
	Release        string
	Lines          []Line
	MissingKinds   []string     // kinds that no module of this program owns
	MissingModules []modules.ID // switched off for the body, and needed by live items
	MissingRoles   []string     // named by workflows and held by nobody
}

// Refused tells whether the kit cannot be applied at all, whatever is answered.
func (p Plan) Refused() bool { return len(p.MissingKinds) > 0 || len(p.MissingModules) > 0 }

// Count is how many items have an outcome.
func (p Plan) Count(outcome Outcome) int {
	count := 0
	for _, line := range p.Lines {
		if line.Outcome == outcome {
			count++
		}
	}
	return count
}

// Plan is the dry run of an adoption's kit; it changes nothing. Only the reusing body may ask, others get
// problem.NotFound. A kit in commons whose content does not meet its hash is problem.Internal.
func (v *Service) Plan(ctx context.Context, s tenants.Scope, adoption uuid.UUID) (Plan, error) {
	a, err := v.reusing(ctx, s, adoption)
	if err != nil {
		return Plan{}, err
	}
	theirs, err := v.catalogue.Verified(ctx, s, a.Practice)
	if err != nil {
		return Plan{}, err
	}
	var plan Plan
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		plan, _, err = v.compare(ctx, tx, s, a, theirs)
		return err
	})
	return plan, err
}

// reusing returns an adoption of which the scope's body is the reusing side.
func (v *Service) reusing(ctx context.Context, s tenants.Scope, adoption uuid.UUID) (Adoption, error) {
	a, err := v.GetAdoption(ctx, s, adoption)
	if err != nil {
		return Adoption{}, err
	}
	if a.Side != Reusing {
		return Adoption{}, problem.Missing()
	}
	return a, nil
}

// compare finds the outcome of each item from base, ours and theirs, and what is missing. It returns the body's present
// items too, by kit.Place.
func (v *Service) compare(ctx context.Context, tx tenants.Tx, s tenants.Scope, a Adoption, theirs catalogue.PublishedPractice) (Plan, map[string]kit.Item, error) {
	ours, err := v.items.Current(ctx, tx, s, theirs.Items)
	if err != nil {
		return Plan{}, nil, err
	}
	bases, err := findBases(ctx, tx, a.ID)
	if err != nil {
		return Plan{}, nil, err
	}
	plan := Plan{Adoption: a, Kit: theirs.Newest.Kit, Release: theirs.Newest.Release}
	for _, item := range theirs.Items {
		line := Line{Theirs: item, Outcome: New}
		place := kit.Place(item.Kind, item.Key)
		if present, ok := ours[place]; ok {
			line.Base = bases[place]
			line.judge(present)
		}
		plan.Lines = append(plan.Lines, line)
	}
	return plan, ours, v.addMissing(ctx, tx, s, &plan)
}

func (l *Line) judge(present kit.Item) {
	l.Ours = present.Current.Content
	if l.Ours == nil {
		l.Ours = present.Draft
	}
	inUse := present.State == kit.Published
	equal := inUse && bytes.Equal(l.Ours, l.Theirs.Content)
	untouched := inUse && bytes.Equal(l.Ours, l.Base)
	switch {
	case l.Base != nil && bytes.Equal(l.Theirs.Content, l.Base):
		l.Outcome, l.Adapted = Same, !untouched
	case equal:
		l.Outcome, l.Joins = Same, true
	case l.Base != nil && untouched:
		l.Outcome = Changed
	default:
		l.Outcome, l.Local = Conflict, l.Base == nil
	}
}

// addMissing notes modules that are switched off, kinds nobody owns and roles nobody holds.
func (v *Service) addMissing(ctx context.Context, tx tenants.Tx, s tenants.Scope, plan *Plan) error {
	body, err := v.deps.Bodies.ByID(s.Tenant)
	if err != nil {
		return problem.Missing().Wrap(err)
	}
	colleagues, err := tenants.FindColleagues(ctx, tx)
	if err != nil {
		return err
	}
	held := map[string]bool{}
	for _, colleague := range colleagues {
		held[colleague.Role] = true
	}
	for _, line := range plan.Lines {
		kind, owner, known := v.deps.Platform.Kinds.Get(line.Theirs.Kind)
		switch {
		case !known:
			plan.MissingKinds = appendOnce(plan.MissingKinds, line.Theirs.Kind)
		case kind.Live && !body.Has(string(owner)) && !v.essential(owner):
			plan.MissingModules = appendOnce(plan.MissingModules, owner)
		}
		for _, role := range rolesOf(line.Theirs) {
			if !held[role] {
				plan.MissingRoles = appendOnce(plan.MissingRoles, role)
			}
		}
	}
	slices.Sort(plan.MissingRoles)
	return nil
}

func (v *Service) essential(id modules.ID) bool {
	return slices.ContainsFunc(v.deps.Platform.Modules, func(m modules.Module) bool { return m.ID == id && m.Essential })
}

// rolesOf lists the roles that an item needs somebody to hold.
func rolesOf(item kit.Source) []string {
	if item.Kind != kit.KindWorkflow {
		return nil
	}
	workflow, err := kit.ParseWorkflow(item.Content)
	if err != nil {
		return nil // the kit's own check tells what is wrong with the content
	}
	var roles []string
	for _, transition := range workflow.Transitions {
		for _, role := range transition.Roles {
			if !strings.HasPrefix(role, "citizen") && role != "delegate" { // people who use the service, not staff
				roles = appendOnce(roles, role)
			}
		}
	}
	return roles
}

func appendOnce[T comparable](list []T, one T) []T {
	if slices.Contains(list, one) {
		return list
	}
	return append(list, one)
}

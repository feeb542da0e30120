package rights

import (
	"context"
	"fmt"
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

// Draft is a change of the body's rules that does not hold yet (it: modifica delle regole). A body has one at most.
type Draft struct {
	ID      uuid.UUID // uuid.Nil where there is none
	Lines   []policies.Rule
	By      string
	Since   time.Time
	Version int // 0 where there is none
}

// maxLines bounds what one change does.
const maxLines = 400

// GetDraft returns the draft of the body; an empty one where there is none.
func (v *Service) GetDraft(ctx context.Context, s tenants.Scope) (Draft, error) {
	return v.findDraft(ctx, s)
}

// SaveDraft makes lines the draft: what each rule is to be, with the effect "" for no rule of the body's own. What holds
// already is left out, and a draft without lines is discarded. Errors: problem.Invalid for what is below the floor or lets
// somebody write what they do not read; problem.Conflict when the draft is no longer the seen one.
func (v *Service) SaveDraft(ctx context.Context, s tenants.Scope, seen int, lines []policies.Rule) error {
	own := v.deps.Policies.Now().Own(s.Tenant)
	held := effects(own)
	lines = slices.DeleteFunc(slices.Clone(lines), func(r policies.Rule) bool { return held[r.About()] == r.Effect })
	if err := v.check(s, own, lines); err != nil {
		return err
	}
	draft, err := v.findDraft(ctx, s)
	if err != nil {
		return err
	}
	if draft.Version != seen {
		return problem.New(problem.Conflict, "web.error.conflict")
	}
	if len(lines) == 0 {
		return v.discard(ctx, s, draft)
	}
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if draft.ID == uuid.Nil {
			if draft.ID, err = modules.NewID(""); err != nil {
				return err
			}
			err = insertDraft(ctx, tx, s, draft.ID, lines)
		} else {
			err = updateDraft(ctx, tx, s, draft, lines)
		}
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "rule.draft", Object: draft.ID, Payload: map[string]any{"rules": said(lines)}})
	})
}

// Discard forgets the draft. Errors: problem.NotFound without one; problem.Conflict when it is no longer the seen one.
func (v *Service) Discard(ctx context.Context, s tenants.Scope, seen int) error {
	draft, err := v.findDraft(ctx, s)
	if err != nil {
		return err
	}
	if draft.ID == uuid.Nil {
		return problem.Missing()
	}
	if draft.Version != seen {
		return problem.New(problem.Conflict, "web.error.conflict")
	}
	return v.discard(ctx, s, draft)
}

func (v *Service) discard(ctx context.Context, s tenants.Scope, draft Draft) error {
	if draft.ID == uuid.Nil {
		return nil
	}
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if err := discardDraft(ctx, tx, s, draft); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "rule.discard", Object: draft.ID})
	})
}

// check refuses lines that no body may have, and those that leave somebody writing what they do not read.
func (v *Service) check(s tenants.Scope, own, lines []policies.Rule) error {
	var fields problem.Fields
	if len(lines) > maxLines {
		fields.Add("regola", "onboarding.rights.error.many", "max", maxLines)
		return fields.Err()
	}
	for i, r := range lines {
		if err := v.deps.Policies.CheckFloor(r); err != nil {
			return err
		}
		if slices.ContainsFunc(lines[:i], func(other policies.Rule) bool { return other.About() == r.About() }) {
			fields.Add("regola", "onboarding.rights.error.unknown")
			return fields.Err()
		}
	}
	rules := v.deps.Policies.With(s.Tenant, changed(own, lines))
	for _, r := range lines {
		who := tenants.Scope{Tenant: s.Tenant, Roles: []string{r.Role}}
		if slices.Contains(policies.SectionIDs(), r.Object) && rules.Allows(who, r.Relation, r.Object, policies.Write) && !rules.Allows(who, r.Relation, r.Object, policies.Read) {
			fields.Add("regola", "onboarding.rights.error.write_only", "section", policies.SectionLabel(r.Object).It)
			return fields.Err()
		}
	}
	return nil
}

// said writes rules down for the audit.
func said(rules []policies.Rule) []string {
	lines := make([]string, len(rules))
	for i, r := range rules {
		effect := r.Effect
		if effect == "" {
			effect = "none"
		}
		lines[i] = fmt.Sprintf("%s %s", name(r), effect)
	}
	return lines
}

// name says what a rule is about.
func name(r policies.Rule) string {
	return strings.Join([]string{r.Role, string(r.Relation), r.Object, r.Action}, " ")
}

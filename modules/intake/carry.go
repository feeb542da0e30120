package intake

import (
	"context"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules/kit"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// CarryForm lets the actor's own draft go on in the present version of its form, with what the filling has typed in its Edition,
// or with what is stored where it has nothing: the answers are read as that version declares, and those without a place are kept
// and shown. A draft of the present version stays as it is. Errors: problem.NotFound as GetForm, and for a form that is not
// published; problem.Invalid by field as SaveForm; problem.Forbidden for another author's draft; problem.Conflict when it changed
// elsewhere or is final.
func (sv *Service) CarryForm(ctx context.Context, s tenants.Scope, f FormFilling) (Form, error) {
	older, newer, err := sv.editionsOf(ctx, s, f)
	if err != nil {
		return Form{}, err
	}
	var made Form
	err = sv.write(ctx, s, func(tx tenants.Tx, s tenants.Scope) error {
		if _, err := lockContact(ctx, tx, s.Tenant, f.Contact); err != nil {
			return err
		}
		if made, err = getForm(ctx, tx, s.Tenant, f); err != nil {
			return err
		}
		typed := made.Answers
		if f.typed() {
			if typed, err = older.fill(f); err != nil {
				return err
			}
		}
		if done, err := f.carried(s, made, carrying{older, newer, typed}); done || err != nil {
			return err
		}
		made.Answers = typed
		made.carry(older, newer)
		if err := carryForm(ctx, tx, s.Tenant, &made); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, formEvent("contact.form_carry", made))
	})
	return made, err
}

// typed tells whether the filling has answers of its own.
func (f FormFilling) typed() bool { return f.Values != nil || f.Answers != nil }

// editionsOf are the version in which a draft was filled in and the present one.
func (sv *Service) editionsOf(ctx context.Context, s tenants.Scope, f FormFilling) (older, newer FormEdition, err error) {
	confined := sv.confine(s)
	pinned, err := sv.pinnedEdition(ctx, confined, f)
	if err != nil {
		return older, newer, err
	}
	if pinned == uuid.Nil {
		return older, newer, problem.Missing()
	}
	if older, err = sv.edition(ctx, confined, pinned); err != nil {
		return older, newer, err
	}
	v, err := sv.items.Get(ctx, confined, kit.KindForm, older.Key)
	if err != nil {
		return older, newer, err
	}
	if newer, err = newFormEdition(v); err != nil || older.ID != newer.ID || f.Edition == uuid.Nil {
		return older, newer, err
	}
	if older, err = sv.edition(ctx, confined, f.Edition); err == nil && older.Key != newer.Key { // it went on already: sent twice?
		return older, newer, problem.Missing()
	}
	return older, newer, err
}

// carrying is a draft on its way from one version to another, with the answers to the older one.
type carrying struct {
	older, newer FormEdition
	typed        kit.Answers
}

// carried tells that the stored form is in the newer version already with these answers, or why it cannot go on in it. That
// another version of the draft was shown is no conflict while nothing else is in it.
func (f FormFilling) carried(s tenants.Scope, stored Form, c carrying) (bool, error) {
	switch {
	case stored.Author != s.Account:
		return false, problem.New(problem.Forbidden, "intake.form.author")
	case stored.Final():
		return false, problem.New(problem.Conflict, "intake.form.locked")
	case stored.Edition == c.newer.ID && !f.typed():
		return true, nil
	}
	mine, was := c.typed, stored.Earlier
	if stored.Edition == c.newer.ID && c.older.ID != c.newer.ID {
		mine, _ = c.newer.Definition.CarryOn(c.older.Definition, c.typed, was[:max(0, len(was)-1)])
	}
	same, err := alike(mine, stored.Answers)
	switch {
	case err != nil:
		return false, err
	case stored.Edition == c.newer.ID && same:
		return true, nil
	case stored.Edition != c.older.ID, f.Version != stored.Version && (!same || !f.typed()):
		return false, problem.New(problem.Conflict, "web.error.conflict")
	}
	return false, nil
}

func alike(a, b kit.Answers) (bool, error) {
	one, err := canonical(a)
	if err != nil {
		return false, err
	}
	other, err := canonical(b)
	return one == other, err
}

// carry reads the answers in the newer version and keeps what they were.
func (f *Form) carry(older, newer FormEdition) {
	answers, was := newer.Definition.CarryOn(older.Definition, f.Answers, f.Earlier)
	was.Edition, was.Number = older.ID, older.Number
	f.Answers, f.Edition, f.Title, f.Earlier = answers, newer.ID, newer.Title, append(f.Earlier, was)
}

// Left are all answers without a place in the version in which the form went on, the oldest first.
func (f Form) Left() []kit.LeftAnswer { return kit.LeftOf(f.Earlier) }

// newerThan is the present version of a draft's form where it is another one. The error is problem.NotFound where there is none
// to go on in.
func (sv *Service) newerThan(ctx context.Context, s tenants.Scope, f Form) (FormEdition, error) {
	if f.Final() || f.Author != s.Account {
		return FormEdition{}, problem.Missing()
	}
	v, err := sv.items.Get(ctx, s, kit.KindForm, f.Key)
	if err != nil {
		return FormEdition{}, err
	}
	if v.ID == f.Edition {
		return FormEdition{}, problem.Missing()
	}
	return newFormEdition(v)
}

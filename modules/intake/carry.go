package intake

import (
	"context"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules/kit"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Carrying says which draft goes on in the present version of its questions. Version is that of the draft that was shown.
type Carrying struct {
	Contact, ID uuid.UUID
	Version     int
}

// CarryForm lets the actor's own draft go on in the present version of its form: its answers are read as that version
// declares, and those without a place are kept and shown. A draft of the present version stays as it is. Errors:
// problem.NotFound as GetForm, and for a form that is not published; problem.Forbidden for another author's draft;
// problem.Conflict when it changed elsewhere or is final.
func (sv *Service) CarryForm(ctx context.Context, s tenants.Scope, c Carrying) (Form, error) {
	older, newer, err := sv.editionsOf(ctx, s, c)
	if err != nil {
		return Form{}, err
	}
	var made Form
	err = sv.write(ctx, s, func(tx tenants.Tx, s tenants.Scope) error {
		if _, err := lockContact(ctx, tx, s.Tenant, c.Contact); err != nil {
			return err
		}
		if made, err = getForm(ctx, tx, s.Tenant, FormFilling{ID: c.ID, Contact: c.Contact}); err != nil {
			return err
		}
		if done, err := made.carried(s, c, older, newer); done || err != nil {
			return err
		}
		made.carry(older, newer)
		if err := carryForm(ctx, tx, s.Tenant, &made); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, formEvent("contact.form_carry", made))
	})
	return made, err
}

// editionsOf are the version that a draft pins and the present one.
func (sv *Service) editionsOf(ctx context.Context, s tenants.Scope, c Carrying) (older, newer FormEdition, err error) {
	confined := sv.confine(s)
	pinned, err := sv.pinnedEdition(ctx, confined, FormFilling{ID: c.ID, Contact: c.Contact})
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
	newer, err = newFormEdition(v)
	return older, newer, err
}

// carried tells that the form is in the newer version already, or why it cannot go on in it.
func (f Form) carried(s tenants.Scope, c Carrying, older, newer FormEdition) (bool, error) {
	switch {
	case f.Author != s.Account:
		return false, problem.New(problem.Forbidden, "intake.form.author")
	case f.Final():
		return false, problem.New(problem.Conflict, "intake.form.locked")
	case f.Edition == newer.ID:
		return true, nil
	case f.Version != c.Version || f.Edition != older.ID:
		return false, problem.New(problem.Conflict, "web.error.conflict")
	}
	return false, nil
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

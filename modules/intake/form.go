package intake

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// States of a form. A final one is locked for ever.
const (
	FormDraft = "draft"
	FormFinal = "final"
)

// Form is a form of the body that was filled in about a contact: a draft of its author until it is final, then locked.
type Form struct {
	ID          uuid.UUID
	Contact     uuid.UUID
	CaseID      *uuid.UUID // of its contact
	Edition     uuid.UUID  // item version of the form, for ever
	Key         string
	Title       language.Text
	Answers     kit.Answers   // nil in lists
	Earlier     []kit.Earlier // what was answered before it went on in this version; nil in lists
	State       string
	Author      uuid.UUID
	AuthorName  string
	CreatedAt   time.Time
	UpdatedAt   time.Time
	FinalisedAt time.Time // zero for a draft
	Version     int
}

// Final tells whether the form is locked.
func (f Form) Final() bool { return f.State == FormFinal }

// FormEdition is a form of the body in one of its published versions.
type FormEdition struct {
	ID         uuid.UUID // the item version that filled-in forms pin
	Key        string
	Title      language.Text
	Number     int
	Definition *kit.Form
}

func newFormEdition(v kit.Version) (FormEdition, error) {
	definition, err := kit.ParseForm(v.Content)
	if err != nil {
		return FormEdition{}, fmt.Errorf("read form %s: %w", v.Key, err)
	}
	return FormEdition{ID: v.ID, Key: v.Key, Title: v.Title, Number: v.Number, Definition: definition}, nil
}

// FilledForm is a form with its answers and the questions as they were when it was begun.
type FilledForm struct {
	Form
	Questions FormEdition
	Newer     *FormEdition // in which the reader's own draft may go on
}

// FormFilling is what somebody writes into a form. The same ID twice makes one.
type FormFilling struct {
	ID      uuid.UUID
	Contact uuid.UUID
	Key     string              // of the form; not needed for one that exists
	Edition uuid.UUID           // the version that the author saw, or uuid.Nil for the present one
	Values  map[string][]string // fields of a page, named kit.AnswerPrefix + key of the item
	Answers kit.Answers         // when there are no Values
	Version int                 // of the draft that was shown; 0 for a new one
	Final   bool                // lock it
	Start   bool                // of the Answers, those not given start from what the contact holds
	Closes  int                 // Version of the contact that a final one closes with its outcome; 0 leaves it as it is
}

func (f FormFilling) state() string {
	if f.Final {
		return FormFinal
	}
	return FormDraft
}

// given reads the answers of a filling, which come as fields of a page or as values.
func (e FormEdition) given(f FormFilling) kit.Answers {
	if f.Values != nil {
		return e.Definition.ParseValues(f.Values)
	}
	return f.Answers
}

// fill checks the answers of a filling. Names in the error are kit.AnswerField + key of the item.
func (e FormEdition) fill(f FormFilling) (kit.Answers, error) {
	check := e.Definition.CheckDraft
	if f.Final {
		check = e.Definition.Check
	}
	answers, faults := check(e.given(f))
	var fields problem.Fields
	for _, fault := range faults {
		fields = append(fields, problem.Field{Name: kit.AnswerField + fault.Path, Message: fault.Message()})
	}
	return answers, fields.Err()
}

// FindForms lists the forms of a contact without their answers, the latest first, from the one after another on. The
// error is problem.NotFound for a missing and for a foreign contact.
func (sv *Service) FindForms(ctx context.Context, s tenants.Scope, contact, after uuid.UUID) ([]Form, uuid.UUID, error) {
	s = sv.confine(s)
	c, found, err := sv.findForms(ctx, s, contact, after)
	e := event("contact.read", c)
	e.Object = contact
	if audited := sv.deps.Audit.Record(ctx, s, e); audited != nil {
		return nil, uuid.Nil, audited
	}
	if err != nil || len(found) <= formsShown {
		return found, uuid.Nil, err
	}
	return found[:formsShown], found[formsShown-1].ID, nil
}

// FindFormEditions lists the published forms of the body: first those that its workflow for contacts names, then by key.
func (sv *Service) FindFormEditions(ctx context.Context, s tenants.Scope) ([]FormEdition, error) {
	p, err := sv.contactPath(ctx, s)
	if err != nil {
		return nil, err
	}
	versions, err := sv.items.Published(ctx, s, kit.KindForm)
	if err != nil {
		return nil, err
	}
	editions := make([]FormEdition, len(versions))
	for n, v := range versions {
		if editions[n], err = newFormEdition(v); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(editions, func(a, b FormEdition) int {
		return place(p.forms, a.Key) - place(p.forms, b.Key)
	})
	return editions, nil
}

func place(keys []string, key string) int {
	if at := slices.Index(keys, key); at >= 0 {
		return at
	}
	return len(keys)
}

// GetForm returns a form of a contact with its answers and questions. The error is problem.NotFound for a missing and
// for a foreign one.
func (sv *Service) GetForm(ctx context.Context, s tenants.Scope, contact, id uuid.UUID) (FilledForm, error) {
	s = sv.confine(s)
	form, err := sv.readForm(ctx, s, contact, id)
	e := formEvent("contact.form_read", form)
	e.Object = id
	if audited := sv.deps.Audit.Record(ctx, s, e); audited != nil {
		return FilledForm{}, audited
	}
	if err != nil {
		return FilledForm{}, err
	}
	questions, err := sv.edition(ctx, s, form.Edition)
	if err != nil {
		return FilledForm{}, err
	}
	form.Answers, _ = questions.Definition.CheckDraft(form.Answers) // typed again after JSON
	filled := FilledForm{Form: form, Questions: questions}
	switch newer, err := sv.newerThan(ctx, s, form); {
	case err == nil:
		filled.Newer = &newer
	case !problem.Is(err, problem.NotFound):
		return FilledForm{}, err
	}
	return filled, nil
}

func formEvent(action string, f Form) audit.Event {
	e := event(action, Contact{ID: f.ID, CaseID: f.CaseID})
	if f.Contact != uuid.Nil {
		e.Payload = map[string]any{"contact": f.Contact, "item_version": f.Edition, "version": f.Version}
	}
	return e
}

// FindFormDrafts lists the actor's own forms that are not confirmed yet.
func (sv *Service) FindFormDrafts(ctx context.Context, s tenants.Scope, q modules.DraftQuery) (modules.Drafts, error) {
	s = sv.confine(s)
	if !s.Writes("intake") {
		return modules.Drafts{}, nil
	}
	forms, total, err := sv.findOwnForms(ctx, s, q)
	found := modules.Drafts{Total: total}
	for _, f := range forms {
		found.List = append(found.List, modules.Draft{
			ID: f.ID, Kind: language.M("intake.form.duty"), Title: f.Title, Path: formsPath(f.Contact) + "/" + f.ID.String(), Since: f.CreatedAt,
		})
	}
	return found, err
}

// FormEditionFor returns the version of a form that a filling pins, or will pin. The error is problem.NotFound for a
// contact that is missing or foreign or that the actor may not write about, and for a form that is not published.
func (sv *Service) FormEditionFor(ctx context.Context, s tenants.Scope, f FormFilling) (FormEdition, error) {
	s = sv.confine(s)
	if !s.Writes("intake") {
		return FormEdition{}, problem.Missing()
	}
	pinned, err := sv.pinnedEdition(ctx, s, f)
	if err != nil {
		return FormEdition{}, err
	}
	if pinned != uuid.Nil {
		return sv.edition(ctx, s, pinned)
	}
	v, err := sv.items.Get(ctx, s, kit.KindForm, f.Key)
	if err != nil {
		return FormEdition{}, err
	}
	if f.Edition == uuid.Nil || f.Edition == v.ID {
		return newFormEdition(v)
	}
	seen, err := sv.edition(ctx, s, f.Edition)
	if err == nil && seen.Key != f.Key {
		return FormEdition{}, problem.Missing()
	}
	return seen, err
}

func (sv *Service) edition(ctx context.Context, s tenants.Scope, id uuid.UUID) (FormEdition, error) {
	v, err := sv.items.Version(ctx, s, id)
	if err != nil {
		return FormEdition{}, err
	}
	if v.Kind != kit.KindForm {
		return FormEdition{}, problem.Missing()
	}
	return newFormEdition(v)
}

// SaveForm keeps the answers of a form: as a draft some may be missing, a final one is complete and locked for ever.
// Errors: those of FormEditionFor; problem.Invalid by field (answers.<key>); problem.Forbidden for another author's
// draft; problem.Conflict when it changed elsewhere or is final, or when the contact that it closes did. Saving the same again
// changes nothing.
func (sv *Service) SaveForm(ctx context.Context, s tenants.Scope, f FormFilling) (Form, error) {
	edition, err := sv.FormEditionFor(ctx, s, f)
	if err != nil {
		return Form{}, err
	}
	var made Form
	err = sv.write(ctx, s, func(tx tenants.Tx, s tenants.Scope) (err error) {
		c, err := lockContact(ctx, tx, s.Tenant, f.Contact) // which case it belongs to stays until the end
		if err != nil {
			return err
		}
		f := edition.begin(f, c)
		if made, err = edition.save(ctx, tx, s, f, c); err != nil || f.Closes == 0 || !f.Final {
			return err
		}
		return edition.closeWith(ctx, tx, s, f, c)
	})
	return made, err
}

// save writes a filling about a contact that the transaction has locked, unless it is stored already.
func (e FormEdition) save(ctx context.Context, tx tenants.Tx, s tenants.Scope, f FormFilling, c Contact) (Form, error) {
	stored, err := getForm(ctx, tx, s.Tenant, f)
	if err != nil && !problem.Is(err, problem.NotFound) {
		return Form{}, err
	}
	if done, err := f.settled(s, e, stored); done || err != nil {
		return stored, err
	}
	made := Form{
		ID: f.ID, Contact: c.ID, CaseID: c.CaseID, Edition: e.ID, Key: e.Key, Title: e.Title,
		State: f.state(), Author: s.Account, AuthorName: s.Name, Version: stored.Version,
	}
	if made.Answers, err = e.fill(f); err != nil {
		return Form{}, err
	}
	if err := saveForm(ctx, tx, s.Tenant, &made); err != nil {
		return Form{}, err
	}
	return made, audit.Write(ctx, tx, s, formEvent("contact.form_"+made.State, made))
}

// settled tells that the filling was saved before by the same author, or why it cannot be saved over what is stored.
func (f FormFilling) settled(s tenants.Scope, edition FormEdition, stored Form) (bool, error) {
	if stored.Version == 0 {
		return false, nil
	}
	if stored.Author != s.Account {
		return false, problem.New(problem.Forbidden, "intake.form.author")
	}
	given, _ := edition.Definition.CheckDraft(edition.given(f))
	mine, err := canonical(given)
	if err != nil {
		return false, err
	}
	theirs, err := canonical(stored.Answers)
	switch {
	case err != nil:
		return false, err
	case stored.State == f.state() && mine == theirs && (stored.Final() || f.Version != stored.Version):
		return true, nil
	case stored.Final():
		return false, problem.New(problem.Conflict, "intake.form.locked")
	case f.Version != stored.Version || edition.ID != stored.Edition:
		return false, problem.New(problem.Conflict, "web.error.conflict")
	}
	return false, nil
}

// canonical is the one text of answers.
func canonical(answers kit.Answers) (string, error) {
	raw, err := json.Marshal(answers)
	if err != nil {
		return "", fmt.Errorf("write answers: %w", err)
	}
	text, err := kit.Canonical(raw)
	if err != nil {
		return "", fmt.Errorf("write answers: %w", err)
	}
	return string(text), nil
}

// Package office is where a body keeps its offices: where they are, when they are open, whom they serve, and what becomes of
// an office that closes. It must not know what is done there: who works at one, the memberships say.
package office

import (
	"context"
	"net/mail"
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
	Read  = "office:read"
	Write = "office:write"
)

// Targets are whom an office can serve: the areas of users of the national survey of social expenditure (Istat).
var Targets = []string{"famiglia_minori", "disabili", "dipendenze", "anziani", "immigrati_rsc", "poverta", "multiutenza"}

// Service keeps the offices of a body.
type Service struct {
	deps modules.Deps
}

// NewService makes the service over the program's parts.
func NewService(deps modules.Deps) *Service { return &Service{deps: deps} }

// Office is where a body receives people and works (it: sede).
type Office struct {
	ID int32
	Sheet
	To        time.Time // its last day; zero for no end
	Successor int32     // the office that goes on with what is addressed to it; 0 for none
	Version   int
}

// Sheet is what a body says of an office.
type Sheet struct {
	Name        string
	Address     string
	Phone       string
	Email       string
	Hours       Week
	Closed      []Closed // days on which it does not open, the earliest first
	AccessNotes string   // on how to get in: steps, lift, parking
	Areas       []string // parts of the city that it serves; none for all
	Targets     []string // whom it serves; none for everybody
	From        time.Time
}

// IsOpen tells whether the office is there on a day.
func (o Office) IsOpen(day time.Time) bool {
	return !o.From.After(day) && (o.To.IsZero() || !o.To.Before(day))
}

// Find lists the offices of the body by name, those that are there or will be before those that have closed.
func (v *Service) Find(ctx context.Context, s tenants.Scope) ([]Office, error) {
	return v.findOffices(ctx, s)
}

// FindOpen lists the offices that are there today or will be, by name.
func (v *Service) FindOpen(ctx context.Context, s tenants.Scope) ([]Office, error) {
	found, err := v.findOffices(ctx, s)
	today := language.Day(time.Now())
	return slices.DeleteFunc(found, func(o Office) bool { return !o.To.IsZero() && o.To.Before(today) }), err
}

// Propose is what a new office begins with: the first of a body is where its profile says that it is reached.
func (v *Service) Propose(ctx context.Context, s tenants.Scope) (Office, error) {
	found, err := v.findOffices(ctx, s)
	if err != nil || len(found) > 0 {
		return Office{}, err
	}
	body, err := v.deps.Bodies.ByID(s.Tenant)
	if err != nil {
		return Office{}, err
	}
	p := body.Profile
	return Office{Sheet: Sheet{Address: p.Address, Phone: p.Phone, Email: p.Email}}, nil
}

// Get is an office of the body. Error: problem.NotFound.
func (v *Service) Get(ctx context.Context, s tenants.Scope, id int32) (Office, error) {
	found, err := v.findOffices(ctx, s)
	if err != nil {
		return Office{}, err
	}
	at := slices.IndexFunc(found, func(o Office) bool { return o.ID == id })
	if at < 0 {
		return Office{}, problem.Missing()
	}
	return found[at], nil
}

// Create makes an office and returns its number; the same form again returns the same. Errors: problem.Invalid by field.
func (v *Service) Create(ctx context.Context, s tenants.Scope, form uuid.UUID, sheet Sheet) (id int32, err error) {
	if sheet, err = check(sheet); err != nil {
		return 0, err
	}
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		var made bool
		if id, made, err = insertOffice(ctx, tx, form, sheet); err != nil || !made {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "office.create", Payload: map[string]any{"office": id, "name": sheet.Name}})
	})
	return id, err
}

// Change writes what the body says of an office over the version that the actor has seen. Errors: problem.Invalid by field;
// problem.NotFound; problem.Conflict when it changed meanwhile or is closed.
func (v *Service) Change(ctx context.Context, s tenants.Scope, id int32, seen int, sheet Sheet) error {
	before, err := v.Get(ctx, s, id)
	if err != nil {
		return err
	}
	if sheet.From.IsZero() {
		sheet.From = before.From
	}
	if sheet, err = check(sheet); err != nil {
		return err
	}
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if err := updateOffice(ctx, tx, id, seen, sheet); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "office.update", Payload: map[string]any{"office": id, "name": sheet.Name}})
	})
}

// check tidies a sheet; the error carries every field at fault.
func check(sheet Sheet) (Sheet, error) {
	var wrong problem.Fields
	text := func(field string, value *string, longest int) {
		*value = strings.TrimSpace(*value)
		wrong.MaxLength(field, *value, longest)
		wrong.Legible(field, *value)
	}
	text("nome", &sheet.Name, 120)
	text("indirizzo", &sheet.Address, 300)
	text("telefono", &sheet.Phone, 40)
	text("email", &sheet.Email, 254)
	sheet.AccessNotes = strings.TrimSpace(sheet.AccessNotes)
	wrong.MaxLength("accesso", sheet.AccessNotes, 1000)
	if len([]rune(sheet.Name)) < 2 {
		wrong.Add("nome", "web.field.required")
	}
	wrong.Require("indirizzo", sheet.Address)
	if sheet.Phone != "" && !isPhone(sheet.Phone) {
		wrong.Add("telefono", "onboarding.office.error.phone")
	}
	if parsed, err := mail.ParseAddress(sheet.Email); sheet.Email != "" && (err != nil || parsed.Address != sheet.Email) {
		wrong.Add("email", "onboarding.office.error.email")
	}
	sheet.Areas = checkAreas(&wrong, sheet.Areas)
	for _, target := range sheet.Targets {
		wrong.OneOf("utenza", target, Targets...)
	}
	if sheet.From.IsZero() {
		sheet.From = language.Day(time.Now())
	}
	sheet.Hours.check(&wrong)
	sheet.Closed = checkClosed(&wrong, sheet.Closed)
	return sheet, wrong.Err()
}

func checkAreas(wrong *problem.Fields, areas []string) []string {
	kept := []string{}
	for _, area := range areas {
		if area = strings.TrimSpace(area); area == "" || slices.Contains(kept, area) {
			continue
		}
		wrong.MaxLength("zone", area, 80)
		wrong.Legible("zone", area)
		kept = append(kept, area)
	}
	if len(kept) > 60 {
		wrong.Add("zone", "onboarding.office.error.areas", "max", 60)
	}
	return kept
}

// isPhone tells whether people can dial it: digits, with what they write between them.
func isPhone(text string) bool {
	digits := 0
	for i, c := range text {
		switch {
		case '0' <= c && c <= '9':
			digits++
		case c == '+' && i == 0, strings.ContainsRune(" ./-()", c):
		default:
			return false
		}
	}
	return digits >= 3 && digits <= 16
}

// Dial is a telephone number as a link calls it, after "tel:".
func Dial(phone string) string {
	return strings.Map(func(c rune) rune {
		if c == '+' || '0' <= c && c <= '9' {
			return c
		}
		return -1
	}, phone)
}

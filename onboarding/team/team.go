// Package team is the standing teams of a body: who works together, at which office, from which day to which, and who leads. A team
// gives no right and opens no case: who works on a case, package casefile/team says.
package team

import (
	"context"
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

// Service keeps the teams of a body.
type Service struct {
	deps modules.Deps
}

// NewService makes the service over the program's parts.
func NewService(deps modules.Deps) *Service { return &Service{deps: deps} }

// Team is people of a body who work together for longer than one case (it: équipe stabile).
type Team struct {
	ID uuid.UUID
	Sheet
	Version int
	Members []Member // by their first day, the leader first
}

// Sheet is what a body says of a team.
type Sheet struct {
	Name   string
	Office int32 // where it works; 0 for no office of its own
	Term
}

// Term is from the first day to the last; without a last one it goes on.
type Term struct {
	From, To time.Time
}

// Holds tells whether a day lies in the term.
func (t Term) Holds(day time.Time) bool {
	return !t.From.After(day) && (t.To.IsZero() || !t.To.Before(day))
}

// meets tells whether two terms have a day in common.
func (t Term) meets(other Term) bool {
	return (t.To.IsZero() || !t.To.Before(other.From)) && (other.To.IsZero() || !other.To.Before(t.From))
}

// Member is somebody's place in a team.
type Member struct {
	ID      uuid.UUID
	Account uuid.UUID
	Name    string // as it was when the place began
	Leads   bool
	Term
}

// Now lists who is in the team on a day.
func (t Team) Now(day time.Time) (members []Member) {
	for _, m := range t.Members {
		if m.Holds(day) {
			members = append(members, m)
		}
	}
	return members
}

// Find lists the teams of the body by name, those that have ended last.
func (v *Service) Find(ctx context.Context, s tenants.Scope) ([]Team, error) {
	wait := v.deps.Audit.Start(ctx, s, audit.Event{Action: "team.list"})
	found, err := v.findTeams(ctx, s)
	if err != nil {
		return nil, err
	}
	return found, wait()
}

// Get is a team of the body. Error: problem.NotFound.
func (v *Service) Get(ctx context.Context, s tenants.Scope, id uuid.UUID) (Team, error) {
	found, err := v.Find(ctx, s)
	if err != nil {
		return Team{}, err
	}
	at := slices.IndexFunc(found, func(t Team) bool { return t.ID == id })
	if at < 0 {
		return Team{}, problem.Missing()
	}
	return found[at], nil
}

// FindPeople lists who works at the body today, each once, by name.
func (v *Service) FindPeople(ctx context.Context, s tenants.Scope) (people []tenants.Colleague, err error) {
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		people, err = tenants.FindColleagues(ctx, tx)
		return err
	})
	var once []tenants.Colleague
	for _, c := range people {
		if !slices.ContainsFunc(once, func(o tenants.Colleague) bool { return o.Account == c.Account }) {
			once = append(once, c)
		}
	}
	return once, err
}

// Create makes a team; the same form again makes nothing. Errors: problem.Invalid by field.
func (v *Service) Create(ctx context.Context, s tenants.Scope, form uuid.UUID, sheet Sheet) error {
	sheet, err := check(sheet)
	if err != nil {
		return err
	}
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		made, err := insertTeam(ctx, tx, form, sheet)
		if err != nil || !made {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "team.create", Object: form, Payload: map[string]any{"name": sheet.Name}})
	})
}

// Change writes what the body says of a team over the version that the actor has seen. Errors: problem.Invalid by field;
// problem.NotFound; problem.Conflict when it changed meanwhile.
func (v *Service) Change(ctx context.Context, s tenants.Scope, id uuid.UUID, seen int, sheet Sheet) error {
	sheet, err := check(sheet)
	if err != nil {
		return err
	}
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if err := updateTeam(ctx, tx, Team{ID: id, Sheet: sheet, Version: seen}); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "team.update", Object: id, Payload: map[string]any{"name": sheet.Name, "to": dayText(sheet.To)}})
	})
}

// Join puts somebody of the body into a team; the same form again changes nothing. Errors: problem.Invalid by field for who does not
// work at the body, is in the team on one of these days already, or would lead beside somebody else; problem.NotFound.
func (v *Service) Join(ctx context.Context, s tenants.Scope, id uuid.UUID, m Member) error {
	if m.From.IsZero() {
		m.From = language.Day(time.Now())
	}
	var wrong problem.Fields
	checkTerm(&wrong, m.Term)
	if err := wrong.Err(); err != nil {
		return err
	}
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		present, err := lockMembers(ctx, tx, id)
		if err != nil || slices.ContainsFunc(present, func(p Member) bool { return p.ID == m.ID }) {
			return err
		}
		people, err := tenants.FindColleagues(ctx, tx)
		if err != nil {
			return err
		}
		if err := m.place(people, present); err != nil {
			return err
		}
		if err := insertMember(ctx, tx, id, m); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "team.join", Object: id, Payload: map[string]any{"account": m.Account, "leads": m.Leads}})
	})
}

// place gives the member a name, and refuses places that cannot be.
func (m *Member) place(people []tenants.Colleague, present []Member) error {
	var wrong problem.Fields
	at := slices.IndexFunc(people, func(c tenants.Colleague) bool { return c.Account == m.Account })
	if at < 0 {
		wrong.Add("persona", "onboarding.team.error.person")
		return wrong.Err()
	}
	m.Name = people[at].Name
	for _, p := range present {
		switch {
		case !p.meets(m.Term):
		case p.Account == m.Account:
			wrong.Add("persona", "onboarding.team.error.twice")
		case p.Leads && m.Leads:
			wrong.Add("guida", "onboarding.team.error.leader", "name", p.Name)
		}
	}
	return wrong.Err()
}

// Leave gives a place in a team its last day. Errors: problem.Invalid for a day before the first; problem.NotFound.
func (v *Service) Leave(ctx context.Context, s tenants.Scope, id, place uuid.UUID, last time.Time) error {
	if last.IsZero() {
		last = language.Day(time.Now())
	}
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		present, err := lockMembers(ctx, tx, id)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(present, func(p Member) bool { return p.ID == place })
		if at < 0 {
			return problem.Missing()
		}
		var wrong problem.Fields
		checkTerm(&wrong, Term{From: present[at].From, To: last})
		if err := wrong.Err(); err != nil {
			return err
		}
		if err := endMember(ctx, tx, place, last); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "team.leave", Object: id, Payload: map[string]any{"account": present[at].Account, "to": dayText(last)}})
	})
}

// check tidies a sheet; the error carries every field at fault.
func check(sheet Sheet) (Sheet, error) {
	var wrong problem.Fields
	sheet.Name = strings.TrimSpace(sheet.Name)
	if len([]rune(sheet.Name)) < 2 {
		wrong.Add("nome", "web.field.required")
	}
	wrong.MaxLength("nome", sheet.Name, 120)
	wrong.Legible("nome", sheet.Name)
	if sheet.From.IsZero() {
		sheet.From = language.Day(time.Now())
	}
	checkTerm(&wrong, sheet.Term)
	return sheet, wrong.Err()
}

func checkTerm(wrong *problem.Fields, t Term) {
	if !t.To.IsZero() && t.To.Before(t.From) {
		wrong.Add("al", "onboarding.team.error.term")
	}
}

func dayText(day time.Time) string {
	if day.IsZero() {
		return ""
	}
	return day.Format(time.DateOnly)
}

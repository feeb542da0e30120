package ledger

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/casefile"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Search says which events of the body's audit are wanted (it: ricerca nel registro). What is zero is not asked for.
type Search struct {
	From, To time.Time // days in Rome, both included
	Actor    string    // a part of the name of somebody who works
	Body     int32     // of who acted
	Action   string    // object.verb
	Number   string    // of a case
	Share    uuid.UUID
}

// Line is an event as the data protection officer sees it: who did what, never the content (it: riga del registro).
type Line struct {
	ID        uuid.UUID
	At        time.Time
	Actor     string    // "" for a citizen, whom the service is about
	Account   uuid.UUID // of who works; uuid.Nil for a citizen
	Citizen   bool
	Body      int32 // of the actor
	Assurance int
	Action    string
	Relation  string
	Case      uuid.UUID
	Number    string // of the case
	Cases     int    // that a list showed
	Sections  []string
	Object    uuid.UUID
	Share     uuid.UUID
	Reason    string // why somebody opened what was not theirs, delayed what a citizen sees, or changed how the body works
	About     About
}

// About is what a change of the configuration was made to. It names no account that is not of a colleague.
type About struct {
	Roles   []string // that somebody was given, lost or was refused
	Member  string   // who
	Modules []string // that were turned on or off
	On      bool
	Item    string   // what a component is called
	Rules   []string // as the change of rights names them
}

const (
	pageSize = 30
	// MaxDays is how many days a search covers at most.
	MaxDays = 366
	// MaxExport is how many events an export holds at most.
	MaxExport = 20000
)

// LastWeek is the search of who has asked for nothing yet.
func LastWeek(now time.Time) Search {
	today := dayOf(now.In(language.Rome))
	return Search{From: today.AddDate(0, 0, -6), To: today}
}

// dayOf is the beginning of a day in Rome.
func dayOf(at time.Time) time.Time {
	return time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, language.Rome)
}

// check tells what cannot be searched for.
func (q Search) check() error {
	var wrong problem.Fields
	switch {
	case q.From.IsZero():
		wrong.Add("dal", "ledger.error.day")
	case q.To.IsZero():
		wrong.Add("al", "ledger.error.day")
	case q.To.Before(q.From):
		wrong.Add("al", "ledger.error.order")
	case q.To.After(q.From.AddDate(0, 0, MaxDays-1)):
		wrong.Add("al", "ledger.error.days", "max", MaxDays)
	}
	wrong.MaxLength("chi", q.Actor, 120)
	wrong.MaxLength("cartella", q.Number, 40)
	return wrong.Err()
}

// asked are the terms of a search for the event of the search: none of them is about a person of the service.
func (q Search) asked() map[string]any {
	terms := map[string]any{"from": q.From.Format(time.DateOnly), "to": q.To.Format(time.DateOnly)}
	for name, value := range map[string]string{"actor": q.Actor, "action": q.Action, "number": q.Number, "share": modules.IDText(q.Share)} {
		if value != "" {
			terms[name] = value
		}
	}
	if q.Body != 0 {
		terms["body"] = q.Body
	}
	return terms
}

// Find lists events of the body's audit, newest first, from a cursor on; that it was searched is an event itself. Errors:
// problem.Invalid for days that cannot be searched.
func (s *Service) Find(ctx context.Context, scope tenants.Scope, q Search, after casefile.Cursor) ([]Line, casefile.Cursor, error) {
	if err := q.check(); err != nil {
		return nil, casefile.Cursor{}, err
	}
	wait := s.deps.Audit.Start(ctx, scope, audit.Event{Action: "audit.search", Payload: q.asked()})
	lines, err := s.findLines(ctx, scope, q, after, pageSize+1)
	if audited := wait(); audited != nil {
		return nil, casefile.Cursor{}, audited
	}
	if err != nil || len(lines) <= pageSize {
		return lines, casefile.Cursor{}, err
	}
	last := lines[pageSize-1]
	return lines[:pageSize], casefile.Cursor{At: last.At, ID: last.ID}, nil
}

// Export gives all events of a search, newest first. Errors: those of Find; problem.Invalid for more than MaxExport.
func (s *Service) Export(ctx context.Context, scope tenants.Scope, q Search) ([]Line, error) {
	if err := q.check(); err != nil {
		return nil, err
	}
	lines, err := s.findLines(ctx, scope, q, casefile.Cursor{}, MaxExport+1)
	if err != nil {
		return nil, err
	}
	if len(lines) > MaxExport {
		var wrong problem.Fields
		wrong.Add("al", "ledger.error.export", "max", MaxExport)
		return nil, wrong.Err()
	}
	asked := q.asked()
	asked["events"] = len(lines)
	return lines, s.deps.Audit.Record(ctx, scope, audit.Event{Action: "audit.export", Payload: asked})
}

// contains is the beginning of a part of a name as SQL compares it.
func (q Search) contains() string { return strings.ToLower(strings.TrimSpace(q.Actor)) }

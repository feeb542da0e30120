// Package incident tells people that something went wrong: who runs the platform writes what and what is done, the bodies that it concerns
// read it above their pages, and everybody on a public page. It must not name a person, nor say what a case is about.
package incident

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Write lets people of the platform write incidents.
const Write = "incident:write"

// Incident is something that went wrong for people (it: incidente).
type Incident struct {
	ID       uuid.UUID
	Title    string
	Bodies   []int32 // none for all
	BeganAt  time.Time
	ClosedAt time.Time // zero while it lasts
	Notes    []Note    // the oldest first
}

// Note is what is known, or was done, at an instant.
type Note struct {
	Text string
	At   time.Time
}

// concerns tells whether the incident is a body's.
func (i Incident) concerns(body int32) bool {
	return len(i.Bodies) == 0 || slices.Contains(i.Bodies, body)
}

// Found are problems that the program found by itself.
type Found struct {
	Jobs, Mails int       // in the last seven days
	Faults      int       // of the audit, when it was last checked
	Checked     int       // events
	CheckedAt   time.Time // zero for never
}

// Service writes incidents and tells of them.
type Service struct {
	deps   modules.Deps
	recent *modules.Recent[[]Incident]
}

// NewService makes the service over the program's parts.
func NewService(deps modules.Deps) *Service {
	v := &Service{deps: deps}
	v.recent = modules.NewRecent(deps.Platform.Log, v.Find)
	return v
}

// Find lists what is open, and what was closed in the last thirty days.
func (v *Service) Find(ctx context.Context) ([]Incident, error) {
	platform, _, err := v.deps.Bodies.BySlug(tenants.PlatformSlug)
	if err != nil {
		return nil, err
	}
	return v.findIncidents(ctx, tenants.Scope{Tenant: platform.ID})
}

// FindFor lists those of them that concern a body.
func (v *Service) FindFor(ctx context.Context, body int32) ([]Incident, error) {
	all, err := v.Find(ctx)
	return slices.DeleteFunc(slices.Clone(all), func(i Incident) bool { return !i.concerns(body) }), err
}

// Notices are the titles of what lasts at a body, as known some seconds ago: no page waits for them.
func (v *Service) Notices(ctx context.Context, body int32) []modules.Notice {
	var titles []modules.Notice
	for _, i := range v.recent.Get(ctx) {
		if i.ClosedAt.IsZero() && i.concerns(body) {
			titles = append(titles, modules.Notice{Text: i.Title, Path: bodyAt})
		}
	}
	return titles
}

// GetFound tells what the program found by itself.
func (v *Service) GetFound(ctx context.Context, s tenants.Scope) (Found, error) {
	return v.getFound(ctx, s)
}

// Report is a new incident as it is written.
type Report struct {
	Title, Text string
	Slugs       []string // of the bodies that it concerns; none for all
}

// Open writes a new incident. Errors: problem.Invalid at "titolo", "testo" or "enti".
func (v *Service) Open(ctx context.Context, s tenants.Scope, r Report) (uuid.UUID, error) {
	r.Title, r.Text = strings.TrimSpace(r.Title), strings.TrimSpace(r.Text)
	var wrong problem.Fields
	wrong.Require("titolo", r.Title)
	wrong.Legible("titolo", r.Title)
	wrong.MaxLength("titolo", r.Title, 160)
	wrong.Reason("testo", r.Text, 2000)
	slices.Sort(r.Slugs)
	r.Slugs = slices.Compact(r.Slugs)
	for _, slug := range r.Slugs {
		if known, moved, err := v.deps.Bodies.BySlug(slug); err != nil || moved || known.Kind == tenants.Platform {
			wrong.Add("enti", "steward.incident.error.body", "slug", slug)
			break
		}
	}
	if len([]rune(r.Title)) < 3 && r.Title != "" {
		wrong.Add("titolo", "steward.incident.error.short")
	}
	id := uuid.Must(uuid.NewV7())
	if err := wrong.Err(); err != nil {
		return uuid.Nil, err
	}
	event := audit.Event{Action: "incident.open", Object: id, Payload: map[string]any{"bodies": r.Slugs}}
	return id, v.write(ctx, s, event, func(tx tenants.Tx) error { return open(ctx, tx, id, r) })
}

// Note adds what is known or was done, and closes the incident where that is the end. Errors: problem.Invalid at "testo";
// problem.NotFound; problem.Conflict for a closed one.
func (v *Service) Note(ctx context.Context, s tenants.Scope, id uuid.UUID, text string, closes bool) error {
	text = strings.TrimSpace(text)
	var wrong problem.Fields
	wrong.Reason("testo", text, 2000)
	if err := wrong.Err(); err != nil {
		return err
	}
	action := "incident.note"
	if closes {
		action = "incident.close"
	}
	return v.write(ctx, s, audit.Event{Action: action, Object: id}, func(tx tenants.Tx) error { return note(ctx, tx, id, Note{Text: text}, closes) })
}

// write changes an incident and writes that down; what was read before is forgotten.
func (v *Service) write(ctx context.Context, s tenants.Scope, e audit.Event, change func(tenants.Tx) error) error {
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if err := change(tx); err != nil {
			return err
		}
		tenants.AfterCommit(tx, func(context.Context) error {
			v.recent.Forget()
			return nil
		})
		return audit.Write(ctx, tx, s, e)
	})
}

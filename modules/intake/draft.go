package intake

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Draft is what somebody has typed about an arrival and not recorded yet. Only its author sees it.
type Draft struct {
	ID        uuid.UUID  // the contact will have it
	Typed     url.Values // as they were sent, whether they are right or not; empty in a list
	Over      bool       // the contact was recorded, or the draft thrown away
	UpdatedAt time.Time  // also tells what somebody has seen of it
}

// maxDrafts is how many drafts the desk shows, the latest first.
const maxDrafts = 5

// typedFields are the fields of a new contact that a draft keeps.
var typedFields = []string{
	"day", "time", "q", "persona", "channel", "interlocutor", "reason", "target", "flags", "needs", "request", "outcome", "signposting",
}

// SaveDraft keeps what the actor has typed about an arrival, over the draft that was last saved at d.UpdatedAt. It reports
// false, and keeps nothing, when the draft is over, not the actor's, or was saved differently since.
func (sv *Service) SaveDraft(ctx context.Context, s tenants.Scope, d Draft) (kept bool, err error) {
	typed := url.Values{}
	for _, name := range typedFields {
		if values := d.Typed[name]; len(values) > 0 {
			typed[name] = values
		}
	}
	for name, values := range d.Typed {
		if strings.HasPrefix(name, kit.AnswerPrefix) {
			typed[name] = values
		}
	}
	text, err := json.Marshal(typed)
	if err != nil {
		return false, fmt.Errorf("write a draft: %w", err)
	}
	err = sv.write(ctx, s, func(tx tenants.Tx, s tenants.Scope) error {
		if kept, err = saveDraft(ctx, tx, s, d, string(text)); err != nil || !kept {
			return err
		}
		return audit.Write(ctx, tx, s, event("contact.draft", Contact{ID: d.ID}))
	})
	return kept, err
}

// GetDraft returns a draft of the actor. The error is problem.NotFound for a missing one and for that of somebody else.
func (sv *Service) GetDraft(ctx context.Context, s tenants.Scope, id uuid.UUID) (Draft, error) {
	s = sv.confine(s)
	wait := sv.deps.Audit.Start(ctx, s, event("contact.resume", Contact{ID: id}))
	draft, err := sv.readDraft(ctx, s, id)
	if audited := wait(); audited != nil {
		return Draft{}, audited
	}
	return draft, err
}

// FindDrafts lists the actor's latest drafts, without what they hold.
func (sv *Service) FindDrafts(ctx context.Context, s tenants.Scope) ([]Draft, error) {
	return sv.findDrafts(ctx, sv.confine(s))
}

// DiscardDraft throws a draft of the actor away; one that is over stays so.
func (sv *Service) DiscardDraft(ctx context.Context, s tenants.Scope, id uuid.UUID) error {
	return sv.write(ctx, s, func(tx tenants.Tx, s tenants.Scope) error {
		ended, err := endDraft(ctx, tx, s, id)
		if err != nil || !ended {
			return err
		}
		return audit.Write(ctx, tx, s, event("contact.discard", Contact{ID: id}))
	})
}

// draftDuties are the drafts to resume.
func (sv *Service) draftDuties(ctx context.Context, s tenants.Scope) ([]modules.Duty, error) {
	drafts, err := sv.FindDrafts(ctx, s)
	if err != nil || len(drafts) == 0 {
		return nil, err
	}
	duty := modules.Duty{Label: language.M("intake.duty.draft", "n", len(drafts)), Path: "/sportello"}
	if len(drafts) == 1 {
		duty.Path = draftURL(drafts[0].ID)
	}
	return []modules.Duty{duty}, nil
}

func draftURL(id uuid.UUID) string { return "/sportello/nuovo?bozza=" + id.String() }

// values are what a draft holds, with the person who was registered on the way, if any.
func (d Draft) values(person string) url.Values {
	typed := url.Values{"id": {d.ID.String()}, "bozza": {d.ID.String()}, "vista": {d.UpdatedAt.UTC().Format(time.RFC3339Nano)}}
	maps.Copy(typed, d.Typed)
	if person != "" {
		typed.Set("persona", person)
	}
	return typed
}

// typedDraft is the draft that a form was shown with, as it was typed on. A form that knows of no time has seen none.
func typedDraft(id uuid.UUID, form url.Values) Draft {
	seen, err := time.Parse(time.RFC3339Nano, form.Get("vista"))
	if err != nil {
		seen = time.Time{}
	}
	return Draft{ID: id, Typed: form, UpdatedAt: seen}
}

// readTyped reads what a draft holds.
func readTyped(text string) (url.Values, error) {
	typed := url.Values{}
	if text == "" {
		return typed, nil
	}
	if err := json.Unmarshal([]byte(text), &typed); err != nil {
		return nil, problem.New(problem.Internal, "web.error.internal").Wrap(fmt.Errorf("read a draft: %w", err))
	}
	return typed, nil
}

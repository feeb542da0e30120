// Package abandoned looks after entries that nobody goes on with: it reminds of them, and closes them in the end. It must not
// know what an entry asks.
package abandoned

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/onboarding/deed"
	"staffetta/policies/audit"
	"staffetta/tenants"
	"staffetta/tenants/register"
)

// After how many days without a change an entry is reminded of, and closed; the database knows the last term, too.
const (
	firstDays  = 7
	secondDays = 21
	closeDays  = 30
)

// entry is one to remind of.
type entry struct {
	ID        uuid.UUID
	Starter   uuid.UUID
	Belfiore  string
	Name      string // of a body that is no municipality
	Email     string // of the contact; "" where nobody has typed one yet
	Reminders int    // how many it has had since the last change
	Days      int    // since the last change
}

// due tells how many reminders the entry has had after the one that is due now; 0 for none.
func (e entry) due() int {
	switch {
	case e.Days >= secondDays && e.Reminders < 2:
		return 2
	case e.Days >= firstDays && e.Reminders < 1:
		return 1
	}
	return 0
}

// Run reminds of the entries that are due and closes those that are over. One that fails does not stop the others.
func Run(ctx context.Context, deps modules.Deps) error {
	platform, _, err := deps.Bodies.BySlug(tenants.PlatformSlug)
	if err != nil {
		return fmt.Errorf("look after entries: %w", err)
	}
	s := tenants.Scope{Tenant: platform.ID, Purpose: tenants.Operator} // all entries, and nobody's
	if err := closeOver(ctx, deps, s); err != nil {
		return err
	}
	waiting, err := findWaiting(ctx, deps, s)
	if err != nil {
		return err
	}
	var faults []error
	for _, e := range waiting {
		if e.due() > 0 {
			faults = append(faults, remind(ctx, deps, s, e))
		}
	}
	return errors.Join(faults...)
}

// closeOver closes what nobody has changed for thirty days.
func closeOver(ctx context.Context, deps modules.Deps, s tenants.Scope) error {
	return deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		closed, deeds, err := closeAbandoned(ctx, tx)
		if err != nil || len(closed) == 0 {
			return err
		}
		deed.DropAfter(tx, deps, s, deeds...)
		return audit.Write(ctx, tx, s, audit.Event{Action: "entry.abandon", Payload: map[string]any{"entries": closed}})
	})
}

// remind writes to the contact, once for each reminder whoever runs beside. Where no address is known it only counts.
func remind(ctx context.Context, deps modules.Deps, s tenants.Scope, e entry) error {
	return deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		first, err := countReminder(ctx, tx, e)
		if err != nil || !first {
			return err
		}
		if e.Email != "" {
			if err := deps.Platform.Mail.Post.Queue(ctx, tx, letter(deps, e)); err != nil {
				return err
			}
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "entry.remind", Object: e.ID, Payload: map[string]any{"reminder": e.due()}})
	})
}

func letter(deps modules.Deps, e entry) modules.Mail {
	body := cmp.Or(e.Name, "—")
	if m, err := register.ByBelfiore(e.Belfiore); err == nil {
		body = "Comune di " + m.Name
	}
	return modules.Mail{
		Account: e.Starter, Template: "onboarding.mail.waits", Address: e.Email, Language: language.Italian,
		Values: map[string]string{
			"body": body, "days": fmt.Sprint(e.Days), "left": fmt.Sprint(max(closeDays-e.Days, 0)),
			"entry": deps.Platform.Mail.Base + "/attivazione/" + e.ID.String(),
		},
	}
}

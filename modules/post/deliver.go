package post

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"staffetta/internal/mail"
	"staffetta/modules"
	"staffetta/tenants"
)

// backoff is after how long a mail is tried again; after the last it has failed. A server that is down for a day and a half
// loses nothing.
var backoff = []time.Duration{
	time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour,
}

const (
	// textsKept is how long a mail that left can still be read in a demo; then what filled it in is deleted.
	textsKept = 7 * 24 * time.Hour
	// waitsAtMost is after how long a mail that could not leave is given up.
	waitsAtMost = 30 * 24 * time.Hour
)

// Run tells what has happened since it ran last and sends what is due.
func (s *Service) Run(ctx context.Context) error {
	signals, err := s.findSignals(ctx)
	if err != nil {
		return err
	}
	var faults []error
	for _, signal := range signals {
		if err := s.Tell(ctx, signal.tenant, signal.Occasion); err != nil {
			faults = append(faults, err) // the signal stays
			continue
		}
		if err := s.closeSignals(ctx, signal.ids); err != nil {
			faults = append(faults, err)
		}
	}
	return errors.Join(append(faults, s.Deliver(ctx))...)
}

// Deliver sends the mails that are due; without a mail server they stay. A mail is marked before it is sent and after: whoever
// dies in between has it sent again ten minutes later, with the same Message-ID. So each is sent at least once, and twice only then.
func (s *Service) Deliver(ctx context.Context) error {
	if s.deps.Platform.Mail.Mailer == nil {
		return nil
	}
	var faults []error
	for ctx.Err() == nil {
		m, due, err := s.claim(ctx)
		if err != nil || !due {
			return errors.Join(append(faults, err)...)
		}
		if err := s.deliver(ctx, m); err != nil { // the others do not wait for it
			faults = append(faults, err, s.settle(ctx, m, s.judgeSent(m, err)))
		}
	}
	return errors.Join(append(faults, ctx.Err())...)
}

func (s *Service) deliver(ctx context.Context, m Mail) error {
	to, why, err := s.resolve(ctx, m)
	if err != nil {
		return fmt.Errorf("find out where mail %s goes: %w", m.ID, err)
	}
	if to == "" {
		return s.settle(ctx, m, outcome{state: dropped, reason: why})
	}
	letter, err := s.letter(m)
	if err != nil {
		return err
	}
	letter.To = to
	o := s.judgeSent(m, s.deps.Platform.Mail.Mailer.Send(ctx, letter))
	if o.reason == "refused" && (m.address == nil || m.Template == confirm) {
		if err := s.noteRefusal(ctx, m); err != nil {
			return err
		}
	}
	s.deps.Platform.Log.InfoContext(ctx, "mail", "mail", m.ID, "tenant", m.Tenant, "template", m.Template, "state", o.state, "reason", o.reason, "attempt", m.Attempts)
	return s.settle(ctx, m, o)
}

// outcome is what became of a mail; again is after how long a queued one is tried again.
type outcome struct {
	state, reason string
	again         time.Duration
}

func (s *Service) judgeSent(m Mail, err error) outcome {
	var failure *mail.Failure
	switch {
	case err == nil:
		return outcome{state: sent}
	case errors.As(err, &failure) && failure.Refused:
		return outcome{state: failed, reason: "refused"}
	case m.Attempts > len(backoff):
		return outcome{state: failed, reason: "unreachable"}
	}
	return outcome{state: queued, reason: "busy", again: backoff[m.Attempts-1]}
}

// resolve finds where a mail goes at this moment: nowhere for who has left, has no address, or whom nothing awaits any more.
func (s *Service) resolve(ctx context.Context, m Mail) (to, why string, err error) {
	if m.address != nil {
		plain, err := s.deps.Platform.Seal.Open(m.address, addressContext(m.ID))
		return string(plain), "no_address", err
	}
	body, err := s.deps.Bodies.ByID(m.Tenant)
	if errors.Is(err, tenants.ErrUnknown) || err == nil && body.State != tenants.Active {
		return "", "left", nil
	}
	if err != nil {
		return "", "", err
	}
	listeners, err := s.findListeners(ctx, body)
	if err != nil {
		return "", "", err
	}
	i := slices.IndexFunc(listeners, func(l listener) bool { return l.Account == m.Account })
	if i < 0 {
		return "", "left", nil
	}
	if notices[m.Template] {
		all, err := s.deps.Platform.Duties.FindAll(ctx, listeners[i].scope)
		urgent := slices.ContainsFunc(all, func(a modules.Awaiting) bool { return a.Urgent })
		if err != nil || len(all) == 0 || listeners[i].Rhythm == Never && !urgent {
			return "", "settled", err
		}
	}
	err = s.unseal(m.Tenant, &listeners[i].Address)
	return listeners[i].Email, "no_address", err
}

package invitation

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Card is what whoever has a link may read of its invitation.
type Card struct {
	Body  tenants.Tenant
	Roles []string
	By    string
	State string
}

// Read tells what a link is about. Error: problem.NotFound for one that there is not, which is written down.
func (v *Service) Read(ctx context.Context, link string) (Card, error) {
	s, err := v.bodyOf(link)
	if err != nil {
		return Card{}, err
	}
	one, err := v.getByLink(ctx, s, hashOf(link))
	if problem.Is(err, problem.NotFound) {
		return Card{}, v.guessed(ctx, s, err)
	}
	if err != nil {
		return Card{}, err
	}
	body, err := v.deps.Bodies.ByID(s.Tenant)
	return Card{Body: body, Roles: one.Roles, By: one.By, State: one.State}, err
}

// Claim follows a link as who is signed in, and tells what came of it: Accepted, or Claimed where the body confirms first. Errors:
// problem.NotFound for a link that there is not, and problem.Conflict for one of somebody else or whose sender may not invite any more,
// all written down; problem.Conflict for one that was used or is too old, and for roles that exclude those they hold.
func (v *Service) Claim(ctx context.Context, who tenants.Scope, link string) (state string, err error) {
	s, err := v.bodyOf(link)
	if err != nil {
		return "", err
	}
	s.Account, s.Name, s.Purpose, s.Assurance, s.RequestID = who.Account, who.Name, who.Purpose, who.Assurance, who.RequestID
	var id uuid.UUID
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if state, id, err = claim(ctx, tx, hashOf(link), s.Name); err != nil {
			return err
		}
		switch state {
		case Accepted:
			err = v.members.CheckHeld(ctx, tx, s.Account)
		case Claimed:
		case "unknown":
			return problem.Missing()
		default:
			return problem.New(problem.Conflict, "onboarding.invite.error."+state)
		}
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "invitation.claim", Object: id, Payload: map[string]any{"state": state}})
	})
	switch {
	case problem.Is(err, problem.NotFound), state == "other": // who has the link reads what it is for anyway
		return "", v.guessed(ctx, s, err)
	case state == Lapsed:
		return "", v.note(ctx, s, audit.Event{Action: "invitation.claim", Object: id, Payload: map[string]any{"state": state}}, err)
	case problem.Is(err, problem.Invalid):
		return "", problem.New(problem.Conflict, "onboarding.invite.error.excluded").Wrap(err)
	}
	return state, err
}

// bodyOf is the body that a link names, with nobody acting. Error: problem.NotFound.
func (v *Service) bodyOf(link string) (tenants.Scope, error) {
	number, secret, _ := strings.Cut(link, "-")
	tenant, err := strconv.ParseInt(number, 10, 32)
	if err != nil || tenant < 1 || len(secret) < 40 || len(link) > 80 {
		return tenants.Scope{}, problem.Missing()
	}
	body, err := v.deps.Bodies.ByID(int32(tenant))
	if err != nil || body.State != tenants.Active && body.State != tenants.Entering {
		return tenants.Scope{}, problem.Missing()
	}
	return tenants.Scope{Tenant: body.ID, Slug: body.Slug, Name: "sistema"}, nil
}

// guessed writes down that somebody tried a link that is not theirs, and passes the refusal on.
func (v *Service) guessed(ctx context.Context, s tenants.Scope, refused error) error {
	return v.note(ctx, s, audit.Event{Action: "invitation.guess"}, refused)
}

// note writes down a refusal, within the bound of a day, and passes it on.
func (v *Service) note(ctx context.Context, s tenants.Scope, event audit.Event, refused error) error {
	if !v.guesses.Within(s.Tenant, language.Day(time.Now()), guessesPerDay) {
		return refused
	}
	if err := v.deps.Audit.Record(ctx, s, event); err != nil {
		return err
	}
	return refused
}

// Package invitation is where a body invites people to work in it, by a link that is sent by e-mail. It must not let anybody in by the link
// alone: whoever follows it signs in with their own digital identity, which is the invited one or is confirmed by the body.
package invitation

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"net/mail"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/onboarding/daily"
	"staffetta/onboarding/member"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

const (
	// life is for how long a link holds, in days.
	life = 7
	// maxSends is how often one invitation is sent.
	maxSends = 5
	// sendsPerDay keeps a body from sending letters to the mailboxes of others; a whole list goes out.
	sendsPerDay = 600
	// guessesPerDay is how many links that there are not are written down for a body in a day, by each instance; the others only
	// meet the same answer, so that nobody fills the audit of a body from outside.
	guessesPerDay = 20
)

// The states of an invitation.
const (
	Sent      = "sent"
	Claimed   = "claimed" // somebody followed the link, and waits to be confirmed
	Accepted  = "accepted"
	Refused   = "refused"
	Withdrawn = "withdrawn"
	Expired   = "expired" // sent, and too long ago
	Lapsed    = "lapsed"  // sent by somebody who may not give roles any more
)

// Service invites people.
type Service struct {
	deps    modules.Deps
	members *member.Service
	guesses daily.Count[int32] // the links that there are not, by body
}

// NewService makes the service over the program's parts.
func NewService(deps modules.Deps, members *member.Service) *Service {
	return &Service{deps: deps, members: members}
}

// Invitation asks somebody to work in the body, with roles, office and days (it: invito).
type Invitation struct {
	ID   uuid.UUID // made when the form was rendered, so that a second submit changes nothing
	Name string
	member.Term
	Email   string // "" once it has ended
	TaxCode string // of a new one; "" where the administrator does not know it
	Bound   bool   // to a tax code

	State   string
	Sends   int
	SentAt  time.Time
	Expires time.Time
	By      string // who invited
	Claimed string // the name of the digital identity that followed the link; "" for none

	address []byte
}

// Find lists the invitations of the body, those that wait for an answer first, then the newest.
func (v *Service) Find(ctx context.Context, s tenants.Scope) ([]Invitation, error) {
	wait := v.deps.Audit.Start(ctx, s, audit.Event{Action: "invitation.list"})
	found, err := v.findInvitations(ctx, s)
	if err != nil {
		return nil, err
	}
	for i := range found {
		if err := v.open(s, &found[i]); err != nil {
			return nil, err
		}
	}
	return found, wait()
}

// open opens the address of an invitation.
func (v *Service) open(s tenants.Scope, one *Invitation) error {
	if one.address == nil {
		return nil
	}
	plain, err := v.deps.Platform.Seal.Open(one.address, sealContext(s.Tenant, one.ID))
	one.Email = string(plain)
	return err
}

func sealContext(tenant int32, id uuid.UUID) []byte {
	return []byte("invitation " + strconv.Itoa(int(tenant)) + " " + id.String())
}

// Invite sends somebody a link; the same form again sends nothing. Errors: problem.Invalid by field; problem.Conflict for an address
// that is invited already; problem.TooMany.
func (v *Service) Invite(ctx context.Context, s tenants.Scope, n Invitation) error {
	n, err := v.Check(s, n)
	if err != nil {
		return err
	}
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		sent, err := v.InviteAll(ctx, tx, s, []Invitation{n})
		if err != nil || len(sent) > 0 {
			return err
		}
		if known, err := isKnown(ctx, tx, n.ID); err != nil || known {
			return err
		}
		return problem.New(problem.Conflict, "onboarding.invite.error.invited")
	})
}

// InviteAll sends links to people who have passed Check, and tells whose are new: who is invited already stays so. Error:
// problem.TooMany.
func (v *Service) InviteAll(ctx context.Context, tx tenants.Tx, s tenants.Scope, list []Invitation) (sent []uuid.UUID, err error) {
	rows, links, err := v.rowsOf(s, list)
	if err != nil {
		return nil, err
	}
	if sent, err = insertInvitations(ctx, tx, s, rows); err != nil || len(sent) == 0 {
		return sent, err
	}
	if err := checkSends(ctx, tx); err != nil {
		return nil, err
	}
	fresh := map[uuid.UUID]bool{}
	for _, id := range sent {
		fresh[id] = true
	}
	for i, one := range list {
		if !fresh[one.ID] {
			continue
		}
		if err := v.deps.Platform.Mail.Post.Queue(ctx, tx, v.letter(s, one, links[i])); err != nil {
			return nil, err
		}
	}
	event := audit.Event{Action: "invitation.send", Payload: map[string]any{"invitations": sent}}
	if len(sent) == 1 {
		event.Object = sent[0]
	}
	return sent, audit.Write(ctx, tx, s, event)
}

// rowsOf makes the rows of new invitations, and the link of each.
func (v *Service) rowsOf(s tenants.Scope, list []Invitation) (rows invitationRows, links []string, err error) {
	for _, n := range list {
		sealed, err := v.deps.Platform.Seal.Seal([]byte(n.Email), sealContext(s.Tenant, n.ID))
		if err != nil {
			return rows, nil, fmt.Errorf("seal an address: %w", err)
		}
		link, hash := newLink(s.Tenant)
		links = append(links, link)
		rows.add(n, sealed, v.deps.Platform.Seal.Token("invitation "+strconv.Itoa(int(s.Tenant))+" "+strings.ToLower(n.Email)), hash)
		var code []byte
		if n.TaxCode != "" {
			code = v.deps.Platform.Seal.Token(n.TaxCode)
		}
		rows.codes = append(rows.codes, code)
	}
	return rows, links, nil
}

// newLink makes the secret of a link, more than 200 random bits, and what is kept of it. It names the body, so that no function has to
// look through all of them.
func newLink(tenant int32) (link string, hash []byte) {
	link = strconv.Itoa(int(tenant)) + "-" + strings.ToLower(rand.Text()+rand.Text())
	return link, hashOf(link)
}

func hashOf(link string) []byte {
	sum := sha256.Sum256([]byte(link))
	return sum[:]
}

// letter carries the link. It names the body, whose people know it, and nobody else.
func (v *Service) letter(s tenants.Scope, n Invitation, link string) modules.Mail {
	return modules.Mail{
		Account: s.Account, Template: "onboarding.mail.invitation", Address: n.Email, Language: language.Italian,
		Values: map[string]string{
			"invitation": v.deps.Platform.Mail.Base + linkPath + link, "body": v.deps.Bodies.Name(s.Tenant), "by": s.Name, "days": strconv.Itoa(life),
		},
	}
}

// Check tidies an invitation; the error carries every field at fault.
func (v *Service) Check(s tenants.Scope, n Invitation) (Invitation, error) {
	var wrong problem.Fields
	n.Name = member.CheckName(&wrong, "nome", n.Name)
	n.Email = strings.TrimSpace(n.Email)
	wrong.Require("email", n.Email)
	parsed, err := mail.ParseAddress(n.Email)
	_, host, _ := strings.Cut(n.Email, "@")
	if n.Email != "" && (err != nil || parsed.Address != n.Email || !strings.Contains(host, ".") || len(n.Email) > 254) {
		wrong.Add("email", "onboarding.office.error.email")
	}
	if strings.TrimSpace(n.TaxCode) != "" {
		n.TaxCode = member.CheckCode(&wrong, "codice", n.TaxCode)
	} else {
		n.TaxCode = ""
	}
	n.Term = v.members.CheckTerm(&wrong, s, n.Term)
	return n, wrong.Err()
}

// Resend sends an invitation again, with a new link for as long as the first: the one before holds no longer, and from now on it is the
// actor who invites. Errors:
// problem.NotFound for one that does not wait; problem.TooMany.
func (v *Service) Resend(ctx context.Context, s tenants.Scope, id uuid.UUID) error {
	link, hash := newLink(s.Tenant)
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		one, err := resend(ctx, tx, id, s.Name, hash)
		if err != nil {
			return err
		}
		if err := checkSends(ctx, tx); err != nil {
			return err
		}
		if err := v.open(s, &one); err != nil {
			return err
		}
		if err := v.deps.Platform.Mail.Post.Queue(ctx, tx, v.letter(s, one, link)); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "invitation.send", Object: id, Payload: map[string]any{"sends": one.Sends}})
	})
}

// Withdraw ends an invitation that nobody has accepted. Error: problem.NotFound for one that does not wait.
func (v *Service) Withdraw(ctx context.Context, s tenants.Scope, id uuid.UUID) error {
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if err := withdraw(ctx, tx, id); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "invitation.withdraw", Object: id})
	})
}

// Answer says whether who followed a link is who was invited: with yes they get the roles. Errors: problem.NotFound where nobody
// waits, and for who followed it oneself; problem.Invalid for roles that exclude those they hold.
func (v *Service) Answer(ctx context.Context, s tenants.Scope, id uuid.UUID, yes bool) error {
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		one, err := claimed(ctx, tx, id)
		if err != nil {
			return err
		}
		account, err := answer(ctx, tx, id, yes)
		if err != nil {
			return err
		}
		if err := v.members.CheckHeld(ctx, tx, account); err != nil {
			return err
		}
		if yes {
			if err := v.welcome(ctx, tx, s, one, account); err != nil {
				return err
			}
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "invitation.answer", Object: id, Payload: map[string]any{"account": account, "accepted": yes}})
	})
}

// welcome tells whoever was confirmed, where the invitation went, that they may enter.
func (v *Service) welcome(ctx context.Context, tx tenants.Tx, s tenants.Scope, one Invitation, account uuid.UUID) error {
	if err := v.open(s, &one); err != nil {
		return err
	}
	return v.deps.Platform.Mail.Post.Queue(ctx, tx, modules.Mail{
		Account: account, Template: "onboarding.mail.admitted", Address: one.Email, Language: language.Italian,
		Values: map[string]string{
			"body": v.deps.Bodies.Name(s.Tenant), "by": s.Name, "enter": v.deps.Platform.Mail.Base + "/" + v.deps.Bodies.Slug(s.Tenant) + "/accedi?come=operatore",
		},
	})
}

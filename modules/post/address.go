package post

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	netmail "net/mail"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// How often somebody wants to be told.
const (
	AtOnce = "at_once"
	Daily  = "daily"
	Never  = "never"
)

// Which of somebody's addresses did not take a mail.
const (
	failedAddress = "address"
	failedPending = "pending"
)

// Rhythms lists how often somebody can want to be told, in the order of the page.
var Rhythms = []string{AtOnce, Daily, Never}

const (
	// linkDays is for how long the link that confirms an address holds.
	linkDays = 2
	// linksPerDay keeps somebody from sending links to the mailboxes of others.
	linksPerDay = 5
	longest     = 254 // RFC 5321, 4.5.3.1.3, without the angle brackets
)

// Address is where somebody of a body is told by e-mail, and how often (it: recapito per gli avvisi).
type Address struct {
	Account  uuid.UUID
	Email    string // confirmed; "" for none
	Pending  string // waits for its link to be opened; "" for none
	Rhythm   string
	Language string
	Version  int
	Failure  string   // which address did not take a mail: failedAddress, failedPending or ""
	Urgent   bool     // something urgent can await the account, which is told whatever the rhythm
	Off      []string // labels of duties that are left untold
	Choices  []string // of those that can be

	sealed, pendingSealed []byte
}

// Wish is what somebody wants to change of their address.
type Wish struct {
	Email   string // "" for no mail at all
	Rhythm  string
	Off     []string // labels of duties to leave untold; nil for those of before
	Version int
}

func (w Wish) check(choices []string) error {
	var fields problem.Fields
	for _, label := range w.Off {
		if !slices.Contains(choices, label) {
			fields.Add("avvisi", "post.error.choice")
		}
	}
	if !slices.Contains(Rhythms, w.Rhythm) {
		fields.Add("quando", "post.error.rhythm")
	}
	parsed, err := netmail.ParseAddress(w.Email)
	_, host, _ := strings.Cut(w.Email, "@")
	if w.Email != "" && (err != nil || parsed.Address != w.Email || !strings.Contains(host, ".") || len(w.Email) > longest) {
		fields.Add("email", "post.error.email")
	}
	return fields.Err()
}

// Get is the actor's address; one that was never set is empty, with version 0.
func (s *Service) Get(ctx context.Context, scope tenants.Scope) (Address, error) {
	a, err := s.getAddress(ctx, scope)
	if err != nil {
		return Address{}, err
	}
	a.Urgent = s.deps.Platform.Duties.HasUrgent(scope)
	if a.Choices, err = s.deps.Platform.Duties.Choices(scope); err != nil {
		return Address{}, err
	}
	a.Off = slices.DeleteFunc(a.Off, func(label string) bool { return !slices.Contains(a.Choices, label) })
	return a, s.unseal(scope.Tenant, &a)
}

// Set changes where and how often the actor is told. A new address counts once the link sent there is opened; until then the
// one before does; the same one again waits for the link that was sent. asked tells whether one was sent now. Errors: problem.Invalid by field; problem.Conflict when it changed meanwhile; problem.TooMany after five
// links on one day.
func (s *Service) Set(ctx context.Context, scope tenants.Scope, w Wish) (asked bool, err error) {
	w.Email = strings.TrimSpace(w.Email)
	now, err := s.Get(ctx, scope)
	if err != nil {
		return false, err
	}
	if err := w.check(now.Choices); err != nil {
		return false, err
	}
	if w.Email == "" && w.Rhythm != Never && now.Email == "" && now.Pending == "" { // else the address is taken away
		var fields problem.Fields
		fields.Add("email", "post.error.no_email")
		return false, fields.Err()
	}
	if w.Off == nil {
		w.Off = now.Off
	}
	c := change{off: append([]string{}, w.Off...), rhythm: w.Rhythm, version: w.Version, language: languageOf(scope), remove: w.Email == ""}
	c.keep = w.Email != "" && w.Email == now.Pending && now.Failure != failedPending
	var letter *modules.Mail
	if w.Email != "" && w.Email != now.Email && !c.keep {
		if letter, err = s.ask(scope, w.Email, &c); err != nil {
			return false, err
		}
	}
	err = s.deps.DB.InTx(ctx, scope, func(tx tenants.Tx) error {
		if err := changeAddress(ctx, tx, scope, c); err != nil {
			return err
		}
		if letter != nil {
			if err := s.post.Queue(ctx, tx, *letter); err != nil {
				return err
			}
		}
		return audit.Write(ctx, tx, scope, audit.Event{Action: "address.set", Object: scope.Account, Payload: map[string]any{"rhythm": w.Rhythm, "off": c.off}})
	})
	return letter != nil && err == nil, err
}

// ask makes the token of a new address and the letter that carries its link.
func (s *Service) ask(scope tenants.Scope, email string, c *change) (*modules.Mail, error) {
	token := strconv.Itoa(int(scope.Tenant)) + "-" + strings.ToLower(rand.Text()+rand.Text())
	sum := sha256.Sum256([]byte(token))
	c.hash = sum[:]
	var err error
	if c.pending, err = s.deps.Platform.Seal.Seal([]byte(email), ownContext(scope.Tenant, scope.Account)); err != nil {
		return nil, fmt.Errorf("seal an address: %w", err)
	}
	return &modules.Mail{
		Account: scope.Account, Template: confirm, Address: email, Language: c.language,
		Values: map[string]string{"confirm": s.deps.Platform.Mail.Base + "/piattaforma/avviso/conferma/" + token, "days": strconv.Itoa(linkDays)},
	}, nil
}

// Knows tells whether a link still confirms an address. Error: problem.NotFound.
func (s *Service) Knows(ctx context.Context, token string) error {
	scope, hash, err := readToken(token)
	if err != nil {
		return err
	}
	return s.deps.DB.InTx(ctx, scope, func(tx tenants.Tx) error {
		_, err := findPending(ctx, tx, scope, hash)
		return err
	})
}

// Confirm makes the address count whose link was opened, once. Who has the link reads that mailbox; more it does not prove, and
// more is not asked. Error: problem.NotFound for a link that holds no longer.
func (s *Service) Confirm(ctx context.Context, token string) error {
	scope, hash, err := readToken(token)
	if err != nil {
		return err
	}
	return s.deps.DB.InTx(ctx, scope, func(tx tenants.Tx) error {
		account, err := findPending(ctx, tx, scope, hash)
		if err != nil {
			return err
		}
		if err := confirmAddress(ctx, tx, scope, account); err != nil {
			return err
		}
		return audit.Write(ctx, tx, scope, audit.Event{Action: "address.confirm", Object: account})
	})
}

// readToken finds the body of a link. The token names it, so that no function has to look through all bodies.
func readToken(token string) (tenants.Scope, []byte, error) {
	number, secret, _ := strings.Cut(token, "-")
	tenant, err := strconv.ParseInt(number, 10, 32)
	if err != nil || tenant < 1 || len(secret) < 40 || len(token) > 80 {
		return tenants.Scope{}, nil, problem.Missing()
	}
	sum := sha256.Sum256([]byte(token))
	return tenants.Scope{Tenant: int32(tenant), Name: "sistema"}, sum[:], nil
}

// unseal opens the addresses of a row.
func (s *Service) unseal(tenant int32, a *Address) error {
	for _, part := range []struct {
		sealed []byte
		plain  *string
	}{{a.sealed, &a.Email}, {a.pendingSealed, &a.Pending}} {
		if part.sealed == nil {
			continue
		}
		plain, err := s.deps.Platform.Seal.Open(part.sealed, ownContext(tenant, a.Account))
		if err != nil {
			return fmt.Errorf("open the address of an account: %w", err)
		}
		*part.plain = string(plain)
	}
	return nil
}

func ownContext(tenant int32, account uuid.UUID) []byte {
	return []byte("address " + strconv.Itoa(int(tenant)) + " " + account.String())
}

func languageOf(scope tenants.Scope) string {
	if scope.Language == language.English {
		return language.English
	}
	return language.Italian
}

// change is what the store writes of a wish.
type change struct {
	rhythm, language string
	off              []string
	version          int
	remove           bool
	keep             bool   // goes on waiting for the link that was sent
	pending, hash    []byte // a new address; nil for none
}

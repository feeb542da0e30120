package session

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/internal/problem"
	"staffetta/tenants"
)

const (
	// MaxTokenDays is the longest life of a token in days.
	MaxTokenDays = 90
	maxTokenName = 80
	// tokenPrefix lets a leaked token be recognised.
	tokenPrefix = "staffetta_"
)

// Token lets a program act for a person at one body through the API, with a
// subset of the person's roles (it: gettone).
type Token struct {
	ID        uuid.UUID
	Tenant    int32
	Account   uuid.UUID
	Name      string
	Roles     []string
	Assurance int
	CreatedAt time.Time
	ExpiresAt time.Time
	RevokedAt time.Time // zero if it is not revoked

	Memberships []tenants.Membership // only from Get
}

// Scope is who acts at the instant: of the token's roles, those that the person still holds.
func (t Token) Scope(body tenants.Tenant, at time.Time) tenants.Scope {
	held := rolesOf(t.Memberships, at)
	var roles []string
	for _, role := range t.Roles {
		if slices.Contains(held, role) {
			roles = append(roles, role)
		}
	}
	scope := tenants.Scope{
		Tenant: body.ID, Slug: body.Slug, Account: t.Account, Roles: roles, Offices: officesOf(t.Memberships, at),
		Purpose: tenants.Operator, Assurance: t.Assurance,
	}
	for _, m := range t.Memberships {
		if m.Holds(at) {
			scope.Name = m.Name
			break
		}
	}
	return scope
}

// Open tells whether the token works at the instant.
func (t Token) Open(at time.Time) bool { return t.RevokedAt.IsZero() && at.Before(t.ExpiresAt) }

// Tokens keeps bearer tokens; of each secret only its hash.
type Tokens struct {
	db  *tenants.DB
	now func() time.Time
}

// NewTokens makes the store; now is time.Now if nil.
func NewTokens(db *tenants.DB, now func() time.Time) *Tokens {
	if now == nil {
		now = time.Now
	}
	return &Tokens{db: db, now: now}
}

// NewToken is what a token is made of.
type NewToken struct {
	ID    uuid.UUID // made when the form is shown: a second submit makes no second token
	Name  string
	Roles []string
	Days  int
}

// Check gathers what is wrong with the input for somebody who holds these roles.
func (n NewToken) check(held []string) problem.Fields {
	var fields problem.Fields
	fields.Require("nome", n.Name)
	fields.MaxLength("nome", n.Name, maxTokenName)
	if !utf8.ValidString(n.Name) || strings.ContainsFunc(n.Name, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		fields.Add("nome", "web.field.characters")
	}
	if len(n.Roles) == 0 {
		fields.Add("ruoli", "web.field.required")
	}
	for _, role := range n.Roles {
		fields.OneOf("ruoli", role, held...)
	}
	if n.Days < 1 || n.Days > MaxTokenDays {
		fields.Add("giorni", "web.token.days.range", "max", MaxTokenDays)
	}
	return fields
}

// Create makes a token for the person of a session and returns it with its secret,
// which is never shown again. Errors: problem.Invalid with the fields at fault;
// problem.Conflict if the token was already made.
func (ts *Tokens) Create(ctx context.Context, s Session, n NewToken) (Token, string, error) {
	now := ts.now().UTC().Truncate(time.Microsecond)
	n.Name = strings.TrimSpace(n.Name)
	if err := n.check(s.Roles(now)).Err(); err != nil {
		return Token{}, "", err
	}
	t := Token{
		ID: n.ID, Tenant: s.Tenant, Account: s.Account, Name: n.Name, Roles: n.Roles, Assurance: s.Assurance,
		CreatedAt: now, ExpiresAt: now.AddDate(0, 0, n.Days),
	}
	secret := tokenPrefix + newSecret()
	hash := hashOf(secret)
	var made int64
	err := ts.db.Platform(ctx, func(tx tenants.Tx) error {
		tag, err := tx.Exec(ctx, `
			insert into platform.tokens (id, tenant_id, account_id, name, token_hash, roles, assurance, created_at, expires_at)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (id) do nothing`,
			t.ID, t.Tenant, t.Account, t.Name, hash[:], t.Roles, t.Assurance, t.CreatedAt, t.ExpiresAt)
		made = tag.RowsAffected()
		return err
	})
	if err != nil {
		return Token{}, "", fmt.Errorf("create a token: %w", err)
	}
	if made == 0 {
		return Token{}, "", problem.New(problem.Conflict, "web.token.made")
	}
	return t, secret, nil
}

const tokenColumns = `id, tenant_id, account_id, name, roles, assurance, created_at, expires_at, revoked_at`

func scanToken(row pgx.Row) (Token, error) {
	var t Token
	var revoked *time.Time
	err := row.Scan(&t.ID, &t.Tenant, &t.Account, &t.Name, &t.Roles, &t.Assurance, &t.CreatedAt, &t.ExpiresAt, &revoked)
	if revoked != nil {
		t.RevokedAt = *revoked
	}
	return t, err
}

// Get returns the token of a secret at a body, with the memberships of its person.
// One that is unknown, revoked, expired or of another body is ErrNone.
func (ts *Tokens) Get(ctx context.Context, tenant int32, secret string) (t Token, err error) {
	hash := hashOf(secret)
	err = ts.db.Platform(ctx, func(tx tenants.Tx) error {
		t, err = scanToken(tx.QueryRow(ctx, `select `+tokenColumns+` from platform.tokens where token_hash = $1 and tenant_id = $2`, hash[:], tenant))
		if errors.Is(err, pgx.ErrNoRows) {
			return ErrNone
		}
		if err != nil {
			return fmt.Errorf("find a token: %w", err)
		}
		t.Memberships, err = tenants.FindMemberships(ctx, tx, tenant, t.Account)
		return err
	})
	if err != nil {
		return Token{}, err
	}
	if !t.Open(ts.now()) {
		return Token{}, ErrNone
	}
	return t, nil
}

// Find lists the tokens of an account at a body, newest first, also those that are over.
func (ts *Tokens) Find(ctx context.Context, tenant int32, account uuid.UUID) (found []Token, err error) {
	err = ts.db.Platform(ctx, func(tx tenants.Tx) error {
		rows, err := tx.Query(ctx, `select `+tokenColumns+` from platform.tokens
			where tenant_id = $1 and account_id = $2 order by created_at desc, id desc limit 100`, tenant, account)
		if err != nil {
			return err
		}
		found, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (Token, error) { return scanToken(row) })
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("find tokens: %w", err)
	}
	return found, nil
}

// Revoke ends a token of the account at a body. One that is not there, or not
// theirs, is problem.NotFound; one already revoked stays as it is.
func (ts *Tokens) Revoke(ctx context.Context, tenant int32, account, id uuid.UUID) error {
	var found int64
	err := ts.db.Platform(ctx, func(tx tenants.Tx) error {
		tag, err := tx.Exec(ctx, `update platform.tokens set revoked_at = coalesce(revoked_at, $4)
			where id = $1 and tenant_id = $2 and account_id = $3`, id, tenant, account, ts.now())
		found = tag.RowsAffected()
		return err
	})
	if err != nil {
		return fmt.Errorf("revoke a token: %w", err)
	}
	if found == 0 {
		return problem.Missing()
	}
	return nil
}

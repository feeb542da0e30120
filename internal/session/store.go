package session

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/tenants"
)

// Channels are the notifications that Heard understands.
var Channels = []string{"staffetta_sessions", "staffetta_members"}

// touchEvery is how often at most the use of a session is written down.
const touchEvery = time.Minute

// keptAfterEnd is how long a session that is over can still be told from none.
const keptAfterEnd = 24 * time.Hour

// Sealer encrypts what the database must not be able to read.
type Sealer interface {
	Seal(plain, context []byte) ([]byte, error)
	Open(sealed, context []byte) ([]byte, error)
}

// Store keeps sessions.
type Store struct {
	db     *tenants.DB
	sealer Sealer
	now    func() time.Time
	cache  cache
	trusts func(provider string) bool // nil trusts every provider
}

// NewStore makes a store; now is the clock by which sessions expire, time.Now if
// nil. Until SetListening(true) every Get asks the database.
func NewStore(db *tenants.DB, sealer Sealer, now func() time.Time) *Store {
	if now == nil {
		now = time.Now
	}
	return &Store{db: db, sealer: sealer, now: now, cache: cache{entries: map[secretHash]entry{}}}
}

// Opening is what a session is opened with.
type Opening struct {
	Tenant      int32
	Account     uuid.UUID
	Purpose     tenants.Purpose
	Assurance   int
	Provider    string
	Name        string
	AccessToken string // of the provider, kept sealed for revocation only; may be empty
	AccessUntil time.Time
}

// Create opens a session and returns it with its token, which is kept nowhere.
func (st *Store) Create(ctx context.Context, o Opening) (Session, string, error) {
	life, known := lifetimes[o.Purpose]
	if !known {
		return Session{}, "", fmt.Errorf("open a session: unknown purpose %q", o.Purpose)
	}
	id, err := newID()
	if err != nil {
		return Session{}, "", err
	}
	now := st.now().UTC().Truncate(time.Microsecond)
	s := Session{
		ID: id, Tenant: o.Tenant, Account: o.Account, Purpose: o.Purpose, Assurance: o.Assurance, Provider: o.Provider,
		Name: o.Name, CreatedAt: now, IdleUntil: now.Add(life.idle), AbsoluteUntil: now.Add(life.absolute),
	}
	var sealed []byte
	var until *time.Time
	if o.AccessToken != "" {
		until = &o.AccessUntil
		if sealed, err = st.sealer.Seal([]byte(o.AccessToken), accessContext(id)); err != nil {
			return Session{}, "", fmt.Errorf("seal the access token: %w", err)
		}
	}
	token := newSecret()
	s.hash = hashOf(token)
	err = st.db.Platform(ctx, func(tx tenants.Tx) error {
		_, err := tx.Exec(ctx, `
			insert into platform.sessions (id_hash, id, tenant_id, account_id, purpose, assurance, provider, display_name,
				created_at, idle_until, absolute_until, token_sealed, token_until)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
			s.hash[:], s.ID, s.Tenant, s.Account, string(s.Purpose), s.Assurance, s.Provider, s.Name,
			s.CreatedAt, s.IdleUntil, s.AbsoluteUntil, sealed, until)
		if err != nil {
			return fmt.Errorf("open a session: %w", err)
		}
		s.Memberships, err = tenants.FindMemberships(ctx, tx, s.Tenant, s.Account)
		return err
	})
	return s, token, err
}

func accessContext(id uuid.UUID) []byte { return []byte("access token of session " + id.String()) }

// Get returns the session of a token at a body. Errors: ErrNone; *ExpiredError for
// one that ended less than a day ago.
func (st *Store) Get(ctx context.Context, tenant int32, purpose tenants.Purpose, token string) (Session, error) {
	if token == "" {
		return Session{}, ErrNone
	}
	s, err := st.find(ctx, tenant, purpose, token)
	if err == nil && st.trusts != nil && !st.trusts(s.Provider) {
		return Session{}, ErrNone
	}
	if err == nil && s.Purpose == tenants.Operator && len(s.Roles(st.now())) == 0 {
		left := s.left(st.now(), nil) // the last role has ended with its day
		return Session{}, &left
	}
	return s, err
}

// Trust makes sessions void whose provider is not offered any more, as those of the
// demo are in production. It must be called before the store is used.
func (st *Store) Trust(offered func(provider string) bool) { st.trusts = offered }

func (st *Store) find(ctx context.Context, tenant int32, purpose tenants.Purpose, token string) (Session, error) {
	hash, now := hashOf(token), st.now()
	if s, ok := st.cache.get(hash, now); ok && s.Tenant == tenant && s.Purpose == purpose {
		if _, over := s.expired(now); !over {
			return s, nil
		}
	}
	began := st.cache.begin()
	s, ended, err := st.load(ctx, tenant, purpose, hash)
	if err != nil {
		return Session{}, err
	}
	end, over := s.expired(now)
	if ended != nil {
		end, over = *ended, true
	}
	switch {
	case over && now.Sub(end) < keptAfterEnd:
		left := s.left(now, ended)
		return Session{}, &left
	case over:
		return Session{}, ErrNone
	}
	if !s.isTimed() {
		st.cache.put(hash, s, now, began)
	}
	return s, nil
}

const columns = `id, tenant_id, account_id, purpose, assurance, provider, display_name, created_at, idle_until, absolute_until`

func (s *Session) targets() []any {
	return []any{
		&s.ID, &s.Tenant, &s.Account, &s.Purpose, &s.Assurance, &s.Provider, &s.Name,
		&s.CreatedAt, &s.IdleUntil, &s.AbsoluteUntil,
	}
}

func (st *Store) load(ctx context.Context, tenant int32, purpose tenants.Purpose, hash secretHash) (s Session, ended *time.Time, err error) {
	err = st.db.Platform(ctx, func(tx tenants.Tx) error {
		row := tx.QueryRow(ctx, `select `+columns+`, ended_at from platform.sessions
			where id_hash = $1 and tenant_id = $2 and purpose = $3`, hash[:], tenant, string(purpose))
		s.hash = hash
		err := row.Scan(append(s.targets(), &ended)...)
		if errors.Is(err, pgx.ErrNoRows) {
			return ErrNone
		}
		if err != nil {
			return fmt.Errorf("find a session: %w", err)
		}
		s.Memberships, err = tenants.FindMemberships(ctx, tx, tenant, s.Account)
		return err
	})
	return s, ended, err
}

// Touch notes that the session is in use, at most once a minute. It does not wait for the disk: what a crash loses is
// noted again at the next use.
func (st *Store) Touch(ctx context.Context, s Session) error {
	now := st.now().UTC().Truncate(time.Microsecond)
	until := now.Add(lifetimes[s.Purpose].idle)
	if until.Sub(s.IdleUntil) < touchEvery {
		return nil
	}
	err := st.db.Platform(ctx, func(tx tenants.Tx) error {
		var batch pgx.Batch
		batch.Queue(`set local synchronous_commit = off`)
		batch.Queue(`update platform.sessions set idle_until = $2 where id = $1 and ended_at is null and idle_until < $2`, s.ID, until)
		return tx.SendBatch(ctx, &batch).Close()
	})
	if err != nil {
		return fmt.Errorf("note the use of a session: %w", err)
	}
	st.cache.extend(s.hash, until)
	return nil
}

// AccessToken returns the provider's token of a session while it can still be
// revoked. Error: ErrNone.
func (st *Store) AccessToken(ctx context.Context, id uuid.UUID) (string, error) {
	var sealed []byte
	err := st.db.Platform(ctx, func(tx tenants.Tx) error {
		return tx.QueryRow(ctx, `select token_sealed from platform.sessions
			where id = $1 and token_sealed is not null and token_until > $2`, id, st.now()).Scan(&sealed)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return "", ErrNone
	}
	if err != nil {
		return "", fmt.Errorf("find an access token: %w", err)
	}
	plain, err := st.sealer.Open(sealed, accessContext(id))
	if err != nil {
		return "", fmt.Errorf("open an access token: %w", err)
	}
	return string(plain), nil
}

// End closes a session of the account. One that is not there or is over already is ErrNone.
func (st *Store) End(ctx context.Context, account, id uuid.UUID) error {
	n, err := st.end(ctx, `account_id = $2 and id = $3`, account, id)
	if err != nil {
		return err
	}
	st.Forget(id)
	if n == 0 {
		return ErrNone
	}
	return nil
}

// EndAll closes every session of the account.
func (st *Store) EndAll(ctx context.Context, account uuid.UUID) error {
	_, err := st.end(ctx, `account_id = $2`, account)
	st.ForgetAccount(account)
	return err
}

func (st *Store) end(ctx context.Context, which string, args ...any) (ended int64, err error) {
	err = st.db.Platform(ctx, func(tx tenants.Tx) error {
		tag, err := tx.Exec(ctx, `update platform.sessions set ended_at = $1, token_sealed = null, token_until = null
			where ended_at is null and `+which, append([]any{st.now()}, args...)...)
		ended = tag.RowsAffected()
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("end sessions: %w", err)
	}
	return ended, nil
}

// Find lists the sessions of an account that are open, at any body, newest first.
func (st *Store) Find(ctx context.Context, account uuid.UUID) (found []Session, err error) {
	now := st.now()
	err = st.db.Platform(ctx, func(tx tenants.Tx) error {
		rows, err := tx.Query(ctx, `select `+columns+` from platform.sessions
			where account_id = $1 and ended_at is null and idle_until > $2 and absolute_until > $2
			order by created_at desc, id desc limit 100`, account, now)
		if err != nil {
			return err
		}
		found, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (Session, error) {
			var s Session
			return s, row.Scan(s.targets()...)
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("find sessions: %w", err)
	}
	return found, nil
}

// Forget drops a session from memory.
func (st *Store) Forget(id uuid.UUID) { st.cache.forget(func(s Session) bool { return s.ID == id }) }

// ForgetAccount drops the sessions of an account from memory.
func (st *Store) ForgetAccount(id uuid.UUID) {
	st.cache.forget(func(s Session) bool { return s.Account == id })
}

// ForgetAll drops every session from memory.
func (st *Store) ForgetAll() { st.cache.forget(func(Session) bool { return true }) }

// SetListening tells whether the database's notifications arrive. While they do
// not, memory is not trusted.
func (st *Store) SetListening(on bool) { st.cache.setListening(on) }

// Heard takes in a notification of one of Channels.
func (st *Store) Heard(channel, payload string) {
	id, err := uuid.Parse(payload)
	switch {
	case err != nil:
		st.ForgetAll()
	case channel == Channels[0]:
		st.Forget(id)
	default:
		st.ForgetAccount(id)
	}
}

package session

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/internal/problem"
	"staffetta/tenants"
)

// parkedFor is how long a form waits for its person.
const parkedFor = 2 * time.Hour

// Form is what a person sent after their session had expired (it: modulo in sospeso).
type Form struct {
	ID        uuid.UUID `json:"-"`
	Tenant    int32     `json:"-"`
	Account   uuid.UUID `json:"-"`
	Action    string    // path below the body, as it was sent to
	Multipart bool
	Values    []Value
	Files     []string // names of the files, which are not kept
}

// Value is one value of a form, in the order in which it was sent.
type Value struct {
	Name  string
	Value string
}

// Forms keeps parked forms, sealed.
type Forms struct {
	db     *tenants.DB
	sealer Sealer
	now    func() time.Time
}

// NewForms makes the store; now is time.Now if nil.
func NewForms(db *tenants.DB, sealer Sealer, now func() time.Time) *Forms {
	if now == nil {
		now = time.Now
	}
	return &Forms{db: db, sealer: sealer, now: now}
}

// Park keeps a form for its account for two hours and returns its id.
func (f *Forms) Park(ctx context.Context, form Form) (uuid.UUID, error) {
	id, err := newID()
	if err != nil {
		return uuid.Nil, err
	}
	plain, err := json.Marshal(form)
	if err != nil {
		return uuid.Nil, fmt.Errorf("write a form: %w", err)
	}
	sealed, err := f.sealer.Seal(plain, formContext(id))
	if err != nil {
		return uuid.Nil, fmt.Errorf("seal a form: %w", err)
	}
	err = f.db.Platform(ctx, func(tx tenants.Tx) error {
		_, err := tx.Exec(ctx, `insert into platform.parked_forms (id, tenant_id, account_id, body_sealed, expires_at) values ($1, $2, $3, $4, $5)`,
			id, form.Tenant, form.Account, sealed, f.now().Add(parkedFor))
		return err
	})
	if err != nil {
		return uuid.Nil, fmt.Errorf("park a form: %w", err)
	}
	return id, nil
}

func formContext(id uuid.UUID) []byte { return []byte("parked form " + id.String()) }

// Get returns a parked form of the account at the body. One of somebody else, or
// whose time is over, is problem.NotFound.
func (f *Forms) Get(ctx context.Context, tenant int32, account, id uuid.UUID) (Form, error) {
	var sealed []byte
	err := f.db.Platform(ctx, func(tx tenants.Tx) error {
		return tx.QueryRow(ctx, `select body_sealed from platform.parked_forms
			where id = $1 and tenant_id = $2 and account_id = $3 and expires_at > $4`, id, tenant, account, f.now()).Scan(&sealed)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return Form{}, problem.Missing()
	}
	if err != nil {
		return Form{}, fmt.Errorf("find a parked form: %w", err)
	}
	plain, err := f.sealer.Open(sealed, formContext(id))
	if err != nil {
		return Form{}, fmt.Errorf("open a parked form: %w", err)
	}
	form := Form{ID: id, Tenant: tenant, Account: account}
	if err := json.Unmarshal(plain, &form); err != nil {
		return Form{}, fmt.Errorf("read a parked form: %w", err)
	}
	return form, nil
}

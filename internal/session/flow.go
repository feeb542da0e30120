package session

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"staffetta/internal/login"
	"staffetta/tenants"
)

// Flows keeps logins under way and the token ids already seen. It is the
// login.FlowStore and the login.SeenStore of the program.
type Flows struct {
	db     *tenants.DB
	sealer Sealer
	now    func() time.Time
}

var (
	_ login.FlowStore = (*Flows)(nil)
	_ login.SeenStore = (*Flows)(nil)
)

// NewFlows makes the store; now is time.Now if nil.
func NewFlows(db *tenants.DB, sealer Sealer, now func() time.Time) *Flows {
	if now == nil {
		now = time.Now
	}
	return &Flows{db: db, sealer: sealer, now: now}
}

// Save keeps a flow; what it holds is sealed.
func (f *Flows) Save(ctx context.Context, flow login.Flow) error {
	plain, err := json.Marshal(flow)
	if err != nil {
		return fmt.Errorf("write a login flow: %w", err)
	}
	sealed, err := f.sealer.Seal(plain, flowContext(flow.StateHash))
	if err != nil {
		return fmt.Errorf("seal a login flow: %w", err)
	}
	err = f.db.Platform(ctx, func(tx tenants.Tx) error {
		_, err := tx.Exec(ctx, `insert into platform.login_flows (state_hash, tenant_id, body_sealed, expires_at) values ($1, $2, $3, $4)`,
			flow.StateHash, flow.Tenant, sealed, flow.Expires)
		return err
	})
	if err != nil {
		return fmt.Errorf("keep a login flow: %w", err)
	}
	return nil
}

func flowContext(stateHash []byte) []byte {
	return []byte("login flow " + hex.EncodeToString(stateHash))
}

// Consume deletes and returns a flow in one statement, so that of many callers one
// wins. Error: login.ErrNoFlow.
func (f *Flows) Consume(ctx context.Context, tenant int32, stateHash []byte) (login.Flow, error) {
	var sealed []byte
	var expires time.Time
	err := f.db.Platform(ctx, func(tx tenants.Tx) error {
		return tx.QueryRow(ctx, `delete from platform.login_flows where state_hash = $1 and tenant_id = $2 returning body_sealed, expires_at`,
			stateHash, tenant).Scan(&sealed, &expires)
	})
	if errors.Is(err, pgx.ErrNoRows) || (err == nil && !f.now().Before(expires)) {
		return login.Flow{}, login.ErrNoFlow
	}
	if err != nil {
		return login.Flow{}, fmt.Errorf("consume a login flow: %w", err)
	}
	plain, err := f.sealer.Open(sealed, flowContext(stateHash))
	if err != nil {
		return login.Flow{}, fmt.Errorf("open a login flow: %w", err)
	}
	var flow login.Flow
	if err := json.Unmarshal(plain, &flow); err != nil {
		return login.Flow{}, fmt.Errorf("read a login flow: %w", err)
	}
	return flow, nil
}

// Remember stores a token id, apart for each body. Error: login.ErrSeen.
func (f *Flows) Remember(ctx context.Context, token login.SeenToken) error {
	hash := hashOf(token.ID)
	provider := fmt.Sprintf("%d/%s", token.Tenant, token.Provider)
	var stored int64
	err := f.db.Platform(ctx, func(tx tenants.Tx) error {
		tag, err := tx.Exec(ctx, `insert into platform.seen_tokens (provider, jti_hash, until) values ($1, $2, $3) on conflict do nothing`,
			provider, hash[:], token.Until)
		stored = tag.RowsAffected()
		return err
	})
	if err != nil {
		return fmt.Errorf("remember a token id: %w", err)
	}
	if stored == 0 {
		return login.ErrSeen
	}
	return nil
}

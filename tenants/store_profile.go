package tenants

import (
	"context"
	"encoding/json"
	"fmt"
)

// SaveProfile keeps how the transaction's body shows itself, and tells whether nobody else has changed it since the version.
func SaveProfile(ctx context.Context, tx Tx, p Profile) (saved bool, err error) {
	text, err := json.Marshal(p)
	if err != nil {
		return false, fmt.Errorf("write a profile: %w", err)
	}
	if err := tx.QueryRow(ctx, `select platform.save_profile($1)`, string(text)).Scan(&saved); err != nil {
		return false, fmt.Errorf("save a profile: %w", err)
	}
	return saved, nil
}

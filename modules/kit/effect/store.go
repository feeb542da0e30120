package effect

import (
	"context"
	"fmt"

	"staffetta/modules"
	"staffetta/tenants"
)

// AmongOthers adds to a change of an item of the body what else is in use of its kind, where items of the kind count together.
func AmongOthers(ctx context.Context, tx tenants.Tx, kind modules.Kind, c modules.Contents) (modules.Contents, error) {
	if kind.ShowsTogether == nil {
		return c, nil
	}
	rows, err := tx.Query(ctx, `select i.key, v.content from kit.items i join kit.item_versions v on v.tenant_id = i.tenant_id and v.id = i.version_id
		where i.tenant_id = app.tenant() and i.kind = $1 and i.state = 'published' and i.key <> $2`, kind.ID, c.Key)
	if err != nil {
		return c, fmt.Errorf("find the items that count together: %w", err)
	}
	defer rows.Close()
	c.Others = map[string][]byte{}
	for rows.Next() {
		var key, content string
		if err := rows.Scan(&key, &content); err != nil {
			return c, fmt.Errorf("read an item that counts together: %w", err)
		}
		c.Others[key] = []byte(content)
	}
	return c, rows.Err()
}

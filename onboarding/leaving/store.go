package leaving

import (
	"context"
	"fmt"

	"staffetta/tenants"
)

// purgePeople removes the rows about people of the transaction's body. It returns how many went from which table, and the documents
// that nothing names any more.
func purgePeople(ctx context.Context, tx tenants.Tx, d declared) (gone map[string]int64, documents []string, err error) {
	err = tx.QueryRow(ctx, `select p.gone, p.documents from onboarding.purge_people($1, $2, $3) p`, d.people, d.tables, d.columns).Scan(&gone, &documents)
	if err != nil {
		return nil, nil, fmt.Errorf("remove what is about people: %w", err)
	}
	return gone, documents, nil
}

package leaving

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

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

// countPeople counts the rows about people of the transaction's body, by table.
func countPeople(ctx context.Context, tx tenants.Tx, d declared) (map[string]int64, error) {
	rows, err := tx.Query(ctx, `select c.name, c.n from onboarding.count_people($1) c`, d.people)
	if err != nil {
		return nil, fmt.Errorf("count what is about people: %w", err)
	}
	return counted(rows)
}

// counted reads tables with how many rows they have.
func counted(rows pgx.Rows) (map[string]int64, error) {
	found := map[string]int64{}
	var table string
	var n int64
	_, err := pgx.ForEachRow(rows, []any{&table, &n}, func() error {
		found[table] = n
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("count rows: %w", err)
	}
	return found, nil
}

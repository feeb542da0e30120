package population

import (
	"context"
	"fmt"
	"strings"

	"staffetta/tenants"
)

// table gathers rows of one table of a body, to be inserted in one statement: row-level security refuses COPY.
type table struct {
	name    string
	columns []column
}

// column holds the values of one column. A kind such as "text->text[]" is sent as the first type and cast to the second.
type column struct {
	name, kind string
	values     []any
}

// newTable takes names and kinds of columns in pairs.
func newTable(name string, pairs ...string) *table {
	t := &table{name: name}
	for i := 0; i < len(pairs); i += 2 {
		t.columns = append(t.columns, column{name: pairs[i], kind: pairs[i+1]})
	}
	return t
}

// add takes one value for each column.
func (t *table) add(values ...any) {
	for i := range t.columns {
		t.columns[i].values = append(t.columns[i].values, values[i])
	}
}

// rows is how many were added.
func (t *table) rows() int { return len(t.columns[0].values) }

// insert writes the rows as the body of the transaction.
func (t *table) insert(ctx context.Context, tx tenants.Tx, tenant int32) error {
	if t.rows() == 0 {
		return nil
	}
	args := []any{tenant}
	var names, sent, taken []string
	for _, c := range t.columns {
		args = append(args, c.values)
		kind, cast, recast := strings.Cut(c.kind, "->")
		names = append(names, c.name)
		sent = append(sent, fmt.Sprintf("$%d::%s[]", len(args), kind))
		if recast {
			taken = append(taken, "u."+c.name+"::"+cast)
		} else {
			taken = append(taken, "u."+c.name)
		}
	}
	list := strings.Join(names, ", ")
	sql := fmt.Sprintf("insert into %s (tenant_id, %s) select $1::int, %s from unnest(%s) as u (%s)",
		t.name, list, strings.Join(taken, ", "), strings.Join(sent, ", "), list)
	if _, err := tx.Exec(ctx, sql, args...); err != nil {
		return fmt.Errorf("fill %s: %w", t.name, err)
	}
	return nil
}

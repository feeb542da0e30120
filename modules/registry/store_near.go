package registry

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"staffetta/tenants"
)

// nearRows bounds how many rows each way to look for near names reads.
const nearRows = 1000

// findNearNames finds the names worth comparing with the searched ones letter by letter: with either name of the same
// sound, those first whose other name begins with the same sound; for a single word also with the same first letters.
func (sv *Service) findNearNames(ctx context.Context, s tenants.Scope, w words) ([]namePair, error) {
	sql, args := nearNamesSQL(s.Tenant, w)
	var b pgx.Batch
	var names []namePair
	b.Queue(sql, args...).Query(func(rows pgx.Rows) (err error) {
		names, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (namePair, error) {
			var n namePair
			return n, row.Scan(&n.surname, &n.name)
		})
		return err
	})
	if err := sv.deps.DB.Read(ctx, s, &b); err != nil {
		return nil, fmt.Errorf("find near names: %w", err)
	}
	return names, nil
}

func nearNamesSQL(tenant int32, w words) (string, []any) {
	args := []any{tenant}
	arg := func(v any) string {
		args = append(args, v)
		return fmt.Sprintf("$%d", len(args))
	}
	born := bornBetween(w, arg)
	var ways []string
	look := func(columns, condition string) {
		ways = append(ways, fmt.Sprintf(`(select %s from registry.persons p where p.tenant_id = $1%s and %s limit %d)`, columns, born, condition, nearRows))
	}
	for _, pair := range w.pairs {
		const both, surnames, names = `p.surname_key, p.name_key`, `p.surname_key, ''::text collate "C"`, `''::text collate "C", p.name_key`
		switch {
		case pair.name == "":
			look(surnames, sameSound("surname_sound", arg(pair.surname)))
			look(surnames, prefix("p.surname_key", string([]rune(pair.surname)[:3]), arg))
		case pair.surname == "":
			look(names, sameSound("name_sound", arg(pair.name)))
		default:
			surname, name := arg(pair.surname), arg(pair.name)
			look(both, sameSound("surname_sound", surname)+" and "+firstSound("name_sound", name))
			look(both, sameSound("surname_sound", surname))
			look(both, sameSound("name_sound", name)+" and "+firstSound("surname_sound", surname))
			look(both, sameSound("name_sound", name))
		}
	}
	return strings.Join(ways, " union "), args
}

func sameSound(column, key string) string { return "p." + column + " = registry.sound(" + key + ")" }

// firstSound is the condition that a sound begins as that of a key.
func firstSound(column, key string) string {
	first := "left(registry.sound(" + key + "), 1)"
	return "p." + column + " >= " + first + " and p." + column + " < " + first + " || chr(1114111)" // as keyEnd
}

// bornBetween is the condition on the day of birth that a search has, or nothing.
func bornBetween(w words, arg func(any) string) string {
	if w.from.IsZero() {
		return ""
	}
	return " and p.birth_date between " + arg(w.from) + " and " + arg(w.to)
}

// findNamed finds persons of some names, a bounded number of each; an empty part of a name is any.
func (sv *Service) findNamed(ctx context.Context, s tenants.Scope, w words, names []namePair) ([]Person, error) {
	args := []any{s.Tenant}
	arg := func(v any) string {
		args = append(args, v)
		return fmt.Sprintf("$%d", len(args))
	}
	born := bornBetween(w, arg)
	equal := func(column, key string) string {
		if key == "" {
			return "true"
		}
		return "p." + column + " = " + arg(key)
	}
	each := make([]string, len(names))
	for i, n := range names {
		each[i] = fmt.Sprintf(`(select %s from registry.persons p where p.tenant_id = $1%s and %s and %s order by p.surname_key, p.name_key, p.id limit %d)`,
			personColumns, born, equal("surname_key", n.surname), equal("name_key", n.name), maxNear+fewFound)
	}
	return sv.readPersons(ctx, s, strings.Join(each, " union "), args...)
}

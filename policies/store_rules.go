package policies

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/tenants"
)

// findOverrides reads the rules of all bodies, and the roles of their own.
func (e *Engine) findOverrides(ctx context.Context) (overrides [][]string, roles map[int32][]BodyRole, err error) {
	err = e.db.Platform(ctx, func(tx tenants.Tx) error {
		rows, err := tx.Query(ctx, `select tenant_id::text, role, relation, object, action, effect from platform.policy_rules`)
		if err != nil {
			return fmt.Errorf("read policy overrides: %w", err)
		}
		if overrides, err = pgx.CollectRows(rows, scanRule); err != nil {
			return err
		}
		roles, err = findBodyRoles(ctx, tx)
		return err
	})
	return overrides, roles, err
}

func findBodyRoles(ctx context.Context, tx tenants.Tx) (map[int32][]BodyRole, error) {
	rows, err := tx.Query(ctx, `select tenant_id, id, title_it, title_en, coalesce(practice, $1), release, ended_at is not null
		from platform.body_roles order by tenant_id, title_it, id`, uuid.Nil)
	if err != nil {
		return nil, fmt.Errorf("read the roles of bodies: %w", err)
	}
	found := map[int32][]BodyRole{}
	var tenant int32
	var r BodyRole
	_, err = pgx.ForEachRow(rows, []any{&tenant, &r.ID, &r.Label.It, &r.Label.En, &r.Practice, &r.Release, &r.Ended}, func() error {
		r.Item, _ = ItemOf(r.ID)
		found[tenant] = append(found[tenant], r)
		return nil
	})
	return found, err
}

func scanRule(row pgx.CollectableRow) ([]string, error) {
	rule := make([]string, 6)
	return rule, row.Scan(&rule[0], &rule[1], &rule[2], &rule[3], &rule[4], &rule[5])
}

// HoldRules reads the rules of the body of the transaction beyond those of the program, and holds them still until it ends, with
// who holds which role. It waits for whoever is changing either.
func HoldRules(ctx context.Context, tx tenants.Tx) ([]Rule, error) {
	rows, err := tx.Query(ctx, `select h.role, h.relation, h.object, h.action, h.effect from platform.hold_rules() h`)
	if err != nil {
		return nil, fmt.Errorf("hold the rules of a body: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (Rule, error) {
		var r Rule
		return r, row.Scan(&r.Role, &r.Relation, &r.Object, &r.Action, &r.Effect)
	})
}

// remember writes the program's own rules down when they are not those of before.
func (e *Engine) remember(ctx context.Context) error {
	lines := make([]string, len(e.templates))
	for i, rule := range e.templates {
		lines[i] = strings.Join(rule, ",")
	}
	rules := strings.Join(lines, "\n")
	return e.db.Platform(ctx, func(tx tenants.Tx) error {
		_, err := tx.Exec(ctx, `insert into platform.policy_bases (rules)
			select $1 where $1 is distinct from (select b.rules from platform.policy_bases b order by b.id desc limit 1)`, rules)
		if err != nil {
			return fmt.Errorf("remember the program's rules: %w", err)
		}
		return nil
	})
}

// period is a rule of a body from an instant to another.
type period struct {
	rule     []string
	from, to time.Time // to is zero while it holds
}

// base are the program's own rules from an instant on.
type base struct {
	rules [][]string
	since time.Time
}

const periodSQL = `select tenant_id::text, role, relation, object, action, effect, valid_from, valid_to from platform.policy_periods
	where tenant_id = $1 and valid_from < $3 and (valid_to is null or valid_to > $2)`

// The first that is remembered stands for all that is older.
const baseSQL = `select rules, since from platform.policy_bases where (since < $2 or id = (select min(f.id) from platform.policy_bases f))
	and id >= coalesce((select max(b.id) from platform.policy_bases b where b.since <= $1), 0) order by id`

func findPast(ctx context.Context, tx tenants.Tx, p *Past) error {
	rows, err := tx.Query(ctx, periodSQL, p.tenant, p.from, p.to)
	if err != nil {
		return fmt.Errorf("find past rules: %w", err)
	}
	p.periods, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (period, error) {
		one, to := period{rule: make([]string, 6)}, (*time.Time)(nil)
		r := one.rule
		err := row.Scan(&r[0], &r[1], &r[2], &r[3], &r[4], &r[5], &one.from, &to)
		one.to = orZero(to)
		return one, err
	})
	if err != nil {
		return err
	}
	if rows, err = tx.Query(ctx, baseSQL, p.from, p.to); err != nil {
		return fmt.Errorf("find the program's past rules: %w", err)
	}
	p.bases, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (base, error) {
		var text string
		var one base
		err := row.Scan(&text, &one.since)
		for line := range strings.SplitSeq(text, "\n") {
			one.rules = append(one.rules, strings.Split(line, ","))
		}
		return one, err
	})
	if err == nil && len(p.bases) == 0 {
		return errors.New("find the program's past rules: there are none")
	}
	return err
}

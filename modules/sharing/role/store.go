package role

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Most bounds the roles of a body's own: a person chooses among them, and every decision reads their rules.
const Most = 60

// Follow makes the roles of the body, and their rules, follow the items. Errors: problem.Forbidden for who may not
// change the rules of the body, problem.Conflict where an item goes out of use while somebody holds its role, and where the body
// would have more than Most.
func Follow(ctx context.Context, deps modules.Deps, change modules.Following) error {
	standing, err := findStanding(ctx, change)
	if err != nil {
		return err
	}
	moved := false
	for _, item := range change.Items {
		stands := slices.Contains(standing, item.Key)
		if !stands && !deps.Permits(change.Scope, policies.ManageRules) {
			return problem.New(problem.Forbidden, "sharing.error.role_rules", "key", item.Key)
		}
		if err := follow(ctx, change, item, stands); err != nil {
			return err
		}
		moved = moved || !stands
	}
	if err := checkTwins(ctx, change); err != nil {
		return err
	}
	if moved {
		tenants.AfterCommit(change.Tx, deps.Policies.Reload)
	}
	return nil
}

// findStanding finds the items whose roles are already as the items say: their titles and their rules.
func findStanding(ctx context.Context, change modules.Following) ([]string, error) {
	keys := make([]string, len(change.Items))
	for i, item := range change.Items {
		keys[i] = item.Key
	}
	rows, err := change.Tx.Query(ctx, `select k.key from unnest($1::text[]) k (key) where sharing.role_follows(k.key)`, keys)
	if err != nil {
		return nil, fmt.Errorf("compare roles with their items: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// checkTwins sees, once the rules of the body are held, that none of the items is called like another role that the body uses.
func checkTwins(ctx context.Context, change modules.Following) error {
	rows, err := change.Tx.Query(ctx, `select i.key, i.title_it, i.title_en from kit.items i
		where i.tenant_id = app.tenant() and i.kind = $1 and i.state = 'published' order by i.key`, kit.KindRole)
	if err != nil {
		return fmt.Errorf("find the names of roles: %w", err)
	}
	type named struct {
		Key, TitleIt, TitleEn string
	}
	used, err := pgx.CollectRows(rows, pgx.RowToStructByName[named])
	if err != nil {
		return fmt.Errorf("read the names of roles: %w", err)
	}
	called := func(one named) []string { return Called(language.Text{It: one.TitleIt, En: one.TitleEn}) }
	for _, one := range used {
		if !slices.ContainsFunc(change.Items, func(f modules.Followed) bool { return f.Key == one.Key }) {
			continue
		}
		for _, other := range used {
			if other.Key != one.Key && slices.ContainsFunc(called(one), func(name string) bool { return slices.Contains(called(other), name) }) {
				return problem.New(problem.Conflict, "sharing.error.role_twin", "key", one.Key, "other", other.Key, "title", other.TitleIt)
			}
		}
	}
	return nil
}

// line is a rule that an item changed, as the history keeps it.
type line struct {
	policies.Rule
	Before string `json:"before"`
	After  string `json:"after"`
}

// follow also notes the release of a kit that left the role as it is.
func follow(ctx context.Context, change modules.Following, item modules.Followed, stands bool) error {
	id, err := uuid.NewV7()
	if err != nil {
		return fmt.Errorf("make an id: %w", err)
	}
	sights := item.Changes
	if sights == nil {
		sights = []modules.SightChange{}
	}
	var held bool
	var roles *int
	var lines []line
	var version *int
	err = change.Tx.QueryRow(ctx, `select f.held, f.changed, f.at_version, f.roles from sharing.follow_role($1, $2, $3, $4, $5) f`,
		item.Key, id, item.Reason, change.Scope.Name, sights).Scan(&held, &lines, &version, &roles)
	switch {
	case err != nil:
		return fmt.Errorf("follow a role: %w", err)
	case held:
		return problem.New(problem.Conflict, "sharing.error.role_held", "key", item.Key)
	case version != nil && !stands && *roles > Most:
		return problem.New(problem.Conflict, "sharing.error.role_many", "most", Most)
	case stands:
		return nil
	}
	return audit.Write(ctx, change.Tx, change.Scope, audit.Event{Action: "role.follow", Payload: map[string]any{
		"role": policies.ItemRole(item.Key), "version": version, "reason": item.Reason, "rules": said(lines), "lost": lost(sights),
	}})
}

// said writes changed rules down for the audit.
func said(lines []line) []string {
	all := make([]string, len(lines))
	for i, l := range lines {
		effect := l.After
		if effect == "" {
			effect = "none"
		}
		all[i] = fmt.Sprintf("%s %s %s %s", l.Relation, l.Object, l.Action, effect)
	}
	return all
}

// lost are those who lose something, by their ids; of what was read role by role, nobody by id.
func lost(changes []modules.SightChange) []uuid.UUID {
	seen, all := map[uuid.UUID]bool{uuid.Nil: true}, []uuid.UUID{}
	for _, c := range changes {
		if !c.Gained && !seen[c.Account] {
			seen[c.Account] = true
			all = append(all, c.Account)
		}
	}
	return all
}

// Holders counts who holds the role of an item, today or from a later day on.
func Holders(ctx context.Context, tx tenants.Tx, _ int32, key string) (people int, err error) {
	err = tx.QueryRow(ctx, `select count(distinct h.account_id) from platform.held_roles() h where h.role = $1`, policies.ItemRole(key)).Scan(&people)
	if err != nil {
		return 0, fmt.Errorf("count who holds a role: %w", err)
	}
	return people, nil
}

// ended is that somebody's role was taken back: the days for which they would have had it.
type ended struct {
	Account uuid.UUID `json:"account"`
	From    string    `json:"from"`
	To      string    `json:"to,omitempty"` // the last day; none for no end
}

// Release takes the role of an item back from all who hold it.
func Release(ctx context.Context, tx tenants.Tx, s tenants.Scope, key string) error {
	rows, err := tx.Query(ctx, `select r.account_id, r.first_day, r.last_day from sharing.release_role($1) r`, key)
	if err != nil {
		return fmt.Errorf("take a role back: %w", err)
	}
	people, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (ended, error) {
		var one ended
		var from time.Time
		var to *time.Time
		err := row.Scan(&one.Account, &from, &to)
		one.From = from.Format(time.DateOnly)
		if to != nil {
			one.To = to.Format(time.DateOnly)
		}
		return one, err
	})
	if err != nil {
		return fmt.Errorf("take a role back: %w", err)
	}
	if len(people) == 0 {
		return nil
	}
	return audit.Write(ctx, tx, s, audit.Event{Action: "role.release", Payload: map[string]any{"role": policies.ItemRole(key), "people": people}})
}

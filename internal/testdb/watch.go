package testdb

import (
	"context"
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// unwatched are the tables of bodies in which rows may change without an event, with the reason.
var unwatched = map[string]string{
	"casefile.notices":          "who is told of an event, and has read of it: the event is there already",
	"sharing.sights":            "how far somebody has seen shares: the reading is there already",
	"practice.campaign_entries": "how far the job of an upgrade is: what it comes to has its event, as have the campaign and what is applied",
	"onboarding.exports":        "how far the job of an archive is: who asked, agreed and fetched has its event, as has what was made",
	"post.told":                 "what somebody has been told by e-mail: what it tells has its own event",
}

// watchSQL notes at the end of a transaction of the serving roles that it has changed a row and left no event. Nothing is
// refused: a test that something is refused must not succeed by this.
const watchSQL = `
	create table public.unaudited (relation text not null);
	create function public.want_event() returns trigger language plpgsql security definer set search_path = '' as $$
	begin
		if session_user in ('staffetta_app', 'staffetta_guest')
			and not exists (select 1 from audit.events e where e.txid = pg_current_xact_id()) then
			insert into public.unaudited values (tg_table_schema || '.' || tg_table_name);
		end if;
		return null;
	end $$`

// asker is a connection or a pool of the owner.
type asker interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// Watch makes a database note every transaction of the serving roles that changes a row of a module and leaves no event in
// the audit, for Unaudited to tell.
func Watch(ctx context.Context, conn asker) error {
	if _, err := conn.Exec(ctx, watchSQL); err != nil {
		return fmt.Errorf("watch for changes without an event: %w", err)
	}
	rows, err := conn.Query(ctx, `select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace
		where c.relkind = 'r' and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'app', 'audit', 'platform', 'public', 'river')`)
	if err != nil {
		return fmt.Errorf("find the tables to watch: %w", err)
	}
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return fmt.Errorf("find the tables to watch: %w", err)
	}
	for _, table := range tables {
		if unwatched[table] != "" {
			continue
		}
		_, err := conn.Exec(ctx, `create constraint trigger want_event after insert or update or delete on `+table+`
			deferrable initially deferred for each row execute function public.want_event()`)
		if err != nil {
			return fmt.Errorf("watch %s: %w", table, err)
		}
	}
	return nil
}

// querier is a connection or a pool.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// Unaudited lists the tables that were changed without an event in a database that is watched.
func Unaudited(ctx context.Context, db querier) ([]string, error) {
	rows, err := db.Query(ctx, `select distinct u.relation from public.unaudited u`)
	if err != nil {
		return nil, fmt.Errorf("find changes without an event: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// Excuse forgets what the test itself has changed so far in tables, by SQL of its own that goes past the services.
func (d *Database) Excuse(t testing.TB, tables ...string) {
	t.Helper()
	if _, err := d.Owner.Exec(context.Background(), `delete from public.unaudited where relation = any ($1)`, tables); err != nil {
		t.Fatal(err)
	}
}

// judge fails the test for each change without an event.
func (d *Database) judge(t testing.TB) {
	t.Helper()
	left, err := Unaudited(context.Background(), d.Owner)
	if err != nil && !t.Failed() {
		t.Error(err)
	}
	for _, table := range left {
		t.Errorf("no event in the audit tells of a change of %s", table)
	}
}

func watch(address string) error {
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return fmt.Errorf("connect to the template: %w", err)
	}
	defer conn.Close(ctx)
	return Watch(ctx, conn)
}

-- +goose Up
-- Notes, in the transaction of what happened, that the bodies in the named columns have something to tell: for tables of modules
-- whose migrations run after those of who tells it. Such things are rare; whether anybody has an address is asked when they are told.
-- +goose StatementBegin
create function platform.signal() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  insert into platform.mail_signals (tenant_id, topic)
    select distinct (to_jsonb(n) ->> c)::int, tg_table_schema || '.' || tg_table_name from changed n, unnest(tg_argv) c;
  return null;
end $$;
-- +goose StatementEnd
revoke all on function platform.signal() from public;
-- A body is asked for support.
create trigger signal_mail_insert after insert on platform.support_accesses referencing new table as changed
  for each statement execute function platform.signal('tenant_id');

-- +goose Up
-- +goose StatementBegin
create or replace function post.signal() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  insert into platform.mail_signals (tenant_id, topic)
    select body.id, tg_table_schema || '.' || tg_table_name from (select distinct (to_jsonb(n) ->> c)::int as id from changed n, unnest(tg_argv) c) body
    where exists (select 1 from post.addresses a where a.tenant_id = body.id and a.address_sealed is not null);
  return null;
end $$;
-- +goose StatementEnd

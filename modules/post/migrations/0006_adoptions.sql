-- +goose Up
-- What somebody does not want to be told of, by what duties ask.
alter table post.addresses add column off text[] not null default '{}' check (cardinality(off) <= 100);

-- Notes that the bodies of the adoptions that the rows name, in the given column, have something to tell.
-- +goose StatementBegin
create function post.signal_adoption() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  insert into platform.mail_signals (tenant_id, topic)
    select body.id, tg_table_schema || '.' || tg_table_name from (select distinct p.tenant_id as id from changed n
      join practice.adoptions_parties p on p.adoption_id = (to_jsonb(n) ->> tg_argv[0])::uuid) body
    where exists (select 1 from post.addresses a where a.tenant_id = body.id and a.address_sealed is not null);
  return null;
end $$;
-- +goose StatementEnd
revoke all on function post.signal_adoption() from public;
-- A stage with its day, an adoption that moves on to another stage, and what threatens one.
create trigger signal_mail_insert after insert on practice.adoptions_owners referencing new table as changed
  for each statement execute function post.signal('tenant_id');
create trigger signal_mail_update after update on practice.adoptions_owners referencing new table as changed
  for each statement execute function post.signal('tenant_id');
create trigger signal_mail_update after update on practice.adoptions referencing new table as changed
  for each statement execute function post.signal_adoption('id');
create trigger signal_mail_insert after insert on practice.adoptions_alarms referencing new table as changed
  for each statement execute function post.signal_adoption('adoption_id');
create trigger signal_mail_update after update on practice.adoptions_alarms referencing new table as changed
  for each statement execute function post.signal_adoption('adoption_id');

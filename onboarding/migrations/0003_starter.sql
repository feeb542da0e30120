-- +goose Up
-- Who began an entry stays with it, and alone brings it live and says who else works at it. The others can be removed and can leave.
alter table onboarding.entry_people
  add column starter boolean not null default false,
  add column removed_at timestamptz,
  add check (not starter or removed_at is null);
update onboarding.entry_people p set starter = true
  from (select distinct on (o.tenant_id, o.entry_id) o.tenant_id, o.entry_id, o.account_id from onboarding.entry_people o
    order by o.tenant_id, o.entry_id, o.created_at, o.account_id) earliest
  where p.tenant_id = earliest.tenant_id and p.entry_id = earliest.entry_id and p.account_id = earliest.account_id;
create unique index on onboarding.entry_people (tenant_id, entry_id) where starter;

-- Entries and their users are seen through this policy: who was removed sees neither from then on.
alter policy person on onboarding.entry_people
  using (account_id = (select app.account()) and removed_at is null or (select app.purpose()) = 'operator');

-- Opens an entry that belongs to the actor. An id that is taken stays as it is: nobody joins another's entry by its id.
-- +goose StatementBegin
create or replace function onboarding.create_entry(entry uuid, person text) returns void
  language plpgsql security definer set search_path = '' as $body$
begin
  if app.tenant() is null or app.account() is null then
    raise exception 'nobody is signed in' using errcode = 'insufficient_privilege';
  end if;
  insert into onboarding.entries (tenant_id, id) values (app.tenant(), entry) on conflict do nothing;
  if found then
    insert into onboarding.entry_people (tenant_id, entry_id, account_id, name, starter) values (app.tenant(), entry, app.account(), person, true);
  end if;
end $body$;
-- +goose StatementEnd

-- Lets another account work at an entry, by the word of whoever began it. Who was removed can be let in again.
-- +goose StatementBegin
create or replace function onboarding.add_person(entry uuid, person uuid, person_name text) returns boolean
  language plpgsql security definer set search_path = '' as $body$
begin
  if not exists (select from onboarding.entry_people p
      where p.tenant_id = app.tenant() and p.entry_id = entry and p.account_id = app.account() and p.starter) then
    raise exception 'the entry is another''s' using errcode = 'insufficient_privilege';
  end if;
  insert into onboarding.entry_people as p (tenant_id, entry_id, account_id, name)
    values (app.tenant(), entry, person, person_name)
    on conflict (tenant_id, entry_id, account_id) do update set name = excluded.name, created_at = excluded.created_at, removed_at = null
    where p.removed_at is not null;
  return found;
end $body$;
-- +goose StatementEnd

-- Removes somebody from an entry, by the word of whoever began it or their own. False is somebody who was removed before, null
-- somebody who never worked at it; who began it is neither.
-- +goose StatementBegin
create function onboarding.remove_person(entry uuid, person uuid) returns boolean
  language plpgsql security definer set search_path = '' as $body$
begin
  if not exists (select from onboarding.entry_people p
      where p.tenant_id = app.tenant() and p.entry_id = entry and p.account_id = app.account() and p.removed_at is null
        and (p.starter or p.account_id = person)) then
    raise exception 'the entry is another''s' using errcode = 'insufficient_privilege';
  end if;
  update onboarding.entry_people p set removed_at = app.now()
    where p.tenant_id = app.tenant() and p.entry_id = entry and p.account_id = person and not p.starter and p.removed_at is null;
  if found then
    return true;
  end if;
  return (select false from onboarding.entry_people p
    where p.tenant_id = app.tenant() and p.entry_id = entry and p.account_id = person and p.removed_at is not null);
end $body$;
-- +goose StatementEnd

-- Names who works at an entry, to those who do.
drop function onboarding.people(uuid);
create function onboarding.people(entry uuid) returns table (account_id uuid, name text, created_at timestamptz, starter boolean)
  language sql stable security definer set search_path = '' as $body$
  select p.account_id, p.name, p.created_at, p.starter from onboarding.entry_people p
  where p.tenant_id = app.tenant() and p.entry_id = entry and p.removed_at is null
    and exists (select from onboarding.entry_people mine
      where mine.tenant_id = app.tenant() and mine.entry_id = entry and mine.account_id = app.account() and mine.removed_at is null)
  order by p.starter desc, p.created_at, p.account_id
$body$;

revoke all on function onboarding.remove_person(uuid, uuid), onboarding.people(uuid) from public;
grant execute on function onboarding.remove_person(uuid, uuid), onboarding.people(uuid) to staffetta_app;

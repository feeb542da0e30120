-- +goose Up
-- A code of the index of public bodies that somebody corrected; empty for the one that the register gives.
alter table onboarding.entries add column ipa text not null default '' check (ipa ~ '^([a-z0-9][a-z0-9_-]{1,39})?$');

-- Lets another account work at an entry, by the word of somebody whose entry it is.
-- +goose StatementBegin
create function onboarding.add_person(entry uuid, person uuid, person_name text) returns boolean
  language plpgsql security definer set search_path = '' as $body$
begin
  if not exists (select from onboarding.entry_people p
      where p.tenant_id = app.tenant() and p.entry_id = entry and p.account_id = app.account()) then
    raise exception 'the entry is another''s' using errcode = 'insufficient_privilege';
  end if;
  insert into onboarding.entry_people (tenant_id, entry_id, account_id, name)
    values (app.tenant(), entry, person, person_name) on conflict do nothing;
  return found;
end $body$;
-- +goose StatementEnd

-- Names who works at an entry, to those who do.
create function onboarding.people(entry uuid) returns table (account_id uuid, name text, created_at timestamptz)
  language sql stable security definer set search_path = '' as $body$
  select p.account_id, p.name, p.created_at from onboarding.entry_people p
  where p.tenant_id = app.tenant() and p.entry_id = entry and exists (select from onboarding.entry_people mine
    where mine.tenant_id = app.tenant() and mine.entry_id = entry and mine.account_id = app.account())
  order by p.created_at, p.account_id
$body$;

-- The sealed fiscal code of whoever is signed in, and of nobody else.
create function onboarding.own_code() returns bytea
  language sql stable security definer set search_path = '' as $body$
  select a.cf_sealed from platform.accounts a where a.id = app.account()
$body$;

revoke all on function onboarding.add_person(uuid, uuid, text), onboarding.people(uuid), onboarding.own_code() from public;
grant execute on function onboarding.add_person(uuid, uuid, text), onboarding.people(uuid), onboarding.own_code() to staffetta_app;

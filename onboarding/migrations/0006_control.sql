-- +goose Up
-- An entry has two steps, and control by a code sent to the certified mail of the body. Modules, a kit and people are the business of
-- the body's own console: what entries kept of them is forgotten, sealed codes too. The columns and the table go one release later.
delete from onboarding.users;
update onboarding.entries set modules = '{}', kit_id = null, choice_version = 0;

drop function onboarding.own_code();

alter table onboarding.entries add column pec text not null default '' check (length(pec) <= 254);

-- The contact is who began the entry, by the name of the login; it is written nowhere else.
update onboarding.entries e set contact_name = p.name from onboarding.entry_people p
  where p.tenant_id = e.tenant_id and p.entry_id = e.id and p.starter;
-- +goose StatementBegin
create or replace function onboarding.create_entry(entry uuid, person text) returns void
  language plpgsql security definer set search_path = '' as $body$
begin
  if app.tenant() is null or app.account() is null then
    raise exception 'nobody is signed in' using errcode = 'insufficient_privilege';
  end if;
  insert into onboarding.entries (tenant_id, id, contact_name) values (app.tenant(), entry, person) on conflict do nothing;
  if found then
    insert into onboarding.entry_people (tenant_id, entry_id, account_id, name, starter) values (app.tenant(), entry, app.account(), person, true);
  end if;
end $body$;
-- +goose StatementEnd

-- Codes sent to the certified mail of a body. The code itself is nowhere: code_token is keyed, and of this entry alone. It stands for
-- the answers that were read when it was asked for (mark), so that it proves no others.
create table onboarding.entry_codes (
  tenant_id int not null default app.tenant(),
  id uuid not null,
  entry_id uuid not null,
  account_id uuid not null,
  mark text not null,
  code_token bytea not null,
  address_token bytea not null, -- keyed: by it the letters to one address are counted
  tries int not null default 0 check (tries between 0 and 5),
  issued_at timestamptz not null default app.now(),
  expires_at timestamptz not null,
  ended_at timestamptz,
  ended_as text check (ended_as in ('used', 'guessed', 'newer')),
  primary key (tenant_id, id),
  foreign key (tenant_id, entry_id) references onboarding.entries (tenant_id, id),
  check ((ended_at is null) = (ended_as is null))
);
create unique index on onboarding.entry_codes (tenant_id, entry_id) where ended_at is null;
create index on onboarding.entry_codes (tenant_id, entry_id, issued_at);
create index on onboarding.entry_codes (tenant_id, address_token, issued_at);
create index on onboarding.entry_codes (tenant_id, account_id, issued_at);
call app.own_table('onboarding.entry_codes');
create policy people on onboarding.entry_codes as restrictive to staffetta_app, staffetta_report
  using (exists (select from onboarding.entry_people p where p.tenant_id = entry_codes.tenant_id and p.entry_id = entry_codes.entry_id));
revoke insert, update on onboarding.entry_codes from staffetta_app;
grant update (tries, ended_at, ended_as) on onboarding.entry_codes to staffetta_app;

-- Keeps a new code of whoever began an entry, ends the one before, and bounds how many are asked for in a day: for an entry, towards an
-- address and by an account. It returns which bound was met, or nothing. Others' entries count, too, so no policy can.
-- +goose StatementBegin
create function onboarding.issue_code(code uuid, entry uuid, answers text, token bytea, address bytea, life interval) returns text
  language plpgsql security definer set search_path = '' as $body$
declare
  since timestamptz := app.now() - interval '1 day';
begin
  if not exists (select from onboarding.entry_people p
      where p.tenant_id = app.tenant() and p.entry_id = entry and p.account_id = app.account() and p.starter) then
    raise exception 'the entry is another''s' using errcode = 'insufficient_privilege';
  end if;
  perform pg_advisory_xact_lock(hashtextextended('onboarding.issue_code', app.tenant()));
  if (select count(*) from onboarding.entry_codes c where c.tenant_id = app.tenant() and c.entry_id = entry and c.issued_at > since) >= 5 then
    return 'entry';
  elsif (select count(*) from onboarding.entry_codes c where c.tenant_id = app.tenant() and c.address_token = address and c.issued_at > since) >= 5 then
    return 'address';
  elsif (select count(*) from onboarding.entry_codes c where c.tenant_id = app.tenant() and c.account_id = app.account() and c.issued_at > since) >= 10 then
    return 'account';
  end if;
  update onboarding.entry_codes c set ended_at = app.now(), ended_as = 'newer'
    where c.tenant_id = app.tenant() and c.entry_id = entry and c.ended_at is null;
  insert into onboarding.entry_codes (tenant_id, id, entry_id, account_id, mark, code_token, address_token, issued_at, expires_at)
    values (app.tenant(), code, entry, app.account(), answers, token, address, app.now(), app.now() + life);
  return '';
end $body$;
-- +goose StatementEnd
revoke all on function onboarding.issue_code(uuid, uuid, text, bytea, bytea, interval) from public;
grant execute on function onboarding.issue_code(uuid, uuid, text, bytea, bytea, interval) to staffetta_app;

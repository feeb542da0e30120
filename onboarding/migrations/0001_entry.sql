-- +goose Up
-- The entries of new bodies. They are the platform body's own rows, and each is seen only by the accounts that it belongs to.
create schema onboarding;
grant usage on schema onboarding to staffetta_app, staffetta_guest, staffetta_report, staffetta_backup;

-- Each step has a version of its own, so that two people can work on different steps; 0 is a step that was never saved.
create table onboarding.entries (
  tenant_id int not null default app.tenant(),
  id uuid not null,
  state text not null default 'open' check (state in ('open', 'activating', 'live')),
  belfiore text not null default '' check (belfiore ~ '^([A-Z][0-9]{3})?$'),
  body_version int not null default 0,
  contact_name text not null default '' check (length(contact_name) <= 120),
  contact_position text not null default '' check (length(contact_position) <= 120),
  contact_email text not null default '' check (length(contact_email) <= 254),
  contact_phone text not null default '' check (length(contact_phone) <= 40),
  act_number text not null default '' check (length(act_number) <= 60),
  act_date date,
  contact_version int not null default 0,
  modules text[] not null default '{}',
  kit_id uuid,
  choice_version int not null default 0,
  body_id int references platform.tenants (id),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  check ((state = 'live') = (body_id is not null))
);

-- Whose entry it is.
create table onboarding.entry_people (
  tenant_id int not null default app.tenant(),
  entry_id uuid not null,
  account_id uuid not null references platform.accounts (id),
  name text not null default '' check (length(name) <= 120),
  created_at timestamptz not null default now(),
  primary key (tenant_id, entry_id, account_id),
  foreign key (tenant_id, entry_id) references onboarding.entries (tenant_id, id)
);
create index on onboarding.entry_people (tenant_id, account_id);

-- The first users of the body. The fiscal code is sealed, and gone once the user is removed or the body is live; the token
-- is one of this entry alone and finds a code that is written twice.
create table onboarding.users (
  tenant_id int not null default app.tenant(),
  id uuid not null,
  entry_id uuid not null,
  name text not null check (length(name) between 1 and 120),
  roles text[] not null check (cardinality(roles) > 0),
  code_sealed bytea,
  code_token bytea,
  created_at timestamptz not null default now(),
  removed_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, entry_id) references onboarding.entries (tenant_id, id)
);
create unique index on onboarding.users (tenant_id, entry_id, code_token);
create index on onboarding.users (tenant_id, entry_id, created_at) where removed_at is null;

call app.own_table('onboarding.entries');
call app.own_table('onboarding.entry_people');
call app.own_table('onboarding.users');

-- Whoever follows the entries for the platform sees them all, everybody else their own. The policies of the other tables look
-- into entry_people, whose own policy looks nowhere else.
create policy person on onboarding.entry_people as restrictive to staffetta_app, staffetta_report
  using (account_id = (select app.account()) or (select app.purpose()) = 'operator');
create policy people on onboarding.entries as restrictive to staffetta_app, staffetta_report
  using (exists (select from onboarding.entry_people p where p.tenant_id = entries.tenant_id and p.entry_id = entries.id));
create policy people on onboarding.users as restrictive to staffetta_app, staffetta_report
  using (exists (select from onboarding.entry_people p where p.tenant_id = users.tenant_id and p.entry_id = users.entry_id));
revoke insert on onboarding.entries from staffetta_app;
revoke insert, update on onboarding.entry_people from staffetta_app;

-- Opens an entry that belongs to the actor. An id that is taken stays as it is: nobody joins another's entry by its id.
-- +goose StatementBegin
create function onboarding.create_entry(entry uuid, person text) returns void
  language plpgsql security definer set search_path = '' as $body$
begin
  if app.tenant() is null or app.account() is null then
    raise exception 'nobody is signed in' using errcode = 'insufficient_privilege';
  end if;
  insert into onboarding.entries (tenant_id, id) values (app.tenant(), entry) on conflict do nothing;
  if found then
    insert into onboarding.entry_people (tenant_id, entry_id, account_id, name) values (app.tenant(), entry, app.account(), person);
  end if;
end $body$;
-- +goose StatementEnd
revoke all on function onboarding.create_entry(uuid, text) from public;
grant execute on function onboarding.create_entry(uuid, text) to staffetta_app;

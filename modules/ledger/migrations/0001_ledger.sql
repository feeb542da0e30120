-- +goose Up
create schema ledger;
grant usage on schema ledger to staffetta_app, staffetta_guest, staffetta_report, staffetta_backup;

-- What a citizen contests: one opening of the own file, on one day, by one person.
create table ledger.contests (
  tenant_id int not null default app.tenant(),
  id uuid not null,
  account_id uuid not null, -- the citizen's
  event_id uuid not null, -- the first of the day, which stands for the others
  event_at timestamptz not null,
  words text not null check (length(words) between 5 and 1000),
  made_at timestamptz not null default app.now(),
  finding text check (finding in ('justified', 'unjustified')),
  answer text not null default '' check (length(answer) <= 2000),
  answered_by uuid,
  answered_name text not null default '',
  answered_at timestamptz,
  version int not null default 1,
  primary key (tenant_id, id),
  unique (tenant_id, account_id, event_id),
  check ((finding is null) = (answered_at is null) and (finding is null) = (answer = ''))
);
create index on ledger.contests (tenant_id, made_at desc, id desc);
create index on ledger.contests (tenant_id) where answered_at is null;
call app.own_table('ledger.contests');
create policy of_citizen on ledger.contests as restrictive to staffetta_app, staffetta_report
  using (app.purpose() is distinct from 'citizen' or account_id = (select app.account()))
  with check (app.purpose() is distinct from 'citizen' or account_id = (select app.account()));
revoke update on ledger.contests from staffetta_app;
grant update (finding, answer, answered_by, answered_name, answered_at, version) on ledger.contests to staffetta_app;

-- Why, and until when, a citizen does not see who opened a case. That there is one is not for the citizen.
create table ledger.exemptions (
  tenant_id int not null default app.tenant(),
  id uuid not null,
  case_id uuid not null,
  ground text not null check (ground in ('protected_minor', 'violence', 'judicial')),
  reason text not null check (length(reason) between 5 and 500),
  until date not null,
  recorded_by uuid not null,
  recorded_name text not null,
  recorded_at timestamptz not null default app.now(),
  ended_by uuid,
  ended_name text not null default '',
  ended_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, case_id) references casefile.cases (tenant_id, id)
);
create index on ledger.exemptions (tenant_id, case_id);
call app.own_table('ledger.exemptions');
-- A case that passes to another body takes what is withheld along.
call app.handover_table('ledger.exemptions', 't.case_id = $2 and t.ended_at is null', case_column => 'case_id');
create policy hidden on ledger.exemptions as restrictive to staffetta_app, staffetta_report using (app.purpose() is distinct from 'citizen');
revoke update on ledger.exemptions from staffetta_app;
grant update (ended_by, ended_name, ended_at) on ledger.exemptions to staffetta_app;

-- The fiscal code of who asks, sealed: the one link between an account and a person, for a citizen's own purpose inside one
-- body.
create function ledger.own_code() returns bytea language sql stable security definer set search_path = '' as $$
  select a.cf_sealed from platform.accounts a where a.id = app.account() and app.tenant() is not null and app.purpose() = 'citizen'
$$;

-- What was done with the files of the citizen who asks, and with the own data in the registry, up to an instant. While an
-- exemption lasts nothing is here of its case, nor of the registry, from which the case could be guessed.
create function ledger.own_events(code text, before timestamptz)
  returns table (id uuid, at timestamptz, account_id uuid, actor_name text, actor_tenant int, action text, relation text, share_id uuid, number text)
  language sql stable security definer set search_path = '' as $$
  with mine as (
    select p.id from registry.persons p
    where app.purpose() = 'citizen' and app.account() is not null
      and p.tenant_id = app.tenant() and p.code_kind = 'tax_code' and p.tax_code <> '' and p.tax_code = code),
  files as (
    select c.id, c.number, exists (select from ledger.exemptions x where x.tenant_id = c.tenant_id and x.case_id = c.id
      and x.ended_at is null and x.until >= (app.now() at time zone 'Europe/Rome')::date) as withheld
    from casefile.cases c where c.tenant_id = app.tenant() and c.person_id in (select m.id from mine m))
  select e.id, e.at, e.account_id, e.actor_name, e.actor_tenant, e.action, e.relation, e.share_id, f.number
  from files f join audit.events e on e.tenant_id = app.tenant() and e.case_id = f.id
  where not f.withheld and e.at < before and e.purpose = 'operator' and e.account_id is not null
  union all
  select e.id, e.at, e.account_id, e.actor_name, e.actor_tenant, e.action, e.relation, e.share_id, ''
  from mine m join audit.events e on e.tenant_id = app.tenant() and e.object_id = m.id and e.case_id is null
    and e.action in ('person.read', 'person.update', 'contacts.update', 'household.read')
  where e.at < before and e.purpose = 'operator' and e.account_id is not null
    and not exists (select from files f where f.withheld)
$$;
create index on audit.events (tenant_id, object_id, at desc)
  where case_id is null and action in ('person.read', 'person.update', 'contacts.update', 'household.read');

revoke all on function ledger.own_code(), ledger.own_events(text, timestamptz) from public;
grant execute on function ledger.own_code(), ledger.own_events(text, timestamptz) to staffetta_app;

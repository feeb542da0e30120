-- +goose Up
create schema casefile;
grant usage on schema casefile to staffetta_app, staffetta_guest, staffetta_report, staffetta_backup;

-- Numbers are given per body and year.
create table casefile.counters (
  tenant_id int not null default app.tenant(),
  id int not null, -- the year
  last int not null,
  primary key (tenant_id, id)
);
call app.own_table('casefile.counters');

create table casefile.cases (
  tenant_id int not null default app.tenant(),
  id uuid not null,
  number text not null,
  person_id uuid not null,
  contact_id uuid, -- the arrival at the access desk that it began with
  state text not null,
  state_label text not null, -- as the workflow calls it: a text of the body
  workflow_version uuid, -- item version that the states come from; null for the program's own
  area text not null default '' check (length(area) <= 60),
  summary text not null default '' check (length(summary) <= 2000),
  opened_at timestamptz not null,
  opened_by uuid not null,
  closed_at timestamptz,
  closing_reason text,
  office_id int,
  origin_tenant int,
  version int not null default 1,
  primary key (tenant_id, id),
  unique (tenant_id, number)
);
create index on casefile.cases (tenant_id, opened_at desc, id desc);
create index on casefile.cases (tenant_id, person_id);
call app.own_table('casefile.cases');
-- The header shows under any live grant; the name does not: that is the section identity.
create policy granted on casefile.cases for select to staffetta_guest using (
  exists (select 1 from policies.case_grants g
    where g.grantee = (select app.tenant()) and g.tenant_id = cases.tenant_id and g.case_id = cases.id
      and g.valid @> (select app.now())
      and (g.grantee_account is null or g.grantee_account = (select app.account()))
      and (g.grantee_office is null or g.grantee_office = any ((select app.offices())::int[]))
      and g.agreement_id = any ((select policies.live_agreement_ids())::uuid[])));
-- What the case is about stays with its body.
grant select (tenant_id, id, number, person_id, state, state_label, opened_at, closed_at, office_id, version) on casefile.cases to staffetta_guest;

create table casefile.assignments (
  tenant_id int not null default app.tenant(),
  id uuid not null,
  case_id uuid not null,
  account_id uuid not null,
  account_name text not null,
  part text not null check (part in ('manager', 'team')),
  valid_from timestamptz not null default now(),
  valid_to timestamptz,
  assigned_by uuid not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, case_id) references casefile.cases (tenant_id, id)
);
create unique index on casefile.assignments (tenant_id, case_id, account_id) where valid_to is null;
create index on casefile.assignments (tenant_id, account_id, case_id) where valid_to is null;
call app.own_table('casefile.assignments');

create table casefile.steps (
  tenant_id int not null default app.tenant(),
  id uuid not null,
  case_id uuid not null,
  transition text not null,
  from_state text not null,
  to_state text not null,
  reason text not null default '' check (length(reason) <= 1000),
  at timestamptz not null default now(),
  account_id uuid not null,
  account_name text not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, case_id) references casefile.cases (tenant_id, id)
);
create index on casefile.steps (tenant_id, case_id, at desc);
call app.own_table('casefile.steps');

create table casefile.notes (
  tenant_id int not null default app.tenant(),
  id uuid not null,
  case_id uuid not null,
  section app.section not null,
  kind text not null check (kind ~ '^[a-z_]{2,40}$'),
  visibility text not null check (visibility in ('public', 'private')),
  happened_on date not null,
  body text not null check (length(body) <= 20000),
  addendum_to uuid,
  author_tenant int not null,
  author_account uuid not null,
  author_name text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  signed_at timestamptz,
  version int not null default 1,
  primary key (tenant_id, id),
  foreign key (tenant_id, case_id) references casefile.cases (tenant_id, id),
  foreign key (tenant_id, addendum_to) references casefile.notes (tenant_id, id)
);
create index on casefile.notes (tenant_id, case_id, happened_on desc, id desc);
call app.own_table('casefile.notes', 'section');
call app.shareable_table('casefile.notes', 'notes.section');
-- A signed note is locked for everybody; a draft and a private note belong to their author.
create policy locked on casefile.notes as restrictive for update to staffetta_app
  using (signed_at is null and author_account = (select app.account())) with check (author_account = (select app.account()));
create policy drafts on casefile.notes as restrictive for select to staffetta_app
  using ((signed_at is not null and visibility = 'public') or author_account = (select app.account()));
create policy drafts_stay on casefile.notes as restrictive for select to staffetta_guest
  using (signed_at is not null and visibility = 'public');

create table casefile.documents (
  tenant_id int not null default app.tenant(),
  id uuid not null,
  case_id uuid not null,
  section app.section not null,
  title text not null check (length(title) between 1 and 200),
  file_name text not null check (length(file_name) between 1 and 255),
  media_type text not null,
  size bigint not null check (size between 1 and 20971520),
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  expires_on date,
  author_tenant int not null,
  author_account uuid not null,
  author_name text not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, case_id) references casefile.cases (tenant_id, id)
);
create index on casefile.documents (tenant_id, case_id, created_at desc);
call app.own_table('casefile.documents', 'section');
call app.shareable_table('casefile.documents', 'documents.section');
revoke update on casefile.documents from staffetta_app;

-- What an operator is told of: somebody opened a case with a reason, a share is offered, a case is assigned.
create table casefile.notices (
  tenant_id int not null default app.tenant(),
  id uuid not null,
  account_id uuid not null,
  topic text not null check (topic ~ '^[a-z_]+\.[a-z_]+$'),
  path text not null check (path ~ '^/[^/]'),
  actor_name text not null default '',
  reference text not null default '', -- a number, never a name
  at timestamptz not null default now(),
  seen_at timestamptz,
  primary key (tenant_id, id)
);
create index on casefile.notices (tenant_id, account_id, at desc);
call app.own_table('casefile.notices');
create policy addressee on casefile.notices as restrictive for select to staffetta_app using (account_id = (select app.account()) or app.purpose() is null);
create policy addressee_marks on casefile.notices as restrictive for update to staffetta_app using (account_id = (select app.account()));

-- +goose Up
-- Persons, their contact details, their households and the history of their data.
create schema registry;
grant usage on schema registry to staffetta_app, staffetta_guest, staffetta_report, staffetta_backup;

-- surname_key and name_key are folded by the program (key.go): prefix ranges over "C" text are leakproof, so that
-- the index serves a search under row-level security.
create table registry.persons (
  tenant_id int not null default app.tenant(),
  id uuid not null,
  code_kind text not null check (code_kind in ('tax_code', 'provisional', 'stp', 'eni', 'none')),
  tax_code text collate "C" not null default '' check (length(tax_code) <= 16),
  no_code_reason text not null default '' check (no_code_reason in ('', 'unknown', 'not_issued', 'newborn', 'anonymous')),
  alias text not null default '' check (length(alias) <= 100),
  surname text not null default '' check (length(surname) <= 100),
  name text not null default '' check (length(name) <= 100),
  birth_date date check (birth_date >= date '1900-01-01'),
  sex text not null default '' check (sex in ('', 'F', 'M')),
  birthplace_code text not null default '' check (length(birthplace_code) <= 4),
  birthplace text not null default '' check (length(birthplace) <= 120),
  citizenship text not null default '' check (length(citizenship) <= 60),
  no_fixed_abode boolean not null default false,
  death_date date,
  surname_key text collate "C" not null,
  name_key text collate "C" not null,
  version int not null default 1,
  created_at timestamptz not null default now(),
  created_by uuid,
  updated_at timestamptz not null default now(),
  updated_by uuid,
  primary key (tenant_id, id),
  check ((code_kind = 'none') = (tax_code = '')),
  check (code_kind = 'none' or no_code_reason = ''),
  check (surname <> '' or name <> '' or alias <> ''),
  check (death_date is null or birth_date is null or death_date >= birth_date)
);
create index on registry.persons (tenant_id, surname_key, name_key, id);
create index on registry.persons (tenant_id, name_key);
create index on registry.persons (tenant_id, tax_code) where tax_code <> '';
create index on registry.persons (tenant_id, birth_date);

create table registry.contacts (
  tenant_id int not null default app.tenant(),
  id uuid not null,
  person_id uuid not null,
  phone text not null default '' check (length(phone) <= 40),
  mobile text not null default '' check (length(mobile) <= 40),
  email text not null default '' check (length(email) <= 254),
  address text not null default '' check (length(address) <= 200),
  postal_code text not null default '' check (length(postal_code) <= 10),
  municipality text not null default '' check (length(municipality) <= 120),
  municipality_code text not null default '' check (length(municipality_code) <= 4),
  valid_from timestamptz not null default now(),
  valid_to timestamptz,
  created_by uuid,
  created_name text not null default '',
  primary key (tenant_id, id),
  foreign key (tenant_id, person_id) references registry.persons (tenant_id, id),
  check (valid_to >= valid_from)
);
create unique index contacts_one_current on registry.contacts (tenant_id, person_id) where valid_to is null;
create index on registry.contacts (tenant_id, person_id, valid_from);

create table registry.households (
  tenant_id int not null default app.tenant(),
  id uuid not null,
  kind text not null check (kind in ('registry', 'isee', 'cohabiting')),
  created_at timestamptz not null default now(),
  created_by uuid,
  primary key (tenant_id, id),
  unique (tenant_id, id, kind)
);

-- A person has one current household of each kind, and a household has one head.
create table registry.members (
  tenant_id int not null default app.tenant(),
  id uuid not null,
  household_id uuid not null,
  kind text not null,
  person_id uuid not null,
  relation text not null check (relation in ('head', 'spouse_partner', 'child', 'parent', 'sibling', 'grandparent',
    'other_relative', 'cohabitant', 'carer')),
  valid_from date not null,
  valid_to date,
  version int not null default 1,
  created_at timestamptz not null default now(),
  created_by uuid,
  primary key (tenant_id, id),
  foreign key (tenant_id, household_id, kind) references registry.households (tenant_id, id, kind),
  foreign key (tenant_id, person_id) references registry.persons (tenant_id, id),
  check (valid_to >= valid_from)
);
create unique index members_one_current on registry.members (tenant_id, person_id, kind) where valid_to is null;
create unique index members_one_head on registry.members (tenant_id, household_id) where valid_to is null and relation = 'head';
create index on registry.members (tenant_id, household_id);
create index on registry.members (tenant_id, person_id);

create table registry.changes (
  tenant_id int not null default app.tenant(),
  id uuid not null,
  person_id uuid not null,
  field text not null,
  old_value text not null,
  new_value text not null,
  changed_at timestamptz not null default now(),
  changed_by uuid,
  changed_name text not null default '',
  primary key (tenant_id, id),
  foreign key (tenant_id, person_id) references registry.persons (tenant_id, id)
);
create index on registry.changes (tenant_id, person_id, id);

call app.own_table('registry.persons', '''identity''');
call app.own_table('registry.contacts', '''contacts''');
call app.own_table('registry.households', '''household''');
call app.own_table('registry.members', '''household''');
call app.own_table('registry.changes', '''identity''');

-- A guest reaches persons through the cases shown to it: case_subjects has the live grant in its own policy.
create policy granted on registry.persons for select to staffetta_guest using (
  'identity' = any ((select app.sections())::text[])
  and exists (select 1 from policies.case_subjects s
    where s.tenant_id = persons.tenant_id and s.person_id = persons.id and s.section = 'identity'));
create policy granted on registry.contacts for select to staffetta_guest using (
  'contacts' = any ((select app.sections())::text[])
  and exists (select 1 from policies.case_subjects s
    where s.tenant_id = contacts.tenant_id and s.person_id = contacts.person_id and s.section = 'contacts'));
create policy granted on registry.members for select to staffetta_guest using (
  'household' = any ((select app.sections())::text[])
  and exists (select 1 from policies.case_subjects s
    where s.tenant_id = members.tenant_id and s.person_id = members.person_id and s.section = 'household'));
create policy granted on registry.households for select to staffetta_guest using (
  'household' = any ((select app.sections())::text[])
  and exists (select 1 from registry.members m
    where m.tenant_id = households.tenant_id and m.household_id = households.id));
grant select on registry.persons, registry.contacts, registry.households, registry.members to staffetta_guest;

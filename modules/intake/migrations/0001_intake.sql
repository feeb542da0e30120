-- +goose Up
-- Arrivals at the access desk. A case that begins with one is written onto it, so that it is shown with the case.
create schema intake;
grant usage on schema intake to staffetta_app, staffetta_guest, staffetta_report, staffetta_backup;

create table intake.contacts (
  tenant_id int not null default app.tenant(),
  id uuid not null,
  person_id uuid,
  case_id uuid,
  at timestamptz not null,
  channel text not null check (channel in ('in_person', 'email', 'home', 'written', 'phone', 'other_remote', 'online')),
  interlocutor text not null check (interlocutor in ('user', 'relative', 'judicial', 'organisation', 'institution', 'other')),
  reason text not null check (reason in ('spontaneous', 'sent', 'summoned', 'decree')),
  accompanied boolean not null default false,
  person_informed boolean not null default false,
  needs text[] not null default '{}' check (needs <@ array['physiological', 'safety', 'belonging', 'fulfilment', 'self_fulfilment']),
  target text not null default '' check (target in ('', 'families', 'disability', 'adults', 'elderly')),
  request text not null default '' check (length(request) <= 4000),
  outcome text not null default '' check (outcome in ('', 'information', 'guidance', 'signposting', 'emergency', 'taking_in_charge')),
  signposting text not null default '' check (length(signposting) <= 300),
  state text not null default 'created' check (state in ('created', 'seen', 'closed')),
  operator_account uuid,
  operator_name text not null default '',
  closed_at timestamptz,
  closed_by uuid,
  closed_name text not null default '',
  created_at timestamptz not null default now(),
  version int not null default 1,
  primary key (tenant_id, id),
  foreign key (tenant_id, person_id) references registry.persons (tenant_id, id),
  foreign key (tenant_id, case_id) references casefile.cases (tenant_id, id),
  check ((state = 'closed') = (outcome <> '')),
  check ((state = 'closed') = (closed_at is not null))
);
create index on intake.contacts (tenant_id, at desc, id desc);
create index on intake.contacts (tenant_id, at desc, id desc) where state <> 'closed';
create index on intake.contacts (tenant_id, person_id);
create index on intake.contacts (tenant_id, case_id);

-- What is added to a contact after it was closed.
create table intake.addenda (
  tenant_id int not null default app.tenant(),
  id uuid not null,
  contact_id uuid not null,
  text text not null check (length(text) between 1 and 2000),
  added_at timestamptz not null default now(),
  added_by uuid,
  added_name text not null default '',
  primary key (tenant_id, id),
  foreign key (tenant_id, contact_id) references intake.contacts (tenant_id, id)
);
create index on intake.addenda (tenant_id, contact_id, id);

call app.own_table('intake.contacts', '''intake''');
call app.own_table('intake.addenda', '''intake''');
call app.shareable_table('intake.contacts', '''intake''');
-- The policy of intake.contacts says which of them a guest sees.
create policy granted on intake.addenda for select to staffetta_guest using (
  'intake' = any ((select app.sections())::text[])
  and exists (select 1 from intake.contacts c where c.tenant_id = addenda.tenant_id and c.id = addenda.contact_id));
grant select on intake.addenda to staffetta_guest;

-- A case names the contact that it began with; the contact then belongs to the case. It runs with the rights of who
-- opens the case, in the same transaction.
-- +goose StatementBegin
create function intake.link_case() returns trigger language plpgsql set search_path = '' as $$
begin
  update intake.contacts c set case_id = new.id, version = c.version + 1
    where c.tenant_id = new.tenant_id and c.id = new.contact_id and c.case_id is null and c.person_id = new.person_id;
  return null;
end $$;
-- +goose StatementEnd
create trigger link_contact after insert on casefile.cases
  for each row when (new.contact_id is not null) execute function intake.link_case();

-- +goose Up
-- The standing teams of a body, and who works in them from which day to which. They give no right: who opens which case stands with
-- the case (casefile.assignments).
create table onboarding.teams (
  tenant_id int not null default app.tenant(),
  id uuid not null,
  name text not null check (length(name) between 2 and 120),
  office_id int,
  valid_from date not null,
  valid_to date,
  version int not null default 1,
  primary key (tenant_id, id),
  foreign key (tenant_id, office_id) references platform.offices (tenant_id, id),
  check (valid_to >= valid_from)
);
create unique index on onboarding.teams (tenant_id, lower(name)) where valid_to is null;
create index on onboarding.teams (tenant_id, office_id) where office_id is not null;
call app.own_table('onboarding.teams');

create table onboarding.team_members (
  tenant_id int not null default app.tenant(),
  id uuid not null,
  team_id uuid not null,
  account_id uuid not null,
  account_name text not null check (length(account_name) between 1 and 120),
  leads boolean not null default false,
  valid_from date not null,
  valid_to date,
  primary key (tenant_id, id),
  foreign key (tenant_id, team_id) references onboarding.teams (tenant_id, id),
  check (valid_to >= valid_from)
);
create index on onboarding.team_members (tenant_id, team_id);
create index on onboarding.team_members (tenant_id, account_id);
call app.own_table('onboarding.team_members');

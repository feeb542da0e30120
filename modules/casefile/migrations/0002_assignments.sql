-- +goose Up
-- An assignment says why it began, and who began and ended it; a case has one manager at a time.
alter table casefile.assignments
  add column reason text not null default '' check (length(reason) <= 500),
  add column assigned_name text not null default '',
  add column ended_by uuid,
  add column ended_name text not null default '';
create unique index on casefile.assignments (tenant_id, case_id) where valid_to is null and part = 'manager';
create index on casefile.assignments (tenant_id, case_id, valid_from desc, id desc);

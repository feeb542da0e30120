-- +goose Up
-- The foundation: what every table of every module builds on (docs/ARCHITECTURE.md, "The walls").
create schema app;
create schema platform;
create schema policies;
create schema audit;
create schema commons;

revoke all on schema public from public;
grant usage on schema app, policies to staffetta_app, staffetta_guest, staffetta_platform, staffetta_worker, staffetta_report, staffetta_auditor;
grant usage on schema platform to staffetta_app, staffetta_platform;
grant usage on schema commons to staffetta_app, staffetta_platform, staffetta_report;
grant usage on schema audit to staffetta_app, staffetta_auditor;
grant usage on schema app, platform, policies, audit, commons to staffetta_backup;

-- After a transaction a local setting is '' and not null, hence nullif everywhere.
create function app.tenant() returns int language sql stable parallel safe as
  $$ select nullif(current_setting('app.tenant', true), '')::int $$;
create function app.account() returns uuid language sql stable parallel safe as
  $$ select nullif(current_setting('app.account', true), '')::uuid $$;
create function app.offices() returns int[] language sql stable parallel safe as
  $$ select coalesce(string_to_array(nullif(current_setting('app.offices', true), ''), ',')::int[], '{}') $$;
-- The sections that the actor may read, and those it may write, for the relation it has to what it works on.
create function app.sections() returns text[] language sql stable parallel safe as
  $$ select coalesce(string_to_array(nullif(current_setting('app.sections', true), ''), ','), '{}') $$;
create function app.writable() returns text[] language sql stable parallel safe as
  $$ select coalesce(string_to_array(nullif(current_setting('app.writable', true), ''), ','), '{}') $$;
create function app.purpose() returns text language sql stable parallel safe as
  $$ select nullif(current_setting('app.purpose', true), '') $$;
-- The one clock of policies and functions; tests replace it by an offset, `staffetta check` refuses any other body.
create function app.now() returns timestamptz language sql stable parallel safe as
  $$ select statement_timestamp() $$;

create domain app.section as text check (value in (
  'identity', 'household', 'contacts', 'intake', 'assessment', 'icf', 'plan', 'interventions',
  'school', 'diary', 'documents', 'judicial', 'health'));

-- Every row-secured table lets its owner in for migrations and foreign keys, and the backup role read.
-- +goose StatementBegin
create procedure app.secure(t regclass) language plpgsql set search_path = '' as $$
begin
  execute format('alter table %s enable row level security', t);
  execute format('alter table %s force row level security', t);
  execute format('create policy upkeep on %s to %I using (true) with check (true)', t, current_user);
  execute format('create policy backup on %s for select to staffetta_backup using (true)', t);
  execute format('grant select on %s to staffetta_backup', t);
end $$;
-- +goose StatementEnd

-- Family "own": a body's rows. section is null for rows without a section, else an SQL expression over t's columns
-- ('section' for a column, '''identity''' for a fixed one).
-- +goose StatementBegin
create procedure app.own_table(t regclass, section text default null) language plpgsql set search_path = '' as $$
declare
  mine text := 'tenant_id = (select app.tenant())';
  reads text := mine;
  writes text := mine;
begin
  call app.secure(t);
  if section is not null then
    reads := format('%s and (%s)::text = any ((select app.sections())::text[])', mine, section);
    writes := format('%s and (%s)::text = any ((select app.writable())::text[])', mine, section);
  end if;
  execute format('create policy own on %s to staffetta_app using (%s) with check (%s)', t, reads, writes);
  execute format('create policy reported on %s for select to staffetta_report using (%s)', t, reads);
  execute format('grant select, insert, update on %s to staffetta_app', t);
  execute format('grant select on %s to staffetta_report', t);
end $$;
-- +goose StatementEnd

-- Rows of a case that another body may read under a live grant (walls: what a guest sees). t has tenant_id and case_id.
-- +goose StatementBegin
create procedure app.shareable_table(t regclass, section text) language plpgsql set search_path = '' as $$
begin
  execute format($policy$create policy granted on %1$s for select to staffetta_guest using (
    (%2$s)::text = any ((select app.sections())::text[])
    and exists (select 1 from policies.case_grants g
      where g.grantee = (select app.tenant()) and g.tenant_id = %1$s.tenant_id and g.case_id = %1$s.case_id
        and g.section::text = (%2$s)::text
        and g.valid @> (select app.now())
        and (g.grantee_account is null or g.grantee_account = (select app.account()))
        and (g.grantee_office is null or g.grantee_office = any ((select app.offices())::int[]))
        and g.agreement_id = any ((select policies.live_agreement_ids())::uuid[])))$policy$, t, section);
  execute format('grant select on %s to staffetta_guest', t);
end $$;
-- +goose StatementEnd

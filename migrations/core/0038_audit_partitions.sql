-- +goose Up
-- The months of the audit that lie ahead get their partitions from a daily job, and not from a migration: a program that runs for
-- years is not migrated in time. A month of which something lies in the default partition already stays there, where it is read as
-- any other; so does one whose days another partition has. Months go by UTC, as the first ones do.
drop procedure audit.make_partitions(date, int);
-- +goose StatementBegin
create function audit.make_partitions() returns int language plpgsql security definer
  set search_path = '' set timezone = 'UTC' set lock_timeout = '3s' as $body$ -- rather tomorrow than that everybody waits
declare
  first date;
  part text;
  made int := 0;
begin
  perform pg_advisory_xact_lock(hashtextextended('audit.make_partitions', 0));
  for i in 0 .. 14 loop
    first := (date_trunc('month', app.now()) + make_interval(months => i))::date;
    part := 'events_' || to_char(first, 'YYYY_MM');
    continue when to_regclass(format('audit.%I', part)) is not null;
    begin
      -- Attached rather than made in place, for which writers would have to stop.
      execute format('create table audit.%I (like audit.events including defaults including constraints)', part);
      execute format('alter table audit.events attach partition audit.%I for values from (%L) to (%L)', part, first, (first + interval '1 month')::date);
      made := made + 1;
    exception when check_violation or invalid_object_definition then
      null; -- it is undone, the table too
    end;
  end loop;
  return made;
end $body$;
-- +goose StatementEnd
revoke all on function audit.make_partitions() from public;
grant execute on function audit.make_partitions() to staffetta_auditor;

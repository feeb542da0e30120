-- +goose Up
-- What the last check of the whole audit found; every night there is one.
alter table audit.sealed add column checked_at timestamptz, add column checked bigint not null default 0, add column faults int not null default 0;

-- What the program finds by itself: jobs that were given up and letters that did not leave in the last seven days, and what does not hold in
-- the audit.
drop function platform.found_problems();
-- +goose StatementBegin
create function platform.found_problems() returns table (jobs bigint, mails bigint, faults int, checked bigint, checked_at timestamptz)
  language plpgsql stable security definer set search_path = '' as $body$
begin
  perform platform.wants_steward('platform_operator');
  return query select (select count(*) from river.river_job j where j.state = 'discarded' and j.finalized_at > app.now() - interval '7 days'),
    (select count(*) from platform.mails m where m.state = 'failed' and m.ended_at > app.now() - interval '7 days'), s.faults, s.checked, s.checked_at
    from audit.sealed s;
end $body$;
-- +goose StatementEnd
revoke all on function platform.found_problems() from public;
grant execute on function platform.found_problems() to staffetta_app;

-- +goose Up
-- What who runs the platform sees of jobs: what is theirs to know, and neither arguments nor the text of an error, which may say
-- whom the job was about. Of an error only its class is told.
-- +goose StatementBegin
create function platform.job_counts() returns table (kind text, state text, jobs bigint, retried bigint)
  language plpgsql stable security definer set search_path = '' as $body$
begin
  perform platform.wants_steward('platform_operator');
  return query select j.kind, j.state::text, count(*), count(*) filter (where j.state in ('available', 'scheduled', 'retryable', 'running') and j.attempt > 1)
    from river.river_job j group by 1, 2 order by 1, 2;
end $body$;

-- Of which class the last failure of a job was.
create function platform.error_class(last jsonb) returns text language sql immutable set search_path = '' as $body$
  select case
    when last is null then ''
    when coalesce(last ->> 'trace', '') <> '' then 'panic'
    when last ->> 'error' ~ 'SQLSTATE [0-9A-Z]{5}' then 'database ' || substring(last ->> 'error' from 'SQLSTATE ([0-9A-Z]{5})')
    when last ->> 'error' ~ '^JobCancelError' then 'cancelled'
    when last ->> 'error' ~* 'deadline exceeded|timeout|timed out' then 'timeout'
    when last ->> 'error' ~* 'stuck job|rescue' then 'lost'
    when last ->> 'error' ~* 'dial tcp|connection (refused|reset)|no such host' then 'network'
    when last ->> 'error' ~* 'no such file|no space left|permission denied' then 'disk'
    else 'other'
  end
$body$;

-- A page of jobs in a state, or of those that failed, the newest first.
create function platform.find_jobs(wanted text, before_id bigint)
  returns table (id bigint, kind text, queue text, state text, attempt int, max_attempts int, body int, created_at timestamptz, scheduled_at timestamptz,
    finalized_at timestamptz, failed_at timestamptz, class text)
  language plpgsql stable security definer set search_path = '' as $body$
begin
  perform platform.wants_steward('platform_operator');
  return query select j.id, j.kind, j.queue, j.state::text, j.attempt::int, j.max_attempts::int,
      case when j.args ->> 'tenant_id' ~ '^[0-9]{1,9}$' then (j.args ->> 'tenant_id')::int end,
      j.created_at, j.scheduled_at, j.finalized_at, (j.errors[array_upper(j.errors, 1)] ->> 'at')::timestamptz, platform.error_class(j.errors[array_upper(j.errors, 1)])
    from river.river_job j
    where j.id < before_id and case when wanted = '' then j.state in ('retryable', 'discarded', 'cancelled') or cardinality(j.errors) > 0 else j.state::text = wanted end
    order by j.id desc limit 51;
end $body$;

create function platform.get_job(job bigint)
  returns table (id bigint, kind text, queue text, state text, attempt int, max_attempts int, body int, created_at timestamptz, scheduled_at timestamptz,
    finalized_at timestamptz, failed_at timestamptz, class text)
  language plpgsql stable security definer set search_path = '' as $body$
begin
  perform platform.wants_steward('platform_operator');
  return query select j.id, j.kind, j.queue, j.state::text, j.attempt::int, j.max_attempts::int,
      case when j.args ->> 'tenant_id' ~ '^[0-9]{1,9}$' then (j.args ->> 'tenant_id')::int end,
      j.created_at, j.scheduled_at, j.finalized_at, (j.errors[array_upper(j.errors, 1)] ->> 'at')::timestamptz, platform.error_class(j.errors[array_upper(j.errors, 1)])
    from river.river_job j where j.id = job;
end $body$;

-- The queues that somebody works, or has worked lately.
create function platform.find_queues() returns table (name text, paused_at timestamptz, waiting bigint)
  language plpgsql stable security definer set search_path = '' as $body$
begin
  perform platform.wants_steward('platform_operator');
  return query select q.name, q.paused_at, (select count(*) from river.river_job j where j.queue = q.name and j.state = 'available')
    from river.river_queue q order by q.name;
end $body$;
-- +goose StatementEnd
revoke all on function platform.job_counts(), platform.find_jobs(text, bigint), platform.get_job(bigint), platform.find_queues(), platform.error_class(jsonb) from public;
grant execute on function platform.job_counts(), platform.find_jobs(text, bigint), platform.get_job(bigint), platform.find_queues() to staffetta_app;

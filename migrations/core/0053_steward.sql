-- +goose Up
-- Who runs the platform looks at bodies, and suspends one where it must. None of it shows a case, or a person of a body: counts below
-- five are not told.
create index on platform.tenants (lower(name), id) where kind <> 'platform';

create table platform.suspensions (
  id uuid primary key,
  tenant_id int not null references platform.tenants (id),
  was text not null check (was in ('entering', 'active')),
  reason text not null check (length(reason) between 1 and 1000),
  account_id uuid not null references platform.accounts (id),
  name text not null check (length(name) between 1 and 120),
  at timestamptz not null default app.now(),
  ended_at timestamptz,
  ended_by uuid references platform.accounts (id),
  ended_name text not null default '' check (length(ended_name) <= 120),
  ended_reason text not null default '' check (length(ended_reason) <= 1000),
  check ((ended_at is null) = (ended_by is null))
);
create unique index on platform.suspensions (tenant_id) where ended_at is null;
create index on platform.suspensions (tenant_id, at desc);
grant select on platform.suspensions to staffetta_backup;

-- Refuses everybody but who runs the platform and acts there now. Newcomers act at the platform, too.
-- +goose StatementBegin
create function platform.wants_steward(variadic roles text[]) returns void
  language plpgsql stable security definer set search_path = '' as $body$
begin
  if app.purpose() is distinct from 'operator' or not exists (select from platform.memberships m join platform.tenants t on t.id = m.tenant_id
      where t.id = app.tenant() and t.kind = 'platform' and m.account_id = app.account() and m.role = any (roles)
        and m.valid_from <= app.now()::date and (m.valid_to is null or m.valid_to >= app.now()::date)) then
    raise exception 'not who runs the platform' using errcode = 'insufficient_privilege';
  end if;
end $body$;
-- +goose StatementEnd

-- Bodies by name, after one of them; every word must be in the name. The day on which somebody of the body last did anything is looked
-- for in the last ninety days.
-- +goose StatementBegin
create function platform.find_bodies(words text[], wanted text, after_id int)
  returns table (id int, created_at timestamptz, activated_at timestamptz, last_on date)
  language plpgsql stable security definer set search_path = '' as $body$
begin
  perform platform.wants_steward('platform_operator', 'platform_reviewer');
  return query select p.id, p.created_at, p.activated_at, l.last_on
    from (select t.id, t.name, t.created_at, t.activated_at from platform.tenants t
        where t.kind <> 'platform' and (wanted = '' or t.state = wanted) and (after_id = 0 or (lower(t.name), t.id) > (select lower(a.name), a.id from platform.tenants a where a.id = after_id))
          and not exists (select from unnest(words) w where strpos(lower(t.name), w) = 0)
        order by lower(t.name), t.id limit 51) p
    left join lateral (select e.at::date as last_on from audit.events e
      where e.tenant_id = p.id and e.at > app.now() - interval '90 days' and e.actor_tenant = p.id and e.account_id is not null
      order by e.at desc limit 1) l on true
    order by lower(p.name), p.id;
end $body$;

-- How much a body works with the program, by month: how many of its people, and how many events of the audit. Null stands for one
-- to four.
create function platform.body_usage(body int) returns table (month date, people int, events bigint)
  language plpgsql stable security definer set search_path = '' as $body$
begin
  perform platform.wants_steward('platform_operator', 'platform_reviewer');
  return query select m.first::date, case when u.people between 1 and 4 then null else u.people end, case when u.events between 1 and 4 then null else u.events end
    from generate_series(date_trunc('month', app.now()) - interval '5 months', date_trunc('month', app.now()), interval '1 month') m (first)
    cross join lateral (select count(distinct e.account_id)::int as people, count(*) as events from audit.events e
      where e.tenant_id = body and e.at >= m.first and e.at < m.first + interval '1 month' and e.actor_tenant = body
        and e.account_id is not null and e.purpose = 'operator') u
    order by 1 desc;
end $body$;

create function platform.find_suspensions(body int)
  returns table (at timestamptz, reason text, name text, ended_at timestamptz, ended_reason text, ended_name text)
  language plpgsql stable security definer set search_path = '' as $body$
begin
  perform platform.wants_steward('platform_operator', 'platform_reviewer');
  return query select s.at, s.reason, s.name, s.ended_at, s.ended_reason, s.ended_name from platform.suspensions s
    where s.tenant_id = body order by s.at desc limit 20;
end $body$;

-- Writes into the chain of a body what who runs the platform does about it. Only functions that have looked who that is call it.
create function platform.tell_body(body int, event jsonb, payload text) returns void
  language plpgsql security definer set search_path = '' as $body$
begin
  insert into audit.events (tenant_id, id, at, actor_tenant, account_id, actor_name, assurance, purpose, request_id, action, object_id, payload, payload_hash)
    values (body, gen_random_uuid(), clock_timestamp(), app.tenant(), app.account(), event ->> 'actor', (event ->> 'assurance')::int, coalesce(app.purpose(), ''),
      event ->> 'request', event ->> 'action', (event ->> 'object')::uuid, payload::jsonb, sha256(convert_to(payload, 'UTF8')));
end $body$;

-- Keeps everybody out of a body, or lets them in again as before; a step that is done already is refused as a conflict.
create function platform.suspend_body(body int, why text, event jsonb, payload text) returns void
  language plpgsql security definer set search_path = '' as $body$
declare
  before text;
begin
  perform platform.wants_steward('platform_operator');
  select t.state into before from platform.tenants t where t.id = body and t.kind <> 'platform' for no key update;
  if before is null or before not in ('entering', 'active') then
    raise exception 'the body is not open' using errcode = 'SF409';
  end if;
  insert into platform.suspensions (id, tenant_id, was, reason, account_id, name)
    values ((event ->> 'object')::uuid, body, before, why, app.account(), event ->> 'actor');
  update platform.tenants t set state = 'suspended' where t.id = body;
  perform platform.tell_body(body, event, payload);
end $body$;

create function platform.resume_body(body int, why text, event jsonb, payload text) returns void
  language plpgsql security definer set search_path = '' as $body$
declare
  before text;
begin
  perform platform.wants_steward('platform_operator');
  perform 1 from platform.tenants t where t.id = body and t.state = 'suspended' for no key update;
  if found then
    update platform.suspensions s set ended_at = app.now(), ended_by = app.account(), ended_name = event ->> 'actor', ended_reason = why
      where s.tenant_id = body and s.ended_at is null returning s.was into before;
  end if;
  if before is null then
    raise exception 'the body is not suspended' using errcode = 'SF409';
  end if;
  update platform.tenants t set state = before where t.id = body;
  perform platform.tell_body(body, event, payload);
end $body$;

-- Up to which migration each line has come, and when.
create function platform.line_versions() returns table (line text, version bigint, at timestamptz)
  language plpgsql stable security definer set search_path = '' as $body$
declare
  one text;
begin
  perform platform.wants_steward('platform_operator', 'platform_reviewer');
  for one in select c.relname::text from pg_catalog.pg_class c where c.relnamespace = 'migrations'::regnamespace and c.relkind = 'r' order by 1 loop
    return query execute format('select %L::text, v.version_id, v.tstamp at time zone current_setting(''timezone'') from migrations.%I v where v.is_applied order by v.version_id desc limit 1', one, one);
  end loop;
end $body$;
-- +goose StatementEnd

revoke all on function platform.wants_steward(text[]), platform.find_bodies(text[], text, int), platform.body_usage(int), platform.find_suspensions(int),
  platform.tell_body(int, jsonb, text), platform.suspend_body(int, text, jsonb, text), platform.resume_body(int, text, jsonb, text), platform.line_versions() from public;
grant execute on function platform.find_bodies(text[], text, int), platform.body_usage(int), platform.find_suspensions(int),
  platform.suspend_body(int, text, jsonb, text), platform.resume_body(int, text, jsonb, text), platform.line_versions() to staffetta_app;

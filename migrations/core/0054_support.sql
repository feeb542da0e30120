-- +goose Up
-- Support: for some hours somebody who runs the platform sees how a body is set up, and nobody whom the service is about. The body
-- grants it, asked or unasked, and ends it at once. It is a role of its own that no membership gives, and no rule.
create table platform.support_accesses (
  id uuid primary key,
  tenant_id int not null references platform.tenants (id),
  state text not null check (state in ('asked', 'granted', 'refused', 'ended')),
  reason text not null check (length(reason) between 1 and 1000),
  hours int not null check (hours between 1 and 8),
  account_id uuid references platform.accounts (id), -- of the platform; null while nobody has taken what was granted unasked
  name text not null default '' check (length(name) <= 120),
  asked_at timestamptz not null default app.now(),
  answered_by uuid references platform.accounts (id),
  answered_name text not null default '' check (length(answered_name) <= 120),
  answered_at timestamptz,
  until timestamptz,
  ended_at timestamptz,
  check ((state = 'asked') = (answered_at is null) or state = 'ended'),
  check (state <> 'granted' or until is not null),
  check (until is null or until <= answered_at + interval '8 hours'),
  check (account_id is distinct from answered_by)
);
create index on platform.support_accesses (tenant_id, asked_at desc);
create index on platform.support_accesses (asked_at desc);
create index on platform.support_accesses (tenant_id, account_id) where state = 'granted';
create unique index on platform.support_accesses (tenant_id, account_id) where state = 'asked';
grant select on platform.support_accesses to staffetta_platform, staffetta_backup;
create trigger tell after insert or update on platform.support_accesses for each row execute function platform.tell('members', 'account_id');
alter table platform.memberships add constraint supportless check (role <> 'support');
alter table platform.policy_rules add constraint supportless check (role <> 'support');

-- Whoever works at a body does not come to it as support: two ways in would see more than one.
-- +goose StatementBegin
create function platform.works_at(body int) returns boolean language sql stable security definer set search_path = '' as $body$
  select exists (select from platform.memberships m where m.tenant_id = body and m.account_id = app.account()
    and (m.valid_to is null or m.valid_to >= app.now()::date))
$body$;

-- What who runs the platform has asked of bodies, and what they granted unasked.
create function platform.find_support() returns table (id uuid, body int, state text, reason text, hours int, mine boolean, name text,
    asked_at timestamptz, until timestamptz, ended_at timestamptz)
  language plpgsql stable security definer set search_path = '' as $body$
begin
  perform platform.wants_steward('platform_operator');
  return query select s.id, s.tenant_id, s.state, s.reason, s.hours, s.account_id = app.account(), s.name, s.asked_at, s.until, s.ended_at
    from platform.support_accesses s order by s.asked_at desc, s.id limit 100;
end $body$;

create function platform.ask_support(body int, hours int, why text, event jsonb, payload text) returns void
  language plpgsql security definer set search_path = '' as $body$
begin
  perform platform.wants_steward('platform_operator');
  perform 1 from platform.tenants t where t.id = body and t.state in ('entering', 'active') and t.kind <> 'platform' for no key update;
  if not found or platform.works_at(body) or exists (select from platform.support_accesses s where s.tenant_id = body and s.account_id = app.account()
      and (s.state = 'asked' or s.state = 'granted' and s.until > app.now())) then
    raise exception 'support cannot be asked' using errcode = 'SF409';
  end if;
  insert into platform.support_accesses (id, tenant_id, state, reason, hours, account_id, name)
    values ((event ->> 'object')::uuid, body, 'asked', why, hours, app.account(), event ->> 'actor');
  perform platform.tell_body(body, event, payload);
end $body$;

-- Takes what a body granted unasked, or gives up what is one's own.
create function platform.take_support(support uuid, event jsonb, payload text) returns void
  language plpgsql security definer set search_path = '' as $body$
declare
  body int;
begin
  perform platform.wants_steward('platform_operator');
  if not exists (select from platform.support_accesses s where s.id = support) then
    raise exception 'no such access' using errcode = 'no_data_found';
  end if;
  update platform.support_accesses s set account_id = app.account(), name = event ->> 'actor'
    where s.id = support and s.state = 'granted' and s.account_id is null and s.until > app.now() and not platform.works_at(s.tenant_id)
    returning s.tenant_id into body;
  if body is null then
    raise exception 'nothing to take' using errcode = 'SF409';
  end if;
  perform platform.tell_body(body, event, payload);
end $body$;

create function platform.leave_support(support uuid, event jsonb, payload text) returns void
  language plpgsql security definer set search_path = '' as $body$
declare
  body int;
begin
  perform platform.wants_steward('platform_operator');
  if not exists (select from platform.support_accesses s where s.id = support) then
    raise exception 'no such access' using errcode = 'no_data_found';
  end if;
  update platform.support_accesses s set state = 'ended', ended_at = app.now()
    where s.id = support and s.account_id = app.account() and (s.state = 'asked' or s.state = 'granted' and s.until > app.now())
    returning s.tenant_id into body;
  if body is null then
    raise exception 'nothing to leave' using errcode = 'SF409';
  end if;
  perform platform.drop_support(support);
  perform platform.tell_body(body, event, payload);
end $body$;

-- Ends the sessions and keys of who came by an access that is over.
create function platform.drop_support(support uuid) returns void
  language plpgsql security definer set search_path = '' as $body$
declare
  a platform.support_accesses;
begin
  select s.* into a from platform.support_accesses s where s.id = support;
  update platform.sessions x set ended_at = app.now()
    where x.tenant_id = a.tenant_id and x.account_id = a.account_id and x.purpose = 'operator' and x.ended_at is null;
  update platform.tokens x set revoked_at = app.now() where x.tenant_id = a.tenant_id and x.account_id = a.account_id and x.revoked_at is null;
end $body$;

-- The accesses to the own body. Who comes by one sees that one alone, and not who granted it.
create function platform.body_support() returns table (id uuid, state text, reason text, hours int, account_id uuid, name text,
    asked_at timestamptz, answered_name text, answered_at timestamptz, until timestamptz, ended_at timestamptz)
  language sql stable security definer set search_path = '' as $body$
  select s.id, s.state, s.reason, s.hours, s.account_id, s.name, s.asked_at, case when s.account_id = app.account() then '' else s.answered_name end,
      s.answered_at, s.until, s.ended_at
    from platform.support_accesses s where s.tenant_id = app.tenant() and app.purpose() = 'operator'
      and (s.account_id = app.account() or exists (select from platform.colleagues() c where c.account_id = app.account() and c.role in ('tenant_admin', 'dpo')))
    order by s.asked_at desc, s.id limit 50
$body$;

-- Refuses everybody but an administrator of the own body.
create function platform.wants_administrator() returns void language plpgsql stable security definer set search_path = '' as $body$
begin
  if app.purpose() is distinct from 'operator' or not exists (select from platform.colleagues() c where c.account_id = app.account() and c.role = 'tenant_admin') then
    raise exception 'not an administrator' using errcode = 'insufficient_privilege';
  end if;
end $body$;

create function platform.answer_support(support uuid, yes boolean, person text) returns void
  language plpgsql security definer set search_path = '' as $body$
begin
  perform platform.wants_administrator();
  if not exists (select from platform.support_accesses s where s.id = support and s.tenant_id = app.tenant()) then
    raise exception 'no such access' using errcode = 'no_data_found';
  end if;
  update platform.support_accesses s set state = case when yes then 'granted' else 'refused' end, answered_by = app.account(), answered_name = person,
      answered_at = app.now(), until = case when yes then app.now() + make_interval(hours => s.hours) end
    where s.id = support and s.tenant_id = app.tenant() and s.state = 'asked';
  if not found then
    raise exception 'nothing to answer' using errcode = 'SF409';
  end if;
end $body$;

create function platform.grant_support(support uuid, hours int, why text, person text) returns void
  language plpgsql security definer set search_path = '' as $body$
begin
  perform platform.wants_administrator();
  insert into platform.support_accesses (id, tenant_id, state, reason, hours, answered_by, answered_name, answered_at, until)
    values (support, app.tenant(), 'granted', why, hours, app.account(), person, app.now(), app.now() + make_interval(hours => hours))
    on conflict do nothing;
end $body$;

create function platform.end_support(support uuid) returns void
  language plpgsql security definer set search_path = '' as $body$
begin
  perform platform.wants_administrator();
  if not exists (select from platform.support_accesses s where s.id = support and s.tenant_id = app.tenant()) then
    raise exception 'no such access' using errcode = 'no_data_found';
  end if;
  update platform.support_accesses s set state = 'ended', ended_at = app.now()
    where s.id = support and s.tenant_id = app.tenant() and s.state = 'granted' and s.until > app.now();
  if not found then
    raise exception 'nothing to end' using errcode = 'SF409';
  end if;
  perform platform.drop_support(support);
end $body$;
-- +goose StatementEnd

revoke all on function platform.works_at(int), platform.find_support(), platform.ask_support(int, int, text, jsonb, text), platform.take_support(uuid, jsonb, text),
  platform.leave_support(uuid, jsonb, text), platform.drop_support(uuid), platform.body_support(), platform.wants_administrator(),
  platform.answer_support(uuid, boolean, text), platform.grant_support(uuid, int, text, text), platform.end_support(uuid) from public;
grant execute on function platform.find_support(), platform.ask_support(int, int, text, jsonb, text), platform.take_support(uuid, jsonb, text),
  platform.leave_support(uuid, jsonb, text), platform.body_support(), platform.answer_support(uuid, boolean, text),
  platform.grant_support(uuid, int, text, text), platform.end_support(uuid) to staffetta_app;

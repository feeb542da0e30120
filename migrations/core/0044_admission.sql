-- +goose Up
-- The same role can be held at two offices.
drop index platform.memberships_tenant_id_account_id_role_idx;
create unique index on platform.memberships (tenant_id, account_id, role, coalesce(office_id, 0)) where valid_to is null;

-- Who holds which role of the actor's own body, today or from a later day on.
drop function platform.held_roles();
create function platform.held_roles() returns table (id uuid, account_id uuid, role text, display_name text, valid_from date, valid_to date, office_id int)
  language sql stable security definer set search_path = '' as $$
  select m.id, m.account_id, m.role, m.display_name, m.valid_from, m.valid_to, m.office_id from platform.memberships m
  where m.tenant_id = app.tenant() and (m.valid_to is null or m.valid_to >= greatest(m.valid_from, app.now()::date))
$$;

-- Writes a role of the actor's own body for an account: 'given', 'held' where it is held then already, 'known' for the same
-- membership again. Only the functions that know who may get one call it; who is known to the body keeps the name.
-- +goose StatementBegin
create function platform.add_role(membership uuid, account uuid, given text, called text, office int, first_day date, last_day date) returns text
  language plpgsql set search_path = '' as $body$
declare
  me int := app.tenant();
begin
  if given like 'platform%' or given in ('newcomer', 'citizen')
    or given like 'item:%' and not exists (select 1 from platform.body_roles r where r.tenant_id = me and r.id = given and r.ended_at is null) then
    raise exception 'no such role' using errcode = 'no_data_found';
  end if;
  if office is not null and not exists (select 1 from platform.offices o where o.tenant_id = me and o.id = office and (o.valid_to is null or o.valid_to >= first_day)) then
    raise exception 'no such office' using errcode = 'no_data_found';
  end if;
  if exists (select 1 from platform.memberships m where m.id = membership) then
    return case when exists (select 1 from platform.memberships m where m.id = membership and m.tenant_id = me) then 'known' else 'held' end;
  end if;
  if exists (select 1 from platform.memberships m where m.tenant_id = me and m.account_id = account and m.role = given and m.office_id is not distinct from office
      and daterange(m.valid_from, case when m.valid_to is not null then greatest(m.valid_to + 1, m.valid_from) end) && daterange(first_day, last_day + 1)) then
    return 'held';
  end if;
  insert into platform.memberships (id, tenant_id, account_id, role, office_id, display_name, valid_from, valid_to)
    values (membership, me, account, given, office,
      coalesce((select m.display_name from platform.memberships m where m.tenant_id = me and m.account_id = account
        and (m.valid_to is null or m.valid_to >= greatest(m.valid_from, app.now()::date)) order by m.valid_from limit 1), called), first_day, last_day);
  return 'given';
end $body$;
-- +goose StatementEnd

-- Gives a colleague of the actor's own body a role of the body, at an office or none, from a day to another; false where it is
-- held then already.
-- +goose StatementBegin
create function platform.give_role(membership uuid, account uuid, given text, office int, first_day date, last_day date) returns boolean
  language plpgsql security definer set search_path = '' as $body$
begin
  if app.account() is null then
    raise exception 'nobody gives' using errcode = 'insufficient_privilege';
  end if;
  perform 1 from platform.tenants t where t.id = app.tenant() for no key update; -- one change of who holds what at a time
  if not exists (select 1 from platform.held_roles() h where h.account_id = account) then
    raise exception 'no such colleague' using errcode = 'no_data_found';
  end if;
  return platform.add_role(membership, account, given, '', office, first_day, last_day) = 'given';
end $body$;

create or replace function platform.give_role(membership uuid, account uuid, given text, first_day date, last_day date) returns boolean
  language sql security definer set search_path = '' as $body$
  select platform.give_role(membership, account, given, null, first_day, last_day)
$body$;
-- +goose StatementEnd

-- Lets people into the actor's own body by their sealed tax codes, each line a role. An account that is new is made; that of
-- somebody who signs in elsewhere already is found, and nothing in the answer tells the two apart: ids tell no time.
-- +goose StatementBegin
create function platform.admit(tokens bytea[], seals bytea[], names text[], memberships uuid[], roles text[], offices int[], firsts date[], lasts date[])
  returns table (line int, account uuid, outcome text) language plpgsql security definer set search_path = '' as $body$
begin
  if app.tenant() is null or app.account() is null then
    raise exception 'nobody admits' using errcode = 'insufficient_privilege';
  end if;
  perform 1 from platform.tenants t where t.id = app.tenant() for no key update;
  insert into platform.accounts (id, cf_token, cf_sealed)
    select gen_random_uuid(), p.token, p.sealed from (select distinct on (u.token) u.token, u.sealed from unnest(tokens, seals) u (token, sealed) order by u.token) p
    on conflict (cf_token) do nothing;
  for n in 1 .. cardinality(tokens) loop
    line := n;
    select a.id into account from platform.accounts a where a.cf_token = tokens[n];
    outcome := platform.add_role(memberships[n], account, roles[n], names[n], offices[n], firsts[n], lasts[n]);
    return next;
  end loop;
end $body$;
-- +goose StatementEnd

-- Which of some sealed tax codes are of people of the actor's own body; of others it says nothing.
create function platform.known_colleagues(tokens bytea[]) returns table (line int, account_id uuid)
  language sql stable security definer set search_path = '' as $$
  select u.line::int, a.id from unnest(tokens) with ordinality u (token, line) join platform.accounts a on a.cf_token = u.token
  where exists (select 1 from platform.held_roles() h where h.account_id = a.id)
$$;

-- Takes a role back from today on. Somebody else looks after the rules for at least as long as who loses that role would have.
-- Who has no role left is signed in no longer.
-- +goose StatementBegin
create or replace function platform.end_role(membership uuid) returns uuid language plpgsql security definer set search_path = '' as $body$
declare
  me int := app.tenant();
  m platform.memberships;
begin
  if app.account() is null then
    raise exception 'nobody takes back' using errcode = 'insufficient_privilege';
  end if;
  perform 1 from platform.tenants t where t.id = me for no key update;
  select x.* into m from platform.memberships x
    where x.tenant_id = me and x.id = membership and (x.valid_to is null or x.valid_to >= greatest(x.valid_from, app.now()::date)) for update;
  if not found then
    raise exception 'no such role' using errcode = 'no_data_found';
  end if;
  if m.role = 'tenant_admin' and not exists (select 1 from platform.memberships o
      where o.tenant_id = me and o.role = 'tenant_admin' and o.account_id <> m.account_id and o.valid_from <= app.now()::date
        and coalesce(o.valid_to, 'infinity') >= coalesce(m.valid_to, 'infinity')) then
    raise exception 'nobody would look after the rules' using errcode = 'SF409';
  end if;
  update platform.memberships x set valid_to = greatest(x.valid_from, app.now()::date) - 1 where x.id = membership;
  if not exists (select 1 from platform.colleagues() c where c.account_id = m.account_id) then
    update platform.sessions s set ended_at = app.now()
      where s.tenant_id = me and s.account_id = m.account_id and s.purpose = 'operator' and s.ended_at is null;
    update platform.tokens t set revoked_at = app.now() where t.tenant_id = me and t.account_id = m.account_id and t.revoked_at is null;
  end if;
  return m.account_id;
end $body$;
-- +goose StatementEnd

revoke all on function platform.held_roles(), platform.add_role(uuid, uuid, text, text, int, date, date), platform.give_role(uuid, uuid, text, int, date, date),
  platform.admit(bytea[], bytea[], text[], uuid[], text[], int[], date[], date[]), platform.known_colleagues(bytea[]) from public;
grant execute on function platform.held_roles(), platform.give_role(uuid, uuid, text, int, date, date),
  platform.admit(bytea[], bytea[], text[], uuid[], text[], int[], date[], date[]), platform.known_colleagues(bytea[]) to staffetta_app;

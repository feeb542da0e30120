-- +goose Up
-- Gives a role of the actor's own body another last day, from today on, earlier or later. Somebody else looks after the rules for at least
-- as long as who loses that role earlier would have.
-- +goose StatementBegin
create function platform.bound_role(membership uuid, last_day date) returns uuid language plpgsql security definer set search_path = '' as $body$
declare
  me int := app.tenant();
  m platform.memberships;
begin
  if app.account() is null then
    raise exception 'nobody bounds' using errcode = 'insufficient_privilege';
  end if;
  perform 1 from platform.tenants t where t.id = me for no key update;
  select x.* into m from platform.memberships x
    where x.tenant_id = me and x.id = membership and (x.valid_to is null or x.valid_to >= greatest(x.valid_from, app.now()::date)) for update;
  if not found then
    raise exception 'no such role' using errcode = 'no_data_found';
  end if;
  if last_day is null or last_day < greatest(m.valid_from, app.now()::date) then
    raise exception 'the last day is over' using errcode = 'invalid_parameter_value';
  end if;
  if m.role = 'tenant_admin' and last_day < coalesce(m.valid_to, 'infinity') and not exists (select 1 from platform.memberships o
      where o.tenant_id = me and o.role = 'tenant_admin' and o.account_id <> m.account_id and o.valid_from <= app.now()::date
        and coalesce(o.valid_to, 'infinity') >= coalesce(m.valid_to, 'infinity')) then
    raise exception 'nobody would look after the rules' using errcode = 'SF409';
  end if;
  if exists (select 1 from platform.memberships o where o.tenant_id = me and o.account_id = m.account_id and o.role = m.role and o.id <> m.id
      and o.office_id is not distinct from m.office_id
      and daterange(o.valid_from, case when o.valid_to is not null then greatest(o.valid_to + 1, o.valid_from) end) && daterange(m.valid_from, last_day + 1)) then
    raise exception 'held then already' using errcode = 'exclusion_violation';
  end if;
  update platform.memberships x set valid_to = last_day where x.id = membership;
  return m.account_id;
end $body$;
-- +goose StatementEnd

-- Who worked in the actor's own body and holds no role there any more, with the last day.
create function platform.former_colleagues() returns table (account_id uuid, display_name text, last_day date)
  language sql stable security definer set search_path = '' as $$
  select m.account_id, (array_agg(m.display_name order by m.valid_to desc, m.id))[1], max(m.valid_to) from platform.memberships m
  where m.tenant_id = app.tenant() and m.role not like 'platform%' and m.account_id not in (select h.account_id from platform.held_roles() h)
  group by m.account_id
$$;

-- Gives a role as before, also to somebody whose roles have all ended: they keep the name that they had.
-- +goose StatementBegin
create or replace function platform.give_role(membership uuid, account uuid, given text, office int, first_day date, last_day date) returns boolean
  language plpgsql security definer set search_path = '' as $body$
declare
  called text;
begin
  if app.account() is null then
    raise exception 'nobody gives' using errcode = 'insufficient_privilege';
  end if;
  perform 1 from platform.tenants t where t.id = app.tenant() for no key update; -- one change of who holds what at a time
  select f.display_name into called from platform.former_colleagues() f where f.account_id = account;
  if not found and not exists (select 1 from platform.held_roles() h where h.account_id = account) then
    raise exception 'no such colleague' using errcode = 'no_data_found';
  end if;
  return platform.add_role(membership, account, given, coalesce(called, ''), office, first_day, last_day) = 'given';
end $body$;
-- +goose StatementEnd
revoke all on function platform.bound_role(uuid, date), platform.former_colleagues() from public;
grant execute on function platform.bound_role(uuid, date), platform.former_colleagues() to staffetta_app;

-- +goose Up
-- The common office as a body of its own: the lead makes it, with the modules that it has itself, and joins it to the
-- network by the act that sets it up. Nobody is in it: the lead's administrators come in by their own acceptance alone.
-- +goose StatementBegin
create function sharing.create_office(network uuid, address text, name text, number text, day date) returns int
  language plpgsql security definer set search_path = '' as $body$
declare
  me int := app.tenant();
  office int;
begin
  perform 1 from sharing.networks n where n.id = network and n.state = 'active' and n.lead_tenant = me and app.account() is not null
    and not exists (select 1 from platform.tenants t where t.id = n.office_tenant and t.kind = 'joint_office') for update;
  if not found then
    raise exception 'not the lead of a network without an office' using errcode = 'no_data_found';
  end if;
  insert into platform.tenants as t (slug, name, kind, state, activated_at)
    select address, create_office.name, 'joint_office', 'active', app.now()
    where not exists (select 1 from platform.slugs s where s.slug = address)
    on conflict do nothing returning t.id into office;
  if office is null then
    raise exception 'the name in addresses is taken' using errcode = 'check_violation', constraint = 'slug';
  end if;
  insert into platform.modules (tenant_id, module, active) select office, m.module, true from platform.modules m where m.tenant_id = me and m.active;
  insert into sharing.networks_parties (network_id, tenant_id, side, act_number, act_date, joined_at, joined_by)
    values (network, office, 'member', number, day, app.now(), app.account());
  update sharing.networks n set office_tenant = office, version = n.version + 1 where n.id = network;
  return office;
end $body$;
-- +goose StatementEnd

-- Whether the account administers the common office of a network that its body leads; null where it may not.
create function sharing.governs_office(network uuid) returns boolean language sql stable security definer set search_path = '' as $$
  select exists (select 1 from platform.memberships o where o.tenant_id = n.office_tenant and o.account_id = app.account() and o.role = 'tenant_admin'
      and o.valid_from <= app.now()::date and (o.valid_to is null or o.valid_to >= app.now()::date))
  from sharing.networks n join platform.tenants t on t.id = n.office_tenant and t.kind = 'joint_office' and t.state = 'active'
  where n.id = network and n.state = 'active' and n.lead_tenant = app.tenant() and app.purpose() = 'operator'
    and exists (select 1 from platform.memberships m where m.tenant_id = n.lead_tenant and m.account_id = app.account() and m.role = 'tenant_admin'
      and m.valid_from <= app.now()::date and (m.valid_to is null or m.valid_to >= app.now()::date))
$$;

-- An administrator of the lead becomes one of the common office, for nobody but themselves.
-- +goose StatementBegin
create function sharing.govern_office(network uuid) returns void
  language plpgsql security definer set search_path = '' as $body$
begin
  if sharing.governs_office(network) is distinct from false then
    raise exception 'not for this account' using errcode = 'no_data_found';
  end if;
  insert into platform.memberships (id, tenant_id, account_id, role, display_name)
    select gen_random_uuid(), n.office_tenant, m.account_id, m.role, m.display_name
    from sharing.networks n join platform.memberships m on m.tenant_id = n.lead_tenant and m.account_id = app.account() and m.role = 'tenant_admin'
      and m.valid_from <= app.now()::date and (m.valid_to is null or m.valid_to >= app.now()::date)
    where n.id = network order by m.created_at limit 1;
end $body$;
-- +goose StatementEnd

-- The common office leads nobody: it is governed by the lead.
-- +goose StatementBegin
create or replace function sharing.hand_network(network uuid, member int) returns void
  language plpgsql security definer set search_path = '' as $body$
begin
  update sharing.networks n set next_lead_tenant = member, version = version + 1
    where n.id = network and n.state = 'active' and n.lead_tenant = app.tenant() and member <> app.tenant()
      and exists (select 1 from sharing.networks_parties p
        where p.network_id = network and p.tenant_id = member and p.joined_at is not null and p.left_at is null)
      and not exists (select 1 from platform.tenants t where t.id = member and t.kind = 'joint_office');
  if not found then
    raise exception 'no such step' using errcode = 'no_data_found';
  end if;
end $body$;
-- +goose StatementEnd

revoke all on function sharing.create_office(uuid, text, text, text, date), sharing.governs_office(uuid), sharing.govern_office(uuid) from public;
grant execute on function sharing.create_office(uuid, text, text, text, date), sharing.governs_office(uuid), sharing.govern_office(uuid) to staffetta_app;

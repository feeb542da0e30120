-- +goose Up
-- The lead asks further bodies to join; who has left or declined may be asked again. Each joins for itself.
-- +goose StatementBegin
create function sharing.invite_to_network(network uuid, members int[]) returns void
  language plpgsql security definer set search_path = '' as $body$
begin
  perform 1 from sharing.networks n where n.id = network and n.state <> 'ended' and n.lead_tenant = app.tenant() for update;
  if not found then
    raise exception 'not the lead' using errcode = 'no_data_found';
  end if;
  if coalesce(cardinality(members), 0) = 0 or (select count(distinct m) from unnest(members) m) <> cardinality(members)
    or exists (select 1 from unnest(members) m
      where not exists (select 1 from platform.tenants t where t.id = m and t.state = 'active' and t.kind <> 'platform')
        or exists (select 1 from sharing.networks_parties p where p.network_id = network and p.tenant_id = m and p.left_at is null)) then
    raise exception 'not all are live bodies that are not in it, each once' using errcode = 'check_violation', constraint = 'members';
  end if;
  insert into sharing.networks_parties as p (network_id, tenant_id, side) select network, m, 'member' from unnest(members) m
    on conflict (network_id, tenant_id) do update
      set side = 'member', act_number = '', act_date = null, joined_at = null, joined_by = null, left_at = null;
  update sharing.networks n set version = n.version + 1 where n.id = network;
end $body$;
-- +goose StatementEnd
revoke all on function sharing.invite_to_network(uuid, int[]) from public;
grant execute on function sharing.invite_to_network(uuid, int[]) to staffetta_app;

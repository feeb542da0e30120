-- +goose Up
-- A body that is shut takes leave of a network: where it leads others, whoever joined first leads from now on.
-- +goose StatementBegin
create function sharing.part_from_network(network uuid) returns void
  language plpgsql security definer set search_path = '' as $body$
declare
  me int := app.tenant();
  heir int;
begin
  perform 1 from platform.tenants t where t.id = me and t.state = 'closed';
  if not found then
    raise exception 'the body is not shut' using errcode = 'SF409';
  end if;
  select p.tenant_id into heir from sharing.networks_parties p
    where p.network_id = network and p.tenant_id <> me and p.joined_at is not null and p.left_at is null order by p.joined_at, p.tenant_id limit 1;
  if heir is not null then
    update sharing.networks n set lead_tenant = heir, next_lead_tenant = null where n.id = network and n.lead_tenant = me and n.state <> 'ended';
  end if;
  perform sharing.leave_network(network);
end $body$;

-- Ends the asks of a body that is shut, and empties what its shares showed beforehand of its cases.
create function sharing.part() returns void
  language plpgsql security definer set search_path = '' as $body$
declare
  me int := app.tenant();
begin
  perform 1 from platform.tenants t where t.id = me and t.state = 'closed';
  if not found then
    raise exception 'the body is not shut' using errcode = 'SF409';
  end if;
  update sharing.asks a set state = case when a.asker_tenant = me then 'withdrawn' else 'refused' end, ended_at = app.now()
    where me in (a.asker_tenant, a.asked_tenant) and a.state = 'open';
  update sharing.shares s set preview = '{}' where s.owner_tenant = me;
end $body$;
-- +goose StatementEnd
revoke all on function sharing.part_from_network(uuid), sharing.part() from public;
grant execute on function sharing.part_from_network(uuid), sharing.part() to staffetta_app;

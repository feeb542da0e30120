-- +goose Up
-- A network joins bodies, each by an act of its own, with one of them in the lead. Its common office is the body that works
-- for all of them.
create table sharing.networks (
  id uuid primary key,
  title text not null check (length(title) between 3 and 200),
  state text not null default 'proposed' check (state in ('proposed', 'active', 'ended')),
  lead_tenant int not null references platform.tenants (id),
  next_lead_tenant int references platform.tenants (id), -- who was asked to take the lead
  office_tenant int references platform.tenants (id),
  version int not null default 1,
  created_at timestamptz not null default app.now()
);
create table sharing.networks_parties (
  network_id uuid not null references sharing.networks (id),
  tenant_id int not null default app.tenant() references platform.tenants (id),
  side text not null check (side in ('founder', 'member')),
  act_number text not null default '' check (length(act_number) <= 60),
  act_date date,
  joined_at timestamptz,
  joined_by uuid,
  left_at timestamptz,
  primary key (network_id, tenant_id)
);
create index on sharing.networks_parties (tenant_id, network_id) where left_at is null;

-- The networks of the actor's body, those that it is asked to join among them; takes the body from the transaction only.
create function sharing.networks_of_tenant() returns setof uuid
  language sql stable security definer set search_path = '' rows 10 as
  $$ select p.network_id from sharing.networks_parties p where p.tenant_id = app.tenant() and p.left_at is null $$;
revoke all on function sharing.networks_of_tenant() from public;
grant execute on function sharing.networks_of_tenant() to staffetta_app, staffetta_guest, staffetta_report;
call app.between_table('sharing.networks', 'id in (select sharing.networks_of_tenant())');
call app.between_table('sharing.networks_parties', 'network_id in (select sharing.networks_of_tenant())');
revoke insert, update on sharing.networks, sharing.networks_parties from staffetta_app;

-- The founder makes the network and joins it at once; it leads until it hands the lead over.
-- +goose StatementBegin
create function sharing.found_network(network uuid, title text, members int[], office int, act_number text, act_date date) returns void
  language plpgsql security definer set search_path = '' as $body$
declare
  me int := app.tenant();
begin
  if me is null or app.account() is null or not coalesce(me = any (members), false) then
    raise exception 'the founder must be a member' using errcode = 'insufficient_privilege';
  end if;
  if (select count(distinct m) from unnest(members) m) <> cardinality(members) or cardinality(members) < 2
    or exists (select 1 from unnest(members) m
      where not exists (select 1 from platform.tenants t where t.id = m and t.state = 'active' and t.kind <> 'platform')) then
    raise exception 'not all are live bodies, each once' using errcode = 'check_violation', constraint = 'members';
  end if;
  if not office = any (members) then
    raise exception 'the office is none of the members' using errcode = 'check_violation', constraint = 'office';
  end if;
  insert into sharing.networks (id, title, lead_tenant, office_tenant) values (network, title, me, office);
  insert into sharing.networks_parties (network_id, tenant_id, side, act_number, act_date, joined_at, joined_by)
    select network, m, case when m = me then 'founder' else 'member' end, case when m = me then found_network.act_number else '' end,
      case when m = me then found_network.act_date end, case when m = me then app.now() end, case when m = me then app.account() end
    from unnest(members) m;
end $body$;
-- +goose StatementEnd

-- What becomes of a network when a body has joined or left: nobody is awaited, then it is active, or over where one is alone.
-- +goose StatementBegin
create function sharing.settle_network(network uuid) returns void language plpgsql set search_path = '' as $body$
begin
  update sharing.networks n set version = n.version + 1,
      state = case when p.awaited > 0 then n.state when p.joined >= 2 then 'active' else 'ended' end
    from (select count(*) filter (where x.joined_at is null) as awaited, count(x.joined_at) as joined
      from sharing.networks_parties x where x.network_id = network and x.left_at is null) p
    where n.id = network;
end $body$;
-- +goose StatementEnd

-- +goose StatementBegin
create function sharing.join_network(network uuid, number text, day date) returns void
  language plpgsql security definer set search_path = '' as $body$
begin
  perform 1 from sharing.networks n where n.id = network and n.state <> 'ended' for update;
  if found then
    update sharing.networks_parties p set joined_at = app.now(), joined_by = app.account(), act_number = number, act_date = day
      where p.network_id = network and p.tenant_id = app.tenant() and p.joined_at is null and p.left_at is null;
  end if;
  if not found then
    raise exception 'not awaited' using errcode = 'no_data_found';
  end if;
  perform sharing.settle_network(network);
end $body$;
-- +goose StatementEnd

-- A body leaves, or declines to join. The lead may leave only while nobody else has joined, which ends the network: before
-- that it hands the lead over.
-- +goose StatementBegin
create function sharing.leave_network(network uuid) returns void
  language plpgsql security definer set search_path = '' as $body$
declare
  me int := app.tenant();
  lead int;
begin
  select n.lead_tenant into lead from sharing.networks n where n.id = network and n.state <> 'ended' for update;
  if lead = me and exists (select 1 from sharing.networks_parties p
      where p.network_id = network and p.tenant_id <> me and p.joined_at is not null and p.left_at is null) then
    raise exception 'the lead stays' using errcode = 'no_data_found';
  end if;
  update sharing.networks_parties p set left_at = app.now()
    where lead is not null and p.network_id = network and p.tenant_id = me and p.left_at is null;
  if not found then
    raise exception 'not a member' using errcode = 'no_data_found';
  end if;
  perform sharing.settle_network(network);
  update sharing.networks n set state = case when lead = me then 'ended' else n.state end,
      next_lead_tenant = nullif(n.next_lead_tenant, me), office_tenant = nullif(n.office_tenant, me)
    where n.id = network;
end $body$;
-- +goose StatementEnd

-- The lead asks another member to take the lead; it leads from the moment in which that member takes it.
-- +goose StatementBegin
create function sharing.hand_network(network uuid, member int) returns void
  language plpgsql security definer set search_path = '' as $body$
begin
  update sharing.networks n set next_lead_tenant = member, version = version + 1
    where n.id = network and n.state = 'active' and n.lead_tenant = app.tenant() and member <> app.tenant()
      and exists (select 1 from sharing.networks_parties p
        where p.network_id = network and p.tenant_id = member and p.joined_at is not null and p.left_at is null);
  if not found then
    raise exception 'no such step' using errcode = 'no_data_found';
  end if;
end $body$;
-- +goose StatementEnd
-- +goose StatementBegin
create function sharing.take_network(network uuid) returns void
  language plpgsql security definer set search_path = '' as $body$
begin
  update sharing.networks n set lead_tenant = next_lead_tenant, next_lead_tenant = null, version = version + 1
    where n.id = network and n.state = 'active' and n.next_lead_tenant = app.tenant();
  if not found then
    raise exception 'no such step' using errcode = 'no_data_found';
  end if;
end $body$;
-- +goose StatementEnd

-- The other members are told of a step: who did what, and nothing that the actor's body could choose. Who has just left in
-- this transaction still tells the others.
-- +goose StatementBegin
create function sharing.tell_members(network uuid, event uuid, written timestamptz) returns void
  language plpgsql security definer set search_path = '' as $body$
declare
  e audit.events := audit.own_event(event, written, network, 'network.%');
begin
  if not exists (select 1 from sharing.networks_parties p where p.network_id = network and p.tenant_id = app.tenant()
      and (p.left_at is null or p.left_at >= transaction_timestamp())) then
    raise exception 'not a member' using errcode = 'insufficient_privilege';
  end if;
  insert into audit.events (tenant_id, id, at, actor_tenant, account_id, actor_name, assurance, purpose, request_id,
      action, relation, object_id, payload, payload_hash)
    select p.tenant_id, e.id, e.at, e.actor_tenant, e.account_id, e.actor_name, e.assurance, e.purpose, e.request_id,
      e.action, e.relation, network, '{}', sha256('{}')
    from sharing.networks_parties p where p.network_id = network and p.tenant_id <> app.tenant() and p.left_at is null;
end $body$;
-- +goose StatementEnd

-- An agreement may stand within a network: all its parties are members then.
alter table policies.agreements add column network_id uuid references sharing.networks (id);
-- +goose StatementBegin
create function sharing.name_network(agreement uuid, network uuid) returns void
  language plpgsql security definer set search_path = '' as $body$
begin
  update policies.agreements a set network_id = network
    where a.id = agreement and a.state = 'proposed' and a.network_id is null
      and exists (select 1 from policies.agreements_parties p where p.agreement_id = a.id and p.tenant_id = app.tenant() and p.side = 'proposer')
      and exists (select 1 from sharing.networks n where n.id = network and n.state = 'active')
      and not exists (select 1 from policies.agreements_parties p where p.agreement_id = a.id
        and not exists (select 1 from sharing.networks_parties m
          where m.network_id = network and m.tenant_id = p.tenant_id and m.joined_at is not null and m.left_at is null));
  if not found then
    raise exception 'not a network of all parties' using errcode = 'check_violation', constraint = 'network';
  end if;
end $body$;
-- +goose StatementEnd

revoke all on function sharing.found_network(uuid, text, int[], int, text, date), sharing.settle_network(uuid),
  sharing.join_network(uuid, text, date), sharing.leave_network(uuid), sharing.hand_network(uuid, int), sharing.take_network(uuid),
  sharing.tell_members(uuid, uuid, timestamptz), sharing.name_network(uuid, uuid) from public;
grant execute on function sharing.found_network(uuid, text, int[], int, text, date), sharing.join_network(uuid, text, date),
  sharing.leave_network(uuid), sharing.hand_network(uuid, int), sharing.take_network(uuid),
  sharing.tell_members(uuid, uuid, timestamptz), sharing.name_network(uuid, uuid) to staffetta_app;

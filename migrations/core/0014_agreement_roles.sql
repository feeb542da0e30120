-- +goose Up
-- The sections in which a body may not only read but write, where an agreement lets it (it: presa in carico condivisa).
alter table policies.agreements add column writable text[] not null default '{}';
alter table policies.agreements add constraint agreements_writable_check check (writable <@ sections);

-- When an agreement changed its state, and which body did it: explanations of a past day ask this.
create table policies.agreements_states (
  agreement_id uuid not null references policies.agreements (id),
  step int not null,
  state text not null check (state in ('draft', 'proposed', 'active', 'suspended', 'ended')),
  changed_at timestamptz not null default app.now(),
  changed_by int default app.tenant() references platform.tenants (id),
  primary key (agreement_id, step)
);
call app.between_table('policies.agreements_states', 'agreement_id in (select policies.agreements_of_tenant())');
revoke insert, update on policies.agreements_states from staffetta_app;
insert into policies.agreements_states (agreement_id, step, state, changed_at, changed_by)
  select a.id, 1, a.state, a.created_at, null from policies.agreements a;
-- +goose StatementBegin
create function policies.note_agreement_state() returns trigger language plpgsql set search_path = '' as $body$
begin
  if tg_op = 'INSERT' or new.state <> old.state then
    insert into policies.agreements_states (agreement_id, step, state)
      select new.id, count(*) + 1, new.state from policies.agreements_states s where s.agreement_id = new.id;
  end if;
  return null;
end $body$;
-- +goose StatementEnd
revoke all on function policies.note_agreement_state() from public;
create trigger states after insert or update of state on policies.agreements
  for each row execute function policies.note_agreement_state();

-- The proposer writes the whole agreement at once: what each party signs cannot be changed afterwards.
drop function policies.propose_agreement(uuid, text, text[], text[], tstzrange, int[], int[][], text, date);
-- +goose StatementBegin
create function policies.propose_agreement(proposal jsonb) returns void
  language plpgsql security definer set search_path = '' as $body$
declare
  me int := app.tenant();
  agreement uuid := proposal ->> 'id';
  parties int[] := array(select (p ->> 'tenant')::int from jsonb_array_elements(proposal -> 'parties') p);
begin
  if me is null or app.account() is null or not me = any (parties) then
    raise exception 'the proposer must be a party' using errcode = 'insufficient_privilege';
  end if;
  if cardinality(parties) < 2 or exists (select 1 from unnest(parties) p
      where not exists (select 1 from platform.tenants t where t.id = p and t.state = 'active' and t.kind <> 'platform')) then
    raise exception 'not all are live bodies' using errcode = 'check_violation', constraint = 'parties';
  end if;
  insert into policies.agreements (id, title, state, purposes, sections, writable, valid)
    select agreement, proposal ->> 'title', 'proposed', array(select jsonb_array_elements_text(proposal -> 'purposes')),
      array(select jsonb_array_elements_text(proposal -> 'sections')), array(select jsonb_array_elements_text(proposal -> 'writable')),
      tstzrange((proposal ->> 'valid_from')::timestamptz, (proposal ->> 'valid_to')::timestamptz);
  insert into policies.agreements_parties (agreement_id, tenant_id, side, data_role, act_number, act_date, accepted_at, accepted_by)
    select agreement, p.tenant, case when p.tenant = me then 'proposer' else 'party' end, p.role,
      case when p.tenant = me then proposal ->> 'act_number' else '' end, case when p.tenant = me then (proposal ->> 'act_date')::date end,
      case when p.tenant = me then app.now() end, case when p.tenant = me then app.account() end
    from jsonb_to_recordset(proposal -> 'parties') as p (tenant int, role text);
  if exists (select 1 from jsonb_to_recordset(proposal -> 'edges') as e ("from" int, "to" int)
      where not coalesce(e."from" = any (parties) and e."to" = any (parties), false)) then
    raise exception 'an edge leaves the parties' using errcode = 'check_violation', constraint = 'edges';
  end if;
  insert into policies.agreements_edges (agreement_id, from_tenant, to_tenant)
    select agreement, e."from", e."to" from jsonb_to_recordset(proposal -> 'edges') as e ("from" int, "to" int);
  if not found then
    raise exception 'no edge' using errcode = 'check_violation', constraint = 'edges';
  end if;
end $body$;
-- +goose StatementEnd
revoke all on function policies.propose_agreement(jsonb) from public;
grant execute on function policies.propose_agreement(jsonb) to staffetta_app;

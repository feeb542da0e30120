-- +goose Up
-- A signature keeps who put it and a digest of what was signed; who ended an agreement, and why, stays with it; an agreement
-- that renews another one says so.
alter table policies.agreements_parties
  add column signatory text not null default '' check (length(signatory) <= 200),
  add column signed_digest text not null default '';
alter table policies.agreements
  add column renews uuid references policies.agreements (id),
  add column ended_by int references platform.tenants (id),
  add column end_reason text not null default '' check (length(end_reason) <= 500);
create index on policies.agreements (renews) where renews is not null;

-- All that a party puts its signature to, as one digest: jsonb has one way of writing a value.
-- +goose StatementBegin
create function policies.agreement_digest(agreement uuid) returns text language sql stable set search_path = '' as $body$
  select encode(sha256(convert_to(jsonb_build_object(
      'id', a.id, 'title', a.title, 'purposes', a.purposes, 'sections', a.sections, 'writable', a.writable, 'renews', a.renews,
      'from', lower(a.valid) at time zone 'UTC', 'to', upper(a.valid) at time zone 'UTC',
      'parties', (select jsonb_agg(jsonb_build_array(p.tenant_id, p.data_role) order by p.tenant_id)
        from policies.agreements_parties p where p.agreement_id = a.id),
      'edges', (select jsonb_agg(jsonb_build_array(e.from_tenant, e.to_tenant) order by e.from_tenant, e.to_tenant)
        from policies.agreements_edges e where e.agreement_id = a.id))::text, 'UTF8')), 'hex')
  from policies.agreements a where a.id = agreement
$body$;
-- +goose StatementEnd
revoke all on function policies.agreement_digest(uuid) from public;
update policies.agreements_parties p set signed_digest = policies.agreement_digest(p.agreement_id) where p.accepted_at is not null;

-- +goose StatementBegin
create or replace function policies.propose_agreement(proposal jsonb) returns void
  language plpgsql security definer set search_path = '' as $body$
declare
  me int := app.tenant();
  agreement uuid := proposal ->> 'id';
  renewed uuid := proposal ->> 'renews';
  parties int[] := array(select (p ->> 'tenant')::int from jsonb_array_elements(proposal -> 'parties') p);
begin
  if me is null or app.account() is null or not me = any (parties) then
    raise exception 'the proposer must be a party' using errcode = 'insufficient_privilege';
  end if;
  if cardinality(parties) < 2 or exists (select 1 from unnest(parties) p
      where not exists (select 1 from platform.tenants t where t.id = p and t.state = 'active' and t.kind <> 'platform')) then
    raise exception 'not all are live bodies' using errcode = 'check_violation', constraint = 'parties';
  end if;
  if renewed is not null and not exists (select 1 from policies.agreements_parties p where p.agreement_id = renewed and p.tenant_id = me) then
    raise exception 'what it renews is not an agreement of the proposer' using errcode = 'insufficient_privilege';
  end if;
  insert into policies.agreements (id, title, state, purposes, sections, writable, valid, renews)
    select agreement, proposal ->> 'title', 'proposed', array(select jsonb_array_elements_text(proposal -> 'purposes')),
      array(select jsonb_array_elements_text(proposal -> 'sections')), array(select jsonb_array_elements_text(proposal -> 'writable')),
      tstzrange((proposal ->> 'valid_from')::timestamptz, (proposal ->> 'valid_to')::timestamptz), renewed;
  insert into policies.agreements_parties (agreement_id, tenant_id, side, data_role)
    select agreement, p.tenant, case when p.tenant = me then 'proposer' else 'party' end, p.role
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
  update policies.agreements_parties p set accepted_at = app.now(), accepted_by = app.account(), signatory = coalesce(proposal ->> 'signatory', ''),
      act_number = proposal ->> 'act_number', act_date = (proposal ->> 'act_date')::date, signed_digest = policies.agreement_digest(agreement)
    where p.agreement_id = agreement and p.tenant_id = me;
end $body$;
-- +goose StatementEnd

-- A body signs for itself alone, and only what the others have signed; the last signature makes the agreement active.
drop function policies.sign_agreement(uuid, text, date);
-- +goose StatementBegin
create function policies.sign_agreement(agreement uuid, number text, day date, signatory text) returns text
  language plpgsql security definer set search_path = '' as $body$
declare
  me int := app.tenant();
  now_state text;
  digest text;
begin
  select a.state into now_state from policies.agreements a where a.id = agreement for update;
  digest := policies.agreement_digest(agreement);
  update policies.agreements_parties p set accepted_at = app.now(), accepted_by = app.account(), signatory = sign_agreement.signatory,
      act_number = number, act_date = day, signed_digest = digest
    where p.agreement_id = agreement and p.tenant_id = me and p.accepted_at is null;
  if not found or now_state is distinct from 'proposed' then
    raise exception 'no signature is awaited' using errcode = 'no_data_found';
  end if;
  if exists (select 1 from policies.agreements_parties p
      where p.agreement_id = agreement and p.accepted_at is not null and p.signed_digest <> digest) then
    raise exception 'it is not what the others have signed' using errcode = 'data_corrupted';
  end if;
  update policies.agreements a set version = version + 1,
      state = case when exists (select 1 from policies.agreements_parties p where p.agreement_id = agreement and p.accepted_at is null)
        then 'proposed' else 'active' end
    where a.id = agreement returning a.state into now_state;
  return now_state;
end $body$;
-- +goose StatementEnd

-- Each party may suspend what it signed; who suspended resumes.
-- +goose StatementBegin
create or replace function policies.change_agreement(agreement uuid, target text) returns void
  language plpgsql security definer set search_path = '' as $body$
begin
  update policies.agreements a set state = target, version = version + 1,
      suspended_by = case when target = 'suspended' then app.tenant() end
    where a.id = agreement
      and exists (select 1 from policies.agreements_parties p where p.agreement_id = agreement and p.tenant_id = app.tenant())
      and (a.state, target) in (('active', 'suspended'), ('suspended', 'active'))
      and (target <> 'active' or a.suspended_by = app.tenant());
  if not found then
    raise exception 'no such step' using errcode = 'no_data_found';
  end if;
end $body$;
-- +goose StatementEnd

-- Each party may withdraw from what it signed, and refuse what it has not, with a reason. Either ends the agreement for all,
-- and closes every share under it at the next query: the others may make a new one without that body.
-- +goose StatementBegin
create function policies.end_agreement(agreement uuid, reason text) returns void
  language plpgsql security definer set search_path = '' as $body$
declare
  me int := app.tenant();
  signed boolean;
begin
  perform 1 from policies.agreements a where a.id = agreement and a.state <> 'ended' for update;
  if found then
    select p.accepted_at is not null into signed from policies.agreements_parties p where p.agreement_id = agreement and p.tenant_id = me;
  end if;
  if signed is null then
    raise exception 'no such step' using errcode = 'no_data_found';
  end if;
  if not signed and length(coalesce(reason, '')) < 5 then
    raise exception 'a refusal has a reason' using errcode = 'check_violation', constraint = 'reason';
  end if;
  update policies.agreements a set state = 'ended', version = version + 1, suspended_by = null, ended_by = me,
      end_reason = coalesce(reason, '')
    where a.id = agreement;
end $body$;
-- +goose StatementEnd
revoke all on function policies.sign_agreement(uuid, text, date, text), policies.end_agreement(uuid, text) from public;
grant execute on function policies.sign_agreement(uuid, text, date, text), policies.end_agreement(uuid, text) to staffetta_app;

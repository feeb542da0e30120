-- +goose Up
-- An agreement may serve one handover alone, which it names: it shows nothing to anybody, nobody asks or opens anything under it,
-- and it ends with that handover.
alter table policies.agreements add column only_share uuid,
  add constraint only_share check (only_share is null or not known_elsewhere and writable = '{}');
create index on policies.agreements (only_share) where only_share is not null;

-- What is signed names the handover; agreements without one keep the digest that they have.
-- +goose StatementBegin
create or replace function policies.agreement_digest(agreement uuid) returns text language sql stable set search_path = '' as $body$
  select encode(sha256(convert_to((jsonb_build_object(
      'id', a.id, 'title', a.title, 'purposes', a.purposes, 'sections', a.sections, 'writable', a.writable, 'renews', a.renews,
      'from', lower(a.valid) at time zone 'UTC', 'to', upper(a.valid) at time zone 'UTC',
      'parties', (select jsonb_agg(jsonb_build_array(p.tenant_id, p.data_role) order by p.tenant_id)
        from policies.agreements_parties p where p.agreement_id = a.id),
      'edges', (select jsonb_agg(jsonb_build_array(e.from_tenant, e.to_tenant) order by e.from_tenant, e.to_tenant)
        from policies.agreements_edges e where e.agreement_id = a.id))
    || case when a.known_elsewhere or a.break_glass then jsonb_build_object('known_elsewhere', a.known_elsewhere, 'break_glass', a.break_glass) else '{}' end
    || case when a.only_share is null then '{}' else jsonb_build_object('only_share', a.only_share) end)::text, 'UTF8')), 'hex')
  from policies.agreements a where a.id = agreement
$body$;
-- +goose StatementEnd

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
  insert into policies.agreements (id, title, state, purposes, sections, writable, valid, renews, known_elsewhere, break_glass, only_share)
    select agreement, proposal ->> 'title', 'proposed', array(select jsonb_array_elements_text(proposal -> 'purposes')),
      array(select jsonb_array_elements_text(proposal -> 'sections')), array(select jsonb_array_elements_text(proposal -> 'writable')),
      tstzrange((proposal ->> 'valid_from')::timestamptz, (proposal ->> 'valid_to')::timestamptz), renewed,
      coalesce((proposal ->> 'known_elsewhere')::boolean, false), coalesce((proposal ->> 'break_glass')::boolean, false),
      (proposal ->> 'only_share')::uuid;
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

-- No grant lives under an agreement that serves a handover alone.
-- +goose StatementBegin
create or replace function policies.live_agreement_ids() returns uuid[] language plpgsql stable security definer set search_path = '' as $$
begin
  return (select coalesce(array_agg(a.id), '{}') from policies.agreements_parties p
    join policies.agreements a on a.id = p.agreement_id and a.state = 'active' and a.valid @> app.now() and a.only_share is null
    where p.tenant_id = app.tenant());
end $$;
-- +goose StatementEnd

-- Which of the open obligations of a case are benefits that are being paid or delivered (it: prestazioni in corso), the module says
-- that declares them.
alter table platform.handover_obligations add column benefit boolean not null default false;
drop procedure app.handover_obligation(text, regclass, text, text, text, text, text);
-- +goose StatementBegin
create procedure app.handover_obligation(key text, t regclass, chosen text, due text default 'null::date',
    owner_column text default null, owner_name text default null, ended text default '', benefit boolean default false)
  language plpgsql set search_path = '' as $$
begin
  insert into platform.handover_obligations (key, place, name, chosen, due, owner_column, owner_name, ended, benefit)
    values (key, (select count(*) from platform.handover_obligations), t::text, chosen, due, owner_column, owner_name, ended, benefit);
end $$;
-- +goose StatementEnd

-- What of a case goes along and what stays, by table and section: how many rows, and one digest over those that go. The settings
-- make a row the same text in every session.
-- +goose StatementBegin
create function policies.rows_of_case(body int, file uuid, persons uuid[]) returns table ("table" text, section text, goes bigint, stays bigint, sum text)
  language plpgsql stable set search_path = '' set timezone = 'UTC' set datestyle = 'ISO, MDY' set intervalstyle = 'postgres' set bytea_output = 'hex' as $body$
declare
  d platform.handover_tables;
begin
  for d in select x.* from platform.handover_tables x where x.section <> '' or x.case_column is not null order by x.place loop
    return query execute format($sql$
      select %1$L::text, x.section, count(*) filter (where x.goes), count(*) filter (where not x.goes),
        encode(sha256(convert_to(coalesce(string_agg(x.row, '' order by x.row) filter (where x.goes), ''), 'UTF8')), 'hex')
      from (select (%2$s)::text as section, (%3$s) is true as goes, encode(sha256(convert_to(t::text, 'UTF8')), 'hex') as row
        from %1$s t where t.tenant_id = $1 and ((%3$s) or %4$s)) x
      group by x.section order by x.section$sql$,
      d.name, coalesce(nullif(d.section, ''), quote_literal('')), d.chosen, case when d.case_column is null then 'false' else format('t.%I = $2', d.case_column) end)
      using body, file, persons, '{}'::uuid[];
  end loop;
end $body$;
-- +goose StatementEnd
revoke all on function policies.rows_of_case(int, uuid, uuid[]) from public;

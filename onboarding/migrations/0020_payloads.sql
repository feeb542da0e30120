-- +goose Up
-- How long what is kept has one place, the body's table of terms; no release has written it here.
alter table onboarding.privacy_sheets drop column kept;

-- The contacts that went with the cases of a disposal.
alter table onboarding.disposals add column along uuid[] not null default '{}';
-- Removes what two people agreed upon, as far as it is still over and nothing stops it. It notes what went from which table, with the
-- digest of those rows, the contacts that went with their cases, and the documents that nothing of the body names any more; what the audit
-- says of it goes afterwards (onboarding.drop_payloads).
-- +goose StatementBegin
create or replace function onboarding.dispose(list uuid, also text[], tables text[], columns text[]) returns void
  language plpgsql security definer set search_path = '' as $body$
declare
  me int := app.tenant();
  d onboarding.disposals;
  k text;
  root regclass;
  ref text;
  term int;
  ids uuid[];
  t regclass;
  condition text;
  n bigint;
  digest text;
  all_gone jsonb := '{}';
  before text[];
  with_cases uuid[] := '{}';
begin
  select * into d from onboarding.disposals x where x.tenant_id = me and x.id = list and x.state = 'agreed' for update;
  if not found or d.decided_by is null or d.decided_by = d.proposed_by then
    raise exception 'nobody agreed to the list' using errcode = 'SF409';
  end if;
  before := onboarding.documents_of(me, tables, columns);
  for k in select distinct i.kind from onboarding.disposal_items i where i.tenant_id = me and i.disposal_id = list order by 1 loop
    root := onboarding.disposal_root(k);
    ref := case k when 'case' then 'case_id' when 'person' then 'person_id' end;
    execute format('select array_agg(x.id) from (select x.id from %s x join onboarding.disposal_items i on i.tenant_id = $1 and i.disposal_id = $2 and i.kind = $3 and i.id = x.id
      where x.tenant_id = $1 order by x.id for update of x) x', root) using me, list, k;
    select greatest((d.terms ->> k)::int, (select case when m.years = 0 then 1000 else m.years end from onboarding.terms m
      where m.tenant_id = me and m.kind = k order by m.set_at desc, m.id desc limit 1)) into term;
    update onboarding.disposal_items i set outcome = case x.stopped when '' then 'gone' else coalesce(x.stopped, 'changed') end
      from onboarding.disposal_items j left join onboarding.disposable(array[k], array[term]) x on x.id = j.id
      where i.tenant_id = me and i.disposal_id = list and i.kind = k and j.tenant_id = me and j.disposal_id = list and j.id = i.id;
    select coalesce(array_agg(i.id), '{}') into ids from onboarding.disposal_items i where i.tenant_id = me and i.disposal_id = list and i.kind = k and i.outcome = 'gone';
    if k = 'case' then
      with_cases := array(select c.id from intake.contacts c where c.tenant_id = me and c.case_id = any (ids) order by c.id);
      update sharing.shares_handovers h set surname = '', name = '', tax_code = '', birth_date = null, reason = '' where h.owner_tenant = me
        and h.share_id in (select s.share_id from sharing.shares_details s where s.owner_tenant = me and s.case_id = any (ids));
      update sharing.shares_details s set case_id = null, reason = '—————', extra_reason = case when s.extra = '{}' then '' else '—' end, basis_reason = ''
        where s.owner_tenant = me and s.case_id = any (ids);
    end if;
    for t in select p from onboarding.tables_of_people(also) p loop
      condition := onboarding.goes_with(t, root, ref);
      continue when condition is null;
      execute format('with gone as (delete from %s x where x.tenant_id = $1 and (%s) returning to_jsonb(x)::text as r)
        select count(*), encode(sha256(convert_to(coalesce(string_agg(g.r, E''\n'' order by g.r collate "C"), ''''), ''UTF8'')), ''hex'') from gone g', t, condition)
        into n, digest using me, ids;
      if n > 0 then
        all_gone := all_gone || jsonb_build_object(k || ' ' || t::text, jsonb_build_object('rows', n, 'sha256', digest));
      end if;
    end loop;
    if k = 'person' then
      delete from registry.households h where h.tenant_id = me and not exists (select from registry.members m where m.tenant_id = me and m.household_id = h.id);
    end if;
  end loop;
  update onboarding.disposals x set state = 'removed', removed_at = app.now(), gone = all_gone, along = with_cases, version = x.version + 1,
    files = array(select f from unnest(before) f where f <> all (onboarding.documents_of(me, tables, columns)) order by f)
    where x.tenant_id = me and x.id = list;
end $body$;
-- +goose StatementEnd

-- What the audit says beside who did what when goes with what a disposal removed: the payloads of the events about it, and of the lists that
-- showed nothing else. It waits (null) until the chain of the body holds the event that names what was removed, so that whoever verifies
-- the audit, here or from an export, finds why a payload is missing. Events in the old form keep theirs: who verifies cannot tell their parts.
-- +goose StatementBegin
create function onboarding.drop_payloads(list uuid) returns bigint
  language plpgsql security definer set search_path = '' as $body$
declare
  me int := app.tenant();
  told bigint;
  subjects uuid[];
  n bigint;
begin
  perform from onboarding.disposals d where d.tenant_id = me and d.id = list and d.state = 'removed' for update;
  if not found then
    raise exception 'nothing was removed' using errcode = 'SF409';
  end if;
  select c.seq, array(select g.id from (select i.id from onboarding.disposal_items i where i.tenant_id = me and i.disposal_id = list and i.outcome = 'gone'
      union all select unnest(d.along) from onboarding.disposals d where d.tenant_id = me and d.id = list) g
      where jsonb_exists(e.payload -> 'subjects', g.id::text)) into told, subjects
    from audit.events e join audit.chain c on c.tenant_id = me and c.event_id = e.id and c.event_at = e.at
    where e.tenant_id = me and e.object_id = list and e.action = 'disposal.remove' order by c.seq desc limit 1;
  if told is null then
    return null;
  end if;
  with gone as (select unnest(subjects) as id),
  about as (
    select e.at, e.id from gone g join audit.events e on e.tenant_id = me and e.case_id = g.id
    union select e.at, e.id from gone g join audit.events e on e.tenant_id = me and e.object_id = g.id
    union select e.at, e.id from audit.events e where e.tenant_id = me and e.cases <> '{}'
      and not exists (select from unnest(e.cases) u (id) where u.id not in (select g.id from gone g)))
  update audit.events e set payload = null
    from about a join audit.chain c on c.tenant_id = me and c.event_id = a.id and c.event_at = a.at
    where e.tenant_id = me and e.at = a.at and e.id = a.id and e.payload is not null and c.seq < told and c.form = 2;
  get diagnostics n = row_count;
  return n;
end $body$;
-- +goose StatementEnd
revoke all on function onboarding.drop_payloads(uuid) from public;
grant execute on function onboarding.drop_payloads(uuid) to staffetta_app;

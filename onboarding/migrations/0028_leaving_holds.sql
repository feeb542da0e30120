-- +goose Up
-- Shuts the body of the transaction, whose day to leave has come: nobody enters any more, and nothing finds it. Not while it holds something.
-- +goose StatementBegin
create or replace function onboarding.shut_body() returns void
  language plpgsql security definer set search_path = '' as $body$
declare
  me int := app.tenant();
begin
  perform 1 from platform.tenants t where t.id = me for no key update; -- nobody holds anything more from here
  perform 1 from onboarding.leavings l where l.tenant_id = me and l.state = 'agreed' and l.due_at <= app.now() for update;
  if not found then
    raise exception 'nobody agreed, or the day has not come' using errcode = 'SF409';
  end if;
  if onboarding.holding(me) then
    raise exception 'the body holds something' using errcode = 'SF409';
  end if;
  update platform.tenants t set state = 'closed' where t.id = me and t.kind <> 'platform' and t.state <> 'closed';
  delete from platform.sessions s where s.tenant_id = me;
  update platform.tokens k set revoked_at = app.now() where k.tenant_id = me and k.revoked_at is null;
end $body$;
-- +goose StatementEnd

-- Removes what the body of the transaction owns, after shut_body (as it was): not while it holds something.
-- +goose StatementBegin
create or replace function onboarding.remove_body() returns jsonb
  language plpgsql security definer set search_path = '' as $body$
declare
  me int := app.tenant();
  gone jsonb := '{}';
  holders text;
  people uuid[];
  r record;
  t regclass;
  n bigint;
begin
  perform 1 from platform.tenants b where b.id = me and b.state = 'closed' for update;
  if not found or not exists (select from onboarding.leavings l where l.tenant_id = me and l.state = 'agreed' and l.due_at <= app.now()) then
    raise exception 'the body is not shut' using errcode = 'SF409';
  end if;
  if onboarding.holding(me) then
    raise exception 'the body holds something' using errcode = 'SF409';
  end if;
  if exists (select from policies.agreements a join policies.agreements_parties p on p.agreement_id = a.id where p.tenant_id = me and a.state <> 'ended') then
    raise exception 'agreements of the body stand' using errcode = 'SF409';
  end if;
  select string_agg(format('select x.account_id from %s x where x.tenant_id = $1', c.oid::regclass), ' union ') into holders
    from pg_catalog.pg_class c join pg_catalog.pg_namespace s on s.oid = c.relnamespace
    join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attname = 'account_id' and not a.attisdropped
    join pg_catalog.pg_attribute b on b.attrelid = c.oid and b.attname = 'tenant_id' and not b.attisdropped
    where c.relkind in ('r', 'p') and not c.relispartition and s.nspname <> 'audit' and a.atttypid = 'uuid'::regtype;
  execute 'select array_agg(h.account_id) from (' || holders || ') h where h.account_id is not null' into people using me;
  for r in select f.conrelid::regclass as t, string_agg(format('x.%I = o.%I', a.attname, b.attname), ' and ') as joined, f.confrelid::regclass as o
      from pg_catalog.pg_constraint f
      cross join lateral unnest(f.conkey, f.confkey) k (here, there)
      join pg_catalog.pg_attribute a on a.attrelid = f.conrelid and a.attnum = k.here
      join pg_catalog.pg_attribute b on b.attrelid = f.confrelid and b.attnum = k.there
      where f.contype = 'f' and exists (select from pg_catalog.pg_policy p where p.polrelid = f.conrelid and p.polname = 'party')
        and exists (select from pg_catalog.pg_policy p where p.polrelid = f.confrelid and p.polname = 'own')
      group by f.oid, f.conrelid, f.confrelid loop
    execute format('delete from %s x using %s o where %s and o.tenant_id = $1', r.t, r.o, r.joined) using me;
  end loop;
  for t in select p from onboarding.tables_of_body() p loop
    execute format('delete from %s x where x.tenant_id = $1', t) using me;
    get diagnostics n = row_count;
    if n > 0 then
      gone := gone || jsonb_build_object(t::text, n);
    end if;
  end loop;
  for t in select p from onboarding.tables_of_body() p loop -- what triggers wrote meanwhile
    execute format('delete from %s x where x.tenant_id = $1', t) using me;
  end loop;
  delete from river.river_job j where (j.args ->> 'tenant_id')::int = me and j.state <> 'running';
  perform onboarding.remove_accounts(people);
  update onboarding.entries e set contact_name = '', contact_position = '', contact_email = '', contact_phone = '' where e.body_id = me;
  with dropped as (
    update audit.events e set payload = null where e.tenant_id = me and e.payload is not null returning e.at)
  insert into audit.terms (tenant_id, years, dropped_before) select me, 10, max(d.at) + interval '1 microsecond' from dropped d having count(*) > 0
    on conflict (tenant_id) do update set dropped_before = greatest(audit.terms.dropped_before, excluded.dropped_before);
  update platform.tenants t set slug = left(t.slug, 50) || '-' || t.id where t.id = me; -- who comes back can have it again
  return gone;
end $body$;
-- +goose StatementEnd

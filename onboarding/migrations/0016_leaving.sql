-- +goose Up
-- Two people of a body decide that it leaves the platform: who asks, and another one who agrees. Until its day it can be taken back.
create table onboarding.leavings (
  tenant_id int not null default app.tenant(),
  id uuid not null,
  state text not null default 'asked' check (state in ('asked', 'withdrawn', 'refused', 'agreed', 'stopped')),
  reason text not null check (length(reason) between 1 and 2000),
  waiver text not null default '' check (length(waiver) <= 2000),
  export_id uuid,
  asked_by uuid not null,
  asked_name text not null,
  asked_at timestamptz not null default app.now(),
  decided_by uuid,
  decided_name text not null default '',
  decided_at timestamptz,
  words text not null default '' check (length(words) <= 2000),
  due_at timestamptz,
  stopped_name text not null default '',
  stopped_at timestamptz,
  version int not null default 1,
  primary key (tenant_id, id),
  foreign key (tenant_id, export_id) references onboarding.exports (tenant_id, id),
  check (asked_by is distinct from decided_by),
  check (state in ('asked', 'withdrawn') or decided_by is not null),
  check (export_id is not null or waiver <> ''),
  check (state <> 'agreed' or due_at is not null)
);
call app.own_table('onboarding.leavings');
create policy signed on onboarding.leavings as restrictive for insert to staffetta_app with check (asked_by = (select app.account()) and state = 'asked');
revoke update on onboarding.leavings from staffetta_app;
grant update (state, decided_by, decided_name, decided_at, words, due_at, stopped_name, stopped_at, version) on onboarding.leavings to staffetta_app;
-- One at a time for a body.
create unique index on onboarding.leavings (tenant_id) where state in ('asked', 'agreed');
create index on onboarding.leavings (tenant_id, export_id);

-- The tables whose rows are a body's alone, children first: those with its policy, and the platform's own with its number. The audit
-- and what is published stay.
-- +goose StatementBegin
create function onboarding.tables_of_body() returns setof regclass
  language plpgsql stable set search_path = '' as $body$
declare
  wanted oid[];
begin
  select array_agg(c.oid) into wanted from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and not c.relispartition and n.nspname not in ('audit', 'commons')
      and exists (select from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped)
      and (n.nspname = 'platform' or exists (select from pg_catalog.pg_policy p where p.polrelid = c.oid and p.polname = 'own'));
  return query select onboarding.children_first(wanted);
end $body$;

-- How many rows the body of the transaction has, by table: what goes when it leaves.
create function onboarding.count_body() returns table (name text, n bigint)
  language plpgsql stable security definer set search_path = '' as $body$
declare
  me int := app.tenant();
  t regclass;
begin
  for t in select p from onboarding.tables_of_body() p loop
    name := t::text;
    execute format('select count(*) from %s x where x.tenant_id = $1', t) into n using me;
    if n > 0 then
      return next;
    end if;
  end loop;
end $body$;

-- Shuts the body of the transaction, whose day to leave has come: nobody enters any more, and nothing finds it.
create function onboarding.shut_body() returns void
  language plpgsql security definer set search_path = '' as $body$
declare
  me int := app.tenant();
begin
  perform 1 from onboarding.leavings l where l.tenant_id = me and l.state = 'agreed' and l.due_at <= app.now() for update;
  if not found then
    raise exception 'nobody agreed, or the day has not come' using errcode = 'SF409';
  end if;
  update platform.tenants t set state = 'closed' where t.id = me and t.kind <> 'platform' and t.state <> 'closed';
  delete from platform.sessions s where s.tenant_id = me;
  update platform.tokens k set revoked_at = app.now() where k.tenant_id = me and k.revoked_at is null;
end $body$;

-- Removes what the body of the transaction owns, after shut_body: its rows, what rows of several bodies say about them, its work
-- under way, who has nothing anywhere else, and the contents of its audit, of which sequence and hashes stay. It tells how many rows
-- went from which table.
create function onboarding.remove_body() returns jsonb
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

-- Removes those of the accounts to which nothing refers any more.
create function onboarding.remove_accounts(people uuid[]) returns void
  language plpgsql set search_path = '' as $body$
declare
  used text;
begin
  select string_agg(format('exists (select from %s x where x.%I = a.id)', f.conrelid::regclass, c.attname), ' or ') into used
    from pg_catalog.pg_constraint f join pg_catalog.pg_attribute c on c.attrelid = f.conrelid and c.attnum = f.conkey[1]
    where f.contype = 'f' and f.confrelid = 'platform.accounts'::regclass;
  execute 'delete from platform.accounts a where a.id = any ($1) and not (' || used || ')' using people;
end $body$;
-- +goose StatementEnd
revoke all on function onboarding.tables_of_body(), onboarding.count_body(), onboarding.shut_body(), onboarding.remove_body(),
  onboarding.remove_accounts(uuid[]) from public;
grant execute on function onboarding.count_body(), onboarding.shut_body(), onboarding.remove_body() to staffetta_app;

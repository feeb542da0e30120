-- +goose Up
-- Two people of a body decide that all it owns goes out: who asks, and another one who agrees. The file is encrypted to a key
-- that nobody changes any more once it was asked for.
create table onboarding.exports (
  tenant_id int not null default app.tenant(),
  id uuid not null,
  state text not null default 'asked' check (state in ('asked', 'withdrawn', 'refused', 'agreed', 'ready', 'failed', 'expired')),
  receiver text not null check (length(receiver) between 1 and 200),
  recipient text not null check (recipient ~ '^age1[0-9a-z]+$' and length(recipient) between 20 and 3000),
  reason text not null check (length(reason) between 1 and 2000),
  asked_by uuid,
  asked_name text not null,
  asked_at timestamptz not null default app.now(),
  decided_by uuid,
  decided_name text not null default '',
  decided_at timestamptz,
  words text not null default '' check (length(words) <= 2000),
  done int not null default 0,
  steps int not null default 0,
  size bigint not null default 0,
  manifest_sum text not null default '' check (manifest_sum ~ '^([0-9a-f]{64})?$'),
  made_at timestamptz,
  expires_at timestamptz,
  fetched_by uuid,
  fetched_name text not null default '',
  fetched_at timestamptz,
  version int not null default 1,
  primary key (tenant_id, id),
  check (asked_by is distinct from decided_by or asked_by is null),
  check (state in ('asked', 'withdrawn') or asked_by is null or decided_by is not null)
);
call app.own_table('onboarding.exports');
create policy signed on onboarding.exports as restrictive for insert to staffetta_app with check (asked_by = (select app.account()) and state = 'asked');
revoke update on onboarding.exports from staffetta_app;
grant update (state, decided_by, decided_name, decided_at, words, done, steps, size, manifest_sum, made_at, expires_at,
  fetched_by, fetched_name, fetched_at, version) on onboarding.exports to staffetta_app;
-- One at a time for a body.
create unique index on onboarding.exports (tenant_id) where state in ('asked', 'agreed');
create index on onboarding.exports (expires_at) where state = 'ready';

-- The functions below read past sections and authors, and past the platform's door, for the body of the transaction alone and
-- only while an export that was agreed upon is made.
-- +goose StatementBegin
create function onboarding.exporting() returns int language plpgsql stable set search_path = '' as $body$
declare
  me int := app.tenant();
begin
  if not exists (select from onboarding.exports x where x.tenant_id = me and x.state = 'agreed') then
    raise exception 'nobody agreed to an export' using errcode = 'insufficient_privilege';
  end if;
  return me;
end $body$;
-- +goose StatementEnd
revoke all on function onboarding.exporting() from public;

-- The rows of the body in a table, without the columns that are left out, in the order of the table's key. A countersignature
-- belongs to whose day it countersigns.
-- +goose StatementBegin
create function onboarding.exported_rows(name text, without text[]) returns setof jsonb
  language plpgsql stable security definer set search_path = '' set timezone = 'UTC' as $body$
declare
  me int := onboarding.exporting();
  t regclass := pg_catalog.to_regclass(name);
  mine text := case name when 'audit.countersignatures' then 'body' else 'tenant_id' end;
  keys text;
begin
  if not exists (select from pg_catalog.pg_attribute a where a.attrelid = t and a.attname = 'tenant_id' and not a.attisdropped) then
    raise exception 'it has no rows of a body' using errcode = 'insufficient_privilege';
  end if;
  select string_agg(format('x.%I', a.attname) || case when a.attcollation <> 0 then ' collate "C"' else '' end, ', ' order by k.n) into keys
    from pg_catalog.pg_index i cross join unnest(i.indkey) with ordinality k (attnum, n)
    join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum where i.indrelid = t and i.indisprimary and k.n <= i.indnkeyatts;
  return query execute format('select to_jsonb(x) - $2 from %s x where x.%I = $1 order by %s', t, mine, keys) using me, without;
end $body$;
-- +goose StatementEnd

-- Who has something in the body: a role, now or before, or rows that are an account's.
-- +goose StatementBegin
create function onboarding.exported_accounts() returns table (id uuid, cf_sealed bytea, created_at timestamptz)
  language plpgsql stable security definer set search_path = '' as $body$
declare
  me int := onboarding.exporting();
  holders text;
begin
  select string_agg(format('select x.account_id from %s x where x.tenant_id = $1', c.oid::regclass), ' union ') into holders
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attname = 'account_id' and not a.attisdropped
    join pg_catalog.pg_attribute b on b.attrelid = c.oid and b.attname = 'tenant_id' and not b.attisdropped
    where c.relkind in ('r', 'p') and not c.relispartition and n.nspname <> 'audit'
      and (c.relrowsecurity or c.oid in ('platform.memberships'::regclass, 'platform.membership_periods'::regclass));
  return query execute format('select a.id, a.cf_sealed, a.created_at from platform.accounts a where a.id in (%s) order by a.id', holders) using me;
end $body$;
-- +goose StatementEnd

-- The body itself, and of other bodies that its rows name what everybody knows.
-- +goose StatementBegin
create function onboarding.exported_bodies(ids int[]) returns setof jsonb
  language plpgsql stable security definer set search_path = '' set timezone = 'UTC' as $body$
declare
  me int := onboarding.exporting();
begin
  return query select case when t.id = me then to_jsonb(t)
      else jsonb_build_object('id', t.id, 'slug', t.slug, 'ipa', t.ipa, 'name', t.name, 'kind', t.kind, 'istat', t.istat, 'belfiore', t.belfiore) end
    from platform.tenants t where t.id = me or t.id = any (ids) order by t.id;
end $body$;
-- +goose StatementEnd

-- The public keys of those who countersigned days of the body.
-- +goose StatementBegin
create function onboarding.exported_signers() returns setof jsonb
  language plpgsql stable security definer set search_path = '' as $body$
declare
  me int := onboarding.exporting();
begin
  return query select jsonb_build_object('tenant_id', k.tenant_id, 'number', k.number, 'public', k.public) from audit.keys k
    where k.tenant_id <> me and exists (select from audit.countersignatures c where c.body = me and c.tenant_id = k.tenant_id and c.key_number = k.number)
    order by k.tenant_id, k.number;
end $body$;
-- +goose StatementEnd

-- How far each line of migrations has come.
-- +goose StatementBegin
create function onboarding.exported_versions() returns table (line text, version bigint)
  language plpgsql stable security definer set search_path = '' as $body$
declare
  lines text;
begin
  perform onboarding.exporting();
  select string_agg(format('select %L, max(v.version_id) from %s v where v.is_applied', c.relname, c.oid::regclass), ' union all ') into lines
    from pg_catalog.pg_class c where c.relnamespace = 'migrations'::regnamespace and c.relkind = 'r';
  return query execute lines || ' order by 1';
end $body$;
-- +goose StatementEnd

revoke all on function onboarding.exported_rows(text, text[]), onboarding.exported_accounts(), onboarding.exported_bodies(int[]),
  onboarding.exported_signers(), onboarding.exported_versions() from public;
grant execute on function onboarding.exported_rows(text, text[]), onboarding.exported_accounts(), onboarding.exported_bodies(int[]),
  onboarding.exported_signers(), onboarding.exported_versions() to staffetta_report;

-- +goose Up
-- The same tables in a database that has not all modules.
-- +goose StatementBegin
create or replace function onboarding.tables_of_people(also text[]) returns setof regclass
  language plpgsql stable set search_path = '' as $body$
declare
  wanted oid[];
  more oid[];
  one oid;
begin
  select array_agg(c.oid) into wanted from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and not c.relispartition and n.nspname <> 'audit'
      and exists (select from pg_catalog.pg_policy p where p.polrelid = c.oid and p.polname = 'own')
      and (n.nspname || '.' || c.relname = any (also)
        or exists (select from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attname in ('case_id', 'person_id') and not a.attisdropped)
        or n.nspname || '.' || c.relname in ('registry.persons', 'casefile.cases'));
  loop
    select array_agg(distinct f.conrelid) into more from pg_catalog.pg_constraint f
      where f.contype = 'f' and f.confrelid = any (wanted) and f.conrelid <> all (wanted)
        and exists (select from pg_catalog.pg_policy p where p.polrelid = f.conrelid and p.polname = 'own');
    exit when more is null;
    wanted := wanted || more;
  end loop;
  return query select onboarding.children_first(wanted);
end $body$;

-- Tables in an order in which their rows can go: each after those that refer to it.
create function onboarding.children_first(wanted oid[]) returns setof regclass
  language plpgsql stable set search_path = '' as $body$
declare
  one oid;
begin
  while cardinality(wanted) > 0 loop
    select w into one from unnest(wanted) w where not exists (select from pg_catalog.pg_constraint f
      where f.contype = 'f' and f.confrelid = w and f.conrelid <> w and f.conrelid = any (wanted) and not f.condeferrable) order by w limit 1;
    if one is null then
      raise exception 'tables refer to each other in a circle';
    end if;
    return next one::regclass;
    wanted := array_remove(wanted, one);
  end loop;
end $body$;

-- How many rows about people a body on trial has, by table: what goes when it goes live for the first time.
create function onboarding.count_people(also text[]) returns table (name text, n bigint)
  language plpgsql stable security definer set search_path = '' as $body$
declare
  me int := app.tenant();
  t regclass;
begin
  perform 1 from platform.tenants b where b.id = me and b.state = 'entering' and b.kind <> 'platform';
  if not found then
    return;
  end if;
  for t in select p from onboarding.tables_of_people(also) p loop
    name := t::text;
    execute format('select count(*) from %s x where x.tenant_id = $1', t) into n using me;
    if n > 0 then
      return next;
    end if;
  end loop;
end $body$;
-- +goose StatementEnd
revoke all on function onboarding.children_first(oid[]), onboarding.count_people(text[]) from public;
grant execute on function onboarding.count_people(text[]) to staffetta_app;

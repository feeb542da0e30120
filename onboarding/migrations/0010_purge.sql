-- +goose Up
-- Which tables of bodies are about people: those with a column for a case or a person, those that a module declares, and what refers
-- to them. Children come first, so that rows can go in this order.
-- +goose StatementBegin
create function onboarding.tables_of_people(also text[]) returns setof regclass
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
        or c.oid in ('registry.persons'::regclass, 'casefile.cases'::regclass));
  loop
    select array_agg(distinct f.conrelid) into more from pg_catalog.pg_constraint f
      where f.contype = 'f' and f.confrelid = any (wanted) and f.conrelid <> all (wanted)
        and exists (select from pg_catalog.pg_policy p where p.polrelid = f.conrelid and p.polname = 'own');
    exit when more is null;
    wanted := wanted || more;
  end loop;
  while cardinality(wanted) > 0 loop
    select w into one from unnest(wanted) w where not exists (select from pg_catalog.pg_constraint f
      where f.contype = 'f' and f.confrelid = w and f.conrelid <> w and f.conrelid = any (wanted) and not f.condeferrable) order by w limit 1;
    if one is null then
      raise exception 'tables of people refer to each other in a circle';
    end if;
    return next one::regclass;
    wanted := array_remove(wanted, one);
  end loop;
end $body$;
-- +goose StatementEnd
revoke all on function onboarding.tables_of_people(text[]) from public;

-- The documents that rows of a body name, in these columns of these tables.
-- +goose StatementBegin
create function onboarding.documents_of(body int, tables text[], columns text[]) returns text[]
  language plpgsql stable set search_path = '' as $body$
declare
  found text[] := '{}';
  named text[];
begin
  for i in 1 .. coalesce(cardinality(tables), 0) loop
    execute format('select array_agg(distinct x.%I) from %s x where x.tenant_id = $1', columns[i], tables[i]::regclass) into named using body;
    found := found || named;
  end loop;
  return array(select distinct f from unnest(found) f where f is not null order by f);
end $body$;
-- +goose StatementEnd
revoke all on function onboarding.documents_of(int, text[], text[]) from public;

-- Removes what is about people from a body on trial, where they are invented. It tells how many rows went from which table, and the
-- documents that nothing of the body names any more.
-- +goose StatementBegin
create function onboarding.purge_people(also text[], tables text[], columns text[]) returns table (gone jsonb, documents text[])
  language plpgsql security definer set search_path = '' as $body$
declare
  me int := app.tenant();
  t regclass;
  n bigint;
begin
  perform 1 from platform.tenants b where b.id = me and b.state = 'entering' and b.kind <> 'platform' for no key update;
  if not found then
    raise exception 'the body is not on trial' using errcode = 'SF409';
  end if;
  gone := '{}';
  documents := onboarding.documents_of(me, tables, columns);
  for t in select p from onboarding.tables_of_people(also) p loop
    execute format('delete from %s x where x.tenant_id = $1', t) using me;
    get diagnostics n = row_count;
    if n > 0 then
      gone := gone || jsonb_build_object(t::text, n);
    end if;
  end loop;
  documents := array(select d from unnest(documents) d where d <> all (onboarding.documents_of(me, tables, columns)) order by d);
  return next;
end $body$;
-- +goose StatementEnd
revoke all on function onboarding.purge_people(text[], text[], text[]) from public;
grant execute on function onboarding.purge_people(text[], text[], text[]) to staffetta_app;

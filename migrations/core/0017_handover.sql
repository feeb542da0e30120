-- +goose Up
-- What goes along when a case passes to another body. Each module declares its tables here, as its Records do in the program
-- (a test compares both), in the order in which their rows can be written; whatever is not here stays. The expressions are
-- written by migrations alone. In them t is the table, $1 the giving body, $2 the case, $3 the persons who go along and $4 the
-- versions of items that other rows pin.
create table platform.handover_tables (
  name text primary key,                 -- schema.table
  place int not null unique,
  chosen text not null,                  -- which rows of t
  case_column text,
  person_column text,
  section text not null,                 -- of a row, for the preview: SQL over t; '' for rows of no section
  used_item text,                        -- the column that pins a version of an item
  file text,                             -- the column with the SHA-256 of a file
  sets jsonb not null default '{}',      -- columns that are not copied as they are, each with SQL over t; $8 is the new number
  merges boolean not null default false  -- where the taking body has such a row, its own counts
);
-- What must not be left without somebody who answers for it. A row that moves gets an owner at the taking body; any other
-- stays with whom it is with, and the giving body says that it knows.
create table platform.handover_obligations (
  key text primary key,
  place int not null unique,
  name text not null,                    -- schema.table
  chosen text not null,
  due text not null,                     -- SQL over t: by when, or null::date
  owner_column text,                     -- null for what stays
  owner_name text,
  ended text not null                    -- what becomes of the row that moves here: SQL to set, $3 is who takes it; '' for nothing
);
grant select on platform.handover_tables, platform.handover_obligations to staffetta_backup;

-- +goose StatementBegin
create procedure app.handover_table(t regclass, chosen text, case_column text default null, person_column text default null,
    section text default '', used_item text default null, file text default null, sets jsonb default '{}', merges boolean default false)
  language plpgsql set search_path = '' as $$
begin
  insert into platform.handover_tables (name, place, chosen, case_column, person_column, section, used_item, file, sets, merges)
    values (t::text, (select count(*) from platform.handover_tables), chosen, case_column, person_column, section, used_item, file, sets, merges);
end $$;
-- +goose StatementEnd
-- +goose StatementBegin
create procedure app.handover_obligation(key text, t regclass, chosen text, due text default 'null::date',
    owner_column text default null, owner_name text default null, ended text default '')
  language plpgsql set search_path = '' as $$
begin
  insert into platform.handover_obligations (key, place, name, chosen, due, owner_column, owner_name, ended)
    values (key, (select count(*) from platform.handover_obligations), t::text, chosen, due, owner_column, owner_name, ended);
end $$;
-- +goose StatementEnd

-- The functions below take bodies as arguments. They act with the rights of who calls them, are executed by the owner alone,
-- and serve the one function by which a case passes (module sharing).

-- The insert that copies the rows of a table: every column by the catalogue, so that a new one goes along. $5 is the taking
-- body, $6 the person of the case and $7 who that person is there.
-- +goose StatementBegin
create function policies.copying(d platform.handover_tables) returns text language sql stable set search_path = '' as $$
  select format('insert into %s (%s) select %s from %s t where t.tenant_id = $1 and (%s) on conflict %s do nothing',
    d.name, string_agg(quote_ident(a.attname), ', ' order by a.attnum),
    string_agg(case
      when a.attname = 'tenant_id' then '$5'
      when a.attname = d.person_column then format('case when t.%1$I = $6 then $7 when t.%1$I = any ($3) then t.%1$I end', a.attname)
      when d.sets ? a.attname then '(' || (d.sets ->> a.attname) || ')'
      else 't.' || quote_ident(a.attname) end, ', ' order by a.attnum),
    d.name, d.chosen, case when d.merges then '' else '(tenant_id, id)' end)
  from pg_catalog.pg_attribute a
  where a.attrelid = d.name::regclass and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
$$;
-- +goose StatementEnd

-- Copies a case from one body to another. A row that the taking body has already with another case is none of this one.
-- +goose StatementBegin
create function policies.copy_case(giver int, taker int, file uuid, persons uuid[], own uuid, target uuid, fresh text) returns void
  language plpgsql set search_path = '' as $body$
declare
  d platform.handover_tables;
  pinned uuid[] := '{}';
  more uuid[];
  strange boolean;
begin
  for d in select x.* from platform.handover_tables x where x.used_item is not null order by x.place loop
    execute format('select coalesce(array_agg(distinct t.%1$I), ''{}'') from %2$s t where t.tenant_id = $1 and (%3$s) and t.%1$I is not null',
      d.used_item, d.name, d.chosen) into more using giver, file, persons, pinned;
    pinned := pinned || more;
  end loop;
  for d in select x.* from platform.handover_tables x order by x.place loop
    execute policies.copying(d) using giver, file, persons, pinned, taker, own, target, fresh;
    if d.case_column is not null then
      execute format('select exists (select 1 from %1$s t where t.tenant_id = $1 and (%2$s) and not exists (
          select 1 from %1$s x where x.tenant_id = $5 and x.id = t.id and x.%3$I = $2))', d.name, d.chosen, d.case_column)
        into strange using giver, file, persons, pinned, taker;
      if strange then
        raise exception 'a row of % stands at the taking body with another case', d.name using errcode = 'integrity_constraint_violation';
      end if;
    end if;
  end loop;
end $body$;
-- +goose StatementEnd

-- How many rows of each section go along, for the preview.
-- +goose StatementBegin
create function policies.count_case(giver int, file uuid, persons uuid[]) returns table (section text, n bigint)
  language plpgsql stable set search_path = '' as $body$
declare
  d platform.handover_tables;
begin
  for d in select x.* from platform.handover_tables x where x.section <> '' and x.case_column is not null order by x.place loop
    return query execute format('select (%s)::text, count(*) from %s t where t.tenant_id = $1 and (%s) group by 1', d.section, d.name, d.chosen)
      using giver, file, persons, '{}'::uuid[];
  end loop;
end $body$;
-- +goose StatementEnd

-- The files that rows of the case name, by their SHA-256.
-- +goose StatementBegin
create function policies.files_of_case(body int, file uuid) returns text[] language plpgsql stable set search_path = '' as $body$
declare
  d platform.handover_tables;
  sums text[] := '{}';
  more text[];
begin
  for d in select x.* from platform.handover_tables x where x.file is not null order by x.place loop
    execute format('select coalesce(array_agg(distinct t.%I), ''{}'') from %s t where t.tenant_id = $1 and t.%I = $2', d.file, d.name, d.case_column)
      into more using body, file;
    sums := sums || more;
  end loop;
  return sums;
end $body$;
-- +goose StatementEnd

-- What is open in a case, and whether it moves.
-- +goose StatementBegin
create function policies.obligations_of_case(body int, file uuid) returns table (key text, id uuid, due date, moves boolean)
  language plpgsql stable set search_path = '' as $body$
declare
  o platform.handover_obligations;
begin
  for o in select x.* from platform.handover_obligations x order by x.place loop
    return query execute format('select %L::text, t.id, (%s)::date, %L::boolean from %s t where t.tenant_id = $1 and (%s) order by t.id',
      o.key, o.due, o.owner_column is not null, o.name, o.chosen) using body, file;
  end loop;
end $body$;
-- +goose StatementEnd

-- Gives what moves its new owner, by the id of the row, and ends it at the giving body.
-- +goose StatementBegin
create function policies.give_obligation(giver int, taker int, obligation text, row_id uuid, account uuid, account_name text, actor text) returns void
  language plpgsql set search_path = '' as $body$
declare
  o platform.handover_obligations;
begin
  select x.* into strict o from platform.handover_obligations x where x.key = obligation;
  execute format('update %s set %I = $3, %I = $4 where tenant_id = $1 and id = $2', o.name, o.owner_column, o.owner_name)
    using taker, row_id, account, account_name;
  if o.ended <> '' then
    execute format('update %s set %s where tenant_id = $1 and id = $2', o.name, o.ended) using giver, row_id, actor;
  end if;
end $body$;
-- +goose StatementEnd
revoke all on function policies.copying(platform.handover_tables), policies.copy_case(int, int, uuid, uuid[], uuid, uuid, text),
  policies.count_case(int, uuid, uuid[]), policies.files_of_case(int, uuid), policies.obligations_of_case(int, uuid),
  policies.give_obligation(int, int, text, uuid, uuid, text, text) from public;

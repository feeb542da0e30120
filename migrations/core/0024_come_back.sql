-- +goose Up
-- The update that brings what a body has kept of a case up to what became of it elsewhere, by the catalogue. What is not copied
-- as it is (policies.copying) stays.
-- +goose StatementBegin
create function policies.refreshing(d platform.handover_tables) returns text language sql stable set search_path = '' as $$
  select format('update %1$s x set (%2$s) = (select %3$s from %1$s t where t.tenant_id = $1 and t.id = x.id)
    where x.tenant_id = $2 and x.%4$I = $3 and exists (select 1 from %1$s t where t.tenant_id = $1 and t.id = x.id and (%3$s) is distinct from (%5$s))',
    d.name, string_agg(quote_ident(a.attname), ', ' order by a.attnum), string_agg('t.' || quote_ident(a.attname), ', ' order by a.attnum), d.case_column,
    string_agg('x.' || quote_ident(a.attname), ', ' order by a.attnum))
  from pg_catalog.pg_attribute a
  where a.attrelid = d.name::regclass and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    and a.attname not in ('tenant_id', 'id', d.case_column) and a.attname is distinct from d.person_column and a.attname is distinct from d.used_item
    and not d.sets ? a.attname
$$;
-- +goose StatementEnd

-- A case comes back to a body that had it: of each row that both have, what became of it where the case was counts, as that a
-- protection ended or that somebody goes on with a contact. It acts with the rights of who calls it, as copy_case does.
-- +goose StatementBegin
create function policies.refresh_case(giver int, taker int, file uuid) returns void language plpgsql set search_path = '' as $body$
declare
  d platform.handover_tables;
begin
  for d in select x.* from platform.handover_tables x where x.case_column is not null and x.name <> 'casefile.cases' order by x.place loop
    execute policies.refreshing(d) using giver, taker, file;
  end loop;
end $body$;
-- +goose StatementEnd
revoke all on function policies.refreshing(platform.handover_tables), policies.refresh_case(int, int, uuid) from public;

-- +goose Up
-- What may tell who a person is leaves a body only where two people let it stand: one says why, another one confirms it.
-- How many findings of a check nobody, or one person alone, lets stand.
create function practice.unsettled(findings jsonb) returns int language sql immutable set search_path = '' as $$
  select count(*)::int from jsonb_array_elements(findings) f
    where coalesce(f #>> '{justified,account}' = f #>> '{confirmed,account}', true)
$$;
revoke all on function practice.unsettled(jsonb) from public;
grant execute on function practice.unsettled(jsonb) to staffetta_app;
update practice.kits set open_findings = practice.unsettled(findings) where state = 'draft';
-- A draft never counts fewer: practice.publish_kit takes none that counts one.
alter table practice.kits add constraint two_people check (state <> 'draft' or open_findings >= practice.unsettled(findings));

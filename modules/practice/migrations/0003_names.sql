-- +goose Up
-- Whether somebody is registered is for who may see persons: the comparison of the names in a kit goes through the policies
-- of the registry now, and no longer with the rights of the owner for whoever publishes.
drop function practice.registered_names(text[], text[]);
-- Whether somebody who may see persons has had the names of what was checked compared.
alter table practice.kits add column names_compared boolean not null default false;
-- What was found so far says where a name stands, and no longer whose.
update practice.kits k set findings = (
    select jsonb_agg(case when f ->> 'rule' = 'name' then jsonb_set(f, '{match}', '""') else f end order by at)
    from jsonb_array_elements(k.findings) with ordinality as e (f, at))
  where k.findings @> '[{"rule": "name"}]';

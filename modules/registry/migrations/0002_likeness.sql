-- +goose Up
-- How a name sounds: its consonants, as the tax code is made of them (D.M. 23 December 1976), written in one way and once
-- where they are double. A name without consonants is its own sound. It is made from a key (key.go) and finds the few
-- persons whose names are worth comparing letter by letter; equality of "C" text is leakproof, so that the index serves.
create function registry.sound(key text) returns text language sql immutable parallel safe as $$
  select coalesce(nullif(regexp_replace(translate(replace(key, 'ph', 'f'), 'kqwzyjhaeiou', 'ccvs'), '(.)\1+', '\1', 'g'), ''), key)
$$;
alter table registry.persons
  add column surname_sound text collate "C" not null generated always as (registry.sound(surname_key)) stored,
  add column name_sound text collate "C" not null generated always as (registry.sound(name_key)) stored;
create index on registry.persons (tenant_id, surname_sound, name_sound);

-- A guest sees who lives with the person of a case now, and not who left. The names are identity: they show where both
-- the household and the identity of the case are granted.
alter policy granted on registry.members using (
  members.valid_to is null
  and 'household' = any ((select app.sections())::text[])
  and exists (select 1 from policies.case_subjects s
    where s.tenant_id = members.tenant_id and s.person_id = members.person_id and s.section = 'household'));
create policy lives_with on registry.persons for select to staffetta_guest using (
  'identity' = any ((select app.sections())::text[]) and 'household' = any ((select app.sections())::text[])
  and exists (select 1 from policies.case_subjects s
    join policies.case_subjects i on i.tenant_id = s.tenant_id and i.case_id = s.case_id and i.section = 'identity'
    where s.tenant_id = persons.tenant_id and s.person_id = persons.id and s.section = 'household'));

-- Cases that were opened before the households changed.
insert into policies.case_subjects (tenant_id, case_id, person_id, section)
  select distinct i.tenant_id, i.case_id, other.person_id, 'household'
  from policies.case_subjects i
  join registry.members mine on mine.tenant_id = i.tenant_id and mine.person_id = i.person_id and mine.valid_to is null
  join registry.members other on other.tenant_id = mine.tenant_id and other.household_id = mine.household_id and other.valid_to is null
  where i.section = 'identity'
  on conflict do nothing;
update policies.case_subjects s set valid_to = now()
  where s.section = 'household' and not exists (select 1 from policies.case_subjects i
    where i.tenant_id = s.tenant_id and i.case_id = s.case_id and i.section = 'identity' and (i.person_id = s.person_id
      or exists (select 1 from registry.members mine
        join registry.members other on other.tenant_id = mine.tenant_id and other.household_id = mine.household_id and other.valid_to is null
        where mine.tenant_id = i.tenant_id and mine.person_id = i.person_id and mine.valid_to is null and other.person_id = s.person_id)));

-- +goose Up
-- Who the case is about comes first; who lives with that person is asked only of the others.
drop policy lives_with on registry.persons;
alter policy granted on registry.persons using (
  'identity' = any ((select app.sections())::text[])
  and (exists (select 1 from policies.case_subjects s
      where s.tenant_id = persons.tenant_id and s.person_id = persons.id and s.section = 'identity')
    or 'household' = any ((select app.sections())::text[])
      and exists (select 1 from policies.case_subjects s
        join policies.case_subjects i on i.tenant_id = s.tenant_id and i.case_id = s.case_id and i.section = 'identity'
        where s.tenant_id = persons.tenant_id and s.person_id = persons.id and s.section = 'household')));

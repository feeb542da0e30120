-- +goose Up
-- Who goes along with a case: its person with the contact details of now, and the households in which the person lives now.
-- Where the taking body knows them, by an earlier handover, what it has counts.
call app.handover_table('registry.persons', 't.id = any ($3)', person_column => 'id', section => '''identity''', merges => true);
call app.handover_table('registry.contacts', $$t.person_id = any ($3) and t.valid_to is null
    and exists (select 1 from policies.case_subjects s where s.tenant_id = t.tenant_id and s.case_id = $2 and s.person_id = t.person_id
      and s.section = 'contacts' and s.valid_to is null)$$,
  person_column => 'person_id', section => '''contacts''', merges => true);
call app.handover_table('registry.households', $$t.id in (select m.household_id from registry.members m
    join policies.case_subjects s on s.tenant_id = m.tenant_id and s.person_id = m.person_id and s.case_id = $2 and s.section = 'identity'
    where m.tenant_id = $1 and m.person_id = any ($3) and m.valid_to is null)$$,
  section => '''household''', merges => true);
call app.handover_table('registry.members', $$t.valid_to is null and t.person_id = any ($3)
    and t.household_id in (select m.household_id from registry.members m
      join policies.case_subjects s on s.tenant_id = m.tenant_id and s.person_id = m.person_id and s.case_id = $2 and s.section = 'identity'
      where m.tenant_id = $1 and m.person_id = any ($3) and m.valid_to is null)$$,
  person_column => 'person_id', section => '''household''', merges => true);

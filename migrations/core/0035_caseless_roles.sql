-- +goose Up
-- Roles to which the program gives no case: who configures may hold them too, so that no rule of a body lets them come to one.
-- Which permissions are about people's cases is for policies.CheckFloor to know.
alter table platform.policy_rules add constraint caseless check (effect = 'deny'
  or role not in ('district_contact', 'plan_office', 'practice_owner', 'lead_contact')
  or object not in ('case', 'identity', 'household', 'contacts', 'intake', 'assessment', 'icf', 'plan', 'interventions', 'school',
    'diary', 'documents', 'judicial', 'health'));

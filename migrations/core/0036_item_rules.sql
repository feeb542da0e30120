-- +goose Up
-- What the role of an item may have, whoever writes it: what the schema of the kind lists and nothing else.
alter table platform.policy_rules drop constraint items;
alter table platform.policy_rules add constraint items check (role not like 'item:%' or effect = 'allow' and (
  relation in ('assigned', 'team', 'body') and (
    object in ('identity', 'household', 'contacts', 'intake', 'assessment', 'icf', 'plan', 'interventions', 'school', 'diary', 'documents', 'judicial', 'health')
      and action in ('read', 'write')
    or object = 'case' and action in ('open', 'work', 'team', 'assign'))
  or relation = 'body' and object || ':' || action in (
    'person:read', 'person:write', 'contact:read', 'contact:write', 'desk:read', 'case:read', 'case:create', 'case:write', 'case_access:explain',
    'instrument:read', 'instrument:write', 'practice:read', 'practice:write', 'adoption:read', 'adoption:write', 'proposal:read', 'proposal:write',
    'item:read', 'item:write', 'share:offer', 'share:close', 'share:read', 'agreement:read')));

-- A change that came with an item of the body: which, and at which version of it; no version of one that went out of use.
alter table policies.rule_changes add column item text not null default '' check (length(item) <= 64);
alter table policies.rule_changes add column item_version int;

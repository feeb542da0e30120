-- +goose Up
-- What a body makes of an item is held against the kit from which it took it: a published kit never changes, so that what it
-- held (the base of a merge) is read there and kept once.
alter table practice.adoption_items add column kit_id uuid references commons.kits (id);
update practice.adoption_items i set kit_id = k.id from practice.adoptions a join commons.kits k on k.practice_id = a.practice_id
  where a.id = i.adoption_id and k.release = i.release;
alter table practice.adoption_items alter column kit_id set not null, drop column base, drop column release,
  drop constraint adoption_items_decision_check,
  -- left: the item has nothing to do with the kit any more, because the kit gave it up or the body went back to before it
  add constraint adoption_items_decision_check check (decision in ('adopted', 'adapted', 'dropped', 'left'));

-- What a run found and left of each item, whole, so that it can be undone exactly; an undoing is a run too.
alter table practice.applications add column undoes uuid, add column number bigint generated always as identity,
  add foreign key (tenant_id, undoes) references practice.applications (tenant_id, id),
  add check ((run = 'rollback') = (undoes is not null));
alter table practice.application_items add column found text not null default '{}', add column made text not null default '{}',
  drop column before_version, drop column after_version,
  drop constraint application_items_outcome_check, drop constraint application_items_answer_check,
  add constraint application_items_outcome_check check (outcome in ('new', 'changed', 'merged', 'same', 'dropped', 'removed', 'conflict', 'restored')),
  add constraint application_items_answer_check check (answer in ('', 'ours', 'kit', 'merge'));
alter table practice.adoptions_journal drop constraint adoptions_journal_event_check,
  add constraint adoptions_journal_event_check check (event in ('started', 'moved', 'applied', 'undone'));

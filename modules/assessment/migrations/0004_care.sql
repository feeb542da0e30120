-- +goose Up
-- In joint care another body makes assessments of its own, with the instruments of the body that has the case.
call app.care_table('assessment.assessments', 'assessments.section', 'assessments.state = ''draft''');
grant update (answers, score, band, band_it, band_en, state, done_on, updated_at, finalised_at, version) on assessment.assessments to staffetta_guest;
alter policy drafts_stay on assessment.assessments using (state = 'final'
  or (author_tenant = (select app.tenant()) and author_account = (select app.account())));
create policy instruments_of_care on kit.items for select to staffetta_guest using (
  kind = 'assessment' and state = 'published' and 'assessment' = any ((select app.writable())::text[])
  and exists (select 1 from policies.case_grants g where g.tenant_id = items.tenant_id and g.section::text = 'assessment' and g.can_write));
grant select on kit.items to staffetta_guest;
create policy instruments_of_care on kit.item_versions for select to staffetta_guest using (
  kind = 'assessment' and exists (select 1 from kit.items i where i.tenant_id = item_versions.tenant_id and i.version_id = item_versions.id));
create trigger tell_care_begun after insert on assessment.assessments for each row when (new.state = 'final') execute function casefile.tell_care('/valutazioni');
create trigger tell_care after update on assessment.assessments for each row when (old.state = 'draft' and new.state = 'final')
  execute function casefile.tell_care('/valutazioni');

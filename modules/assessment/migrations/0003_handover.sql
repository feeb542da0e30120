-- +goose Up
-- Final assessments go along with their case, each with the version that it was made with.
call app.handover_table('assessment.assessments', $$t.case_id = $2 and t.state = 'final'$$, case_column => 'case_id', section => 't.section',
  used_item => 'item_version_id');
call app.handover_obligation('assessment_draft', 'assessment.assessments', $$t.case_id = $2 and t.state = 'draft'$$, due => 't.done_on');
create trigger keep_transferred before insert or update on assessment.assessments
  for each row execute function casefile.keep_transferred();

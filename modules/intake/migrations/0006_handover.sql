-- +goose Up
-- The contacts of a case go along with it; an open one gets an operator there, and is over here.
call app.handover_table('intake.contacts', 't.case_id = $2', case_column => 'case_id', person_column => 'person_id', section => '''intake''');
call app.handover_table('intake.addenda', $$exists (select 1 from intake.contacts c
    where c.tenant_id = t.tenant_id and c.id = t.contact_id and c.case_id = $2)$$, section => '''intake''');
call app.handover_table('intake.forms', $$t.case_id = $2 and t.state = 'final'$$, case_column => 'case_id', section => '''intake''', used_item => 'item_version_id');
call app.handover_obligation('contact_open', 'intake.contacts', $$t.case_id = $2 and t.state <> 'closed'$$, due => 't.at',
  owner_column => 'operator_account', owner_name => 'operator_name',
  ended => $$state = 'closed', outcome = 'signposting', signposting = 'Passaggio di competenza', closed_at = app.now(), closed_by = app.account(), closed_name = $3$$);
call app.handover_obligation('form_draft', 'intake.forms', $$t.case_id = $2 and t.state = 'draft'$$, due => 't.created_at');
create trigger keep_transferred before insert or update on intake.contacts
  for each row when (new.case_id is not null) execute function casefile.keep_transferred();
create trigger keep_transferred before insert or update on intake.forms
  for each row when (new.case_id is not null) execute function casefile.keep_transferred();

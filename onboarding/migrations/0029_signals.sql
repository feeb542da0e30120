-- +goose Up
-- What waits for a second person is told to who decides.
create trigger signal_mail_insert after insert on onboarding.exports referencing new table as changed
  for each statement execute function platform.signal('tenant_id');
create trigger signal_mail_insert after insert on onboarding.leavings referencing new table as changed
  for each statement execute function platform.signal('tenant_id');
create trigger signal_mail_insert after insert on onboarding.disposals referencing new table as changed
  for each statement execute function platform.signal('tenant_id');
create trigger signal_mail_insert after insert on onboarding.privacy_versions referencing new table as changed
  for each statement execute function platform.signal('tenant_id');
create trigger signal_mail_update after update on onboarding.invitations referencing new table as changed
  for each statement execute function platform.signal('tenant_id');

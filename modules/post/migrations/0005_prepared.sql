-- +goose Up
-- An upgrade that a campaign has prepared waits for a decision of its body.
create trigger signal_mail_update after update on practice.campaign_entries referencing new table as changed
  for each statement execute function post.signal('tenant_id');

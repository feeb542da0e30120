-- +goose Up
-- What somebody lets stand in a draft kit waits for a second person.
create trigger signal_mail_update after update on practice.kits referencing new table as changed
  for each statement execute function post.signal('tenant_id');

-- +goose Up
-- What goes back and forth about a proposed improvement, and a newer kit of an adopted practice.
create trigger signal_mail_update after update on practice.proposals referencing new table as changed
  for each statement execute function post.signal('ceding_tenant', 'reusing_tenant');
create trigger signal_mail_insert after insert on practice.adoption_news referencing new table as changed
  for each statement execute function post.signal('tenant_id');

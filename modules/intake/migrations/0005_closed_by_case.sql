-- +goose Up
-- A contact that its case closes has the name of who opened the case, and an event of its own, which names the case. Both
-- are those of the event by which the case was opened in the same transaction; that one is written after the case, hence at
-- the end. A contact is never closed by a case without it.
-- +goose StatementBegin
create function intake.tell_closing() returns trigger language plpgsql set search_path = '' as $$
declare
  e audit.events;
begin
  select x.* into e from audit.events x
    where x.tenant_id = new.tenant_id and x.txid = pg_current_xact_id() and x.action = 'case.create' and x.object_id = new.case_id;
  if not found then
    raise exception 'a case closes a contact without an event of its opening' using errcode = 'insufficient_privilege';
  end if;
  update intake.contacts c set closed_name = e.actor_name where c.tenant_id = new.tenant_id and c.id = new.id;
  insert into audit.events (tenant_id, id, at, actor_tenant, account_id, actor_name, assurance, purpose, request_id,
      action, relation, object_id, case_id, sections, payload, payload_hash)
    values (e.tenant_id, gen_random_uuid(), clock_timestamp(), e.actor_tenant, e.account_id, e.actor_name, e.assurance, e.purpose,
      e.request_id, 'contact.close', e.relation, new.id, new.case_id, '{intake}', '{}', sha256('{}'));
  return null;
end $$;
-- +goose StatementEnd
create constraint trigger tell_closing after update of state on intake.contacts deferrable initially deferred
  for each row when (old.state <> 'closed' and new.state = 'closed' and new.case_id is not null and new.closed_name = '')
  execute function intake.tell_closing();

-- +goose Up
-- A contact that leads to a case stays open until the case is there; then it is closed by it, as one that was proposed for
-- taking in charge, and names it. Who closed it is who opened the case, whose audit event tells it.
-- +goose StatementBegin
create or replace function intake.link_case() returns trigger language plpgsql set search_path = '' as $$
begin
  update intake.contacts c set case_id = new.id, version = c.version + 1
    where c.tenant_id = new.tenant_id and c.id = new.contact_id and c.case_id is null and c.person_id = new.person_id;
  if found then
    update intake.contacts c set state = 'closed', outcome = 'taking_in_charge', closed_at = now(), closed_by = app.account()
      where c.tenant_id = new.tenant_id and c.id = new.contact_id and c.state <> 'closed';
  end if;
  return null;
end $$;
-- +goose StatementEnd

-- +goose Up
-- Who comes too late with something for a case that has just passed is told so, as of any other conflict: the doors know the
-- code SF409 (package tenants).
-- +goose StatementBegin
create or replace function casefile.keep_transferred() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  perform 1 from casefile.cases c where c.tenant_id = new.tenant_id and c.id = new.case_id and c.transferred_to is null for key share;
  if not found and exists (select 1 from casefile.cases c where c.tenant_id = new.tenant_id and c.id = new.case_id) then
    raise exception 'the case has passed to another body' using errcode = 'SF409', constraint = 'transferred';
  end if;
  return new;
end $$;
-- +goose StatementEnd

-- +goose Up
-- Takes a role back from today on. Somebody else looks after the rules for at least as long as who loses that role would have.
-- +goose StatementBegin
create or replace function platform.end_role(membership uuid) returns uuid language plpgsql security definer set search_path = '' as $body$
declare
  me int := app.tenant();
  m platform.memberships;
begin
  if app.account() is null then
    raise exception 'nobody takes back' using errcode = 'insufficient_privilege';
  end if;
  perform 1 from platform.tenants t where t.id = me for no key update;
  select x.* into m from platform.memberships x
    where x.tenant_id = me and x.id = membership and (x.valid_to is null or x.valid_to >= greatest(x.valid_from, app.now()::date)) for update;
  if not found then
    raise exception 'no such role' using errcode = 'no_data_found';
  end if;
  if m.role = 'tenant_admin' and not exists (select 1 from platform.memberships o
      where o.tenant_id = me and o.role = 'tenant_admin' and o.account_id <> m.account_id and o.valid_from <= app.now()::date
        and coalesce(o.valid_to, 'infinity') >= coalesce(m.valid_to, 'infinity')) then
    raise exception 'nobody would look after the rules' using errcode = 'SF409';
  end if;
  update platform.memberships x set valid_to = greatest(x.valid_from, app.now()::date) - 1 where x.id = membership;
  return m.account_id;
end $body$;
-- +goose StatementEnd

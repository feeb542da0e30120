-- +goose Up
-- Turns modules of the actor's own body on or off, one decision after the other, and lists those that are on then.
-- +goose StatementBegin
create function onboarding.switch_modules(changed text[], turned_on boolean) returns setof text
  language plpgsql security definer set search_path = '' as $body$
declare
  me int := app.tenant();
begin
  if me is null or app.account() is null then
    raise exception 'nobody is signed in' using errcode = 'insufficient_privilege';
  end if;
  perform 1 from platform.tenants t where t.id = me for no key update;
  insert into platform.modules as m (tenant_id, module, active)
    select me, c.id, turned_on from unnest(changed) c (id)
    on conflict (tenant_id, module) do update set active = excluded.active where m.active <> excluded.active;
  return query select m.module from platform.modules m where m.tenant_id = me and m.active order by m.module;
end $body$;
-- +goose StatementEnd
revoke all on function onboarding.switch_modules(text[], boolean) from public;
grant execute on function onboarding.switch_modules(text[], boolean) to staffetta_app;

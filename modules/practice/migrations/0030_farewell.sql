-- +goose Up
-- A body that is shut takes leave of who transfers practices with it: its adoptions end, proposals wait no longer, its needs are gone.
-- What it published stays, with its name.
-- +goose StatementBegin
create function practice.part() returns void
  language plpgsql security definer set search_path = '' as $body$
declare
  me int := app.tenant();
begin
  perform 1 from platform.tenants t where t.id = me and t.state = 'closed';
  if not found then
    raise exception 'the body is not shut' using errcode = 'SF409';
  end if;
  update practice.adoptions a set state = 'ended', version = a.version + 1, updated_at = app.now()
    where a.state <> 'ended' and exists (select from practice.adoptions_parties p where p.adoption_id = a.id and p.tenant_id = me and p.side = 'reusing');
  update practice.proposals p set state = case when p.reusing_tenant = me then 'withdrawn' else 'declined' end, answered_at = app.now(),
      last_tenant = me, last_at = app.now(), version = p.version + 1
    where me in (p.reusing_tenant, p.ceding_tenant) and p.state in ('draft', 'sent', 'discussed');
  delete from commons.needs n where n.tenant_id = me;
end $body$;
-- +goose StatementEnd
revoke all on function practice.part() from public;
grant execute on function practice.part() to staffetta_app;

-- +goose Up
-- Holds still, until the transaction ends, what the rules of the actor's own body are and who holds which role, and tells the rules:
-- who gains and who loses by a change is what somebody has read, or it is refused. Every change of them waits at the same row.
-- +goose StatementBegin
create function platform.hold_rules() returns table (role text, relation text, object text, action text, effect text)
  language plpgsql security definer set search_path = '' as $body$
begin
  perform 1 from platform.tenants t where t.id = app.tenant() for no key update;
  return query select r.role, r.relation, r.object, r.action, r.effect from platform.policy_rules r where r.tenant_id = app.tenant();
end $body$;
-- +goose StatementEnd
revoke all on function platform.hold_rules() from public;
grant execute on function platform.hold_rules() to staffetta_app;

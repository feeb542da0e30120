-- +goose Up
-- The body that came of an entry has in its own chain who brought it live, in the transaction of the entry. A second
-- transaction beside the first took a second connection for each: when all connections wait for one entry, nobody goes on.
-- +goose StatementBegin
create function onboarding.tell_body(entry uuid, event uuid, written timestamptz) returns void
  language plpgsql security definer set search_path = '' as $body$
declare
  e audit.events := audit.own_event(event, written, entry, 'entry.activate');
begin
  insert into audit.events (tenant_id, id, at, actor_tenant, account_id, actor_name, assurance, purpose, request_id,
      action, relation, object_id, payload, payload_hash)
    select x.body_id, e.id, e.at, e.actor_tenant, e.account_id, e.actor_name, e.assurance, e.purpose, e.request_id,
      'body.activate', e.relation, entry, '{}', sha256('{}')
    from onboarding.entries x where x.tenant_id = app.tenant() and x.id = entry and x.state = 'live' and x.body_id is not null;
  if not found then
    raise exception 'the entry is no body' using errcode = 'insufficient_privilege';
  end if;
end $body$;
-- +goose StatementEnd
revoke all on function onboarding.tell_body(uuid, uuid, timestamptz) from public;
grant execute on function onboarding.tell_body(uuid, uuid, timestamptz) to staffetta_app;

-- +goose Up
-- Bodies that whoever runs the platform makes, many at once: each has in its own chain that it was made, in the transaction that
-- makes it. Nobody names the bodies: they are those of this very transaction, and as many as there are events.
-- +goose StatementBegin
create function platform.tell_made(events uuid[], actor text, request text) returns void
  language plpgsql security definer set search_path = '' as $body$
declare
  told int;
begin
  insert into audit.events (tenant_id, id, at, actor_tenant, actor_name, purpose, request_id, action, payload, payload_hash)
    select m.id, events[m.n], clock_timestamp(), p.id, actor, 'operator', request, 'body.enter', '{}', sha256('{}')
    from (select t.id, row_number() over (order by t.id) as n from platform.tenants t
        where t.xmin = pg_current_xact_id()::xid and t.created_at = transaction_timestamp() and t.kind <> 'platform') m,
      platform.tenants p where p.kind = 'platform';
  get diagnostics told = row_count;
  if told <> cardinality(events) then
    raise exception 'made % bodies, told %', told, cardinality(events) using errcode = 'insufficient_privilege';
  end if;
end $body$;
-- +goose StatementEnd
revoke all on function platform.tell_made(uuid[], text, text) from public;
grant execute on function platform.tell_made(uuid[], text, text) to staffetta_platform;

-- +goose Up
-- Nobody writes a grant but the steps of a share, which ask its agreement first: active, in date, with an edge from the
-- owner to the grantee, and with the section. Who may insert here could show a case to a body without any of these.
revoke insert, update on policies.case_grants from staffetta_app;

-- An event that this very transaction wrote into the chain of the actor's body about an object; it is called by the
-- functions that copy it into the chains of the other bodies, so that both chains have it or neither.
-- +goose StatementBegin
create function audit.own_event(event uuid, written timestamptz, object uuid, actions text) returns audit.events
  language plpgsql set search_path = '' as $body$
declare
  e audit.events;
begin
  select x.* into e from audit.events x
    where x.tenant_id = app.tenant() and x.id = event and x.at = written and x.txid = pg_current_xact_id()
      and x.object_id = object and x.action like actions
      and x.actor_tenant = app.tenant() and x.account_id is not distinct from app.account();
  if not found then
    raise exception 'no event of this transaction' using errcode = 'insufficient_privilege';
  end if;
  return e;
end $body$;
-- +goose StatementEnd

-- The other parties of an agreement are told of a step: who did what, and nothing that the actor's body could choose.
-- +goose StatementBegin
create function policies.tell_parties(agreement uuid, event uuid, written timestamptz) returns void
  language plpgsql security definer set search_path = '' as $body$
declare
  e audit.events := audit.own_event(event, written, agreement, 'agreement.%');
begin
  if not exists (select 1 from policies.agreements_parties p where p.agreement_id = agreement and p.tenant_id = app.tenant()) then
    raise exception 'not a party' using errcode = 'insufficient_privilege';
  end if;
  insert into audit.events (tenant_id, id, at, actor_tenant, account_id, actor_name, assurance, purpose, request_id,
      action, relation, object_id, payload, payload_hash)
    select p.tenant_id, e.id, e.at, e.actor_tenant, e.account_id, e.actor_name, e.assurance, e.purpose, e.request_id,
      e.action, e.relation, agreement, '{}', sha256('{}')
    from policies.agreements_parties p where p.agreement_id = agreement and p.tenant_id <> app.tenant();
end $body$;
-- +goose StatementEnd
revoke all on function audit.own_event(uuid, timestamptz, uuid, text), policies.tell_parties(uuid, uuid, timestamptz) from public;
grant execute on function policies.tell_parties(uuid, uuid, timestamptz) to staffetta_app;

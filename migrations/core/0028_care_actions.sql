-- +goose Up
-- Who writes in joint care says of its own notes, documents and assessments what it did, and of nothing else.
-- +goose StatementBegin
create or replace function policies.write_care(event jsonb) returns void
  language plpgsql security definer set search_path = '' as $body$
declare
  g policies.case_grants;
begin
  if event ->> 'action' !~ '^(note|document|assessment)\.[a-z_]+$' then
    raise exception 'not an action of joint care' using errcode = 'insufficient_privilege';
  end if;
  select x.* into g from policies.case_grants x
    where x.share_id = (event ->> 'share')::uuid and x.section::text = event ->> 'section' and x.can_write and x.grantee = app.tenant()
      and x.valid @> app.now()
      and (x.grantee_account is null or x.grantee_account = app.account())
      and (x.grantee_office is null or x.grantee_office = any (app.offices()))
      and x.agreement_id = any (policies.live_agreement_ids());
  if not found then
    raise exception 'no grant to write' using errcode = 'insufficient_privilege';
  end if;
  insert into audit.events (tenant_id, id, actor_tenant, account_id, actor_name, assurance, purpose, request_id,
      action, relation, object_id, case_id, sections, share_id, payload, payload_hash)
    select body, gen_random_uuid(), app.tenant(), app.account(), event ->> 'actor', (event ->> 'assurance')::int, coalesce(app.purpose(), ''),
      event ->> 'request', event ->> 'action', 'guest', (event ->> 'object')::uuid, g.case_id, array[g.section::text], g.share_id, '{}', sha256('{}')
    from unnest(array[g.tenant_id, app.tenant()]) body;
end $body$;
-- +goose StatementEnd

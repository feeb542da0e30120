-- +goose Up
-- Joint care: under a grant that says so, the other body writes rows of its own into the case, each with its author. It can
-- change what it has not signed, and delete nothing. mine is SQL over t: which of its rows an author may still change; null for
-- none. authorship is fixed: t has author_tenant and author_account.
-- +goose StatementBegin
create procedure app.care_table(t regclass, section text, mine text default null) language plpgsql set search_path = '' as $$
declare
  granted text := format($policy$(%2$s)::text = any ((select app.writable())::text[])
    and %1$s.author_tenant = (select app.tenant()) and %1$s.author_account = (select app.account())
    and exists (select 1 from policies.case_grants g
      where g.tenant_id = %1$s.tenant_id and g.case_id = %1$s.case_id and g.section::text = (%2$s)::text and g.can_write)$policy$, t, section);
begin
  execute format('create policy care on %s for insert to staffetta_guest with check (%s)', t, granted);
  execute format('grant insert on %s to staffetta_guest', t);
  if mine is not null then
    execute format('create policy care_mine on %s for update to staffetta_guest using (%s and %s) with check (%2$s)', t, granted, mine);
  end if;
end $$;
-- +goose StatementEnd

-- A step of a share finds its grants by the share.
create index on policies.case_grants (share_id);

-- What a body writes into a case of another one stands in both chains. The case, its owner and the section come from a grant
-- that lets the actor write now, never from the caller.
-- +goose StatementBegin
create function policies.write_care(event jsonb) returns void
  language plpgsql security definer set search_path = '' as $body$
declare
  g policies.case_grants;
begin
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
revoke all on function policies.write_care(jsonb) from public;
grant execute on function policies.write_care(jsonb) to staffetta_guest;
-- A guest's functions ask for the agreements that live for its body.
grant execute on function policies.live_agreement_ids() to staffetta_guest;

-- +goose Up
-- Who asks again within the hour about the same person learns nothing new and is not counted again: the pages of one visit to
-- the access desk ask more than once. Every question stands in the audit as before.
-- +goose StatementBegin
create or replace function policies.known_elsewhere(agreement uuid, token bytea, event uuid, written timestamptz)
  returns table (body int, known boolean) language plpgsql security definer set search_path = '' as $body$
declare
  allowed boolean;
begin
  if app.account() is null or not agreement = any (policies.live_agreement_ids())
    or not exists (select 1 from policies.agreements a where a.id = agreement and a.known_elsewhere) then
    raise exception 'no such agreement' using errcode = 'no_data_found';
  end if;
  perform audit.own_event(event, written, agreement, 'known.%');
  allowed := policies.has_asked(agreement, token) or policies.count_question(agreement);
  delete from policies.known_asked q where q.tenant_id = app.tenant() and q.asked_at <= app.now() - interval '1 hour';
  if allowed then
    insert into policies.known_asked as q (tenant_id, agreement_id, account_id, token, asked_at)
      values (app.tenant(), agreement, app.account(), known_elsewhere.token, app.now())
      on conflict on constraint known_asked_pkey do update set asked_at = app.now();
  end if;
  return query select e.from_tenant, case when allowed then exists (select 1 from policies.case_tokens t
      where t.agreement_id = agreement and t.generation = policies.key_in_use(agreement) and t.token = known_elsewhere.token
        and t.tenant_id = e.from_tenant) end
    from policies.agreements_edges e where e.agreement_id = agreement and e.to_tenant = app.tenant() order by e.from_tenant;
end $body$;
-- +goose StatementEnd

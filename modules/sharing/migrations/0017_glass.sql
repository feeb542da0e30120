-- +goose Up
-- Three hours are three hours: no later step makes an emergency longer, nor does a handover issue it anew.
alter table sharing.shares add constraint three_hours check (kind <> 'break_glass' or valid_to <= offered_at + interval '3 hours');
create or replace function sharing.agreement_for(o sharing.shares, taker int) returns policies.agreements language sql stable set search_path = '' as $body$
  select a from policies.agreements a
  join policies.agreements_edges e on e.agreement_id = a.id and e.from_tenant = taker and e.to_tenant = o.receiver_tenant
  where a.state = 'active' and a.valid @> app.now() and o.purpose = any (a.purposes) and o.sections <@ a.sections and o.writable <@ a.writable
    and o.state = 'active' and o.valid_to > app.now() and o.receiver_tenant <> taker and o.kind <> 'break_glass'
  order by upper(a.valid) desc nulls first, a.id limit 1
$body$;

-- Whether the owner ended an emergency of the actor's in the case, or found it wrong: they open it no more by themselves.
create function sharing.was_ended(body int, file uuid) returns boolean language sql stable set search_path = '' as $$
  select exists (select 1 from sharing.shares x join sharing.shares_details d on d.share_id = x.id join sharing.emergencies e on e.share_id = x.id
    where d.owner_tenant = body and d.case_id = file and x.receiver_tenant = app.tenant() and x.receiver_account = app.account()
      and (x.state = 'revoked' or e.verdict = 'unjustified'))
$$;

-- As before; and it opens only what the actor asked for first (policies.known_elsewhere), which is counted.
-- +goose StatementBegin
create or replace function sharing.break_glass(opening jsonb, code text, token bytea, event uuid, written timestamptz) returns uuid
  language plpgsql security definer set search_path = '' as $body$
declare
  s sharing.shares := jsonb_populate_record(null::sharing.shares, opening);
  file uuid;
begin
  if app.tenant() is null or app.account() is null or exists (select 1 from platform.memberships m
      where m.tenant_id = app.tenant() and m.account_id = app.account() and m.valid_from <= app.now()::date
        and (m.valid_to is null or m.valid_to >= app.now()::date)
        and m.role in ('tenant_admin', 'dpo', 'platform_operator', 'platform_reviewer')) then
    raise exception 'who configures opens no case' using errcode = 'insufficient_privilege';
  end if;
  s.receiver_tenant := app.tenant();
  s.writable := '{}';
  select least(app.now() + interval '3 hours', upper(a.valid)) into s.valid_to from policies.agreements a where a.id = s.agreement_id and a.break_glass;
  if s.valid_to is null then
    raise exception 'the agreement names no emergency' using errcode = 'check_violation', constraint = 'agreement';
  end if;
  perform sharing.check_agreed(s);
  if not policies.has_asked(s.agreement_id, token) then
    raise exception 'nobody asked' using errcode = 'no_data_found';
  end if;
  select f.case_id into file from sharing.findable_cases(s.owner_tenant) f
    join policies.case_tokens t on t.tenant_id = s.owner_tenant and t.agreement_id = s.agreement_id and t.case_id = f.case_id
      and t.generation = policies.key_in_use(s.agreement_id) and t.token = break_glass.token
    join casefile.cases c on c.tenant_id = s.owner_tenant and c.id = f.case_id
    where f.tax_code = code order by c.opened_at desc, c.id limit 1;
  if file is null then
    raise exception 'no such case' using errcode = 'no_data_found';
  end if;
  if sharing.was_ended(s.owner_tenant, file) then
    raise exception 'the owner ended it' using errcode = 'check_violation', constraint = 'ended';
  end if;
  insert into sharing.shares (id, kind, state, owner_tenant, receiver_tenant, receiver_account, agreement_id, purpose, purpose_label, legal_basis,
      sections, answer_by, valid_to, preview, offered_tenant, offered_by, offered_name, offered_at, decided_tenant, decided_by, decided_name,
      decided_at, moved_by, moved_at)
    values (s.id, 'break_glass', 'active', s.owner_tenant, app.tenant(), app.account(), s.agreement_id, s.purpose, s.purpose_label, 'vital_interest',
      s.sections, s.valid_to, s.valid_to, s.preview, app.tenant(), app.account(), s.offered_name, app.now(), app.tenant(), app.account(), s.offered_name,
      app.now(), app.account(), app.now());
  insert into sharing.shares_details (share_id, owner_tenant, case_id, reason) values (s.id, s.owner_tenant, file, opening ->> 'reason');
  insert into sharing.shares_parties values (s.id, s.owner_tenant, 'owner'), (s.id, app.tenant(), 'receiver');
  insert into sharing.emergencies (share_id, owner_tenant, review_by) values (s.id, s.owner_tenant, app.now() + interval '5 days');
  insert into policies.case_grants (tenant_id, id, share_id, agreement_id, case_id, section, grantee, grantee_account, valid)
    select s.owner_tenant, gen_random_uuid(), s.id, s.agreement_id, file, x.section, app.tenant(), app.account(), tstzrange(app.now(), s.valid_to)
    from unnest(s.sections) x (section);
  perform sharing.tell_other(s.id, event, written);
  return file;
end $body$;
-- +goose StatementEnd
revoke all on function sharing.was_ended(int, uuid) from public;

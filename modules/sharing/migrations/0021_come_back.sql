-- +goose Up
-- As before; and a case that comes back is as it was left where it comes from (policies.refresh_case).
-- +goose StatementBegin
create or replace function sharing.hand_over(share uuid, into_person uuid, owners jsonb, actor text) returns text[]
  language plpgsql security definer set search_path = '' as $body$
declare
  s sharing.shares := sharing.lock_share(share);
  h sharing.shares_handovers;
  c casefile.cases;
  taker int := app.tenant();
  persons uuid[] := '{}';
  target uuid;
  comes_back boolean;
begin
  if s.receiver_tenant <> taker then
    raise exception 'not the receiver' using errcode = 'insufficient_privilege';
  end if;
  if s.kind <> 'handover' or s.state <> 'offered' or s.answer_by <= app.now() then
    raise exception 'not offered' using errcode = 'object_not_in_prerequisite_state';
  end if;
  perform sharing.check_handed(s);
  select x.* into strict h from sharing.shares_handovers x where x.share_id = share;
  select x.* into strict c from casefile.cases x join sharing.shares_details d on d.owner_tenant = x.tenant_id and d.case_id = x.id
    where d.share_id = share for update of x;
  if c.closed_at is not null then
    raise exception 'the case is closed' using errcode = 'object_not_in_prerequisite_state';
  end if;
  perform sharing.check_obligations(s.owner_tenant, c.id, h.kept, coalesce(owners, '{}'));
  if into_person is not null and not exists (select 1 from registry.persons x where x.tenant_id = taker and x.id = into_person) then
    raise exception 'not a person of the taking body' using errcode = 'check_violation', constraint = 'person';
  end if;
  target := coalesce(into_person, c.person_id);
  if into_person is null then
    persons := array(select distinct x.person_id from policies.case_subjects x
      where x.tenant_id = s.owner_tenant and x.case_id = c.id and x.valid_to is null union select c.person_id);
  end if;

  -- A case that comes back goes on where it was, under its number.
  update casefile.cases x set transferred_to = null, closed_at = null, version = x.version + 1, state = c.state, state_label = c.state_label,
      workflow_version = null, person_id = case when into_person is null then x.person_id else into_person end, origin_tenant = s.owner_tenant
    where x.tenant_id = taker and x.id = c.id and x.transferred_to is not null;
  comes_back := found;
  if comes_back then
    perform policies.refresh_case(s.owner_tenant, taker, c.id);
  end if;
  perform policies.copy_case(s.owner_tenant, taker, c.id, persons, c.person_id, target,
    case when comes_back then 'none' else casefile.next_number(app.now()) end);
  update casefile.cases x set workflow_version = c.workflow_version, area = c.area where x.tenant_id = taker and x.id = c.id;
  insert into policies.case_subjects (tenant_id, case_id, person_id, section)
    select taker, c.id, case when x.person_id = c.person_id then target else x.person_id end, x.section from policies.case_subjects x
    where x.tenant_id = s.owner_tenant and x.case_id = c.id and x.valid_to is null and (x.person_id = c.person_id or x.person_id = any (persons))
    on conflict (tenant_id, case_id, person_id, section) do update set valid_to = null;
  perform policies.give_obligation(s.owner_tenant, taker, o.key, o.id, k.account_id, k.display_name, actor)
    from policies.obligations_of_case(s.owner_tenant, c.id) o
    cross join lateral (select y.account_id, y.display_name from platform.colleagues() y where y.account_id::text = owners ->> o.id::text limit 1) k
    where o.moves;

  insert into casefile.steps (tenant_id, id, case_id, transition, from_state, to_state, at, account_id, account_name)
    values (s.owner_tenant, gen_random_uuid(), c.id, 'transfer', c.state, 'transferred', app.now(), app.account(), actor);
  update casefile.cases x set state = 'transferred', state_label = 'Chiuso: trasferito', closed_at = app.now(), transferred_to = taker, version = x.version + 1
    where x.tenant_id = s.owner_tenant and x.id = c.id;
  update sharing.shares_handovers x set taken_id = c.id, ended = sharing.follow_shares(s.owner_tenant, taker, c.id, share, actor),
      taken_number = (select y.number from casefile.cases y where y.tenant_id = taker and y.id = c.id)
    where x.share_id = share;
  update sharing.shares x set state = 'closed', version = x.version + 1, decided_tenant = taker, decided_by = app.account(), decided_name = actor,
      decided_at = app.now(), ended_tenant = taker, ended_by = app.account(), ended_name = actor, ended_at = app.now() where x.id = share;
  return policies.files_of_case(taker, c.id);
end $body$;
-- +goose StatementEnd

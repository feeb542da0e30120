-- +goose Up
-- The receiver of a handover is told the names apart, so that it can look whether it knows the person, and why the case passes.
alter table sharing.shares_handovers rename column person_name to surname;
alter table sharing.shares_handovers add column name text not null default '' check (length(name) <= 100),
  add column reason text not null default '' check (length(reason) <= 1000);
drop function sharing.offer_handover(jsonb);
-- +goose StatementBegin
create function sharing.offer_handover(offer jsonb) returns void language plpgsql security definer set search_path = '' as $body$
declare
  s sharing.shares := jsonb_populate_record(null::sharing.shares, offer);
  d sharing.shares_details := jsonb_populate_record(null::sharing.shares_details, offer);
  h sharing.shares_handovers := jsonb_populate_record(null::sharing.shares_handovers, offer);
begin
  if app.tenant() is null or app.account() is null then
    raise exception 'nobody offers' using errcode = 'insufficient_privilege';
  end if;
  s.owner_tenant := app.tenant();
  perform sharing.check_handed(s);
  if s.answer_by is null or s.answer_by <= app.now() then
    raise exception 'no day to answer by' using errcode = 'check_violation', constraint = 'answer_by';
  end if;
  perform 1 from casefile.cases c where c.tenant_id = app.tenant() and c.id = d.case_id and c.closed_at is null for update;
  if not found then
    raise exception 'no such case, or it is closed' using errcode = 'object_not_in_prerequisite_state';
  end if;
  if exists (select 1 from sharing.shares x join sharing.shares_details y on y.share_id = x.id
      where y.owner_tenant = app.tenant() and y.case_id = d.case_id and x.kind = 'handover' and x.state = 'offered' and x.answer_by > app.now()) then
    raise exception 'the case is offered already' using errcode = 'object_not_in_prerequisite_state';
  end if;
  perform sharing.check_obligations(s.owner_tenant, d.case_id, coalesce(h.kept, '{}'), null);
  insert into sharing.shares (id, kind, state, owner_tenant, receiver_tenant, agreement_id, purpose, purpose_label, legal_basis,
      sections, answer_by, valid_to, preview, offered_tenant, offered_by, offered_name, offered_at)
    values (s.id, 'handover', 'offered', s.owner_tenant, s.receiver_tenant, s.agreement_id, s.purpose, s.purpose_label, s.legal_basis,
      s.sections, s.answer_by, s.answer_by, s.preview, app.tenant(), app.account(), s.offered_name, app.now());
  insert into sharing.shares_details (share_id, owner_tenant, case_id, reason) values (s.id, s.owner_tenant, d.case_id, d.reason);
  insert into sharing.shares_handovers (share_id, owner_tenant, surname, name, tax_code, birth_date, case_number, kept, reason)
    select s.id, s.owner_tenant, h.surname, coalesce(h.name, ''), coalesce(h.tax_code, ''), h.birth_date, c.number, coalesce(h.kept, '{}'), d.reason
    from casefile.cases c where c.tenant_id = s.owner_tenant and c.id = d.case_id;
  insert into sharing.shares_parties values (s.id, s.owner_tenant, 'owner'), (s.id, s.receiver_tenant, 'receiver');
end $body$;
-- +goose StatementEnd
revoke all on function sharing.offer_handover(jsonb) from public;
grant execute on function sharing.offer_handover(jsonb) to staffetta_app;

-- Whom the case is joined to is a person of the taking body: the case itself names persons without a key.
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
  perform policies.copy_case(s.owner_tenant, taker, c.id, persons, c.person_id, target,
    case when found then 'none' else casefile.next_number(app.now()) end);
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

-- +goose Up
-- A handover passes the whole case to another body. It shows nothing while it is offered, and is over when it is accepted.
alter table sharing.shares add constraint handover check (kind <> 'handover' or state <> 'active');

-- An ownership offer is never pseudonymous: the receiver is told who the person is. What it is told stands apart from the
-- preview of shares, which holds no identifier.
create table sharing.shares_handovers (
  share_id uuid primary key,
  owner_tenant int not null,
  person_name text not null check (length(person_name) <= 220),
  tax_code text not null default '' check (length(tax_code) <= 16),
  birth_date date,
  case_number text not null,
  kept uuid[] not null default '{}',     -- open obligations that the giving body says it keeps
  taken_id uuid,                         -- the case, once it is taken
  taken_number text not null default '', -- as the taking body numbers it
  ended uuid[] not null default '{}',    -- other shares of the case that ended with it
  foreign key (share_id, owner_tenant) references sharing.shares (id, owner_tenant)
);

-- The receiver reads it while it can answer, and after it has accepted.
create function sharing.handovers_of_tenant() returns setof uuid
  language sql stable security definer set search_path = '' rows 20 as $$
  select h.share_id from sharing.shares_handovers h
  join sharing.shares s on s.id = h.share_id
  join sharing.shares_parties p on p.share_id = h.share_id and p.tenant_id = app.tenant()
  where p.side = 'owner' or s.state = 'offered' and s.answer_by > app.now() or s.state = 'closed'
$$;
revoke all on function sharing.handovers_of_tenant() from public;
grant execute on function sharing.handovers_of_tenant() to staffetta_app, staffetta_guest, staffetta_report;
call app.between_table('sharing.shares_handovers', 'share_id in (select sharing.handovers_of_tenant())');
revoke insert, update on sharing.shares_handovers from staffetta_app;

-- What is open in a case of the actor's body.
create function sharing.open_obligations(file uuid) returns table (key text, id uuid, due date, moves boolean)
  language sql stable security definer set search_path = '' as
  $$ select o.key, o.id, o.due, o.moves from policies.obligations_of_case(app.tenant(), file) o $$;

-- Refuses a handover that no agreement carries now: active, in date, in this direction and for this purpose. The sections of
-- the agreement bound what is shown of a case; a handover leaves nothing to show.
-- +goose StatementBegin
create function sharing.check_handed(s sharing.shares) returns void language plpgsql stable set search_path = '' as $body$
declare
  a policies.agreements;
begin
  select g.* into a from policies.agreements g
    where g.id = s.agreement_id and g.state = 'active' and g.valid @> app.now()
      and exists (select 1 from policies.agreements_edges e
        where e.agreement_id = g.id and e.from_tenant = s.owner_tenant and e.to_tenant = s.receiver_tenant);
  if not found then
    raise exception 'no active agreement' using errcode = 'check_violation', constraint = 'agreement';
  end if;
  if not s.purpose = any (a.purposes) then
    raise exception 'the agreement has not the purpose' using errcode = 'check_violation', constraint = 'purpose';
  end if;
end $body$;
-- +goose StatementEnd

-- Refuses while something open has neither a new owner (owners: id of the row to account) nor stays with the giving body.
-- +goose StatementBegin
create function sharing.check_obligations(body int, file uuid, kept uuid[], owners jsonb) returns void language plpgsql stable set search_path = '' as $body$
begin
  if exists (select 1 from policies.obligations_of_case(body, file) o where not o.moves and not o.id = any (kept)) then
    raise exception 'something open stays with nobody' using errcode = 'check_violation', constraint = 'kept';
  end if;
  if owners is not null and exists (select 1 from policies.obligations_of_case(body, file) o where o.moves
      and not exists (select 1 from platform.colleagues() c where c.account_id::text = owners ->> o.id::text)) then
    raise exception 'something open moves to nobody' using errcode = 'check_violation', constraint = 'owners';
  end if;
end $body$;
-- +goose StatementEnd

-- The owner offers to pass a case of its own.
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
  insert into sharing.shares_handovers (share_id, owner_tenant, person_name, tax_code, birth_date, case_number, kept)
    select s.id, s.owner_tenant, h.person_name, coalesce(h.tax_code, ''), h.birth_date, c.number, coalesce(h.kept, '{}')
    from casefile.cases c where c.tenant_id = s.owner_tenant and c.id = d.case_id;
  insert into sharing.shares_parties values (s.id, s.owner_tenant, 'owner'), (s.id, s.receiver_tenant, 'receiver');
end $body$;
-- +goose StatementEnd

-- The agreement under which one body may go on showing a case that it takes over, as the share o did: the one that lasts longest.
-- +goose StatementBegin
create function sharing.agreement_for(o sharing.shares, taker int) returns policies.agreements language sql stable set search_path = '' as $body$
  select a from policies.agreements a
  join policies.agreements_edges e on e.agreement_id = a.id and e.from_tenant = taker and e.to_tenant = o.receiver_tenant
  where a.state = 'active' and a.valid @> app.now() and o.purpose = any (a.purposes) and o.sections <@ a.sections and o.writable <@ a.writable
    and o.state = 'active' and o.valid_to > app.now() and o.receiver_tenant <> taker
  order by upper(a.valid) desc nulls first, a.id limit 1
$body$;
-- +goose StatementEnd

-- The other shares of a case that are offered or live.
create function sharing.standing_shares(giver int, file uuid, but uuid) returns setof sharing.shares language sql stable set search_path = '' as $$
  select s from sharing.shares s join sharing.shares_details d on d.share_id = s.id
  where d.owner_tenant = giver and d.case_id = file and s.id <> but
    and (s.state = 'offered' and s.answer_by > app.now() or s.state = 'active' and s.valid_to > app.now())
  order by s.id
$$;

-- What goes along, what is open and what becomes of other shares, for either body while it is offered.
-- +goose StatementBegin
create function sharing.preview_handover(share uuid) returns jsonb language plpgsql stable security definer set search_path = '' as $body$
declare
  s sharing.shares;
  file uuid;
begin
  select x.* into s from sharing.shares x
    where x.id = share and x.kind = 'handover' and x.state = 'offered' and x.answer_by > app.now() and app.tenant() in (x.owner_tenant, x.receiver_tenant);
  if not found then
    raise exception 'no such handover' using errcode = 'no_data_found';
  end if;
  select d.case_id into strict file from sharing.shares_details d where d.share_id = share;
  return jsonb_build_object(
    'sections', (select coalesce(jsonb_object_agg(x.section, x.n), '{}') from (
      select c.section, sum(c.n) as n from policies.count_case(s.owner_tenant, file, '{}') c group by 1) x),
    'obligations', (select coalesce(jsonb_agg(jsonb_build_object('key', o.key, 'id', o.id, 'due', o.due, 'moves', o.moves)), '[]')
      from policies.obligations_of_case(s.owner_tenant, file) o),
    'shares', (select coalesce(jsonb_agg(jsonb_build_object('receiver', o.receiver_tenant, 'kind', o.kind, 'until', o.valid_to, 'sections', o.sections,
        'anew', (sharing.agreement_for(o, s.receiver_tenant)).id is not null)), '[]')
      from sharing.standing_shares(s.owner_tenant, file, share) o));
end $body$;
-- +goose StatementEnd

-- Ends the other shares of a case that passes, and issues anew those that an agreement of the taking body carries.
-- +goose StatementBegin
create function sharing.follow_shares(giver int, taker int, file uuid, share uuid, actor text) returns uuid[] language plpgsql set search_path = '' as $body$
declare
  o sharing.shares;
  n sharing.shares;
  a policies.agreements;
  ended uuid[] := '{}';
begin
  for o in select x.* from sharing.standing_shares(giver, file, share) x loop
    perform sharing.lock_standing(o.id);
    a := sharing.agreement_for(o, taker);
    if a.id is not null then
      n := o;
      n.id := gen_random_uuid();
      n.owner_tenant := taker;
      n.agreement_id := a.id;
      n.valid_to := least(o.valid_to, coalesce(upper(a.valid), o.valid_to));
      n.answer_by := least(o.answer_by, n.valid_to);
      n.offered_tenant := taker;
      n.offered_by := app.account();
      n.offered_name := actor;
      n.offered_at := app.now();
      n.version := 1;
      n.moved_by := null;
      n.moved_at := null;
      insert into sharing.shares values (n.*);
      insert into sharing.shares_details
        select (jsonb_populate_record(d, jsonb_build_object('share_id', n.id, 'owner_tenant', taker))).* from sharing.shares_details d where d.share_id = o.id;
      insert into sharing.shares_parties values (n.id, taker, 'owner'), (n.id, n.receiver_tenant, 'receiver');
      insert into policies.case_grants
        select (jsonb_populate_record(g, jsonb_build_object('tenant_id', taker, 'id', gen_random_uuid(), 'share_id', n.id, 'agreement_id', n.agreement_id,
          'valid', tstzrange(app.now(), n.valid_to), 'created_at', app.now()))).*
        from policies.case_grants g where g.tenant_id = giver and g.share_id = o.id and g.valid @> app.now();
    end if;
    update sharing.shares x set version = x.version + 1, outcome = 'Passaggio di competenza',
        state = case when x.state = 'offered' then 'withdrawn' when x.kind = 'service_request' then 'revoked' else 'closed' end,
        ended_tenant = giver, ended_by = app.account(), ended_name = actor, ended_at = app.now() where x.id = o.id;
    ended := ended || o.id;
  end loop;
  update policies.case_grants g set valid = tstzrange(lower(g.valid), greatest(lower(g.valid), app.now()))
    where g.tenant_id = giver and g.case_id = file and upper(g.valid) > app.now();
  return ended;
end $body$;
-- +goose StatementEnd
create function sharing.lock_standing(share uuid) returns void language sql set search_path = '' as
  $$ select 1 from sharing.shares s where s.id = share for update $$;

-- The receiver takes the case over: its rows go along under the same ids, other shares follow, and what the giving body had is
-- closed. All of it or nothing. into_person is the person of the taking body who this is, or null to take the person along too.
-- It returns the files that the case names, which the caller copies before it commits.
-- +goose StatementBegin
create function sharing.hand_over(share uuid, into_person uuid, owners jsonb, actor text) returns text[]
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

-- The giving body and who lost a share of the case are told who took it over.
-- +goose StatementBegin
create function sharing.tell_handover(share uuid, event uuid, written timestamptz) returns void
  language plpgsql security definer set search_path = '' as $body$
declare
  e audit.events := audit.own_event(event, written, share, 'share.%');
begin
  insert into audit.events (tenant_id, id, at, actor_tenant, account_id, actor_name, assurance, purpose, request_id,
      action, relation, object_id, case_id, sections, share_id, payload, payload_hash)
    select t.body, gen_random_uuid(), e.at, e.actor_tenant, e.account_id, e.actor_name, e.assurance, e.purpose, e.request_id,
      'share.close', e.relation, o.id, d.case_id, o.sections, o.id, '{}', sha256('{}')
    from sharing.shares_handovers h join sharing.shares s on s.id = h.share_id and s.receiver_tenant = app.tenant() and s.state = 'closed'
    cross join lateral unnest(h.ended) x (id) join sharing.shares o on o.id = x.id
    join sharing.shares_details d on d.share_id = o.id
    cross join lateral (values (o.owner_tenant), (o.receiver_tenant)) t (body)
    where h.share_id = share and o.ended_at is not null;
end $body$;
-- +goose StatementEnd

revoke all on function sharing.open_obligations(uuid), sharing.check_handed(sharing.shares), sharing.check_obligations(int, uuid, uuid[], jsonb),
  sharing.offer_handover(jsonb), sharing.agreement_for(sharing.shares, int), sharing.standing_shares(int, uuid, uuid), sharing.preview_handover(uuid),
  sharing.follow_shares(int, int, uuid, uuid, text), sharing.lock_standing(uuid), sharing.hand_over(uuid, uuid, jsonb, text),
  sharing.tell_handover(uuid, uuid, timestamptz) from public;
grant execute on function sharing.open_obligations(uuid), sharing.offer_handover(jsonb), sharing.preview_handover(uuid),
  sharing.hand_over(uuid, uuid, jsonb, text), sharing.tell_handover(uuid, uuid, timestamptz) to staffetta_app;

-- +goose Up
-- A change of residence passes a case to the municipality where the person lives from now on (it: cambio di residenza): a handover
-- whose parts both bodies sign. Where no agreement stands between them, one is made for it alone.
alter table policies.agreements add foreign key (only_share) references sharing.shares (id) deferrable initially deferred;
alter table sharing.shares_handovers add column moved_on date; -- null for a handover for any other cause

-- What the giving body signed: who goes along, and the manifest of what does. It is that body's; the other one is told how much.
create table sharing.relocations (
  tenant_id int not null default app.tenant(),
  share_id uuid not null,
  begun text not null check (begun in ('operator', 'register')),
  going uuid[] not null,                -- who of the household goes along
  manifest jsonb not null,
  digest text not null,                 -- of the manifest's rows and of who goes along
  signed_by uuid not null,
  signed_name text not null check (length(signed_name) <= 120),
  signed_at timestamptz not null,
  confirmed text not null default '',   -- the digest that the taking body signed
  confirmed_by uuid,
  confirmed_name text not null default '' check (length(confirmed_name) <= 120),
  confirmed_at timestamptz,
  primary key (tenant_id, share_id),
  foreign key (share_id, tenant_id) references sharing.shares (id, owner_tenant)
);
call app.own_table('sharing.relocations');
revoke insert, update on sharing.relocations from staffetta_app;

-- No agreement that serves one handover alone carries a share, an ask or another handover.
-- +goose StatementBegin
create or replace function sharing.check_agreed(s sharing.shares) returns void language plpgsql stable set search_path = '' as $body$
declare
  a policies.agreements;
begin
  select g.* into a from policies.agreements g
    where g.id = s.agreement_id and g.state = 'active' and g.valid @> app.now() and g.only_share is null
      and exists (select 1 from policies.agreements_edges e
        where e.agreement_id = g.id and e.from_tenant = s.owner_tenant and e.to_tenant = s.receiver_tenant);
  if not found then
    raise exception 'no active agreement' using errcode = 'check_violation', constraint = 'agreement';
  end if;
  if not s.purpose = any (a.purposes) then
    raise exception 'the agreement has not the purpose' using errcode = 'check_violation', constraint = 'purpose';
  end if;
  if not s.sections <@ a.sections then
    raise exception 'the agreement has not the sections' using errcode = 'check_violation', constraint = 'sections';
  end if;
  if not s.writable <@ a.writable then
    raise exception 'the agreement lets nobody write there' using errcode = 'check_violation', constraint = 'writable';
  end if;
  if s.valid_to <= app.now() or s.valid_to > coalesce(upper(a.valid), 'infinity') then
    raise exception 'the share outlasts the agreement' using errcode = 'check_violation', constraint = 'valid_to';
  end if;
end $body$;
-- +goose StatementEnd

-- +goose StatementBegin
create or replace function sharing.check_handed(s sharing.shares) returns void language plpgsql stable set search_path = '' as $body$
declare
  a policies.agreements;
begin
  select g.* into a from policies.agreements g
    where g.id = s.agreement_id and g.state = 'active' and g.valid @> app.now() and (g.only_share is null or g.only_share = s.id)
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

-- +goose StatementBegin
create or replace function sharing.agreement_for(o sharing.shares, taker int) returns policies.agreements language sql stable set search_path = '' as $body$
  select a from policies.agreements a
  join policies.agreements_edges e on e.agreement_id = a.id and e.from_tenant = taker and e.to_tenant = o.receiver_tenant
  where a.state = 'active' and a.valid @> app.now() and a.only_share is null and o.purpose = any (a.purposes) and o.sections <@ a.sections and o.writable <@ a.writable
    and o.state = 'active' and o.valid_to > app.now() and o.receiver_tenant <> taker and o.kind <> 'break_glass'
  order by upper(a.valid) desc nulls first, a.id limit 1
$body$;
-- +goose StatementEnd

create or replace function sharing.roles_of_partners() returns table (tenant_id int, role text)
  language sql stable security definer set search_path = '' as $$
  select distinct m.tenant_id, m.role from platform.memberships m
  where m.valid_from <= app.now()::date and (m.valid_to is null or m.valid_to >= app.now()::date)
    and m.tenant_id in (
      select e.to_tenant from policies.agreements_edges e join policies.agreements a on a.id = e.agreement_id
      where e.from_tenant = app.tenant() and a.state = 'active' and a.valid @> app.now() and a.only_share is null)
$$;

-- What may be offered: what an agreement carries now, or a proposal for this handover alone that lacks only the receiver's signature.
-- +goose StatementBegin
create function sharing.check_offered(s sharing.shares) returns void language plpgsql stable set search_path = '' as $body$
begin
  if exists (select 1 from policies.agreements a
      join policies.agreements_edges e on e.agreement_id = a.id and e.from_tenant = s.owner_tenant and e.to_tenant = s.receiver_tenant
      where a.id = s.agreement_id and a.only_share = s.id and a.state = 'proposed' and a.valid @> app.now() and s.purpose = any (a.purposes)
        and (select array_agg(p.tenant_id order by p.tenant_id) from policies.agreements_parties p where p.agreement_id = a.id and p.accepted_at is null)
          = array[s.receiver_tenant]) then
    return;
  end if;
  perform sharing.check_handed(s);
end $body$;
-- +goose StatementEnd

-- Such an agreement ends with its handover, however that ends; one that nobody answers ends by the clock.
-- +goose StatementBegin
create function sharing.end_single_agreement() returns trigger language plpgsql set search_path = '' as $body$
begin
  update policies.agreements a set state = 'ended', version = a.version + 1, suspended_by = null,
      ended_by = case when new.state <> 'closed' then app.tenant() end
    where a.only_share = new.id and a.state <> 'ended';
  return null;
end $body$;
-- +goose StatementEnd
create trigger end_single_agreement after update of state on sharing.shares for each row
  when (new.kind = 'handover' and old.state = 'offered' and new.state <> 'offered') execute function sharing.end_single_agreement();

-- The manifest of a case: what goes along and what stays, who, what is open, which benefits run, which other shares there are.
-- going are those of the household who go along.
-- +goose StatementBegin
create function sharing.manifest(owner int, file uuid, going uuid[]) returns jsonb language plpgsql stable set search_path = '' as $body$
declare
  persons uuid[] := array(select distinct x.person_id from policies.case_subjects x
    where x.tenant_id = owner and x.case_id = file and x.valid_to is null and x.person_id = any (going)
    union select c.person_id from casefile.cases c where c.tenant_id = owner and c.id = file order by 1);
  listed jsonb := (select coalesce(jsonb_agg(to_jsonb(r)), '[]') from policies.rows_of_case(owner, file, persons) r);
begin
  return jsonb_build_object('rows', listed,
    'digest', encode(sha256(convert_to(jsonb_build_object('rows', listed, 'persons', persons)::text, 'UTF8')), 'hex'),
    'persons_go', cardinality(persons),
    'persons_stay', (select count(distinct x.person_id) from policies.case_subjects x
      where x.tenant_id = owner and x.case_id = file and x.valid_to is null and not x.person_id = any (persons)),
    'obligations', (select coalesce(jsonb_agg(jsonb_build_object('key', o.key, 'id', o.id, 'due', o.due, 'moves', o.moves, 'benefit', b.benefit)), '[]')
      from policies.obligations_of_case(owner, file) o join platform.handover_obligations b on b.key = o.key),
    'shares', (select coalesce(jsonb_agg(o.id), '[]') from sharing.standing_shares(owner, file, '00000000-0000-0000-0000-000000000000') o where o.kind <> 'handover'),
    'protected', exists (select 1 from casefile.marks m where m.tenant_id = owner and m.case_id = file and m.ended_at is null));
end $body$;
-- +goose StatementEnd

-- The manifest of a case of the actor's body, before it is offered.
create function sharing.relocation_manifest(file uuid, going uuid[]) returns jsonb
  language sql stable security definer set search_path = '' as
  $$ select sharing.manifest(app.tenant(), file, going) where exists (select 1 from casefile.cases c where c.tenant_id = app.tenant() and c.id = file) $$;

-- The giving body signs the manifest that it has seen; it is called by the offer alone, which holds the case.
-- +goose StatementBegin
create function sharing.open_relocation(s sharing.shares, file uuid, offer jsonb) returns void language plpgsql set search_path = '' as $body$
declare
  r sharing.relocations := jsonb_populate_record(null::sharing.relocations, offer);
  m jsonb := sharing.manifest(s.owner_tenant, file, coalesce(r.going, '{}'));
begin
  if m ->> 'digest' is distinct from r.digest then
    raise exception 'the case has changed since its manifest was shown' using errcode = 'object_not_in_prerequisite_state', constraint = 'manifest';
  end if;
  insert into sharing.relocations (tenant_id, share_id, begun, going, manifest, digest, signed_by, signed_name, signed_at)
    values (s.owner_tenant, s.id, r.begun, coalesce(r.going, '{}'), m, r.digest, app.account(), s.offered_name, app.now());
end $body$;
-- +goose StatementEnd

-- Whether what would go along is no longer what was signed: other rows, other persons, something open or a share that was not there.
-- +goose StatementBegin
create function sharing.relocation_changed(r sharing.relocations, now jsonb) returns boolean language sql immutable set search_path = '' as
  $$ select now ->> 'digest' is distinct from r.digest or not (r.manifest -> 'shares') @> (now -> 'shares')
    or not jsonb_path_query_array(r.manifest, '$.obligations[*].id') @> jsonb_path_query_array(now, '$.obligations[*].id') $$;
-- +goose StatementEnd

-- Who of the household goes along with a case that passes; null where everybody does. Refuses what the giving body has not signed as
-- it is now, or the taking one not at all. hand_over calls it, and holds the case.
-- +goose StatementBegin
create function sharing.check_relocation(s sharing.shares, file uuid) returns uuid[] language plpgsql set search_path = '' as $body$
declare
  r sharing.relocations;
begin
  select x.* into r from sharing.relocations x where x.tenant_id = s.owner_tenant and x.share_id = s.id for update;
  if not found then
    return null;
  end if;
  perform 1 from registry.persons p where p.tenant_id = s.owner_tenant and p.id in (select x.person_id from policies.case_subjects x
    where x.tenant_id = s.owner_tenant and x.case_id = file and x.valid_to is null) order by p.id for update;
  if r.confirmed <> r.digest or sharing.relocation_changed(r, sharing.manifest(s.owner_tenant, file, r.going)) then
    raise exception 'what would pass is not what both bodies signed' using errcode = 'object_not_in_prerequisite_state', constraint = 'manifest';
  end if;
  return r.going;
end $body$;
-- +goose StatementEnd

-- The manifest of a change of residence for either body, as it was signed; while it is offered, with what has changed since.
-- +goose StatementBegin
create function sharing.preview_relocation(share uuid) returns jsonb language plpgsql stable security definer set search_path = '' as $body$
declare
  s sharing.shares;
  r sharing.relocations;
  now jsonb;
begin
  select x.* into s from sharing.shares x where x.id = share and app.tenant() in (x.owner_tenant, x.receiver_tenant)
    and (app.tenant() = x.owner_tenant or x.state = 'closed' or x.state = 'offered' and x.answer_by > app.now());
  select x.* into r from sharing.relocations x where x.tenant_id = s.owner_tenant and x.share_id = s.id;
  if r.share_id is null then
    raise exception 'no such change of residence' using errcode = 'no_data_found';
  end if;
  now := r.manifest;
  if s.state = 'offered' then
    now := (select sharing.manifest(s.owner_tenant, d.case_id, r.going) from sharing.shares_details d where d.share_id = share);
  end if;
  return jsonb_build_object('digest', r.digest, 'current', now ->> 'digest', 'changed', sharing.relocation_changed(r, now),
    'persons_go', r.manifest -> 'persons_go', 'persons_stay', r.manifest -> 'persons_stay', 'obligations', r.manifest -> 'obligations',
    'shares', jsonb_array_length(r.manifest -> 'shares'), 'new_shares', jsonb_array_length(now -> 'shares') - (select count(*) from jsonb_array_elements(now -> 'shares') x where r.manifest -> 'shares' @> x),
    'signed_name', r.signed_name, 'signed_at', r.signed_at, 'confirmed_name', case when r.confirmed = r.digest then r.confirmed_name else '' end,
    'confirmed_at', case when r.confirmed = r.digest then r.confirmed_at end,
    'rows', (select coalesce(jsonb_agg(jsonb_build_object('table', coalesce(o."table", n."table"), 'section', coalesce(o.section, n.section),
        'goes', coalesce(o.goes, 0), 'stays', coalesce(o.stays, 0), 'now', coalesce(n.goes, 0), 'changed', o.sum is distinct from n.sum)), '[]')
      from jsonb_to_recordset(r.manifest -> 'rows') as o ("table" text, section text, goes int, stays int, sum text)
      full join jsonb_to_recordset(now -> 'rows') as n ("table" text, section text, goes int, stays int, sum text)
        on n."table" = o."table" and n.section = o.section));
end $body$;
-- +goose StatementEnd

-- The giving body signs again what it has seen, after the case changed; whatever the other one had signed counts no more.
-- +goose StatementBegin
create function sharing.renew_relocation(share uuid, seen text, actor text) returns void language plpgsql security definer set search_path = '' as $body$
declare
  s sharing.shares := sharing.lock_share(share);
  r sharing.relocations;
  file uuid;
  m jsonb;
begin
  if s.owner_tenant <> app.tenant() then
    raise exception 'not the owner' using errcode = 'insufficient_privilege';
  end if;
  select x.* into r from sharing.relocations x where x.tenant_id = s.owner_tenant and x.share_id = share for update;
  if not found then
    raise exception 'no such change of residence' using errcode = 'no_data_found';
  end if;
  if s.state <> 'offered' or s.answer_by <= app.now() then
    raise exception 'not offered' using errcode = 'object_not_in_prerequisite_state';
  end if;
  select d.case_id into strict file from sharing.shares_details d where d.share_id = share;
  perform 1 from casefile.cases c where c.tenant_id = s.owner_tenant and c.id = file for update;
  m := sharing.manifest(s.owner_tenant, file, r.going);
  if m ->> 'digest' is distinct from seen then
    raise exception 'the case has changed since its manifest was shown' using errcode = 'object_not_in_prerequisite_state', constraint = 'manifest';
  end if;
  update sharing.relocations x set manifest = m, digest = seen, signed_by = app.account(), signed_name = actor, signed_at = app.now(), confirmed = ''
    where x.tenant_id = s.owner_tenant and x.share_id = share;
  update sharing.shares_handovers x set kept = array(select o.id from policies.obligations_of_case(s.owner_tenant, file) o where not o.moves)
    where x.share_id = share;
  update sharing.shares x set version = x.version + 1 where x.id = share;
end $body$;
-- +goose StatementEnd

-- The taking body signs the manifest that it has seen, in the act of taking the case.
-- +goose StatementBegin
create function sharing.confirm_relocation(share uuid, seen text, actor text) returns void language plpgsql security definer set search_path = '' as $body$
declare
  s sharing.shares := sharing.lock_share(share);
begin
  if s.receiver_tenant <> app.tenant() then
    raise exception 'not the receiver' using errcode = 'insufficient_privilege';
  end if;
  update sharing.relocations x set confirmed = x.digest, confirmed_by = app.account(), confirmed_name = actor, confirmed_at = app.now()
    where x.tenant_id = s.owner_tenant and x.share_id = share and x.digest = seen and s.state = 'offered' and s.answer_by > app.now();
  if not found then
    raise exception 'it is not what the other body signed' using errcode = 'object_not_in_prerequisite_state', constraint = 'manifest';
  end if;
end $body$;
-- +goose StatementEnd

-- Which roles are staffed at a live body today, without names: whether anybody there can take a case over, agreement or none.
create function sharing.roles_of_body(other int) returns setof text language sql stable security definer set search_path = '' as $$
  select distinct m.role from platform.memberships m join platform.tenants t on t.id = m.tenant_id and t.state = 'active' and t.kind <> 'platform'
  where m.tenant_id = other and app.tenant() is not null and m.valid_from <= app.now()::date and (m.valid_to is null or m.valid_to >= app.now()::date)
$$;

-- +goose StatementBegin
create or replace function sharing.offer_handover(offer jsonb) returns void language plpgsql security definer set search_path = '' as $body$
declare
  s sharing.shares := jsonb_populate_record(null::sharing.shares, offer);
  d sharing.shares_details := jsonb_populate_record(null::sharing.shares_details, offer);
  h sharing.shares_handovers := jsonb_populate_record(null::sharing.shares_handovers, offer);
begin
  if app.tenant() is null or app.account() is null then
    raise exception 'nobody offers' using errcode = 'insufficient_privilege';
  end if;
  s.owner_tenant := app.tenant();
  perform sharing.check_offered(s);
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
  insert into sharing.shares_handovers (share_id, owner_tenant, surname, name, tax_code, birth_date, case_number, kept, reason, moved_on)
    select s.id, s.owner_tenant, h.surname, coalesce(h.name, ''), coalesce(h.tax_code, ''), h.birth_date, c.number, coalesce(h.kept, '{}'), d.reason, h.moved_on
    from casefile.cases c where c.tenant_id = s.owner_tenant and c.id = d.case_id;
  insert into sharing.shares_parties values (s.id, s.owner_tenant, 'owner'), (s.id, s.receiver_tenant, 'receiver');
  if h.moved_on is not null then
    perform sharing.open_relocation(s, d.case_id, offer);
  end if;
end $body$;
-- +goose StatementEnd

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
  going uuid[];
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
  going := sharing.check_relocation(s, c.id);
  target := coalesce(into_person, c.person_id);
  if into_person is null then
    persons := array(select distinct x.person_id from policies.case_subjects x
      where x.tenant_id = s.owner_tenant and x.case_id = c.id and x.valid_to is null and (going is null or x.person_id = any (going))
      union select c.person_id);
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

revoke all on function sharing.check_offered(sharing.shares), sharing.end_single_agreement(), sharing.manifest(int, uuid, uuid[]),
  sharing.relocation_manifest(uuid, uuid[]), sharing.open_relocation(sharing.shares, uuid, jsonb), sharing.relocation_changed(sharing.relocations, jsonb),
  sharing.check_relocation(sharing.shares, uuid), sharing.preview_relocation(uuid), sharing.renew_relocation(uuid, text, text),
  sharing.confirm_relocation(uuid, text, text), sharing.roles_of_body(int) from public;
grant execute on function sharing.relocation_manifest(uuid, uuid[]), sharing.preview_relocation(uuid), sharing.renew_relocation(uuid, text, text),
  sharing.confirm_relocation(uuid, text, text), sharing.roles_of_body(int) to staffetta_app;

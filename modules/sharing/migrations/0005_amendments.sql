-- +goose Up
-- The last step of a share, whichever it was: what one side did is news for the other.
alter table sharing.shares add column moved_by uuid, add column moved_at timestamptz;
update sharing.shares set moved_by = coalesce(ended_by, decided_by), moved_at = coalesce(ended_at, decided_at);
drop index sharing.shares_owner_tenant_offered_by_greatest_idx;
create index on sharing.shares (owner_tenant, offered_by, moved_at) where moved_at is not null;
create index on sharing.shares (receiver_tenant, moved_at) where moved_at is not null;

-- +goose StatementBegin
create function sharing.note_move() returns trigger language plpgsql set search_path = '' as $body$
begin
  if new.version <> old.version then
    new.moved_by := app.account();
    new.moved_at := app.now();
  end if;
  return new;
end $body$;
-- +goose StatementEnd
create trigger note_move before update on sharing.shares for each row execute function sharing.note_move();

-- A live share is widened or narrowed by its owner; what it was before stays. An offer is withdrawn and made anew instead.
create table sharing.shares_amendments (
  id uuid primary key,
  share_id uuid not null references sharing.shares (id),
  added text[] not null,
  removed text[] not null,
  valid_before timestamptz not null,
  valid_after timestamptz not null,
  reason text not null check (length(reason) between 5 and 1000),
  amended_by uuid not null,
  amended_name text not null check (length(amended_name) <= 120),
  amended_at timestamptz not null,
  check (added <> '{}' or removed <> '{}' or valid_before <> valid_after)
);
create index on sharing.shares_amendments (share_id, amended_at);
call app.between_table('sharing.shares_amendments', 'share_id in (select sharing.opened_shares_of_tenant())');
revoke insert, update on sharing.shares_amendments from staffetta_app;

-- +goose StatementBegin
create function sharing.amend_share(share uuid, expected int, amendment uuid, wanted text[], grants uuid[], until timestamptz, extra text[],
    extra_words text, words text, actor text) returns void
  language plpgsql security definer set search_path = '' as $body$
declare
  s sharing.shares := sharing.lock_share(share);
  before sharing.shares := s;
begin
  if s.owner_tenant <> app.tenant() then
    raise exception 'not the owner' using errcode = 'insufficient_privilege';
  end if;
  if s.state <> 'active' or s.valid_to <= app.now() or s.version <> expected then
    raise exception 'the share has moved' using errcode = 'object_not_in_prerequisite_state';
  end if;
  s.sections := wanted;
  s.valid_to := until;
  perform sharing.check_agreed(s);
  if not extra <@ wanted then
    raise exception 'a section is added and not shared' using errcode = 'check_violation', constraint = 'sections';
  end if;
  insert into sharing.shares_amendments (id, share_id, added, removed, valid_before, valid_after, reason, amended_by, amended_name, amended_at)
    values (amendment, share, array(select unnest(wanted) except select unnest(before.sections)),
      array(select unnest(before.sections) except select unnest(wanted)), before.valid_to, until, words, app.account(), actor, app.now());
  update sharing.shares x set sections = wanted, valid_to = until, answer_by = least(x.answer_by, until), version = version + 1 where x.id = share;
  update sharing.shares_details d set extra = amend_share.extra, extra_reason = extra_words where d.share_id = share;
  update policies.case_grants g set valid = tstzrange(lower(g.valid), case when g.section::text = any (wanted) then until else greatest(lower(g.valid), app.now()) end)
    where g.tenant_id = s.owner_tenant and g.share_id = share and upper(g.valid) > app.now();
  insert into policies.case_grants (tenant_id, id, share_id, agreement_id, case_id, section, grantee, grantee_account, grantee_office, valid)
    select s.owner_tenant, n.id, s.id, s.agreement_id, d.case_id, n.section, s.receiver_tenant, s.receiver_account, s.receiver_office,
      tstzrange(app.now(), until)
    from sharing.shares_details d, unnest(wanted, grants) n (section, id)
    where d.share_id = s.id and not n.section = any (before.sections);
end $body$;
-- +goose StatementEnd
revoke all on function sharing.amend_share(uuid, int, uuid, text[], uuid[], timestamptz, text[], text, text, text) from public;
revoke all on function sharing.note_move() from public;
grant execute on function sharing.amend_share(uuid, int, uuid, text[], uuid[], timestamptz, text[], text, text, text) to staffetta_app;
-- A share stands on a legal basis. Who may override that says why, and the body's data protection officer is told.
alter table sharing.shares drop constraint shares_legal_basis_check;
alter table sharing.shares add constraint legal_basis check (legal_basis in ('public_task', 'law', 'vital_interest', 'consent', 'override'));
alter table sharing.shares_details add column basis_reason text not null default '' check (length(basis_reason) <= 500);
create index on sharing.shares (owner_tenant) where legal_basis = 'override';

-- +goose StatementBegin
create or replace function sharing.offer_share(offer jsonb) returns void language plpgsql security definer set search_path = '' as $body$
declare
  s sharing.shares := jsonb_populate_record(null::sharing.shares, offer);
  d sharing.shares_details := jsonb_populate_record(null::sharing.shares_details, offer);
begin
  if app.tenant() is null or app.account() is null then
    raise exception 'nobody offers' using errcode = 'insufficient_privilege';
  end if;
  if s.kind is null or s.kind not in ('consultation', 'service_request') or d.case_id is null then
    raise exception 'this kind is not offered' using errcode = 'check_violation', constraint = 'kind';
  end if;
  s.owner_tenant := app.tenant();
  perform sharing.check_agreed(s);
  if s.answer_by is null or s.answer_by <= app.now() or s.answer_by > s.valid_to then
    raise exception 'no day to answer by' using errcode = 'check_violation', constraint = 'answer_by';
  end if;
  if (s.legal_basis = 'override') <> (coalesce(d.basis_reason, '') <> '') then
    raise exception 'an override says why, and nothing else does' using errcode = 'check_violation', constraint = 'basis';
  end if;
  if not coalesce(d.extra, '{}') <@ s.sections then
    raise exception 'a section is added and not shared' using errcode = 'check_violation', constraint = 'sections';
  end if;
  insert into sharing.shares (id, kind, state, owner_tenant, receiver_tenant, agreement_id, purpose, purpose_label, legal_basis,
      sections, answer_by, valid_to, preview, offered_tenant, offered_by, offered_name, offered_at)
    values (s.id, s.kind, 'offered', s.owner_tenant, s.receiver_tenant, s.agreement_id, s.purpose, s.purpose_label, s.legal_basis,
      s.sections, s.answer_by, s.valid_to, s.preview, app.tenant(), app.account(), s.offered_name, app.now());
  insert into sharing.shares_details (share_id, owner_tenant, case_id, reason, extra, extra_reason, basis_reason)
    values (s.id, s.owner_tenant, d.case_id, d.reason, coalesce(d.extra, '{}'), coalesce(d.extra_reason, ''), coalesce(d.basis_reason, ''));
  insert into sharing.shares_parties values (s.id, s.owner_tenant, 'owner'), (s.id, s.receiver_tenant, 'receiver');
end $body$;
-- +goose StatementEnd

-- What the clock has ended takes no step any more, but for what came of a service request.
-- +goose StatementBegin
create or replace function sharing.end_share(share uuid, target text, words text, result text, actor text) returns void
  language plpgsql security definer set search_path = '' as $body$
declare
  s sharing.shares := sharing.lock_share(share);
  side text := case when s.owner_tenant = app.tenant() then 'owner' else 'receiver' end;
begin
  if (target, side) not in (('refused', 'receiver'), ('withdrawn', 'owner'), ('revoked', 'owner'), ('closed', 'owner'), ('closed', 'receiver'))
    or (s.kind, target, side) = ('service_request', 'closed', 'owner') then
    raise exception 'not this side''s step' using errcode = 'insufficient_privilege';
  end if;
  if (s.state, target) not in (('offered', 'refused'), ('offered', 'withdrawn'), ('active', 'revoked'), ('active', 'closed')) then
    raise exception 'the share has moved' using errcode = 'object_not_in_prerequisite_state';
  end if;
  if s.state = 'offered' and s.answer_by <= app.now()
    or s.state = 'active' and s.valid_to <= app.now() and (s.kind, target) <> ('service_request', 'closed') then
    raise exception 'the clock has ended the share' using errcode = 'object_not_in_prerequisite_state';
  end if;
  if target = 'refused' then
    update sharing.shares set state = target, version = version + 1, decision_reason = words,
      decided_tenant = app.tenant(), decided_by = app.account(), decided_name = actor, decided_at = app.now() where id = share;
  else
    update sharing.shares set state = target, version = version + 1, outcome = words, outcome_kind = result,
      ended_tenant = app.tenant(), ended_by = app.account(), ended_name = actor, ended_at = app.now() where id = share;
  end if;
  update policies.case_grants g set valid = tstzrange(lower(g.valid), greatest(lower(g.valid), app.now()))
    where g.tenant_id = s.owner_tenant and g.share_id = share and upper(g.valid) > app.now();
end $body$;
-- +goose StatementEnd

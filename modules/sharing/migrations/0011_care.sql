-- +goose Up
-- Joint care is the one kind in which the other body also writes: in the sections that the share names and the agreement allows.
alter table sharing.shares add constraint joint_care check ((kind = 'joint_care') = (writable <> '{}'));
alter table sharing.shares_amendments add column writes_added text[] not null default '{}', add column writes_removed text[] not null default '{}';
alter table sharing.shares_amendments drop constraint shares_amendments_check;
alter table sharing.shares_amendments add constraint changes check (added <> '{}' or removed <> '{}' or writes_added <> '{}' or writes_removed <> '{}'
  or valid_before <> valid_after);

-- +goose StatementBegin
create or replace function sharing.check_agreed(s sharing.shares) returns void language plpgsql stable set search_path = '' as $body$
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
create or replace function sharing.offer_share(offer jsonb) returns void language plpgsql security definer set search_path = '' as $body$
declare
  s sharing.shares := jsonb_populate_record(null::sharing.shares, offer);
  d sharing.shares_details := jsonb_populate_record(null::sharing.shares_details, offer);
begin
  if app.tenant() is null or app.account() is null then
    raise exception 'nobody offers' using errcode = 'insufficient_privilege';
  end if;
  if s.kind is null or s.kind not in ('consultation', 'service_request', 'joint_care') or d.case_id is null then
    raise exception 'this kind is not offered' using errcode = 'check_violation', constraint = 'kind';
  end if;
  s.owner_tenant := app.tenant();
  s.writable := coalesce(s.writable, '{}');
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
      sections, writable, answer_by, valid_to, preview, offered_tenant, offered_by, offered_name, offered_at)
    values (s.id, s.kind, 'offered', s.owner_tenant, s.receiver_tenant, s.agreement_id, s.purpose, s.purpose_label, s.legal_basis,
      s.sections, s.writable, s.answer_by, s.valid_to, s.preview, app.tenant(), app.account(), s.offered_name, app.now());
  insert into sharing.shares_details (share_id, owner_tenant, case_id, reason, extra, extra_reason, basis_reason)
    values (s.id, s.owner_tenant, d.case_id, d.reason, coalesce(d.extra, '{}'), coalesce(d.extra_reason, ''), coalesce(d.basis_reason, ''));
  insert into sharing.shares_parties values (s.id, s.owner_tenant, 'owner'), (s.id, s.receiver_tenant, 'receiver');
end $body$;
-- +goose StatementEnd

-- +goose StatementBegin
create or replace function sharing.accept_share(share uuid, grants uuid[], account uuid, office int, actor text) returns void
  language plpgsql security definer set search_path = '' as $body$
declare
  s sharing.shares := sharing.lock_share(share);
begin
  if s.receiver_tenant <> app.tenant() then
    raise exception 'not the receiver' using errcode = 'insufficient_privilege';
  end if;
  if s.state <> 'offered' or s.answer_by <= app.now() then
    raise exception 'not offered' using errcode = 'object_not_in_prerequisite_state';
  end if;
  perform sharing.check_agreed(s);
  if account is not null and not exists (select 1 from platform.colleagues() c where c.account_id = account) then
    raise exception 'not a colleague' using errcode = 'check_violation', constraint = 'addressee';
  end if;
  update sharing.shares set state = 'active', version = version + 1, receiver_account = account, receiver_office = office,
      decided_tenant = app.tenant(), decided_by = app.account(), decided_name = actor, decided_at = app.now()
    where id = share;
  insert into policies.case_grants (tenant_id, id, share_id, agreement_id, case_id, section, grantee, grantee_account, grantee_office, can_write, valid)
    select s.owner_tenant, g.id, s.id, s.agreement_id, d.case_id, g.section, s.receiver_tenant, account, office, g.section = any (s.writable), tstzrange(app.now(), s.valid_to)
    from sharing.shares_details d, unnest(s.sections, grants) g (section, id) where d.share_id = s.id;
end $body$;
-- +goose StatementEnd

drop function sharing.amend_share(uuid, int, uuid, text[], uuid[], timestamptz, text[], text, text, text);
-- +goose StatementBegin
create function sharing.amend_share(share uuid, expected int, amendment uuid, wanted text[], writes text[], grants uuid[], until timestamptz, extra text[],
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
  s.writable := writes;
  s.valid_to := until;
  perform sharing.check_agreed(s);
  if not extra <@ wanted then
    raise exception 'a section is added and not shared' using errcode = 'check_violation', constraint = 'sections';
  end if;
  insert into sharing.shares_amendments (id, share_id, added, removed, writes_added, writes_removed, valid_before, valid_after, reason, amended_by, amended_name, amended_at)
    values (amendment, share, array(select unnest(wanted) except select unnest(before.sections)),
      array(select unnest(before.sections) except select unnest(wanted)), array(select unnest(writes) except select unnest(before.writable)),
      array(select unnest(before.writable) except select unnest(writes)), before.valid_to, until, words, app.account(), actor, app.now());
  update sharing.shares x set sections = wanted, writable = writes, valid_to = until, answer_by = least(x.answer_by, until), version = version + 1 where x.id = share;
  update sharing.shares_details d set extra = amend_share.extra, extra_reason = extra_words where d.share_id = share;
  update policies.case_grants g set can_write = g.section::text = any (writes), valid = tstzrange(lower(g.valid), case when g.section::text = any (wanted) then until else greatest(lower(g.valid), app.now()) end)
    where g.tenant_id = s.owner_tenant and g.share_id = share and upper(g.valid) > app.now();
  insert into policies.case_grants (tenant_id, id, share_id, agreement_id, case_id, section, grantee, grantee_account, grantee_office, can_write, valid)
    select s.owner_tenant, n.id, s.id, s.agreement_id, d.case_id, n.section, s.receiver_tenant, s.receiver_account, s.receiver_office, n.section = any (writes),
      tstzrange(app.now(), until)
    from sharing.shares_details d, unnest(wanted, grants) n (section, id)
    where d.share_id = s.id and not n.section = any (before.sections);
end $body$;
-- +goose StatementEnd
revoke all on function sharing.amend_share(uuid, int, uuid, text[], text[], uuid[], timestamptz, text[], text, text, text) from public;
grant execute on function sharing.amend_share(uuid, int, uuid, text[], text[], uuid[], timestamptz, text[], text, text, text) to staffetta_app;

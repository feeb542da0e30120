-- +goose Up
-- A service request is a loop that closes: asked, answered by a day, reported with an outcome. An offer that nobody answers
-- lapses by the clock on its day, whatever its kind.
alter table sharing.shares add column answer_by timestamptz;
update sharing.shares set answer_by = valid_to;
alter table sharing.shares alter column answer_by set not null;
alter table sharing.shares add constraint answer_by check (answer_by <= valid_to);
alter table sharing.shares add column outcome_kind text not null default '' check (outcome_kind in ('', 'done', 'partly', 'not_done'));
alter table sharing.shares add constraint outcome_kind
  check ((outcome_kind <> '') = (kind = 'service_request' and state = 'closed'));
drop index sharing.shares_receiver_tenant_state_valid_to_idx;
create index on sharing.shares (receiver_tenant, state, valid_to, answer_by) where state in ('offered', 'active');
-- What the other body did to a share since somebody looked at it.
create index on sharing.shares (owner_tenant, offered_by, greatest(decided_at, ended_at)) where decided_at is not null or ended_at is not null;

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
  if not coalesce(d.extra, '{}') <@ s.sections then
    raise exception 'a section is added and not shared' using errcode = 'check_violation', constraint = 'sections';
  end if;
  insert into sharing.shares (id, kind, state, owner_tenant, receiver_tenant, agreement_id, purpose, purpose_label, legal_basis,
      sections, answer_by, valid_to, preview, offered_tenant, offered_by, offered_name, offered_at)
    values (s.id, s.kind, 'offered', s.owner_tenant, s.receiver_tenant, s.agreement_id, s.purpose, s.purpose_label, s.legal_basis,
      s.sections, s.answer_by, s.valid_to, s.preview, app.tenant(), app.account(), s.offered_name, app.now());
  insert into sharing.shares_details values (s.id, s.owner_tenant, d.case_id, d.reason, coalesce(d.extra, '{}'), coalesce(d.extra_reason, ''));
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
  insert into policies.case_grants (tenant_id, id, share_id, agreement_id, case_id, section, grantee, grantee_account, grantee_office, valid)
    select s.owner_tenant, g.id, s.id, s.agreement_id, d.case_id, g.section, s.receiver_tenant, account, office, tstzrange(app.now(), s.valid_to)
    from sharing.shares_details d, unnest(s.sections, grants) g (section, id) where d.share_id = s.id;
end $body$;
-- +goose StatementEnd

-- What came of a service request is told by the body that was to act; the other kinds either body closes.
drop function sharing.end_share(uuid, text, text, text);
-- +goose StatementBegin
create function sharing.end_share(share uuid, target text, words text, result text, actor text) returns void
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
revoke all on function sharing.end_share(uuid, text, text, text, text) from public;
grant execute on function sharing.end_share(uuid, text, text, text, text) to staffetta_app;

-- Which step of a share somebody has seen: what the other body did after it awaits them.
create table sharing.sights (
  tenant_id int not null default app.tenant(),
  account_id uuid not null,
  share_id uuid not null references sharing.shares (id),
  version int not null,
  primary key (tenant_id, account_id, share_id)
);
call app.own_table('sharing.sights');

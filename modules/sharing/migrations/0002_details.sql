-- +goose Up
-- What the preview of a share must not show stands in a table of its own, so that SQL hides it too: the case, and the
-- words of the owner. The receiver reads it while the share is live and for it; before and after, only the owner does.
alter table sharing.shares add unique (id, owner_tenant);
create table sharing.shares_details (
  share_id uuid primary key,
  owner_tenant int not null,
  case_id uuid, -- an ask does not know the case it asks for
  reason text not null check (length(reason) between 5 and 1000),
  extra text[] not null default '{}', -- sections beyond what the purpose proposes
  extra_reason text not null default '' check (length(extra_reason) <= 500),
  foreign key (share_id, owner_tenant) references sharing.shares (id, owner_tenant),
  foreign key (owner_tenant, case_id) references casefile.cases (tenant_id, id),
  constraint extra_reason check (extra = '{}' or extra_reason <> '')
);
create index on sharing.shares_details (owner_tenant, case_id);

-- The shares of which the actor's body may know all; takes the body from the transaction only.
create function sharing.opened_shares_of_tenant() returns setof uuid
  language sql stable security definer set search_path = '' rows 50 as $$
  select s.id from sharing.shares_parties p join sharing.shares s on s.id = p.share_id
  where p.tenant_id = app.tenant() and (p.side = 'owner'
    or s.state = 'active' and s.valid_to > app.now()
      and (s.receiver_account is null or s.receiver_account = app.account())
      and (s.receiver_office is null or s.receiver_office = any (app.offices()))
      and s.agreement_id = any (policies.live_agreement_ids()))
$$;
revoke all on function sharing.opened_shares_of_tenant() from public;
grant execute on function sharing.opened_shares_of_tenant() to staffetta_app, staffetta_guest, staffetta_report;
call app.between_table('sharing.shares_details', 'share_id in (select sharing.opened_shares_of_tenant())');
revoke insert, update on sharing.shares_details from staffetta_app;

insert into sharing.shares_details (share_id, owner_tenant, case_id, reason, extra, extra_reason)
  select s.id, s.owner_tenant, s.case_id, s.reason, s.extra, s.extra_reason from sharing.shares s;
-- The columns go at once and not a release later: as long as they were there, they would show what they hold.
alter table sharing.shares drop column case_id, drop column reason, drop column extra, drop column extra_reason;
alter table sharing.shares add constraint writable check (writable <@ sections);
-- A key of a purpose is as long as the schema of sharing templates lets it be.
alter table sharing.shares drop constraint shares_purpose_check;
alter table sharing.shares add constraint purpose check (purpose ~ '^[a-z][a-z0-9_]{0,63}$');

-- +goose StatementBegin
create or replace function sharing.offer_share(offer jsonb) returns void language plpgsql security definer set search_path = '' as $body$
declare
  s sharing.shares := jsonb_populate_record(null::sharing.shares, offer);
  d sharing.shares_details := jsonb_populate_record(null::sharing.shares_details, offer);
begin
  if app.tenant() is null or app.account() is null then
    raise exception 'nobody offers' using errcode = 'insufficient_privilege';
  end if;
  if s.kind is distinct from 'consultation' or d.case_id is null then
    raise exception 'this kind is not offered' using errcode = 'check_violation', constraint = 'kind';
  end if;
  s.owner_tenant := app.tenant();
  perform sharing.check_agreed(s);
  if not coalesce(d.extra, '{}') <@ s.sections then
    raise exception 'a section is added and not shared' using errcode = 'check_violation', constraint = 'sections';
  end if;
  insert into sharing.shares (id, kind, state, owner_tenant, receiver_tenant, agreement_id, purpose, purpose_label, legal_basis,
      sections, valid_to, preview, offered_tenant, offered_by, offered_name, offered_at)
    values (s.id, s.kind, 'offered', s.owner_tenant, s.receiver_tenant, s.agreement_id, s.purpose, s.purpose_label, s.legal_basis,
      s.sections, s.valid_to, s.preview, app.tenant(), app.account(), s.offered_name, app.now());
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
  if s.state <> 'offered' or s.valid_to <= app.now() then
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

-- The other body of a share is told of a step: who did what, and nothing that the actor's body could choose. The receiver
-- learns which case it is once it has accepted.
-- +goose StatementBegin
create function sharing.tell_other(share uuid, event uuid, written timestamptz) returns void
  language plpgsql security definer set search_path = '' as $body$
declare
  e audit.events := audit.own_event(event, written, share, 'share.%');
begin
  insert into audit.events (tenant_id, id, at, actor_tenant, account_id, actor_name, assurance, purpose, request_id,
      action, relation, object_id, case_id, sections, share_id, payload, payload_hash)
    select p.tenant_id, e.id, e.at, e.actor_tenant, e.account_id, e.actor_name, e.assurance, e.purpose, e.request_id,
      e.action, e.relation, s.id, case when p.side = 'owner' or s.state in ('active', 'closed', 'revoked') then d.case_id end,
      s.sections, s.id, '{}', sha256('{}')
    from sharing.shares s join sharing.shares_details d on d.share_id = s.id join sharing.shares_parties p on p.share_id = s.id
    where s.id = share and p.tenant_id <> app.tenant()
      and exists (select 1 from sharing.shares_parties me where me.share_id = s.id and me.tenant_id = app.tenant());
  if not found then
    raise exception 'not a party' using errcode = 'insufficient_privilege';
  end if;
end $body$;
-- +goose StatementEnd
revoke all on function sharing.tell_other(uuid, uuid, timestamptz) from public;
grant execute on function sharing.tell_other(uuid, uuid, timestamptz) to staffetta_app;

-- What awaits somebody: offers, and live shares that end soon.
create index on sharing.shares (receiver_tenant, state, valid_to) where state in ('offered', 'active');
create index on sharing.shares (owner_tenant, valid_to) where state = 'active';

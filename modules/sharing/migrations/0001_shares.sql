-- +goose Up
create schema sharing;
grant usage on schema sharing to staffetta_app, staffetta_guest, staffetta_report, staffetta_backup;

-- A share stands between the body that owns a case and the one that is to see parts of it. Its live form are rows of
-- policies.case_grants in the owner's tables, made when it becomes active.
create table sharing.shares (
  id uuid primary key,
  kind text not null check (kind in ('consultation', 'service_request', 'joint_care', 'handover', 'ask', 'break_glass')),
  state text not null check (state in ('draft', 'offered', 'refused', 'withdrawn', 'lapsed', 'active', 'closed', 'revoked')),
  owner_tenant int not null references platform.tenants (id),
  receiver_tenant int not null references platform.tenants (id),
  case_id uuid, -- an ask does not know the case it asks for
  receiver_office int,
  receiver_account uuid,
  agreement_id uuid not null references policies.agreements (id),
  purpose text not null check (purpose ~ '^[a-z][a-z0-9_]{1,59}$'),
  purpose_label text not null check (length(purpose_label) between 1 and 200), -- in the words of the body that offers
  legal_basis text not null check (legal_basis in ('public_task', 'law', 'vital_interest', 'consent')),
  sections text[] not null,
  writable text[] not null default '{}',
  extra text[] not null default '{}', -- sections beyond what the purpose proposes
  extra_reason text not null default '' check (length(extra_reason) <= 500),
  reason text not null check (length(reason) between 5 and 1000),
  valid_to timestamptz not null,
  preview jsonb not null, -- all that the receiver knows before it accepts; no identifier
  offered_tenant int not null references platform.tenants (id),
  offered_by uuid not null,
  offered_name text not null check (length(offered_name) <= 120),
  offered_at timestamptz not null,
  decided_tenant int references platform.tenants (id),
  decided_by uuid,
  decided_name text not null default '',
  decided_at timestamptz,
  decision_reason text not null default '' check (length(decision_reason) <= 1000),
  ended_tenant int references platform.tenants (id),
  ended_by uuid,
  ended_name text not null default '',
  ended_at timestamptz,
  outcome text not null default '' check (length(outcome) <= 1000),
  version int not null default 1,
  foreign key (owner_tenant, case_id) references casefile.cases (tenant_id, id),
  check (owner_tenant <> receiver_tenant),
  check (kind = 'ask' or case_id is not null),
  check (offered_tenant in (owner_tenant, receiver_tenant)),
  constraint sections check (cardinality(sections) > 0 and sections <@ array['identity', 'household', 'contacts', 'intake', 'assessment',
    'icf', 'plan', 'interventions', 'school', 'diary', 'documents', 'judicial', 'health']),
  constraint extra_reason check (extra <@ sections and writable <@ sections and (extra = '{}' or extra_reason <> ''))
);
create index on sharing.shares (receiver_tenant, offered_at desc, id desc);
create index on sharing.shares (owner_tenant, offered_at desc, id desc);
create index on sharing.shares (owner_tenant, case_id);
create table sharing.shares_parties (
  share_id uuid not null references sharing.shares (id),
  tenant_id int not null references platform.tenants (id),
  side text not null check (side in ('owner', 'receiver')),
  primary key (share_id, tenant_id)
);
create index on sharing.shares_parties (tenant_id, share_id);

-- The shares of the actor's body; takes the body from the transaction only.
create function sharing.shares_of_tenant() returns setof uuid
  language sql stable security definer set search_path = '' rows 50 as
  $$ select p.share_id from sharing.shares_parties p where p.tenant_id = app.tenant() $$;
revoke all on function sharing.shares_of_tenant() from public;
grant execute on function sharing.shares_of_tenant() to staffetta_app, staffetta_guest, staffetta_report;
call app.between_table('sharing.shares', 'id in (select sharing.shares_of_tenant())');
call app.between_table('sharing.shares_parties', 'share_id in (select sharing.shares_of_tenant())');
-- Nobody writes a share but by its steps, each of which knows who may take it.
revoke insert, update on sharing.shares, sharing.shares_parties from staffetta_app;

-- Which roles are staffed today at the bodies to which the actor's body may show cases: no names.
create function sharing.roles_of_partners() returns table (tenant_id int, role text)
  language sql stable security definer set search_path = '' as $$
  select distinct m.tenant_id, m.role from platform.memberships m
  where m.valid_from <= app.now()::date and (m.valid_to is null or m.valid_to >= app.now()::date)
    and m.tenant_id in (
      select e.to_tenant from policies.agreements_edges e join policies.agreements a on a.id = e.agreement_id
      where e.from_tenant = app.tenant() and a.state = 'active' and a.valid @> app.now())
$$;

-- Refuses a share that no agreement carries now. It is called by the steps below only.
-- +goose StatementBegin
create function sharing.check_agreed(s sharing.shares) returns void language plpgsql stable set search_path = '' as $body$
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
  if s.valid_to <= app.now() or s.valid_to > coalesce(upper(a.valid), 'infinity') then
    raise exception 'the share outlasts the agreement' using errcode = 'check_violation', constraint = 'valid_to';
  end if;
end $body$;
-- +goose StatementEnd

-- The owner offers a share of a case of its own.
-- +goose StatementBegin
create function sharing.offer_share(offer jsonb) returns void language plpgsql security definer set search_path = '' as $body$
declare
  s sharing.shares := jsonb_populate_record(null::sharing.shares, offer);
begin
  if app.tenant() is null or app.account() is null then
    raise exception 'nobody offers' using errcode = 'insufficient_privilege';
  end if;
  if s.kind is distinct from 'consultation' then
    raise exception 'this kind is not offered' using errcode = 'check_violation', constraint = 'kind';
  end if;
  s.owner_tenant := app.tenant();
  s.offered_tenant := app.tenant();
  s.offered_by := app.account();
  s.offered_at := app.now();
  perform sharing.check_agreed(s);
  insert into sharing.shares (id, kind, state, owner_tenant, receiver_tenant, case_id, agreement_id, purpose, purpose_label, legal_basis,
      sections, extra, extra_reason, reason, valid_to, preview, offered_tenant, offered_by, offered_name, offered_at)
    values (s.id, s.kind, 'offered', s.owner_tenant, s.receiver_tenant, s.case_id, s.agreement_id, s.purpose, s.purpose_label, s.legal_basis,
      s.sections, coalesce(s.extra, '{}'), coalesce(s.extra_reason, ''), s.reason, s.valid_to, s.preview,
      s.offered_tenant, s.offered_by, s.offered_name, s.offered_at);
  insert into sharing.shares_parties values (s.id, s.owner_tenant, 'owner'), (s.id, s.receiver_tenant, 'receiver');
end $body$;
-- +goose StatementEnd

-- The share of the actor's body, locked for a step; a body that is no party finds none.
-- +goose StatementBegin
create function sharing.lock_share(share uuid) returns sharing.shares language plpgsql set search_path = '' as $body$
declare
  s sharing.shares;
begin
  select x.* into s from sharing.shares x where x.id = share and app.tenant() in (x.owner_tenant, x.receiver_tenant) for update;
  if not found then
    raise exception 'no such share' using errcode = 'no_data_found';
  end if;
  return s;
end $body$;
-- +goose StatementEnd

-- The receiver accepts: from now on the grants show the sections, as long as the share and its agreement live.
-- +goose StatementBegin
create function sharing.accept_share(share uuid, grants uuid[], account uuid, office int, actor text) returns void
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
    select s.owner_tenant, g.id, s.id, s.agreement_id, s.case_id, g.section, s.receiver_tenant, account, office, tstzrange(app.now(), s.valid_to)
    from unnest(s.sections, grants) g (section, id);
end $body$;
-- +goose StatementEnd

-- Every other step; one that ends a live share ends its grants in the same transaction.
-- +goose StatementBegin
create function sharing.end_share(share uuid, target text, words text, actor text) returns void
  language plpgsql security definer set search_path = '' as $body$
declare
  s sharing.shares := sharing.lock_share(share);
  side text := case when s.owner_tenant = app.tenant() then 'owner' else 'receiver' end;
begin
  if (target, side) not in (('refused', 'receiver'), ('withdrawn', 'owner'), ('revoked', 'owner'), ('closed', 'owner'), ('closed', 'receiver')) then
    raise exception 'not this side''s step' using errcode = 'insufficient_privilege';
  end if;
  if (s.state, target) not in (('offered', 'refused'), ('offered', 'withdrawn'), ('active', 'revoked'), ('active', 'closed')) then
    raise exception 'the share has moved' using errcode = 'object_not_in_prerequisite_state';
  end if;
  if target = 'refused' then
    update sharing.shares set state = target, version = version + 1, decision_reason = words,
      decided_tenant = app.tenant(), decided_by = app.account(), decided_name = actor, decided_at = app.now() where id = share;
  else
    update sharing.shares set state = target, version = version + 1, outcome = words,
      ended_tenant = app.tenant(), ended_by = app.account(), ended_name = actor, ended_at = app.now() where id = share;
  end if;
  update policies.case_grants g set valid = tstzrange(lower(g.valid), greatest(lower(g.valid), app.now()))
    where g.tenant_id = s.owner_tenant and g.share_id = share and upper(g.valid) > app.now();
end $body$;
-- +goose StatementEnd

revoke all on function sharing.roles_of_partners(), sharing.check_agreed(sharing.shares), sharing.offer_share(jsonb), sharing.lock_share(uuid),
  sharing.accept_share(uuid, uuid[], uuid, int, text), sharing.end_share(uuid, text, text, text) from public;
grant execute on function sharing.roles_of_partners(), sharing.offer_share(jsonb), sharing.accept_share(uuid, uuid[], uuid, int, text),
  sharing.end_share(uuid, text, text, text) to staffetta_app;

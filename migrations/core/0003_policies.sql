-- +goose Up
-- Agreements stand between bodies; grants are what a share leaves in the owner's tables.
create table policies.agreements (
  id uuid primary key,
  title text not null check (length(title) between 3 and 200),
  state text not null default 'proposed' check (state in ('draft', 'proposed', 'active', 'suspended', 'ended')),
  purposes text[] not null check (cardinality(purposes) > 0),
  sections text[] not null check (cardinality(sections) > 0),
  valid tstzrange not null,
  created_at timestamptz not null default now(),
  version int not null default 1
);
create table policies.agreements_parties (
  agreement_id uuid not null references policies.agreements (id),
  tenant_id int not null default app.tenant() references platform.tenants (id),
  side text not null check (side in ('proposer', 'party')),
  data_role text not null default 'controller' check (data_role in ('controller', 'joint_controller', 'processor')),
  act_number text not null default '',
  act_date date,
  accepted_at timestamptz,
  accepted_by uuid,
  primary key (agreement_id, tenant_id)
);
create index on policies.agreements_parties (tenant_id, agreement_id);
-- A directed edge: from may show cases to to. A to B does not give B to A.
create table policies.agreements_edges (
  agreement_id uuid not null references policies.agreements (id),
  from_tenant int not null references platform.tenants (id),
  to_tenant int not null references platform.tenants (id),
  primary key (agreement_id, from_tenant, to_tenant),
  check (from_tenant <> to_tenant)
);

-- The agreements of the actor's body; takes the body from the transaction only.
create function policies.agreements_of_tenant() returns setof uuid
  language sql stable security definer set search_path = '' rows 20 as
  $$ select p.agreement_id from policies.agreements_parties p where p.tenant_id = app.tenant() $$;
revoke all on function policies.agreements_of_tenant() from public;
grant execute on function policies.agreements_of_tenant() to staffetta_app, staffetta_guest, staffetta_report;

-- Family "between": visible where the body is a party.
-- +goose StatementBegin
create procedure app.between_table(t regclass, mine text) language plpgsql set search_path = '' as $$
begin
  call app.secure(t);
  execute format('create policy party on %s to staffetta_app using (%s) with check (%s)', t, mine, mine);
  execute format('create policy seen on %s for select to staffetta_guest, staffetta_report using (%s)', t, mine);
  execute format('grant select, insert, update on %s to staffetta_app', t);
  execute format('grant select on %s to staffetta_guest, staffetta_report', t);
end $$;
-- +goose StatementEnd
call app.between_table('policies.agreements', 'id in (select policies.agreements_of_tenant())');
call app.between_table('policies.agreements_parties', 'agreement_id in (select policies.agreements_of_tenant())');
call app.between_table('policies.agreements_edges', 'agreement_id in (select policies.agreements_of_tenant())');

-- Who writes first: the proposer makes agreement, parties and edges in one go, before it is a party that RLS can see.
-- +goose StatementBegin
create function policies.propose_agreement(
    agreement uuid, title text, purposes text[], sections text[], valid tstzrange, parties int[], edges int[][],
    act_number text, act_date date)
  returns void language plpgsql security definer set search_path = '' as $body$
declare
  me int := app.tenant();
  party int;
  i int;
begin
  if me is null or not me = any (parties) then
    raise exception 'the proposer must be a party' using errcode = 'insufficient_privilege';
  end if;
  insert into policies.agreements (id, title, state, purposes, sections, valid)
    values (agreement, title, 'proposed', purposes, sections, valid);
  foreach party in array parties loop
    insert into policies.agreements_parties (agreement_id, tenant_id, side, act_number, act_date, accepted_at, accepted_by)
      values (agreement, party, case when party = me then 'proposer' else 'party' end,
        case when party = me then propose_agreement.act_number else '' end,
        case when party = me then propose_agreement.act_date end,
        case when party = me then app.now() end, case when party = me then app.account() end);
  end loop;
  for i in 1 .. coalesce(array_length(edges, 1), 0) loop
    if not (edges[i][1] = any (parties) and edges[i][2] = any (parties)) then
      raise exception 'an edge leaves the parties' using errcode = 'check_violation';
    end if;
    insert into policies.agreements_edges values (agreement, edges[i][1], edges[i][2]);
  end loop;
end $body$;
-- +goose StatementEnd
revoke all on function policies.propose_agreement(uuid, text, text[], text[], tstzrange, int[], int[][], text, date) from public;
grant execute on function policies.propose_agreement(uuid, text, text[], text[], tstzrange, int[], int[][], text, date) to staffetta_app;

-- A body signs for itself alone; the last signature makes the agreement active.
revoke insert, update on policies.agreements, policies.agreements_parties, policies.agreements_edges from staffetta_app;
-- +goose StatementBegin
create function policies.sign_agreement(agreement uuid, number text, day date) returns text
  language plpgsql security definer set search_path = '' as $body$
declare
  me int := app.tenant();
  now_state text;
begin
  select a.state into now_state from policies.agreements a where a.id = agreement for update;
  update policies.agreements_parties p set accepted_at = app.now(), accepted_by = app.account(), act_number = number, act_date = day
    where p.agreement_id = agreement and p.tenant_id = me and p.accepted_at is null;
  if not found or now_state is distinct from 'proposed' then
    raise exception 'no signature is awaited' using errcode = 'no_data_found';
  end if;
  if not exists (select 1 from policies.agreements_parties p where p.agreement_id = agreement and p.accepted_at is null) then
    update policies.agreements a set state = 'active', version = version + 1 where a.id = agreement;
    return 'active';
  end if;
  return 'proposed';
end $body$;
-- +goose StatementEnd
-- Each party may suspend, and end, what it signed; each closes every share under it at the next query.
-- +goose StatementBegin
create function policies.change_agreement(agreement uuid, target text) returns void
  language plpgsql security definer set search_path = '' as $body$
begin
  update policies.agreements a set state = target, version = version + 1
    where a.id = agreement
      and exists (select 1 from policies.agreements_parties p where p.agreement_id = agreement and p.tenant_id = app.tenant())
      and (a.state, target) in (('active', 'suspended'), ('suspended', 'active'), ('active', 'ended'), ('suspended', 'ended'), ('proposed', 'ended'));
  if not found then
    raise exception 'no such step' using errcode = 'no_data_found';
  end if;
end $body$;
-- +goose StatementEnd
revoke all on function policies.sign_agreement(uuid, text, date), policies.change_agreement(uuid, text) from public;
grant execute on function policies.sign_agreement(uuid, text, date), policies.change_agreement(uuid, text) to staffetta_app;

-- The agreements that let the actor's body read cases of others now; an array, so that a policy asks once per query.
create function policies.live_agreement_ids() returns uuid[] language sql stable security definer set search_path = '' as $$
  select coalesce(array_agg(a.id), '{}') from policies.agreements a
  where a.state = 'active' and a.valid @> app.now()
    and exists (select 1 from policies.agreements_parties p where p.agreement_id = a.id and p.tenant_id = app.tenant())
$$;
revoke all on function policies.live_agreement_ids() from public;
grant execute on function policies.live_agreement_ids() to staffetta_app, staffetta_guest;

-- A share's live form: one row per section, in the owner's tables, read by the guest role's policies.
create table policies.case_grants (
  tenant_id int not null default app.tenant(),
  id uuid not null,
  share_id uuid not null,
  agreement_id uuid not null references policies.agreements (id),
  case_id uuid not null,
  section app.section not null,
  grantee int not null references platform.tenants (id),
  grantee_account uuid,
  grantee_office int,
  can_write boolean not null default false,
  valid tstzrange not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  check (grantee <> tenant_id)
);
create index on policies.case_grants (grantee, tenant_id, case_id, section);
create index on policies.case_grants (tenant_id, case_id);
call app.own_table('policies.case_grants');
create policy granted on policies.case_grants for select to staffetta_guest using (grantee = (select app.tenant()));
grant select on policies.case_grants to staffetta_guest;

-- Which persons are seen through which case, and in which section.
create table policies.case_subjects (
  tenant_id int not null default app.tenant(),
  case_id uuid not null,
  person_id uuid not null,
  section app.section not null,
  primary key (tenant_id, case_id, person_id, section)
);
create index on policies.case_subjects (tenant_id, person_id);
call app.own_table('policies.case_subjects');
call app.shareable_table('policies.case_subjects', 'case_subjects.section');

-- A case of the own body opened outside one's assignments: with a reason, for three hours, told to the coordinator.
create table policies.case_openings (
  tenant_id int not null default app.tenant(),
  id uuid not null,
  case_id uuid not null,
  account_id uuid not null,
  reason text not null check (length(reason) between 5 and 500),
  valid tstzrange not null,
  primary key (tenant_id, id)
);
create index on policies.case_openings (tenant_id, case_id, account_id);
call app.own_table('policies.case_openings');

-- +goose Up
-- Whether a body may ask if others of an agreement follow a person already, and whether it may open such a case in an emergency:
-- each party signs for it. An emergency finds a case by that question alone.
alter table policies.agreements
  add column known_elsewhere boolean not null default false,
  add column break_glass boolean not null default false,
  add constraint break_glass check (known_elsewhere or not break_glass);

-- What is signed holds both; agreements without them keep the digest that they have.
-- +goose StatementBegin
create or replace function policies.agreement_digest(agreement uuid) returns text language sql stable set search_path = '' as $body$
  select encode(sha256(convert_to((jsonb_build_object(
      'id', a.id, 'title', a.title, 'purposes', a.purposes, 'sections', a.sections, 'writable', a.writable, 'renews', a.renews,
      'from', lower(a.valid) at time zone 'UTC', 'to', upper(a.valid) at time zone 'UTC',
      'parties', (select jsonb_agg(jsonb_build_array(p.tenant_id, p.data_role) order by p.tenant_id)
        from policies.agreements_parties p where p.agreement_id = a.id),
      'edges', (select jsonb_agg(jsonb_build_array(e.from_tenant, e.to_tenant) order by e.from_tenant, e.to_tenant)
        from policies.agreements_edges e where e.agreement_id = a.id))
    || case when a.known_elsewhere or a.break_glass then jsonb_build_object('known_elsewhere', a.known_elsewhere, 'break_glass', a.break_glass) else '{}' end)::text, 'UTF8')), 'hex')
  from policies.agreements a where a.id = agreement
$body$;
-- +goose StatementEnd

-- +goose StatementBegin
create or replace function policies.propose_agreement(proposal jsonb) returns void
  language plpgsql security definer set search_path = '' as $body$
declare
  me int := app.tenant();
  agreement uuid := proposal ->> 'id';
  renewed uuid := proposal ->> 'renews';
  parties int[] := array(select (p ->> 'tenant')::int from jsonb_array_elements(proposal -> 'parties') p);
begin
  if me is null or app.account() is null or not me = any (parties) then
    raise exception 'the proposer must be a party' using errcode = 'insufficient_privilege';
  end if;
  if cardinality(parties) < 2 or exists (select 1 from unnest(parties) p
      where not exists (select 1 from platform.tenants t where t.id = p and t.state = 'active' and t.kind <> 'platform')) then
    raise exception 'not all are live bodies' using errcode = 'check_violation', constraint = 'parties';
  end if;
  if renewed is not null and not exists (select 1 from policies.agreements_parties p where p.agreement_id = renewed and p.tenant_id = me) then
    raise exception 'what it renews is not an agreement of the proposer' using errcode = 'insufficient_privilege';
  end if;
  insert into policies.agreements (id, title, state, purposes, sections, writable, valid, renews, known_elsewhere, break_glass)
    select agreement, proposal ->> 'title', 'proposed', array(select jsonb_array_elements_text(proposal -> 'purposes')),
      array(select jsonb_array_elements_text(proposal -> 'sections')), array(select jsonb_array_elements_text(proposal -> 'writable')),
      tstzrange((proposal ->> 'valid_from')::timestamptz, (proposal ->> 'valid_to')::timestamptz), renewed,
      coalesce((proposal ->> 'known_elsewhere')::boolean, false), coalesce((proposal ->> 'break_glass')::boolean, false);
  insert into policies.agreements_parties (agreement_id, tenant_id, side, data_role)
    select agreement, p.tenant, case when p.tenant = me then 'proposer' else 'party' end, p.role
    from jsonb_to_recordset(proposal -> 'parties') as p (tenant int, role text);
  if exists (select 1 from jsonb_to_recordset(proposal -> 'edges') as e ("from" int, "to" int)
      where not coalesce(e."from" = any (parties) and e."to" = any (parties), false)) then
    raise exception 'an edge leaves the parties' using errcode = 'check_violation', constraint = 'edges';
  end if;
  insert into policies.agreements_edges (agreement_id, from_tenant, to_tenant)
    select agreement, e."from", e."to" from jsonb_to_recordset(proposal -> 'edges') as e ("from" int, "to" int);
  if not found then
    raise exception 'no edge' using errcode = 'check_violation', constraint = 'edges';
  end if;
  update policies.agreements_parties p set accepted_at = app.now(), accepted_by = app.account(), signatory = coalesce(proposal ->> 'signatory', ''),
      act_number = proposal ->> 'act_number', act_date = (proposal ->> 'act_date')::date, signed_digest = policies.agreement_digest(agreement)
    where p.agreement_id = agreement and p.tenant_id = me;
end $body$;
-- +goose StatementEnd

-- The keys of the tokens of an agreement, sealed by the program, which alone can use them. A new one counts a day after it was
-- made, when every body has written its tokens with it; those before it are over then.
create table policies.agreement_keys (
  agreement_id uuid not null references policies.agreements (id),
  generation int not null,
  sealed bytea not null check (length(sealed) between 32 and 500),
  made_at timestamptz not null default app.now(),
  primary key (agreement_id, generation)
);
call app.between_table('policies.agreement_keys', 'agreement_id in (select policies.agreements_of_tenant())');
revoke insert, update on policies.agreement_keys from staffetta_app;
revoke select on policies.agreement_keys from staffetta_guest, staffetta_report;

create function policies.key_in_use(agreement uuid) returns int language sql stable set search_path = '' as $$
  select max(k.generation) from policies.agreement_keys k
  where k.agreement_id = agreement and (k.generation = 1 or k.made_at <= app.now() - interval '1 day')
$$;

-- Adds a key to an agreement of the actor's body, where it has none or the last one is older than ninety days.
-- +goose StatementBegin
create function policies.add_agreement_key(agreement uuid, sealed bytea) returns boolean
  language plpgsql security definer set search_path = '' as $body$
declare
  last policies.agreement_keys;
begin
  perform 1 from policies.agreements a where a.id = agreement and a.state = 'active' and a.known_elsewhere
    and exists (select 1 from policies.agreements_parties p where p.agreement_id = a.id and p.tenant_id = app.tenant()) for update;
  if not found then
    raise exception 'no such agreement' using errcode = 'no_data_found';
  end if;
  select k.* into last from policies.agreement_keys k where k.agreement_id = agreement order by k.generation desc limit 1;
  if last.made_at > app.now() - interval '90 days' then
    return false;
  end if;
  insert into policies.agreement_keys (agreement_id, generation, sealed) values (agreement, coalesce(last.generation, 0) + 1, add_agreement_key.sealed);
  return true;
end $body$;
-- +goose StatementEnd

-- What says, to who has the same code and the key, that a body follows a person: one token for each open case, agreement and
-- key. Nobody reads it; the functions below look for one token at a time.
create table policies.case_tokens (
  tenant_id int not null default app.tenant(),
  agreement_id uuid not null references policies.agreements (id),
  generation int not null,
  case_id uuid not null,
  token bytea not null check (length(token) = 32),
  primary key (tenant_id, agreement_id, generation, case_id),
  foreign key (agreement_id, generation) references policies.agreement_keys (agreement_id, generation)
);
create index on policies.case_tokens (agreement_id, generation, token, tenant_id);
create index on policies.case_tokens (tenant_id, case_id);
call app.own_table('policies.case_tokens');
revoke all on policies.case_tokens from staffetta_app, staffetta_report;

-- How many questions an account asked under an agreement in an hour.
create table policies.known_questions (
  tenant_id int not null default app.tenant(),
  agreement_id uuid not null references policies.agreements (id),
  account_id uuid not null,
  hour timestamptz not null,
  asked int not null,
  primary key (tenant_id, agreement_id, account_id, hour)
);
call app.own_table('policies.known_questions');
revoke insert, update on policies.known_questions from staffetta_app;

-- Counts a question of the actor; false where there are too many: 60 in an hour, 300 in a day.
-- +goose StatementBegin
create function policies.count_question(agreement uuid) returns boolean language plpgsql set search_path = '' as $body$
declare
  this_hour int;
  this_day bigint;
begin
  insert into policies.known_questions as q (tenant_id, agreement_id, account_id, hour, asked)
    values (app.tenant(), agreement, app.account(), date_trunc('hour', app.now()), 1)
    on conflict (tenant_id, agreement_id, account_id, hour) do update set asked = q.asked + 1
    returning asked into this_hour;
  select sum(q.asked) into this_day from policies.known_questions q
    where q.tenant_id = app.tenant() and q.agreement_id = agreement and q.account_id = app.account() and q.hour > app.now() - interval '1 day';
  return this_hour <= 60 and this_day <= 300;
end $body$;
-- +goose StatementEnd

-- Which bodies of an agreement follow the person of the token. The answer has a row for each body that may show cases to the
-- actor's, whether it knows or not, and the same look into the index was made for each; null says that too much was asked.
-- The question stands in the actor's chain before it is answered: the event is one of this transaction.
-- +goose StatementBegin
create function policies.known_elsewhere(agreement uuid, token bytea, event uuid, written timestamptz)
  returns table (body int, known boolean) language plpgsql security definer set search_path = '' as $body$
declare
  allowed boolean;
begin
  if app.account() is null or not agreement = any (policies.live_agreement_ids())
    or not exists (select 1 from policies.agreements a where a.id = agreement and a.known_elsewhere) then
    raise exception 'no such agreement' using errcode = 'no_data_found';
  end if;
  perform audit.own_event(event, written, agreement, 'known.%');
  allowed := policies.count_question(agreement);
  return query select e.from_tenant, case when allowed then exists (select 1 from policies.case_tokens t
      where t.agreement_id = agreement and t.generation = policies.key_in_use(agreement) and t.token = known_elsewhere.token
        and t.tenant_id = e.from_tenant) end
    from policies.agreements_edges e where e.agreement_id = agreement and e.to_tenant = app.tenant() order by e.from_tenant;
end $body$;
-- +goose StatementEnd

-- Who asked too much in the last week, for every body of the agreement: the asking account is told to its own body alone.
create function policies.known_excesses() returns table (agreement_id uuid, body int, account_id uuid, hour timestamptz, asked int)
  language sql stable security definer set search_path = '' as $$
  select q.agreement_id, q.tenant_id, case when q.tenant_id = app.tenant() then q.account_id end, q.hour, q.asked
  from policies.agreements_parties p join policies.known_questions q on q.agreement_id = p.agreement_id
  where p.tenant_id = app.tenant() and q.asked > 60 and q.hour > app.now() - interval '7 days'
  order by q.hour desc limit 100
$$;

-- The bodies that have tokens to write, for the job that gives each a job of its own.
create function policies.token_publishers() returns setof int language sql stable security definer set search_path = '' as $$
  select distinct e.from_tenant from policies.agreements a join policies.agreements_edges e on e.agreement_id = a.id
  where a.known_elsewhere and a.state = 'active' and a.valid @> app.now()
$$;

revoke all on function policies.key_in_use(uuid), policies.add_agreement_key(uuid, bytea), policies.count_question(uuid),
  policies.known_elsewhere(uuid, bytea, uuid, timestamptz), policies.known_excesses(), policies.token_publishers() from public;
grant execute on function policies.key_in_use(uuid), policies.add_agreement_key(uuid, bytea),
  policies.known_elsewhere(uuid, bytea, uuid, timestamptz), policies.known_excesses() to staffetta_app;
grant execute on function policies.token_publishers() to staffetta_platform;

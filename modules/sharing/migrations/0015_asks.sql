-- +goose Up
-- A body asks another one for access to a case that it believes the other follows (it: richiesta di accesso). It knows no case: the
-- other body looks for the person among its own, and answers with a share or not. Whoever asks learns nothing by a no: there is
-- one for "we follow nobody" and for "we do not share", without words.
create table sharing.asks (
  id uuid primary key,
  state text not null default 'open' check (state in ('open', 'answered', 'refused', 'withdrawn')),
  asker_tenant int not null references platform.tenants (id),
  asked_tenant int not null references platform.tenants (id),
  agreement_id uuid not null references policies.agreements (id),
  tax_code text not null check (tax_code ~ '^[A-Z0-9]{16}$'),
  purpose text not null check (purpose ~ '^[a-z][a-z0-9_]{0,63}$'),
  legal_basis text not null check (legal_basis in ('public_task', 'law', 'vital_interest', 'consent')),
  sections text[] not null check (cardinality(sections) > 0),
  reason text not null check (length(reason) between 5 and 1000),
  answer_by timestamptz not null,
  asked_by uuid not null,
  asked_name text not null check (length(asked_name) <= 120),
  asked_at timestamptz not null,
  share_id uuid references sharing.shares (id), -- the answer
  ended_at timestamptz,
  check (asker_tenant <> asked_tenant),
  check ((state = 'answered') = (share_id is not null))
);
create index on sharing.asks (asked_tenant, asked_at desc, id);
create index on sharing.asks (asker_tenant, asked_at desc, id);
create table sharing.asks_parties (
  ask_id uuid not null references sharing.asks (id),
  tenant_id int not null references platform.tenants (id),
  side text not null check (side in ('asker', 'asked')),
  primary key (ask_id, tenant_id)
);
create index on sharing.asks_parties (tenant_id, ask_id);
-- Who said no, and why, is the asked body's alone.
create table sharing.asks_refusals (
  tenant_id int not null default app.tenant(),
  ask_id uuid not null references sharing.asks (id),
  words text not null default '' check (length(words) <= 1000),
  refused_by uuid not null,
  refused_name text not null check (length(refused_name) <= 120),
  refused_at timestamptz not null default app.now(),
  primary key (tenant_id, ask_id)
);
call app.own_table('sharing.asks_refusals');
revoke insert, update on sharing.asks_refusals from staffetta_app;

create function sharing.asks_of_tenant() returns setof uuid language sql stable security definer set search_path = '' rows 20 as
  $$ select p.ask_id from sharing.asks_parties p where p.tenant_id = app.tenant() $$;
revoke all on function sharing.asks_of_tenant() from public;
grant execute on function sharing.asks_of_tenant() to staffetta_app, staffetta_guest, staffetta_report;
call app.between_table('sharing.asks', 'id in (select sharing.asks_of_tenant())');
call app.between_table('sharing.asks_parties', 'ask_id in (select sharing.asks_of_tenant())');
revoke insert, update on sharing.asks, sharing.asks_parties from staffetta_app;

-- Asks, under an agreement that lets the asked body show cases to the actor's for the purpose, with these sections. It stands in
-- both chains: the event is one of this transaction.
-- +goose StatementBegin
create function sharing.open_ask(ask jsonb, event uuid, written timestamptz) returns void
  language plpgsql security definer set search_path = '' as $body$
declare
  a sharing.asks := jsonb_populate_record(null::sharing.asks, ask);
  s sharing.shares;
  e audit.events := audit.own_event(event, written, a.id, 'ask.%');
begin
  if app.tenant() is null or app.account() is null then
    raise exception 'nobody asks' using errcode = 'insufficient_privilege';
  end if;
  s.agreement_id := a.agreement_id;
  s.owner_tenant := a.asked_tenant;
  s.receiver_tenant := app.tenant();
  s.purpose := a.purpose;
  s.sections := a.sections;
  s.writable := '{}';
  s.valid_to := a.answer_by;
  perform sharing.check_agreed(s);
  insert into sharing.asks (id, asker_tenant, asked_tenant, agreement_id, tax_code, purpose, legal_basis, sections, reason, answer_by, asked_by, asked_name, asked_at)
    values (a.id, app.tenant(), a.asked_tenant, a.agreement_id, a.tax_code, a.purpose, a.legal_basis, a.sections, a.reason, a.answer_by, app.account(),
      a.asked_name, app.now());
  insert into sharing.asks_parties values (a.id, app.tenant(), 'asker'), (a.id, a.asked_tenant, 'asked');
  perform sharing.tell_ask(e, a.id);
end $body$;
-- +goose StatementEnd

-- Copies an event into the chain of the other body of an ask, without anything that the actor's body could choose.
create function sharing.tell_ask(e audit.events, ask uuid) returns void language sql set search_path = '' as $body$
  insert into audit.events (tenant_id, id, at, actor_tenant, account_id, actor_name, assurance, purpose, request_id, action, relation, object_id, payload, payload_hash)
  select p.tenant_id, e.id, e.at, e.actor_tenant, e.account_id, e.actor_name, e.assurance, e.purpose, e.request_id, e.action, e.relation, ask, '{}', sha256('{}')
  from sharing.asks_parties p where p.ask_id = ask and p.tenant_id <> app.tenant()
$body$;

-- The asked body says no, or the asking one takes its question back.
-- +goose StatementBegin
create function sharing.end_ask(ask uuid, target text, words text, actor text, event uuid, written timestamptz) returns void
  language plpgsql security definer set search_path = '' as $body$
declare
  a sharing.asks;
  e audit.events := audit.own_event(event, written, ask, 'ask.%');
begin
  select x.* into a from sharing.asks x where x.id = ask and app.tenant() in (x.asker_tenant, x.asked_tenant) for update;
  if not found then
    raise exception 'no such ask' using errcode = 'no_data_found';
  end if;
  if (target, app.tenant()) not in (('refused', a.asked_tenant), ('withdrawn', a.asker_tenant)) then
    raise exception 'not this side''s step' using errcode = 'insufficient_privilege';
  end if;
  if a.state <> 'open' or a.answer_by <= app.now() then
    raise exception 'the ask is over' using errcode = 'object_not_in_prerequisite_state';
  end if;
  update sharing.asks x set state = target, ended_at = app.now() where x.id = ask;
  if target = 'refused' then
    insert into sharing.asks_refusals (tenant_id, ask_id, words, refused_by, refused_name) values (app.tenant(), ask, words, app.account(), actor);
  end if;
  e.account_id := null; -- who said no would say something: the other body hears that it was said
  e.actor_name := '';
  perform sharing.tell_ask(e, ask);
end $body$;
-- +goose StatementEnd

-- A share that the asked body offers to the asking one, of a case of the person who was asked for, is the answer.
-- +goose StatementBegin
create function sharing.answer_asks() returns trigger language plpgsql security definer set search_path = '' as $body$
begin
  update sharing.asks a set state = 'answered', share_id = new.share_id, ended_at = app.now()
    from sharing.shares s, casefile.cases c, registry.persons p
    where s.id = new.share_id and s.kind in ('consultation', 'service_request', 'joint_care') and a.state = 'open' and a.answer_by > app.now()
      and a.asked_tenant = s.owner_tenant and a.asker_tenant = s.receiver_tenant
      and c.tenant_id = new.owner_tenant and c.id = new.case_id and p.tenant_id = c.tenant_id and p.id = c.person_id and p.tax_code = a.tax_code;
  return null;
end $body$;
-- +goose StatementEnd
create trigger answer_asks after insert on sharing.shares_details for each row execute function sharing.answer_asks();

revoke all on function sharing.open_ask(jsonb, uuid, timestamptz), sharing.tell_ask(audit.events, uuid),
  sharing.end_ask(uuid, text, text, text, uuid, timestamptz), sharing.answer_asks() from public;
grant execute on function sharing.open_ask(jsonb, uuid, timestamptz), sharing.end_ask(uuid, text, text, text, uuid, timestamptz) to staffetta_app;

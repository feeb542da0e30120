-- +goose Up
-- Whose case is asked for, and why, are about a person: they stand apart, for who reads the identity of persons at either body.
-- Whoever oversees the asks of a body sees between which bodies they are, for what and how they ended.
create table sharing.asks_persons (
  ask_id uuid primary key references sharing.asks (id),
  tax_code text not null check (tax_code ~ '^[A-Z0-9]{16}$'),
  reason text not null check (length(reason) between 5 and 1000)
);
call app.between_table('sharing.asks_persons', 'ask_id in (select sharing.asks_of_tenant())');
revoke insert, update on sharing.asks_persons from staffetta_app;
revoke select on sharing.asks_persons from staffetta_guest;
create policy identity on sharing.asks_persons as restrictive for select to staffetta_app, staffetta_report
  using ('identity' = any ((select app.sections())::text[]));
insert into sharing.asks_persons (ask_id, tax_code, reason) select a.id, a.tax_code, a.reason from sharing.asks a;
-- The columns go at once and not a release later: as long as they were there, they would show what they hold.
alter table sharing.asks drop column tax_code, drop column reason;

-- +goose StatementBegin
create or replace function sharing.open_ask(ask jsonb, event uuid, written timestamptz) returns void
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
  insert into sharing.asks (id, asker_tenant, asked_tenant, agreement_id, purpose, legal_basis, sections, answer_by, asked_by, asked_name, asked_at)
    values (a.id, app.tenant(), a.asked_tenant, a.agreement_id, a.purpose, a.legal_basis, a.sections, a.answer_by, app.account(), a.asked_name, app.now());
  insert into sharing.asks_persons (ask_id, tax_code, reason) values (a.id, ask ->> 'tax_code', ask ->> 'reason');
  insert into sharing.asks_parties values (a.id, app.tenant(), 'asker'), (a.id, a.asked_tenant, 'asked');
  perform sharing.tell_ask(e, a.id);
end $body$;
-- +goose StatementEnd

-- +goose StatementBegin
create or replace function sharing.answer_asks() returns trigger language plpgsql security definer set search_path = '' as $body$
begin
  update sharing.asks a set state = 'answered', share_id = new.share_id, ended_at = app.now()
    from sharing.asks_persons n, sharing.shares s, casefile.cases c, registry.persons p
    where s.id = new.share_id and s.kind in ('consultation', 'service_request', 'joint_care') and a.state = 'open' and a.answer_by > app.now()
      and a.asked_tenant = s.owner_tenant and a.asker_tenant = s.receiver_tenant and n.ask_id = a.id
      and c.tenant_id = new.owner_tenant and c.id = new.case_id and p.tenant_id = c.tenant_id and p.id = c.person_id and p.tax_code = n.tax_code
      and not sharing.is_sheltered(p.tenant_id, p.id);
  return null;
end $body$;
-- +goose StatementEnd

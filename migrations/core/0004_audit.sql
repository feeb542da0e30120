-- +goose Up
-- Events are inserted unchained in the transaction of the change; a sealer gives sequence and hash afterwards, so that
-- writers of one body never wait for each other. An event keeps the hash of its payload: retention may drop the payload.
create table audit.events (
  tenant_id int not null default app.tenant(),
  id uuid not null,
  at timestamptz not null default clock_timestamp(),
  txid xid8 not null default pg_current_xact_id(),
  actor_tenant int not null,
  account_id uuid,
  actor_name text not null default '',
  assurance int not null default 0,
  purpose text not null default '',
  request_id text not null default '',
  action text not null check (action ~ '^[a-z_]+\.[a-z_]+$'),
  relation text not null default '',
  object_id uuid,
  case_id uuid,
  sections text[] not null default '{}',
  share_id uuid,
  payload jsonb,
  payload_hash bytea not null,
  primary key (tenant_id, at, id)
) partition by range (at);
create index on audit.events (tenant_id, case_id, at desc) where case_id is not null;
create index on audit.events (txid);

create table audit.event_cases (
  tenant_id int not null default app.tenant(),
  event_id uuid not null,
  at timestamptz not null,
  case_id uuid not null,
  primary key (tenant_id, at, event_id, case_id)
) partition by range (at);

create table audit.chain (
  tenant_id int not null,
  seq bigint not null,
  event_id uuid not null,
  event_at timestamptz not null,
  hash bytea not null,
  primary key (tenant_id, seq)
);
create unique index on audit.chain (tenant_id, event_id);
-- How far the sealer has come: every event of an older transaction is in the chain.
create table audit.sealed (
  one boolean primary key default true check (one),
  upto xid8 not null
);
insert into audit.sealed (upto) values ('0'::xid8);

-- +goose StatementBegin
create procedure audit.make_partitions(since date, months int) language plpgsql set search_path = '' as $$
declare
  first date;
  suffix text;
  parent text;
begin
  for i in 0 .. months - 1 loop
    first := (date_trunc('month', since) + make_interval(months => i))::date;
    suffix := to_char(first, 'YYYY_MM');
    foreach parent in array array['events', 'event_cases'] loop
      if to_regclass(format('audit.%I', parent || '_' || suffix)) is null then
        execute format('create table audit.%I partition of audit.%I for values from (%L) to (%L)',
          parent || '_' || suffix, parent, first, (first + interval '1 month')::date);
      end if;
    end loop;
  end loop;
end $$;
-- +goose StatementEnd
create table audit.events_default partition of audit.events default;
create table audit.event_cases_default partition of audit.event_cases default;
call audit.make_partitions(date '2026-11-01', 14);

call app.secure('audit.events');
call app.secure('audit.event_cases');
call app.secure('audit.chain');
create policy own on audit.events to staffetta_app using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
create policy own on audit.event_cases to staffetta_app using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
create policy own on audit.chain for select to staffetta_app using (tenant_id = (select app.tenant()));
create policy sealing on audit.events to staffetta_auditor using (true) with check (true);
create policy sealing on audit.event_cases to staffetta_auditor using (true) with check (true);
create policy sealing on audit.chain to staffetta_auditor using (true) with check (true);
grant select, insert on audit.events, audit.event_cases to staffetta_app, staffetta_auditor;
grant select on audit.chain to staffetta_app;
grant select, insert on audit.chain to staffetta_auditor;
grant select, update on audit.sealed to staffetta_auditor;
grant select on audit.sealed to staffetta_backup;

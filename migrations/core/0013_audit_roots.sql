-- +goose Up
-- From form 2 on, a link covers each column by its name, with its nulls, and the instant of sealing: joined by bars, a
-- null left no trace, and an id could have been moved to the column beside it. What is sealed keeps its form.
alter table audit.chain add column form smallint not null default 1, add column sealed_at timestamptz;
-- The last day whose roots are made.
alter table audit.sealed add column rooted date;

-- The signing keys of bodies; the private half is sealed with the deployment's master key.
create table audit.keys (
  tenant_id int not null default app.tenant(),
  number int not null,
  public bytea not null,
  sealed bytea not null,
  created_at timestamptz not null default app.now(),
  primary key (tenant_id, number)
);

-- One row for each day on which a chain grew: where it stood at the end of the day. hash covers every other column.
create table audit.roots (
  tenant_id int not null,
  day date not null,
  first_seq bigint not null,
  last_seq bigint not null,
  head bytea not null,
  previous bytea not null,
  countersigners int[] not null,
  made_at timestamptz not null,
  hash bytea not null,
  primary key (tenant_id, day)
);
create index on audit.roots (day);

-- Nothing refers to anything by a foreign key here: the proof must be able to show what somebody removed.
create table audit.countersignatures (
  tenant_id int not null default app.tenant(),
  body int not null,
  day date not null,
  key_number int not null,
  root bytea not null,
  signed_at timestamptz not null,
  signature bytea not null,
  primary key (tenant_id, body, day)
);
create index on audit.countersignatures (body, day);

-- For how long a body keeps the payloads of its events, and up to where they are dropped; no row means the usual term.
create table audit.terms (
  tenant_id int primary key,
  years int not null check (years between 1 and 100),
  dropped_before timestamptz
);

call app.secure('audit.keys');
call app.secure('audit.roots');
call app.secure('audit.countersignatures');
call app.secure('audit.terms');
create policy own on audit.keys to staffetta_app using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
create policy own on audit.roots for select to staffetta_app using (tenant_id = (select app.tenant()));
create policy own on audit.countersignatures to staffetta_app using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
create policy own on audit.terms for select to staffetta_app using (tenant_id = (select app.tenant()));
-- A root is seen by who countersigns it, a countersignature by the body whose root it is about.
create policy chosen on audit.roots for select to staffetta_app using ((select app.tenant()) = any (countersigners));
create policy received on audit.countersignatures for select to staffetta_app using (body = (select app.tenant()));
create policy sealing on audit.keys for select to staffetta_auditor using (true);
create policy sealing on audit.roots to staffetta_auditor using (true) with check (true);
create policy sealing on audit.countersignatures for select to staffetta_auditor using (true);
create policy sealing on audit.terms to staffetta_auditor using (true) with check (true);
grant select, insert on audit.keys, audit.countersignatures to staffetta_app;
grant select on audit.roots, audit.terms to staffetta_app;
grant select (tenant_id, number, public, created_at) on audit.keys to staffetta_auditor;
grant select on audit.countersignatures to staffetta_auditor;
grant select, insert on audit.roots, audit.terms to staffetta_auditor;
grant update (years, dropped_before) on audit.terms to staffetta_auditor;

-- The one change that an event allows: its payload goes, after a year at the earliest, whoever asks.
grant update (payload) on audit.events to staffetta_auditor;
create policy dropping on audit.events as restrictive for update to staffetta_auditor
  using (at < app.now() - interval '1 year') with check (payload is null);

-- Who may countersign the roots of which body: the parties of its active agreements; without any, the platform. The
-- platform's own are countersigned by the bodies that it serves.
-- +goose StatementBegin
create function audit.countersigners() returns table (body int, countersigner int)
  language sql stable security definer set search_path = '' as $$
  with partners as (
    select distinct p.tenant_id as body, q.tenant_id as countersigner
    from policies.agreements a
    join policies.agreements_parties p on p.agreement_id = a.id
    join policies.agreements_parties q on q.agreement_id = a.id and q.tenant_id <> p.tenant_id
    join platform.tenants t on t.id = q.tenant_id and t.state = 'active'
    where a.state = 'active' and a.valid @> app.now()
  )
  select p.body, p.countersigner from partners p
  union all
  select t.id, c.id from platform.tenants t
  join platform.tenants c on c.state = 'active' and (c.kind = 'platform') <> (t.kind = 'platform')
  where not exists (select from partners p where p.body = t.id)
$$;
-- +goose StatementEnd
revoke all on function audit.countersigners() from public;
grant execute on function audit.countersigners() to staffetta_auditor;

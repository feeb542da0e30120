-- +goose Up
-- What a body looks for. The body writes it here; what is published goes as a copy into commons, without who wrote it.
create table practice.needs (
  tenant_id int not null default app.tenant(),
  id uuid not null,
  title text not null check (length(title) between 3 and 200),
  purpose text not null default '' check (length(purpose) <= 2000),
  audience text not null default '' check (length(audience) <= 500),
  area text not null default '' check (length(area) <= 60),
  budget text not null default '' check (budget in ('', '10000', '50000', '100000', 'more')), -- euro a year, at most
  staff int check (staff between 0 and 500),
  deadline date,
  state text not null default 'draft' check (state in ('draft', 'published', 'withdrawn', 'met')),
  version int not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
call app.own_table('practice.needs');

create table commons.needs (
  id uuid primary key,
  tenant_id int not null references platform.tenants (id),
  body text not null,
  title text not null,
  purpose text not null,
  audience text not null,
  area text not null,
  budget text not null,
  staff int,
  deadline date,
  state text not null check (state in ('published', 'withdrawn', 'met')),
  published_at timestamptz not null default now(),
  closed_at timestamptz
);
create index on commons.needs (published_at desc, id) where state = 'published';
grant select on commons.needs to staffetta_app, staffetta_platform, staffetta_report, staffetta_backup;

-- Publishes a need of the actor's own body, or publishes anew what the body has changed. It fails for a need that is met.
-- +goose StatementBegin
create function practice.publish_need(need uuid) returns void
  language plpgsql security definer set search_path = '' as $body$
declare
  me int := app.tenant();
  n practice.needs;
begin
  select x.* into n from practice.needs x where x.tenant_id = me and x.id = need for update;
  if not found then
    raise exception 'no such need' using errcode = 'no_data_found';
  end if;
  if n.state = 'met' then
    raise exception 'the need is met' using errcode = 'check_violation';
  end if;
  insert into commons.needs as c (id, tenant_id, body, title, purpose, audience, area, budget, staff, deadline, state, published_at)
    select n.id, me, t.name, n.title, n.purpose, n.audience, n.area, n.budget, n.staff, n.deadline, 'published', app.now() from platform.tenants t where t.id = me
    on conflict (id) do update set body = excluded.body, title = excluded.title, purpose = excluded.purpose, audience = excluded.audience,
      area = excluded.area, budget = excluded.budget, staff = excluded.staff, deadline = excluded.deadline, state = 'published', closed_at = null,
      published_at = case when c.state = 'published' then c.published_at else excluded.published_at end
    where c.tenant_id = me;
  if not found then
    raise exception 'the need is of another body' using errcode = 'insufficient_privilege';
  end if;
  update practice.needs x set state = 'published', updated_at = app.now() where x.tenant_id = me and x.id = need;
end $body$;
-- +goose StatementEnd

-- Takes a published need of the actor's own body back, or says that it is met. It stays, and nobody else finds it.
-- +goose StatementBegin
create function practice.close_need(need uuid, outcome text) returns void
  language plpgsql security definer set search_path = '' as $body$
begin
  if outcome not in ('withdrawn', 'met') then
    raise exception 'no such outcome' using errcode = 'check_violation';
  end if;
  update commons.needs c set state = outcome, closed_at = app.now() where c.tenant_id = app.tenant() and c.id = need and c.state = 'published';
  if not found then
    raise exception 'no such need' using errcode = 'no_data_found';
  end if;
  update practice.needs x set state = outcome, updated_at = app.now(), version = x.version + 1 where x.tenant_id = app.tenant() and x.id = need;
end $body$;
-- +goose StatementEnd
revoke all on function practice.publish_need(uuid), practice.close_need(uuid, text) from public;
grant execute on function practice.publish_need(uuid), practice.close_need(uuid, text) to staffetta_app;

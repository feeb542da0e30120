-- +goose Up
-- When a body went live, and when it took that back. A body that was made live without a trial has none.
create table onboarding.openings (
  tenant_id int not null default app.tenant(),
  id uuid not null,
  opens boolean not null,
  account_id uuid not null references platform.accounts (id),
  name text not null check (length(name) between 1 and 120),
  reason text not null default '' check (length(reason) <= 300),
  at timestamptz not null default app.now(),
  primary key (tenant_id, id),
  check (opens or reason <> '')
);
create index on onboarding.openings (tenant_id, at desc);
call app.own_table('onboarding.openings');
revoke insert, update, delete on onboarding.openings from staffetta_app;

-- Brings the actor's own body live, out of its trial. The same id again changes nothing.
-- +goose StatementBegin
create function onboarding.open_body(opening uuid, person text) returns void
  language plpgsql security definer set search_path = '' as $body$
declare
  me int := app.tenant();
begin
  if me is null or app.account() is null then
    raise exception 'nobody is signed in' using errcode = 'insufficient_privilege';
  end if;
  perform 1 from platform.tenants t where t.id = me for no key update;
  if exists (select from onboarding.openings o where o.tenant_id = me and o.id = opening) then
    return;
  end if;
  update platform.tenants t set state = 'active', activated_at = coalesce(t.activated_at, app.now())
    where t.id = me and t.state = 'entering' and t.kind <> 'platform';
  if not found then
    raise exception 'the body is not on trial' using errcode = 'SF409';
  end if;
  insert into onboarding.openings (tenant_id, id, opens, account_id, name) values (me, opening, true, app.account(), person);
end $body$;
-- +goose StatementEnd

-- Takes back within a day that the actor's own body went live: it is on trial again, with all that was written meanwhile.
-- +goose StatementBegin
create function onboarding.take_back_opening(opening uuid, person text, why text) returns void
  language plpgsql security definer set search_path = '' as $body$
declare
  me int := app.tenant();
begin
  if me is null or app.account() is null then
    raise exception 'nobody is signed in' using errcode = 'insufficient_privilege';
  end if;
  perform 1 from platform.tenants t where t.id = me for no key update;
  if exists (select from onboarding.openings o where o.tenant_id = me and o.id = opening) then
    return;
  end if;
  update platform.tenants t set state = 'entering'
    where t.id = me and t.state = 'active' and (select l.opens and l.at > app.now() - interval '24 hours'
      from onboarding.openings l where l.tenant_id = me order by l.at desc, l.opens limit 1);
  if not found then
    raise exception 'the day is over' using errcode = 'SF409';
  end if;
  insert into onboarding.openings (tenant_id, id, opens, account_id, name, reason) values (me, opening, false, app.account(), person, why);
end $body$;
-- +goose StatementEnd
revoke all on function onboarding.open_body(uuid, text), onboarding.take_back_opening(uuid, text, text) from public;
grant execute on function onboarding.open_body(uuid, text), onboarding.take_back_opening(uuid, text, text) to staffetta_app;

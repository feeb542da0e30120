-- +goose Up
-- Who stops the body from leaving says why.
alter table onboarding.leavings add column stop_reason text not null default '' check (length(stop_reason) <= 2000);
grant update (stop_reason) on onboarding.leavings to staffetta_app;

-- The bodies that have decided to leave, with their day: asked by the program itself, as the platform's body.
-- +goose StatementBegin
create function onboarding.bodies_leaving() returns table (body int, due_at timestamptz)
  language sql stable security definer set search_path = '' as $$
  select l.tenant_id, l.due_at from onboarding.leavings l
    where l.state = 'agreed' and exists (select from platform.tenants t where t.id = app.tenant() and t.kind = 'platform') $$;

-- Those of them with which the body of the transaction has agreements that will end, with how many. What is only proposed counts where the
-- body that leaves has signed it: nobody learns of a leaving by proposing something.
create function onboarding.partners_leaving() returns table (body int, due_at timestamptz, decided_at timestamptz, agreements bigint)
  language sql stable security definer set search_path = '' as $$
  select l.tenant_id, l.due_at, l.decided_at, count(*) from policies.agreements_parties mine
    join policies.agreements a on a.id = mine.agreement_id and a.state in ('proposed', 'active', 'suspended')
    join policies.agreements_parties other on other.agreement_id = a.id and other.tenant_id <> mine.tenant_id
      and (a.state <> 'proposed' or other.accepted_at is not null)
    join onboarding.leavings l on l.tenant_id = other.tenant_id and l.state = 'agreed'
    where mine.tenant_id = app.tenant()
    group by l.tenant_id, l.due_at, l.decided_at $$;

-- The body whose leaving is decided or stopped, and the bodies that have agreements with it, have something to tell.
create function onboarding.signal_leaving() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  insert into platform.mail_signals (tenant_id, topic)
    select distinct other.tenant_id, 'onboarding.leavings' from changed l
      join policies.agreements_parties mine on mine.tenant_id = l.tenant_id
      join policies.agreements a on a.id = mine.agreement_id and a.state in ('proposed', 'active', 'suspended')
        and (a.state <> 'proposed' or mine.accepted_at is not null)
      join policies.agreements_parties other on other.agreement_id = a.id and other.tenant_id <> l.tenant_id
      where l.state in ('agreed', 'stopped');
  return null;
end $$;
-- +goose StatementEnd
revoke all on function onboarding.bodies_leaving(), onboarding.partners_leaving(), onboarding.signal_leaving() from public;
grant execute on function onboarding.bodies_leaving(), onboarding.partners_leaving() to staffetta_app;
create trigger signal_mail_update after update on onboarding.leavings referencing new table as changed
  for each statement execute function onboarding.signal_leaving();

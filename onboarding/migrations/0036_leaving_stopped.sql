-- +goose Up
-- Who was told that a body leaves is told for a week that it stays after all.
drop function onboarding.partners_leaving();
-- +goose StatementBegin
create function onboarding.partners_leaving() returns table (body int, due_at timestamptz, since timestamptz, agreements bigint, stays boolean)
  language sql stable security definer set search_path = '' as $$
  select other.tenant_id, l.due_at, coalesce(l.stopped_at, l.decided_at), count(*), l.state = 'stopped' from policies.agreements_parties mine
    join policies.agreements a on a.id = mine.agreement_id and a.state in ('proposed', 'active', 'suspended')
    join policies.agreements_parties other on other.agreement_id = a.id and other.tenant_id <> mine.tenant_id
      and (a.state <> 'proposed' or other.accepted_at is not null)
    join lateral (
      select x.* from onboarding.leavings x
        where x.tenant_id = other.tenant_id and (x.state = 'agreed' or x.state = 'stopped' and x.stopped_at > app.now() - interval '7 days')
        order by x.asked_at desc, x.id limit 1) l on true
    where mine.tenant_id = app.tenant()
    group by other.tenant_id, l.due_at, l.stopped_at, l.decided_at, l.state $$;
-- +goose StatementEnd
revoke all on function onboarding.partners_leaving() from public;
grant execute on function onboarding.partners_leaving() to staffetta_app;

-- +goose Up
-- How much each instrument is used, as counts, for those who look after the instruments and read no case. What came with a case
-- of another body, or was written by one in joint care, is no work of this one.
create function assessment.used() returns table (key text, days30 int, days90 int, days180 int, records int, people int, last timestamptz)
  language sql stable security definer set search_path = '' as $$
  select a.instrument,
    (count(*) filter (where a.created_at >= (select app.now()) - interval '30 days'))::int,
    (count(*) filter (where a.created_at >= (select app.now()) - interval '90 days'))::int,
    (count(*) filter (where a.created_at >= (select app.now()) - interval '180 days'))::int,
    count(*)::int,
    (count(distinct a.author_account) filter (where a.created_at >= (select app.now()) - interval '180 days'))::int,
    max(a.created_at)
  from assessment.assessments a where a.tenant_id = app.tenant() and a.author_tenant = a.tenant_id group by a.instrument
$$;
revoke all on function assessment.used() from public;
grant execute on function assessment.used() to staffetta_app;

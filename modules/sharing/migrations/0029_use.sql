-- +goose Up
-- For which purposes the own body has offered shares, as counts, for those who look after the templates and see no share.
create function sharing.used_purposes() returns table (purpose text, days30 int, days90 int, days180 int, records int, people int, last timestamptz)
  language sql stable security definer set search_path = '' as $$
  select s.purpose,
    (count(*) filter (where s.offered_at >= (select app.now()) - interval '30 days'))::int,
    (count(*) filter (where s.offered_at >= (select app.now()) - interval '90 days'))::int,
    (count(*) filter (where s.offered_at >= (select app.now()) - interval '180 days'))::int,
    count(*)::int,
    (count(distinct s.offered_by) filter (where s.offered_at >= (select app.now()) - interval '180 days'))::int,
    max(s.offered_at)
  from sharing.shares s where s.owner_tenant = app.tenant() and s.offered_tenant = s.owner_tenant group by s.purpose
$$;
revoke all on function sharing.used_purposes() from public;
grant execute on function sharing.used_purposes() to staffetta_app;

-- +goose Up
-- How much each form is used, and how many contacts the desk has, as counts, for those who look after the forms and read no
-- contact. Forms that came with a case of another body are pinned to a version that belongs to no item here.
create function intake.used_forms() returns table (key text, days30 int, days90 int, days180 int, records int, people int, last timestamptz)
  language sql stable security definer set search_path = '' as $$
  select f.form,
    (count(*) filter (where f.created_at >= (select app.now()) - interval '30 days'))::int,
    (count(*) filter (where f.created_at >= (select app.now()) - interval '90 days'))::int,
    (count(*) filter (where f.created_at >= (select app.now()) - interval '180 days'))::int,
    count(*)::int,
    (count(distinct f.author_account) filter (where f.created_at >= (select app.now()) - interval '180 days'))::int,
    max(f.created_at)
  from intake.forms f join kit.item_versions v on v.tenant_id = f.tenant_id and v.id = f.item_version_id and v.item_id is not null
  where f.tenant_id = app.tenant() group by f.form
$$;
-- Contacts name no workflow: all of a body follow the one that it has published for them.
create function intake.used_contacts() returns table (days30 int, days90 int, days180 int, records int, people int, last timestamptz)
  language sql stable security definer set search_path = '' as $$
  select
    (count(*) filter (where c.created_at >= (select app.now()) - interval '30 days'))::int,
    (count(*) filter (where c.created_at >= (select app.now()) - interval '90 days'))::int,
    (count(*) filter (where c.created_at >= (select app.now()) - interval '180 days'))::int,
    count(*)::int,
    (count(distinct c.operator_account) filter (where c.created_at >= (select app.now()) - interval '180 days'))::int,
    max(c.created_at)
  from intake.contacts c where c.tenant_id = app.tenant()
    and not exists (select from casefile.cases k where k.tenant_id = c.tenant_id and k.id = c.case_id and k.origin_tenant is not null)
$$;
revoke all on function intake.used_forms(), intake.used_contacts() from public;
grant execute on function intake.used_forms(), intake.used_contacts() to staffetta_app;

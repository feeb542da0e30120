-- +goose Up
-- How much each workflow is used: the cases that were opened on it and the steps that they took, as counts, for those who look
-- after the workflows and read no case. A case that came from another body follows a version that belongs to no item here.
create function casefile.used_workflows() returns table (key text, days30 int, days90 int, days180 int, records int, people int, last timestamptz)
  language sql stable security definer set search_path = '' as $$
  with followed as (
    select c.tenant_id, c.id, c.opened_at, c.opened_by, v.key from casefile.cases c
      join kit.item_versions v on v.tenant_id = c.tenant_id and v.id = c.workflow_version and v.item_id is not null
      where c.tenant_id = app.tenant()
  ), made as (
    select f.key, f.opened_at as at, f.opened_by as account from followed f
    union all
    select f.key, s.at, s.account_id from followed f join casefile.steps s on s.tenant_id = f.tenant_id and s.case_id = f.id
  )
  select m.key,
    (count(*) filter (where m.at >= (select app.now()) - interval '30 days'))::int,
    (count(*) filter (where m.at >= (select app.now()) - interval '90 days'))::int,
    (count(*) filter (where m.at >= (select app.now()) - interval '180 days'))::int,
    count(*)::int,
    (count(distinct m.account) filter (where m.at >= (select app.now()) - interval '180 days'))::int,
    max(m.at)
  from made m group by m.key
$$;
revoke all on function casefile.used_workflows() from public;
grant execute on function casefile.used_workflows() to staffetta_app;

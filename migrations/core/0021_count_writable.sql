-- +goose Up
-- In joint care another body writes too: how many of the received cases each colleague may write is counted beside.
drop function policies.count_received();
create function policies.count_received() returns table (account_id uuid, section text, cases bigint, writable bigint)
  language sql stable security definer set search_path = '' as $$
  with live as (
    select g.tenant_id, g.case_id, g.section::text as section, g.grantee_account, g.grantee_office, g.can_write
    from policies.case_grants g
    where g.grantee = app.tenant() and g.valid @> app.now() and g.agreement_id = any (policies.live_agreement_ids()))
  select null::uuid, l.section, count(distinct (l.tenant_id, l.case_id)), count(distinct (l.tenant_id, l.case_id)) filter (where l.can_write)
    from live l where l.grantee_account is null and l.grantee_office is null group by l.section
  union all
  select c.account_id, l.section, count(distinct (l.tenant_id, l.case_id)), count(distinct (l.tenant_id, l.case_id)) filter (where l.can_write)
  from live l join (select distinct k.account_id, k.office_id from platform.colleagues() k) c
    on (l.grantee_account is null or l.grantee_account = c.account_id) and (l.grantee_office is null or l.grantee_office = c.office_id)
  where (l.grantee_account is not null or l.grantee_office is not null)
    and not exists (select 1 from live o where o.grantee_account is null and o.grantee_office is null
      and (o.tenant_id, o.case_id, o.section) = (l.tenant_id, l.case_id, l.section))
  group by c.account_id, l.section
$$;
revoke all on function policies.count_received() from public;
grant execute on function policies.count_received() to staffetta_app;

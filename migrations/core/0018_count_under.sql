-- +goose Up
-- How many cases an agreement lets each of two bodies see of the other now, or would if it were in force, by section:
-- counts of the shares of the actor's body alone, for who suspends, resumes or ends the agreement and sees no case.
create function policies.count_under(agreement uuid) returns table (from_tenant int, to_tenant int, section text, can_write boolean, cases bigint)
  language sql stable security definer set search_path = '' as $$
  select g.tenant_id, g.grantee, g.section::text, g.can_write, count(distinct g.case_id)
  from policies.case_grants g
  where g.agreement_id = agreement and g.valid @> app.now() and app.tenant() in (g.tenant_id, g.grantee)
  group by g.tenant_id, g.grantee, g.section, g.can_write
$$;
revoke all on function policies.count_under(uuid) from public;
grant execute on function policies.count_under(uuid) to staffetta_app;

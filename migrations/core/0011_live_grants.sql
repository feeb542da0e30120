-- +goose Up
-- What makes a grant live for a guest stands once, in the policy of the grants themselves: it holds wherever another
-- policy asks for a grant, because a guest's policies read the grants as the guest. Each repetition cost its own set of
-- subqueries in every query of a guest (a list of 50 shared cases: 1.5 ms of 2.6 ms). What is asked only of a grant to
-- one account or office stands without a subquery, and is worked out when there is such a grant.
alter policy granted on policies.case_grants using (
  grantee = (select app.tenant())
  and valid @> app.now()
  and (grantee_account is null or grantee_account = app.account())
  and (grantee_office is null or grantee_office = any (app.offices()))
  and agreement_id = any ((select policies.live_agreement_ids())::uuid[]));

-- Tables that were made shareable before keep the longer policy, which lets the same rows through.
-- +goose StatementBegin
create or replace procedure app.shareable_table(t regclass, section text) language plpgsql set search_path = '' as $$
begin
  execute format($policy$create policy granted on %1$s for select to staffetta_guest using (
    (%2$s)::text = any ((select app.sections())::text[])
    and exists (select 1 from policies.case_grants g
      where g.tenant_id = %1$s.tenant_id and g.case_id = %1$s.case_id and g.section::text = (%2$s)::text))$policy$, t, section);
  execute format('grant select on %s to staffetta_guest', t);
end $$;
-- +goose StatementEnd
alter policy granted on policies.case_subjects using (
  section::text = any ((select app.sections())::text[])
  and exists (select 1 from policies.case_grants g
    where g.tenant_id = case_subjects.tenant_id and g.case_id = case_subjects.case_id and g.section::text = case_subjects.section::text));

-- All that a guest's policies ask of a grant stands in the index.
create index on policies.case_grants (tenant_id, case_id, grantee, section)
  include (valid, grantee_account, grantee_office, agreement_id);
drop index policies.case_grants_tenant_id_case_id_idx;

-- The parties lead to the agreements: there are few of a body, and many agreements.
-- +goose StatementBegin
create or replace function policies.live_agreement_ids() returns uuid[] language plpgsql stable security definer set search_path = '' as $$
begin
  return (select coalesce(array_agg(a.id), '{}') from policies.agreements_parties p
    join policies.agreements a on a.id = p.agreement_id and a.state = 'active' and a.valid @> app.now()
    where p.tenant_id = app.tenant());
end $$;
-- +goose StatementEnd

-- +goose Up
-- The policy of the grants says which of them are live.
alter policy granted on casefile.cases using (
  exists (select 1 from policies.case_grants g where g.tenant_id = cases.tenant_id and g.case_id = cases.id));

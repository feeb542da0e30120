-- +goose Up
-- A guest's list is read from the grants, and each name in it from the subjects of a case: both from an index alone. The
-- rows of one body's grants lie far apart in the table (a list of 50 shared cases: 250 pages read of 1,180).
create index on policies.case_grants (grantee, tenant_id, case_id, section)
  include (valid, grantee_account, grantee_office, agreement_id);
drop index policies.case_grants_grantee_tenant_id_case_id_section_idx;
create index on policies.case_subjects (tenant_id, person_id) include (section, case_id, valid_to);
drop index policies.case_subjects_tenant_id_person_id_idx;

-- +goose Up
-- Who is seen through a case changes with the household: a row that ended is kept, and no guest sees it any more.
alter table policies.case_subjects add column valid_to timestamptz;
create policy still on policies.case_subjects as restrictive for select to staffetta_guest using (valid_to is null);

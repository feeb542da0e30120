-- +goose Up
-- Who sees a proposal stands in one place, the function that its messages ask already.
alter policy party on practice.proposals using (id in (select practice.proposals_of_tenant())) with check (id in (select practice.proposals_of_tenant()));
alter policy seen on practice.proposals using (id in (select practice.proposals_of_tenant()));

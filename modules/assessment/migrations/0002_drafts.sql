-- +goose Up
-- The drafts of an author, for the page where a day begins.
create index on assessment.assessments (tenant_id, author_account) where state = 'draft';

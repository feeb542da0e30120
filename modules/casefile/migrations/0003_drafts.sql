-- +goose Up
-- The drafts of an author, for the page where a day begins.
create index on casefile.notes (tenant_id, author_account) where signed_at is null;

-- +goose Up
-- What runs kept and nobody read: how an item stood is in found and made, and who ran it in the name and in the audit.
alter table practice.application_items drop column base_sha256, drop column ours_sha256, drop column theirs_sha256;
alter table practice.applications drop column author_account;

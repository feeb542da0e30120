-- +goose Up
-- Certified mail and tax code are of one body alone: who enters second under either is an impostor, or should ask the first for access.
create unique index on platform.tenants (lower(pec)) where state <> 'closed';
create unique index on platform.tenants (tax_code) where state <> 'closed';

-- +goose Up
-- Who works in a body is asked of that body's memberships, and not of those of all: the other index has only those without an end.
create index on platform.memberships (tenant_id);

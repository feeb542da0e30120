-- +goose Up
-- What is new in the shares that a body offered is found as what is new in those that it received.
create index on sharing.shares (owner_tenant, moved_at) where moved_at is not null;

-- +goose Up
-- Whether the public may see what an item announces. What it sees today stays so.
alter table kit.items add column shown boolean not null default true;

-- +goose Up
-- Days on which an office does not open though its week says so: a list of {from, to, why}, which citizens read.
alter table platform.offices add column closed_days jsonb not null default '[]' check (jsonb_typeof(closed_days) = 'array' and length(closed_days::text) <= 20000);

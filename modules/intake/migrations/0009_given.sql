-- +goose Up
-- The terms of the body's vocabularies that its workflow about contacts asks for, with what they were called then.
alter table intake.contacts add column given jsonb not null default '[]' check (jsonb_typeof(given) = 'array');

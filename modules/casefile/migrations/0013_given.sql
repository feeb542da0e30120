-- +goose Up
-- What a step asked for is kept field by field, with its type and the words of then. The words of steps taken before stay as they are.
alter table casefile.reasons add column given jsonb not null default '[]' check (jsonb_typeof(given) = 'array'),
  drop constraint reasons_body_check, add constraint reasons_body_check check (length(body) <= 2000 and (body <> '' or given <> '[]'));

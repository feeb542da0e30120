-- +goose Up
-- What happened, by the table that it happened in: only what can have changed by it is asked again. Without a topic it may be
-- anything.
alter table platform.mail_signals add column topic text not null default '' check (topic ~ '^([a-z_]+\.[a-z_]+)?$');

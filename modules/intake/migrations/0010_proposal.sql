-- +goose Up
-- Why nobody opens a case after a contact that was proposed for taking in charge.
alter table intake.contacts add column set_aside text not null default ''
  check (length(set_aside) <= 500 and (set_aside = '' or outcome = 'taking_in_charge'));

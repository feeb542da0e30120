-- +goose Up
-- Who has read which edition of the code of conduct, before they work in the body.
create table onboarding.conduct_readings (
  tenant_id int not null default app.tenant(),
  account_id uuid not null,
  edition int not null check (edition between 1 and 1000),
  read_at timestamptz not null default app.now(),
  primary key (tenant_id, account_id, edition)
);
call app.own_table('onboarding.conduct_readings');
revoke update, delete on onboarding.conduct_readings from staffetta_app;

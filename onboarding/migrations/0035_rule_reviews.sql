-- +goose Up
-- Which changes of its rules that let more people read case files a body's data protection officer has looked at.
create table onboarding.rule_reviews (
  tenant_id int not null default app.tenant(),
  change_id uuid not null,
  account_id uuid not null,
  account_name text not null check (length(account_name) between 1 and 120),
  reviewed_at timestamptz not null default app.now(),
  primary key (tenant_id, change_id),
  foreign key (tenant_id, change_id) references policies.rule_changes (tenant_id, id)
);
call app.own_table('onboarding.rule_reviews');
revoke update, delete on onboarding.rule_reviews from staffetta_app;

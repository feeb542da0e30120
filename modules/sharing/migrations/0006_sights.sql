-- +goose Up
-- What somebody has seen of shares is theirs alone: colleagues neither read nor set it, and reports do not count it.
create policy actor on sharing.sights as restrictive to staffetta_app
  using (account_id = (select app.account())) with check (account_id = (select app.account()));
create policy reported_actor on sharing.sights as restrictive for select to staffetta_report
  using (account_id = (select app.account()));

-- +goose Up
-- What a reader of the body may not see, its reports may not count either.
alter policy drafts on casefile.notes to staffetta_app, staffetta_report;
create policy reported_addressee on casefile.notices as restrictive for select to staffetta_report
  using (account_id = (select app.account()));

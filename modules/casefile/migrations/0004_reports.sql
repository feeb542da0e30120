-- +goose Up
-- What a reader of the body may not see, its reports may not count either.
create policy reported_drafts on casefile.notes as restrictive for select to staffetta_report
  using (signed_at is not null and visibility = 'public');
create policy reported_addressee on casefile.notices as restrictive for select to staffetta_report
  using (account_id = (select app.account()));

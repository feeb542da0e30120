-- +goose Up
-- The agreements under which the actor's body reads are found once in a transaction of a guest, by the door that sets who
-- acts, and no longer once for each table whose policy asks for a grant (a case with its person asked three times: a fifth
-- of the database's work). Who could write this setting could write app.tenant as well. Without it the policy finds them.
create function app.agreements() returns uuid[] language sql stable parallel safe as
  $$ select nullif(current_setting('app.agreements', true), '')::uuid[] $$;
alter policy granted on policies.case_grants using (
  grantee = (select app.tenant())
  and valid @> app.now()
  and (grantee_account is null or grantee_account = app.account())
  and (grantee_office is null or grantee_office = any (app.offices()))
  and agreement_id = any ((select coalesce(app.agreements(), policies.live_agreement_ids()))::uuid[]));

-- +goose Up
-- Who has looked at a change of the rules writes that in the own name, and has not applied it.
create policy signed on onboarding.rule_reviews as restrictive for insert to staffetta_app with check (
  account_id = (select app.account())
  and not exists (select from policies.rule_changes c
    where c.tenant_id = rule_reviews.tenant_id and c.id = rule_reviews.change_id and coalesce(c.applied_by, c.account_id) = (select app.account())));

-- A grant tells of a restriction whom it is for alone, as long as its agreement holds.
-- +goose StatementBegin
do $body$
begin
  if to_regprocedure('casefile.restricted_since(uuid)') is not null then
    execute $q$
create or replace function casefile.restricted_since(file uuid) returns timestamptz
  language plpgsql stable security definer set search_path = '' as $f$
begin
  if app.purpose() is not distinct from 'citizen' then
    return null;
  end if;
  return (select min(x.set_at) from casefile.cases c join onboarding.restrictions x on x.tenant_id = c.tenant_id and x.person_id = c.person_id
    where c.id = file and x.lifted_at is null and (c.tenant_id = app.tenant() or exists (select from policies.case_grants g
      where g.grantee = app.tenant() and g.tenant_id = c.tenant_id and g.case_id = c.id and g.valid @> app.now()
        and (g.grantee_account is null or g.grantee_account = app.account())
        and (g.grantee_office is null or g.grantee_office = any (app.offices()))
        and g.agreement_id = any ((select policies.live_agreement_ids())::uuid[]))));
end $f$ $q$;
  end if;
end $body$;
-- +goose StatementEnd

-- Nor does anybody change with whom that person lives.
-- +goose StatementBegin
do $body$
begin
  if to_regclass('registry.members') is not null then
    create trigger keep_registered before insert or update on registry.members for each row when (current_user = 'staffetta_app')
      execute function onboarding.keep_registered();
  end if;
end $body$;
-- +goose StatementEnd

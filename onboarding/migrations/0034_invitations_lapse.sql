-- +goose Up
-- An invitation holds while whoever sent it may still give roles: who looks after the body, today. Who sends it again stands behind it.
-- +goose StatementBegin
create function onboarding.stand_behind() returns trigger language plpgsql set search_path = '' as $body$
begin
  new.invited_by := coalesce(app.account(), new.invited_by);
  return new;
end $body$;

create or replace function onboarding.claim_invitation(link bytea, called text) returns table (outcome text, invitation uuid)
  language plpgsql security definer set search_path = '' as $body$
declare
  i onboarding.invitations;
  open boolean;
begin
  if app.tenant() is null or app.account() is null then
    raise exception 'nobody is signed in' using errcode = 'insufficient_privilege';
  end if;
  select t.state in ('entering', 'active') into open from platform.tenants t where t.id = app.tenant() for no key update;
  select x.* into i from onboarding.invitations x where x.tenant_id = app.tenant() and x.link_hash = link for update;
  invitation := i.id;
  outcome := case
    when i.id is null or not open then 'unknown'
    when i.state = 'claimed' and i.claimed_by = app.account() then 'claimed'
    when i.state <> 'sent' then 'used'
    when i.expires_at <= app.now() then 'expired'
    when i.invited_by = app.account() then 'other'
    when not exists (select from platform.colleagues() c where c.account_id = i.invited_by and c.role = 'tenant_admin') then 'lapsed'
    when i.code_token is null then 'new claim'
    when exists (select 1 from platform.accounts a where a.id = app.account() and a.cf_token = i.code_token) then 'accepted'
    else 'other' end;
  if outcome = 'new claim' then
    update onboarding.invitations x set state = 'claimed', claimed_by = app.account(), claimed_name = called, claimed_at = app.now()
      where x.tenant_id = i.tenant_id and x.id = i.id;
    outcome := 'claimed';
  elsif outcome = 'accepted' then
    update onboarding.invitations x set claimed_by = app.account(), claimed_name = called, claimed_at = app.now() where x.tenant_id = i.tenant_id and x.id = i.id;
    perform onboarding.fulfil_invitation(i, app.account(), i.name);
  end if;
  return next;
end $body$;
-- +goose StatementEnd
create trigger stand_behind before update of link_hash on onboarding.invitations for each row execute function onboarding.stand_behind();
grant update (invited_name) on onboarding.invitations to staffetta_app;
revoke all on function onboarding.stand_behind() from public;

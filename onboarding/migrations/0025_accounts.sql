-- +goose Up
-- Who takes their data along gets the tax codes of their own people alone: who has or had a role, who entered for the body, and citizens who
-- contested a reading. Rows that came with a case name others, who work elsewhere.
-- +goose StatementBegin
create or replace function onboarding.exported_accounts() returns table (id uuid, cf_sealed bytea, created_at timestamptz)
  language plpgsql stable security definer set search_path = '' as $body$
declare
  me int := onboarding.exporting();
  holders text;
begin
  select string_agg(format('select x.account_id from %s x where x.tenant_id = $1', c.oid::regclass), ' union ') into holders
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attname = 'account_id' and not a.attisdropped
    join pg_catalog.pg_attribute b on b.attrelid = c.oid and b.attname = 'tenant_id' and not b.attisdropped
    where c.relkind in ('r', 'p') and not c.relispartition and n.nspname <> 'audit'
      and (c.relrowsecurity or c.oid in ('platform.memberships'::regclass, 'platform.membership_periods'::regclass))
      and (n.nspname || '.' || c.relname = 'ledger.contests' or exists (select from pg_catalog.pg_constraint k
        where k.conrelid = c.oid and k.contype = 'f' and k.confrelid = 'platform.accounts'::regclass and k.conkey = array[a.attnum]));
  return query execute format('select a.id, a.cf_sealed, a.created_at from platform.accounts a where a.id in (%s) order by a.id', holders) using me;
end $body$;

-- Nobody follows an invitation of their own: who gives roles gives none to themselves.
create or replace function onboarding.claim_invitation(link bytea, called text) returns table (outcome text, invitation uuid)
  language plpgsql security definer set search_path = '' as $body$
declare
  i onboarding.invitations;
begin
  if app.tenant() is null or app.account() is null then
    raise exception 'nobody is signed in' using errcode = 'insufficient_privilege';
  end if;
  perform 1 from platform.tenants t where t.id = app.tenant() for no key update;
  select x.* into i from onboarding.invitations x where x.tenant_id = app.tenant() and x.link_hash = link for update;
  invitation := i.id;
  outcome := case
    when i.id is null then 'unknown'
    when i.state = 'claimed' and i.claimed_by = app.account() then 'claimed'
    when i.state <> 'sent' then 'used'
    when i.expires_at <= app.now() then 'expired'
    when i.invited_by = app.account() then 'other'
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

-- +goose Up
-- Invitations to work in a body, by a link that was sent by e-mail. Of the link only a hash is kept, and address and code go once it
-- has ended. With a code it is for that person alone; without, the administrator confirms whoever followed it.
create table onboarding.invitations (
  tenant_id int not null default app.tenant(),
  id uuid not null,
  name text not null check (length(name) between 1 and 120),
  roles text[] not null check (cardinality(roles) between 1 and 20),
  office_id int,
  valid_from date not null,
  valid_to date,
  address_sealed bytea,
  address_token bytea, -- keyed: one open invitation an address
  code_token bytea, -- as accounts keep it
  link_hash bytea,
  sends int not null default 1 check (sends between 1 and 5),
  sent_at timestamptz not null default app.now(),
  expires_at timestamptz not null,
  invited_by uuid not null,
  invited_name text not null,
  state text not null default 'sent' check (state in ('sent', 'claimed', 'accepted', 'refused', 'withdrawn')),
  claimed_by uuid,
  claimed_name text not null default '' check (length(claimed_name) <= 120),
  claimed_at timestamptz,
  ended_at timestamptz,
  primary key (tenant_id, id),
  check ((state in ('sent', 'claimed')) = (ended_at is null)),
  check (ended_at is null or address_sealed is null and code_token is null and address_token is null)
);
create unique index on onboarding.invitations (tenant_id, link_hash);
create unique index on onboarding.invitations (tenant_id, address_token) where ended_at is null;
create index on onboarding.invitations (tenant_id, sent_at desc);
call app.own_table('onboarding.invitations');
revoke update on onboarding.invitations from staffetta_app;
grant update (link_hash, sends, sent_at, expires_at, state, ended_at, address_sealed, address_token, code_token) on onboarding.invitations to staffetta_app;

-- Gives the roles of an invitation; who accepts late has them from that day on.
-- +goose StatementBegin
create function onboarding.fulfil_invitation(i onboarding.invitations, account uuid, called text) returns void
  language plpgsql set search_path = '' as $body$
declare
  one text;
begin
  if i.valid_to < app.now()::date then
    raise exception 'the roles have ended' using errcode = 'SF409';
  end if;
  foreach one in array i.roles loop
    perform platform.add_role(gen_random_uuid(), account, one, called, i.office_id, greatest(i.valid_from, app.now()::date), i.valid_to);
  end loop;
  update onboarding.invitations x set state = 'accepted', ended_at = app.now(), address_sealed = null, address_token = null, code_token = null
    where x.tenant_id = i.tenant_id and x.id = i.id;
end $body$;

-- Whoever is signed in follows a link to the transaction's body, and the outcome says what came of it: accepted, claimed (to be
-- confirmed), or unknown, used, expired and other (for somebody else), which change nothing.
create function onboarding.claim_invitation(link bytea, called text) returns table (outcome text, invitation uuid)
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

-- Somebody who looks after the body, and not who followed the link, says whether that was who was invited. Returns whose account it is;
-- null where nobody waits.
create function onboarding.answer_invitation(invitation uuid, yes boolean) returns uuid
  language plpgsql security definer set search_path = '' as $body$
declare
  i onboarding.invitations;
begin
  if app.tenant() is null or app.account() is null then
    raise exception 'nobody answers' using errcode = 'insufficient_privilege';
  end if;
  perform 1 from platform.tenants t where t.id = app.tenant() for no key update;
  select x.* into i from onboarding.invitations x where x.tenant_id = app.tenant() and x.id = invitation and x.state = 'claimed' for update;
  if not found or i.claimed_by = app.account() then
    return null;
  end if;
  if yes then
    perform onboarding.fulfil_invitation(i, i.claimed_by, i.claimed_name);
  else
    update onboarding.invitations x set state = 'refused', ended_at = app.now(), address_sealed = null, address_token = null, code_token = null
      where x.tenant_id = i.tenant_id and x.id = i.id;
  end if;
  return i.claimed_by;
end $body$;
-- +goose StatementEnd
revoke all on function onboarding.fulfil_invitation(onboarding.invitations, uuid, text), onboarding.claim_invitation(bytea, text),
  onboarding.answer_invitation(uuid, boolean) from public;
grant execute on function onboarding.claim_invitation(bytea, text), onboarding.answer_invitation(uuid, boolean) to staffetta_app;

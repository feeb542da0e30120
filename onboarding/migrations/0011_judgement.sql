-- +goose Up
-- A second person of the body confirms the powers of its contact, and where it is needed somebody of the platform looks at act and
-- address. Both stand for the answers as they were read, and are forgotten with the first that changes.
alter table onboarding.entries
  add column confirmed_by uuid,
  add column confirmed_name text not null default '' check (length(confirmed_name) <= 120),
  add column confirmed_at timestamptz,
  add column review text not null default '' check (review in ('', 'asked', 'yes', 'no')),
  add column review_asked_at timestamptz,
  add column review_reason text not null default '' check (length(review_reason) <= 1000),
  add column reviewed_by uuid,
  add column reviewed_name text not null default '' check (length(reviewed_name) <= 120),
  add column reviewed_at timestamptz,
  add check ((confirmed_at is null) = (confirmed_by is null)),
  add check ((review in ('yes', 'no')) = (reviewed_at is not null));
create index on onboarding.entries (tenant_id, review_asked_at) where review <> '';
create index on onboarding.entries (body_id);

-- Nobody writes down a judgement but by the functions below.
revoke update on onboarding.entries from staffetta_app;
grant update (state, belfiore, ipa, body_version, contact_position, contact_email, contact_phone, act_number, act_date, pec, contact_version,
  body_id, updated_at) on onboarding.entries to staffetta_app;

-- +goose StatementBegin
create function onboarding.forget_judgement() returns trigger language plpgsql set search_path = '' as $body$
begin
  if row(new.belfiore, new.ipa, new.contact_name, new.contact_position, new.contact_email, new.contact_phone, new.act_number, new.act_date, new.pec)
      is distinct from row(old.belfiore, old.ipa, old.contact_name, old.contact_position, old.contact_email, old.contact_phone, old.act_number, old.act_date, old.pec) then
    new.confirmed_by := null; new.confirmed_name := ''; new.confirmed_at := null;
    new.review := ''; new.review_asked_at := null; new.review_reason := '';
    new.reviewed_by := null; new.reviewed_name := ''; new.reviewed_at := null;
  end if;
  return new;
end $body$;
-- +goose StatementEnd
create trigger forget_judgement before update on onboarding.entries for each row execute function onboarding.forget_judgement();

-- Confirms the powers of the contact, by somebody else who works at the entry. False if somebody has confirmed them before.
-- +goose StatementBegin
create function onboarding.confirm_powers(entry uuid, person text) returns boolean
  language plpgsql security definer set search_path = '' as $body$
begin
  if not exists (select from onboarding.entry_people p
      where p.tenant_id = app.tenant() and p.entry_id = entry and p.account_id = app.account() and not p.starter and p.removed_at is null) then
    raise exception 'who began an entry does not confirm it' using errcode = 'insufficient_privilege';
  end if;
  update onboarding.entries e set confirmed_by = app.account(), confirmed_name = person, confirmed_at = app.now(), updated_at = app.now()
    where e.tenant_id = app.tenant() and e.id = entry and e.confirmed_at is null;
  return found;
end $body$;
-- +goose StatementEnd

-- Whether a second person has confirmed the powers of who entered with the own body; a body that came without an entry needs none.
create function onboarding.powers_confirmed() returns boolean
  language sql stable security definer set search_path = '' as $body$
  select app.tenant() is not null and not exists (select from onboarding.entries e where e.body_id = app.tenant() and e.confirmed_at is null)
$body$;

-- The entry that led to the own body, and who has confirmed it.
create function onboarding.own_entry() returns table (entry uuid, confirmed_name text, confirmed_at timestamptz)
  language sql stable security definer set search_path = '' as $body$
  select e.id, e.confirmed_name, e.confirmed_at from onboarding.entries e where e.body_id = app.tenant()
$body$;

-- Asks the platform to look at an entry, by whoever began it. False if that was asked before, or is decided.
-- +goose StatementBegin
create function onboarding.ask_review(entry uuid) returns boolean
  language plpgsql security definer set search_path = '' as $body$
begin
  if not exists (select from onboarding.entry_people p
      where p.tenant_id = app.tenant() and p.entry_id = entry and p.account_id = app.account() and p.starter) then
    raise exception 'the entry is another''s' using errcode = 'insufficient_privilege';
  end if;
  update onboarding.entries e set review = 'asked', review_asked_at = app.now(), updated_at = app.now()
    where e.tenant_id = app.tenant() and e.id = entry and e.state = 'open' and e.review = '';
  return found;
end $body$;
-- +goose StatementEnd

-- Says yes or no to an entry that asked for it, by a reviewer of the platform who has no part in it. It returns whose entry it is;
-- nothing if it waits no longer.
-- +goose StatementBegin
create function onboarding.review_entry(entry uuid, verdict text, why text, person text) returns uuid
  language plpgsql security definer set search_path = '' as $body$
begin
  if not exists (select from platform.memberships m where m.tenant_id = app.tenant() and m.account_id = app.account()
      and m.role = 'platform_reviewer' and m.valid_from <= app.now()::date and (m.valid_to is null or m.valid_to >= app.now()::date))
    or exists (select from onboarding.entry_people p where p.tenant_id = app.tenant() and p.entry_id = entry and p.account_id = app.account())
    or verdict not in ('yes', 'no') then
    raise exception 'an entry is judged by a reviewer who has no part in it' using errcode = 'insufficient_privilege';
  end if;
  update onboarding.entries e set review = verdict, review_reason = why, reviewed_by = app.account(), reviewed_name = person, reviewed_at = app.now()
    where e.tenant_id = app.tenant() and e.id = entry and e.state = 'open' and e.review = 'asked';
  if not found then
    return null;
  end if;
  return (select p.account_id from onboarding.entry_people p where p.tenant_id = app.tenant() and p.entry_id = entry and p.starter);
end $body$;
-- +goose StatementEnd
revoke all on function onboarding.forget_judgement(), onboarding.confirm_powers(uuid, text), onboarding.powers_confirmed(), onboarding.own_entry(),
  onboarding.ask_review(uuid), onboarding.review_entry(uuid, text, text, text) from public;
grant execute on function onboarding.confirm_powers(uuid, text), onboarding.powers_confirmed(), onboarding.own_entry(), onboarding.ask_review(uuid),
  onboarding.review_entry(uuid, text, text, text) to staffetta_app;

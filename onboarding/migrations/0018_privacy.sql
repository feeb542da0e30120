-- +goose Up
-- What a body says of itself in its privacy documents, besides what it says elsewhere (its name, its contacts). Each time it is saved
-- that is a row more, so that what it said before stays.
create table onboarding.privacy_sheets (
  tenant_id int not null default app.tenant(),
  version int not null check (version > 0),
  dpo_name text not null default '' check (length(dpo_name) <= 200),
  dpo_email text not null default '' check (length(dpo_email) <= 254),
  dpo_phone text not null default '' check (length(dpo_phone) <= 40),
  provider_name text not null default '' check (length(provider_name) <= 200),
  provider_contact text not null default '' check (length(provider_contact) <= 300),
  provider_act text not null default '' check (length(provider_act) <= 300),
  processors jsonb not null default '[]' check (jsonb_typeof(processors) = 'array'),
  kept jsonb not null default '{}' check (jsonb_typeof(kept) = 'object'),
  need text not null default '' check (length(need) <= 5000),
  risks text not null default '' check (length(risks) <= 5000),
  views text not null default '' check (length(views) <= 5000),
  decision text not null default '' check (length(decision) <= 5000),
  saved_name text not null default '' check (length(saved_name) <= 120),
  saved_at timestamptz not null default app.now(),
  primary key (tenant_id, version)
);
call app.own_table('onboarding.privacy_sheets');
revoke update on onboarding.privacy_sheets from staffetta_app;

-- What was proposed and published of those documents. Its text never changes, and nothing does once it was decided about.
create table onboarding.privacy_versions (
  tenant_id int not null default app.tenant(),
  id uuid not null,
  document text not null check (document in ('notice', 'register', 'joint', 'processor', 'assessment')),
  state text not null default 'proposed' check (state in ('proposed', 'published', 'refused', 'withdrawn')),
  number int check (number > 0),
  content text not null check (length(content) between 2 and 1000000),
  sha256 text not null,
  proposed_by uuid not null,
  proposed_name text not null check (length(proposed_name) between 1 and 120),
  proposed_at timestamptz not null default app.now(),
  decided_by uuid,
  decided_name text not null default '' check (length(decided_name) <= 120),
  decided_at timestamptz,
  words text not null default '' check (length(words) <= 1000),
  primary key (tenant_id, id),
  check (sha256 = encode(sha256(convert_to(content, 'UTF8')), 'hex')),
  check ((state = 'proposed') = (decided_at is null)),
  check ((state = 'published') = (number is not null)),
  check (state <> 'published' or decided_by is not null)
);
create unique index on onboarding.privacy_versions (tenant_id, document, number);
create unique index privacy_versions_waiting on onboarding.privacy_versions (tenant_id, document) where state = 'proposed';
call app.own_table('onboarding.privacy_versions');
create policy signed on onboarding.privacy_versions as restrictive for insert to staffetta_app
  with check (proposed_by = (select app.account()) and state = 'proposed');
revoke update on onboarding.privacy_versions from staffetta_app;
grant update (state, number, decided_by, decided_name, decided_at, words) on onboarding.privacy_versions to staffetta_app;

-- Where the body names a data protection officer, nobody publishes alone: another person agrees, or who publishes says how the
-- officer did (art. 39 GDPR).
-- +goose StatementBegin
create function onboarding.keep_privacy_version() returns trigger language plpgsql set search_path = '' as $body$
begin
  if old.state <> 'proposed' then
    raise exception 'a version that was decided about stays as it is' using errcode = 'insufficient_privilege';
  end if;
  if new.state = 'published' and new.decided_by = old.proposed_by and new.words = ''
    and (select p.dpo_name <> '' from onboarding.privacy_sheets p where p.tenant_id = new.tenant_id order by p.version desc limit 1) then
    raise exception 'the data protection officer has not agreed' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $body$;
-- +goose StatementEnd
revoke all on function onboarding.keep_privacy_version() from public;
create trigger kept before update on onboarding.privacy_versions for each row execute function onboarding.keep_privacy_version();

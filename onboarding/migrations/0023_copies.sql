-- +goose Up
-- Copies of what the body has about a person (GDPR art. 15): what is in and what is not, as it was decided, and who had it.
create table onboarding.subject_copies (
  tenant_id int not null default app.tenant(),
  id uuid not null,
  request_id uuid not null,
  state text not null default 'making' check (state in ('making', 'ready', 'failed', 'expired')),
  choices jsonb not null check (jsonb_typeof(choices) = 'array'),
  asked_by uuid not null,
  asked_name text not null,
  asked_at timestamptz not null default app.now(),
  size bigint not null default 0,
  sha256 text not null default '' check (sha256 ~ '^([0-9a-f]{64})?$'),
  made_at timestamptz,
  expires_at timestamptz,
  fetched_name text not null default '',
  fetched_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, request_id) references onboarding.subject_requests (tenant_id, id),
  check (state <> 'ready' or sha256 <> '' and expires_at is not null)
);
call app.own_table('onboarding.subject_copies');
create policy signed on onboarding.subject_copies as restrictive for insert to staffetta_app with check (asked_by = (select app.account()) and state = 'making');
revoke update on onboarding.subject_copies from staffetta_app;
grant update (state, size, sha256, made_at, expires_at, fetched_name, fetched_at) on onboarding.subject_copies to staffetta_app;
create unique index on onboarding.subject_copies (tenant_id, request_id) where state = 'making';

-- Which rows go with a person says the same function that says which rows go away with them; it tells a condition and reads no row.
grant execute on function onboarding.goes_with(regclass, regclass, text, text) to staffetta_report;

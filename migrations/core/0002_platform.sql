-- +goose Up
-- Family "platform": bodies, accounts, sessions. Reached through the Platform door and listed functions only.
create table platform.tenants (
  id int generated always as identity primary key,
  slug text not null unique check (slug ~ '^[a-z0-9][a-z0-9_-]{1,62}$'),
  ipa text,
  name text not null check (length(name) between 2 and 200),
  kind text not null check (kind in ('municipality', 'district', 'joint_office', 'other', 'platform')),
  state text not null default 'entering' check (state in ('entering', 'active', 'suspended', 'closed')),
  istat text,
  belfiore text,
  tax_code text,
  pec text,
  created_at timestamptz not null default now(),
  activated_at timestamptz
);
create unique index on platform.tenants (belfiore) where kind = 'municipality' and state <> 'closed';

create table platform.slugs (
  slug text primary key,
  tenant_id int not null references platform.tenants (id)
);

create table platform.role_secrets (
  role text primary key,
  sealed bytea not null
);

create table platform.accounts (
  id uuid primary key,
  cf_token bytea not null unique,
  cf_sealed bytea not null,
  created_at timestamptz not null default now()
);

create table platform.memberships (
  id uuid primary key,
  tenant_id int not null references platform.tenants (id),
  account_id uuid not null references platform.accounts (id),
  role text not null check (role ~ '^[a-z_]{3,40}$'),
  office_id int,
  display_name text not null check (length(display_name) between 1 and 120),
  valid_from date not null default current_date,
  valid_to date,
  created_at timestamptz not null default now(),
  check (valid_to is null or valid_to >= valid_from)
);
create unique index on platform.memberships (tenant_id, account_id, role) where valid_to is null;
create index on platform.memberships (account_id);

create table platform.sessions (
  id_hash bytea primary key,
  id uuid not null unique,
  tenant_id int not null references platform.tenants (id),
  account_id uuid not null references platform.accounts (id),
  purpose text not null check (purpose in ('operator', 'citizen', 'newcomer')),
  assurance int not null check (assurance between 1 and 3),
  provider text not null,
  display_name text not null,
  created_at timestamptz not null,
  idle_until timestamptz not null,
  absolute_until timestamptz not null,
  ended_at timestamptz,
  token_sealed bytea,
  token_until timestamptz
);
create index on platform.sessions (absolute_until);
create index on platform.sessions (account_id, tenant_id);

create table platform.login_flows (
  state_hash bytea primary key,
  tenant_id int not null references platform.tenants (id),
  body_sealed bytea not null,
  expires_at timestamptz not null
);
create index on platform.login_flows (expires_at);

create table platform.seen_tokens (
  provider text not null,
  jti_hash bytea not null,
  until timestamptz not null,
  primary key (provider, jti_hash)
);

create table platform.parked_forms (
  id uuid primary key,
  tenant_id int not null references platform.tenants (id),
  account_id uuid not null references platform.accounts (id),
  body_sealed bytea not null,
  expires_at timestamptz not null
);
create index on platform.parked_forms (expires_at);

create table platform.tokens (
  id uuid primary key,
  tenant_id int not null references platform.tenants (id),
  account_id uuid not null references platform.accounts (id),
  name text not null check (length(name) between 1 and 80),
  token_hash bytea not null unique,
  roles text[] not null,
  assurance int not null check (assurance between 1 and 3),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  revoked_at timestamptz,
  check (expires_at <= created_at + interval '90 days 1 hour')
);

create table platform.modules (
  tenant_id int not null references platform.tenants (id),
  module text not null,
  active boolean not null,
  settings jsonb not null default '{}',
  primary key (tenant_id, module)
);

-- Overrides of the policy templates; the templates themselves are code and base data of package policies.
create table platform.policy_rules (
  id bigint generated always as identity primary key,
  tenant_id int not null references platform.tenants (id),
  role text not null,
  relation text not null,
  object text not null,
  action text not null,
  effect text not null check (effect in ('allow', 'deny')),
  unique (tenant_id, role, relation, object, action)
);

-- Offices are a body's own.
create table platform.offices (
  tenant_id int not null default app.tenant() references platform.tenants (id),
  id int not null,
  name text not null check (length(name) between 2 and 120),
  address text not null default '',
  primary key (tenant_id, id)
);

grant select, insert, update on
  platform.tenants, platform.slugs, platform.accounts, platform.memberships, platform.sessions,
  platform.parked_forms, platform.tokens, platform.modules, platform.policy_rules,
  platform.login_flows, platform.seen_tokens to staffetta_platform;
grant delete on platform.sessions, platform.login_flows, platform.seen_tokens, platform.parked_forms,
  platform.policy_rules to staffetta_platform;
grant select on all tables in schema platform to staffetta_backup;
revoke select on platform.role_secrets from staffetta_backup;
call app.own_table('platform.offices');

-- Every instance keeps bodies, switches, rules and sessions in memory and hears of changes.
-- +goose StatementBegin
create function platform.tell() returns trigger language plpgsql set search_path = '' as $$
begin
  perform pg_notify('staffetta_' || tg_argv[0], coalesce(to_jsonb(new) ->> tg_argv[1], to_jsonb(old) ->> tg_argv[1], ''));
  return null;
end $$;
-- +goose StatementEnd
create trigger tell after insert or update on platform.tenants for each row execute function platform.tell('tenants', 'id');
create trigger tell after insert or update on platform.slugs for each row execute function platform.tell('tenants', 'tenant_id');
create trigger tell after insert or update on platform.modules for each row execute function platform.tell('tenants', 'tenant_id');
create trigger tell after insert or update or delete on platform.policy_rules for each row execute function platform.tell('policies', 'tenant_id');
create trigger tell after update of ended_at, assurance or delete on platform.sessions for each row execute function platform.tell('sessions', 'id');
create trigger tell after insert or update on platform.memberships for each row execute function platform.tell('members', 'account_id');
create trigger tell after update of revoked_at on platform.tokens for each row execute function platform.tell('members', 'account_id');

-- The colleagues of the actor's own body: who can be assigned, addressed, named.
create function platform.colleagues() returns table (account_id uuid, role text, office_id int, display_name text)
  language sql stable security definer set search_path = '' as $$
  select m.account_id, m.role, m.office_id, m.display_name
  from platform.memberships m
  where m.tenant_id = app.tenant() and m.valid_from <= app.now()::date and (m.valid_to is null or m.valid_to >= app.now()::date)
$$;
revoke all on function platform.colleagues() from public;
grant execute on function platform.colleagues() to staffetta_app;

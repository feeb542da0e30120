-- +goose Up
-- What a body has to decide before a kit can be applied to it, and what it has answered so far. An answer holds for the
-- conflict that was read: its sum tells another one about the same item apart.
create table practice.conflicts (
  tenant_id int not null default app.tenant(),
  adoption_id uuid not null references practice.adoptions (id),
  kind text not null check (length(kind) <= 40),
  key text not null check (length(key) <= 64),
  kit_id uuid not null references commons.kits (id),
  sum text not null check (length(sum) = 64),
  state text not null check (state in ('open', 'answered', 'over')), -- over: applied, given up, or no conflict any more
  answer text not null default '' check (answer in ('', 'ours', 'kit', 'merge')),
  reason text not null default '' check (length(reason) <= 500),
  fields text not null default '{}', -- answers to places, as JSON
  author_name text not null default '' check (length(author_name) <= 120),
  opened_at timestamptz not null default app.now(),
  changed_at timestamptz not null default app.now(),
  primary key (tenant_id, adoption_id, kind, key)
);
create index on practice.conflicts (tenant_id, state);
call app.own_table('practice.conflicts');

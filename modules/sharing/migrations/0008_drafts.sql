-- +goose Up
-- An agreement that a body is still writing: its own until it is proposed, under the same id, to the other parties.
create table sharing.agreement_drafts (
  tenant_id int not null default app.tenant(),
  id uuid not null,
  state text not null default 'open' check (state in ('open', 'proposed', 'discarded')),
  content jsonb not null check (octet_length(content::text) <= 65536),
  version int not null default 1,
  updated_at timestamptz not null default app.now(),
  updated_by uuid not null,
  updated_name text not null check (length(updated_name) <= 200),
  primary key (tenant_id, id)
);
call app.own_table('sharing.agreement_drafts');
create index on sharing.agreement_drafts (tenant_id, updated_at) where state = 'open';

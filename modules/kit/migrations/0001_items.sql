-- +goose Up
-- Configuration items of a body and every version of them. Content is kept as its canonical text, so that its hash can
-- be made again from the row byte by byte.
create schema kit;
grant usage on schema kit to staffetta_app, staffetta_guest, staffetta_report, staffetta_backup;

create table kit.items (
  tenant_id int not null default app.tenant(),
  id uuid not null,
  kind text not null check (kind ~ '^[a-z][a-z-]{1,39}$'),
  key text not null check (key ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$'),
  title_it text not null check (length(title_it) between 1 and 300),
  title_en text not null default '' check (length(title_en) <= 300),
  owner text not null default '' check (length(owner) <= 200),
  licence text not null default '' check (length(licence) <= 60),
  state text not null default 'draft' check (state in ('draft', 'published', 'retired')),
  version_id uuid,
  draft text,
  origin_practice uuid,
  origin_kit uuid,
  origin_version text not null default '',
  origin_key text not null default '',
  base text,
  adaptation text not null default 'local' check (adaptation in ('adopted', 'adapted', 'dropped', 'local')),
  reason text not null default '' check (length(reason) <= 500),
  version int not null default 1,
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, kind, key),
  unique (tenant_id, id, kind, key),
  check ((origin_practice is null) = (base is null)),
  check ((origin_practice is null) = (adaptation = 'local')),
  check (state <> 'published' or version_id is not null)
);

create table kit.item_versions (
  tenant_id int not null default app.tenant(),
  id uuid not null,
  item_id uuid not null,
  kind text not null,
  key text not null,
  number int not null check (number > 0),
  title_it text not null,
  title_en text not null default '',
  content text not null,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$' and sha256 = encode(sha256(convert_to(content, 'UTF8')), 'hex')),
  author_account uuid,
  author_name text not null default '',
  reason text not null check (length(reason) between 1 and 500),
  at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, item_id, number),
  foreign key (tenant_id, item_id, kind, key) references kit.items (tenant_id, id, kind, key)
);
-- An item and its first version are written together.
alter table kit.items add foreign key (tenant_id, version_id) references kit.item_versions (tenant_id, id)
  deferrable initially deferred;

call app.own_table('kit.items');
call app.own_table('kit.item_versions');
-- Records pin a version for ever: it never changes.
revoke update on kit.item_versions from staffetta_app;

-- +goose Up
-- Practices and their kits, as a body prepares them; what is published goes as a copy without persons into commons.
create schema practice;
grant usage on schema practice to staffetta_app, staffetta_guest, staffetta_report, staffetta_backup;

create table practice.practices (
  tenant_id int not null default app.tenant(),
  id uuid not null,
  key text not null check (key ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$'),
  title_it text not null check (length(title_it) between 3 and 300),
  title_en text not null default '' check (length(title_en) <= 300),
  owner text not null check (length(owner) between 1 and 200),
  licence text not null check (length(licence) between 1 and 60),
  state text not null default 'draft' check (state in ('draft', 'in_review', 'published', 'retired')),
  sheet jsonb not null,
  version int not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, key)
);

-- A kit is one numbered release of a practice. sheet is the copy without persons that will be published; checked_hash is
-- the hash of what the checks saw, so that nothing else can be published.
create table practice.kits (
  tenant_id int not null default app.tenant(),
  id uuid not null,
  practice_id uuid not null,
  release text not null check (release ~ '^(0|[1-9][0-9]{0,3})(\.(0|[1-9][0-9]{0,3})){2}$'),
  state text not null default 'draft' check (state in ('draft', 'published')),
  versions uuid[] not null default '{}',
  sheet text not null default '{}',
  completeness int not null default 0 check (completeness between 0 and 100),
  findings jsonb not null default '[]',
  open_findings int not null default 0,
  checked_hash text not null default '',
  hash text not null default '',
  created_at timestamptz not null default now(),
  published_at timestamptz,
  published_by uuid,
  published_name text not null default '',
  version int not null default 1,
  primary key (tenant_id, id),
  unique (tenant_id, practice_id, release),
  foreign key (tenant_id, practice_id) references practice.practices (tenant_id, id)
);
call app.own_table('practice.practices');
call app.own_table('practice.kits');

-- Family "commons": readable by all, written by practice.publish_kit only, never changed.
create table commons.practices (
  id uuid primary key,
  tenant_id int not null references platform.tenants (id),
  body text not null,
  key text not null,
  created_at timestamptz not null default now()
);
create table commons.kits (
  id uuid primary key,
  practice_id uuid not null references commons.practices (id),
  release text not null,
  number int[] not null, -- the release as numbers, for its order
  title_it text not null,
  title_en text not null default '',
  owner text not null,
  licence text not null,
  sheet text not null,
  lineage jsonb not null default '[]',
  completeness int not null,
  hash text not null check (hash ~ '^[0-9a-f]{64}$'),
  published_at timestamptz not null default now(),
  unique (practice_id, release)
);
create table commons.kit_items (
  kit_id uuid not null references commons.kits (id),
  kind text not null,
  key text not null,
  title_it text not null,
  title_en text not null default '',
  owner text not null default '',
  licence text not null default '',
  content text not null,
  sha256 text not null check (sha256 = encode(sha256(convert_to(content, 'UTF8')), 'hex')),
  primary key (kit_id, kind, key)
);
grant select on commons.practices, commons.kits, commons.kit_items to staffetta_app, staffetta_platform, staffetta_report, staffetta_backup;

-- Copies a checked kit of the actor's own body into commons and returns its hash; a kit published before is left as it is.
-- The hash covers the release, the sheet and every item; package practice makes the same one.
-- +goose StatementBegin
create function practice.publish_kit(kit uuid) returns text
  language plpgsql security definer set search_path = '' as $body$
declare
  me int := app.tenant();
  k practice.kits;
  p practice.practices;
  digest text;
begin
  select x.* into k from practice.kits x where x.tenant_id = me and x.id = kit for update;
  if not found then
    raise exception 'no such kit' using errcode = 'no_data_found';
  end if;
  if k.state = 'published' then
    return k.hash;
  end if;
  select x.* into p from practice.practices x where x.tenant_id = me and x.id = k.practice_id for update;
  select encode(sha256(convert_to(k.release || E'\n' || encode(sha256(convert_to(k.sheet, 'UTF8')), 'hex')
      || coalesce(string_agg(E'\n' || v.kind || '/' || v.key || ' ' || v.sha256, '' order by v.kind collate "C", v.key collate "C"), ''), 'UTF8')), 'hex')
    into digest from kit.item_versions v where v.tenant_id = me and v.id = any (k.versions);
  if k.open_findings > 0 or digest <> k.checked_hash or cardinality(k.versions) = 0 then
    raise exception 'the kit is not cleared for publication' using errcode = 'check_violation';
  end if;
  insert into commons.practices (id, tenant_id, body, key)
    select p.id, me, t.name, p.key from platform.tenants t where t.id = me on conflict (id) do nothing;
  if not exists (select from commons.practices c where c.id = p.id and c.tenant_id = me) then
    raise exception 'the practice belongs to another body' using errcode = 'insufficient_privilege';
  end if;
  insert into commons.kits (id, practice_id, release, number, title_it, title_en, owner, licence, sheet, lineage, completeness, hash)
    select k.id, p.id, k.release, string_to_array(k.release, '.')::int[], p.title_it, p.title_en, p.owner, p.licence, k.sheet,
      coalesce((select jsonb_agg(distinct jsonb_build_object('practice', i.origin_practice, 'kit', i.origin_kit, 'release', i.origin_version))
        from kit.item_versions v join kit.items i on i.tenant_id = v.tenant_id and i.id = v.item_id
        where v.tenant_id = me and v.id = any (k.versions) and i.origin_practice <> p.id), '[]'),
      k.completeness, digest;
  insert into commons.kit_items (kit_id, kind, key, title_it, title_en, owner, licence, content, sha256)
    select k.id, v.kind, v.key, v.title_it, v.title_en, i.owner, i.licence, v.content, v.sha256
    from kit.item_versions v join kit.items i on i.tenant_id = v.tenant_id and i.id = v.item_id
    where v.tenant_id = me and v.id = any (k.versions);
  update practice.kits x set state = 'published', hash = digest, published_at = app.now(), published_by = app.account(), version = x.version + 1
    where x.tenant_id = me and x.id = k.id;
  update practice.practices x set state = 'published', updated_at = app.now(), version = x.version + 1
    where x.tenant_id = me and x.id = p.id;
  return digest;
end $body$;
-- +goose StatementEnd

-- Which of the names (folded as package registry folds them) are those of a registered person of the actor's own body:
-- the publisher, who may not read the registry, learns only about names that are already in the kit.
-- +goose StatementBegin
create function practice.registered_names(surnames text[], names text[]) returns table (surname text, name text)
  language plpgsql stable security definer set search_path = '' as $body$
begin
  return query select distinct c.surname, c.name from unnest(surnames, names) as c (surname, name)
    where exists (select from registry.persons p
      where p.tenant_id = app.tenant() and p.surname_key = c.surname collate "C" and p.name_key = c.name collate "C");
end $body$;
-- +goose StatementEnd
revoke all on function practice.publish_kit(uuid), practice.registered_names(text[], text[]) from public;
grant execute on function practice.publish_kit(uuid), practice.registered_names(text[], text[]) to staffetta_app;

-- +goose Up
-- Kits as files: every published kit is signed by its body, and a kit that another installation published can be taken in.

-- The keys with which a body signs its kits; the private half is sealed with the deployment's master key.
create table practice.signing_keys (
  tenant_id int not null default app.tenant(),
  number int not null,
  public bytea not null check (octet_length(public) = 32),
  sealed bytea not null,
  created_at timestamptz not null default app.now(),
  primary key (tenant_id, number)
);
call app.own_table('practice.signing_keys');
revoke update on practice.signing_keys from staffetta_app;
revoke select on practice.signing_keys from staffetta_guest, staffetta_report;

-- Who signs: bodies of this installation, and those whose kits were taken in (tenant_id is null).
create table commons.signers (
  public bytea primary key check (octet_length(public) = 32),
  tenant_id int references platform.tenants (id),
  body text not null,
  istat text not null default '',
  ipa text not null default '',
  created_at timestamptz not null default app.now()
);
grant select on commons.signers to staffetta_app, staffetta_platform, staffetta_report, staffetta_backup;
alter table commons.practices alter column tenant_id drop not null;
-- What was signed, in canonical form, with which key; a kit published before has none until its body signs it.
alter table commons.kits
  add column manifest text,
  add column signature bytea,
  add column signer bytea references commons.signers (public),
  add constraint signed check (num_nulls(manifest, signature, signer) in (0, 3));

-- The actor's own body signs a kit that it has published; what is signed stays.
-- +goose StatementBegin
create function practice.sign_kit(kit uuid, statement text, seal bytea, public_key bytea) returns void
  language plpgsql security definer set search_path = '' as $body$
declare
  me int := app.tenant();
begin
  if not exists (select from practice.signing_keys s where s.tenant_id = me and s.public = public_key) then
    raise exception 'no key of the body' using errcode = 'insufficient_privilege';
  end if;
  insert into commons.signers (public, tenant_id, body, istat, ipa)
    select public_key, me, t.name, coalesce(t.istat, ''), coalesce(t.ipa, '') from platform.tenants t where t.id = me on conflict do nothing;
  update commons.kits k set manifest = statement, signature = seal, signer = public_key
    from commons.practices p, commons.signers g
    where k.id = kit and k.manifest is null and p.id = k.practice_id and p.tenant_id = me
      and g.public = public_key and g.tenant_id = me and statement::jsonb ->> 'hash' = k.hash;
  if not found then
    raise exception 'no such kit' using errcode = 'no_data_found';
  end if;
end $body$;
-- +goose StatementEnd

-- Takes a kit of another installation into commons, for the platform alone; package exchange has checked its signature. It
-- answers "installed", "present" for the same kit again, or why it changed nothing: "key" where the body is known by
-- another key, "owner" where the practice is of somebody else, "release" where that number is another kit.
-- +goose StatementBegin
create function practice.install_kit(statement text, sheet text, contents text[], seal bytea, public_key bytea) returns text
  language plpgsql security definer set search_path = '' as $body$
declare
  m jsonb := statement::jsonb;
  body jsonb := m #> '{provenance,body}';
  offered uuid := (m #>> '{kit,id}')::uuid;
  offered_practice uuid := (m #>> '{practice,id}')::uuid;
  release_number text := m #>> '{kit,release}';
  named text := body ->> 'name';
  istat_code text := coalesce(body ->> 'istat', '');
  ipa_code text := coalesce(body ->> 'ipa', '');
  g commons.signers;
  p commons.practices;
  k commons.kits;
  digest text;
begin
  if not exists (select from platform.tenants t where t.id = app.tenant() and t.kind = 'platform') then
    raise exception 'only the platform installs kits' using errcode = 'insufficient_privilege';
  end if;
  perform pg_advisory_xact_lock(hashtextextended('practice.install_kit', 0));
  select x.* into k from commons.kits x where x.id = offered;
  if found then
    return case when k.manifest = statement and k.signature = seal then 'present' else 'release' end;
  end if;
  select x.* into g from commons.signers x where x.public = public_key;
  if not found then
    if exists (select from platform.tenants t where lower(t.name) = lower(named)
          or (istat_code <> '' and t.istat = istat_code) or (ipa_code <> '' and lower(t.ipa) = lower(ipa_code)))
        or exists (select from commons.signers x where lower(x.body) = lower(named)
          or (istat_code <> '' and x.istat = istat_code) or (ipa_code <> '' and lower(x.ipa) = lower(ipa_code))) then
      return 'key';
    end if;
  elsif not (lower(g.body) = lower(named) or (istat_code <> '' and g.istat = istat_code) or (ipa_code <> '' and lower(g.ipa) = lower(ipa_code))) then
    return 'key';
  end if;
  select x.* into p from commons.practices x where x.id = offered_practice;
  if found and (p.tenant_id is distinct from g.tenant_id or p.key <> m #>> '{practice,key}'
      or (p.tenant_id is null and not exists (select from commons.kits x where x.practice_id = offered_practice and x.signer = public_key))) then
    return 'owner';
  end if;
  if exists (select from commons.kits x where x.practice_id = offered_practice and x.release = release_number) then
    return 'release';
  end if;
  insert into commons.signers (public, body, istat, ipa) values (public_key, named, istat_code, ipa_code) on conflict do nothing;
  insert into commons.practices (id, tenant_id, body, key) values (offered_practice, g.tenant_id, named, m #>> '{practice,key}') on conflict do nothing;
  insert into commons.kits (id, practice_id, release, number, title_it, title_en, owner, licence, sheet, lineage, completeness, hash,
      published_at, manifest, signature, signer)
    values (offered, offered_practice, release_number, string_to_array(release_number, '.')::int[], m #>> '{practice,title,it}', coalesce(m #>> '{practice,title,en}', ''),
      m #>> '{practice,owner}', m #>> '{practice,licence}', sheet, m #> '{provenance,lineage}', (m #>> '{kit,completeness}')::int, m ->> 'hash',
      (m #>> '{kit,published}')::timestamptz, statement, seal, public_key);
  insert into commons.kit_items (kit_id, kind, key, title_it, title_en, owner, licence, content, sha256)
    select offered, i.entry ->> 'kind', i.entry ->> 'key', i.entry #>> '{title,it}', coalesce(i.entry #>> '{title,en}', ''),
      i.entry ->> 'owner', i.entry ->> 'licence', contents[i.at], i.entry ->> 'sha256'
    from jsonb_array_elements(m -> 'items') with ordinality as i (entry, at);
  select encode(sha256(convert_to(release_number || E'\n' || encode(sha256(convert_to(sheet, 'UTF8')), 'hex')
      || string_agg(E'\n' || i.kind || '/' || i.key || ' ' || i.sha256, '' order by i.kind collate "C", i.key collate "C"), 'UTF8')), 'hex')
    into digest from commons.kit_items i where i.kit_id = offered;
  if digest is distinct from m ->> 'hash' then
    raise exception 'the kit is not what its manifest says' using errcode = 'check_violation';
  end if;
  return 'installed';
end $body$;
-- +goose StatementEnd
revoke all on function practice.sign_kit(uuid, text, bytea, bytea), practice.install_kit(text, text, text[], bytea, bytea) from public;
grant execute on function practice.sign_kit(uuid, text, bytea, bytea), practice.install_kit(text, text, text[], bytea, bytea) to staffetta_app;

-- The ceding side of an adoption is a party only where it is in this installation.
-- +goose StatementBegin
create or replace function practice.start_adoption(adoption uuid, kit uuid, author text) returns uuid
  language plpgsql security definer set search_path = '' as $body$
declare
  me int := app.tenant();
  k commons.kits;
  giver int;
  present uuid;
begin
  select x.* into k from commons.kits x where x.id = kit;
  if me is null or not found then
    raise exception 'no such kit' using errcode = 'no_data_found';
  end if;
  select c.tenant_id into giver from commons.practices c where c.id = k.practice_id;
  if giver = me then
    raise exception 'a body does not adopt its own practice' using errcode = 'check_violation';
  end if;
  perform pg_advisory_xact_lock(hashtextextended(k.practice_id::text, me));
  select a.id into present from practice.adoptions a
    join practice.adoptions_parties p on p.adoption_id = a.id and p.tenant_id = me and p.side = 'reusing'
    where a.practice_id = k.practice_id and a.state <> 'ended';
  if found then
    return present;
  end if;
  insert into practice.adoptions (id, practice_id, kit_id, release) values (adoption, k.practice_id, k.id, k.release);
  insert into practice.adoptions_parties values (adoption, me, 'reusing');
  insert into practice.adoptions_parties select adoption, giver, 'ceding' where giver is not null;
  insert into practice.adoptions_journal (adoption_id, stage, event, release, author_name) values (adoption, 1, 'started', k.release, author);
  return adoption;
end $body$;
-- +goose StatementEnd

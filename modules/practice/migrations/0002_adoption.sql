-- +goose Up
-- An adoption stands between the body that gives a practice and the one that takes it.
create table practice.adoptions (
  id uuid primary key,
  practice_id uuid not null references commons.practices (id),
  kit_id uuid not null references commons.kits (id),
  release text not null,
  stage int not null default 1 check (stage between 0 and 10),
  state text not null default 'open' check (state in ('open', 'active', 'dormant', 'ended')),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version int not null default 1
);
create table practice.adoptions_parties (
  adoption_id uuid not null references practice.adoptions (id),
  tenant_id int not null default app.tenant() references platform.tenants (id),
  side text not null check (side in ('ceding', 'reusing', 'lead')),
  primary key (adoption_id, tenant_id)
);
create index on practice.adoptions_parties (tenant_id, adoption_id);
create table practice.adoptions_journal (
  adoption_id uuid not null references practice.adoptions (id),
  id bigint generated always as identity,
  tenant_id int not null default app.tenant() references platform.tenants (id),
  at timestamptz not null default now(),
  stage int not null check (stage between 0 and 10),
  event text not null check (event in ('started', 'moved', 'applied')),
  release text not null default '',
  author_name text not null default '' check (length(author_name) <= 120),
  note text not null default '' check (length(note) <= 500),
  primary key (adoption_id, id)
);

-- The adoptions of the actor's body; takes the body from the transaction only.
create function practice.adoptions_of_tenant() returns setof uuid
  language sql stable security definer set search_path = '' rows 20 as
  $$ select p.adoption_id from practice.adoptions_parties p where p.tenant_id = app.tenant() $$;
revoke all on function practice.adoptions_of_tenant() from public;
grant execute on function practice.adoptions_of_tenant() to staffetta_app, staffetta_guest, staffetta_report;
call app.between_table('practice.adoptions', 'id in (select practice.adoptions_of_tenant())');
call app.between_table('practice.adoptions_parties', 'adoption_id in (select practice.adoptions_of_tenant())');
call app.between_table('practice.adoptions_journal', 'adoption_id in (select practice.adoptions_of_tenant())');
revoke insert, update on practice.adoptions, practice.adoptions_parties, practice.adoptions_journal from staffetta_app;

-- The actor's body begins to adopt the practice of a published kit. A body adopts a practice once: the id returned is that
-- of the adoption which is already there, if there is one.
-- +goose StatementBegin
create function practice.start_adoption(adoption uuid, kit uuid, author text) returns uuid
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
  insert into practice.adoptions_parties values (adoption, me, 'reusing'), (adoption, giver, 'ceding');
  insert into practice.adoptions_journal (adoption_id, stage, event, release, author_name) values (adoption, 1, 'started', k.release, author);
  return adoption;
end $body$;
-- +goose StatementEnd

-- The reusing body moves its adoption on, or fixes the kit that it takes.
-- +goose StatementBegin
create function practice.move_adoption(adoption uuid, target int, kit uuid, happened text, author text, why text) returns void
  language plpgsql security definer set search_path = '' as $body$
declare
  chosen text;
begin
  select k.release into chosen from commons.kits k join practice.adoptions a on a.practice_id = k.practice_id
    where a.id = adoption and k.id = kit;
  update practice.adoptions a set stage = target, kit_id = kit, release = chosen, updated_at = app.now(), version = version + 1
    where a.id = adoption and chosen is not null and a.state <> 'ended'
      and exists (select from practice.adoptions_parties p where p.adoption_id = a.id and p.tenant_id = app.tenant() and p.side = 'reusing');
  if not found then
    raise exception 'no such adoption' using errcode = 'no_data_found';
  end if;
  insert into practice.adoptions_journal (adoption_id, stage, event, release, author_name, note)
    values (adoption, target, happened, chosen, author, why);
end $body$;
-- +goose StatementEnd

-- How many bodies take each practice over: a count, for the public catalogue.
create function practice.adopters() returns table (practice_id uuid, bodies int)
  language sql stable security definer set search_path = '' as
  $$ select a.practice_id, count(distinct p.tenant_id)::int from practice.adoptions a
     join practice.adoptions_parties p on p.adoption_id = a.id and p.side = 'reusing'
     where a.state <> 'ended' group by a.practice_id $$;
revoke all on function practice.start_adoption(uuid, uuid, text), practice.move_adoption(uuid, int, uuid, text, text, text),
  practice.adopters() from public;
grant execute on function practice.start_adoption(uuid, uuid, text), practice.move_adoption(uuid, int, uuid, text, text, text),
  practice.adopters() to staffetta_app;

-- What the reusing body made of each item, and every run of applying a kit with what it found and left.
create table practice.adoption_items (
  tenant_id int not null default app.tenant(),
  adoption_id uuid not null references practice.adoptions (id),
  kind text not null,
  key text not null,
  item_id uuid not null,
  decision text not null check (decision in ('adopted', 'adapted', 'dropped')),
  base text not null,
  release text not null,
  reason text not null default '' check (length(reason) <= 500),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, adoption_id, kind, key),
  foreign key (tenant_id, item_id) references kit.items (tenant_id, id)
);
create table practice.applications (
  tenant_id int not null default app.tenant(),
  id uuid not null,
  adoption_id uuid not null references practice.adoptions (id),
  kit_id uuid not null references commons.kits (id),
  release text not null,
  run text not null check (run in ('apply', 'upgrade', 'rollback')),
  author_account uuid,
  author_name text not null default '',
  at timestamptz not null default now(),
  primary key (tenant_id, id)
);
create index on practice.applications (tenant_id, adoption_id, at);
create table practice.application_items (
  tenant_id int not null default app.tenant(),
  application_id uuid not null,
  kind text not null,
  key text not null,
  outcome text not null check (outcome in ('new', 'changed', 'same', 'conflict')),
  answer text not null default '' check (answer in ('', 'ours', 'kit')),
  base_sha256 text not null default '',
  ours_sha256 text not null default '',
  theirs_sha256 text not null default '',
  before_version uuid,
  after_version uuid,
  primary key (tenant_id, application_id, kind, key),
  foreign key (tenant_id, application_id) references practice.applications (tenant_id, id),
  foreign key (tenant_id, before_version) references kit.item_versions (tenant_id, id),
  foreign key (tenant_id, after_version) references kit.item_versions (tenant_id, id)
);
call app.own_table('practice.adoption_items');
call app.own_table('practice.applications');
call app.own_table('practice.application_items');
revoke update on practice.applications, practice.application_items from staffetta_app;

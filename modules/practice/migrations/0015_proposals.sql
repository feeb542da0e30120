-- +goose Up
-- A body that adopted a practice gives an improvement of an item back. The row stands between the two bodies; the ceding one
-- sees it from the moment it is sent, with what went out and nothing else.
create table practice.proposals (
  id uuid primary key,
  adoption_id uuid not null references practice.adoptions (id),
  practice_id uuid not null references commons.practices (id),
  ceding_tenant int not null references platform.tenants (id),
  reusing_tenant int not null references platform.tenants (id),
  reusing_body text not null default '', -- its name when it was sent
  kit_id uuid not null references commons.kits (id), -- what the change begins from
  kind text not null,
  key text not null,
  title_it text not null check (length(title_it) between 1 and 300),
  title_en text not null default '' check (length(title_en) <= 300),
  owner text not null default '' check (length(owner) <= 200),
  licence text not null default '' check (length(licence) <= 60),
  content text not null,
  reason text not null check (length(reason) between 1 and 500),
  evidence text not null default '' check (length(evidence) <= 2000),
  link text not null default '' check (length(link) <= 500),
  state text not null default 'draft' check (state in ('draft', 'sent', 'discussed', 'accepted', 'declined', 'withdrawn')),
  author_name text not null default '' check (length(author_name) <= 120),
  version int not null default 1,
  created_at timestamptz not null default now(),
  sent_at timestamptz,
  last_tenant int references platform.tenants (id), -- who spoke last
  last_at timestamptz,
  answer text not null default '' check (length(answer) <= 1000),
  answer_name text not null default '' check (length(answer_name) <= 120),
  answered_at timestamptz,
  read_at timestamptz, -- the answer, by the reusing body
  accepted_number int, -- of the version that the ceding body's item got
  credited_kit uuid references commons.kits (id), -- the first kit that names the credit
  credited_release text not null default '',
  foreign key (kit_id, kind, key) references commons.kit_items (kit_id, kind, key),
  check (ceding_tenant <> reusing_tenant),
  check (state in ('draft', 'withdrawn') or sent_at is not null),
  check ((state = 'accepted') = (accepted_number is not null))
);
-- One item is proposed by an adoption once at a time.
create unique index proposals_open on practice.proposals (adoption_id, kind, key) where state in ('draft', 'sent', 'discussed');
create index on practice.proposals (ceding_tenant, last_at);
create index on practice.proposals (reusing_tenant, created_at);
create table practice.proposals_messages (
  proposal_id uuid not null references practice.proposals (id),
  id uuid not null,
  tenant_id int not null default app.tenant() references platform.tenants (id),
  author_name text not null default '' check (length(author_name) <= 120),
  said text not null check (length(said) between 1 and 2000),
  at timestamptz not null default now(),
  primary key (proposal_id, id)
);

-- The proposals that the actor's body may see; takes the body from the transaction only.
create function practice.proposals_of_tenant() returns setof uuid
  language sql stable security definer set search_path = '' rows 20 as
  $$ select p.id from practice.proposals p where p.reusing_tenant = app.tenant() or p.ceding_tenant = app.tenant() and p.sent_at is not null $$;
revoke all on function practice.proposals_of_tenant() from public;
grant execute on function practice.proposals_of_tenant() to staffetta_app, staffetta_guest, staffetta_report;
call app.between_table('practice.proposals',
  'reusing_tenant = (select app.tenant()) or ceding_tenant = (select app.tenant()) and sent_at is not null');
call app.between_table('practice.proposals_messages', 'proposal_id in (select practice.proposals_of_tenant())');
revoke insert, update on practice.proposals, practice.proposals_messages from staffetta_app;

-- Keeps a draft of the actor's body about an adoption of its own, or changes the one that was seen; returns its version, or 0 for a
-- new one that is there already and is left as it is.
-- +goose StatementBegin
create function practice.write_proposal(proposal uuid, seen int, written jsonb) returns int
  language plpgsql security definer set search_path = '' as $body$
declare
  me int := app.tenant();
  w practice.proposals := jsonb_populate_record(null::practice.proposals, written);
  now_at int;
begin
  if seen = 0 then
    insert into practice.proposals (id, adoption_id, practice_id, ceding_tenant, reusing_tenant, kit_id, kind, key, title_it, title_en, owner, licence, content,
        reason, evidence, link, author_name, created_at)
      select proposal, a.id, a.practice_id, c.tenant_id, me, w.kit_id, w.kind, w.key, w.title_it, w.title_en, w.owner, w.licence, w.content,
        w.reason, w.evidence, w.link, w.author_name, app.now()
      from practice.adoptions a
        join practice.adoptions_parties r on r.adoption_id = a.id and r.tenant_id = me and r.side = 'reusing'
        join practice.adoptions_parties c on c.adoption_id = a.id and c.side = 'ceding'
        join commons.kits k on k.practice_id = a.practice_id and k.id = w.kit_id
      where a.id = w.adoption_id and a.state <> 'ended'
      on conflict (id) do nothing;
    if not found and exists (select from practice.proposals p where p.id = proposal and p.reusing_tenant = me) then
      return 0;
    end if;
  else
    update practice.proposals p set kit_id = w.kit_id, title_it = w.title_it, title_en = w.title_en, owner = w.owner, licence = w.licence,
        content = w.content, reason = w.reason, evidence = w.evidence, link = w.link, author_name = w.author_name, version = p.version + 1
      from commons.kits k
      where p.id = proposal and p.reusing_tenant = me and p.state = 'draft' and p.version = seen and k.id = w.kit_id and k.practice_id = p.practice_id;
    if not found and exists (select from practice.proposals p where p.id = proposal and p.reusing_tenant = me) then
      raise exception 'the proposal has changed' using errcode = 'serialization_failure';
    end if;
  end if;
  select p.version into now_at from practice.proposals p where p.id = proposal and p.reusing_tenant = me;
  if not found then
    raise exception 'no such proposal' using errcode = 'no_data_found';
  end if;
  return now_at;
end $body$;
-- +goose StatementEnd

-- Sends the draft that was seen: from here the ceding body sees it.
-- +goose StatementBegin
create function practice.send_proposal(proposal uuid, seen int, author text) returns void
  language plpgsql security definer set search_path = '' as $body$
begin
  update practice.proposals p set state = 'sent', sent_at = app.now(), last_tenant = app.tenant(), last_at = app.now(), author_name = author,
      reusing_body = (select t.name from platform.tenants t where t.id = app.tenant()), version = p.version + 1
    where p.id = proposal and p.reusing_tenant = app.tenant() and p.state = 'draft' and p.version = seen;
  if found then
    return;
  end if;
  if exists (select from practice.proposals p where p.id = proposal and p.reusing_tenant = app.tenant()) then
    raise exception 'the proposal has changed' using errcode = 'serialization_failure';
  end if;
  raise exception 'no such proposal' using errcode = 'no_data_found';
end $body$;
-- +goose StatementEnd

-- A message of one of the two bodies about a proposal that is not answered; false for one that is there already.
-- +goose StatementBegin
create function practice.discuss_proposal(proposal uuid, message uuid, author text, words text) returns boolean
  language plpgsql security definer set search_path = '' as $body$
declare
  me int := app.tenant();
begin
  if proposal not in (select practice.proposals_of_tenant()) then
    raise exception 'no such proposal' using errcode = 'no_data_found';
  end if;
  if exists (select from practice.proposals_messages m where m.proposal_id = proposal and m.id = message) then
    return false;
  end if;
  update practice.proposals p set state = 'discussed', last_tenant = me, last_at = app.now(), version = p.version + 1
    where p.id = proposal and p.state in ('sent', 'discussed');
  if not found then
    raise exception 'the proposal has changed' using errcode = 'serialization_failure';
  end if;
  insert into practice.proposals_messages (proposal_id, id, tenant_id, author_name, said, at) values (proposal, message, me, author, words, app.now());
  return true;
end $body$;
-- +goose StatementEnd

-- Ends a proposal: the reusing body withdraws it, the ceding one accepts it as a version of its item or declines it. Only
-- who saw the newest version may, so that of two answers at once one holds.
-- +goose StatementBegin
create function practice.close_proposal(proposal uuid, seen int, outcome text, author text, words text, number int) returns void
  language plpgsql security definer set search_path = '' as $body$
declare
  me int := app.tenant();
begin
  if outcome not in ('withdrawn', 'accepted', 'declined') or outcome = 'declined' and words = '' then
    raise exception 'no such answer' using errcode = 'check_violation';
  end if;
  if proposal not in (select practice.proposals_of_tenant()) then
    raise exception 'no such proposal' using errcode = 'no_data_found';
  end if;
  update practice.proposals p set state = outcome, answer = words, answer_name = author, answered_at = app.now(), last_tenant = me, last_at = app.now(),
      accepted_number = case when outcome = 'accepted' then number end, version = p.version + 1
    where p.id = proposal and p.version = seen
      and case outcome when 'withdrawn' then p.reusing_tenant = me and p.state in ('draft', 'sent', 'discussed')
        else p.ceding_tenant = me and p.state in ('sent', 'discussed') end;
  if not found then
    raise exception 'the proposal has changed' using errcode = 'serialization_failure';
  end if;
end $body$;
-- +goose StatementEnd

-- The reusing body has read the answer.
-- +goose StatementBegin
create function practice.read_answer(proposal uuid) returns boolean
  language plpgsql security definer set search_path = '' as $body$
begin
  update practice.proposals p set read_at = app.now()
    where p.id = proposal and p.reusing_tenant = app.tenant() and p.state in ('accepted', 'declined') and p.read_at is null;
  if not found and not exists (select from practice.proposals p where p.id = proposal and p.reusing_tenant = app.tenant()) then
    raise exception 'no such proposal' using errcode = 'no_data_found';
  end if;
  return found;
end $body$;
-- +goose StatementEnd

-- Notes in which published kit of the actor's body an accepted proposal first came.
-- +goose StatementBegin
create function practice.credit_proposals(kit uuid) returns void
  language plpgsql security definer set search_path = '' as $body$
begin
  update practice.proposals p set credited_kit = k.id, credited_release = k.release
    from practice.kits k
    where k.tenant_id = app.tenant() and k.id = kit and k.state = 'published' and p.ceding_tenant = k.tenant_id and p.practice_id = k.practice_id
      and p.state = 'accepted' and p.credited_kit is null
      and exists (select from kit.item_versions v where v.tenant_id = k.tenant_id and v.id = any (k.versions) and v.kind = p.kind and v.key = p.key
        and v.number >= p.accepted_number);
end $body$;
-- +goose StatementEnd

-- A newer kit of a practice that the body adopted, until somebody of the body says to have read what changed.
create table practice.adoption_news (
  tenant_id int not null default app.tenant(),
  adoption_id uuid not null references practice.adoptions (id),
  kit_id uuid not null references commons.kits (id),
  at timestamptz not null default now(),
  read_at timestamptz,
  primary key (tenant_id, adoption_id, kit_id)
);
call app.own_table('practice.adoption_news');
revoke insert on practice.adoption_news from staffetta_app;

-- Tells every body that adopted the practice, whether the kit was published here or came from another installation.
-- +goose StatementBegin
create function practice.tell_adopters() returns trigger language plpgsql set search_path = '' as $body$
begin
  insert into practice.adoption_news (tenant_id, adoption_id, kit_id, at)
    select r.tenant_id, a.id, new.id, app.now() from practice.adoptions a
      join practice.adoptions_parties r on r.adoption_id = a.id and r.side = 'reusing'
      join commons.kits taken on taken.id = a.kit_id
    where a.practice_id = new.practice_id and a.state <> 'ended' and taken.number < new.number
    on conflict do nothing;
  return null;
end $body$;
-- +goose StatementEnd
create trigger told after insert on commons.kits for each row execute function practice.tell_adopters();

-- What the adopters of a practice of the actor's body made of each of its items: counts, and none below three, so that nobody is
-- known by them. An item that was changed after it was taken is an adapted one, one that was retired a dropped one.
create function practice.item_uptake(practice uuid) returns table (kind text, key text, adopted int, adapted int, dropped int)
  language sql stable security definer set search_path = '' as $$
  with decided as (
    select i.kind, i.key, case when i.decision = 'dropped' or n.state = 'retired' then 'dropped'
        when i.decision = 'adapted' or v.content <> b.content then 'adapted' else 'adopted' end as became
    from practice.adoptions a
      join practice.adoptions_parties r on r.adoption_id = a.id and r.side = 'reusing'
      join practice.adoption_items i on i.tenant_id = r.tenant_id and i.adoption_id = a.id and i.decision <> 'left'
      join commons.kit_items b on b.kit_id = i.kit_id and b.kind = i.kind and b.key = i.key
      join kit.items n on n.tenant_id = i.tenant_id and n.id = i.item_id
      left join kit.item_versions v on v.tenant_id = n.tenant_id and v.id = n.version_id
    where a.practice_id = $1 and a.state <> 'ended' and exists (select from commons.practices p where p.id = $1 and p.tenant_id = app.tenant()))
  select d.kind, d.key, c.adopted, c.adapted, c.dropped from (select distinct kind, key from decided) d
    cross join lateral (select nullif(greatest(count(*) filter (where o.became = 'adopted'), 2), 2)::int as adopted,
        nullif(greatest(count(*) filter (where o.became = 'adapted'), 2), 2)::int as adapted,
        nullif(greatest(count(*) filter (where o.became = 'dropped'), 2), 2)::int as dropped
      from decided o where o.kind = d.kind and o.key = d.key) c
  order by d.kind, d.key
$$;
revoke all on function practice.write_proposal(uuid, int, jsonb), practice.send_proposal(uuid, int, text), practice.discuss_proposal(uuid, uuid, text, text),
  practice.close_proposal(uuid, int, text, text, text, int), practice.read_answer(uuid), practice.credit_proposals(uuid), practice.tell_adopters(),
  practice.item_uptake(uuid) from public;
grant execute on function practice.write_proposal(uuid, int, jsonb), practice.send_proposal(uuid, int, text), practice.discuss_proposal(uuid, uuid, text, text),
  practice.close_proposal(uuid, int, text, text, text, int), practice.read_answer(uuid), practice.credit_proposals(uuid), practice.item_uptake(uuid)
  to staffetta_app;

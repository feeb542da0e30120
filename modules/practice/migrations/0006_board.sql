-- +goose Up
-- What the two sides of an adoption put on its board, so that a gate can be seen to hold. A statement is never changed: a later
-- one about the same replaces it, or its own side takes it back.
create table practice.adoptions_statements (
  adoption_id uuid not null references practice.adoptions (id),
  id uuid not null,
  tenant_id int not null default app.tenant() references platform.tenants (id),
  stage int not null check (stage between 0 and 10),
  kind text not null check (kind ~ '^[a-z_]{3,20}$'),
  slot text not null default '' check (length(slot) <= 200),
  key text not null default '' check (length(key) <= 160),
  value text not null default '' check (length(value) <= 200),
  day date,
  amount numeric(12,2),
  people int check (people between 0 and 100000),
  owner text not null default '' check (length(owner) <= 120),
  note text not null default '' check (length(note) <= 1000),
  link text not null default '' check (length(link) <= 500),
  author_name text not null default '' check (length(author_name) <= 120),
  at timestamptz not null default now(),
  replaced_at timestamptz,
  primary key (adoption_id, id)
);
create unique index adoptions_statements_slot on practice.adoptions_statements (adoption_id, kind, slot)
  where replaced_at is null and slot <> '';
create index on practice.adoptions_statements (adoption_id, at) where replaced_at is null;
-- Who answers for a stage on each side, and until when.
create table practice.adoptions_owners (
  adoption_id uuid not null references practice.adoptions (id),
  stage int not null check (stage between 0 and 10),
  tenant_id int not null default app.tenant() references platform.tenants (id),
  name text not null default '' check (length(name) <= 120),
  due date,
  at timestamptz not null default now(),
  primary key (adoption_id, stage, tenant_id)
);
call app.between_table('practice.adoptions_statements', 'adoption_id in (select practice.adoptions_of_tenant())');
call app.between_table('practice.adoptions_owners', 'adoption_id in (select practice.adoptions_of_tenant())');
revoke insert, update on practice.adoptions_statements, practice.adoptions_owners from staffetta_app;

alter table practice.adoptions_journal drop constraint adoptions_journal_event_check;
alter table practice.adoptions_journal add constraint adoptions_journal_event_check check (event ~ '^[a-z_]{3,20}$');
-- What a person writes has an id of its own, so that sending it twice writes it once.
alter table practice.adoptions_journal add column note_id uuid;
create unique index on practice.adoptions_journal (adoption_id, note_id);

-- As which side the actor's body works on an adoption that goes on; refused to strangers, and to a lead body, which looks on.
-- +goose StatementBegin
create function practice.working_side(adoption uuid) returns text
  language plpgsql security definer set search_path = '' as $body$
declare
  found_side text;
begin
  select p.side into found_side from practice.adoptions a
    join practice.adoptions_parties p on p.adoption_id = a.id and p.tenant_id = app.tenant() and p.side in ('ceding', 'reusing')
    where a.id = adoption and a.state <> 'ended' for update of a;
  if not found then
    raise exception 'no such adoption' using errcode = 'no_data_found';
  end if;
  return found_side;
end $body$;
-- +goose StatementEnd

-- A statement of the actor's body. What stood in the same slot is replaced; the same id again changes nothing.
-- +goose StatementBegin
create function practice.state_on_board(adoption uuid, statement jsonb) returns boolean
  language plpgsql security definer set search_path = '' as $body$
declare
  new practice.adoptions_statements;
begin
  perform practice.working_side(adoption);
  new := jsonb_populate_record(null::practice.adoptions_statements, statement);
  if exists (select from practice.adoptions_statements s where s.adoption_id = adoption and s.id = new.id) then
    return false;
  end if;
  update practice.adoptions_statements s set replaced_at = app.now()
    where s.adoption_id = adoption and s.kind = new.kind and s.slot = new.slot and new.slot <> '' and s.replaced_at is null;
  insert into practice.adoptions_statements (adoption_id, id, tenant_id, stage, kind, slot, key, value, day, amount, people, owner, note, link, author_name, at)
    values (adoption, new.id, app.tenant(), new.stage, new.kind, new.slot, new.key, new.value, new.day, new.amount, new.people, new.owner, new.note,
      new.link, new.author_name, app.now());
  update practice.adoptions a set updated_at = app.now() where a.id = adoption;
  return true;
end $body$;
-- +goose StatementEnd

-- The actor's body takes a statement of its own back.
-- +goose StatementBegin
create function practice.withdraw_statement(adoption uuid, statement uuid) returns void
  language plpgsql security definer set search_path = '' as $body$
begin
  perform practice.working_side(adoption);
  update practice.adoptions_statements s set replaced_at = app.now()
    where s.adoption_id = adoption and s.id = statement and s.tenant_id = app.tenant() and s.replaced_at is null;
  if not found then
    raise exception 'no such statement' using errcode = 'no_data_found';
  end if;
end $body$;
-- +goose StatementEnd

-- The actor's body names who answers for a stage on its side, and until when.
-- +goose StatementBegin
create function practice.own_stage(adoption uuid, stage int, name text, due date) returns void
  language plpgsql security definer set search_path = '' as $body$
begin
  perform practice.working_side(adoption);
  insert into practice.adoptions_owners as o (adoption_id, stage, tenant_id, name, due, at)
    values (adoption, own_stage.stage, app.tenant(), own_stage.name, own_stage.due, app.now())
    on conflict on constraint adoptions_owners_pkey do update set name = excluded.name, due = excluded.due, at = excluded.at;
end $body$;
-- +goose StatementEnd

-- Moves an adoption from the stage that the actor saw: on, where package board has found its gates open, or back, with a reason.
-- +goose StatementBegin
create function practice.step_adoption(adoption uuid, seen int, target int, author text, why text) returns void
  language plpgsql security definer set search_path = '' as $body$
begin
  perform practice.working_side(adoption);
  if target not between 1 and 10 or target = seen or target < seen and why = '' then
    raise exception 'no such step' using errcode = 'check_violation';
  end if;
  update practice.adoptions a set stage = target, updated_at = app.now(), version = version + 1 where a.id = adoption and a.stage = seen;
  if not found then
    raise exception 'the adoption has moved' using errcode = 'serialization_failure';
  end if;
  insert into practice.adoptions_journal (adoption_id, stage, event, release, author_name, note)
    select adoption, target, case when target > seen then 'moved' else 'returned' end, a.release, author, why
    from practice.adoptions a where a.id = adoption;
end $body$;
-- +goose StatementEnd

-- A line of the actor's body in the journal that both sides read.
-- +goose StatementBegin
create function practice.note_in_journal(adoption uuid, note uuid, author text, text text) returns void
  language plpgsql security definer set search_path = '' as $body$
begin
  perform practice.working_side(adoption);
  insert into practice.adoptions_journal (adoption_id, stage, event, release, author_name, note, note_id)
    select a.id, a.stage, 'noted', a.release, author, note_in_journal.text, note_in_journal.note from practice.adoptions a where a.id = adoption
    on conflict (adoption_id, note_id) do nothing;
end $body$;
-- +goose StatementEnd

-- How far the reusing body is with the items of the kit: counts, and which courses and indicators it has dropped, since those
-- are work of both sides. Which other items it kept, adapted or dropped stays its own.
-- +goose StatementBegin
create function practice.adoption_standing(adoption uuid)
  returns table (items int, adopted int, adapted int, dropped int, unexplained int, dropped_keys text[])
  language sql stable security definer set search_path = '' as $body$
  select count(*)::int,
    (count(*) filter (where i.decision = 'adopted'))::int,
    (count(*) filter (where i.decision = 'adapted'))::int,
    (count(*) filter (where i.decision = 'dropped'))::int,
    (count(*) filter (where i.decision in ('adapted', 'dropped') and i.reason = ''))::int,
    coalesce(array_agg(k.key order by k.key) filter (where i.decision = 'dropped' and k.kind in ('training', 'indicator')), '{}')
  from practice.adoptions a
  join practice.adoptions_parties r on r.adoption_id = a.id and r.side = 'reusing'
  join commons.kit_items k on k.kit_id = a.kit_id
  left join practice.adoption_items i on i.tenant_id = r.tenant_id and i.adoption_id = a.id and i.kind = k.kind and i.key = k.key
  where a.id = adoption and a.id in (select practice.adoptions_of_tenant())
$body$;
-- +goose StatementEnd

-- Applying a kit does not carry an adoption past a gate: it notes the run and the release, and never moves the stage on.
-- +goose StatementBegin
create or replace function practice.move_adoption(adoption uuid, target int, kit uuid, happened text, author text, why text) returns void
  language plpgsql security definer set search_path = '' as $body$
declare
  chosen text;
  reached int;
begin
  select k.release into chosen from commons.kits k join practice.adoptions a on a.practice_id = k.practice_id
    where a.id = adoption and k.id = kit;
  update practice.adoptions a set stage = least(target, a.stage), kit_id = kit, release = chosen, updated_at = app.now(), version = version + 1
    where a.id = adoption and chosen is not null and a.state <> 'ended'
      and exists (select from practice.adoptions_parties p where p.adoption_id = a.id and p.tenant_id = app.tenant() and p.side = 'reusing')
    returning a.stage into reached;
  if not found then
    raise exception 'no such adoption' using errcode = 'no_data_found';
  end if;
  insert into practice.adoptions_journal (adoption_id, stage, event, release, author_name, note)
    values (adoption, reached, happened, chosen, author, why);
end $body$;
-- +goose StatementEnd

-- What a body writes about an adoption for itself alone.
create table practice.adoption_notes (
  tenant_id int not null default app.tenant(),
  id uuid not null,
  adoption_id uuid not null references practice.adoptions (id),
  stage int not null check (stage between 0 and 10),
  text text not null check (length(text) between 1 and 1000),
  author_name text not null default '' check (length(author_name) <= 120),
  at timestamptz not null default now(),
  primary key (tenant_id, id)
);
create index on practice.adoption_notes (tenant_id, adoption_id, at);
call app.own_table('practice.adoption_notes');
revoke update on practice.adoption_notes from staffetta_app;

revoke all on function practice.working_side(uuid), practice.state_on_board(uuid, jsonb), practice.withdraw_statement(uuid, uuid),
  practice.own_stage(uuid, int, text, date), practice.step_adoption(uuid, int, int, text, text), practice.note_in_journal(uuid, uuid, text, text),
  practice.adoption_standing(uuid) from public;
grant execute on function practice.working_side(uuid), practice.state_on_board(uuid, jsonb), practice.withdraw_statement(uuid, uuid),
  practice.own_stage(uuid, int, text, date), practice.step_adoption(uuid, int, int, text, text), practice.note_in_journal(uuid, uuid, text, text),
  practice.adoption_standing(uuid) to staffetta_app;

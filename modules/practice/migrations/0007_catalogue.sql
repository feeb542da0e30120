-- +goose Up
-- What the catalogue searches, filters and sorts by: one row for each published practice, about its newest kit. Triggers write
-- it where kits are published and adoptions move, so that nobody has to remember to. It holds nothing that is not public.
create table commons.offers (
  practice_id uuid primary key references commons.practices (id),
  kit_id uuid not null references commons.kits (id),
  title_key text not null, -- folded, as lists are sorted
  title_words tsvector not null default '',
  words tsvector not null default '', -- of title, ceding body and sheet
  area text not null default '', -- ISTAT area of the services
  targets text[] not null default '{}', -- as the sheet words them
  istat text not null default '', -- of the ceding body's municipality
  published_at timestamptz not null,
  adopters int not null default 0, -- bodies that take it, or have taken it, over
  live int not null default 0, -- of them, those that have gone live
  measured boolean not null default false, -- somebody has said whether it is still in use
  alive_since timestamptz -- the oldest going live of those that are known to use it
);
create index on commons.offers using gin (words);
create index on commons.offers (area);
create index on commons.offers using gin (targets);
grant select on commons.offers to staffetta_app, staffetta_platform, staffetta_report, staffetta_backup;

-- Small letters without the accents of Italian: people type both "disabilità" and "disabilita".
create function practice.fold(words text) returns text language sql immutable parallel safe set search_path = '' as
  $$ select translate(lower(words), 'àáâäèéêëìíîïòóôöùúûü''’', 'aaaaeeeeiiiioooouuuu  ') $$;

-- Words as they are searched: by their Italian stems, and as they are written, for the beginnings of words.
create function practice.words(text) returns tsvector language sql immutable parallel safe set search_path = '' as
  $$ select to_tsvector('pg_catalog.italian', practice.fold($1)) || to_tsvector('pg_catalog.simple', practice.fold($1)) $$;

-- The texts of a sheet without its codes and keys.
create function practice.texts(sheet jsonb) returns text language sql immutable parallel safe set search_path = '' as
  $$ select coalesce(string_agg(t #>> '{}', ' '), '') from (
    select jsonb_path_query(sheet, 'strict $.** ? (@.it.type() == "string").it') union all
    select jsonb_path_query(sheet, 'strict $.** ? (@.en.type() == "string").en')) as found (t) $$;

-- What somebody looks for: each word by its stem, or by how it begins.
-- +goose StatementBegin
create function practice.asked(words text[]) returns tsquery language plpgsql immutable parallel safe set search_path = '' as $body$
declare
  word text;
  one tsquery;
  whole tsquery;
begin
  foreach word in array words loop
    one := plainto_tsquery('pg_catalog.italian', word) || to_tsquery('pg_catalog.simple', quote_literal(word) || ':*');
    whole := case when whole is null then one else whole && one end;
  end loop;
  return whole;
end $body$;
-- +goose StatementEnd

-- +goose StatementBegin
create function practice.offer_kit() returns trigger language plpgsql set search_path = '' as $body$
declare
  sheet jsonb := new.sheet::jsonb;
  body text;
  place text;
begin
  select p.body, coalesce(nullif(t.istat, ''), sheet #>> '{registry,cedingBody,istat}', '') into body, place
    from commons.practices p left join platform.tenants t on t.id = p.tenant_id where p.id = new.practice_id;
  if exists (select from commons.kits k where k.practice_id = new.practice_id and k.number > new.number) then
    return null; -- an older release, published later
  end if;
  insert into commons.offers as o (practice_id, kit_id, title_key, title_words, words, area, targets, istat, published_at)
    values (new.practice_id, new.id, practice.fold(new.title_it), practice.words(new.title_it || ' ' || new.title_en),
      practice.words(concat_ws(' ', new.title_it, new.title_en, body, sheet #>> '{registry,cedingBody,name}', practice.texts(sheet))),
      coalesce(sheet #>> '{registry,area}', ''),
      array(select distinct t #>> '{it}' from jsonb_array_elements(case when jsonb_typeof(sheet #> '{registry,targets}') = 'array' then sheet #> '{registry,targets}' else '[]' end) as t
        where t ->> 'it' <> ''),
      place, new.published_at)
    on conflict (practice_id) do update set kit_id = excluded.kit_id, title_key = excluded.title_key, title_words = excluded.title_words,
      words = excluded.words, area = excluded.area, targets = excluded.targets, istat = excluded.istat, published_at = excluded.published_at;
  return null;
end $body$;
-- +goose StatementEnd
create trigger offer after insert on commons.kits for each row execute function practice.offer_kit();

-- Counts of adoptions, whoever moves them. A body has gone live at stage 7; that it is still in use is said by the state.
-- +goose StatementBegin
create function practice.count_adoptions() returns trigger language plpgsql set search_path = '' as $body$
declare
  moved uuid := (to_jsonb(new) ->> case tg_table_name when 'adoptions' then 'id' else 'adoption_id' end)::uuid;
begin
  update commons.offers o set adopters = c.adopters, live = c.live, measured = c.measured, alive_since = c.alive_since
  from (select a.practice_id, count(distinct p.tenant_id) filter (where a.state <> 'ended') as adopters,
      count(distinct p.tenant_id) filter (where a.stage >= 7 and a.state <> 'ended') as live,
      coalesce(bool_or(a.state in ('active', 'dormant')), false) as measured,
      min((select min(j.at) from practice.adoptions_journal j where j.adoption_id = a.id and j.event = 'applied')) filter (where a.state = 'active') as alive_since
    from practice.adoptions a join practice.adoptions_parties p on p.adoption_id = a.id and p.side = 'reusing'
    where a.practice_id = (select m.practice_id from practice.adoptions m where m.id = moved) group by a.practice_id) c
  where o.practice_id = c.practice_id
    and (o.adopters, o.live, o.measured, o.alive_since) is distinct from (c.adopters::int, c.live::int, c.measured, c.alive_since);
  return null;
end $body$;
-- +goose StatementEnd
create trigger counted after insert on practice.adoptions_parties for each row execute function practice.count_adoptions();
create trigger counted after update on practice.adoptions for each row execute function practice.count_adoptions();
revoke all on function practice.offer_kit(), practice.count_adoptions(), practice.fold(text), practice.words(text), practice.texts(jsonb),
  practice.asked(text[]) from public;
grant execute on function practice.asked(text[]) to staffetta_app;

-- How many bodies took a practice over with each release and how many of its items they adapted: counts, for everybody.
create function practice.taken(practice uuid) returns table (release text, bodies int, adapted int)
  language sql stable security definer set search_path = '' as $$
  select a.release, count(distinct p.tenant_id)::int, (count(*) filter (where i.decision = 'adapted'))::int
  from practice.adoptions a join practice.adoptions_parties p on p.adoption_id = a.id and p.side = 'reusing'
    left join practice.adoption_items i on i.tenant_id = p.tenant_id and i.adoption_id = a.id
  where a.practice_id = $1 and a.state <> 'ended' group by a.release
$$;
revoke all on function practice.taken(uuid) from public;
grant execute on function practice.taken(uuid) to staffetta_app;

-- What is published already.
insert into commons.offers (practice_id, kit_id, title_key, title_words, words, area, targets, istat, published_at)
  select k.practice_id, k.id, practice.fold(k.title_it), practice.words(k.title_it || ' ' || k.title_en),
    practice.words(concat_ws(' ', k.title_it, k.title_en, p.body, k.sheet::jsonb #>> '{registry,cedingBody,name}', practice.texts(k.sheet::jsonb))),
    coalesce(k.sheet::jsonb #>> '{registry,area}', ''),
    array(select distinct t #>> '{it}' from jsonb_array_elements(case when jsonb_typeof(k.sheet::jsonb #> '{registry,targets}') = 'array' then k.sheet::jsonb #> '{registry,targets}' else '[]' end) as t
      where t ->> 'it' <> ''),
    coalesce(nullif(t.istat, ''), k.sheet::jsonb #>> '{registry,cedingBody,istat}', ''), k.published_at
  from commons.kits k join commons.practices p on p.id = k.practice_id left join platform.tenants t on t.id = p.tenant_id
  where not exists (select from commons.kits n where n.practice_id = k.practice_id and n.number > k.number);
update commons.offers o set adopters = c.adopters, live = c.live, measured = c.measured, alive_since = c.alive_since
  from (select a.practice_id, count(distinct p.tenant_id) filter (where a.state <> 'ended') as adopters,
      count(distinct p.tenant_id) filter (where a.stage >= 7 and a.state <> 'ended') as live,
      coalesce(bool_or(a.state in ('active', 'dormant')), false) as measured,
      min((select min(j.at) from practice.adoptions_journal j where j.adoption_id = a.id and j.event = 'applied')) filter (where a.state = 'active') as alive_since
    from practice.adoptions a join practice.adoptions_parties p on p.adoption_id = a.id and p.side = 'reusing' group by a.practice_id) c
  where o.practice_id = c.practice_id;
drop function practice.adopters(); -- the counts stand in the row

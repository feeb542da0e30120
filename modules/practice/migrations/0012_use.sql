-- +goose Up
-- Whether an adoption is alive, as it was measured last in each month from the work of the reusing body: how many items, never
-- which. Records and people are null from one to four, so that nobody is counted out of them; the reusing body's own page has all.
create table practice.adoptions_uses (
  adoption_id uuid not null references practice.adoptions (id),
  month date not null, -- its first day
  measured_at timestamptz not null,
  verdict text not null check (verdict in ('starting', 'active', 'dormant', 'ended')),
  items int not null check (items >= 0), -- of the kit that the body kept
  measured int not null check (measured between 0 and items),
  used30 int not null check (used30 between 0 and used90),
  used90 int not null check (used90 between 0 and used180),
  used180 int not null check (used180 between 0 and measured),
  unused int not null check (unused between 0 and measured), -- for ninety days
  records90 int check (records90 = 0 or records90 >= 5),
  people int check (people = 0 or people >= 5),
  last_on date,
  primary key (adoption_id, month)
);
call app.between_table('practice.adoptions_uses', 'adoption_id in (select practice.adoptions_of_tenant())');
revoke insert, update on practice.adoptions_uses from staffetta_app;

-- The reusing body publishes what its adoption was measured to be. It tells whether something has changed since the last time in
-- the month; the state of the adoption follows, and ends a day after the body said that the use has.
-- +goose StatementBegin
create function practice.publish_use(adoption uuid, figures jsonb) returns boolean
  language plpgsql security definer set search_path = '' as $body$
declare
  new practice.adoptions_uses;
  old practice.adoptions_uses;
  stood text;
  stands text;
begin
  select a.state into stood from practice.adoptions a join practice.adoptions_parties p on p.adoption_id = a.id and p.tenant_id = app.tenant() and p.side = 'reusing'
    where a.id = adoption and a.state <> 'ended' for update of a;
  if not found then
    raise exception 'no such adoption' using errcode = 'no_data_found';
  end if;
  new := jsonb_populate_record(null::practice.adoptions_uses, publish_use.figures);
  new.adoption_id := adoption;
  new.month := date_trunc('month', app.now() at time zone 'Europe/Rome')::date;
  new.measured_at := app.now();
  select u.* into old from practice.adoptions_uses u where u.adoption_id = adoption order by u.month desc limit 1;
  old.measured_at := new.measured_at;
  stands := case
    when new.verdict in ('active', 'dormant') then new.verdict
    when new.verdict = 'starting' then 'open'
    when exists (select from practice.adoptions_statements s where s.adoption_id = adoption and s.kind = 'review' and s.value = 'ended'
      and s.replaced_at is null and s.at < app.now() - interval '1 day') then 'ended'
    else stood end;
  if old is not distinct from new and stands = stood then
    return false;
  end if;
  insert into practice.adoptions_uses select new.*
    on conflict (adoption_id, month) do update set measured_at = excluded.measured_at, verdict = excluded.verdict, items = excluded.items,
      measured = excluded.measured, used30 = excluded.used30, used90 = excluded.used90, used180 = excluded.used180, unused = excluded.unused,
      records90 = excluded.records90, people = excluded.people, last_on = excluded.last_on;
  update practice.adoptions a set updated_at = app.now(), state = stands where a.id = adoption and a.state <> stands;
  return true;
end $body$;
-- +goose StatementEnd
revoke all on function practice.publish_use(uuid, jsonb) from public;
grant execute on function practice.publish_use(uuid, jsonb) to staffetta_app;

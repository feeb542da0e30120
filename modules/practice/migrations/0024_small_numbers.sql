-- +goose Up
-- What crosses between bodies says how much and roughly when, and no more. The last day on which somebody worked with a practice is
-- the day of a case to who knows the place: the other parties learn its month. How many items the bodies adapted is told from three
-- bodies on, as the ceding body is told of each item: of one or two everybody would know whose changes these are. How many bodies took
-- a release, and how many of a campaign stand alike, stays as it is: bodies are public, and their parties know them by name.
update practice.adoptions_uses set last_on = date_trunc('month', last_on)::date where last_on is not null;
alter table practice.adoptions_uses add constraint adoptions_uses_last_month check (extract(day from last_on) = 1);
-- +goose StatementBegin
create function practice.coarsen_use() returns trigger language plpgsql set search_path = '' as $body$
begin
  new.last_on := date_trunc('month', new.last_on)::date;
  return new;
end $body$;
-- +goose StatementEnd
create trigger coarsen before insert or update on practice.adoptions_uses for each row execute function practice.coarsen_use();
revoke all on function practice.coarsen_use() from public;

create or replace function practice.taken(practice uuid) returns table (release text, bodies int, adapted int)
  language sql stable security definer set search_path = '' as $$
  select a.release, count(distinct p.tenant_id)::int,
    case when count(distinct p.tenant_id) >= 3 then (count(*) filter (where i.decision = 'adapted'))::int end
  from practice.adoptions a join practice.adoptions_parties p on p.adoption_id = a.id and p.side = 'reusing'
    left join practice.adoption_items i on i.tenant_id = p.tenant_id and i.adoption_id = a.id
  where a.practice_id = $1 and a.state <> 'ended' group by a.release
$$;

-- +goose Up
-- Incidents: something went wrong for people at some bodies, or at all. Who runs the platform writes what, and what is done; it is public.
create table platform.incidents (
  id uuid primary key,
  title text not null check (length(title) between 3 and 160),
  bodies int[] not null default '{}', -- none for all
  account_id uuid not null references platform.accounts (id),
  began_at timestamptz not null default app.now(),
  closed_at timestamptz
);
create index on platform.incidents (began_at desc);
create table platform.incident_notes (
  id uuid primary key,
  incident_id uuid not null references platform.incidents (id),
  text text not null check (length(text) between 1 and 2000),
  account_id uuid not null references platform.accounts (id),
  at timestamptz not null default app.now()
);
create index on platform.incident_notes (incident_id, at);
grant select on platform.incidents, platform.incident_notes to staffetta_backup;

-- +goose StatementBegin
create function platform.open_incident(incident uuid, note uuid, called text, words text, slugs text[]) returns void
  language plpgsql security definer set search_path = '' as $body$
declare
  concerned int[];
begin
  perform platform.wants_steward('platform_operator');
  select coalesce(array_agg(t.id order by t.id), '{}') into concerned from platform.tenants t where t.slug = any (slugs) and t.kind <> 'platform';
  if cardinality(concerned) <> cardinality(slugs) then
    raise exception 'no such body' using errcode = 'no_data_found';
  end if;
  insert into platform.incidents (id, title, bodies, account_id) values (incident, called, concerned, app.account());
  insert into platform.incident_notes (id, incident_id, text, account_id) values (note, incident, words, app.account());
end $body$;

create function platform.note_incident(incident uuid, note uuid, words text, closes boolean) returns void
  language plpgsql security definer set search_path = '' as $body$
begin
  perform platform.wants_steward('platform_operator');
  update platform.incidents i set closed_at = case when closes then app.now() end where i.id = incident and i.closed_at is null;
  if not found then
    if not exists (select from platform.incidents i where i.id = incident) then
      raise exception 'no such incident' using errcode = 'no_data_found';
    end if;
    raise exception 'the incident is closed' using errcode = 'SF409';
  end if;
  insert into platform.incident_notes (id, incident_id, text, account_id) values (note, incident, words, app.account());
end $body$;

-- What is open, and what was closed in the last thirty days, the newest first; it names no person.
create function platform.current_incidents()
  returns table (id uuid, title text, bodies int[], began_at timestamptz, closed_at timestamptz, texts text[], instants timestamptz[])
  language sql stable security definer set search_path = '' as $body$
  select i.id, i.title, i.bodies, i.began_at, i.closed_at, array_agg(n.text order by n.at, n.id), array_agg(n.at order by n.at, n.id)
  from platform.incidents i join platform.incident_notes n on n.incident_id = i.id
  where i.closed_at is null or i.closed_at > app.now() - interval '30 days'
  group by i.id order by i.closed_at is null desc, i.began_at desc, i.id limit 50
$body$;

-- What the program finds by itself in the last seven days: jobs that were given up, letters that did not leave.
create function platform.found_problems() returns table (jobs bigint, mails bigint)
  language plpgsql stable security definer set search_path = '' as $body$
begin
  perform platform.wants_steward('platform_operator');
  return query select (select count(*) from river.river_job j where j.state = 'discarded' and j.finalized_at > app.now() - interval '7 days'),
    (select count(*) from platform.mails m where m.state = 'failed' and m.ended_at > app.now() - interval '7 days');
end $body$;
-- +goose StatementEnd
revoke all on function platform.open_incident(uuid, uuid, text, text, text[]), platform.note_incident(uuid, uuid, text, boolean), platform.current_incidents(),
  platform.found_problems() from public;
grant execute on function platform.open_incident(uuid, uuid, text, text, text[]), platform.note_incident(uuid, uuid, text, boolean), platform.current_incidents(),
  platform.found_problems() to staffetta_app;

-- +goose Up
-- The adoptions of the actor's body as the one that takes a practice over, and as the one that leads the project.
create function practice.reused_of_tenant() returns setof uuid
  language sql stable security definer set search_path = '' rows 20 as
  $$ select p.adoption_id from practice.adoptions_parties p where p.tenant_id = app.tenant() and p.side = 'reusing' $$;
create function practice.led_of_tenant() returns setof uuid
  language sql stable security definer set search_path = '' rows 20 as
  $$ select p.adoption_id from practice.adoptions_parties p where p.tenant_id = app.tenant() and p.side = 'lead' $$;

-- What threatens an adoption, by its cause: how many, never which or who. The reusing body is told first, the lead body when it has
-- stood for the term.
create table practice.adoptions_alarms (
  adoption_id uuid not null references practice.adoptions (id),
  cause text not null check (cause in ('unused', 'left', 'unmeasured')),
  count int not null check (count > 0),
  since timestamptz not null,
  lead_since timestamptz,
  settled_at timestamptz,
  primary key (adoption_id, cause)
);
call app.between_table('practice.adoptions_alarms',
  'adoption_id in (select practice.reused_of_tenant()) or (lead_since is not null and adoption_id in (select practice.led_of_tenant()))');
revoke insert, update on practice.adoptions_alarms from staffetta_app;

-- The reusing body notes what threatens its adoption: counts by cause. What is no more is settled; what has stood for thirty days is
-- told to the lead body too. It tells whether anything has changed.
-- +goose StatementBegin
create function practice.note_alarms(adoption uuid, causes jsonb) returns boolean
  language plpgsql security definer set search_path = '' as $body$
declare
  fresh int;
  gone int;
begin
  perform from practice.adoptions a where a.id = adoption and a.state <> 'ended' and a.id in (select practice.reused_of_tenant()) for update;
  if not found then
    raise exception 'no such adoption' using errcode = 'no_data_found';
  end if;
  insert into practice.adoptions_alarms as m (adoption_id, cause, count, since)
    select adoption, f.key, f.value::int, app.now() from jsonb_each_text(note_alarms.causes) f where f.value::int > 0
    on conflict (adoption_id, cause) do update set count = excluded.count, settled_at = null,
      since = case when m.settled_at is null then m.since else excluded.since end,
      lead_since = case when m.settled_at is not null then null when m.since <= app.now() - interval '30 days' then coalesce(m.lead_since, app.now()) else m.lead_since end
    where m.settled_at is not null or m.count <> excluded.count or m.lead_since is null and m.since <= app.now() - interval '30 days';
  get diagnostics fresh = row_count;
  update practice.adoptions_alarms m set settled_at = app.now()
    where m.adoption_id = adoption and m.settled_at is null and coalesce((note_alarms.causes ->> m.cause)::int, 0) = 0;
  get diagnostics gone = row_count;
  return fresh + gone > 0;
end $body$;
-- +goose StatementEnd

-- Who was trained in what: colleagues of the body, so that it sees when one of them has left. It stays with the body.
create table practice.trainees (
  tenant_id int not null default app.tenant(),
  id uuid not null,
  adoption_id uuid not null references practice.adoptions (id),
  course text not null check (length(course) between 1 and 64),
  account_id uuid not null,
  name text not null check (length(name) between 1 and 120),
  day date not null,
  author_name text not null default '' check (length(author_name) <= 120),
  at timestamptz not null default app.now(),
  removed_at timestamptz, -- written down by mistake, or somebody else was trained in their place
  primary key (tenant_id, id)
);
create unique index on practice.trainees (tenant_id, adoption_id, course, account_id) where removed_at is null;
call app.own_table('practice.trainees');
revoke update on practice.trainees from staffetta_app;
grant update (removed_at) on practice.trainees to staffetta_app;

-- Either side names the body that leads the project; it looks on from then. A body that works on the adoption cannot lead it.
-- +goose StatementBegin
create function practice.name_lead(adoption uuid, lead int) returns void
  language plpgsql security definer set search_path = '' as $body$
begin
  perform practice.working_side(adoption);
  if exists (select from practice.adoptions_parties p where p.adoption_id = adoption and p.side <> 'lead' and p.tenant_id = name_lead.lead)
      or not exists (select from platform.tenants t where t.id = name_lead.lead and t.state = 'active' and t.kind <> 'platform') then
    raise exception 'no such lead' using errcode = 'check_violation', constraint = 'lead';
  end if;
  if exists (select from practice.adoptions_parties p where p.adoption_id = adoption and p.side = 'lead') then
    raise exception 'the adoption has a lead' using errcode = 'check_violation', constraint = 'led';
  end if;
  insert into practice.adoptions_parties (adoption_id, tenant_id, side) values (adoption, name_lead.lead, 'lead');
end $body$;
-- +goose StatementEnd
revoke all on function practice.reused_of_tenant(), practice.led_of_tenant(), practice.note_alarms(uuid, jsonb), practice.name_lead(uuid, int) from public;
grant execute on function practice.reused_of_tenant(), practice.led_of_tenant() to staffetta_app, staffetta_guest, staffetta_report;
grant execute on function practice.note_alarms(uuid, jsonb), practice.name_lead(uuid, int) to staffetta_app;

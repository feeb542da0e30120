-- +goose Up
-- A new release for many adopters at once: whoever leads prepares it, each body decides about its own. What was prepared
-- stays with the body that it is for; who leads reads counts.
create table practice.campaigns (
  tenant_id int not null default app.tenant(), -- the body that leads it
  id uuid not null,
  practice_id uuid not null references commons.practices (id),
  kit_id uuid not null references commons.kits (id),
  release text not null,
  state text not null default 'running' check (state in ('running', 'paused', 'cancelled')),
  author_name text not null default '' check (length(author_name) <= 120),
  started_at timestamptz not null default now(),
  changed_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
create unique index campaigns_once on practice.campaigns (tenant_id, kit_id) where state <> 'cancelled';
call app.own_table('practice.campaigns');
revoke insert, update on practice.campaigns from staffetta_app;

create table practice.campaign_entries (
  tenant_id int not null default app.tenant(), -- the body whose upgrade is prepared
  adoption_id uuid not null references practice.adoptions (id),
  campaign_id uuid not null,
  leader int not null references platform.tenants (id),
  practice_id uuid not null references commons.practices (id),
  kit_id uuid not null references commons.kits (id),
  release text not null,
  state text not null default 'waiting' check (state in ('waiting', 'paused', 'prepared', 'applied', 'same', 'failed', 'cancelled')),
  reason text not null default '' check (reason ~ '^[a-z]{0,20}$'), -- a class, never a text
  changes int not null default 0,
  conflicts int not null default 0,
  attempts int not null default 0,
  asked_at timestamptz, -- when its job was last asked for
  ended_at timestamptz,
  primary key (tenant_id, adoption_id, campaign_id)
);
create index on practice.campaign_entries (leader, campaign_id, state);
call app.own_table('practice.campaign_entries');
revoke insert on practice.campaign_entries from staffetta_app;

-- What a body wants of the upgrades of one practice.
create table practice.upgrade_choices (
  tenant_id int not null default app.tenant(),
  adoption_id uuid not null references practice.adoptions (id),
  automatic boolean not null,
  author_name text not null default '' check (length(author_name) <= 120),
  chosen_at timestamptz not null default app.now(),
  primary key (tenant_id, adoption_id)
);
call app.own_table('practice.upgrade_choices');

-- The adoptions that the actor's body leads and that are behind a kit: of bodies that use what an older kit brought.
create function practice.adoptions_behind(kit uuid) returns table (tenant_id int, adoption_id uuid)
  language sql stable security definer set search_path = '' as $body$
  select r.tenant_id, a.id
  from commons.kits k
  join practice.adoptions a on a.practice_id = k.practice_id and a.state <> 'ended'
  join practice.adoptions_parties m on m.adoption_id = a.id and m.tenant_id = app.tenant() and m.side in ('ceding', 'lead')
  join practice.adoptions_parties r on r.adoption_id = a.id and r.side = 'reusing'
  join commons.kits h on h.id = a.kit_id and h.number < k.number
  where k.id = kit
    and exists (select from practice.adoption_items i where i.tenant_id = r.tenant_id and i.adoption_id = a.id and i.decision <> 'left')
$body$;

-- The practices of which the actor's body leads adoptions, with their newest kit and how many are behind it.
create function practice.upgradable() returns table (practice_id uuid, kit_id uuid, release text, title_it text, title_en text, adopters int)
  language sql stable security definer set search_path = '' as $body$
  select o.practice_id, k.id, k.release, k.title_it, k.title_en, (select count(*) from practice.adoptions_behind(k.id))::int
  from commons.offers o join commons.kits k on k.id = o.kit_id
  where o.practice_id in (select a.practice_id from practice.adoptions_parties m join practice.adoptions a on a.id = m.adoption_id
    where m.tenant_id = app.tenant() and m.side in ('ceding', 'lead') and a.state <> 'ended')
  order by k.title_it, o.practice_id limit 500
$body$;

-- The actor's body leads the newest kit of a practice to those who are behind it. One that it leads already takes in who has
-- fallen behind since; its id is returned.
-- +goose StatementBegin
create function practice.start_campaign(campaign uuid, practice uuid, author text) returns uuid
  language plpgsql security definer set search_path = '' as $body$
declare
  me int := app.tenant();
  k commons.kits;
  led uuid;
begin
  select x.* into k from commons.kits x join commons.offers o on o.kit_id = x.id where o.practice_id = start_campaign.practice;
  if me is null or not found then
    raise exception 'no such practice' using errcode = 'no_data_found';
  end if;
  perform pg_advisory_xact_lock(hashtextextended(k.id::text, me));
  select c.id into led from practice.campaigns c where c.tenant_id = me and c.kit_id = k.id and c.state <> 'cancelled';
  if led is null then
    if not exists (select from practice.adoptions_behind(k.id)) then
      raise exception 'nobody is behind' using errcode = 'no_data_found';
    end if;
    insert into practice.campaigns (tenant_id, id, practice_id, kit_id, release, author_name, started_at, changed_at)
      values (me, campaign, k.practice_id, k.id, k.release, author, app.now(), app.now());
    led := campaign;
  end if;
  insert into practice.campaign_entries (tenant_id, adoption_id, campaign_id, leader, practice_id, kit_id, release, state)
    select b.tenant_id, b.adoption_id, led, me, k.practice_id, k.id, k.release,
      case (select c.state from practice.campaigns c where c.tenant_id = me and c.id = led) when 'paused' then 'paused' else 'waiting' end
    from practice.adoptions_behind(k.id) b on conflict do nothing;
  return led;
end $body$;
-- +goose StatementEnd

-- Pauses, resumes, tries again or cancels a campaign of the actor's body. What a body has applied stays.
-- +goose StatementBegin
create function practice.steer_campaign(campaign uuid, step text) returns void
  language plpgsql security definer set search_path = '' as $body$
declare
  me int := app.tenant();
  stands text;
begin
  select c.state into stands from practice.campaigns c where c.tenant_id = me and c.id = campaign for update;
  if not found then
    raise exception 'no such campaign' using errcode = 'no_data_found';
  end if;
  if (step, stands) not in (('pause', 'running'), ('resume', 'paused'), ('retry', 'running'), ('cancel', 'running'), ('cancel', 'paused')) then
    raise exception 'the campaign has moved' using errcode = 'serialization_failure';
  end if;
  update practice.campaigns c set changed_at = app.now(),
      state = case step when 'pause' then 'paused' when 'cancel' then 'cancelled' else 'running' end
    where c.tenant_id = me and c.id = campaign;
  update practice.campaign_entries e
    set state = case step when 'pause' then 'paused' when 'cancel' then 'cancelled' else 'waiting' end,
      reason = case when step = 'retry' then '' else e.reason end, attempts = case when step = 'retry' then 0 else e.attempts end, asked_at = null
    where e.leader = me and e.campaign_id = campaign
      and e.state = any (case step when 'pause' then '{waiting}' when 'resume' then '{paused}' when 'retry' then '{failed}'
        else '{waiting,paused,prepared,failed}' end::text[]);
end $body$;
-- +goose StatementEnd

-- How far a campaign of the actor's body is, as counts. A body that has the kit by now has applied it, whoever did.
create function practice.campaign_counts(campaign uuid) returns table (state text, reason text, bodies int)
  language sql stable security definer set search_path = '' as $body$
  select x.state, x.reason, count(*)::int from (
    select case when h.number >= k.number then 'applied' else e.state end as state,
      case when h.number < k.number and e.state in ('prepared', 'failed') then e.reason else '' end as reason
    from practice.campaign_entries e join commons.kits k on k.id = e.kit_id
    join practice.adoptions a on a.id = e.adoption_id join commons.kits h on h.id = a.kit_id
    where e.leader = app.tenant() and e.campaign_id = campaign) x
  group by x.state, x.reason order by x.state, x.reason
$body$;

-- Whose upgrade in a campaign of the actor's body waits for a job: it has none, or one that was lost on the way.
create function practice.campaign_waiting(campaign uuid, lost interval) returns table (tenant_id int, adoption_id uuid)
  language sql stable security definer set search_path = '' as $body$
  select e.tenant_id, e.adoption_id from practice.campaign_entries e
  where e.leader = app.tenant() and e.campaign_id = campaign and e.state = 'waiting'
    and (e.asked_at is null or e.asked_at < app.now() - lost) order by e.tenant_id, e.adoption_id
$body$;

revoke all on function practice.adoptions_behind(uuid), practice.upgradable(), practice.start_campaign(uuid, uuid, text),
  practice.steer_campaign(uuid, text), practice.campaign_counts(uuid), practice.campaign_waiting(uuid, interval) from public;
grant execute on function practice.upgradable(), practice.start_campaign(uuid, uuid, text),
  practice.steer_campaign(uuid, text), practice.campaign_counts(uuid), practice.campaign_waiting(uuid, interval) to staffetta_app;

-- +goose Up
-- Roles of a body's own: each follows a published item of kind role. Its rules stand in platform.policy_rules like all others,
-- so that triggers keep what they were and every instance hears of them.
create table platform.body_roles (
  tenant_id int not null references platform.tenants (id),
  id text not null check (id ~ '^item:[A-Za-z0-9][A-Za-z0-9._-]{0,63}$'),
  title_it text not null check (length(title_it) between 1 and 300),
  title_en text not null default '' check (length(title_en) <= 300),
  practice uuid, -- whose kit brought the item; null for the body's own
  release text not null default '', -- of that kit
  since timestamptz not null default app.now(),
  ended_at timestamptz,
  primary key (tenant_id, id)
);
grant select on platform.body_roles to staffetta_platform, staffetta_backup;
create trigger tell after insert or update on platform.body_roles for each row execute function platform.tell('policies', 'tenant_id');

-- What no such role may have, whoever writes it: nothing of another body, nothing by a reason alone, nothing refused to others.
alter table platform.policy_rules add constraint items check (role not like 'item:%' or
  effect = 'allow' and relation in ('assigned', 'team', 'body') and object not in ('access_rule', 'audit', 'mail'));

alter table platform.memberships drop constraint memberships_role_check;
alter table platform.memberships add constraint memberships_role_check check (role ~ '^([a-z_]{3,40}|item:[A-Za-z0-9][A-Za-z0-9._-]{0,63})$');
-- A role that is taken back on the day on which it was given was held on no day.
alter table platform.memberships drop constraint memberships_check;
alter table platform.memberships add constraint memberships_check check (valid_to is null or valid_to >= valid_from - 1);

-- Who holds which role of the actor's own body, today or from a later day on.
create function platform.held_roles() returns table (id uuid, account_id uuid, role text, display_name text, valid_from date, valid_to date)
  language sql stable security definer set search_path = '' as $$
  select m.id, m.account_id, m.role, m.display_name, m.valid_from, m.valid_to from platform.memberships m
  where m.tenant_id = app.tenant() and (m.valid_to is null or m.valid_to >= greatest(m.valid_from, app.now()::date))
$$;

-- Gives a colleague of the actor's own body a role of the body, from a day to another; false where it is held then already.
-- +goose StatementBegin
create function platform.give_role(membership uuid, account uuid, given text, first_day date, last_day date) returns boolean
  language plpgsql security definer set search_path = '' as $body$
declare
  me int := app.tenant();
  called text;
begin
  if app.account() is null then
    raise exception 'nobody gives' using errcode = 'insufficient_privilege';
  end if;
  perform 1 from platform.tenants t where t.id = me for no key update; -- one change of who holds what at a time
  select h.display_name into called from platform.held_roles() h where h.account_id = account order by h.valid_from limit 1;
  if not found then
    raise exception 'no such colleague' using errcode = 'no_data_found';
  end if;
  if given like 'platform%' or given in ('newcomer', 'citizen')
    or given like 'item:%' and not exists (select 1 from platform.body_roles r where r.tenant_id = me and r.id = given and r.ended_at is null) then
    raise exception 'no such role' using errcode = 'no_data_found';
  end if;
  if exists (select 1 from platform.memberships m where m.tenant_id = me and m.account_id = account and m.role = given
      and daterange(m.valid_from, case when m.valid_to is not null then greatest(m.valid_to + 1, m.valid_from) end) && daterange(first_day, last_day + 1)) then
    return false;
  end if;
  insert into platform.memberships (id, tenant_id, account_id, role, display_name, valid_from, valid_to)
    values (membership, me, account, given, called, first_day, last_day) on conflict do nothing;
  return found;
end $body$;
-- +goose StatementEnd

-- Takes a role back from today on. The last who looks after the rules keeps that role. Returns whose role it was.
-- +goose StatementBegin
create function platform.end_role(membership uuid) returns uuid language plpgsql security definer set search_path = '' as $body$
declare
  me int := app.tenant();
  m platform.memberships;
begin
  if app.account() is null then
    raise exception 'nobody takes back' using errcode = 'insufficient_privilege';
  end if;
  perform 1 from platform.tenants t where t.id = me for no key update;
  select x.* into m from platform.memberships x
    where x.tenant_id = me and x.id = membership and (x.valid_to is null or x.valid_to >= greatest(x.valid_from, app.now()::date)) for update;
  if not found then
    raise exception 'no such role' using errcode = 'no_data_found';
  end if;
  if m.role = 'tenant_admin' and not exists (select 1 from platform.colleagues() c where c.role = 'tenant_admin' and c.account_id <> m.account_id) then
    raise exception 'nobody would look after the rules' using errcode = 'SF409';
  end if;
  update platform.memberships x set valid_to = greatest(x.valid_from, app.now()::date) - 1 where x.id = membership;
  return m.account_id;
end $body$;
-- +goose StatementEnd
revoke all on function platform.held_roles(), platform.give_role(uuid, uuid, text, date, date), platform.end_role(uuid) from public;
grant execute on function platform.held_roles(), platform.give_role(uuid, uuid, text, date, date), platform.end_role(uuid) to staffetta_app;

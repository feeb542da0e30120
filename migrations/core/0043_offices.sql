-- +goose Up
-- An office is where a body receives people and works, from a day to another. One that closes hands what is addressed to it on
-- to a successor: who works there sees it too.
alter table platform.offices
  add column form_id uuid, -- made when the form was rendered, so that a second submit changes nothing
  add column phone text not null default '' check (length(phone) <= 40),
  add column email text not null default '' check (length(email) <= 254),
  add column hours jsonb not null default '[]' check (jsonb_typeof(hours) = 'array'),
  add column access_notes text not null default '' check (length(access_notes) <= 1000),
  add column areas text[] not null default '{}' check (cardinality(areas) <= 60),
  add column targets text[] not null default '{}' check (cardinality(targets) <= 20),
  add column valid_from date not null default '2000-01-01',
  add column valid_to date,
  add column successor_id int,
  add column version int not null default 1,
  add constraint offices_address_check check (length(address) <= 300),
  add foreign key (tenant_id, successor_id) references platform.offices (tenant_id, id),
  add check (successor_id <> id),
  add check (valid_to is null or valid_to >= valid_from - 1);
create unique index on platform.offices (tenant_id, form_id);
create unique index on platform.offices (tenant_id, lower(name)) where valid_to is null;
create index on platform.offices (tenant_id, successor_id) where successor_id is not null;

-- The numbers of the offices that closed into one of a body, for who knows memberships and no rows of a body.
create function platform.closed_into(body int, office int) returns int[] language sql stable security definer set search_path = '' as $$
  select coalesce(array_agg(o.id order by o.id), '{}') from platform.offices o where o.tenant_id = body and o.successor_id = office
$$;
revoke all on function platform.closed_into(int, int) from public;
grant execute on function platform.closed_into(int, int) to staffetta_platform;

-- How many cases of other bodies are shown to an office of the actor's own body, now or later.
create function platform.office_shares(office int) returns int language sql stable security definer set search_path = '' as $$
  select count(distinct (g.tenant_id, g.case_id))::int from policies.case_grants g
  where g.grantee = app.tenant() and g.grantee_office = office and (upper_inf(g.valid) or upper(g.valid) > app.now())
$$;

-- Closes an office of the actor's own body: who works there goes on at its successor, or for the whole body where there is none,
-- from the day after its last. Returns how many roles went on.
-- +goose StatementBegin
create function platform.close_office(office int, seen int, last_day date, heir int) returns int
  language plpgsql security definer set search_path = '' as $body$
declare
  me int := app.tenant();
  moved int := 0;
  m platform.memberships;
begin
  if me is null or app.account() is null then
    raise exception 'nobody closes' using errcode = 'insufficient_privilege';
  end if;
  perform 1 from platform.tenants t where t.id = me for no key update;
  if heir is not null and not exists (select 1 from platform.offices o where o.tenant_id = me and o.id = heir and o.valid_to is null) then
    raise exception 'no such successor' using errcode = 'no_data_found';
  end if;
  update platform.offices o set valid_to = last_day, successor_id = heir, version = o.version + 1
    where o.tenant_id = me and o.id = office and o.version = seen and o.valid_to is null;
  if not found then
    raise exception 'the office has changed' using errcode = 'SF409';
  end if;
  update platform.offices o set successor_id = heir where o.tenant_id = me and o.successor_id = office;
  for m in select x.* from platform.memberships x where x.tenant_id = me and x.office_id = office
    and (x.valid_to is null or x.valid_to > greatest(last_day, x.valid_from - 1)) order by x.valid_from loop
    update platform.memberships x set valid_to = greatest(last_day, m.valid_from - 1) where x.id = m.id;
    insert into platform.memberships (id, tenant_id, account_id, role, office_id, display_name, valid_from, valid_to)
      values (gen_random_uuid(), me, m.account_id, m.role, heir, m.display_name, greatest(last_day + 1, m.valid_from), m.valid_to)
      on conflict do nothing;
    moved := moved + 1;
  end loop;
  return moved;
end $body$;
-- +goose StatementEnd
revoke all on function platform.office_shares(int), platform.close_office(int, int, date, int) from public;
grant execute on function platform.office_shares(int), platform.close_office(int, int, date, int) to staffetta_app;

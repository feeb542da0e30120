-- +goose Up
-- Who may open a case is told since when the data of its person is restricted: the body itself, and whom it is shared with.
-- +goose StatementBegin
do $body$
begin
  if to_regprocedure('casefile.restricted_since(uuid)') is not null then
    execute $q$
create or replace function casefile.restricted_since(file uuid) returns timestamptz
  language plpgsql stable security definer set search_path = '' as $f$
begin
  if app.purpose() is not distinct from 'citizen' then
    return null;
  end if;
  return (select min(x.set_at) from casefile.cases c join onboarding.restrictions x on x.tenant_id = c.tenant_id and x.person_id = c.person_id
    where c.id = file and x.lifted_at is null and (c.tenant_id = app.tenant() or exists (select from policies.case_grants g
      where g.grantee = app.tenant() and g.tenant_id = c.tenant_id and g.case_id = c.id and g.valid @> app.now())));
end $f$ $q$;
  end if;
end $body$;
-- +goose StatementEnd

-- Nor does anybody change what the registry says of that person and how to reach them, unless they have asked for that themselves: a
-- request for a correction is open.
-- +goose StatementBegin
create function onboarding.keep_registered() returns trigger language plpgsql security definer set search_path = '' as $body$
declare
  r jsonb := to_jsonb(new);
  person uuid := coalesce(r ->> 'person_id', r ->> 'id')::uuid;
begin
  if exists (select from onboarding.restrictions x where x.lifted_at is null and x.tenant_id = new.tenant_id and x.person_id = person)
    and not exists (select from onboarding.subject_requests q
      where q.tenant_id = new.tenant_id and q.person_id = person and q.kind = 'rectification' and q.ended_at is null) then
    raise exception 'the data of the person is restricted' using errcode = 'SF418';
  end if;
  return new;
end $body$;
-- +goose StatementEnd
revoke all on function onboarding.keep_registered() from public;
-- +goose StatementBegin
do $body$
declare
  t text;
begin
  foreach t in array array['registry.persons', 'registry.contacts'] loop
    if to_regclass(t) is not null then
      execute format($q$create trigger keep_registered before %s on %s for each row when (current_user = 'staffetta_app')
        execute function onboarding.keep_registered()$q$, case t when 'registry.persons' then 'update' else 'insert or update' end, t);
    end if;
  end loop;
end $body$;
-- +goose StatementEnd

-- What was changed since a request came is also how to reach the person, of which the registry keeps every edition.
drop function onboarding.subject_changes(uuid);
-- +goose StatementBegin
create function onboarding.subject_changes(request uuid) returns table (field text, old_value text, new_value text, at timestamptz, by text, seen boolean)
  language plpgsql stable security definer set search_path = '' as $body$
declare
  sections text[] := coalesce((app.sections())::text[], '{}');
begin
  return query with asked as (
    select r.tenant_id, r.person_id, r.received_on::timestamp at time zone 'Europe/Rome' as since, coalesce(r.ended_at + interval '1 month', 'infinity') as until
    from onboarding.subject_requests r where r.tenant_id = app.tenant() and r.id = request and app.purpose() is distinct from 'citizen'
  ), editions as (
    select c.*, lag(to_jsonb(c)) over (order by c.valid_from, c.id) as was from registry.contacts c join asked a on a.tenant_id = c.tenant_id and a.person_id = c.person_id
  ), changes as (
    select c.field, c.old_value, c.new_value, c.changed_at, c.changed_name, 'identity' as section
    from registry.changes c join asked a on a.tenant_id = c.tenant_id and a.person_id = c.person_id
    union all
    select f.key, coalesce(e.was ->> f.key, ''), f.value, e.valid_from, e.created_name, 'contacts'
    from editions e cross join lateral jsonb_each_text(to_jsonb(e) - 'was') f
    where f.key in ('phone', 'mobile', 'email', 'address', 'postal_code', 'municipality') and f.value is distinct from coalesce(e.was ->> f.key, '')
  )
  select c.field, case when c.section = any (sections) then c.old_value else '' end, case when c.section = any (sections) then c.new_value else '' end,
    c.changed_at, c.changed_name, c.section = any (sections)
  from changes c cross join asked a where c.changed_at >= a.since and c.changed_at <= a.until order by c.changed_at desc, c.field limit 100;
end $body$;
-- +goose StatementEnd
revoke all on function onboarding.subject_changes(uuid) from public;
grant execute on function onboarding.subject_changes(uuid) to staffetta_app;

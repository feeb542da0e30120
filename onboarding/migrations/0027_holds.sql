-- +goose Up
-- Whether the body has a hold in force.
-- +goose StatementBegin
create function onboarding.holding(me int) returns boolean
  language plpgsql stable set search_path = '' as $body$
begin
  return exists (select from onboarding.holds h where h.tenant_id = me and h.ended_at is null
    and (h.until is null or h.until >= (app.now() at time zone 'Europe/Rome')::date));
end $body$;

-- Whether a case or a person is held, or anybody whom the case is about: by a hold in force, or since somebody is asking about them.
create function onboarding.held(me int, file uuid, person uuid) returns boolean
  language plpgsql stable set search_path = '' as $body$
begin
  return exists (select from (
      select h.case_id, h.person_id from onboarding.holds h
        where h.tenant_id = me and h.ended_at is null and (h.until is null or h.until >= (app.now() at time zone 'Europe/Rome')::date)
      union all select null, r.person_id from onboarding.subject_requests r where r.tenant_id = me and r.ended_at is null) h
    where h.case_id = file or h.person_id = person
      or exists (select from casefile.cases c where c.tenant_id = me and c.id = file and c.person_id = h.person_id)
      or exists (select from intake.contacts c where c.tenant_id = me and c.case_id = file and c.person_id = h.person_id)
      or exists (select from policies.case_subjects c where c.tenant_id = me and c.case_id = file and c.person_id = h.person_id));
end $body$;

-- Whether words name, by its id, a case, a person or a contact that is held.
create function onboarding.held_in(me int, words text) returns boolean
  language plpgsql stable set search_path = '' as $body$
begin
  return exists (select from regexp_matches(words, '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}', 'g') m
    cross join lateral (select (m)[1]::uuid as id) f left join intake.contacts c on c.tenant_id = me and c.id = f.id
    where onboarding.held(me, coalesce(c.case_id, f.id), coalesce(c.person_id, f.id)));
end $body$;

-- Why a case or a person stays, whatever the term says: '' for no reason.
create or replace function onboarding.stopped(me int, file uuid, person uuid) returns text
  language plpgsql stable set search_path = '' as $body$
begin
  if onboarding.held(me, file, person) then
    return 'held';
  end if;
  if file is not null and (exists (select from policies.case_grants g where g.tenant_id = me and g.case_id = file and upper(g.valid) > app.now())
      or exists (select from sharing.shares_details d join sharing.shares s on s.id = d.share_id where d.owner_tenant = me and d.case_id = file
        and (s.state in ('draft', 'offered') or s.state = 'active' and s.valid_to > app.now()))) then
    return 'shared';
  end if;
  return '';
end $body$;

-- What is over, kind by kind, with what stops it (onboarding.disposable, as it was): what only speaks of a held case or person stays, too.
create or replace function onboarding.disposable(kinds text[], years int[]) returns table (kind text, id uuid, number text, since timestamptz, stopped text)
  language plpgsql stable security definer set search_path = '' as $body$
declare
  me int := app.tenant();
  any_held boolean := onboarding.holding(me) or exists (select from onboarding.subject_requests r where r.tenant_id = me and r.ended_at is null);
begin
  return query with w as (select u.k, app.now() - make_interval(years => u.y) as before from unnest(kinds, years) u (k, y) where u.y > 0)
    select w.k, c.id, c.number, c.closed_at, onboarding.stopped(me, c.id, c.person_id)
      from w join casefile.cases c on w.k = 'case' and c.tenant_id = me and c.closed_at < w.before
    union all select w.k, c.id, '', c.closed_at, onboarding.stopped(me, null, c.person_id)
      from w join intake.contacts c on w.k = 'contact' and c.tenant_id = me and c.case_id is null and c.closed_at < w.before
    union all select w.k, p.id, '', l.last, onboarding.stopped(me, null, p.id)
      from w join registry.persons p on w.k = 'person' and p.tenant_id = me and p.updated_at < w.before
      cross join lateral (select greatest(p.updated_at,
          (select max(x.changed_at) from registry.changes x where x.tenant_id = me and x.person_id = p.id),
          (select max(x.valid_from) from registry.contacts x where x.tenant_id = me and x.person_id = p.id),
          (select max(x.created_at) from registry.members x where x.tenant_id = me and x.person_id = p.id)) as last) l
      where l.last < w.before
        and not exists (select from casefile.cases c where c.tenant_id = me and c.person_id = p.id)
        and not exists (select from intake.contacts c where c.tenant_id = me and c.person_id = p.id)
        and not exists (select from policies.case_subjects c where c.tenant_id = me and c.person_id = p.id)
        and not exists (select from onboarding.subject_requests r where r.tenant_id = me and r.person_id = p.id and r.ended_at is not null)
    union all select w.k, d.id, '', d.updated_at, case when any_held and onboarding.held_in(me, d.typed) then 'held' else '' end
      from w join intake.drafts d on w.k = 'draft' and d.tenant_id = me and d.updated_at < w.before
    union all select w.k, n.id, '', n.at, case when any_held and (onboarding.held_in(me, n.path) or exists (select from casefile.cases c
          where c.tenant_id = me and c.number = n.reference and onboarding.held(me, c.id, c.person_id))) then 'held' else '' end
      from w join casefile.notices n on w.k = 'notice' and n.tenant_id = me and n.at < w.before
    union all select w.k, o.id, '', o.answered_at, case when any_held and exists (select from audit.events e
          where e.tenant_id = me and e.at = o.event_at and e.id = o.event_id and (onboarding.held(me, e.case_id, null)
            or onboarding.held_in(me, e.object_id::text) or onboarding.held_in(me, e.cases::text))) then 'held' else '' end
      from w join ledger.contests o on w.k = 'contest' and o.tenant_id = me and o.answered_at < w.before
    union all select w.k, r.id, r.number::text, r.ended_at, onboarding.stopped(me, null, r.person_id)
      from w join onboarding.subject_requests r on w.k = 'request' and r.tenant_id = me and r.ended_at < w.before;
end $body$;

-- What is to be held: a case by its number or a person by their id. Who sets holds need not see who the person is.
create function onboarding.find_held(called text, person uuid) returns table (case_id uuid, person_id uuid, number text)
  language plpgsql stable security definer set search_path = '' as $body$
declare
  me int := app.tenant();
begin
  return query select c.id, null::uuid, c.number from casefile.cases c where c.tenant_id = me and person is null and lower(c.number) = lower(called)
    union all select null, p.id, '' from registry.persons p where p.tenant_id = me and p.id = person;
end $body$;

-- A hold waits for the disposal that is being done, and is refused where that has removed what it is of, or the body is shut.
create function onboarding.check_hold() returns trigger
  language plpgsql security definer set search_path = '' as $body$
begin
  perform 1 from platform.tenants t where t.id = new.tenant_id and t.state <> 'closed' for share;
  if not found then
    raise exception 'the body is shut' using errcode = 'SF409';
  end if;
  perform 1 from onboarding.disposals d where d.tenant_id = new.tenant_id and d.state in ('proposed', 'agreed') for share;
  if new.case_id is not null then
    perform 1 from casefile.cases c where c.tenant_id = new.tenant_id and c.id = new.case_id for key share;
  else
    perform 1 from registry.persons p where p.tenant_id = new.tenant_id and p.id = new.person_id for key share;
  end if;
  if not found then
    raise exception 'what is to be held is gone' using errcode = 'SF409';
  end if;
  return null;
end $body$;
-- +goose StatementEnd
revoke all on function onboarding.holding(int), onboarding.held(int, uuid, uuid), onboarding.held_in(int, text), onboarding.find_held(text, uuid),
  onboarding.check_hold() from public;
grant execute on function onboarding.find_held(text, uuid) to staffetta_app;
create trigger check_hold after insert on onboarding.holds for each row when (current_user = 'staffetta_app') execute function onboarding.check_hold();

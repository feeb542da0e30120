-- +goose Up
-- The persons of the body who have the fiscal code of the citizen who asks.
create function ledger.own_persons(code text) returns table (id uuid) language sql stable set search_path = '' as $$
  select p.id from registry.persons p
  where app.purpose() = 'citizen' and app.account() is not null
    and p.tenant_id = app.tenant() and p.code_kind = 'tax_code' and p.tax_code <> '' and p.tax_code = code
$$;

-- The files of the citizen who asks, with what an exemption withholds for now.
create function ledger.own_files(code text) returns table (id uuid, number text, withheld boolean)
  language sql stable set search_path = '' as $$
  select c.id, c.number, exists (select from ledger.exemptions x where x.tenant_id = c.tenant_id and x.case_id = c.id
    and x.ended_at is null and x.until >= (app.now() at time zone 'Europe/Rome')::date)
  from casefile.cases c where c.tenant_id = app.tenant() and c.person_id in (select m.id from ledger.own_persons(code) m)
$$;

-- The offices of an account when something happened, where it had any.
create function ledger.offices_of(body int, account uuid, at timestamptz) returns text language sql stable set search_path = '' as $$
  select string_agg(distinct o.name, ', ') from platform.membership_periods m join platform.offices o on o.tenant_id = m.tenant_id and o.id = m.office_id
  where m.tenant_id = body and m.account_id = account and m.known_from <= at and (m.known_to is null or m.known_to > at)
    and m.valid_from <= at::date and (m.valid_to is null or m.valid_to >= at::date)
$$;

-- What was done with the files of the citizen who asks, with the own data in the registry and with the own arrivals at the
-- desk, up to an instant. While an exemption lasts nothing is here of its case, nor of the registry and of the desk, from
-- which the case could be guessed.
drop function ledger.own_events(text, timestamptz);
create function ledger.own_events(code text, before timestamptz)
  returns table (id uuid, at timestamptz, account_id uuid, actor_name text, actor_tenant int, offices text, action text, relation text, share_id uuid,
    number text, part text)
  language sql stable security definer set search_path = '' as $$
  with mine as (select m.id from ledger.own_persons(code) m), files as (select f.id, f.number, f.withheld from ledger.own_files(code) f),
  seen as (
    select e.id, e.at, e.account_id, e.actor_name, e.actor_tenant, e.action, e.relation, e.share_id, e.purpose, f.number, 'file' as part
    from files f join audit.events e on e.tenant_id = app.tenant() and e.case_id = f.id
    where not f.withheld
    union all
    select e.id, e.at, e.account_id, e.actor_name, e.actor_tenant, e.action, e.relation, e.share_id, e.purpose, '', 'registry'
    from mine m join audit.events e on e.tenant_id = app.tenant() and e.object_id = m.id and e.case_id is null
      and e.action in ('person.read', 'person.update', 'contacts.update', 'household.read')
    where not exists (select from files f where f.withheld)
    union all
    select e.id, e.at, e.account_id, e.actor_name, e.actor_tenant, e.action, e.relation, e.share_id, e.purpose, '', 'desk'
    from intake.contacts c join audit.events e on e.tenant_id = app.tenant() and e.object_id = c.id and e.case_id is null
      and e.action in ('contact.create', 'contact.read', 'contact.see', 'contact.add', 'contact.close', 'contact.name_person',
        'contact.form_read', 'contact.form_draft', 'contact.form_final')
    where c.tenant_id = app.tenant() and c.person_id in (select m.id from mine m) and not exists (select from files f where f.withheld))
  select s.id, s.at, s.account_id, s.actor_name, s.actor_tenant, coalesce(ledger.offices_of(s.actor_tenant, s.account_id, s.at), ''),
    s.action, s.relation, s.share_id, s.number, s.part
  from seen s where s.at < before and s.purpose = 'operator' and s.account_id is not null
$$;
create index on audit.events (tenant_id, object_id, at desc)
  where case_id is null and action in ('contact.create', 'contact.read', 'contact.see', 'contact.add', 'contact.close', 'contact.name_person',
    'contact.form_read', 'contact.form_draft', 'contact.form_final');

-- The lists in which a file of the citizen who asks was shown, from an instant up to another: found by the time, because the
-- cases of a list have no index (docs/decisions/0004).
create function ledger.own_lists(code text, since timestamptz, before timestamptz)
  returns table (at timestamptz, account_id uuid, actor_name text, actor_tenant int)
  language sql stable security definer set search_path = '' as $$
  select e.at, e.account_id, e.actor_name, e.actor_tenant
  from audit.events e
  where e.tenant_id = app.tenant() and e.at >= since and e.at < before and e.cases is not null and e.purpose = 'operator' and e.account_id is not null
    and e.cases && (select array_agg(f.id) from ledger.own_files(code) f where not f.withheld)
$$;

revoke all on function ledger.own_persons(text), ledger.own_files(text), ledger.offices_of(int, uuid, timestamptz), ledger.own_events(text, timestamptz),
  ledger.own_lists(text, timestamptz, timestamptz) from public;
grant execute on function ledger.own_events(text, timestamptz), ledger.own_lists(text, timestamptz, timestamptz) to staffetta_app;

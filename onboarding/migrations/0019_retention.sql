-- +goose Up
-- How long a body keeps what, where it decided otherwise than is proposed: the newest row of a kind holds, the others are its history.
create table onboarding.terms (
  tenant_id int not null default app.tenant(),
  id uuid not null,
  kind text not null check (kind ~ '^[a-z]{1,30}$'),
  years int not null check (years between 0 and 150),
  reason text not null check (length(reason) between 5 and 1000),
  set_by uuid not null,
  set_name text not null,
  set_at timestamptz not null default app.now(),
  primary key (tenant_id, id)
);
call app.own_table('onboarding.terms');
create policy signed on onboarding.terms as restrictive for insert to staffetta_app with check (set_by = (select app.account()));
revoke update on onboarding.terms from staffetta_app;
create index on onboarding.terms (tenant_id, kind, set_at desc);

-- A case or a person that nobody may remove, whatever the term says.
create table onboarding.holds (
  tenant_id int not null default app.tenant(),
  id uuid not null,
  case_id uuid,
  person_id uuid,
  number text not null default '',
  reason text not null check (length(reason) between 5 and 1000),
  until date,
  held_by uuid not null,
  held_name text not null,
  held_at timestamptz not null default app.now(),
  ended_by uuid,
  ended_name text not null default '',
  ended_at timestamptz,
  end_reason text not null default '' check (length(end_reason) <= 1000),
  primary key (tenant_id, id),
  check ((case_id is null) <> (person_id is null)),
  check ((ended_at is null) = (ended_by is null) and (ended_at is null) = (end_reason = ''))
);
call app.own_table('onboarding.holds');
create policy signed on onboarding.holds as restrictive for insert to staffetta_app with check (held_by = (select app.account()) and ended_at is null);
create policy ending on onboarding.holds as restrictive for update to staffetta_app using (ended_at is null) with check (ended_at is null or ended_by = (select app.account()));
revoke update on onboarding.holds from staffetta_app;
grant update (ended_by, ended_name, ended_at, end_reason) on onboarding.holds to staffetta_app;
create index on onboarding.holds (tenant_id, case_id) where ended_at is null;
create index on onboarding.holds (tenant_id, person_id) where ended_at is null;

-- Two people decide that what is due goes: who proposes, and another one who agrees and states the authorisation of the Soprintendenza.
-- What is left afterwards is the list, with counts and digests and without names.
create table onboarding.disposals (
  tenant_id int not null default app.tenant(),
  id uuid not null,
  state text not null default 'proposed' check (state in ('proposed', 'withdrawn', 'refused', 'agreed', 'removed', 'done')),
  terms jsonb not null check (jsonb_typeof(terms) = 'object'),
  note text not null default '' check (length(note) <= 2000),
  proposed_by uuid not null,
  proposed_name text not null,
  proposed_at timestamptz not null default app.now(),
  decided_by uuid,
  decided_name text not null default '',
  decided_at timestamptz,
  words text not null default '' check (length(words) <= 2000),
  authorisation text not null default '' check (length(authorisation) <= 200),
  authorised_on date,
  list_sum text not null default '' check (list_sum ~ '^([0-9a-f]{64})?$'),
  gone jsonb not null default '{}',
  files text[] not null default '{}',
  removed_at timestamptz,
  version int not null default 1,
  primary key (tenant_id, id),
  check (decided_by is null or decided_by <> proposed_by),
  check (state not in ('agreed', 'removed', 'done') or decided_by is not null and authorisation <> '' and authorised_on is not null)
);
call app.own_table('onboarding.disposals');
create policy signed on onboarding.disposals as restrictive for insert to staffetta_app with check (proposed_by = (select app.account()) and state = 'proposed');
create policy undone on onboarding.disposals as restrictive for update to staffetta_app using (state in ('proposed', 'removed'))
  with check (state in ('proposed', 'withdrawn') or state in ('agreed', 'refused') and decided_by = (select app.account()) or state = 'done' and files = '{}');
revoke update on onboarding.disposals from staffetta_app;
grant update (state, decided_by, decided_name, decided_at, words, authorisation, authorised_on, list_sum, files, version) on onboarding.disposals to staffetta_app;
-- One at a time for a body.
create unique index on onboarding.disposals (tenant_id) where state in ('proposed', 'agreed', 'removed');

create table onboarding.disposal_items (
  tenant_id int not null default app.tenant(),
  disposal_id uuid not null,
  id uuid not null,
  kind text not null check (kind ~ '^[a-z]{1,30}$'),
  number text not null default '',
  since timestamptz not null,
  outcome text not null default '' check (outcome in ('', 'gone', 'held', 'shared', 'changed')),
  primary key (tenant_id, disposal_id, id),
  foreign key (tenant_id, disposal_id) references onboarding.disposals (tenant_id, id)
);
call app.own_table('onboarding.disposal_items');
create policy listed on onboarding.disposal_items as restrictive for insert to staffetta_app with check (outcome = '');
revoke update on onboarding.disposal_items from staffetta_app;
create index on onboarding.disposal_items (tenant_id, disposal_id, kind, number, id);

-- Why a case or a person stays, whatever the term says: '' for no reason.
-- +goose StatementBegin
create function onboarding.stopped(me int, file uuid, person uuid) returns text
  language plpgsql stable set search_path = '' as $body$
begin
  if exists (select from onboarding.holds h where h.tenant_id = me and h.ended_at is null and (h.until is null or h.until >= (app.now() at time zone 'Europe/Rome')::date)
      and (h.case_id = file or h.person_id = person)) then
    return 'held';
  end if;
  if file is not null and (exists (select from policies.case_grants g where g.tenant_id = me and g.case_id = file and upper(g.valid) > app.now())
      or exists (select from sharing.shares_details d join sharing.shares s on s.id = d.share_id where d.owner_tenant = me and d.case_id = file
        and (s.state in ('draft', 'offered') or s.state = 'active' and s.valid_to > app.now()))) then
    return 'shared';
  end if;
  return '';
end $body$;
-- +goose StatementEnd
revoke all on function onboarding.stopped(int, uuid, uuid) from public;

-- The table whose rows a kind of disposal counts.
-- +goose StatementBegin
create function onboarding.disposal_root(kind text) returns regclass
  language plpgsql stable set search_path = '' as $body$
begin
  return case kind when 'case' then 'casefile.cases' when 'person' then 'registry.persons' when 'contact' then 'intake.contacts'
    when 'draft' then 'intake.drafts' when 'notice' then 'casefile.notices' when 'contest' then 'ledger.contests' end::regclass;
end $body$;
-- +goose StatementEnd
revoke all on function onboarding.disposal_root(text) from public;

-- What is over, kind by kind, with what stops it: closed cases, contacts that led to none, persons whom nothing speaks of any more, and
-- what is about people without being theirs. It reads past sections, and tells ids and numbers only.
-- +goose StatementBegin
create function onboarding.disposable(kinds text[], years int[]) returns table (kind text, id uuid, number text, since timestamptz, stopped text)
  language plpgsql stable security definer set search_path = '' as $body$
declare
  me int := app.tenant();
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
    union all select w.k, d.id, '', d.updated_at, '' from w join intake.drafts d on w.k = 'draft' and d.tenant_id = me and d.updated_at < w.before
    union all select w.k, n.id, '', n.at, '' from w join casefile.notices n on w.k = 'notice' and n.tenant_id = me and n.at < w.before
    union all select w.k, o.id, '', o.answered_at, '' from w join ledger.contests o on w.k = 'contest' and o.tenant_id = me and o.answered_at < w.before;
end $body$;
-- +goose StatementEnd
revoke all on function onboarding.disposable(text[], int[]) from public;
grant execute on function onboarding.disposable(text[], int[]) to staffetta_app;

-- Nothing that is held, shared or not over gets into a list.
-- +goose StatementBegin
create function onboarding.check_items() returns trigger
  language plpgsql security definer set search_path = '' as $body$
declare
  one record;
begin
  for one in select d.state, i.kind, (d.terms ->> i.kind)::int as years from listed i
      join onboarding.disposals d on d.tenant_id = i.tenant_id and d.id = i.disposal_id group by 1, 2, 3 loop
    if one.state <> 'proposed' then
      raise exception 'the list is decided' using errcode = 'SF409';
    end if;
    if exists (select from listed i where i.kind = one.kind
        and i.id not in (select x.id from onboarding.disposable(array[one.kind], array[one.years]) x where x.stopped = '')) then
      raise exception 'something of the list is held, shared or not over' using errcode = 'SF409';
    end if;
  end loop;
  return null;
end $body$;
-- +goose StatementEnd
revoke all on function onboarding.check_items() from public;
create trigger check_items after insert on onboarding.disposal_items referencing new table as listed
  for each statement when (current_user = 'staffetta_app') execute function onboarding.check_items();

-- Which rows of a table go with rows of a root, as a condition on x where $1 is the body and $2 the ids of the root; null for none.
-- A column for cases counts with or without a foreign key, the others by their key. Another root goes with a case alone.
-- +goose StatementBegin
create function onboarding.goes_with(t regclass, root regclass, ref text, alias text default 'x') returns text
  language plpgsql stable set search_path = '' as $body$
declare
  found text[] := '{}';
  f record;
  inner_condition text;
begin
  if t = root then
    return format('%s.id = any ($2)', alias);
  end if;
  if length(alias) > 4 or t in ('casefile.cases'::regclass, 'registry.persons'::regclass) or ref is distinct from 'case_id' and t = 'intake.contacts'::regclass then
    return null;
  end if;
  if exists (select from pg_catalog.pg_attribute a where a.attrelid = t and a.attname = ref and not a.attisdropped) then
    found := found || format('%s.%I = any ($2)', alias, ref);
  end if;
  for f in select c.confrelid::regclass as parent, c.conkey, c.confkey from pg_catalog.pg_constraint c
      where c.contype = 'f' and c.conrelid = t and c.confrelid <> t and array_length(c.conkey, 1) >= 2
        and exists (select from pg_catalog.pg_policy p where p.polrelid = c.confrelid and p.polname = 'own') loop
    inner_condition := onboarding.goes_with(f.parent, root, ref, alias || 'x');
    if inner_condition is not null then
      found := found || (select format('exists (select from %s %s where %s and %s)', f.parent, alias || 'x',
          string_agg(format('%s.%I = %s.%I', alias || 'x', b.attname, alias, a.attname), ' and '), inner_condition)
        from unnest(f.conkey, f.confkey) k (mine, other)
        join pg_catalog.pg_attribute a on a.attrelid = t and a.attnum = k.mine
        join pg_catalog.pg_attribute b on b.attrelid = f.parent and b.attnum = k.other);
    end if;
  end loop;
  return nullif(array_to_string(found, ' or '), '');
end $body$;
-- +goose StatementEnd
revoke all on function onboarding.goes_with(regclass, regclass, text, text) from public;

-- Removes what two people agreed upon, as far as it is still over and nothing stops it. It notes what went from which table, with the
-- digest of those rows, and the documents that nothing of the body names any more; the audit has a term of its own.
-- +goose StatementBegin
create function onboarding.dispose(list uuid, also text[], tables text[], columns text[]) returns void
  language plpgsql security definer set search_path = '' as $body$
declare
  me int := app.tenant();
  d onboarding.disposals;
  k text;
  root regclass;
  ref text;
  term int;
  ids uuid[];
  t regclass;
  condition text;
  n bigint;
  digest text;
  all_gone jsonb := '{}';
  before text[];
begin
  select * into d from onboarding.disposals x where x.tenant_id = me and x.id = list and x.state = 'agreed' for update;
  if not found or d.decided_by is null or d.decided_by = d.proposed_by then
    raise exception 'nobody agreed to the list' using errcode = 'SF409';
  end if;
  before := onboarding.documents_of(me, tables, columns);
  for k in select distinct i.kind from onboarding.disposal_items i where i.tenant_id = me and i.disposal_id = list order by 1 loop
    root := onboarding.disposal_root(k);
    ref := case k when 'case' then 'case_id' when 'person' then 'person_id' end;
    execute format('select array_agg(x.id) from (select x.id from %s x join onboarding.disposal_items i on i.tenant_id = $1 and i.disposal_id = $2 and i.kind = $3 and i.id = x.id
      where x.tenant_id = $1 order by x.id for update of x) x', root) using me, list, k;
    select greatest((d.terms ->> k)::int, (select case when m.years = 0 then 1000 else m.years end from onboarding.terms m
      where m.tenant_id = me and m.kind = k order by m.set_at desc, m.id desc limit 1)) into term;
    update onboarding.disposal_items i set outcome = case x.stopped when '' then 'gone' else coalesce(x.stopped, 'changed') end
      from onboarding.disposal_items j left join onboarding.disposable(array[k], array[term]) x on x.id = j.id
      where i.tenant_id = me and i.disposal_id = list and i.kind = k and j.tenant_id = me and j.disposal_id = list and j.id = i.id;
    select coalesce(array_agg(i.id), '{}') into ids from onboarding.disposal_items i where i.tenant_id = me and i.disposal_id = list and i.kind = k and i.outcome = 'gone';
    if k = 'case' then
      update sharing.shares_handovers h set surname = '', name = '', tax_code = '', birth_date = null, reason = '' where h.owner_tenant = me
        and h.share_id in (select s.share_id from sharing.shares_details s where s.owner_tenant = me and s.case_id = any (ids));
      update sharing.shares_details s set case_id = null, reason = '—————', extra_reason = case when s.extra = '{}' then '' else '—' end, basis_reason = ''
        where s.owner_tenant = me and s.case_id = any (ids);
    end if;
    for t in select p from onboarding.tables_of_people(also) p loop
      condition := onboarding.goes_with(t, root, ref);
      continue when condition is null;
      execute format('with gone as (delete from %s x where x.tenant_id = $1 and (%s) returning to_jsonb(x)::text as r)
        select count(*), encode(sha256(convert_to(coalesce(string_agg(g.r, E''\n'' order by g.r collate "C"), ''''), ''UTF8'')), ''hex'') from gone g', t, condition)
        into n, digest using me, ids;
      if n > 0 then
        all_gone := all_gone || jsonb_build_object(k || ' ' || t::text, jsonb_build_object('rows', n, 'sha256', digest));
      end if;
    end loop;
    if k = 'person' then
      delete from registry.households h where h.tenant_id = me and not exists (select from registry.members m where m.tenant_id = me and m.household_id = h.id);
    end if;
  end loop;
  update onboarding.disposals x set state = 'removed', removed_at = app.now(), gone = all_gone, version = x.version + 1,
    files = array(select f from unnest(before) f where f <> all (onboarding.documents_of(me, tables, columns)) order by f)
    where x.tenant_id = me and x.id = list;
end $body$;
-- +goose StatementEnd
revoke all on function onboarding.dispose(uuid, text[], text[], text[]) from public;
grant execute on function onboarding.dispose(uuid, text[], text[], text[]) to staffetta_app;

-- +goose Up
-- What people ask about their data (GDPR art. 12 to 22): who asks, what, and until when they are to be answered.
create table onboarding.subject_requests (
  tenant_id int not null default app.tenant(),
  id uuid not null,
  number int not null,
  kind text not null check (kind in ('access', 'rectification', 'erasure', 'restriction', 'objection', 'portability')),
  person_id uuid, -- null while nobody of the registry is known to be meant
  subject_name text not null check (length(subject_name) between 1 and 200),
  tax_code text not null default '' check (length(tax_code) <= 16),
  asker text not null check (asker in ('self', 'guardian', 'delegate')),
  asker_name text not null default '' check (length(asker_name) <= 200),
  identity text not null check (length(identity) between 3 and 300),
  channel text not null check (channel in ('desk', 'email', 'pec', 'post', 'phone')),
  words text not null check (length(words) between 5 and 4000),
  received_on date not null,
  extended_at timestamptz,
  extension text not null default '' check (length(extension) <= 1000),
  due_on date not null generated always as ((received_on + case when extended_at is null then interval '1 month' else interval '3 months' end)::date) stored,
  state text not null default 'received' check (state in ('received', 'working', 'answered', 'withdrawn')),
  outcome text not null default '' check (outcome in ('', 'granted', 'partly', 'refused')),
  answer text not null default '' check (length(answer) <= 4000),
  reason text not null default '' check (length(reason) <= 4000),
  remedies text not null default '' check (length(remedies) <= 2000),
  answered_on date,
  handled_by uuid,
  handled_name text not null default '',
  registered_by uuid not null,
  registered_name text not null,
  registered_at timestamptz not null default app.now(),
  ended_at timestamptz,
  version int not null default 1,
  primary key (tenant_id, id),
  unique (tenant_id, number),
  check (asker = 'self' or asker_name <> ''),
  check ((extended_at is null) = (extension = '')),
  check ((state in ('answered', 'withdrawn')) = (ended_at is not null)),
  check ((state = 'answered') = (outcome <> '') and (state = 'answered') = (answered_on is not null)),
  check (outcome not in ('partly', 'refused') or reason <> '' and remedies <> '')
);
call app.own_table('onboarding.subject_requests');
create policy signed on onboarding.subject_requests as restrictive for insert to staffetta_app
  with check (registered_by = (select app.account()) and state = 'received' and extended_at is null);
create policy undone on onboarding.subject_requests as restrictive for update to staffetta_app using (state in ('received', 'working')) with check (true);
revoke update on onboarding.subject_requests from staffetta_app;
grant update (person_id, extended_at, extension, state, outcome, answer, reason, remedies, answered_on, handled_by, handled_name, ended_at, version)
  on onboarding.subject_requests to staffetta_app;
create index on onboarding.subject_requests (tenant_id, due_on) where ended_at is null;
create index on onboarding.subject_requests (tenant_id, person_id);

-- What was done about a request, one after another.
create table onboarding.subject_steps (
  tenant_id int not null default app.tenant(),
  id uuid not null,
  request_id uuid not null,
  kind text not null check (kind in ('register', 'name', 'take', 'note', 'extend', 'answer', 'withdraw', 'copy', 'fetch', 'restrict', 'lift')),
  words text not null default '' check (length(words) <= 4000),
  done_by uuid not null,
  done_name text not null,
  at timestamptz not null default app.now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, request_id) references onboarding.subject_requests (tenant_id, id)
);
call app.own_table('onboarding.subject_steps');
create policy signed on onboarding.subject_steps as restrictive for insert to staffetta_app with check (done_by = (select app.account()));
revoke update on onboarding.subject_steps from staffetta_app;
create index on onboarding.subject_steps (tenant_id, request_id, at);

-- Whom of the registry a request is about, by the whole tax code or by the whole name: whoever registers it need not be able to search.
-- +goose StatementBegin
create function onboarding.find_subjects(whole_code text, whole_surname text, whole_name text, born date) returns setof uuid
  language plpgsql stable security definer set search_path = '' as $body$
begin
  return query select p.id from registry.persons p
  where p.tenant_id = app.tenant() and app.account() is not null and app.purpose() is distinct from 'citizen'
    and case when whole_code <> '' then p.tax_code = upper(whole_code)
      else whole_surname <> '' and whole_name <> '' and p.surname_key = regexp_replace(normalize(lower(whole_surname), nfd), '[^[:alnum:]]', '', 'g')
        and p.name_key = regexp_replace(normalize(lower(whole_name), nfd), '[^[:alnum:]]', '', 'g') and (born is null or p.birth_date = born) end
  order by p.id limit 20;
end $body$;
-- +goose StatementEnd
revoke all on function onboarding.find_subjects(text, text, text, date) from public;
grant execute on function onboarding.find_subjects(text, text, text, date) to staffetta_app;

-- Why a case or a person stays, whatever the term says: '' for no reason. What somebody is asking about is held until they are answered.
-- +goose StatementBegin
create or replace function onboarding.stopped(me int, file uuid, person uuid) returns text
  language plpgsql stable set search_path = '' as $body$
begin
  if exists (select from onboarding.holds h where h.tenant_id = me and h.ended_at is null and (h.until is null or h.until >= (app.now() at time zone 'Europe/Rome')::date)
      and (h.case_id = file or h.person_id = person))
    or exists (select from onboarding.subject_requests r where r.tenant_id = me and r.ended_at is null and r.person_id = person) then
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

-- The table whose rows a kind of disposal counts.
-- +goose StatementBegin
create or replace function onboarding.disposal_root(kind text) returns regclass
  language plpgsql stable set search_path = '' as $body$
begin
  return case kind when 'case' then 'casefile.cases' when 'person' then 'registry.persons' when 'contact' then 'intake.contacts'
    when 'draft' then 'intake.drafts' when 'notice' then 'casefile.notices' when 'contest' then 'ledger.contests'
    when 'request' then 'onboarding.subject_requests' end::regclass;
end $body$;
-- +goose StatementEnd

-- What is over, kind by kind, with what stops it, as before, and with requests about data that were answered; a person of whom such a
-- request is kept stays with it.
-- +goose StatementBegin
create or replace function onboarding.disposable(kinds text[], years int[]) returns table (kind text, id uuid, number text, since timestamptz, stopped text)
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
        and not exists (select from onboarding.subject_requests r where r.tenant_id = me and r.person_id = p.id and r.ended_at is not null)
    union all select w.k, d.id, '', d.updated_at, '' from w join intake.drafts d on w.k = 'draft' and d.tenant_id = me and d.updated_at < w.before
    union all select w.k, n.id, '', n.at, '' from w join casefile.notices n on w.k = 'notice' and n.tenant_id = me and n.at < w.before
    union all select w.k, o.id, '', o.answered_at, '' from w join ledger.contests o on w.k = 'contest' and o.tenant_id = me and o.answered_at < w.before
    union all select w.k, r.id, r.number::text, r.ended_at, '' from w join onboarding.subject_requests r on w.k = 'request' and r.tenant_id = me and r.ended_at < w.before;
end $body$;
-- +goose StatementEnd

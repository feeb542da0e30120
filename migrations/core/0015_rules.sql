-- +goose Up
-- What held at an instant of the past: the program's own rules, those of each body, memberships. Triggers keep it, so that
-- every writer leaves its trace. Grants, assignments and openings say themselves from when to when.

-- The rules that come with the program, whenever they differ from those before.
create table platform.policy_bases (
  id bigint generated always as identity primary key,
  rules text not null,
  since timestamptz not null default app.now()
);
create index on platform.policy_bases (since);
grant select, insert on platform.policy_bases to staffetta_platform;
grant select on platform.policy_bases to staffetta_backup;

create table platform.policy_periods (
  id bigint generated always as identity primary key,
  tenant_id int not null references platform.tenants (id),
  role text not null,
  relation text not null,
  object text not null,
  action text not null,
  effect text not null,
  valid_from timestamptz not null,
  valid_to timestamptz
);
create index on platform.policy_periods (tenant_id, valid_from);
grant select on platform.policy_periods to staffetta_platform, staffetta_backup;

-- +goose StatementBegin
create function platform.keep_rule() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  if tg_op <> 'INSERT' then
    update platform.policy_periods p set valid_to = app.now()
      where p.tenant_id = old.tenant_id and (p.role, p.relation, p.object, p.action) = (old.role, old.relation, old.object, old.action) and p.valid_to is null;
  end if;
  if tg_op <> 'DELETE' then
    insert into platform.policy_periods (tenant_id, role, relation, object, action, effect, valid_from)
      values (new.tenant_id, new.role, new.relation, new.object, new.action, new.effect, app.now());
  end if;
  return null;
end $$;
-- +goose StatementEnd
insert into platform.policy_periods (tenant_id, role, relation, object, action, effect, valid_from)
  select r.tenant_id, r.role, r.relation, r.object, r.action, r.effect, t.created_at
  from platform.policy_rules r join platform.tenants t on t.id = r.tenant_id;
create trigger keep after insert or update or delete on platform.policy_rules for each row execute function platform.keep_rule();

-- A membership as the program knew it from an instant to another: a day may be changed afterwards.
create table platform.membership_periods (
  id bigint generated always as identity primary key,
  membership_id uuid not null references platform.memberships (id),
  tenant_id int not null references platform.tenants (id),
  account_id uuid not null references platform.accounts (id),
  role text not null,
  office_id int,
  display_name text not null,
  valid_from date not null,
  valid_to date,
  known_from timestamptz not null,
  known_to timestamptz
);
create index on platform.membership_periods (tenant_id, account_id);
create index on platform.membership_periods (membership_id) where known_to is null;
grant select on platform.membership_periods to staffetta_platform, staffetta_backup;

-- +goose StatementBegin
create function platform.keep_membership() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  update platform.membership_periods p set known_to = app.now() where p.membership_id = new.id and p.known_to is null;
  insert into platform.membership_periods (membership_id, tenant_id, account_id, role, office_id, display_name, valid_from, valid_to, known_from)
    values (new.id, new.tenant_id, new.account_id, new.role, new.office_id, new.display_name, new.valid_from, new.valid_to, app.now());
  return null;
end $$;
-- +goose StatementEnd
insert into platform.membership_periods (membership_id, tenant_id, account_id, role, office_id, display_name, valid_from, valid_to, known_from)
  select m.id, m.tenant_id, m.account_id, m.role, m.office_id, m.display_name, m.valid_from, m.valid_to, m.created_at from platform.memberships m;
create trigger keep after insert or update on platform.memberships for each row execute function platform.keep_membership();

revoke all on function platform.keep_rule(), platform.keep_membership() from public;

-- What no body's own rule may give, whoever writes it: who configures never comes to a case; a guest of another body sees
-- what the bodies agreed on and no more; a reason opens a case to read.
alter table platform.policy_rules add constraint floor check (effect = 'deny' or (
  role not in ('tenant_admin', 'dpo', 'platform_operator', 'platform_reviewer', 'newcomer', 'citizen')
  and relation <> 'guest' and (relation <> 'emergency' or action in ('read', 'open'))));

-- A change of a body's rules: a draft until it is applied, then history. lines say for each rule what it is to be, and
-- from the moment of its application on what it was before.
create table policies.rule_changes (
  tenant_id int not null default app.tenant(),
  id uuid not null,
  state text not null default 'draft' check (state in ('draft', 'applied', 'discarded')),
  number int, -- of those that were applied, from 1 on
  lines jsonb not null,
  reason text not null default '' check (length(reason) <= 500),
  sights jsonb not null default '[]', -- who gained and who lost, as it was acknowledged
  account_id uuid not null,
  account_name text not null check (length(account_name) <= 120),
  begun_at timestamptz not null default app.now(),
  applied_by uuid,
  applied_name text not null default '' check (length(applied_name) <= 120),
  applied_at timestamptz,
  version int not null default 1,
  primary key (tenant_id, id),
  unique (tenant_id, number)
);
create unique index on policies.rule_changes (tenant_id) where state = 'draft';
call app.own_table('policies.rule_changes');
create policy begun on policies.rule_changes as restrictive for insert to staffetta_app with check (state = 'draft' and number is null);
create policy drafting on policies.rule_changes as restrictive for update to staffetta_app
  using (state = 'draft') with check (state in ('draft', 'discarded') and number is null);

-- What a body's rules must answer, whatever is changed in them.
create table policies.rule_vectors (
  tenant_id int not null default app.tenant(),
  id uuid not null,
  role text not null,
  relation text not null,
  object text not null,
  action text not null,
  allowed boolean not null,
  account_id uuid not null,
  account_name text not null check (length(account_name) <= 120),
  created_at timestamptz not null default app.now(),
  ended_at timestamptz,
  ended_name text not null default '' check (length(ended_name) <= 120),
  primary key (tenant_id, id)
);
create unique index on policies.rule_vectors (tenant_id, role, relation, object, action) where ended_at is null;
call app.own_table('policies.rule_vectors');

-- Applies the draft of the actor's body as it was seen, after the change that it was compared with; returns its number.
-- +goose StatementBegin
create function policies.apply_rules(change uuid, seen int, latest int, actor text) returns int
  language plpgsql security definer set search_path = '' as $body$
declare
  c policies.rule_changes;
  line jsonb;
  old text;
  kept jsonb := '[]';
  last int;
begin
  if app.account() is null then
    raise exception 'nobody applies' using errcode = 'insufficient_privilege';
  end if;
  perform 1 from platform.tenants t where t.id = app.tenant() for no key update; -- one change of a body at a time
  select coalesce(max(x.number), 0) into last from policies.rule_changes x where x.tenant_id = app.tenant();
  select x.* into c from policies.rule_changes x
    where x.tenant_id = app.tenant() and x.id = change and x.state = 'draft' and x.version = seen and last = latest for update;
  if not found then
    raise exception 'no such draft' using errcode = 'no_data_found';
  end if;
  for line in select * from jsonb_array_elements(c.lines) loop
    old := '';
    delete from platform.policy_rules r where r.tenant_id = app.tenant() and r.role = line ->> 'role' and r.relation = line ->> 'relation'
      and r.object = line ->> 'object' and r.action = line ->> 'action' returning r.effect into old;
    if line ->> 'after' <> '' then
      insert into platform.policy_rules (tenant_id, role, relation, object, action, effect)
        values (app.tenant(), line ->> 'role', line ->> 'relation', line ->> 'object', line ->> 'action', line ->> 'after');
    end if;
    kept := kept || (line || jsonb_build_object('before', coalesce(old, '')));
  end loop;
  update policies.rule_changes x set state = 'applied', number = last + 1, lines = kept, version = version + 1,
      applied_by = app.account(), applied_name = actor, applied_at = app.now()
    where x.tenant_id = app.tenant() and x.id = change;
  return last + 1;
end $body$;
-- +goose StatementEnd
-- Nobody writes a rule but by a change.
revoke insert, update, delete on platform.policy_rules from staffetta_platform;

-- How many cases of other bodies each colleague sees under live grants, by section; no account stands for everybody, with
-- what is addressed to nobody in particular. Counts alone: who configures sees no case.
create function policies.count_received() returns table (account_id uuid, section text, cases bigint)
  language sql stable security definer set search_path = '' as $$
  with live as (
    select g.tenant_id, g.case_id, g.section::text as section, g.grantee_account, g.grantee_office
    from policies.case_grants g
    where g.grantee = app.tenant() and g.valid @> app.now() and g.agreement_id = any (policies.live_agreement_ids()))
  select null::uuid, l.section, count(distinct (l.tenant_id, l.case_id)) from live l
    where l.grantee_account is null and l.grantee_office is null group by l.section
  union all
  select c.account_id, l.section, count(distinct (l.tenant_id, l.case_id))
  from live l join (select distinct k.account_id, k.office_id from platform.colleagues() k) c
    on (l.grantee_account is null or l.grantee_account = c.account_id) and (l.grantee_office is null or l.grantee_office = c.office_id)
  where (l.grantee_account is not null or l.grantee_office is not null)
    and not exists (select 1 from live o where o.grantee_account is null and o.grantee_office is null
      and (o.tenant_id, o.case_id, o.section) = (l.tenant_id, l.case_id, l.section))
  group by c.account_id, l.section
$$;
revoke all on function policies.apply_rules(uuid, int, int, text), policies.count_received() from public;
grant execute on function policies.apply_rules(uuid, int, int, text), policies.count_received() to staffetta_app;

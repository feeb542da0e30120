-- +goose Up
-- Who must not be found is not found through those who live with them either: whoever finds the child finds the mother. A person
-- who is registered twice, under one code, is one.
create index on registry.persons (tenant_id, id) where alias <> '';

-- Who nobody may find: one of their cases is protected, open or closed, or they give no name.
create function sharing.hidden_persons(body int) returns setof uuid language sql stable set search_path = '' as $$
  select c.person_id from casefile.marks m join casefile.cases c on c.tenant_id = m.tenant_id and c.id = m.case_id
    where m.tenant_id = body and m.ended_at is null
  union select p.id from registry.persons p where p.tenant_id = body and p.alias <> ''
$$;
-- Somebody, who else has their code, and who lives with any of them now. Each is close to whoever is close to them.
create function sharing.close_to(body int, who uuid[]) returns setof uuid language sql stable set search_path = '' as $$
  with same as (
    select unnest(who) as id
    union select o.id from registry.persons p join registry.persons o on o.tenant_id = p.tenant_id and o.tax_code = p.tax_code and o.tax_code <> ''
      where p.tenant_id = body and p.id = any (who)),
  home as (
    select s.id from same s
    union select o.person_id from same s
      join registry.members m on m.tenant_id = body and m.person_id = s.id and (m.valid_to is null or m.valid_to >= app.now()::date)
      join registry.members o on o.tenant_id = m.tenant_id and o.household_id = m.household_id and (o.valid_to is null or o.valid_to >= app.now()::date))
  select h.id from home h
  union select o.id from home h join registry.persons p on p.tenant_id = body and p.id = h.id
    join registry.persons o on o.tenant_id = p.tenant_id and o.tax_code = p.tax_code and o.tax_code <> ''
$$;
create function sharing.is_sheltered(body int, person uuid) returns boolean language sql stable set search_path = '' as $$
  select exists (select 1 from sharing.close_to(body, array[person]) n where
    exists (select 1 from registry.persons p where p.tenant_id = body and p.id = n and p.alias <> '')
    or exists (select 1 from casefile.cases c join casefile.marks m on m.tenant_id = c.tenant_id and m.case_id = c.id and m.ended_at is null
      where c.tenant_id = body and c.person_id = n))
$$;

create or replace function sharing.findable_cases(body int) returns table (case_id uuid, person_id uuid, tax_code text)
  language sql stable set search_path = '' as $$
  with sheltered as materialized (
    select n as id from sharing.close_to(body, array(select h from sharing.hidden_persons(body) h)) n)
  select c.id, c.person_id, p.tax_code from casefile.cases c join registry.persons p on p.tenant_id = c.tenant_id and p.id = c.person_id
  where c.tenant_id = body and c.closed_at is null and p.code_kind = 'tax_code' and p.alias = '' and p.surname <> ''
    and not exists (select 1 from sheltered s where s.id = c.person_id)
$$;

-- Writing waits for whoever is protecting a person, and protecting for whoever writes: else a token could be written of what
-- was not yet protected when it was looked for, and stay. A token is of the code that the person has now.
drop function sharing.write_tokens(uuid[], int[], uuid[], bytea[]);
-- +goose StatementBegin
create function sharing.write_tokens(agreements uuid[], generations int[], cases uuid[], codes text[], tokens bytea[], out wrote int, out took int)
  language plpgsql security definer set search_path = '' as $body$
begin
  perform pg_advisory_xact_lock(hashtextextended('sharing.tokens', app.tenant()));
  -- Two changes that each hide nobody may do it together: a protection, and a child that moves in.
  delete from policies.case_tokens t using policies.agreements a
    where t.tenant_id = app.tenant() and a.id = t.agreement_id
      and (a.state = 'ended' or upper(a.valid) <= app.now() or t.generation < policies.key_in_use(a.id)
        or t.case_id not in (select f.case_id from sharing.findable_cases(app.tenant()) f));
  get diagnostics took = row_count;
  insert into policies.case_tokens (tenant_id, agreement_id, generation, case_id, token)
    select app.tenant(), w.agreement, w.generation, w.case_id, w.token
    from unnest(agreements, generations, cases, codes, tokens) w (agreement, generation, case_id, code, token)
    join sharing.missing_tokens() m on m.agreement_id = w.agreement and m.generation = w.generation and m.case_id = w.case_id
    join casefile.cases c on c.tenant_id = app.tenant() and c.id = w.case_id
    join registry.persons p on p.tenant_id = c.tenant_id and p.id = c.person_id and p.tax_code = w.code
    on conflict do nothing;
  get diagnostics wrote = row_count;
end $body$;
-- +goose StatementEnd

-- +goose StatementBegin
create or replace function sharing.drop_tokens() returns trigger language plpgsql security definer set search_path = '' as $body$
declare
  body int := new.tenant_id;
  seeds uuid[];
begin
  perform pg_advisory_xact_lock_shared(hashtextextended('sharing.tokens', body));
  case tg_table_name
    when 'persons' then seeds := array[new.id];
    when 'cases' then seeds := array[old.person_id, new.person_id];
    when 'members' then seeds := array[new.person_id];
    else seeds := array(select c.person_id from casefile.cases c where c.tenant_id = body and c.id = new.case_id);
  end case;
  if tg_table_name <> 'members' then
    delete from policies.case_tokens t using casefile.cases c
      where t.tenant_id = body and c.tenant_id = body and c.id = t.case_id and c.person_id = any (seeds);
  end if;
  delete from policies.case_tokens t using casefile.cases c
    where t.tenant_id = body and c.tenant_id = body and c.id = t.case_id
      and c.person_id in (select n from sharing.close_to(body, seeds) n where sharing.is_sheltered(body, n));
  return null;
end $body$;
-- +goose StatementEnd
create trigger drop_tokens after insert or update of household_id, person_id, valid_to on registry.members for each row execute function sharing.drop_tokens();
create trigger drop_tokens_new after insert on registry.persons for each row when (new.alias <> '' and new.tax_code <> '') execute function sharing.drop_tokens();

-- An ask is not answered by the share of such a case, which stands by itself: the answer would say whose it is.
-- +goose StatementBegin
create or replace function sharing.answer_asks() returns trigger language plpgsql security definer set search_path = '' as $body$
begin
  update sharing.asks a set state = 'answered', share_id = new.share_id, ended_at = app.now()
    from sharing.shares s, casefile.cases c, registry.persons p
    where s.id = new.share_id and s.kind in ('consultation', 'service_request', 'joint_care') and a.state = 'open' and a.answer_by > app.now()
      and a.asked_tenant = s.owner_tenant and a.asker_tenant = s.receiver_tenant
      and c.tenant_id = new.owner_tenant and c.id = new.case_id and p.tenant_id = c.tenant_id and p.id = c.person_id and p.tax_code = a.tax_code
      and not sharing.is_sheltered(p.tenant_id, p.id);
  return null;
end $body$;
-- +goose StatementEnd

-- What was published of them until now.
delete from policies.case_tokens t using casefile.cases c
  where c.tenant_id = t.tenant_id and c.id = t.case_id and sharing.is_sheltered(c.tenant_id, c.person_id);

revoke all on function sharing.hidden_persons(int), sharing.close_to(int, uuid[]), sharing.is_sheltered(int, uuid),
  sharing.write_tokens(uuid[], int[], uuid[], text[], bytea[]) from public;
grant execute on function sharing.write_tokens(uuid[], int[], uuid[], text[], bytea[]) to staffetta_app;

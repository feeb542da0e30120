-- +goose Up
-- The open cases of a body that others may learn of under an agreement: of a person with a full fiscal code, who gives a name,
-- and none of whose cases is protected, open or closed. The functions below call it with the actor's body or with that of a token.
create function sharing.findable_cases(body int) returns table (case_id uuid, person_id uuid, tax_code text)
  language sql stable set search_path = '' as $$
  select c.id, c.person_id, p.tax_code from casefile.cases c join registry.persons p on p.tenant_id = c.tenant_id and p.id = c.person_id
  where c.tenant_id = body and c.closed_at is null and p.code_kind = 'tax_code' and p.alias = '' and p.surname <> ''
    and not exists (select 1 from casefile.cases o join casefile.marks m on m.tenant_id = o.tenant_id and m.case_id = o.id and m.ended_at is null
      where o.tenant_id = c.tenant_id and o.person_id = c.person_id)
$$;

-- What the actor's body has yet to write: a token for each case that may be found, live agreement and key in use or to come.
create function sharing.missing_tokens() returns table (agreement_id uuid, generation int, case_id uuid)
  language sql stable security definer set search_path = '' as $$
  select a.id, k.generation, f.case_id
  from policies.agreements a
  join policies.agreement_keys k on k.agreement_id = a.id and k.generation >= policies.key_in_use(a.id)
  cross join sharing.findable_cases(app.tenant()) f
  where a.known_elsewhere and a.state = 'active' and a.valid @> app.now()
    and exists (select 1 from policies.agreements_edges e where e.agreement_id = a.id and e.from_tenant = app.tenant())
    and not exists (select 1 from policies.case_tokens t where t.tenant_id = app.tenant() and t.agreement_id = a.id
      and t.generation = k.generation and t.case_id = f.case_id)
  order by a.id, k.generation, f.case_id limit 1000
$$;

-- Writes tokens of the actor's body and takes away those that are over; returns how many it wrote.
-- +goose StatementBegin
create function sharing.write_tokens(agreements uuid[], generations int[], cases uuid[], tokens bytea[]) returns int
  language plpgsql security definer set search_path = '' as $body$
declare
  n int;
begin
  delete from policies.case_tokens t using policies.agreements a
    where t.tenant_id = app.tenant() and a.id = t.agreement_id
      and (a.state = 'ended' or upper(a.valid) <= app.now() or t.generation < policies.key_in_use(a.id));
  insert into policies.case_tokens (tenant_id, agreement_id, generation, case_id, token)
    select app.tenant(), w.agreement, w.generation, w.case_id, w.token
    from unnest(agreements, generations, cases, tokens) w (agreement, generation, case_id, token)
    join sharing.missing_tokens() m on m.agreement_id = w.agreement and m.generation = w.generation and m.case_id = w.case_id
    on conflict do nothing;
  get diagnostics n = row_count;
  return n;
end $body$;
-- +goose StatementEnd

-- Whatever makes a case one that must not be found takes its tokens away in the same transaction: its end, a protection of any
-- case of the person, another code. The job writes anew what may be found after it.
-- +goose StatementBegin
create function sharing.drop_tokens() returns trigger language plpgsql security definer set search_path = '' as $body$
declare
  person uuid;
begin
  case tg_table_name
    when 'persons' then person := new.id;
    when 'cases' then person := old.person_id;
    else select c.person_id into person from casefile.cases c where c.tenant_id = new.tenant_id and c.id = new.case_id;
  end case;
  delete from policies.case_tokens t using casefile.cases c
    where t.tenant_id = new.tenant_id and c.tenant_id = t.tenant_id and c.id = t.case_id and c.person_id = person;
  return null;
end $body$;
-- +goose StatementEnd
create trigger drop_tokens after insert or update on casefile.marks for each row execute function sharing.drop_tokens();
create trigger drop_tokens after update of closed_at, person_id on casefile.cases for each row
  when (old.closed_at is distinct from new.closed_at or old.person_id <> new.person_id) execute function sharing.drop_tokens();
create trigger drop_tokens after update of code_kind, tax_code, alias, surname on registry.persons for each row
  when ((old.code_kind, old.tax_code, old.alias, old.surname = '') is distinct from (new.code_kind, new.tax_code, new.alias, new.surname = ''))
  execute function sharing.drop_tokens();

revoke all on function sharing.findable_cases(int), sharing.missing_tokens(), sharing.write_tokens(uuid[], int[], uuid[], bytea[]),
  sharing.drop_tokens() from public;
grant execute on function sharing.missing_tokens(), sharing.write_tokens(uuid[], int[], uuid[], bytea[]) to staffetta_app;

-- +goose Up
-- About whom an account asked in the last hour, by the token: an emergency opens only what was asked for first, and counted.
create table policies.known_asked (
  tenant_id int not null default app.tenant(),
  agreement_id uuid not null references policies.agreements (id),
  account_id uuid not null,
  token bytea not null check (length(token) = 32),
  asked_at timestamptz not null,
  primary key (tenant_id, agreement_id, account_id, token)
);
create index on policies.known_asked (tenant_id, asked_at);
call app.own_table('policies.known_asked');
revoke all on policies.known_asked from staffetta_app, staffetta_report;

-- What is told does not change: whoever asks is counted, and the token is kept for an hour whether somebody knows it or not.
-- +goose StatementBegin
create or replace function policies.known_elsewhere(agreement uuid, token bytea, event uuid, written timestamptz)
  returns table (body int, known boolean) language plpgsql security definer set search_path = '' as $body$
declare
  allowed boolean;
begin
  if app.account() is null or not agreement = any (policies.live_agreement_ids())
    or not exists (select 1 from policies.agreements a where a.id = agreement and a.known_elsewhere) then
    raise exception 'no such agreement' using errcode = 'no_data_found';
  end if;
  perform audit.own_event(event, written, agreement, 'known.%');
  allowed := policies.count_question(agreement);
  delete from policies.known_asked q where q.tenant_id = app.tenant() and q.asked_at <= app.now() - interval '1 hour';
  if allowed then
    insert into policies.known_asked as q (tenant_id, agreement_id, account_id, token, asked_at)
      values (app.tenant(), agreement, app.account(), known_elsewhere.token, app.now())
      on conflict on constraint known_asked_pkey do update set asked_at = app.now();
  end if;
  return query select e.from_tenant, case when allowed then exists (select 1 from policies.case_tokens t
      where t.agreement_id = agreement and t.generation = policies.key_in_use(agreement) and t.token = known_elsewhere.token
        and t.tenant_id = e.from_tenant) end
    from policies.agreements_edges e where e.agreement_id = agreement and e.to_tenant = app.tenant() order by e.from_tenant;
end $body$;
-- +goose StatementEnd

-- Whether the actor asked under the agreement, in the last hour, and was answered.
create function policies.has_asked(agreement uuid, token bytea) returns boolean language sql stable set search_path = '' as $$
  select exists (select 1 from policies.known_asked q where q.tenant_id = app.tenant() and q.agreement_id = agreement and q.account_id = app.account()
    and q.token = has_asked.token and q.asked_at > app.now() - interval '1 hour')
$$;

-- Who stays below the limit of an hour and reaches that of a day is told of too.
create or replace function policies.known_excesses() returns table (agreement_id uuid, body int, account_id uuid, hour timestamptz, asked int)
  language sql stable security definer set search_path = '' as $$
  select q.agreement_id, q.tenant_id, case when q.tenant_id = app.tenant() then q.account_id end, q.hour, q.asked
  from policies.agreements_parties p join policies.known_questions q on q.agreement_id = p.agreement_id
  where p.tenant_id = app.tenant() and q.hour > app.now() - interval '7 days'
    and (q.asked > 60 or 300 < (select sum(d.asked) from policies.known_questions d
      where d.tenant_id = q.tenant_id and d.agreement_id = q.agreement_id and d.account_id = q.account_id and d.hour > q.hour - interval '1 day' and d.hour <= q.hour))
  order by q.hour desc limit 100
$$;
revoke all on function policies.has_asked(uuid, bytea) from public;

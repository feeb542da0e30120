-- +goose Up
-- Access in an emergency: a body opens a case that another one follows, for three hours and for one account, where an agreement
-- of both says that it may. It is a share that nobody accepted; the owner reviews it within five days.
create table sharing.emergencies (
  share_id uuid primary key,
  owner_tenant int not null,
  review_by timestamptz not null,
  verdict text not null default '' check (verdict in ('', 'justified', 'unjustified')),
  words text not null default '' check (length(words) <= 1000),
  reviewed_by uuid,
  reviewed_name text not null default '' check (length(reviewed_name) <= 120),
  reviewed_at timestamptz,
  foreign key (share_id, owner_tenant) references sharing.shares (id, owner_tenant),
  check ((verdict = '') = (reviewed_at is null))
);
create index on sharing.emergencies (owner_tenant, review_by) where verdict = '';
call app.between_table('sharing.emergencies', 'share_id in (select sharing.shares_of_tenant())');
revoke insert, update on sharing.emergencies from staffetta_app;

-- Opens the case: only one that the token finds and whose person has the very code that was typed, never a protected one, nor for
-- who configures. Nothing is opened that does not stand in the chains of both bodies: the event is one of this transaction.
-- +goose StatementBegin
create function sharing.break_glass(opening jsonb, code text, token bytea, event uuid, written timestamptz) returns uuid
  language plpgsql security definer set search_path = '' as $body$
declare
  s sharing.shares := jsonb_populate_record(null::sharing.shares, opening);
  file uuid;
begin
  if app.tenant() is null or app.account() is null or exists (select 1 from platform.memberships m
      where m.tenant_id = app.tenant() and m.account_id = app.account() and m.valid_from <= app.now()::date
        and (m.valid_to is null or m.valid_to >= app.now()::date)
        and m.role in ('tenant_admin', 'dpo', 'platform_operator', 'platform_reviewer')) then
    raise exception 'who configures opens no case' using errcode = 'insufficient_privilege';
  end if;
  s.receiver_tenant := app.tenant();
  s.writable := '{}';
  select least(app.now() + interval '3 hours', upper(a.valid)) into s.valid_to from policies.agreements a where a.id = s.agreement_id and a.break_glass;
  if s.valid_to is null then
    raise exception 'the agreement names no emergency' using errcode = 'check_violation', constraint = 'agreement';
  end if;
  perform sharing.check_agreed(s);
  select f.case_id into file from sharing.findable_cases(s.owner_tenant) f
    join policies.case_tokens t on t.tenant_id = s.owner_tenant and t.agreement_id = s.agreement_id and t.case_id = f.case_id
      and t.generation = policies.key_in_use(s.agreement_id) and t.token = break_glass.token
    join casefile.cases c on c.tenant_id = s.owner_tenant and c.id = f.case_id
    where f.tax_code = code order by c.opened_at desc, c.id limit 1;
  if file is null then
    raise exception 'no such case' using errcode = 'no_data_found';
  end if;
  insert into sharing.shares (id, kind, state, owner_tenant, receiver_tenant, receiver_account, agreement_id, purpose, purpose_label, legal_basis,
      sections, answer_by, valid_to, preview, offered_tenant, offered_by, offered_name, offered_at, decided_tenant, decided_by, decided_name,
      decided_at, moved_by, moved_at)
    values (s.id, 'break_glass', 'active', s.owner_tenant, app.tenant(), app.account(), s.agreement_id, s.purpose, s.purpose_label, 'vital_interest',
      s.sections, s.valid_to, s.valid_to, s.preview, app.tenant(), app.account(), s.offered_name, app.now(), app.tenant(), app.account(), s.offered_name,
      app.now(), app.account(), app.now());
  insert into sharing.shares_details (share_id, owner_tenant, case_id, reason) values (s.id, s.owner_tenant, file, opening ->> 'reason');
  insert into sharing.shares_parties values (s.id, s.owner_tenant, 'owner'), (s.id, app.tenant(), 'receiver');
  insert into sharing.emergencies (share_id, owner_tenant, review_by) values (s.id, s.owner_tenant, app.now() + interval '5 days');
  insert into policies.case_grants (tenant_id, id, share_id, agreement_id, case_id, section, grantee, grantee_account, valid)
    select s.owner_tenant, gen_random_uuid(), s.id, s.agreement_id, file, x.section, app.tenant(), app.account(), tstzrange(app.now(), s.valid_to)
    from unnest(s.sections) x (section);
  perform sharing.tell_other(s.id, event, written);
  return file;
end $body$;
-- +goose StatementEnd

-- The owner says whether it was right. What was not right ends, if it has not ended yet.
-- +goose StatementBegin
create function sharing.review_emergency(share uuid, verdict text, words text, actor text) returns void
  language plpgsql security definer set search_path = '' as $body$
declare
  s sharing.shares := sharing.lock_share(share);
begin
  if s.owner_tenant <> app.tenant() or app.account() is null then
    raise exception 'not the owner' using errcode = 'insufficient_privilege';
  end if;
  update sharing.emergencies e set verdict = review_emergency.verdict, words = review_emergency.words, reviewed_by = app.account(),
      reviewed_name = actor, reviewed_at = app.now()
    where e.share_id = share and e.verdict = '';
  if not found then
    raise exception 'nothing to review' using errcode = 'object_not_in_prerequisite_state';
  end if;
  if verdict = 'unjustified' and s.state = 'active' and s.valid_to > app.now() then
    update sharing.shares set state = 'revoked', version = version + 1, outcome = words,
        ended_tenant = app.tenant(), ended_by = app.account(), ended_name = actor, ended_at = app.now() where id = share;
    update policies.case_grants g set valid = tstzrange(lower(g.valid), greatest(lower(g.valid), app.now()))
      where g.tenant_id = s.owner_tenant and g.share_id = share and upper(g.valid) > app.now();
  else
    update sharing.shares set version = version + 1 where id = share;
  end if;
end $body$;
-- +goose StatementEnd
revoke all on function sharing.break_glass(jsonb, text, bytea, uuid, timestamptz), sharing.review_emergency(uuid, text, text, text) from public;
grant execute on function sharing.break_glass(jsonb, text, bytea, uuid, timestamptz), sharing.review_emergency(uuid, text, text, text) to staffetta_app;

-- +goose Up
-- What an emergency shows is the owner's to say: its sharing templates, as they are published now, and what it never shows. Nothing
-- counts that whoever opens the case says of purposes and sections.

-- The program's own purposes of emergencies, for a body without a template (as in template/purposes.json).
create function sharing.own_purposes() returns jsonb language sql immutable set search_path = '' as $$
  select '{"purposes": [{"key": "emergency", "label": {"it": "Emergenza", "en": "Emergency"}, "kinds": ["break_glass"],
    "sections": ["identity", "household", "contacts"]}], "never": ["diary", "judicial"]}'::jsonb
$$;

-- The purposes of a body's emergencies, each with the sections that it is not never to show. Templates are joined: the first of two
-- purposes with one key counts, and what one closes is closed.
-- +goose StatementBegin
create function sharing.emergency_purposes(body int) returns table (place bigint, key text, label jsonb, sections text[])
  language sql stable set search_path = '' as $body$
  with published as (
    select row_number() over (order by i.key collate "C") as place, v.content::jsonb as content
    from kit.items i join kit.item_versions v on v.tenant_id = i.tenant_id and v.id = i.version_id
    where i.tenant_id = body and i.kind = 'sharing-template' and i.state = 'published'),
  templates as (select * from published union all select 1, sharing.own_purposes() where not exists (select from published)),
  purposes as (
    select t.place * 1000 + p.place as place, p.content from templates t, jsonb_array_elements(t.content -> 'purposes') with ordinality p (content, place)),
  counted as (select distinct on (p.content ->> 'key') p.place, p.content from purposes p order by p.content ->> 'key', p.place),
  never as (select distinct n.section from templates t, jsonb_array_elements_text(coalesce(t.content -> 'never', '[]')) n (section))
  select c.place, c.content ->> 'key', c.content -> 'label',
    array(select x.section from jsonb_array_elements_text(c.content -> 'sections') with ordinality x (section, place)
      where x.section not in (select n.section from never n) order by x.place)
  from counted c where c.content -> 'kinds' ? 'break_glass'
$body$;
-- +goose StatementEnd

-- What the actor's body sees of cases of other bodies in an emergency, under live agreements that name emergencies: one purpose for
-- each agreement and body. It says nothing of any case.
-- +goose StatementBegin
create function sharing.emergency_ways(agreements uuid[], bodies int[]) returns table (body int, agreement uuid, purpose text, label jsonb, sections text[])
  language sql stable security definer set search_path = '' as $body$
  select k.body, k.agreement, w.key, w.label, w.sections
  from unnest(agreements, bodies) with ordinality k (agreement, body, place)
  join platform.tenants t on t.id = k.body and t.state = 'active'
  join policies.agreements a on a.id = k.agreement and a.state = 'active' and a.valid @> app.now() and a.only_share is null and a.break_glass
  join policies.agreements_edges e on e.agreement_id = a.id and e.from_tenant = k.body and e.to_tenant = app.tenant()
  cross join lateral (
    select p.key, p.label, array(select x.section from unnest(p.sections) with ordinality x (section, place) where x.section = any (a.sections) order by x.place) as sections
    from sharing.emergency_purposes(k.body) p where p.key = any (a.purposes) and p.sections && a.sections order by p.place limit 1) w
  order by k.place
$body$;
-- +goose StatementEnd

-- As before, with what the owner shows.
-- +goose StatementBegin
create or replace function sharing.break_glass(opening jsonb, code text, token bytea, event uuid, written timestamptz) returns uuid
  language plpgsql security definer set search_path = '' as $body$
declare
  s sharing.shares := jsonb_populate_record(null::sharing.shares, opening);
  file uuid;
  way record;
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
  select w.* into way from sharing.emergency_ways(array[s.agreement_id], array[s.owner_tenant]) w;
  if not found then
    raise exception 'the owner shows nothing in an emergency' using errcode = 'check_violation', constraint = 'sections';
  end if;
  s.purpose := way.purpose;
  s.purpose_label := way.label ->> 'it';
  s.sections := way.sections;
  s.preview := jsonb_build_object('kind', 'break_glass', 'purpose', s.purpose_label, 'age_band', 'unknown', 'sections', s.sections);
  perform sharing.check_agreed(s);
  if not policies.has_asked(s.agreement_id, token) then
    raise exception 'nobody asked' using errcode = 'no_data_found';
  end if;
  select f.case_id into file from sharing.findable_cases(s.owner_tenant) f
    join policies.case_tokens t on t.tenant_id = s.owner_tenant and t.agreement_id = s.agreement_id and t.case_id = f.case_id
      and t.generation = policies.key_in_use(s.agreement_id) and t.token = break_glass.token
    join casefile.cases c on c.tenant_id = s.owner_tenant and c.id = f.case_id
    where f.tax_code = code order by c.opened_at desc, c.id limit 1;
  if file is null then
    raise exception 'no such case' using errcode = 'no_data_found';
  end if;
  if sharing.was_ended(s.owner_tenant, file) then
    raise exception 'the owner ended it' using errcode = 'check_violation', constraint = 'ended';
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
revoke all on function sharing.own_purposes(), sharing.emergency_purposes(int), sharing.emergency_ways(uuid[], int[]) from public;
grant execute on function sharing.emergency_ways(uuid[], int[]) to staffetta_app;

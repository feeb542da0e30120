-- +goose Up
-- Whom a handover is about, and what it brings, the other body reads while the agreement carries it: one that is suspended or has
-- ended shows nobody. One that serves this handover alone may still lack the other body's signature.
create function sharing.carries_offer(s sharing.shares) returns boolean language sql stable set search_path = '' as $$
  select s.state = 'offered' and s.answer_by > app.now() and exists (select 1 from policies.agreements a
    where a.id = s.agreement_id and a.valid @> app.now() and coalesce(a.only_share, s.id) = s.id
      and (a.state = 'active' or a.state = 'proposed' and a.only_share is not null))
$$;
create or replace function sharing.handovers_of_tenant() returns setof uuid
  language sql stable security definer set search_path = '' rows 20 as $$
  select h.share_id from sharing.shares_handovers h
  join sharing.shares s on s.id = h.share_id
  join sharing.shares_parties p on p.share_id = h.share_id and p.tenant_id = app.tenant()
  where p.side = 'owner' or s.state = 'closed' or sharing.carries_offer(s)
$$;

-- +goose StatementBegin
create or replace function sharing.preview_handover(share uuid) returns jsonb language plpgsql stable security definer set search_path = '' as $body$
declare
  s sharing.shares;
  file uuid;
begin
  select x.* into s from sharing.shares x
    where x.id = share and x.kind = 'handover' and x.state = 'offered' and x.answer_by > app.now()
      and (app.tenant() = x.owner_tenant or app.tenant() = x.receiver_tenant and sharing.carries_offer(x));
  if not found then
    raise exception 'no such handover' using errcode = 'no_data_found';
  end if;
  select d.case_id into strict file from sharing.shares_details d where d.share_id = share;
  return jsonb_build_object(
    'sections', (select coalesce(jsonb_object_agg(x.section, x.n), '{}') from (
      select c.section, sum(c.n) as n from policies.count_case(s.owner_tenant, file, '{}') c group by 1) x),
    'obligations', (select coalesce(jsonb_agg(jsonb_build_object('key', o.key, 'id', o.id, 'due', o.due, 'moves', o.moves)), '[]')
      from policies.obligations_of_case(s.owner_tenant, file) o),
    'shares', (select coalesce(jsonb_agg(jsonb_build_object('receiver', o.receiver_tenant, 'kind', o.kind, 'until', o.valid_to, 'sections', o.sections,
        'anew', (sharing.agreement_for(o, s.receiver_tenant)).id is not null)), '[]')
      from sharing.standing_shares(s.owner_tenant, file, share) o));
end $body$;
-- +goose StatementEnd

-- +goose StatementBegin
create or replace function sharing.preview_relocation(share uuid) returns jsonb language plpgsql stable security definer set search_path = '' as $body$
declare
  s sharing.shares;
  r sharing.relocations;
  now jsonb;
begin
  select x.* into s from sharing.shares x where x.id = share and app.tenant() in (x.owner_tenant, x.receiver_tenant)
    and (app.tenant() = x.owner_tenant or x.state = 'closed' or sharing.carries_offer(x));
  select x.* into r from sharing.relocations x where x.tenant_id = s.owner_tenant and x.share_id = s.id;
  if r.share_id is null then
    raise exception 'no such change of residence' using errcode = 'no_data_found';
  end if;
  now := r.manifest;
  if s.state = 'offered' then
    now := (select sharing.manifest(s.owner_tenant, d.case_id, r.going) from sharing.shares_details d where d.share_id = share);
  end if;
  return jsonb_build_object('digest', r.digest, 'current', now ->> 'digest', 'changed', sharing.relocation_changed(r, now),
    'persons_go', r.manifest -> 'persons_go', 'persons_stay', r.manifest -> 'persons_stay', 'obligations', r.manifest -> 'obligations',
    'shares', jsonb_array_length(r.manifest -> 'shares'), 'new_shares', jsonb_array_length(now -> 'shares') - (select count(*) from jsonb_array_elements(now -> 'shares') x where r.manifest -> 'shares' @> x),
    'signed_name', r.signed_name, 'signed_at', r.signed_at, 'confirmed_name', case when r.confirmed = r.digest then r.confirmed_name else '' end,
    'confirmed_at', case when r.confirmed = r.digest then r.confirmed_at end,
    'rows', (select coalesce(jsonb_agg(jsonb_build_object('table', coalesce(o."table", n."table"), 'section', coalesce(o.section, n.section),
        'goes', coalesce(o.goes, 0), 'stays', coalesce(o.stays, 0), 'now', coalesce(n.goes, 0), 'changed', o.sum is distinct from n.sum)), '[]')
      from jsonb_to_recordset(r.manifest -> 'rows') as o ("table" text, section text, goes int, stays int, sum text)
      full join jsonb_to_recordset(now -> 'rows') as n ("table" text, section text, goes int, stays int, sum text)
        on n."table" = o."table" and n.section = o.section));
end $body$;
-- +goose StatementEnd
revoke all on function sharing.carries_offer(sharing.shares) from public;

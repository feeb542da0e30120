-- +goose Up
-- What became of each item that a body took from a kit: what a run decided, unless the body has taken the item out of use since.
create view practice.became with (security_invoker = true) as
  select d.tenant_id, d.adoption_id, d.kind, d.key, d.item_id, d.kit_id,
    case when gone.gone then 'dropped' else d.decision end as decision,
    case when gone.gone then i.reason else d.reason end as reason,
    case when gone.gone then greatest(d.updated_at, i.updated_at) else d.updated_at end as updated_at
  from practice.adoption_items d
    join kit.items i on i.tenant_id = d.tenant_id and i.id = d.item_id
    cross join lateral (select d.decision in ('adopted', 'adapted') and i.state = 'retired' as gone) gone;
grant select on practice.became to staffetta_app;

create or replace function practice.adoption_standing(adoption uuid)
  returns table (items int, adopted int, adapted int, dropped int, unexplained int, dropped_keys text[])
  language sql stable security definer set search_path = '' as $body$
  select count(*)::int,
    (count(*) filter (where i.decision = 'adopted'))::int,
    (count(*) filter (where i.decision = 'adapted'))::int,
    (count(*) filter (where i.decision = 'dropped'))::int,
    (count(*) filter (where i.decision in ('adapted', 'dropped') and i.reason = ''))::int,
    coalesce(array_agg(k.key order by k.key) filter (where i.decision = 'dropped' and k.kind in ('training', 'indicator')), '{}')
  from practice.adoptions a
  join practice.adoptions_parties r on r.adoption_id = a.id and r.side = 'reusing'
  join commons.kit_items k on k.kit_id = a.kit_id
  left join practice.became i on i.tenant_id = r.tenant_id and i.adoption_id = a.id and i.kind = k.kind and i.key = k.key
  where a.id = adoption and a.id in (select practice.adoptions_of_tenant())
$body$;

create or replace function practice.taken(practice uuid) returns table (release text, bodies int, adapted int)
  language sql stable security definer set search_path = '' as $$
  select a.release, count(distinct p.tenant_id)::int, (count(*) filter (where i.decision = 'adapted'))::int
  from practice.adoptions a join practice.adoptions_parties p on p.adoption_id = a.id and p.side = 'reusing'
    left join practice.became i on i.tenant_id = p.tenant_id and i.adoption_id = a.id
  where a.practice_id = $1 and a.state <> 'ended' group by a.release
$$;

-- What the adopters of a practice of the actor's body made of each of its items: counts, and none below three, so that nobody is
-- known by them. An item that was changed after it was taken is an adapted one.
create or replace function practice.item_uptake(practice uuid) returns table (kind text, key text, adopted int, adapted int, dropped int)
  language sql stable security definer set search_path = '' as $$
  with decided as (
    select i.kind, i.key, case when i.decision = 'dropped' then 'dropped'
        when i.decision = 'adapted' or v.content <> b.content then 'adapted' else 'adopted' end as became
    from practice.adoptions a
      join practice.adoptions_parties r on r.adoption_id = a.id and r.side = 'reusing'
      join practice.became i on i.tenant_id = r.tenant_id and i.adoption_id = a.id and i.decision <> 'left'
      join commons.kit_items b on b.kit_id = i.kit_id and b.kind = i.kind and b.key = i.key
      join kit.items n on n.tenant_id = i.tenant_id and n.id = i.item_id
      left join kit.item_versions v on v.tenant_id = n.tenant_id and v.id = n.version_id
    where a.practice_id = $1 and a.state <> 'ended' and exists (select from commons.practices p where p.id = $1 and p.tenant_id = app.tenant()))
  select d.kind, d.key, c.adopted, c.adapted, c.dropped from (select distinct kind, key from decided) d
    cross join lateral (select nullif(greatest(count(*) filter (where o.became = 'adopted'), 2), 2)::int as adopted,
        nullif(greatest(count(*) filter (where o.became = 'adapted'), 2), 2)::int as adapted,
        nullif(greatest(count(*) filter (where o.became = 'dropped'), 2), 2)::int as dropped
      from decided o where o.kind = d.kind and o.key = d.key) c
  order by d.kind, d.key
$$;

-- +goose Up
-- How far a campaign of the actor's body is, as counts. A body that has the kit by now has applied it, whoever did; one that has
-- applied it and gone back is told apart.
create or replace function practice.campaign_counts(campaign uuid) returns table (state text, reason text, bodies int)
  language sql stable security definer set search_path = '' as $body$
  select x.state, x.reason, count(*)::int from (
    select case when h.number >= k.number then 'applied' when e.state = 'applied' then 'returned' else e.state end as state,
      case when h.number < k.number and e.state in ('prepared', 'failed') then e.reason else '' end as reason
    from practice.campaign_entries e join commons.kits k on k.id = e.kit_id
    join practice.adoptions a on a.id = e.adoption_id join commons.kits h on h.id = a.kit_id
    where e.leader = app.tenant() and e.campaign_id = campaign) x
  group by x.state, x.reason order by x.state, x.reason
$body$;

-- +goose Up
-- The rules of the body's role of an item, as its published content lists them; no rules, and no role, once it is not published.
-- Then held, and nothing changes, while somebody holds it.
-- Only what the item itself says is written: nobody hands rules over. What changed stands in the history of the body's rules,
-- with the reason and with who gained and who lost, as somebody has read it; it is returned, with how many roles of its own the body has now.
drop function sharing.follow_role(text);
-- +goose StatementBegin
create function sharing.follow_role(of_item text, change uuid, why text, actor text, gained_and_lost jsonb,
  out held boolean, out changed jsonb, out at_version int, out roles int)
  language plpgsql security definer set search_path = '' as $body$
declare
  me int := app.tenant();
  mine text := 'item:' || of_item;
  i record;
begin
  if app.account() is null then
    raise exception 'nobody changes the rules' using errcode = 'insufficient_privilege';
  end if;
  held := false; changed := '[]';
  perform 1 from platform.tenants t where t.id = me for no key update; -- one change of a body's rules at a time
  select v.title_it, v.title_en, v.number, x.origin_practice, x.origin_version, v.content::jsonb as content into i
    from kit.items x join kit.item_versions v on v.tenant_id = x.tenant_id and v.id = x.version_id
    where x.tenant_id = me and x.kind = 'role' and x.key = of_item and x.state = 'published';
  at_version := i.number;
  if i.number is null and exists (select 1 from platform.held_roles() h where h.role = mine) then
    held := true;
    return;
  end if;
  with gone as (
    delete from platform.policy_rules r where r.tenant_id = me and r.role = mine
      and not exists (select 1 from sharing.rules_of_role(i.content) w where (w.relation, w.object, w.action) = (r.relation, r.object, r.action))
    returning r.relation, r.object, r.action),
  come as (
    insert into platform.policy_rules (tenant_id, role, relation, object, action, effect)
      select me, mine, w.relation, w.object, w.action, 'allow' from sharing.rules_of_role(i.content) w on conflict do nothing
    returning relation, object, action),
  lines as (select g.relation, g.object, g.action, 'allow' as before, '' as after from gone g
    union all select c.relation, c.object, c.action, '', 'allow' from come c)
  select coalesce(jsonb_agg(jsonb_build_object('role', mine, 'relation', l.relation, 'object', l.object, 'action', l.action, 'before', l.before, 'after', l.after)
    order by l.relation, l.object, l.action), '[]') into changed from lines l;
  if i.number is null then
    update platform.body_roles r set ended_at = app.now() where r.tenant_id = me and r.id = mine and r.ended_at is null;
  else
    insert into platform.body_roles (tenant_id, id, title_it, title_en, practice, release)
      values (me, mine, i.title_it, i.title_en, i.origin_practice, i.origin_version)
      on conflict (tenant_id, id) do update set title_it = excluded.title_it, title_en = excluded.title_en, practice = excluded.practice,
        release = excluded.release, ended_at = null, since = case when body_roles.ended_at is null then body_roles.since else app.now() end;
  end if;
  select count(*) into roles from platform.body_roles r where r.tenant_id = me and r.ended_at is null;
  if changed <> '[]' then
    insert into policies.rule_changes (tenant_id, id, state, number, lines, reason, sights, account_id, account_name, applied_by, applied_name, applied_at, item, item_version)
      select me, change, 'applied', coalesce(max(x.number), 0) + 1, changed, left(why, 500), gained_and_lost, app.account(), actor, app.account(), actor, app.now(), of_item, i.number
      from policies.rule_changes x where x.tenant_id = me;
  end if;
end $body$;
-- +goose StatementEnd

-- Takes the role of an item back from all who hold it, from today on; returns from whom, and which days. Who decides has read it.
drop function sharing.release_role(text);
-- +goose StatementBegin
create function sharing.release_role(item text) returns table (account_id uuid, first_day date, last_day date)
  language plpgsql security definer set search_path = '' as $body$
begin
  if app.account() is null then
    raise exception 'nobody takes back' using errcode = 'insufficient_privilege';
  end if;
  perform 1 from platform.tenants t where t.id = app.tenant() for no key update;
  return query
    with held as (select h.id, h.valid_to from platform.held_roles() h where h.role = 'item:' || item),
    ended as (
      update platform.memberships m set valid_to = greatest(m.valid_from, app.now()::date) - 1 from held
      where m.tenant_id = app.tenant() and m.id = held.id returning m.account_id, m.valid_from, held.valid_to as until)
    select e.account_id, e.valid_from, e.until from ended e order by e.account_id, e.valid_from;
end $body$;
-- +goose StatementEnd
revoke all on function sharing.follow_role(text, uuid, text, text, jsonb), sharing.release_role(text) from public;
grant execute on function sharing.follow_role(text, uuid, text, text, jsonb), sharing.release_role(text) to staffetta_app;

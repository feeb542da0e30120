-- +goose Up
-- What the content of a role item lists, as rules.
create function sharing.rules_of_role(content jsonb) returns table (relation text, object text, action text)
  language sql immutable set search_path = '' as $$
  select b.relation, e.section, a.action from (values ('assigned'), ('team'), ('body')) b (relation)
    cross join (values ('reads', 'read'), ('writes', 'write')) a (member, action)
    cross join lateral jsonb_array_elements_text(coalesce(content -> b.relation -> a.member, '[]')) e (section)
  union
  select b.relation, 'case', e.action from (values ('assigned'), ('team'), ('body')) b (relation)
    cross join lateral jsonb_array_elements_text(coalesce(content -> b.relation -> 'may', '[]')) e (action)
  union
  select 'body', split_part(e.name, ':', 1), split_part(e.name, ':', 2)
    from jsonb_each(coalesce(content -> 'permissions', '{}')) g cross join lateral jsonb_array_elements_text(g.value) e (name)
$$;

-- Whether the role of an item has the rules and the title of its published content; or neither is there.
create function sharing.role_follows(item text) returns boolean language sql stable security definer set search_path = '' as $$
  with published as (
    select v.title_it, v.title_en, v.content::jsonb as content
    from kit.items x join kit.item_versions v on v.tenant_id = x.tenant_id and v.id = x.version_id
    where x.tenant_id = app.tenant() and x.kind = 'role' and x.key = item and x.state = 'published')
  select (select (p.title_it, p.title_en)::text from published p) is not distinct from (select (r.title_it, r.title_en)::text
      from platform.body_roles r where r.tenant_id = app.tenant() and r.id = 'item:' || item and r.ended_at is null)
    and (select array_agg(w::text order by w::text) from published p cross join lateral sharing.rules_of_role(p.content) w) is not distinct from
      (select array_agg(r.about order by r.about) from (select (r.relation, r.object, r.action)::text as about
        from platform.policy_rules r where r.tenant_id = app.tenant() and r.role = 'item:' || item) r)
$$;

-- The rules of the body's role of an item, as its published content lists them; no rules, and no role, once it is not published;
-- then null, and nothing changes, while somebody holds it. Only what the item itself says is written: nobody hands rules over.
-- +goose StatementBegin
create function sharing.follow_role(item text) returns int language plpgsql security definer set search_path = '' as $body$
declare
  me int := app.tenant();
  mine text := 'item:' || item;
  i record;
begin
  if app.account() is null then
    raise exception 'nobody changes the rules' using errcode = 'insufficient_privilege';
  end if;
  perform 1 from platform.tenants t where t.id = me for no key update; -- one change of a body's rules at a time
  select v.title_it, v.title_en, x.origin_practice, x.origin_version, v.content::jsonb as content into i
    from kit.items x join kit.item_versions v on v.tenant_id = x.tenant_id and v.id = x.version_id
    where x.tenant_id = me and x.kind = 'role' and x.key = item and x.state = 'published';
  if not found then
    if exists (select 1 from platform.held_roles() h where h.role = mine) then
      return null;
    end if;
    delete from platform.policy_rules r where r.tenant_id = me and r.role = mine;
    update platform.body_roles r set ended_at = app.now() where r.tenant_id = me and r.id = mine and r.ended_at is null;
    return 0;
  end if;
  delete from platform.policy_rules r where r.tenant_id = me and r.role = mine
    and not exists (select 1 from sharing.rules_of_role(i.content) w where (w.relation, w.object, w.action) = (r.relation, r.object, r.action));
  insert into platform.policy_rules (tenant_id, role, relation, object, action, effect)
    select me, mine, w.relation, w.object, w.action, 'allow' from sharing.rules_of_role(i.content) w on conflict do nothing;
  insert into platform.body_roles (tenant_id, id, title_it, title_en, practice, release)
    values (me, mine, i.title_it, i.title_en, i.origin_practice, i.origin_version)
    on conflict (tenant_id, id) do update set title_it = excluded.title_it, title_en = excluded.title_en, practice = excluded.practice,
      release = excluded.release, ended_at = null, since = case when body_roles.ended_at is null then body_roles.since else app.now() end;
  return (select count(*) from sharing.rules_of_role(i.content));
end $body$;
-- +goose StatementEnd

-- Takes the role of an item back from all who hold it, from today on; returns how many people they are. Who decides has read it.
-- +goose StatementBegin
create function sharing.release_role(item text) returns int language plpgsql security definer set search_path = '' as $body$
declare
  people int;
begin
  if app.account() is null then
    raise exception 'nobody takes back' using errcode = 'insufficient_privilege';
  end if;
  perform 1 from platform.tenants t where t.id = app.tenant() for no key update;
  with ended as (
    update platform.memberships m set valid_to = greatest(m.valid_from, app.now()::date) - 1
    where m.tenant_id = app.tenant() and m.role = 'item:' || item and (m.valid_to is null or m.valid_to >= greatest(m.valid_from, app.now()::date))
    returning m.account_id)
  select count(distinct e.account_id) into people from ended e;
  return people;
end $body$;
-- +goose StatementEnd
revoke all on function sharing.rules_of_role(jsonb), sharing.role_follows(text), sharing.follow_role(text), sharing.release_role(text) from public;
grant execute on function sharing.role_follows(text), sharing.follow_role(text), sharing.release_role(text) to staffetta_app;

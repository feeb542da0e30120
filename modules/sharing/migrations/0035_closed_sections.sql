-- +goose Up
-- What a body's sharing templates close to everybody stays closed whoever calls: a share is not offered, and not widened, with such a
-- section. What shares show already stands, as templates say.

-- The sharing templates that a body uses, in their order; the program's own where it uses none.
create function sharing.templates_of(body int) returns table (place bigint, content jsonb)
  language sql stable set search_path = '' as $body$
  with published as (
    select row_number() over (order by i.key collate "C") as place, v.content::jsonb as content
    from kit.items i join kit.item_versions v on v.tenant_id = i.tenant_id and v.id = i.version_id
    where i.tenant_id = body and i.kind = 'sharing-template' and i.state = 'published')
  select * from published union all select 1, sharing.own_purposes() where not exists (select from published)
$body$;

-- The sections that they close, by their joint word.
create function sharing.closed_sections(body int) returns text[]
  language sql stable set search_path = '' as $body$
  select coalesce(array_agg(distinct n.section), '{}') from sharing.templates_of(body) t, jsonb_array_elements_text(coalesce(t.content -> 'never', '[]')) n (section)
$body$;

-- As before, with the same templates.
-- +goose StatementBegin
create or replace function sharing.emergency_purposes(body int) returns table (place bigint, key text, label jsonb, sections text[])
  language sql stable set search_path = '' as $body$
  with purposes as (
    select t.place * 1000 + p.place as place, p.content from sharing.templates_of(body) t, jsonb_array_elements(t.content -> 'purposes') with ordinality p (content, place)),
  counted as (select distinct on (p.content ->> 'key') p.place, p.content from purposes p order by p.content ->> 'key', p.place)
  select c.place, c.content ->> 'key', c.content -> 'label',
    array(select x.section from jsonb_array_elements_text(c.content -> 'sections') with ordinality x (section, place)
      where x.section <> all (sharing.closed_sections(body)) order by x.place)
  from counted c where c.content -> 'kinds' ? 'break_glass'
$body$;
-- +goose StatementEnd

-- What is offered, and what an amendment adds: handovers show nothing by sections, and emergencies have their own way.
-- +goose StatementBegin
create function sharing.keep_closed() returns trigger language plpgsql set search_path = '' as $body$
begin
  if array(select unnest(new.sections) except select unnest(case when tg_op = 'UPDATE' then old.sections end)) && sharing.closed_sections(new.owner_tenant) then
    raise exception 'a section is never shown' using errcode = 'check_violation', constraint = 'sections';
  end if;
  return new;
end $body$;
-- +goose StatementEnd
create trigger keep_closed before insert on sharing.shares for each row
  when (new.state = 'offered' and new.kind in ('consultation', 'service_request', 'joint_care')) execute function sharing.keep_closed();
create trigger keep_closed_amended before update of sections on sharing.shares for each row
  when (new.kind in ('consultation', 'service_request', 'joint_care')) execute function sharing.keep_closed();
revoke all on function sharing.templates_of(int), sharing.closed_sections(int), sharing.keep_closed() from public;

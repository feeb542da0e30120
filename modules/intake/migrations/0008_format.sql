-- +goose Up
-- An open form goes on in another version of its questions; what was answered before is kept whole beside what it became.
alter table intake.forms add column earlier text not null default '[]' check (jsonb_typeof(earlier::jsonb) = 'array');
grant update (item_version_id, title_it, title_en, earlier) on intake.forms to staffetta_app;
-- +goose StatementBegin
create function intake.keep_questions() returns trigger language plpgsql set search_path = '' as $$
begin
  if jsonb_array_length(new.earlier::jsonb) <> jsonb_array_length(old.earlier::jsonb) + 1 or not exists (
    select from kit.item_versions o join kit.item_versions n on n.tenant_id = o.tenant_id and n.item_id = o.item_id
    where o.tenant_id = old.tenant_id and o.id = old.item_version_id and n.id = new.item_version_id and n.id <> o.id)
  then
    raise exception 'a form goes on in another version of its own questions alone, and keeps what was answered' using errcode = 'check_violation';
  end if;
  return new;
end $$;
-- +goose StatementEnd
create trigger keep_questions before update on intake.forms
  for each row when (new.item_version_id <> old.item_version_id or new.earlier <> old.earlier) execute function intake.keep_questions();

-- What open forms hold, as counts, for who looks after the forms and reads no contact: how many pin which version, how many
-- answered which question and, of questions with answers to choose from, what. No text that somebody wrote is among it.
create function intake.stored_answers(form text) returns table (version uuid, open boolean, question text, value text, records int)
  language sql stable security definer set search_path = '' as $$
  with mine as materialized (
    select f.item_version_id as version, f.state = 'draft' as open, case when f.state = 'draft' then f.answers::jsonb end as answers
    from kit.items i
      join kit.item_versions v on v.tenant_id = i.tenant_id and v.item_id = i.id
      join intake.forms f on f.tenant_id = v.tenant_id and f.item_version_id = v.id
    where i.tenant_id = app.tenant() and i.kind = 'form' and i.key = stored_answers.form),
  chosen as (
    select v.id as version, q ->> 'key' as question
    from kit.item_versions v, jsonb_array_elements(v.content::jsonb -> 'sections') p, jsonb_array_elements(p -> 'items') q
    where v.tenant_id = app.tenant() and v.id in (select m.version from mine m where m.open) and q ->> 'type' in ('choice', 'choices', 'boolean'))
  select m.version, m.open, '', '', count(*)::int from mine m group by m.version, m.open
  union all
  select m.version, true, a.key, coalesce(one.value, ''), count(*)::int
  from mine m
    cross join lateral jsonb_each(m.answers) a
    left join chosen c on c.version = m.version and c.question = a.key
    left join lateral jsonb_array_elements_text(case
      when c.question is null then '[]' when jsonb_typeof(a.value) = 'array' then a.value else jsonb_build_array(a.value) end) one (value) on true
  where m.open group by m.version, a.key, one.value
$$;
revoke all on function intake.stored_answers(text) from public;
grant execute on function intake.stored_answers(text) to staffetta_app;

-- +goose Up
-- A draft goes on in another version of its instrument; what was answered before is kept whole beside what it became.
alter table assessment.assessments add column earlier text not null default '[]' check (jsonb_typeof(earlier::jsonb) = 'array');
grant update (item_version_id, title_it, title_en, score_min, score_max, earlier) on assessment.assessments to staffetta_app, staffetta_guest;
-- +goose StatementBegin
create function assessment.keep_questions() returns trigger language plpgsql set search_path = '' as $$
begin
  if new.state <> 'draft' or jsonb_array_length(new.earlier::jsonb) <> jsonb_array_length(old.earlier::jsonb) + 1 or not exists (
    select from kit.item_versions o join kit.item_versions n on n.tenant_id = o.tenant_id and n.item_id = o.item_id
    where o.tenant_id = old.tenant_id and o.id = old.item_version_id and n.id = new.item_version_id and n.id <> o.id)
  then
    raise exception 'a draft goes on in another version of its own instrument alone, and keeps what was answered' using errcode = 'check_violation';
  end if;
  return new;
end $$;
-- +goose StatementEnd
create trigger keep_questions before update on assessment.assessments for each row when (
  (new.item_version_id, new.earlier, new.title_it, new.title_en, new.score_min, new.score_max)
    is distinct from (old.item_version_id, old.earlier, old.title_it, old.title_en, old.score_min, old.score_max))
  execute function assessment.keep_questions();

-- What drafts hold, as counts, for who looks after the instruments and reads no case: how many pin which version, how many
-- answered which question and, of questions with answers to choose from, what. No text that somebody wrote is among it.
create function assessment.stored_answers(instrument text) returns table (version uuid, open boolean, question text, value text, records int)
  language sql stable security definer set search_path = '' as $$
  with mine as materialized (
    select a.item_version_id as version, a.state = 'draft' as open, case when a.state = 'draft' then a.answers end as answers
    from kit.items i
      join kit.item_versions v on v.tenant_id = i.tenant_id and v.item_id = i.id
      join assessment.assessments a on a.tenant_id = v.tenant_id and a.item_version_id = v.id
    where i.tenant_id = app.tenant() and i.kind = 'assessment' and i.key = stored_answers.instrument),
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
revoke all on function assessment.stored_answers(text) from public;
grant execute on function assessment.stored_answers(text) to staffetta_app;

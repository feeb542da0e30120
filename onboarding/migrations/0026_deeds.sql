-- +goose Up
-- Acts that nothing names any more are dropped: which of these are so, by all entries and by how the platform shows itself; nobody else
-- keeps or drops any of them until the end of the transaction.
-- +goose StatementBegin
create function onboarding.hold_deeds(sums text[]) returns text[] language plpgsql security definer set search_path = '' as $body$
declare
  one text;
begin
  for one in select distinct u.s from unnest(sums) u (s) order by u.s loop -- in one order, so that two wait for each other in the same
    perform pg_advisory_xact_lock(hashtextextended('onboarding.deed ' || one, app.tenant()));
  end loop;
  return array(select distinct u.s from unnest(sums) u (s)
    where not exists (select from onboarding.entries e where e.tenant_id = app.tenant() and e.deed_sha256 = u.s)
      and not exists (select from platform.profiles p where p.tenant_id = app.tenant() and p.crest = u.s));
end $body$;

-- An entry that closes says which act it named.
drop function onboarding.close_abandoned();
create function onboarding.close_abandoned() returns table (entry uuid, deed text)
  language plpgsql security definer set search_path = '' as $body$
declare
  over uuid[];
  deeds text[];
begin
  select array_agg(w.id), array_agg(coalesce(w.deed_sha256, '')) into over, deeds from (
    select e.id, e.deed_sha256 from onboarding.entries e
    where e.tenant_id = app.tenant() and e.state = 'open' and e.review <> 'asked' and e.updated_at <= app.now() - interval '30 days'
    order by e.id for update) w;
  update onboarding.entries e set state = 'closed', contact_name = '', contact_position = '', contact_email = '', contact_phone = '',
      act_number = '', act_date = null, pec = '', contact_version = 0, name = '', tax_code = '', deed_sha256 = null, deed_name = '', deed_type = '',
      ipa = case when e.kind = 'municipality' then e.ipa else '' end
    where e.tenant_id = app.tenant() and e.id = any (over);
  update onboarding.entry_people p set name = '', removed_at = case when p.starter then null else coalesce(p.removed_at, app.now()) end
    where p.tenant_id = app.tenant() and p.entry_id = any (over);
  return query select * from unnest(over, deeds);
end $body$;
-- +goose StatementEnd
revoke all on function onboarding.hold_deeds(text[]), onboarding.close_abandoned() from public;
grant execute on function onboarding.hold_deeds(text[]), onboarding.close_abandoned() to staffetta_app;

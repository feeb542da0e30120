-- +goose Up
-- Who has to confirm the powers of who entered with the own body: the actor, if they work at its entry and did not begin it.
create function onboarding.powers_asked() returns table (entry uuid, since timestamptz)
  language sql stable security definer set search_path = '' as $body$
  select e.id, p.created_at from onboarding.entries e
    join onboarding.entry_people p on p.tenant_id = e.tenant_id and p.entry_id = e.id and p.account_id = app.account() and not p.starter and p.removed_at is null
    where e.body_id = app.tenant() and e.confirmed_at is null
$body$;

-- Notes that somebody of a body is asked to confirm.
-- +goose StatementBegin
create function onboarding.signal_powers() returns trigger language plpgsql security definer set search_path = '' as $body$
begin
  insert into platform.mail_signals (tenant_id, topic)
    select distinct e.body_id, tg_table_schema || '.' || tg_table_name from changed n
      join onboarding.entries e on e.tenant_id = n.tenant_id and e.id = n.entry_id
      where e.body_id is not null and e.confirmed_at is null and not n.starter and n.removed_at is null;
  return null;
end $body$;
-- +goose StatementEnd
revoke all on function onboarding.powers_asked(), onboarding.signal_powers() from public;
grant execute on function onboarding.powers_asked() to staffetta_app;
create trigger signal_mail_insert after insert on onboarding.entry_people referencing new table as changed
  for each statement execute function onboarding.signal_powers();
create trigger signal_mail_update after update on onboarding.entry_people referencing new table as changed
  for each statement execute function onboarding.signal_powers();

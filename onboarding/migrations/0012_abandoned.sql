-- +goose Up
-- An entry that nobody goes on with is reminded of twice, and closed; then what was typed into it is forgotten.
alter table onboarding.entries
  add column reminders int not null default 0 check (reminders between 0 and 2),
  add column reminded_at timestamptz,
  drop constraint entries_state_check,
  add constraint entries_state_check check (state in ('open', 'activating', 'live', 'closed'));
create index on onboarding.entries (tenant_id, updated_at) where state = 'open';
grant update (reminders, reminded_at) on onboarding.entries to staffetta_app;

-- Closes the entries that nobody has changed for thirty days and that wait for nobody of the platform, and forgets what was typed
-- and who else worked at them. It knows the term itself, so who calls it closes no others.
-- +goose StatementBegin
create function onboarding.close_abandoned() returns setof uuid
  language plpgsql security definer set search_path = '' as $body$
declare
  closed uuid[];
begin
  with done as (
    update onboarding.entries e set state = 'closed', contact_name = '', contact_position = '', contact_email = '', contact_phone = '',
        act_number = '', act_date = null, pec = '', contact_version = 0
      where e.tenant_id = app.tenant() and e.state = 'open' and e.review <> 'asked' and e.updated_at <= app.now() - interval '30 days'
      returning e.id)
    select array_agg(d.id) into closed from done d;
  update onboarding.entry_people p set name = '', removed_at = case when p.starter then null else coalesce(p.removed_at, app.now()) end
    where p.tenant_id = app.tenant() and p.entry_id = any (closed);
  return query select unnest(closed);
end $body$;
-- +goose StatementEnd
revoke all on function onboarding.close_abandoned() from public;
grant execute on function onboarding.close_abandoned() to staffetta_app;

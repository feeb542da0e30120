-- +goose Up
-- Where the contact of the own body's entry is reached, for the body to propose it to citizens.
create function onboarding.entry_contact() returns table (phone text, email text)
  language sql stable security definer set search_path = '' as $body$
  select e.contact_phone, e.contact_email from onboarding.entries e where e.body_id = app.tenant()
$body$;
revoke all on function onboarding.entry_contact() from public;
grant execute on function onboarding.entry_contact() to staffetta_app;

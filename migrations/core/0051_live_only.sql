-- +goose Up
-- A body on trial gives nothing to other bodies: its people are invented, and it may never go live. What the trigger stands on
-- is refused to it, whoever writes; without a body (migrations, an archive that is read in) nothing is.
-- +goose StatementBegin
create function platform.live_only() returns trigger
  language plpgsql security definer set search_path = '' as $body$
begin
  if exists (select from platform.tenants t where t.id = app.tenant() and t.state = 'entering') then
    raise exception 'the body is on trial' using errcode = 'SF423';
  end if;
  return new;
end $body$;
-- +goose StatementEnd
revoke all on function platform.live_only() from public;
create trigger live_only before insert on policies.agreements for each row execute function platform.live_only();
create trigger live_only before update of accepted_at on policies.agreements_parties for each row
  when (new.accepted_at is not null and old.accepted_at is null) execute function platform.live_only();

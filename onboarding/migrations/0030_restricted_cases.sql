-- +goose Up
-- While the data of a person is restricted no case file of theirs is opened, offered to another body or passes to it. What is read in
-- from an archive, where nobody acts, comes as it was.
-- +goose StatementBegin
create function onboarding.keep_restricted_person() returns trigger language plpgsql security definer set search_path = '' as $body$
begin
  if exists (select from onboarding.restrictions x where x.lifted_at is null and x.tenant_id = new.tenant_id and x.person_id = new.person_id) then
    raise exception 'the data of the person is restricted' using errcode = 'SF418';
  end if;
  return new;
end $body$;
-- +goose StatementEnd
revoke all on function onboarding.keep_restricted_person() from public;
-- +goose StatementBegin
do $body$
begin
  if to_regclass('casefile.cases') is not null then
    create trigger keep_restricted_new before insert on casefile.cases for each row when (current_user in ('staffetta_app', 'staffetta_guest'))
      execute function onboarding.keep_restricted_person();
    create trigger keep_restricted_passage before update on casefile.cases for each row
      when (app.account() is not null and new.transferred_to is not null and old.transferred_to is null) execute function onboarding.keep_restricted_person();
  end if;
  if to_regclass('sharing.shares_details') is not null then
    create trigger keep_restricted_offer before insert on sharing.shares_details for each row
      when (app.account() is not null) execute function onboarding.keep_restricted();
  end if;
end $body$;
-- +goose StatementEnd

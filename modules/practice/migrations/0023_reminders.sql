-- +goose Up
-- The actor's body reminds the other one that the adoption waits for it: a line of the journal that both sides read. Refused where it
-- did so within the last days already, and where the adoption has left the stage that was seen.
-- +goose StatementBegin
create function practice.remind_other(adoption uuid, seen int, author text, quiet int) returns void
  language plpgsql security definer set search_path = '' as $body$
begin
  perform practice.working_side(adoption);
  perform from practice.adoptions a where a.id = remind_other.adoption and a.stage = seen;
  if not found then
    raise exception 'the adoption has moved' using errcode = 'serialization_failure';
  end if;
  if exists (select from practice.adoptions_journal j where j.adoption_id = remind_other.adoption and j.event = 'reminded'
      and j.tenant_id = app.tenant() and j.at > app.now() - make_interval(days => quiet)) then
    raise exception 'the other body was reminded already' using errcode = 'check_violation', constraint = 'reminded';
  end if;
  insert into practice.adoptions_journal (adoption_id, at, stage, event, release, author_name)
    select a.id, app.now(), a.stage, 'reminded', a.release, author from practice.adoptions a where a.id = remind_other.adoption;
  update practice.adoptions a set updated_at = app.now() where a.id = remind_other.adoption;
end $body$;
-- +goose StatementEnd
revoke all on function practice.remind_other(uuid, int, text, int) from public;
grant execute on function practice.remind_other(uuid, int, text, int) to staffetta_app;

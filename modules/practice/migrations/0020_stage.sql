-- +goose Up
-- A run notes itself and its release in the journal, at the stage where the adoption stands by then: it moves no stage.
drop function practice.move_adoption(uuid, int, uuid, text, text, text);
-- +goose StatementBegin
create function practice.move_adoption(adoption uuid, kit uuid, happened text, author text, why text) returns void
  language plpgsql security definer set search_path = '' as $body$
declare
  chosen text;
  reached int;
begin
  select k.release into chosen from commons.kits k join practice.adoptions a on a.practice_id = k.practice_id
    where a.id = adoption and k.id = kit;
  update practice.adoptions a set kit_id = kit, release = chosen, updated_at = app.now(), version = version + 1
    where a.id = adoption and chosen is not null and a.state <> 'ended'
      and exists (select from practice.adoptions_parties p where p.adoption_id = a.id and p.tenant_id = app.tenant() and p.side = 'reusing')
    returning a.stage into reached;
  if not found then
    raise exception 'no such adoption' using errcode = 'no_data_found';
  end if;
  insert into practice.adoptions_journal (adoption_id, stage, event, release, author_name, note)
    values (adoption, reached, happened, chosen, author, why);
end $body$;
-- +goose StatementEnd

-- Tells whether the line is new: the same one again is no event.
drop function practice.note_in_journal(uuid, uuid, text, text);
-- +goose StatementBegin
create function practice.note_in_journal(adoption uuid, note uuid, author text, text text) returns boolean
  language plpgsql security definer set search_path = '' as $body$
begin
  perform practice.working_side(adoption);
  insert into practice.adoptions_journal (adoption_id, stage, event, release, author_name, note, note_id)
    select a.id, a.stage, 'noted', a.release, author, note_in_journal.text, note_in_journal.note from practice.adoptions a where a.id = adoption
    on conflict (adoption_id, note_id) do nothing;
  return found;
end $body$;
-- +goose StatementEnd
revoke all on function practice.note_in_journal(uuid, uuid, text, text) from public;
grant execute on function practice.note_in_journal(uuid, uuid, text, text) to staffetta_app;
revoke all on function practice.move_adoption(uuid, uuid, text, text, text) from public;
grant execute on function practice.move_adoption(uuid, uuid, text, text, text) to staffetta_app;

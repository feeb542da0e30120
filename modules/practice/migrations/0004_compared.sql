-- +goose Up
-- The names in a kit are compared with the registry whoever checks it. Who may not see persons learns one thing of the
-- whole kit, and neither which name it is nor where it stands. Package practice says how often one may ask.
-- +goose StatementBegin
create function practice.some_registered(surnames text[], names text[]) returns boolean
  language plpgsql stable security definer set search_path = '' as $body$
declare
  me int := app.tenant();
begin
  if coalesce(cardinality(surnames), 10001) > 10000 or cardinality(names) is distinct from cardinality(surnames) then
    raise exception 'too many names to compare' using errcode = 'program_limit_exceeded';
  end if;
  return exists (select from unnest(surnames, names) as c (surname, name)
    where exists (select from registry.persons p
      where p.tenant_id = me and p.surname_key = c.surname collate "C" and p.name_key = c.name collate "C"));
end $body$;
-- +goose StatementEnd
revoke all on function practice.some_registered(text[], text[]) from public;
grant execute on function practice.some_registered(text[], text[]) to staffetta_app;
-- Drafts were checked without: they are checked again before they can be published.
update practice.kits set names_compared = false, checked_hash = '' where state = 'draft';

-- +goose Up
-- Since when the data of the person of a case is restricted, null where it is not. Who keeps restrictions replaces this.
-- +goose StatementBegin
create function casefile.restricted_since(file uuid) returns timestamptz
  language plpgsql stable security definer set search_path = '' as $body$
begin
  return null;
end $body$;
-- +goose StatementEnd
revoke all on function casefile.restricted_since(uuid) from public;
grant execute on function casefile.restricted_since(uuid) to staffetta_app, staffetta_guest;

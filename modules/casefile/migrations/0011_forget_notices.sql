-- +goose Up
-- Forgets the notices of the actor's body that nobody needs any more; the terms stand here, so that no caller can shorten them. A
-- notice that was read is kept for a year, in which somebody may still ask when they were told; one that nobody read for two,
-- because it says that nobody was told. What happened stays in the audit. Returns how many were forgotten.
-- +goose StatementBegin
create function casefile.forget_notices() returns int language plpgsql security definer set search_path = '' as $body$
declare
  forgotten int;
begin
  if app.tenant() is null then
    raise exception 'no body' using errcode = 'insufficient_privilege';
  end if;
  delete from casefile.notices n where n.tenant_id = app.tenant()
    and (n.at < app.now() - interval '2 years' or n.seen_at < app.now() - interval '1 year');
  get diagnostics forgotten = row_count;
  return forgotten;
end $body$;
-- +goose StatementEnd
revoke all on function casefile.forget_notices() from public;
grant execute on function casefile.forget_notices() to staffetta_app;

-- +goose Up
-- Which bodies have notices older than their terms, for the platform's job that forgets them: thousands have none.
-- +goose StatementBegin
create function casefile.bodies_with_old_notices() returns setof int language plpgsql stable security definer set search_path = '' as $body$
begin
  if not exists (select from platform.tenants t where t.id = app.tenant() and t.kind = 'platform') then
    raise exception 'only the platform asks all bodies' using errcode = 'insufficient_privilege';
  end if;
  return query select distinct n.tenant_id from casefile.notices n
    where n.at < app.now() - interval '2 years' or n.seen_at < app.now() - interval '1 year' order by 1;
end $body$;
-- +goose StatementEnd
revoke all on function casefile.bodies_with_old_notices() from public;
grant execute on function casefile.bodies_with_old_notices() to staffetta_app;

-- +goose Up
-- Which bodies have something to measure, for the platform's job that asks each: thousands have nothing.
-- +goose StatementBegin
create function practice.measurers() returns setof int language plpgsql stable security definer set search_path = '' as $body$
begin
  if not exists (select from platform.tenants t where t.id = app.tenant() and t.kind = 'platform') then
    raise exception 'only the platform asks all bodies' using errcode = 'insufficient_privilege';
  end if;
  return query select distinct p.tenant_id from practice.adoptions a
    join practice.adoptions_parties p on p.adoption_id = a.id and p.side = 'reusing'
    where a.state <> 'ended' and (exists (select from practice.applications r where r.tenant_id = p.tenant_id and r.adoption_id = a.id)
      or exists (select from practice.adoptions_statements s where s.adoption_id = a.id and s.kind = 'review' and s.replaced_at is null))
    order by 1;
end $body$;
-- +goose StatementEnd
revoke all on function practice.measurers() from public;
grant execute on function practice.measurers() to staffetta_app;

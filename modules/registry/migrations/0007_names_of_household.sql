-- +goose Up
-- The names of a household are shown where the case shows both the household and the identity. That is asked by a
-- function, which costs nothing until it is called: as a part of the policy it was prepared for every reading of a person,
-- of whom the case itself shows the identity nearly always (a fifth of the time of reading a shared case). It reads by
-- the rights of who asks.
-- +goose StatementBegin
create function registry.shows_household(body int, person uuid) returns boolean language plpgsql stable security invoker as $$
begin
  return exists (select 1 from policies.case_subjects s
    where s.tenant_id = body and s.person_id = person and s.section::text = 'household'
      and exists (select 1 from policies.case_grants g
        where g.tenant_id = s.tenant_id and g.case_id = s.case_id and g.section::text = 'identity'));
end $$;
-- +goose StatementEnd
revoke all on function registry.shows_household(int, uuid) from public;
grant execute on function registry.shows_household(int, uuid) to staffetta_guest;
alter policy granted on registry.persons using (
  exists (select 1 from policies.case_subjects s
    where s.tenant_id = persons.tenant_id and s.person_id = persons.id and s.section::text = 'identity')
  or array['household', 'identity'] <@ app.sections() and registry.shows_household(tenant_id, id));

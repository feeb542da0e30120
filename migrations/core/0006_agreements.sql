-- +goose Up
-- A body that suspended an agreement is the only one that may resume it: the other party must not undo a suspension.
alter table policies.agreements add column suspended_by int references platform.tenants (id);

-- +goose StatementBegin
create or replace function policies.change_agreement(agreement uuid, target text) returns void
  language plpgsql security definer set search_path = '' as $body$
begin
  update policies.agreements a set state = target, version = version + 1,
      suspended_by = case when target = 'suspended' then app.tenant() end
    where a.id = agreement
      and exists (select 1 from policies.agreements_parties p where p.agreement_id = agreement and p.tenant_id = app.tenant())
      and (a.state, target) in (('active', 'suspended'), ('suspended', 'active'), ('active', 'ended'), ('suspended', 'ended'), ('proposed', 'ended'))
      and (target <> 'active' or a.suspended_by = app.tenant());
  if not found then
    raise exception 'no such step' using errcode = 'no_data_found';
  end if;
end $body$;
-- +goose StatementEnd

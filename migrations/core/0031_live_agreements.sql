-- +goose Up
-- What each body has signed and lets it read cases of others now, in a table of its own: a policy asks for it at every reading of another body's
-- case, and one row of a body by its key takes a third of what the agreements with their parties took. Triggers keep it,
-- whoever changes an agreement; the clock is asked at reading.
create table policies.live_agreements (
  tenant_id int not null default app.tenant() references platform.tenants (id),
  agreement_id uuid not null references policies.agreements (id),
  valid tstzrange not null,
  primary key (tenant_id, agreement_id) include (valid)
);
create index on policies.live_agreements (agreement_id);
call app.own_table('policies.live_agreements');
revoke insert, update, delete on policies.live_agreements from staffetta_app;
create policy granted on policies.live_agreements for select to staffetta_guest using (tenant_id = (select app.tenant()));
grant select on policies.live_agreements to staffetta_guest;

-- +goose StatementBegin
create function policies.keep_live() returns trigger language plpgsql security definer set search_path = '' as $$
declare
  changed uuid;
begin
  if tg_table_name = 'agreements' then
    changed := new.id;
  else
    changed := coalesce(new.agreement_id, old.agreement_id);
  end if;
  delete from policies.live_agreements l where l.agreement_id = changed;
  insert into policies.live_agreements (tenant_id, agreement_id, valid)
    select p.tenant_id, a.id, a.valid from policies.agreements a join policies.agreements_parties p on p.agreement_id = a.id
    where a.id = changed and a.state = 'active' and a.only_share is null;
  return null;
end $$;
-- +goose StatementEnd
revoke all on function policies.keep_live() from public;
create trigger live after insert or update of state, valid, only_share on policies.agreements
  for each row execute function policies.keep_live();
create trigger live after insert or delete on policies.agreements_parties
  for each row execute function policies.keep_live();
insert into policies.live_agreements (tenant_id, agreement_id, valid)
  select p.tenant_id, a.id, a.valid from policies.agreements a join policies.agreements_parties p on p.agreement_id = a.id
  where a.state = 'active' and a.only_share is null;

-- In plpgsql, which keeps its plan: a function in SQL would be planned at every call. It reads by the rights of who asks.
-- +goose StatementBegin
create or replace function policies.live_agreement_ids() returns uuid[] language plpgsql stable security invoker as $$
begin
  return array(select l.agreement_id from policies.live_agreements l where l.tenant_id = app.tenant() and l.valid @> app.now());
end $$;
-- +goose StatementEnd

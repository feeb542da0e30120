-- +goose Up
-- A body with thousands of shares paid for all of them wherever one was read: each query made the set of its shares anew. The
-- row of a share itself says whose it is, and what belongs to a share follows it.
grant execute on function policies.live_agreement_ids() to staffetta_report;

-- +goose StatementBegin
do $$
declare
  -- Without coalesce the planner takes it for rare, and reads all that a query then sorts instead of the few it wants.
  mine constant text := 'coalesce((select app.tenant()) in (owner_tenant, receiver_tenant), false)';
  follows constant text := 'exists (select 1 from sharing.shares s where s.id = share_id)';
  -- Of the receiver's a share opens its details while it is live and for the actor.
  opened constant text := $policy$exists (select 1 from sharing.shares s where s.id = share_id
    and ((select app.tenant()) = s.owner_tenant
      or s.state = 'active' and s.valid_to > app.now()
        and (s.receiver_account is null or s.receiver_account = (select app.account()))
        and (s.receiver_office is null or s.receiver_office = any ((select app.offices())::int[]))
        and s.agreement_id = any ((select policies.live_agreement_ids())::uuid[])))$policy$;
  one record;
begin
  for one in values ('sharing.shares', mine), ('sharing.shares_parties', follows), ('sharing.emergencies', follows),
      ('sharing.shares_details', opened), ('sharing.shares_amendments', opened) loop
    execute format('alter policy party on %s using (%s) with check (%2$s)', one.column1, one.column2);
    execute format('alter policy seen on %s using (%s)', one.column1, one.column2);
  end loop;
end $$;
-- +goose StatementEnd
drop function sharing.shares_of_tenant(), sharing.opened_shares_of_tenant();

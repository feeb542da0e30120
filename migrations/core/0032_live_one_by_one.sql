-- +goose Up
-- Two changes of an agreement at a time, of its state and of its parties, came each without the other: a party was live under
-- an agreement that had just been suspended. Each waits for the other now; and a party that takes the place of another counts.
-- +goose StatementBegin
create or replace function policies.keep_live() returns trigger language plpgsql security definer set search_path = '' as $$
declare
  changed uuid[];
begin
  if tg_table_name = 'agreements' then
    changed := array[new.id];
  else
    changed := array[old.agreement_id, new.agreement_id];
  end if;
  perform 1 from policies.agreements a where a.id = any (changed) order by a.id for no key update;
  delete from policies.live_agreements l where l.agreement_id = any (changed);
  insert into policies.live_agreements (tenant_id, agreement_id, valid)
    select p.tenant_id, a.id, a.valid from policies.agreements a join policies.agreements_parties p on p.agreement_id = a.id
    where a.id = any (changed) and a.state = 'active' and a.only_share is null;
  return null;
end $$;
-- +goose StatementEnd
drop trigger live on policies.agreements_parties;
create trigger live after insert or delete or update of agreement_id, tenant_id on policies.agreements_parties
  for each row execute function policies.keep_live();

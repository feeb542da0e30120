-- +goose Up
-- What the DNS showed when an address was confirmed stays beside it; who asked for it stands in the audit.
alter table platform.domains drop column asked_name,
  add column shown_name text not null default '' check (length(shown_name) <= 253),
  add column shown_text text not null default '' check (length(shown_text) <= 255),
  add column shown_address inet,
  add column shown_at timestamptz;

-- Nobody writes how an address of the own body stands but this function, which takes what the DNS was found to say. An address is
-- confirmed by the text that shows whose the host is and an address that it shares with the platform; it is suspended only from there. False where it has
-- changed since it was seen, is removed or was suspended by who runs the platform.
drop policy signed on platform.domains;
create policy signed on platform.domains as restrictive for insert to staffetta_app
  with check (asked_by = (select app.account()) and state = 'asked' and blocked = '' and shown_at is null);
drop policy unblocked on platform.domains;
revoke update on platform.domains from staffetta_app;
revoke update (state, changed_at, checked_at, record, lead, misses) on platform.domains from staffetta_app;
-- +goose StatementBegin
create function platform.judge_domain(domain uuid, seen timestamptz, next text, found_record text, found_lead text, days int, text_found text, address_found inet)
  returns boolean language plpgsql security definer set search_path = '' as $body$
declare
  d platform.domains;
begin
  select x.* into d from platform.domains x where x.tenant_id = app.tenant() and x.id = domain and x.changed_at = seen and x.state <> 'removed' and x.blocked = ''
    for update;
  if not found then
    return false;
  end if;
  if next not in (d.state, 'removed') and not (next = 'suspended' and d.state = 'confirmed')
      and not (next = 'confirmed' and found_record = '' and found_lead = '' and address_found is not null
        and text_found is not distinct from 'staffetta-verifica=' || d.token) then
    raise exception 'nothing shows that' using errcode = 'insufficient_privilege';
  end if;
  update platform.domains x set state = next, record = found_record, lead = found_lead, misses = days, checked_at = app.now(),
      changed_at = case when next = d.state then d.changed_at else app.now() end
    where x.tenant_id = d.tenant_id and x.id = d.id;
  if next = 'confirmed' and d.state <> 'confirmed' then
    update platform.domains x set shown_name = '_staffetta.' || d.host, shown_text = text_found, shown_address = address_found, shown_at = app.now()
      where x.tenant_id = d.tenant_id and x.id = d.id;
  end if;
  return true;
end $body$;
-- +goose StatementEnd
revoke all on function platform.judge_domain(uuid, timestamptz, text, text, text, int, text, inet) from public;
grant execute on function platform.judge_domain(uuid, timestamptz, text, text, text, int, text, inet) to staffetta_app;

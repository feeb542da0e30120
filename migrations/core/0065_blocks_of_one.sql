-- +goose Up
-- A blocked host says so by a code of its own; what one body asked for without showing it is not blocked for the body that has it; and a
-- block ends with the last body for which it was made.
-- +goose StatementBegin
create or replace function platform.refuse_blocked() returns trigger
  language plpgsql security definer set search_path = '' as $body$
begin
  if exists (select from platform.blocked_hosts b where b.host = new.host) then
    raise exception 'the host is blocked' using errcode = 'SF425';
  end if;
  return new;
end $body$;

create or replace function platform.block_domain(body int, why text, event jsonb, payload text) returns void
  language plpgsql security definer set search_path = '' as $body$
begin
  perform platform.wants_steward('platform_operator');
  update platform.domains d set state = 'suspended', blocked = why, changed_at = app.now()
    where d.tenant_id = body and d.state <> 'removed' and d.blocked = '' and why <> '';
  if not found then
    raise exception 'no address to suspend' using errcode = 'SF409';
  end if;
  insert into platform.blocked_hosts (host) select d.host from platform.domains d where d.tenant_id = body and d.state <> 'removed'
    and not exists (select from platform.hosts h where h.host = d.host and h.tenant_id <> body) on conflict do nothing;
  perform platform.tell_body(body, event, payload);
end $body$;

-- Lets a host go that is blocked for no body any more.
create function platform.release_host(name text) returns void
  language sql security definer set search_path = '' as $body$
  delete from platform.blocked_hosts b where b.host = name
    and not exists (select from platform.domains d where d.host = name and d.blocked <> '' and d.state <> 'removed') $body$;

create or replace function platform.unblock_domain(body int, why text, event jsonb, payload text) returns void
  language plpgsql security definer set search_path = '' as $body$
declare
  freed text;
begin
  perform platform.wants_steward('platform_operator');
  update platform.domains d set state = 'asked', blocked = '', changed_at = app.now(), checked_at = null, record = '', lead = '', misses = 0
    where d.tenant_id = body and d.state <> 'removed' and d.blocked <> '' returning d.host into freed;
  if not found then
    raise exception 'the address is not suspended' using errcode = 'SF409';
  end if;
  perform platform.release_host(freed);
  perform platform.tell_body(body, event, payload);
end $body$;

create function platform.release_gone() returns trigger
  language plpgsql security definer set search_path = '' as $body$
begin
  perform platform.release_host(old.host);
  return null;
end $body$;
-- +goose StatementEnd
revoke all on function platform.release_host(text), platform.release_gone() from public;
create trigger release_gone after delete on platform.domains for each row when (old.blocked <> '') execute function platform.release_gone();

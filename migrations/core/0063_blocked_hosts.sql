-- +goose Up
-- Who runs the platform blocks a host, not a body: nobody has it until it is let go, whoever asked for it.
create table platform.blocked_hosts (
  host text primary key,
  blocked_at timestamptz not null default app.now()
);
grant select on platform.blocked_hosts to staffetta_backup;
insert into platform.blocked_hosts (host) select d.host from platform.domains d where d.blocked <> '' on conflict do nothing;

-- Since when a host is a body's.
alter table platform.hosts add column since timestamptz not null default app.now();
update platform.hosts h set since = d.changed_at from platform.domains d where d.tenant_id = h.tenant_id and d.host = h.host and d.state = 'confirmed';

-- +goose StatementBegin
-- Refuses a host that is blocked, whoever asks for it or has shown it.
create function platform.refuse_blocked() returns trigger
  language plpgsql security definer set search_path = '' as $body$
begin
  if exists (select from platform.blocked_hosts b where b.host = new.host) then
    raise exception 'the host is blocked' using errcode = 'SF423';
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
  insert into platform.blocked_hosts (host) select d.host from platform.domains d where d.tenant_id = body and d.state <> 'removed' on conflict do nothing;
  perform platform.tell_body(body, event, payload);
end $body$;

create or replace function platform.unblock_domain(body int, why text, event jsonb, payload text) returns void
  language plpgsql security definer set search_path = '' as $body$
begin
  perform platform.wants_steward('platform_operator');
  delete from platform.blocked_hosts b using platform.domains d where d.tenant_id = body and d.state <> 'removed' and d.blocked <> '' and b.host = d.host;
  update platform.domains d set state = 'asked', blocked = '', changed_at = app.now(), checked_at = null, record = '', lead = '', misses = 0
    where d.tenant_id = body and d.state <> 'removed' and d.blocked <> '';
  if not found then
    raise exception 'the address is not suspended' using errcode = 'SF409';
  end if;
  perform platform.tell_body(body, event, payload);
end $body$;
-- +goose StatementEnd
revoke all on function platform.refuse_blocked() from public;
create trigger refuse_blocked before insert on platform.domains for each row execute function platform.refuse_blocked();
create trigger refuse_shown before insert on platform.hosts for each row execute function platform.refuse_blocked();

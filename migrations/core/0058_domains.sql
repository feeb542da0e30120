-- +goose Up
-- A web address of a body's own. The body asks for a host and shows by records in the DNS that it is the body's and leads here; from then
-- on the body's public pages stand there. Many may ask for a host: it is of who has shown it, and of nobody else meanwhile.
create table platform.domains (
  tenant_id int not null default app.tenant() references platform.tenants (id),
  id uuid not null,
  host text not null check (length(host) <= 253 and host ~ '^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$'),
  token text not null check (token ~ '^[A-Z2-7]{26}$'), -- it stands in the public DNS: no secret
  state text not null default 'asked' check (state in ('asked', 'confirmed', 'suspended', 'removed')),
  asked_by uuid not null,
  asked_name text not null check (length(asked_name) between 1 and 120),
  asked_at timestamptz not null default app.now(),
  changed_at timestamptz not null default app.now(), -- when it came into its state
  checked_at timestamptz,
  record text not null default '' check (length(record) <= 20), -- what the last check found of the record that shows whose the host is
  lead text not null default '' check (length(lead) <= 20), -- and of where the host leads
  misses int not null default 0 check (misses >= 0),
  blocked text not null default '' check (length(blocked) <= 1000), -- why who runs the platform suspended it
  primary key (tenant_id, id),
  check (blocked = '' or state in ('suspended', 'removed'))
);
create unique index on platform.domains (tenant_id) where state <> 'removed';
call app.own_table('platform.domains');
create policy signed on platform.domains as restrictive for insert to staffetta_app
  with check (asked_by = (select app.account()) and state = 'asked' and blocked = '');
-- What who runs the platform suspended the body neither takes up again nor swaps for another.
create policy unblocked on platform.domains as restrictive for update to staffetta_app using (blocked = '' and state <> 'removed')
  with check (blocked = '');
revoke update on platform.domains from staffetta_app;
grant update (state, changed_at, checked_at, record, lead, misses) on platform.domains to staffetta_app;

-- Which host is whose: of who has shown it. Every instance keeps it in memory.
create table platform.hosts (
  host text primary key,
  tenant_id int not null unique references platform.tenants (id)
);
grant select on platform.hosts to staffetta_platform, staffetta_backup;
create trigger tell after insert or delete on platform.hosts for each row execute function platform.tell('tenants', 'tenant_id');

-- +goose StatementBegin
-- A host is a body's while its address is confirmed; that another body has it already ends the transaction as a broken key.
create function platform.keep_host() returns trigger
  language plpgsql security definer set search_path = '' as $body$
begin
  if tg_op = 'UPDATE' and old.state = new.state then
    return null;
  end if;
  if tg_op <> 'INSERT' and old.state = 'confirmed' then
    delete from platform.hosts h where h.host = old.host and h.tenant_id = old.tenant_id;
  end if;
  if tg_op <> 'DELETE' and new.state = 'confirmed' then
    insert into platform.hosts (host, tenant_id) values (new.host, new.tenant_id);
  end if;
  return null;
end $body$;

-- Which bodies have an address to look at again, for the job that asks each. What was asked for and never shown is left after a month.
create function platform.bodies_with_domains() returns setof int
  language plpgsql stable security definer set search_path = '' as $body$
begin
  if not exists (select from platform.tenants t where t.id = app.tenant() and t.kind = 'platform') then
    raise exception 'only the platform asks all bodies' using errcode = 'insufficient_privilege';
  end if;
  return query select d.tenant_id from platform.domains d join platform.tenants t on t.id = d.tenant_id
    where t.state in ('entering', 'active') and d.state <> 'removed' and d.blocked = ''
      and (d.state = 'confirmed' or d.changed_at > app.now() - interval '30 days') order by 1;
end $body$;

-- The address of a body, as who runs the platform sees it.
create function platform.find_domain(body int) returns table (host text, state text, blocked text, changed_at timestamptz)
  language plpgsql stable security definer set search_path = '' as $body$
begin
  perform platform.wants_steward('platform_operator', 'platform_reviewer');
  return query select d.host, d.state, d.blocked, d.changed_at from platform.domains d where d.tenant_id = body and d.state <> 'removed';
end $body$;

-- Takes the pages of a body away from its own address, which is not the body's, or lets it be shown anew that it is.
create function platform.block_domain(body int, why text, event jsonb, payload text) returns void
  language plpgsql security definer set search_path = '' as $body$
begin
  perform platform.wants_steward('platform_operator');
  update platform.domains d set state = 'suspended', blocked = why, changed_at = app.now()
    where d.tenant_id = body and d.state <> 'removed' and d.blocked = '' and why <> '';
  if not found then
    raise exception 'no address to suspend' using errcode = 'SF409';
  end if;
  perform platform.tell_body(body, event, payload);
end $body$;

create function platform.unblock_domain(body int, why text, event jsonb, payload text) returns void
  language plpgsql security definer set search_path = '' as $body$
begin
  perform platform.wants_steward('platform_operator');
  update platform.domains d set state = 'asked', blocked = '', changed_at = app.now(), checked_at = null, record = '', lead = '', misses = 0
    where d.tenant_id = body and d.state <> 'removed' and d.blocked <> '';
  if not found then
    raise exception 'the address is not suspended' using errcode = 'SF409';
  end if;
  perform platform.tell_body(body, event, payload);
end $body$;
-- +goose StatementEnd
revoke all on function platform.keep_host(), platform.bodies_with_domains(), platform.find_domain(int),
  platform.block_domain(int, text, jsonb, text), platform.unblock_domain(int, text, jsonb, text) from public;
grant execute on function platform.bodies_with_domains(), platform.find_domain(int), platform.block_domain(int, text, jsonb, text),
  platform.unblock_domain(int, text, jsonb, text) to staffetta_app;
create trigger keep_host after insert or update or delete on platform.domains for each row execute function platform.keep_host();

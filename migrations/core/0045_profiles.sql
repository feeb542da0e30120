-- +goose Up
-- How a body shows itself to whoever opens its pages: every instance keeps it in memory with the body. The crest is a file of the body.
create table platform.profiles (
  tenant_id int primary key references platform.tenants (id),
  version int not null default 1,
  subtitle text not null default '' check (length(subtitle) <= 80),
  theme text not null default '' check (theme in ('', 'verde', 'bordeaux', 'viola', 'petrolio', 'grafite')),
  crest text not null default '' check (crest ~ '^([0-9a-f]{64})?$'),
  address text not null default '' check (length(address) <= 200),
  phone text not null default '' check (length(phone) <= 40),
  email text not null default '' check (length(email) <= 254),
  website text not null default '' check (length(website) <= 200 and website ~ '^(https://.*)?$'),
  accessibility text not null default '' check (length(accessibility) <= 200 and accessibility ~ '^(https://.*)?$'),
  changed_at timestamptz not null default app.now()
);
grant select, insert, update on platform.profiles to staffetta_platform;
grant select on platform.profiles to staffetta_backup;
create trigger tell after insert or update on platform.profiles for each row execute function platform.tell('tenants', 'tenant_id');

-- Keeps how the actor's own body shows itself, where nobody else has changed it since; false where somebody has.
-- +goose StatementBegin
create function platform.save_profile(profile text) returns boolean
  language plpgsql security definer set search_path = '' as $body$
declare
  me int := app.tenant();
  p platform.profiles := jsonb_populate_record(null::platform.profiles, profile::jsonb);
  seen int := p.version;
begin
  if me is null or app.account() is null then
    raise exception 'nobody is signed in' using errcode = 'insufficient_privilege';
  end if;
  insert into platform.profiles as o (tenant_id, subtitle, theme, crest, address, phone, email, website, accessibility)
    select me, p.subtitle, p.theme, p.crest, p.address, p.phone, p.email, p.website, p.accessibility where seen = 0
    on conflict (tenant_id) do nothing;
  if found then
    return true;
  end if;
  update platform.profiles o set version = o.version + 1, changed_at = app.now(), subtitle = p.subtitle, theme = p.theme, crest = p.crest,
    address = p.address, phone = p.phone, email = p.email, website = p.website, accessibility = p.accessibility
    where o.tenant_id = me and o.version = seen and seen > 0;
  return found;
end $body$;
-- +goose StatementEnd
revoke all on function platform.save_profile(text) from public;
grant execute on function platform.save_profile(text) to staffetta_app;

-- +goose Up
-- The platform is itself a body, where newcomers and its own staff sign in.
insert into platform.tenants (slug, name, kind, state, activated_at)
  values ('piattaforma', 'Staffetta', 'platform', 'active', now()) on conflict do nothing;

-- +goose Up
-- A version that came with a case of another body belongs to no item here: it is read by what pins it, and by nothing else.
alter table kit.item_versions alter column item_id drop not null, add column origin_tenant int references platform.tenants (id),
  add constraint origin check ((item_id is null) = (origin_tenant is not null));
call app.handover_table('kit.item_versions', 't.id = any ($4)',
  sets => '{"item_id": "null::uuid", "origin_tenant": "coalesce(t.origin_tenant, $1)"}');
